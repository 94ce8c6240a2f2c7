"""What is done to the outbox: a message is put in, and a failed one is sent again."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django_q.tasks import async_task

from candour.kernel.clock import local, today
from candour.kernel.errors import Refused
from candour.kernel.ids import new_id
from candour.kernel.tasks import Task
from candour.notices import absences, appointments, digest, queries
from candour.notices import calendar as calendars
from candour.notices.mailbox import ARRIVED, FAILED, Notice
from candour.notices.models import Appointment, Channel, Feed, Invitee, Message, Round, new_message_id
from candour.notices.numbers import as_mobile
from candour.notices.registry import due_functions, rhythms, way_in
from candour.notices.senders import can_text
from candour.people.models import Partnership, User
from candour.trail.act import act, record


@act
def post(
    *,
    key: str,
    to: User | str,
    subject: str,
    body: str,
    at: datetime,
    path: str = "",
    partnership: Partnership | None = None,
    private: bool = False,
    calendar: str = "",
    duty: absences.Duty | None = None,
    by: User | None = None,
) -> Message:
    """Put a message into the outbox, in the transaction that causes it; the same key is never sent twice.

    It says that there is work and links to `path`; no detail of a child is ever in it. A `private` one bears
    a link or code that lets somebody in. Where a person is away to whom one about a `duty` (a role at a service)
    is written, whoever stands in hears that something has come for them, and no more.
    """
    if duty and isinstance(to, User):
        ((reader, lead),) = absences.readers([to], duty, today(at))
        if reader != to:
            letter = digest.instead(str(to), lead, partnership.short_name if partnership else "")
            to, subject, body, path, calendar = reader, letter.subject, letter.body, "/", ""
    address = to if isinstance(to, str) else to.address
    words = {"subject": " ".join(subject.split())[:200], "body": _with_link(body, path, "\n\n")}
    words["calendar"] = calendar
    person = None if isinstance(to, str) else to
    return _queue(key, at, partnership=partnership, to_user=person, to_address=address, private=private, **words)


@act
def post_text(
    *,
    key: str,
    number: str,
    label: str,
    body: str,
    at: datetime,
    path: str = "",
    partnership: Partnership | None = None,
    private: bool = False,
    by: User | None = None,
) -> Message:
    """Put a text message to a mobile number into the outbox; the same key is never sent twice.

    The coordinator knows it by its `label`. A `private` one bears a code that lets somebody in. Ask
    `senders.can_text()` first whether this installation can send any.
    """
    mobile = as_mobile(number)
    if not mobile:
        raise Refused("This is not a mobile number. Write it like 07700 900123, or with + and the country’s code.")
    if not can_text():
        raise Refused("This installation cannot send text messages.")
    words = {"subject": " ".join(label.split())[:200], "body": _with_link(body, path, " ")}
    return _queue(key, at, channel=Channel.TEXT, partnership=partnership, to_address=mobile, private=private, **words)


def _with_link(body: str, path: str, between: str) -> str:
    return f"{body.strip()}{between}{settings.BASE_URL}{path}\n" if path else f"{body.strip()}\n"


def _queue(key: str, at: datetime, **fields: Any) -> Message:
    message, made = Message.objects.get_or_create(key=key, defaults={"queued_at": at, "next_try_at": at, **fields})
    if made:
        _nudge_once()
    return message


@act
def resend(*, message: Message, by: User, at: datetime) -> Message:
    """Send a failed message again, from its first attempt, to where its receiver's mail goes now."""
    message = Message.objects.select_for_update(of=("self",)).select_related("to_user").get(pk=message.pk)
    if not message.failed_at:
        raise Refused("This message has not failed; there is nothing to send again.")
    if not message.body:
        raise Refused("This message carried a sign-in link that has been removed. Ask for a new one instead.")
    if message.to_user:
        message.to_address = message.to_user.address
    message.message_id = new_message_id()  # what comes back of the first sending says nothing of this one
    message.failed_at, message.error, message.attempts, message.next_try_at = None, "", 0, at
    message.save(update_fields=["to_address", "message_id", "failed_at", "error", "attempts", "next_try_at"])
    record("message sent again", on=message, by=by, at=at)
    _nudge_once()
    return message


