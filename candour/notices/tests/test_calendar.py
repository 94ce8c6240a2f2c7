"""Meetings in people's calendars: one UID, a sequence that rises, an end that is told; and each person's own feed."""

import email
from datetime import UTC, date, datetime, timedelta
from email import policy

import pytest
import time_machine
from icalendar import Calendar

from candour.kernel.tasks import Task
from candour.notices import actions, appointments, jobs, registry
from candour.notices.models import Appointment, Feed, Message
from candour.notices.tests.smtp import mail_server
from candour.people.tests import factories
from candour.people.tests.factories import AT, sign_in

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 29)
BEGINS = datetime(2027, 3, 29, 8, 30, tzinfo=UTC)  # half past nine: summer time began the day before


@pytest.fixture
def w():
    with time_machine.travel(AT, tick=False):
        yield factories.world()


def keep(w, people, **more):
    facts = {
        "summary": "Discussion of audit 2026-03", "on": DAY, "starts_at": BEGINS, "place": "Civic Centre",
        "ends_at": BEGINS + timedelta(hours=3), "path": "/audits/x/",
    }  # fmt: skip
    return actions.keep_appointment(key="meeting", partnership=w.partnership, people=people, at=AT, **facts | more)


def sent(person):
    """Each invitation a person got, oldest first, as (method, sequence, UID, event)."""
    found = []
    for message in Message.objects.filter(to_user=person).exclude(calendar="").order_by("pk"):
        calendar = Calendar.from_ical(message.calendar)
        event = calendar.walk("VEVENT")[0]
        found.append((str(calendar["METHOD"]), int(event["SEQUENCE"]), str(event["UID"]), event))
    return sorted(found, key=lambda one: one[1])


def test_an_invitation_says_when_in_londons_time_and_to_whom(w):
    keep(w, [w.chair])
    method, sequence, uid, event = sent(w.chair)[0]
    assert (method, sequence) == ("REQUEST", 0)
    assert uid.endswith("@example.org")
    assert event["DTSTART"].dt.isoformat() == "2027-03-29T09:30:00+01:00"
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=3)
    assert event["ATTENDEE"] == f"mailto:{w.chair.email}"
    assert str(event["ORGANIZER"]).startswith("mailto:")
    assert "BEGIN:VTIMEZONE" in Message.objects.get().calendar


def test_the_uid_stays_and_the_sequence_rises_with_each_change_only(w):
    keep(w, [w.chair])
    keep(w, [w.chair])
    assert len(sent(w.chair)) == 1
    keep(w, [w.chair], place="Online")
    keep(w, [w.chair], on=DAY + timedelta(days=1), starts_at=None, ends_at=None)
    told = sent(w.chair)
    assert [one[1] for one in told] == [0, 1, 2]
    assert len({one[2] for one in told}) == 1
    assert told[2][3]["DTSTART"].dt == DAY + timedelta(days=1)
    assert {message.subject.split(":")[0] for message in Message.objects.order_by("pk")} == {
        "Discussion of audit 2026-03, Monday 29 March 2027", "Changed",
    }  # fmt: skip


def test_whoever_is_no_longer_asked_gets_a_cancel_and_the_others_nothing(w):
    keep(w, [w.chair, w.scrutineer])
    keep(w, [w.chair, w.second])
    assert [one[0] for one in sent(w.scrutineer)] == ["REQUEST", "CANCEL"]
    assert sent(w.scrutineer)[1][1] > sent(w.scrutineer)[0][1]
    assert len(sent(w.chair)) == len(sent(w.second)) == 1
    keep(w, [w.chair, w.second, w.scrutineer])
    assert [(one[0], one[1]) for one in sent(w.scrutineer)] == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]


