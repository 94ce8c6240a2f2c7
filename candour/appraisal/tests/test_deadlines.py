"""The days by which answers and returns are wanted, in people's calendars: told once, moved, and taken back."""

from datetime import date, timedelta

import pytest
import time_machine
from icalendar import Calendar

from candour.appraisal import actions as returns
from candour.appraisal import jobs as appraisal
from candour.appraisal.models import Return
from candour.appraisal.tests import factories as write
from candour.focus import actions as focus
from candour.focus.models import Audit
from candour.involvement import actions
from candour.involvement import jobs as involvement
from candour.involvement import queries as asks
from candour.involvement.models import Involvement
from candour.involvement.tests import factories as stage
from candour.members import actions as members
from candour.notices import actions as notices
from candour.notices import appointments
from candour.notices.models import Appointment, Message
from candour.people.models import Role
from candour.people.tests.factories import AT, grant, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
ANSWERS, RETURNS = date(2027, 3, 1), date(2027, 3, 15)


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def w():
    return world()


@pytest.fixture
def audit(w):
    """Every service asked, the days still ahead."""
    made = stage.screened(w)
    move(w, made, ANSWERS, RETURNS)
    involvement.keep_deadlines(AT)
    made = Audit.objects.get(pk=made.pk)
    actions.ask_services(audit=made, by=w.coordinator, at=AT)
    return made


def move(w, audit, answers, wanted):
    dates = {"involvement": answers, "returns": wanted, **dict.fromkeys(("pack", "discussion"), wanted)}
    dates |= {"briefing": date(2027, 6, 1), "sense-check": date(2027, 9, 1)}
    audit = Audit.objects.get(pk=audit.pk)
    known = {one.kind for one in audit.milestones.all()}
    focus.set_timetable(
        audit=audit, dates={kind: day for kind, day in dates.items() if kind in known}, by=w.coordinator, at=AT
    )


def keep():
    involvement.keep_deadlines(AT)
    appraisal.keep_deadlines(AT)


def told(person):
    """Each file that a person got, as (method, sequence, day, UID)."""
    found = []
    for message in Message.objects.filter(to_user=person).exclude(calendar="").order_by("pk"):
        calendar = Calendar.from_ical(message.calendar)
        event = calendar.walk("VEVENT")[0]
        found.append((str(calendar["METHOD"]), int(event["SEQUENCE"]), event["DTSTART"].dt, str(event["UID"])))
    return sorted(found, key=lambda one: one[1])


def in_brief(person):
    return [one[:3] for one in told(person)]


def name(w, audit, auditor, cases=(1, 2), by=None):
    ask = stage.ask_of(audit, w.police)
    if not Involvement.objects.filter(audit=audit, service=w.police).exists():
        stage.known(w, audit, w.police, w.contact_police)
    named = {case.pk: actions.Named(auditor) for case in asks.cases_of(audit) if case.number in cases}
    actions.name_people(ask=ask, named=named, by=by or w.contact_police, at=AT)


def test_the_message_that_asks_a_service_brings_the_day_and_no_other_message_goes(w, audit):
    assert in_brief(w.contact_hv) == [("REQUEST", 0, ANSWERS)]
    letters = Message.objects.filter(to_user=w.contact_hv)
    assert [letter.subject for letter in letters] == ["Northmere: do you know these children? Audit 2026-03"]
    keep()
    assert letters.count() == 1
    event = Calendar.from_ical(letters.get().calendar).walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == "Northmere: answers wanted, audit 2026-03"
    assert (event["DTEND"].dt - event["DTSTART"].dt, str(event["TRANSP"])) == (timedelta(days=1), "TRANSPARENT")
    assert "Case 1" not in letters.get().calendar


