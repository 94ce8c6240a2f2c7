"""Somebody of a service is away: who hears instead, and what the coordinator sees of it."""

import io
from datetime import timedelta

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from candour.involvement import actions, queries
from candour.involvement.models import Involvement
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import LATER, ask_of
from candour.involvement.tests.test_pages import where
from candour.members import actions as members
from candour.notices import actions as notices
from candour.notices.models import Message
from candour.people.models import Role, User
from candour.people.tests.factories import AT, grant, joined, sign_in, world

pytestmark = pytest.mark.django_db
DAY = AT.date()
FRIDAY = DAY + timedelta(days=4)


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def w():
    made = world()
    for handle, role in (("pat", Role.CONTACT), ("sam", Role.AUDITOR)):
        joined(made, handle, f"{handle} example", role, made.police, service=made.police, deputy=True)
    return made


def gone(person, deputy=None, until=FRIDAY):
    members.go_away(person=person, starts_on=DAY, ends_on=until, deputy=deputy, by=person, at=AT)


def name(w, audit, auditor):
    case = Involvement.objects.get(service=w.police).case_id
    return actions.name_people(
        ask=ask_of(audit, w.police), named={case: actions.Named(auditor)}, by=w.contact_police, at=AT
    )


def fresh(person):
    return User.objects.get(pk=person.pk)


def test_a_contact_who_is_away_hears_nothing_and_the_other_hears_it_once_and_why(w):
    gone(w.contact_police, w.pat)
    audit = stage.asked(w, 1)
    asked = Message.objects.filter(key__startswith=f"involvement:{audit.pk}:{ask_of(audit, w.police).pk}:ask")
    assert [row.to_user for row in asked] == [w.pat]
    assert asked[0].body.startswith("You stand in for Contact Police, who is away until 27 November.\n\nPlease say")
    gp = Message.objects.filter(key__startswith=f"involvement:{audit.pk}:{ask_of(audit, w.gp).pk}:ask").get()
    assert "stand in" not in gp.body


def test_whoever_is_away_without_anybody_standing_in_hears_as_before(w):
    gone(w.contact_police)
    audit = stage.asked(w, 1)
    asked = Message.objects.filter(key__startswith=f"involvement:{audit.pk}:{ask_of(audit, w.police).pk}:ask")
    assert {row.to_user for row in asked} == {w.contact_police, w.pat}


def test_standing_in_as_auditor_brings_no_message_meant_for_a_contact(w):
    grant(w.contact_police, Role.AUDITOR, agency=w.police.agency)
    gone(w.contact_police, w.sam)
    audit = stage.asked(w, 1)
    asked = Message.objects.filter(key__startswith=f"involvement:{audit.pk}:{ask_of(audit, w.police).pk}:ask")
    assert {row.to_user for row in asked} == {w.contact_police, w.pat}


def test_an_auditor_named_while_away_the_one_standing_in_hears_and_sees_nothing_new(w, client, settings):
    audit = stage.asked(w, 1)
    stage.known(w, audit, w.police, w.contact_police)
    gone(w.auditor_police, w.sam)
    name(w, audit, w.auditor_police)
    told = Message.objects.get(key__startswith="named:")
    assert told.to_user == w.sam
    assert told.subject == "Northmere: work for Auditor Police has come"
    assert told.body == (
        "You stand in for Auditor Police, who is away until 27 November.\n\n"
        "Work for Auditor Police has come while they are away. "
        f"What has not been given to you by name, the service's contact can give to you.\n\n{settings.BASE_URL}/\n"
    )
    assert told.calendar == ""
    row = Involvement.objects.get(service=w.police)
    assert sign_in(client, w.sam).get(f"/answers/{row.pk}/identity/").status_code == 403
    assert sign_in(client, w.sam).get(where("people", ask_of(audit, w.police))).status_code == 403


def test_naming_somebody_who_is_away_warns(w, client):
    audit = stage.asked(w, 1)
    stage.known(w, audit, w.police, w.contact_police)
    gone(w.auditor_police)
    case = Involvement.objects.get(service=w.police).case_id
    sign_in(client, w.contact_police)
    url = where("people", ask_of(audit, w.police))
    assert "Auditor Police, away until 27 November" in client.get(url).content.decode()
    page = client.post(url, {f"{case}-auditor": w.auditor_police.pk}, follow=True).content.decode()
    assert "Auditor Police is away until 27 November: nobody stands in." in page
    page = client.post(url, {f"{case}-auditor": w.sam.pk}, follow=True).content.decode()
    assert "nobody stands in" not in page


