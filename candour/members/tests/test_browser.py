"""Signing in, in a browser: a passkey, an app, no JavaScript; and axe on each page."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache

from candour.kernel.clock import now
from candour.members import actions
from candour.notices.models import Message
from candour.people.models import Role, User
from candour.people.tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "purple bicycle harbour"


@pytest.fixture
def person() -> User:
    cache.clear()
    made = factories.world().coordinator
    made.set_password(PASSWORD)
    made.save()
    EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=True)
    return made


def sign_in(page, person: User) -> None:
    page.goto("/account/login/?next=/people/")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def code_for(secret: str) -> str:
    return f"{hotp_value(secret, list(yield_hotp_counters_from_time())[1]):06d}"


def test_a_passkey_is_set_up_and_signs_in(page, person: User, accessible) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, person)
    accessible(page)
    page.get_by_role("button", name="Add a passkey").click()
    accessible(page)
    page.get_by_label("A name for this passkey").fill("Work laptop")
    page.get_by_label("Let me sign in with this passkey alone").check()
    page.get_by_role("button", name="Add this passkey").click()
    page.wait_for_url("**/account/2fa/recovery-codes/")
    accessible(page)
    page.get_by_role("button", name="I have kept them").click()
    page.wait_for_url("**/people/")
    accessible(page)
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"\d/$"))
    page.goto("/account/2fa/webauthn/")
    assert page.get_by_text("Work laptop").first.is_visible()
    accessible(page)


def test_an_invitation_is_taken_up_without_javascript(page_without_script, person: User) -> None:
    page = page_without_script
    w = person.grants.get().partnership
    actions.invite(partnership=w, email="nell@example.org", name="Nell Ashby", role=Role.CHAIR, by=person, at=now())
    page.goto(re.search(r"/invitation/\S+", Message.objects.get().body)[0])
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Accept and go on").click()
    page.get_by_role("button", name="Set up an app").click()
    page.get_by_text("I cannot scan it").click()
    secret = page.locator("details .cd-mono").text_content()
    page.get_by_label("Code that the app shows").fill(code_for(secret))
    page.get_by_role("button", name="Set up").click()
    assert page.locator(".cd-codes li").count() == 10
    page.get_by_role("button", name="I have kept them").click()
    page.goto("/account/")
    assert page.get_by_text("Chair of Northmere").is_visible()


def test_what_was_typed_is_given_back(page, person: User, accessible) -> None:
    sign_in(page, person)
    page.goto("/account/2fa/totp/activate/")
    page.get_by_text("I cannot scan it").click()
    secret = page.locator("details .cd-mono").text_content()
    page.get_by_label("Code that the app shows").fill(code_for(secret))
    page.get_by_role("button", name="Set up").click()
    page.goto("/people/agencies/new/")
    accessible(page)
    page.get_by_label("Name of the agency").fill("Mere Housing Trust")
    page.get_by_label("Services or teams").fill("Homelessness")
    context = page.context
    kept = [cookie for cookie in context.cookies() if cookie["name"] != "sessionid"]
    context.clear_cookies()
    context.add_cookies(kept)
    page.get_by_role("button", name="Add the agency").click()
    page.wait_for_url("**/account/login/?next=/account/kept/")
    cache.clear()
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    accessible(page)
    page.get_by_label("Code from your authenticator app").fill(code_for(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert page.get_by_text("Mere Housing Trust").is_visible()
    accessible(page)
    page.get_by_role("button", name="Send it now").click()
    assert page.get_by_text("The agency has been added.").is_visible()


@pytest.mark.parametrize(
    "path",
    ["/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/account/signup/",
     "/invitation/nonsense/", "/account/inactive/"],
)  # fmt: skip
def test_pages_before_signing_in(page, person: User, accessible, path: str) -> None:
    page.goto(path)
    accessible(page)


def test_pages_of_people_and_messages(page, person: User, accessible, live_server, client) -> None:
    factories.sign_in(client, person)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    w = person.grants.get().partnership
    actions.invite(partnership=w, email="nell@example.org", name="Nell Ashby", role=Role.CHAIR, by=person, at=now())
    agency = w.agencies.first()
    for path in ("/people/", "/people/invite/", f"/people/{person.pk}/", f"/people/{person.pk}/away/", "/account/away/",
                 f"/people/agencies/{agency.pk}/",
                 f"/people/agencies/{agency.pk}/end/", f"/people/roles/{person.grants.get().pk}/end/", "/messages/",
                 f"/messages/{Message.objects.get().pk}/", "/account/", "/account/2fa/", "/account/sessions/",
                 "/account/kept/", "/account/password/change/", "/account/email/"):  # fmt: skip
        page.goto(path)
        accessible(page)
