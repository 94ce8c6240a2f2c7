"""The words of the daily reminder: how much is wanted by when, and never what it is about."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from candour.kernel.clock import add_working_days
from candour.kernel.tasks import Task

NOTICE = 2
"""How many working days ahead a reminder looks."""


@dataclass(frozen=True)
class Letter:
    """A subject and a body."""

    subject: str
    body: str


def compose(name: str, tasks: Iterable[Task], on: date) -> Letter | None:
    """What to tell a person today, or None where nothing is wanted within two working days."""
    dated = sorted((task.due, task.partnership) for task in tasks if task.due)
    until = add_working_days(on, NOTICE)
    soon = [(due, partnership) for due, partnership in dated if due <= until]
    if not soon:
        return None
    partnerships = sorted({partnership for _, partnership in soon})
    lead = partnerships[0] if len(partnerships) == 1 and partnerships[0] else "Your work"
    lines = [f"Dear {name}," if name else "Hello,", "", f"{_things(len(soon))} you soon.".capitalize()]
    for partnership in partnerships:
        counts = Counter(due for due, where in soon if where == partnership)
        lines += ["", partnership] if partnership else [""]
        lines += [f"- {count} {_by(due, on)}" for due, count in sorted(counts.items())]
    if later := len(dated) - len(soon):
        lines += ["", f"{later} more {'is' if later == 1 else 'are'} due later."]
    lines += ["", "Your list says what each is. For safety this message does not. Sign in to see it:"]
    first = soon[0][0]
    return Letter(f"{lead}: {_things(len(soon))} you, the first {_by(first, on)}", "\n".join(lines))


def _things(count: int) -> str:
    return "one thing needs" if count == 1 else f"{count} things need"


def _by(due: date, on: date) -> str:
    if due == on:
        return "today"
    day = f"{due:%A} {due.day} {due:%B}"
    return f"was wanted by {day}" if due < on else f"by {day}"
