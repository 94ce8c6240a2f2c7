"""The page on which a service answers, and its list: masked, opened, corrected, and what is wrong in it."""

import pytest

from candour.identity.models import Reveal
from candour.involvement import queries
from candour.involvement.models import Involvement, Known
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import ask_of
from candour.involvement.tests.test_pages import canaries_in, get, that_morning, where  # noqa: F401
from candour.people.tests.factories import sign_in, world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("key", "contact"), [("police", "contact_police"), ("gp", "contact_gp")])
def test_the_list_is_masked_until_opened_and_after(client, key, contact):
    w = world()
    audit = stage.asked(w, 2)
    ask = ask_of(audit, getattr(w, key))
    sign_in(client, getattr(w, contact))
    page = client.get(where("answer", ask))
    assert canaries_in(page) == []
    assert "Date of birth" in page.content.decode()
    opened = client.post(where("open", ask), {"purpose": "match"})
    assert "Zebedee" in canaries_in(opened)
    assert ("999 000 0018" in canaries_in(opened)) == (key == "gp")
    assert ("Ottoline" in canaries_in(opened)) == (key == "police")
    assert "R201100018042" not in canaries_in(opened)
    assert "no-store" in opened.headers["Cache-Control"]
    assert Reveal.objects.filter(purpose="match", by=getattr(w, contact)).count() == 2
    assert canaries_in(client.get(where("answer", ask))) == []
    assert canaries_in(client.get(where("open", ask), follow=True)) == []


def test_opening_the_list_keeps_what_was_typed(client):
    w = world()
    audit = stage.asked(w, 2)
    ask, case = ask_of(audit, w.acute), queries.cases_of(audit).first()
    sign_in(client, w.contact_acute)
    typed = {f"{case.pk}-answer": "known", f"{case.pk}-team": "Ward 5", f"{case.pk}-first_contact_day": "31"}
    page = client.post(where("open", ask), typed | {"purpose": "match"}).content.decode()
    assert 'value="Ward 5"' in page
    assert 'value="31"' in page
    assert 'value="known"' in page.split("checked")[0][-200:]
    assert "There is a problem" not in page
    assert not Involvement.objects.exists()


def test_one_wrong_row_keeps_none_and_loses_nothing(client):
    w = world()
    audit = stage.asked(w, 3)
    ask = ask_of(audit, w.acute)
    one, two, _ = queries.cases_of(audit)
    sign_in(client, w.contact_acute)
    rows = {
        f"{one.pk}-answer": "known",
        f"{one.pk}-team": "Ward 5",
        f"{two.pk}-answer": "known",
        f"{two.pk}-first_contact_day": "2",
        f"{two.pk}-first_contact_month": "13",
        f"{two.pk}-first_contact_year": "2026",
    }
    page = client.post(where("answer", ask), rows).content.decode()
    assert "Case 2: Enter a real date" in page
    assert "Case 1:" not in page.split("There is a problem")[1].split("</ul>")[0]
    assert 'value="Ward 5"' in page
    assert 'value="13"' in page
    assert not Involvement.objects.exists()
    rows[f"{two.pk}-first_contact_month"] = "3"
    page = client.post(where("answer", ask), rows, follow=True).content.decode()
    assert "<strong>2 of 3</strong>" in page
    assert Involvement.objects.filter(team="Ward 5", answer=Known.KNOWN).count() == 1


def test_a_row_overtaken_by_a_colleague_is_named_and_kept(client):
    w = world()
    audit = stage.asked(w, 1)
    ask, case = ask_of(audit, w.acute), queries.cases_of(audit).get()
    stage.known(w, audit, w.acute, w.contact_acute, team="Ward 5")
    sign_in(client, w.contact_acute)
    stale = {f"{case.pk}-answer": "not-known", f"{case.pk}-version": "0", f"{case.pk}-note": "Nothing found."}
    page = client.post(where("answer", ask), stale).content.decode()
    assert "Case 1: This was answered meanwhile by Contact Acute" in page
    assert "Nothing found." in page
    assert f'name="{case.pk}-version" value="1"' in page
    assert client.post(where("answer", ask), stale | {f"{case.pk}-version": "1"}).status_code == 302
    assert Involvement.objects.get().version == 2


def test_a_look_at_the_rest_without_an_answer_speaks_of_no_change(client):
    w = world()
    ask = ask_of(stage.asked(w, 2), w.police)
    sign_in(client, w.contact_police)
    page = client.post(where("answer", ask), {"rest": "1"}, follow=True).text
    assert "for 2 cases?" in page
    assert "Nothing has changed" not in page
    page = client.post(where("answer", ask), {"save": "1"}, follow=True).text
    assert "For your information" in page
    assert "Nothing has changed." in page


def test_not_known_for_the_rest_after_a_look(client):
    w = world()
    audit = stage.asked(w, 3)
    ask, one = ask_of(audit, w.gp), queries.cases_of(audit).first()
    sign_in(client, w.contact_gp)
    page = client.post(where("answer", ask), {f"{one.pk}-answer": "known", "rest": "1"}, follow=True)
    assert "Case 2, Case 3" in page.content.decode()
    assert Involvement.objects.count() == 1
    page = client.post(where("rest", ask), follow=True).content.decode()
    assert "there is an answer for every child" in page
    assert Involvement.objects.filter(answer=Known.NOT_KNOWN).count() == 2
    assert "There is an answer for every child" in get(client, "rest", ask)
