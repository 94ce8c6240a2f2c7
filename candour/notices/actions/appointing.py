"""Meetings and deadlines, told to those whom they concern and kept in their calendars."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from candour.kernel.clock import local, today
from candour.kernel.ids import new_id
from candour.notices import appointments, queries
from candour.notices import calendar as calendars
from candour.notices.actions.outbox import post
from candour.notices.models import Appointment, Feed, Invitee
from candour.notices.registry import way_in
from candour.people.models import Partnership, User
from candour.trail.act import act, record

APPOINTED = ("on", "starts_at", "ends_at", "summary", "place", "path")


@act
def keep_appointment(
    *,
    key: str,
    partnership: Partnership,
    people: Iterable[User | None],
    summary: str,
    on: date,
    at: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    place: str = "",
    path: str = "",
) -> Appointment:
    """Invite people to a meeting, tell them of a change, and take back the invitation of whoever is no longer asked."""
    facts = dict(zip(APPOINTED, (on, starts_at, ends_at, summary, place, path), strict=True))
    made, changed = _held(key, facts | {"partnership": partnership})
    there, wanted = appointments.invited(made), appointments.guests(people)
    gone = [one.user for pk, one in there.items() if not one.withdrawn_at and pk not in wanted]
    told = _settle(made, facts, changed=changed, wanted=wanted, gone=gone, at=at)
    _invite(made, told, calendars.REQUEST, at)
    _invite(made, gone, calendars.CANCEL, at)
    return made


@act
def tell_deadline(
    *, key: str, partnership: Partnership, people: Iterable[User], summary: str, on: date, at: datetime, path: str = "/"
) -> dict[str, str]:
    """Put a day by which something is wanted into the calendars of those who are written to anyway.

    Returns the file that goes with each one's message, by the person's id; whoever has the day already needs none.
    Others who were told another day hear of the change; of a day that is over nobody hears.
    """
    facts = dict(zip(APPOINTED, (on, None, None, summary, "", path), strict=True))
    made, changed = _held(key, facts | {"partnership": partnership, "deadline": True})
    now = appointments.guests(people)
    live = {pk: one.user for pk, one in appointments.invited(made).items() if not one.withdrawn_at}
    told = _settle(made, facts, changed=changed, wanted=live | now, gone=(), at=at)
    if on < today(at):
        return {}
    _invite(made, [person for person in told if person.pk not in now], calendars.REQUEST, at)
    return {person.pk: _file(made, person, calendars.REQUEST, at) for person in told if person.pk in now}


@act
def keep_deadline(*, deadline: appointments.Deadline, at: datetime) -> None:
    """Have the calendars say what a step says of one of its days now: moved, for others too, or no longer wanted.

    Whoever is through with it keeps it and hears nothing; nobody hears of a day that is over, and no leaver of any.
    """
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("partnership")
    made = rows.get(key=deadline.key, deadline=True)
    facts = {name: getattr(made, name) for name in APPOINTED}
    day = deadline.on or made.on
    changed, facts["on"] = made.on != day, day
    wanted = {} if deadline.on is None else appointments.guests(deadline.people)
    there, done = appointments.invited(made), {one.pk for one in deadline.done}
    left = [one.user for pk, one in there.items() if not one.withdrawn_at and pk not in wanted]
    gone = [person for person in left if person.pk not in done]
    stays = {} if changed or deadline.on is None else {one.pk: one for one in left if one.pk in done}
    told = _settle(made, facts, changed=changed, wanted=wanted | stays, gone=left, at=at)
    if deadline.on is None:
        made.cancelled_at = at
        made.save(update_fields=["cancelled_at"])
    if day >= today(at):
        _invite(made, told, calendars.REQUEST, at)
        here = [person for person in gone if queries.still_concerns(person, made.partnership, today(at))]
        _invite(made, here, calendars.CANCEL, at)


def _held(key: str, facts: dict[str, Any]) -> tuple[Appointment, bool]:
    """The appointment with a key, locked, and whether what is said of it now is news."""
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("partnership")
    made, fresh = rows.get_or_create(key=key, defaults=facts | {"uid": f"{new_id()}@{calendars.domain()}"})
    return made, fresh or bool(made.cancelled_at) or any(getattr(made, name) != facts[name] for name in APPOINTED)


def _settle(
    made: Appointment,
    facts: dict[str, Any],
    *,
    changed: bool,
    wanted: dict[str, User],
    gone: Iterable[User],
    at: datetime,
) -> list[User]:
    """Write down what an appointment is from now on and who is asked to it; returns those who have to hear of it."""
    there = appointments.invited(made)
    new = {pk for pk in wanted if pk not in there or there[pk].withdrawn_at}
    left = {person.pk for person in gone} - wanted.keys()
    if there and (changed or left or new & there.keys()):
        made.sequence += 1
    for name, value in facts.items():
        setattr(made, name, value)
    made.cancelled_at = None
    made.save()
    for pk in sorted(new):
        Invitee.objects.update_or_create(appointment=made, user=wanted[pk], defaults={"withdrawn_at": None})
    Invitee.objects.filter(appointment=made, user__in=left).update(withdrawn_at=at)
    return [wanted[pk] for pk in sorted(wanted if changed else new)]


@act
def cancel_appointment(*, key: str, at: datetime) -> Appointment | None:
    """Tell everybody invited that a meeting will not be."""
    made = Appointment.objects.select_for_update(of=("self",)).select_related("partnership").filter(key=key).first()
    if made is None or made.cancelled_at:
        return None
    made.sequence, made.cancelled_at = made.sequence + 1, at
    made.save(update_fields=["sequence", "cancelled_at"])
    people = [one.user for one in appointments.invited(made).values() if not one.withdrawn_at]
    _invite(made, people, calendars.CANCEL, at)
    return made


def _invite(made: Appointment, people: list[User], method: str, at: datetime) -> None:
    day = f"{made.on:%A} {made.on.day} {made.on:%B %Y}"
    lead = "Cancelled: " if method == calendars.CANCEL else "Changed: " if made.sequence else ""
    for person in people:
        link = way_in(person)
        post(
            key=f"appointment:{made.pk}:{made.sequence}:{method}:{person.pk}",
            to=person,
            subject=f"{lead}{made.summary}, {day}",
            body=f"“{made.summary}” {_said(made, method, day)}.{f' Place: {made.place}.' if made.place else ''}\n\n"
            "Your calendar takes this in from the file attached. Nothing about any child is in it.",
            path=link or made.path,
            private=bool(link),
            partnership=made.partnership,
            calendar=_file(made, person, method, at),
            at=at,
        )


def _said(made: Appointment, method: str, day: str) -> str:
    if made.deadline:
        return "is no longer wanted of you" if method == calendars.CANCEL else f"is to be done by {day}"
    if method == calendars.CANCEL:
        return "will not take place, or you are no longer asked to it"
    clock = f", {local(made.starts_at):%H:%M} to {local(made.ends_at):%H:%M}" if made.starts_at and made.ends_at else ""
    return f"is on {day}{clock}"


def _file(made: Appointment, person: User, method: str, at: datetime) -> str:
    """The invitation of one person; whoever comes in by a link of their own finds none in it."""
    path = "" if way_in(person) else made.path
    return calendars.invitation(made, method=method, name=person.name, address=person.address, path=path, at=at)


@act
def make_feed(*, by: User, at: datetime) -> Feed:
    """Give somebody the address of their private calendar, or a new one in the place of the old."""
    feed, fresh = Feed.objects.select_for_update().get_or_create(user=by)
    if not fresh:
        feed.number += 1
        feed.save(update_fields=["number"])
    record("calendar address made", on=by, by=by, at=at)
    return feed
