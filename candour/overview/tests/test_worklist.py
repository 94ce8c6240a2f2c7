"""The work list by day, and the sentence above it."""

from datetime import date

import pytest

from candour.kernel.tasks import Task
from candour.overview.worklist import due_words, in_order, opening, stretches

MONDAY = date(2026, 11, 23)


def task(due: date | None, title: str = "Answer", **more: str) -> Task:
    return Task(title=title, url="/", due=due, **more)


def test_tasks_stand_by_day_and_those_without_one_last():
    days = [date(2026, 12, 8), None, date(2026, 11, 20), MONDAY]
    assert [t.due for t in in_order(map(task, days))] == [date(2026, 11, 20), MONDAY, date(2026, 12, 8), None]


def test_what_cannot_wait_stands_before_what_has_been_wanted_longer():
    late, now = task(date(2026, 11, 2), "Late"), task(MONDAY, "A child may be unsafe now", tag="Now", tone="red")
    assert in_order([late, now]) == [now, late]
    assert [one.title for one in stretches(in_order([late, now]), MONDAY, name_partnerships=False)[0].tasks] == [
        now.title,
        late.title,
    ]


def test_the_stretches_of_days():
    days = [date(2026, 11, 20), MONDAY, date(2026, 11, 29), date(2026, 11, 30), None]
    found = stretches(map(task, days), MONDAY, name_partnerships=False)
    assert [(s.title, len(s.tasks)) for s in found] == [
        ("Today, Monday 23 November", 2),
        ("This week", 1),
        ("Later", 1),
        ("Without a date", 1),
    ]


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (MONDAY, ("Due today", "amber")),
        (date(2026, 11, 26), ("Due Thu 26 Nov", "grey")),
        (date(2026, 11, 19), ("Was due Thu 19 Nov", "amber")),
        (date(2027, 1, 4), ("Due Mon 4 Jan 2027", "grey")),
    ],
)
def test_a_date_in_words_never_scolds(due, words):
    assert due_words(due, MONDAY) == words


def test_a_steps_own_tag_stays_and_the_partnership_is_named_where_there_are_more():
    (found,) = stretches(
        [task(MONDAY, tag="Wait", tone="amber", partnership="Northmere")], MONDAY, name_partnerships=True
    )
    assert (found.tasks[0].tag, found.tasks[0].note) == ("Wait", "Northmere · due today")
    (found,) = stretches([task(date(2026, 11, 26), tag="Sent back", tone="amber")], MONDAY, name_partnerships=False)
    assert (found.tasks[0].tag, found.tasks[0].note) == ("Sent back", "due Thu 26 Nov")
    (found,) = stretches([task(None, note="3 children", partnership="Northmere")], MONDAY, name_partnerships=True)
    assert (found.tasks[0].tag, found.tasks[0].note) == ("", "3 children · Northmere")


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ([], "Nothing needs you now. When something does, it stands here, and a message says so."),
        ([None], "One thing, none of it due today."),
        ([MONDAY, None], "Two things, one of them due by today."),
        ([MONDAY] * 2, "Two things, due by today."),
        ([None] * 1500, "1,500 things, none of them due today."),
    ],
)
def test_the_sentence_above(days, sentence):
    assert opening([task(day) for day in days], MONDAY) == sentence


def test_a_quiet_word_of_the_step_makes_room_for_the_day():
    (found,) = stretches([task(MONDAY, tag="Involvement", note="5 of 30")], MONDAY, name_partnerships=False)
    assert (found.tasks[0].tag, found.tasks[0].note) == ("Due today", "Involvement · 5 of 30")
    (found,) = stretches([task(MONDAY, tag="Draft")], MONDAY, name_partnerships=False)
    assert found.tasks[0].note == "Draft"
