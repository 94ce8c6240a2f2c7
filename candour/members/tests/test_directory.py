"""An organisation's own sign-in lets invited people in, and its word on a second factor counts only where it may."""

from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory

from candour.members import second_factor
from candour.members.adapter import DirectoryAdapter
from candour.people.tests import factories

pytestmark = pytest.mark.django_db
APP = {
    "provider_id": "directory",
    "name": "Northmere Council",
    "client_id": "x",
    "secret": "y",
    "settings": {"server_url": "https://login.example.org/.well-known/openid-configuration"},
}


def arrive(said: dict[str, Any]) -> bool:
    """Whether somebody who comes in from the directory with these claims need show nothing more."""
    person = factories.world().chair
    request = RequestFactory().get("/")
    request.user, request.session = person, SessionStore()
    sociallogin = SimpleNamespace(account=SimpleNamespace(extra_data=said))
    user_logged_in.send(sender=type(person), request=request, user=person, sociallogin=sociallogin)
    return second_factor.has_shown(request)


@pytest.mark.parametrize(
    ("trusted", "said", "enough"),
    [
        (True, {"amr": ["pwd", "mfa"]}, True),
        (True, {"id_token": {"amr": ["pwd", "otp"]}}, True),
        (True, {"userinfo": {"amr": ["pwd"]}}, False),
        (True, {}, False),
        (False, {"amr": ["pwd", "mfa"]}, False),
    ],
)
def test_its_word_counts_where_it_says_so_and_may(settings, trusted: bool, said: dict[str, Any], enough: bool) -> None:
    settings.OIDC_SECOND_FACTOR = trusted
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    assert arrive(said) is enough


def test_it_brings_in_nobody_new() -> None:
    assert DirectoryAdapter().is_open_for_signup(RequestFactory().get("/"), None) is False


def test_the_sign_in_page_offers_it_where_there_is_one(client: Client, settings) -> None:
    assert "Northmere Council" not in client.get("/account/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [APP]}}
    page = client.get("/account/login/").content.decode()
    assert "Sign in with Northmere Council" in page
    assert "/account/oidc/directory/login/" in page