def test_a_day_that_the_timetable_moves_is_sent_again_under_one_uid_to_those_who_still_owe(w, audit):
    stage.known(w, audit, w.health_visiting, w.contact_hv)
    for one in Involvement.objects.filter(service=w.health_visiting):
        Involvement.objects.filter(pk=one.pk).update(auditor=w.auditor_hv)
    later = ANSWERS + timedelta(days=7)
    move(w, audit, later, RETURNS)
    keep()
    keep()
    assert in_brief(w.contact_gp) == [("REQUEST", 0, ANSWERS), ("REQUEST", 1, later)]
    assert len({one[3] for one in told(w.contact_gp)}) == 1
    assert in_brief(w.contact_hv) == [("REQUEST", 0, ANSWERS)], "whoever has answered hears nothing"
    assert stage.ask_of(audit, w.gp).due_on == later
    assert Entry.objects.filter(verb="moved the day of an ask").count() == 8
    letter = Message.objects.filter(to_user=w.contact_gp).exclude(calendar="").order_by("-pk")
    assert any("is to be done by Monday 8 March 2027" in one.body for one in letter)


def test_an_ask_withdrawn_is_taken_back_and_asked_again_is_new(w, audit):
    ask = actions.withdraw_ask(ask=stage.ask_of(audit, w.gp), by=w.coordinator, at=AT)
    keep()
    assert [one[:2] for one in told(w.contact_gp)] == [("REQUEST", 0), ("CANCEL", 1)]
    assert [one[:2] for one in told(w.contact_hv)] == [("REQUEST", 0)]
    actions.ask_again(ask=ask, by=w.coordinator, at=AT)
    keep()
    assert [one[:2] for one in told(w.contact_gp)] == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]


def test_one_day_for_all_returns_of_an_auditor_with_the_first_message_that_names_them(w, audit):
    name(w, audit, w.auditor_police)
    assert in_brief(w.auditor_police) == [("REQUEST", 0, RETURNS)]
    assert Message.objects.filter(to_user=w.auditor_police).count() == 1
    keep()
    assert Message.objects.filter(to_user=w.auditor_police).count() == 1


def test_somebody_away_when_named_gets_the_day_although_another_reads_the_message(w, audit):
    other = grant(w.second, Role.AUDITOR, agency=w.police.agency, service=w.police).user
    members.go_away(
        person=w.auditor_police, starts_on=AT.date(), ends_on=AT.date() + timedelta(days=4), deputy=other,
        by=w.auditor_police, at=AT,
    )  # fmt: skip
    name(w, audit, w.auditor_police)
    assert Message.objects.filter(key__startswith="named:", to_user=other).count() == 1
    assert told(other) == told(w.auditor_police) == []
    keep()
    keep()
    assert in_brief(w.auditor_police) == [("REQUEST", 0, RETURNS)]
    assert told(other) == []


def test_a_return_given_to_somebody_else_leaves_the_calendar_with_the_last_one(w, audit):
    other = grant(w.second, Role.AUDITOR, agency=w.police.agency).user
    name(w, audit, w.auditor_police)
    name(w, audit, other, cases=(1,))
    keep()
    assert len(told(w.auditor_police)) == 1
    name(w, audit, other)
    keep()
    assert [one[0] for one in told(w.auditor_police)] == ["REQUEST", "CANCEL"]
    assert [one[0] for one in told(other)] == ["REQUEST"]
    cancel = Message.objects.filter(to_user=w.auditor_police, subject__startswith="Cancelled").get()
    assert "is no longer wanted of you" in cancel.body


def test_a_service_that_screened_hears_of_the_new_day_with_the_message_that_asks_it(w, audit):
    letters = [one for one in told(w.contact_police)]
    assert [one[0] for one in letters] == ["REQUEST", "REQUEST"]
    assert (letters[1][2], len({one[3] for one in letters})) == (ANSWERS, 1)
    assert Message.objects.filter(to_user=w.contact_police).count() == 2, "the two messages that went anyway"


def test_who_has_named_themself_has_the_day_too(w, audit):
    grant(w.contact_police, Role.AUDITOR, agency=w.police.agency)
    name(w, audit, w.contact_police)
    was = len(told(w.contact_police))
    keep()
    assert len(told(w.contact_police)) == was + 1


