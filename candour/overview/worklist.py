"""The work list: what every step leaves with a person, put together by day. No database."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from candour.kernel.tasks import Task
from candour.ui.tones import tone as tone_of

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


LOUD = ("amber", "red")


@dataclass(frozen=True)
class Stretch:
    """A stretch of days with what is wanted in it."""

    title: str
    tasks: tuple[Task, ...]


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """What cannot wait first, then by day, what has no day last; within a day as the steps told it."""
    return sorted(tasks, key=lambda task: (task.tone != "red", task.due is None, task.due or date.max))


def stretches(tasks: Iterable[Task], on: date, *, name_partnerships: bool) -> list[Stretch]:
    """Today (with what was due before), the rest of this week, later, and without a day."""
    sunday = on + timedelta(days=6 - on.weekday())
    titles = {
        0: f"Today, {on:%A} {on.day} {on:%B}",
        1: "This week",
        2: "Later",
        3: "Without a date",
    }

    def place(task: Task) -> int:
        if task.due is None:
            return 3
        return 0 if task.due <= on else 1 if task.due <= sunday else 2

    dressed = [(place(task), dress(task, on, name_partnerships=name_partnerships)) for task in tasks]
    found = [Stretch(titles[at], tuple(task for where, task in dressed if where == at)) for at in titles]
    return [stretch for stretch in found if stretch.tasks]


def dress(task: Task, on: date, *, name_partnerships: bool) -> Task:
    """A task as the list shows it: its day as the tag, or in the note where the step said something louder."""
    task = replace(task, title=task.title.rstrip("."))
    note = task.note
    if name_partnerships and task.partnership:
        note = f"{note} · {task.partnership}" if note else task.partnership
    if task.due is None:
        return replace(task, note=note)
    tag, tone = due_words(task.due, on)
    if task.tag and tone_of(task.tone) in LOUD:
        day = f"{tag[0].lower()}{tag[1:]}"
        return replace(task, note=f"{note} · {day}" if note else day)
    if task.tag:
        note = f"{task.tag} · {note}" if note else task.tag
    return replace(task, note=note, tag=tag, tone=tone)


def due_words(due: date, on: date) -> tuple[str, str]:
    """A date as a tag; one that has passed says so without scolding."""
    if due == on:
        return "Due today", "amber"
    year = f" {due.year}" if due.year != on.year else ""
    words = f"{due:%a} {due.day} {due:%b}{year}"
    return (f"Was due {words}", "amber") if due < on else (f"Due {words}", "grey")


def opening(tasks: list[Task], on: date) -> str:
    """One sentence above the list."""
    if not tasks:
        return "Nothing needs you now. When something does, it stands here, and a message says so."
    count = len(tasks)
    things = f"{in_words(count)} thing{'s' if count > 1 else ''}"
    now = sum(task.due is not None and task.due <= on for task in tasks)
    if not now:
        return f"{things.capitalize()}, none of {'them' if count > 1 else 'it'} due today."
    if now == count:
        return f"{things.capitalize()}, due by today."
    return f"{things.capitalize()}, {in_words(now)} of them due by today."


def in_words(count: int) -> str:
    """A small number in words, a large one in figures."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"