def test_a_meeting_called_off_is_cancelled_once_for_everybody(w):
    keep(w, [w.chair, w.second])
    actions.cancel_appointment(key="meeting", at=AT)
    assert actions.cancel_appointment(key="meeting", at=AT) is None
    assert actions.cancel_appointment(key="no such", at=AT) is None
    for person in (w.chair, w.second):
        assert [(one[0], one[1]) for one in sent(person)] == [("REQUEST", 0), ("CANCEL", 1)]
        assert str(sent(person)[1][3]["STATUS"]) == "CANCELLED"
    keep(w, [w.chair, w.second])
    assert sent(w.chair)[2][:2] == ("REQUEST", 2)


def test_the_file_goes_with_the_mail_as_calendars_want_it(w, settings):
    settings.MODE, settings.EMAIL_BACKEND = "test", "candour.notices.senders.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.4
    keep(w, [w.chair])
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
        assert jobs.send_due() == 1
    letter = email.message_from_string(server.letters[0], policy=policy.default)
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    assert Calendar.from_ical(part.get_content()).walk("VEVENT")[0]["SUMMARY"] == "Discussion of audit 2026-03"


@pytest.fixture
def due(monkeypatch):
    tasks = [
        Task("Begin your return on Case 4", "/x/", due=date(2026, 12, 7), partnership="Northmere"),
        Task("Begin your return on Case 5", "/x/", due=date(2026, 12, 7), partnership="Northmere"),
        Task("Some day", "/x/"),
    ]
    monkeypatch.setattr(registry, "_due", {"test": lambda user, on: tasks})
    return tasks


def test_a_feed_counts_and_does_not_tell_and_shows_the_meetings(w, due, client):
    keep(w, [w.chair, w.second])
    path = appointments.address(actions.make_feed(by=w.chair, at=AT))
    answer = client.get(path)
    assert answer["Content-Type"].startswith("text/calendar")
    assert "Case 4" not in answer.content.decode()
    events = {str(one["SUMMARY"]): one for one in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert set(events) == {"Northmere: 2 things are due", "Discussion of audit 2026-03"}
    uid = str(events["Northmere: 2 things are due"]["UID"])
    due.pop()
    due.pop()
    again = Calendar.from_ical(client.get(path).content).walk("VEVENT")
    assert uid in {str(one["UID"]) for one in again}, "the same day keeps its place in the calendar"
    actions.cancel_appointment(key="meeting", at=AT)
    assert "STATUS:CANCELLED" in client.get(path).content.decode()


def test_an_address_opens_ones_own_calendar_alone_until_it_is_replaced_or_its_owner_leaves(w, due, client):
    feed = actions.make_feed(by=w.chair, at=AT)
    path = appointments.address(feed)
    assert client.get(path.replace(w.chair.pk, w.second.pk)).status_code == 404
    assert client.get(path[:-6] + "x.ics").status_code == 404
    fresh = appointments.address(actions.make_feed(by=w.chair, at=AT))
    assert client.get(path).status_code == 404
    assert client.get(fresh).status_code == 200
    w.chair.grants.update(withdrawn_at=AT)
    assert client.get(fresh).status_code == 404


def test_the_page_gives_the_address_and_a_new_one(w, client):
    sign_in(client, w.chair)
    assert "Make my address" in client.get("/calendar/").content.decode()
    first = client.post("/calendar/", follow=True).content.decode()
    assert appointments.address(Feed.objects.get()) in first
    was = appointments.address(Feed.objects.get())
    assert was not in client.post("/calendar/", follow=True).content.decode()
    assert Feed.objects.get().number == 2
    assert not Appointment.objects.exists()
    assert "your calendar" in client.get("/account/").content.decode()


def test_a_feed_shows_no_meeting_of_a_partnership_in_which_the_role_has_ended(w, client):
    keep(w, [w.chair])
    path = appointments.address(actions.make_feed(by=w.chair, at=AT))
    assert "Discussion of audit 2026-03" in client.get(path).content.decode()
    w.chair.grants.update(withdrawn_at=AT)
    other = factories.other_world()
    factories.grant(w.chair, "chair", partnership=other.partnership)
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Discussion of audit" not in answer.content.decode()