def test_a_connection_takes_the_day_back_and_a_return_that_is_in_does_not(w, audit):
    name(w, audit, w.auditor_police, cases=(1,))
    answer = Involvement.objects.get(service=w.police, case__number=1)
    returns.declare_connection(involvement=answer, by=w.auditor_police, at=AT)
    keep()
    assert [one[0] for one in told(w.auditor_police)] == ["REQUEST", "CANCEL"]


def test_whoever_is_through_keeps_the_day_and_hears_no_more_of_it(w):
    audit = write.audit(w)
    move(w, audit, ANSWERS, RETURNS)
    ret = write.submitted(w, audit, w.police)
    notices.tell_deadline(**asks.returns_deadline(Audit.objects.get(pk=audit.pk)), people=[ret.auditor], at=AT)
    keep()
    made = Appointment.objects.get(key__startswith="returns:")
    assert [one.user for one in appointments.invited(made).values() if not one.withdrawn_at] == [ret.auditor]
    move(w, audit, ANSWERS, RETURNS + timedelta(days=1))
    keep()
    assert told(ret.auditor) == []
    Return.objects.filter(pk=ret.pk).update(state="void")
    keep()
    assert told(ret.auditor) == [], "no longer in it, so nothing is taken back"


def test_a_closed_audit_takes_back_what_lies_ahead_and_is_silent_about_what_is_over(w, audit):
    name(w, audit, w.auditor_police)
    Audit.objects.filter(pk=audit.pk).update(state="closed", closed_at=AT)
    keep()
    keep()
    assert [one[0] for one in told(w.auditor_police)] == ["REQUEST", "CANCEL"]
    assert [one[0] for one in told(w.contact_hv)] == ["REQUEST", "CANCEL"]
    assert not appointments.deadlines("")


def test_nobody_hears_of_a_day_that_is_over(w):
    audit = stage.screened(w)
    actions.ask_services(audit=audit, by=w.coordinator, at=AT)
    later = AT + timedelta(days=90)
    count = Message.objects.count()
    with time_machine.travel(later, tick=False):
        actions.withdraw_ask(ask=stage.ask_of(audit, w.police), by=w.coordinator, at=later)
        involvement.keep_deadlines(later)
    assert Message.objects.count() == count
    assert appointments.deadlines(asks.ANSWERS)[f"answers:{stage.ask_of(audit, w.police).pk}"].live == []


def test_a_leaver_gets_no_message_that_could_not_be_sent(w, audit):
    w.contact_gp.grants.update(withdrawn_at=AT)
    keep()
    assert [one[0] for one in told(w.contact_gp)] == ["REQUEST"]


def test_somebody_called_in_for_one_case_gets_the_day_without_an_address(w, audit):
    visit = actions.call_in(
        ask=stage.ask_of(audit, w.school), case=audit.cases.get(number=1), name="Imogen Thistlewood",
        email="head@eastfield.example.org", by_text=False, mobile="", authoriser=None, by=w.coordinator, at=AT,
    ).visit  # fmt: skip
    letter = Message.objects.exclude(calendar="").get(to_user=visit.user)
    event = Calendar.from_ical(letter.calendar).walk("VEVENT")[0]
    assert event["DTSTART"].dt == RETURNS
    assert "URL" not in event
    actions.call_again(visit=visit, by=w.coordinator, at=AT)
    assert len(told(visit.user)) == 1


def test_the_feed_shows_the_same_day_once_under_the_same_uid(w, audit, client):
    path = appointments.address(notices.make_feed(by=w.contact_hv, at=AT))
    events = Calendar.from_ical(client.get(path).content).walk("VEVENT")
    assert [(str(one["SUMMARY"]), str(one["UID"])) for one in events] == [
        ("Northmere: answers wanted, audit 2026-03", told(w.contact_hv)[0][3])
    ]
    Appointment.objects.all().update(deadline=False)
    assert len(Calendar.from_ical(client.get(path).content).walk("VEVENT")) == 2
