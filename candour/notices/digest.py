"""The words of the daily reminder: how much is wanted by when, and never what it is about."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from candour.kernel.clock import add_working_days
from candour.kernel.tasks import Rhythm, Task, reminder_days

NOTICE = 5
"""How many working days ahead a reminder looks, once there is one."""
MOST = 10
"""So many days are told apart at most, so that a letter fits one screen."""
ORDINARY = Rhythm()
GIVEN = "What has not been given to you by name, the service's contact can give to you."
COUNTED = f"Their work is counted here. {GIVEN}"


@dataclass(frozen=True)
class Letter:
    """A subject and a body."""

    subject: str
    body: str


def compose(
    name: str,
    tasks: Iterable[Task],
    on: date,
    since: date | None = None,
    rhythms: Mapping[str, Rhythm] | None = None,
    leads: Iterable[str] = (),
) -> Letter | None:
    """What to tell a person today, or None where today is no day to be reminded of any of it.

    Days since the last round count as today: what it could not tell is told now. One letter tells of all that is
    wanted soon, in all partnerships, save in those whose school holidays it is.
    """
    beats = rhythms or {}
    dated = [
        (task.due, task.partnership, _beats(task.due, beats.get(task.audit, ORDINARY), on, since or _eve(on)))
        for task in tasks
        if task.due and not beats.get(task.audit, ORDINARY).quiet(on)
    ]
    if not any(now for _, _, now in dated):
        return None
    until = add_working_days(on, NOTICE)
    soon = sorted((due, partnership) for due, partnership, now in dated if now or due <= until)
    lines = [f"Dear {name}," if name else "Hello,", "", f"{_things(len(soon))} you soon.".capitalize()]
    lines += _by_partnership(soon, on)
    if later := len(dated) - len(soon):
        lines += ["", f"{later} more {'is' if later == 1 else 'are'} due later."]
    lines += [part for lead in leads for part in ("", f"{lead} {COUNTED}")]
    lines += ["", "Your list says what each is. For safety this message does not. Sign in to see it:"]
    homes = sorted({partnership for _, partnership in soon})
    lead = homes[0] if len(homes) == 1 and homes[0] else "Your work"
    return Letter(f"{lead}: {_things(len(soon))} you, the first {_by(soon[0][0], on)}", "\n".join(lines))


def instead(name: str, lead: str, partnership: str) -> Letter:
    """What to tell whoever stands in when something comes for a person who is away: that it came, never about whom.

    What was meant for the one may be closed to the other, and leads to a page that opens only to the one.
    """
    said = f"{lead}Work for {name} has come while they are away. {GIVEN}"
    return Letter(f"{partnership or 'Your work'}: work for {name} has come", said)


def _eve(on: date) -> date:
    return date.fromordinal(on.toordinal() - 1)


def _beats(due: date, rhythm: Rhythm, on: date, since: date) -> bool:
    return any(since < day <= on for day in reminder_days(due, rhythm))


def _by_partnership(soon: list[tuple[date, str]], on: date) -> list[str]:
    """The days under each partnership's name; where they are many, each partnership has one line."""
    counts: dict[str, Counter[date]] = {}
    for due, partnership in soon:
        counts.setdefault(partnership, Counter())[due] += 1
    lines: list[str] = []
    if sum(len(days) for days in counts.values()) <= MOST and len(counts) <= MOST // 3:
        for partnership, days in sorted(counts.items()):
            lines += ["", partnership] if partnership else [""]
            lines += [f"- {count} {_by(due, on)}" for due, count in sorted(days.items())]
        return lines
    rows = sorted((min(days), partnership, sum(days.values())) for partnership, days in counts.items())
    lines = [f"- {name or 'Your work'}: {many}, the first {_by(first, on)}" for first, name, many in rows[:MOST]]
    left = sum(many for _, _, many in rows[MOST:])
    return ["", *lines, *([f"- elsewhere: {left}"] if left else [])]


def _things(count: int) -> str:
    return "one thing needs" if count == 1 else f"{count} things need"


def _by(due: date, on: date) -> str:
    if due == on:
        return "today"
    day = f"{due:%A} {due.day} {due:%B}"
    return f"was wanted by {day}" if due < on else f"by {day}"
