"""What a step tells about itself to whoever shows it: the work it leaves with a person, and how far it is."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from candour.kernel.clock import add_working_days


@dataclass(frozen=True)
class Task:
    """One thing that a person must do, or may like to know, with the day it is wanted by."""

    title: str
    url: str
    due: date | None = None
    note: str = ""
    partnership: str = ""
    tag: str = ""
    tone: str = "grey"
    audit: str = ""
    """Whose rhythm of reminders it follows, by the audit's id; without one, the ordinary rhythm."""
    deadline: str = ""
    """The key of the deadline that it belongs to, which stands in the person's calendar by itself."""
    duty: tuple[str, str] = ("", "")
    """The role and, by id, the service whose work it is: whoever stands in there is reminded of it."""


REMINDERS = (-5, -1, 0, 1)
"""Working days from the day a thing is due on which a person is reminded of it, unless the audit says otherwise."""
ESCALATIONS = (3, 5)
"""Working days after it on which the agency's board member hears, unless the audit says otherwise."""
WEEK, WEEKS = 5, 4


@dataclass(frozen=True)
class Rhythm:
    """When people are reminded, in working days from the due date, and the pauses in which nobody is."""

    days: tuple[int, ...] = REMINDERS
    pauses: tuple[tuple[date, date], ...] = ()

    def quiet(self, on: date) -> bool:
        """Whether a day lies in one of the pauses."""
        return any(first <= on <= last for first, last in self.pauses)


@lru_cache(maxsize=20_000)
def reminder_days(due: date, rhythm: Rhythm) -> frozenset[date]:
    """The days on which somebody is reminded of what is due on a day: as set, then once a week for four weeks."""
    last = max(rhythm.days, default=0)
    weekly = tuple(last + WEEK * week for week in range(1, WEEKS + 1)) if last > 0 else ()
    return frozenset(add_working_days(due, days, rhythm.pauses) for days in (*rhythm.days, *weekly))


@dataclass(frozen=True)
class Stage:
    """How far one step of an audit is, in figures, and the one next act where there is one."""

    state: Literal["todo", "now", "done"]
    figures: str = ""
    next_text: str = ""
    next_url: str = ""
    url: str = ""
