"""Nobody gets in by a password alone, nobody is told who else has an account, and guessing runs into a wall."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from candour.kernel.clock import now
from candour.members import actions
from candour.notices.models import Message
from candour.people.models import User
from candour.people.tests import factories
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD = "purple bicycle harbour"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()
    yield
    cache.clear()


def with_password(person: User) -> User:
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    return person


def with_app(person: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def code_for(secret: str) -> str:
    counter = list(yield_hotp_counters_from_time())[1]
    return f"{hotp_value(secret, counter):06d}"


def sign_in(client: Client, person: User, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/account/login/", {"login": person.email, "password": password, **more})


@pytest.fixture
def coordinator() -> User:
    return with_password(factories.world().coordinator)


def test_with_a_password_alone_only_the_second_step_opens(client: Client, coordinator: User) -> None:
    assert sign_in(client, coordinator).status_code == 302
    for url in ("/people/", "/messages/", "/account/", "/account/password/change/", "/account/email/", "/account/2fa/"):
        response = client.get(url)
        assert (response.status_code, response.headers["Location"]) == (302, "/account/second-factor/"), url
    page = client.get("/account/second-factor/").content.decode()
    assert "Protect your account" in page
    assert client.get("/account/2fa/totp/activate/").status_code == 200
    assert client.post("/account/logout/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_rest(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator, next="/people/")
    client.get("/people/")
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    response = client.post("/account/2fa/totp/activate/", {"code": code_for(secret)})
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(response.headers["Location"]).content.decode()
    assert len(re.findall(r'<li class="cd-mono">\d+</li>', codes)) == 10
    assert client.get("/account/second-factor/").headers["Location"] == "/people/"
    assert client.get("/people/").status_code == 200
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    assert {"signed in", "second factor added"} <= set(Entry.objects.values_list("verb", flat=True))


def test_the_second_step_is_asked_for_at_every_sign_in(client: Client, coordinator: User) -> None:
    secret = with_app(coordinator)
    assert sign_in(client, coordinator).headers["Location"] == "/account/2fa/authenticate/"
    assert client.get("/people/").headers["Location"].startswith("/account/login/")
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.post("/account/2fa/authenticate/", {"code": code_for(secret)}).status_code == 302
    assert client.get("/people/").status_code == 200


def test_a_code_works_once(client: Client, coordinator: User) -> None:
    code = code_for(with_app(coordinator))
    sign_in(client, coordinator)
    client.post("/account/2fa/authenticate/", {"code": code})
    other = Client()
    sign_in(other, coordinator)
    assert "Incorrect code" in other.post("/account/2fa/authenticate/", {"code": code}).content.decode()


def test_a_session_from_before_the_second_step_must_show_it_too(client: Client, coordinator: User) -> None:
    client.force_login(coordinator)
    with_app(coordinator)
    assert client.get("/people/").headers["Location"] == "/account/second-factor/"
    assert "Enter a code from your app" in client.get("/account/second-factor/").content.decode()
    assert client.get("/account/2fa/recovery-codes/").headers["Location"] == "/account/second-factor/"


def test_the_last_second_step_cannot_be_removed(client: Client, coordinator: User) -> None:
    secret = with_app(coordinator)
    sign_in(client, coordinator)
    client.post("/account/2fa/authenticate/", {"code": code_for(secret)})
    page = client.post("/account/2fa/totp/deactivate/").content.decode()
    assert "only second step" in page
    assert Authenticator.objects.filter(user=coordinator, type="totp").exists()


def test_a_new_password_does_not_replace_the_second_step(client: Client, coordinator: User) -> None:
    with_app(coordinator)
    elsewhere = Client()
    elsewhere.force_login(coordinator)
    client.post("/account/password/reset/", {"email": coordinator.email})
    message = Message.objects.get(to_address=coordinator.email)
    assert message.private
    link = re.search(r"https?://[^/]+(/account/password/reset/key/\S+)", message.body)[1]
    page = client.get(link, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": "another long secret", "password2": "another long secret"})
    assert "_auth_user_id" not in client.session
    assert sign_in(client, coordinator, "another long secret").headers["Location"] == "/account/2fa/authenticate/"
    assert client.get("/people/").status_code == 302
    assert elsewhere.get("/account/").status_code == 302
    assert Entry.objects.filter(verb="password reset").exists()


def test_nobody_learns_whether_an_address_has_an_account(client: Client, coordinator: User) -> None:
    def words(response: Any, address: str) -> str:
        return re.sub(r'value="[^"]*"', "", response.content.decode().replace(address, "ADDRESS"))

    wrong = words(sign_in(client, coordinator, "not it at all"), coordinator.email)
    nobody = client.post("/account/login/", {"login": "nobody@example.org", "password": "not it at all"})
    assert words(nobody, "nobody@example.org") == wrong
    known = client.post("/account/password/reset/", {"email": coordinator.email}, follow=True)
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert words(known, coordinator.email) == words(unknown, "nobody@example.org")
    assert set(Message.objects.values_list("to_address", flat=True)) == {coordinator.email, "nobody@example.org"}


def test_guessing_a_password_runs_into_a_wall(client: Client, coordinator: User) -> None:
    for _ in range(5):
        sign_in(client, coordinator, "not it at all")
    assert "Too many" in sign_in(client, coordinator).content.decode()


def test_guessing_a_code_runs_into_a_wall(client: Client, coordinator: User) -> None:
    secret = with_app(coordinator)
    sign_in(client, coordinator)
    for _ in range(5):
        client.post("/account/2fa/authenticate/", {"code": "123456"})
    assert "Too many" in client.post("/account/2fa/authenticate/", {"code": code_for(secret)}).content.decode()


def test_a_signed_in_page_is_not_kept_by_the_browser(client: Client) -> None:
    factories.sign_in(client, factories.world().coordinator)
    assert client.get("/people/").headers["Cache-Control"] == "no-store"
    assert "no-store" in Client().get("/account/login/").headers["Cache-Control"]


def test_nobody_signs_up(client: Client) -> None:
    response = client.post("/account/signup/", {"email": "new@example.org", "password1": PASSWORD})
    assert "by invitation" in response.content.decode()
    assert not User.objects.exists()


def test_a_withdrawn_role_counts_no_more_from_the_next_request(client: Client) -> None:
    w = factories.world()
    other = factories.user("second coordinator")
    factories.grant(other, "coordinator", partnership=w.partnership)
    factories.sign_in(client, w.coordinator)
    session = UserSession.objects.create(user=w.coordinator, session_key=client.session.session_key, ip="127.0.0.1")
    assert client.get("/people/").status_code == 200
    grant = w.coordinator.grants.get()
    actions.withdraw_role(grant=grant, partnership=w.partnership, by=other, at=now())
    assert client.get("/people/").headers["Location"].startswith("/account/login/")
    assert not UserSession.objects.filter(pk=session.pk).exists()


def test_a_role_counts_to_the_end_of_its_last_day(client: Client) -> None:
    w = factories.world()
    day = factories.AT.date()
    w.coordinator.grants.update(ends_on=day)
    with time_machine.travel(factories.AT.replace(hour=23, minute=50)) as clock:
        factories.sign_in(client, w.coordinator)
        assert client.get("/people/").status_code == 200
        clock.shift(timedelta(minutes=20))
        assert client.get("/people/").status_code == 403
        assert client.get("/account/").status_code == 200


def begin_now(client: Client, person: User) -> None:
    factories.sign_in(client, person)
    session = client.session
    del session["used"]
    session.save()
    client.get("/people/")


def test_a_session_that_nobody_uses_ends(client: Client) -> None:
    w = factories.world()
    with time_machine.travel(factories.AT) as clock:
        begin_now(client, w.coordinator)
        for _ in range(4):
            clock.shift(timedelta(minutes=100))
            assert client.get("/people/").status_code == 200
        clock.shift(timedelta(minutes=121))
        assert client.get("/people/").headers["Location"] == "/account/login/?next=/people/"
        assert client.get("/people/").status_code == 302


def test_the_sign_in_page_asks_the_database_nothing(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/account/login/").status_code == 200


class Persona:
    def __init__(self, email: str) -> None:
        self.email, self.says = email, "Sets audits up"


PERSONAS: list[Persona] = []


@pytest.fixture
def demonstration(settings, monkeypatch):
    settings.MODE = "demo"
    settings.CANDOUR_PERSONAS = f"{__name__}.PERSONAS"
    w = factories.world()
    monkeypatch.setattr(f"{__name__}.PERSONAS", [Persona(w.coordinator.email)])
    return w


def test_the_demonstration_lists_its_people_one_click_each(client: Client, demonstration) -> None:
    page = client.get("/account/login/?next=/people/").content.decode()
    assert demonstration.coordinator.name in page
    assert demonstration.chair.name not in page
    email = {"email": demonstration.coordinator.email, "next": "/people/"}
    assert client.post("/account/demonstration/", email).headers["Location"] == "/people/"
    assert client.get("/people/").status_code == 200
    assert Entry.objects.filter(verb="signed in").exists()


def test_the_demonstration_lets_in_nobody_else(client: Client, demonstration) -> None:
    for email in (demonstration.chair.email, "\0", ""):
        assert client.post("/account/demonstration/", {"email": email})["Location"] == "/account/login/"
        assert "_auth_user_id" not in client.session


def test_there_is_no_such_way_in_production(client: Client, demonstration, settings) -> None:
    settings.MODE = "production"
    assert client.post("/account/demonstration/", {"email": demonstration.coordinator.email}).status_code == 404
    assert demonstration.coordinator.name not in client.get("/account/login/").content.decode()
    assert "members.E001" in {error.id for error in run_checks()}


def test_every_page_of_an_account_is_there(client: Client, coordinator: User) -> None:
    factories.sign_in(client, coordinator)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": now().timestamp()}]
    session["account_authentication_methods_user"] = coordinator.pk
    session.save()
    with_app(coordinator)
    names = ["password/change/", "email/", "2fa/", "2fa/totp/deactivate/", "2fa/webauthn/", "2fa/webauthn/add/",
             "2fa/recovery-codes/generate/", "sessions/", "logout/", "reauthenticate/", "2fa/reauthenticate/",
             "3rdparty/", "inactive/", ""]  # fmt: skip
    for name in names:
        response = client.get(f"/account/{name}")
        assert response.status_code == 200, name
        assert 'class="govuk-heading-l"' in response.content.decode(), name
        assert "127.0.0.1:8000" not in response.content.decode(), name
