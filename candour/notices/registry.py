"""What the steps register at start-up: who has what due, and what must run every day."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from candour.kernel.clock import local, now
from candour.kernel.tasks import Rhythm, Task
from candour.people.models import User

Due = Callable[[User, date], Iterable[Task]]
Daily = Callable[[datetime], object]
Rhythms = Callable[[set[str]], dict[str, Rhythm]]
WayIn = Callable[[User], str]

_due: dict[str, Due] = {}
_daily: dict[str, Daily] = {}
_often: dict[str, Daily] = {}
_rounds: dict[str, Daily] = {}
_rhythms: dict[str, Rhythms] = {}
_ways_in: dict[str, WayIn] = {}


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def register_due(function: Due) -> Due:
    """Have a step's `tasks(user, on)` asked for each person's daily reminder."""
    _due[_name(function)] = function
    return function


def register_daily(function: Daily) -> Daily:
    """Have `function(at)` run once a day by the worker (retention, purges). It must not mind running twice."""
    _daily[_name(function)] = function
    return function


def register_often(function: Daily) -> Daily:
    """Have `function(at)` run every ten minutes by the worker. It must not mind running twice."""
    _often[_name(function)] = function
    return function


def register_rhythms(function: Rhythms) -> Rhythms:
    """Have a step say in which rhythm people are reminded of what is due in its audits, by their ids."""
    _rhythms[_name(function)] = function
    return function


def rhythms(audits: Iterable[str]) -> dict[str, Rhythm]:
    """The rhythm of each of these audits."""
    wanted = {pk for pk in audits if pk}
    found: dict[str, Rhythm] = {}
    for function in _rhythms.values() if wanted else ():
        found |= function(wanted)
    return found


def register_round(function: Daily) -> Daily:
    """Have `function(at)` run on working days in the morning, before people are reminded. It may run twice."""
    _rounds[_name(function)] = function
    return function


def round_functions() -> dict[str, Daily]:
    """Every function of the morning round by its name."""
    return dict(_rounds)


def register_way_in(function: WayIn) -> WayIn:
    """Have a step say by which link somebody comes in who has no other way."""
    _ways_in[_name(function)] = function
    return function


def way_in(person: User) -> str:
    """The link by which somebody comes in who has no other way; empty for whoever signs in."""
    return next((path for find in _ways_in.values() if (path := find(person))), "")


def due_functions() -> list[Due]:
    """Every step's function, in the order in which the steps registered."""
    return list(_due.values())


def daily_functions() -> dict[str, Daily]:
    """Every daily function by its name."""
    return dict(_daily)


def often_functions() -> dict[str, Daily]:
    """Every function that runs every ten minutes by its name."""
    return dict(_often)


def make_schedules(**_: object) -> None:
    """Have the worker's schedule in the database, each entry once, however often this runs."""
    from django_q.models import Schedule  # noqa: PLC0415 - its tables exist only once migrated

    every_minute = {"schedule_type": Schedule.MINUTES, "minutes": 1}
    plan = {
        "Send the outbox": ("candour.notices.jobs.send_due", every_minute, now()),
        "Every ten minutes": ("candour.notices.jobs.often", every_minute | {"minutes": 10}, now()),
        "Remind people": ("candour.notices.jobs.remind", {"schedule_type": Schedule.HOURLY}, _next(7, 30)),
        "Daily upkeep": ("candour.notices.jobs.upkeep", {"schedule_type": Schedule.DAILY}, _next(3, 15)),
    }
    for name, (func, how, first) in plan.items():
        fixed = {"func": func, "repeats": -1, **how}
        Schedule.objects.update_or_create(name=name, defaults=fixed, create_defaults={**fixed, "next_run": first})


def _next(hour: int, minute: int) -> datetime:
    """The next time that a London clock shows this."""
    at = local(now())
    first = at.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return first if first > at else first + timedelta(days=1)
