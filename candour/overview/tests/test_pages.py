"""The pages of the overview, for each role."""

import base64
import json
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candour.appraisal.tests.factories import audit as released_to_write
from candour.appraisal.tests.factories import submitted
from candour.focus.tests.factories import planned, under_way
from candour.involvement.tests.factories import asked as services_asked
from candour.kernel.clock import now
from candour.overview import audits
from candour.overview.queries import ties
from candour.people.models import Role, User
from candour.people.tests.factories import grant, other_world, partnership, sign_in, user, world
from candour.trail import checkpoints
from candour.trail.models import Chain
from candour.trail.verify import read_note, verify

pytestmark = pytest.mark.django_db


def opened(client, user, url):
    return sign_in(client, user).get(url)


def test_the_work_list_leads_with_the_partnership_and_the_role(client):
    w = world()
    page = opened(client, w.coordinator, "/").content.decode()
    assert "What needs you now" in page
    assert "Northmere Safeguarding Children Partnership" in page
    assert "Northmere, coordinator" in page


def test_the_work_list_names_partnerships_where_there_are_two(client):
    w = world()
    planned(w)
    page = opened(client, w.coordinator, "/").content.decode()
    assert "decided on. · Northmere" not in page
    grant(w.coordinator, Role.COORDINATOR, partnership=partnership("Southmere"))
    page = opened(client, w.coordinator, "/").content.decode()
    assert "decided on. · Northmere" in page
    assert "Northmere and Southmere" in page


def test_the_bar_says_where_somebody_works_and_what_they_do_there():
    w = world()
    assert ties(w.auditor_hv).roles == "Mere Community Trust, auditor"
    grant(w.auditor_hv, Role.OWNER, agency=w.health_visiting.agency)
    assert ties(again(w.auditor_hv)).roles == "Mere Community Trust"
    grant(w.auditor_hv, Role.CHAIR, partnership=w.partnership, starts_on=date(2026, 2, 1))
    assert ties(again(w.auditor_hv)).roles == "Mere Community Trust and 1 more"
    assert ties(user("nobody")).roles == ""


def again(person):
    return User.objects.get(pk=person.pk)


@pytest.mark.parametrize(
    ("who", "there", "absent"),
    [
        ("coordinator", {"Audits", "People and agencies", "Trail", "Messages"}, {"Your returns"}),
        ("auditor_hv", {"Audits", "Your returns"}, {"People and agencies", "Trail", "Messages"}),
        ("contact_police", {"Audits", "Your returns", "People and agencies"}, {"Trail"}),
        ("scrutineer", {"Audits", "Trail"}, {"People and agencies", "Your returns"}),
    ],
)
def test_navigation_by_role(client, who, there, absent):
    w = world()
    site = opened(client, getattr(w, who), "/").context["site"]
    words = {link["text"] for link in (*site["nav"], *site["footer"])}
    assert there <= words
    assert not absent & words
    assert [link["text"] for link in site["nav"] if link["current"]] == ["Your work"]


def test_nobody_sees_the_help_with_a_way_to_sign_in(client):
    for name in ("help", "accessibility"):
        page = client.get(reverse(f"overview:{name}")).content.decode()
        assert "Sign in" in page
        assert "Your work</a></li>" not in page


@pytest.mark.parametrize("who", ["coordinator", "chair", "executive", "auditor_hv"])
def test_an_audit_for_each_who_may_know_of_it(client, who):
    w = world()
    audit = under_way(w)
    page = opened(client, getattr(w, who), audit.get_absolute_url()).content.decode()
    assert audit.title in page
    assert ("The cases" in page) == (who in ("coordinator", "chair"))
    assert ("<b>Next:</b>" in page) <= (who == "coordinator")


def test_an_audit_of_another_partnership_is_not_there(client):
    w, stranger = world(), other_world()
    audit = under_way(w)
    assert opened(client, stranger.coordinator, audit.get_absolute_url()).status_code == 404
    assert opened(client, stranger.auditor_hv, audit.get_absolute_url()).status_code == 404


