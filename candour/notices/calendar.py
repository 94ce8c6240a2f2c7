"""Invitations and a person's calendar as RFC 5545 has them; nothing in them is about a child."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings

from candour.kernel.clock import LONDON
from candour.notices.models import Appointment

if TYPE_CHECKING:
    from icalendar import Event

REQUEST, CANCEL = "REQUEST", "CANCEL"
PRODUCT = "-//Candour//Case audits//EN"


@dataclass(frozen=True)
class Day:
    """How much is wanted of a person on one day by one partnership."""

    uid: str
    on: date
    text: str


def invitation(appointment: Appointment, *, method: str, name: str, address: str, path: str, at: datetime) -> str:
    """What one person is sent: the same UID always, a higher SEQUENCE after each change, CANCEL where it is over."""
    from icalendar import vCalAddress, vText  # noqa: PLC0415 - loads much, and only where something is written

    event = _event(appointment, path, at)
    event["STATUS"] = "CANCELLED" if method == CANCEL else "CONFIRMED"
    organiser = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organiser.params["CN"] = vText(appointment.partnership.short_name)
    event["ORGANIZER"] = organiser
    guest = vCalAddress(f"mailto:{address}")
    guest.params["CN"], guest.params["RSVP"], guest.params["PARTSTAT"] = (
        vText(name),
        vText("FALSE"),
        vText("NEEDS-ACTION"),
    )
    event.add("attendee", guest, encode=False)
    return _written([event], method)


def feed(days: Iterable[Day], appointments: Iterable[Appointment], at: datetime) -> str:
    """A person's calendar: what is wanted by when, and the meetings that they are invited to."""
    events = [_day(one, at) for one in days]
    for appointment in appointments:
        event = _event(appointment, appointment.path, at)
        event["STATUS"] = "CANCELLED" if appointment.cancelled_at else "CONFIRMED"
        events.append(event)
    return _written(events, "PUBLISH")


def domain() -> str:
    """What stands after the @ of a UID."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"


def _event(appointment: Appointment, path: str, at: datetime) -> "Event":
    event = _blank(appointment.uid, appointment.sequence, at)
    event.add("summary", appointment.summary)
    event.add("location", appointment.place)
    if path:
        event.add("url", f"{settings.BASE_URL}{path}")
    if appointment.deadline:
        event.add("transp", "TRANSPARENT")
    if appointment.starts_at and appointment.ends_at:
        event.add("dtstart", appointment.starts_at.astimezone(LONDON))
        event.add("dtend", appointment.ends_at.astimezone(LONDON))
    else:
        event.add("dtstart", appointment.on)
        event.add("dtend", appointment.on + timedelta(days=1))
    return event


def _day(one: Day, at: datetime) -> "Event":
    event = _blank(one.uid, 0, at)
    event.add("summary", one.text)
    event.add("url", f"{settings.BASE_URL}/")
    event.add("dtstart", one.on)
    event.add("dtend", one.on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _blank(uid: str, sequence: int, at: datetime) -> "Event":
    from icalendar import Event  # noqa: PLC0415 - as above

    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", at)
    event.add("class", "PRIVATE")
    return event


def _written(events: "list[Event]", method: str) -> str:
    from icalendar import Calendar  # noqa: PLC0415 - as above

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical().decode()
