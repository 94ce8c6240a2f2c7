"""Meetings and deadlines, and those invited to them: each hears of it once, of every change, and of its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.signing import BadSignature, Signer
from django.db.models import Prefetch
from django.urls import reverse

from candour.access.viewer import viewer_of
from candour.kernel.clock import LONDON, today
from candour.notices import calendar
from candour.notices.models import Appointment, Feed, Invitee
from candour.notices.registry import due_functions
from candour.people.models import Grant, User

_signer = Signer(salt="candour.calendar", sep=".")
PAST = timedelta(days=60)
"""So long a meeting that is over stays in a person's calendar."""


@dataclass(frozen=True)
class Deadline:
    """What a step says of one of its days now: of whom something is still wanted by it, and who is through with it."""

    key: str
    on: date | None
    """None where the whole of it is over."""
    people: tuple[User, ...] = ()
    done: tuple[User, ...] = ()


def deadlines(start: str) -> dict[str, Appointment]:
    """The deadlines whose keys begin so and which are not over, each with those who have it in their calendars."""
    live = Prefetch("invitees", Invitee.objects.filter(withdrawn_at__isnull=True), to_attr="live")
    rows = Appointment.objects.filter(key__startswith=start, deadline=True, cancelled_at__isnull=True)
    return {one.key: one for one in rows.order_by("key").prefetch_related(live)}


def is_news(made: Appointment, said: Deadline) -> bool:
    """Whether what a step says of a day is not what stands in the calendars."""
    live = {one.user_id for one in made.live}  # type: ignore[attr-defined]
    wanted, done = ({one.pk for one in people if one.is_active} for people in (said.people, said.done))
    return said.on != made.on or not wanted <= live <= wanted | done


def span(on: date, starts: time | None, minutes: int) -> tuple[datetime, datetime] | tuple[None, None]:
    """From when to when, as London's clocks have it; without a time the whole day."""
    if starts is None:
        return None, None
    begins = datetime.combine(on, starts, LONDON)
    return begins, begins + timedelta(minutes=minutes)


def invited(appointment: Appointment) -> dict[str, Invitee]:
    """Everybody who was ever invited, those no longer invited too."""
    return {one.user_id: one for one in Invitee.objects.filter(appointment=appointment).select_related("user")}


def of(user: User, on: date) -> list[Appointment]:
    """The meetings and deadlines that a person is invited to, those cancelled too, until they are long past."""
    rows = Appointment.objects.filter(
        invitees__user=user, invitees__withdrawn_at__isnull=True, on__gte=on - PAST,
        partnership__in=viewer_of(user).partnerships,
    )  # fmt: skip
    return list(rows.select_related("partnership").order_by("on", "pk"))


def days_of(user: User, on: date) -> list[calendar.Day]:
    """What every step wants of a person, counted by day and partnership, save what a deadline in it says already."""
    counts: dict[tuple[date, str], int] = {}
    said = {one.key for one in of(user, on) if one.deadline and not one.cancelled_at}
    for tasks in due_functions():
        for task in tasks(user, on):
            if task.due and task.deadline not in said:
                counts[task.due, task.partnership] = counts.get((task.due, task.partnership), 0) + 1
    made = []
    for place, ((due, home), many) in enumerate(sorted(counts.items())):
        text = f"{home or 'Your work'}: {many} {'thing is' if many == 1 else 'things are'} due"
        made.append(calendar.Day(f"{user.pk}-{due:%Y%m%d}-{_mark(home) or place}@{calendar.domain()}", due, text))
    return made


def _mark(home: str) -> str:
    return "".join(letter for letter in home.lower() if letter.isalnum())[:24]


def address(feed: Feed) -> str:
    """The path of a person's private calendar; a new number makes the old address worthless."""
    return reverse("notices:feed", args=[_signer.sign(f"{feed.user_id}.{feed.number}")])


def owner(token: str) -> User | None:
    """Whose calendar an address opens: an active person with a role; None for a damaged or replaced address."""
    try:
        pk, _, number = _signer.unsign(token).partition(".")
    except BadSignature:
        return None
    feed = Feed.objects.filter(user=pk, number=int(number), user__is_active=True).select_related("user").first()
    held = feed is not None and Grant.objects.in_force(today()).filter(user=pk).exists()
    return feed.user if feed and held else None


def guests(people: Iterable[User | None]) -> dict[str, User]:
    """Each of some people once, by id."""
    return {person.pk: person for person in people if person is not None and person.is_active}