def test_a_planned_audit_is_not_shown_to_services(client):
    w = world()
    assert opened(client, w.auditor_hv, planned(w).get_absolute_url()).status_code == 404


def test_the_trail_shows_what_was_done_and_narrows(client):
    w = world()
    audit = under_way(w)
    page = opened(client, w.coordinator, "/trail/").content.decode()
    assert audit.pk in page
    assert "Coordinator" in page
    narrowed = client.get("/trail/", {"of": audit.pk, "who": w.coordinator.pk, "since_day": "1", "since_month": "1",
                                      "since_year": "2020"})  # fmt: skip
    assert all(line.object_id == audit.pk for line in narrowed.context["lines"])
    none = client.get("/trail/", {"until_day": "1", "until_month": "1", "until_year": "2020"})
    assert "Nothing in the trail answers to this" in none.content.decode()
    wrong = client.get("/trail/", {"until_day": "41", "until_month": "1", "until_year": "2020"})
    assert "Enter a real date" in wrong.content.decode()


def test_the_trail_of_two_partnerships_can_be_told_apart(client):
    w = world()
    under_way(w)
    second = partnership("Southmere")
    grant(w.coordinator, Role.COORDINATOR, partnership=second)
    page = opened(client, w.coordinator, f"/trail/?partnership={second.pk}")
    assert page.context["lines"] == []
    assert "Southmere" in page.content.decode()


@pytest.mark.parametrize("who", ["executive", "contact_police", "second"])
def test_the_trail_is_not_for_others(client, who):
    w = world()
    assert opened(client, getattr(w, who), "/trail/").status_code == 403
    assert client.post(reverse("overview:export", args=[w.partnership.pk])).status_code == 403


def test_an_export_verifies_against_the_newest_checkpoint(client):
    w = world()
    under_way(w)
    sign_in(client, w.scrutineer)
    assert client.get(reverse("overview:export", args=[w.partnership.pk])).status_code == 405
    answer = client.post(reverse("overview:export", args=[w.partnership.pk]))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert json.loads(lines[-1])["verb"] == "export the trail"
    missing = client.get(reverse("overview:checkpoints", args=[w.partnership.pk]))
    assert missing.status_code == 404
    checkpoints.take(Chain.objects.get(partnership=w.partnership), reason="daily", at=now())
    note = client.get(reverse("overview:checkpoints", args=[w.partnership.pk]))
    assert note.content.decode().splitlines()[1] == str(len(lines))
    key = re.search(r">([\w+/]{43}=)<", client.get(reverse("overview:trail")).text)[1]
    said = read_note(note.text)
    assert verify(lines, [said], base64.b64decode(key)) == []
    assert verify(lines, [said], bytes(32)) == [f"The checkpoint at row {len(lines)} is not signed by this key."]


def test_the_work_list_asks_as_often_for_three_audits_as_for_one(client):
    w = world()
    sign_in(client, w.coordinator)
    asked = []
    for number in range(3):
        planned(w, f"2026-0{number + 1}")
        submitted(w, released_to_write(w, 1, f"2026-1{number}"), w.police)
        with CaptureQueriesContext(connection) as questions:
            assert client.get("/").status_code == 200
        asked.append(len(questions))
    assert asked[0] == asked[2]


@pytest.mark.parametrize("count", [1, 3])
def test_the_trail_asks_a_fixed_number_of_questions(client, count, django_assert_num_queries):
    w = world()
    for number in range(count):
        planned(w, f"2026-0{number + 1}")
    sign_in(client, w.coordinator)
    with django_assert_num_queries(10):
        assert client.get("/trail/").status_code == 200


def test_an_agency_that_left_is_not_among_ones_own(client):
    w = world()
    audit = services_asked(w, 1)
    grant(w.contact_police, Role.CONTACT, agency=w.gp.agency)
    w.police.agency.memberships.update(ends_on=now().date() - timedelta(days=1))
    person = type(w.contact_police).objects.get(pk=w.contact_police.pk)
    assert [line.ask.service for line in audits.own_lines(audit, person)] == [w.gp]