@act
def forget_person(*, user: User, texts: str, at: datetime) -> None:
    """Delete what was sent to somebody whose address is kept no longer.

    A text message bears their number and not whose it is: theirs are those whose key begins with `texts`.
    """
    Message.objects.filter(Q(to_user=user) | Q(channel=Channel.TEXT, key__startswith=texts)).delete()


NEWS = timedelta(days=14)
"""So long after a message has gone a delivery notice of it is believed."""


@act
def take_notice(*, notice: Notice, at: datetime) -> bool:
    """Write down what a mail server says became of a message that has gone; whether it was one of ours."""
    gone = Message.objects.select_for_update().filter(channel=Channel.MAIL, sent_at__gte=at - NEWS)
    message = gone.filter(message_id=notice.message_id).first()
    if message is None:
        return False
    message.error = "" if notice.action == ARRIVED else notice.words
    if notice.action == FAILED:
        message.sent_at, message.failed_at = None, at
    message.save(update_fields=["error", "sent_at", "failed_at"])
    return True


STALLED = timedelta(hours=2)


@act
def begin_round(*, day: date, at: datetime) -> bool:
    """Begin the reminders of a day, once; those that stopped half-way begin again, and nobody hears twice."""
    made, fresh = Round.objects.select_for_update().get_or_create(day=day, defaults={"begun_at": at})
    if not fresh:
        if made.done_at or at < made.begun_at + STALLED:
            return False
        made.begun_at = at
        made.save(update_fields=["begun_at"])
    return True


@act
def finish_round(*, day: date, at: datetime) -> None:
    """Note that a day's reminders have reached everybody."""
    Round.objects.filter(day=day, done_at__isnull=True).update(done_at=at)


@act
def remind_people(*, people: Iterable[User], on: date, at: datetime, since: date | None = None) -> int:
    """Tell each of some people in one message what is wanted of them, where today is a day to be reminded of it."""
    people = list(people)
    gone, stood = absences.away([one.pk for one in people], on), absences.stood_in_for(people, on)
    wanted = [
        _wanted(person, gone.get(person.pk), [one for one in stood if one.deputy == person], on) for person in people
    ]
    beats = rhythms(task.audit for _, tasks, _ in wanted for task in tasks)
    since = since or on - timedelta(days=1)
    letters = [(person, digest.compose(person.name, tasks, on, since, beats, leads)) for person, tasks, leads in wanted]
    return sum(_send_digest(person, letter, on, at) is not None for person, letter in letters if letter)


def _wanted(
    person: User, gone: absences.Away | None, stood: list[absences.Away], on: date
) -> tuple[User, list[Task], list[str]]:
    """What is wanted of a person: less what somebody stands in for while they are away, and with what they stand in
    for; and what to say of that."""
    own = [task for task in _tasks(person, on) if not (gone and gone.stands_in(task.duty))]
    there, leads = {task.url for task in own}, []
    for one in stood:
        theirs = [task for task in _tasks(one.user, on) if one.stands_in(task.duty)]
        own += [task for task in theirs if task.url not in there]
        leads += [one.lead] if theirs else []
    return person, own, leads


def _tasks(person: User, on: date) -> list[Task]:
    return [task for tasks in due_functions() for task in tasks(person, on)]


def _send_digest(person: User, letter: digest.Letter, on: date, at: datetime) -> Message:
    link = way_in(person)
    return post(
        key=f"digest:{person.pk}:{on}",
        to=person,
        subject=letter.subject,
        body=letter.body,
        path=link or "/",
        private=bool(link),
        at=at,
    )


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


def _nudge() -> None:
    async_task("candour.notices.jobs.send_due")


def _nudge_once() -> None:
    """Wake the worker when this transaction is through, once however many messages it posts."""
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] is _nudge for entry in waiting):
        transaction.on_commit(_nudge, robust=True)
