"""What somebody typed when their sign-in went is given back to them, and to nobody else."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from candour.kernel.clock import now
from candour.members import jobs, kept
from candour.members.models import KeptPost
from candour.people.models import Grant
from candour.people.tests import factories

pytestmark = pytest.mark.django_db
TYPED = "The health visitor had seen the bruise on 3 March"


@pytest.fixture
def w():
    return factories.world()


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})


def open_form(browser: Client) -> dict[str, str]:
    """Open a page with a form, as it stands in somebody's browser; gives the form's fields."""
    page = browser.get("/people/agencies/new/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    return {"csrfmiddlewaretoken": token, "name": TYPED, "services": "One\nTwo", "kind": "gp", "password": "x"}


def lose_session(browser: Client) -> None:
    del browser.cookies["sessionid"]


def test_what_was_typed_is_given_back_after_signing_in(w, browser: Client) -> None:
    factories.sign_in(browser, w.coordinator)
    fields = open_form(browser)
    lose_session(browser)
    response = browser.post("/people/agencies/new/", fields)
    assert response.headers["Location"] == f"/account/login/?next={reverse('members:kept')}"
    row = KeptPost.objects.get()
    assert TYPED.encode() not in bytes(row.sealed)
    factories.sign_in(browser, w.coordinator)
    page = browser.get("/account/kept/").content.decode()
    assert TYPED in page
    assert 'action="/people/agencies/new/"' in page
    assert 'name="password"' not in page
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    again = {**fields, "csrfmiddlewaretoken": token, kept.FIELD: row.pk}
    assert (
        browser.post("/people/agencies/new/?in=northmere", {**again, "name": "", kept.FIELD: "\0"}).status_code == 200
    )
    assert browser.post("/people/agencies/new/", again).status_code == 302
    assert w.partnership.agencies.filter(name=TYPED).exists()
    assert not KeptPost.objects.exists()


def test_the_address_is_kept_with_what_it_asks_for(w, browser: Client) -> None:
    factories.sign_in(browser, w.coordinator)
    fields = open_form(browser)
    lose_session(browser)
    browser.post("/people/agencies/new/?in=northmere", fields)
    factories.sign_in(browser, w.coordinator)
    assert 'action="/people/agencies/new/?in=northmere"' in browser.get("/account/kept/").content.decode()
    lose_session(browser)
    browser.post(f"/people/agencies/new/?in={'x' * 500}", fields)
    assert KeptPost.objects.count() == 1


def test_somebody_else_at_the_same_browser_does_not_see_it(w, browser: Client) -> None:
    factories.sign_in(browser, w.coordinator)
    fields = open_form(browser)
    lose_session(browser)
    browser.post("/people/agencies/new/", fields)
    factories.sign_in(browser, w.chair)
    assert TYPED not in browser.get("/account/kept/").content.decode()
    pk = KeptPost.objects.get().pk
    factories.sign_in(browser, w.coordinator)
    assert TYPED in browser.get("/account/kept/").content.decode()
    factories.sign_in(browser, w.chair)
    browser.post(f"/account/kept/{pk}/forget/", {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value})
    assert KeptPost.objects.exists()


def test_another_browser_cannot_open_it(w, browser: Client) -> None:
    factories.sign_in(browser, w.coordinator)
    fields = open_form(browser)
    lose_session(browser)
    browser.post("/people/agencies/new/", fields)
    other = factories.sign_in(Client(), w.coordinator)
    assert TYPED not in other.get("/account/kept/").content.decode()


def test_a_stale_token_keeps_it_for_the_one_who_typed_it(w, browser: Client) -> None:
    factories.sign_in(browser, w.coordinator)
    fields = open_form(browser)
    del browser.cookies["csrftoken"]
    lose_session(browser)
    factories.sign_in(browser, w.chair)
    browser.get("/account/kept/")
    response = browser.post("/people/agencies/new/", fields)
    assert response.status_code == 403
    assert "What you typed is safe" in response.content.decode()
    assert KeptPost.objects.get().user == w.coordinator
    assert TYPED not in browser.get("/account/kept/").content.decode()


def test_a_page_of_somebody_else_cannot_plant_words(w, browser: Client) -> None:
    factories.sign_in(browser, w.coordinator)
    fields = open_form(browser)
    forged = browser.post("/people/agencies/new/", {"name": TYPED}, headers={"origin": "https://evil.example"})
    assert forged.status_code == 403
    assert TYPED in forged.content.decode()
    browser.post("/people/agencies/new/", {**fields, "csrfmiddlewaretoken": "a" * 64})
    lose_session(browser)
    browser.post("/people/agencies/new/", fields, headers={"origin": "https://evil.example"})
    assert not KeptPost.objects.exists()


def test_a_stranger_and_a_sign_in_page_leave_nothing(w, browser: Client) -> None:
    browser.get("/account/login/")
    token = browser.cookies["csrftoken"].value
    browser.post("/people/agencies/new/", {"csrfmiddlewaretoken": token, "name": TYPED})
    factories.sign_in(browser, w.coordinator)
    fields = open_form(browser)
    lose_session(browser)
    browser.post("/account/login/", {**fields, "login": "x@example.org"})
    browser.post("/people/agencies/new/", {**fields, "name": "x" * kept.MOST})
    assert not KeptPost.objects.exists()


def test_a_second_step_still_owed_keeps_it_too(w, browser: Client) -> None:
    factories.sign_in(browser, w.coordinator)
    fields = open_form(browser)
    session = browser.session
    del session["second_factor"]
    session.save()
    assert browser.post("/people/agencies/new/", fields).headers["Location"] == "/account/second-factor/"
    assert KeptPost.objects.get().user == w.coordinator
    assert browser.session["after_second_factor"] == "/account/kept/"


def test_a_session_that_lay_idle_keeps_it(w, browser: Client) -> None:
    with time_machine.travel(factories.AT) as clock:
        factories.sign_in(browser, w.coordinator)
        session = browser.session
        del session["used"]
        session.save()
        fields = open_form(browser)
        clock.shift(timedelta(hours=3))
        assert browser.post("/people/agencies/new/", fields).headers["Location"].endswith("?next=/account/kept/")
    assert KeptPost.objects.get().user == w.coordinator


def test_after_a_week_it_is_gone(w, browser: Client) -> None:
    factories.sign_in(browser, w.coordinator)
    fields = open_form(browser)
    lose_session(browser)
    browser.post("/people/agencies/new/", fields)
    with time_machine.travel(now() + timedelta(days=8)):
        jobs.forget_kept_posts(now())
    assert not KeptPost.objects.exists()


def test_a_forged_memory_opens_nothing(w, browser: Client) -> None:
    browser.cookies[kept.COOKIE] = json.dumps({"key": "x", "people": {}})
    factories.sign_in(browser, w.coordinator)
    assert browser.get("/account/kept/").status_code == 200


@pytest.mark.parametrize("status", [403, 404])
def test_a_page_that_is_open_to_its_writer_no_more_gives_the_words_back(w, browser, status):
    factories.sign_in(browser, w.coordinator)
    fields = open_form(browser)
    path = "/people/agencies/new/" if status == 403 else f"/people/{'0' * 16}/away/"
    if status == 403:
        Grant.objects.filter(user=w.coordinator).update(withdrawn_at=factories.AT, withdrawn_by=w.coordinator)
    answer = browser.post(path, fields)
    page = answer.content.decode()
    assert answer.status_code == status
    assert "What you had typed" in page
    assert TYPED in page
    assert "What you had typed" not in browser.get(path).content.decode()


def test_an_address_that_is_none_gives_no_words_back(w, browser):
    factories.sign_in(browser, w.coordinator)
    page = browser.post("/no-such-page/", {"name": TYPED}).content.decode()
    assert TYPED not in page
