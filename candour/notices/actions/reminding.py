"""The morning's round: each person hears once what is wanted of them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from candour.kernel.tasks import Task
from candour.notices import absences, digest
from candour.notices.actions.outbox import post
from candour.notices.models import Message, Round
from candour.notices.registry import due_functions, rhythms, way_in
from candour.people.models import User
from candour.trail.act import act

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