def test_the_reminder_goes_to_whoever_stands_in_and_says_so(w):
    audit = stage.asked(w, 1)
    due = ask_of(audit, w.police).due_on
    gone(w.contact_police, w.pat, until=due)
    gone(w.contact_gp, until=due)
    with time_machine.travel(AT + (due - DAY), tick=False):
        people = [fresh(one) for one in (w.contact_police, w.pat, w.contact_gp, w.contact_acute)]
        notices.remind_people(people=people, on=due, at=AT)
    digests = {row.to_user: row.body for row in Message.objects.filter(key__startswith="digest:")}
    assert set(digests) == {w.pat, w.contact_gp, w.contact_acute}
    assert "You stand in for Contact Police, who is away until" in digests[w.pat]
    assert "one thing needs you soon" in digests[w.pat].lower()
    assert "stand in" not in digests[w.contact_gp] + digests[w.contact_acute]


def test_the_grid_and_its_file_say_who_is_away(w, client):
    audit = stage.asked(w, 1)
    stage.known(w, audit, w.police, w.contact_police)
    name(w, audit, w.auditor_police)
    gone(w.auditor_police, w.sam)
    gone(w.contact_gp)
    sign_in(client, w.coordinator)
    page = client.get(where("grid", audit), {"show": "away"}).content.decode()
    assert "2 of 6 services are shown" in page
    assert "Auditor Police is away until 27 November: Sam Example stands in" in page
    assert "Contact Gp is away until 27 November: nobody stands in" in page
    assert page.count(f"/people/{w.contact_gp.pk}/away/?in=northmere") == 2, "for wide and for narrow screens"
    taken = CalamineWorkbook.from_filelike(io.BytesIO(client.post(where("export_grid", audit)).content))
    said = {row[1]: row[5] for row in taken.get_sheet_by_index(0).to_python()}
    assert said["Child abuse team"].endswith(". Auditor Police is away until 27 November: Sam Example stands in")


def shown(w, audit):
    return {one.text: bool(one.instead) for line in queries.grid(audit, DAY).lines for one in line.away}


def test_the_grid_says_who_stands_in_only_for_what_they_can_take(w, client):
    grant(w.contact_police, Role.AUDITOR, agency=w.police.agency, service=w.police)
    audit = stage.asked(w, 1)
    stage.known(w, audit, w.police, w.contact_police)
    gone(w.contact_police, w.sam)
    assert shown(w, audit) == {"Contact Police is away until 27 November: nobody stands in": True}, "sam is no contact"
    name(w, audit, w.contact_police)
    partly = "Contact Police is away until 27 November: Sam Example stands in as auditor, nobody as agency contact"
    assert shown(w, audit) == {partly: True}
    case = Involvement.objects.get(service=w.police).case_id
    url = where("people", ask_of(audit, w.police))
    page = sign_in(client, w.contact_police).post(url, {f"{case}-auditor": w.contact_police.pk}, follow=True)
    assert "Contact Police is away until 27 November: Sam Example stands in." in page.content.decode()


def titles(w):
    return [task.title for task in queries.tasks(fresh(w.coordinator), DAY) if task.tag == "Away"]


def test_the_coordinator_is_prompted_where_nobody_stands_in(w):
    audit = stage.asked(w, 1)
    stage.known(w, audit, w.police, w.contact_police)
    gone(w.contact_police)
    assert titles(w) == [], "the other contact is there"
    gone(w.contact_gp)
    gone(w.auditor_police)
    assert titles(w) == ["Contact Gp is away until 27 November and nobody stands in"], "nobody named, nothing wanted"
    name(w, audit, w.auditor_police)
    assert "Auditor Police is away until 27 November and nobody stands in" in titles(w)
    note = next(task for task in queries.tasks(fresh(w.coordinator), DAY) if task.title.startswith("Auditor"))
    assert note.note == "Child abuse team: name somebody, or have their work given to others."
    assert note.url == f"/people/{w.auditor_police.pk}/away/?in=northmere"


def test_nobody_is_prompted_about_whom_somebody_stands_in_for_or_whose_audit_is_over(w):
    audit = stage.asked(w, 1)
    stage.known(w, audit, w.police, w.contact_police)
    name(w, audit, w.auditor_police)
    gone(w.auditor_police, w.sam)
    assert titles(w) == []
    gone(w.contact_gp)
    assert len(titles(w)) == 1
    actions.close_asking(audit=audit, by=w.coordinator, at=AT)
    assert titles(w) == []


@pytest.mark.parametrize("many", [1, 3])
def test_the_work_list_asks_no_more_questions_for_more_who_are_away(w, many, django_assert_num_queries):
    stage.asked(w, 1)
    for person in (w.contact_gp, w.contact_acute, w.contact_school)[:many]:
        gone(person)
    with django_assert_num_queries(18):
        assert len(titles(w)) == many
