"""One reminder a person and working day, of what is wanted soon, without telling what it is."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django_q.models import OrmQ, Schedule

from candour.kernel.tasks import Rhythm, Task
from candour.notices import actions, digest, jobs, registry
from candour.notices.models import Message, Round
from candour.people.tests import factories

MONDAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


def task(day: int, title: str = "Case 4 of the audit", month: int = 11, partnership: str = "Northmere") -> Task:
    return Task(title=title, url="/x/", due=date(2026, month, day), partnership=partnership)


@pytest.fixture
def due(monkeypatch):
    tasks: list[Task] = []
    monkeypatch.setattr(registry, "_due", {"test": lambda user, on: tasks})
    monkeypatch.setattr(registry, "_rounds", {})
    return tasks


def test_the_letter_counts_and_does_not_tell() -> None:
    letter = digest.compose("Ruth", [task(20), task(23), task(25), task(25), task(1, month=12)], MONDAY)
    assert letter is not None
    assert letter.subject == "Northmere: 4 things need you, the first was wanted by Friday 20 November"
    assert "- 2 by Wednesday 25 November" in letter.body
    assert "- 1 today" in letter.body
    assert "1 more is due later." in letter.body
    assert "Case 4" not in letter.body


def test_two_partnerships_stand_apart() -> None:
    letter = digest.compose("", [task(23), task(24, partnership="Southmere")], MONDAY)
    assert letter is not None
    assert letter.subject == "Your work: 2 things need you, the first today"
    assert letter.body.index("Northmere\n- 1 today") < letter.body.index("Southmere\n- 1 by Tuesday 24 November")


def test_nothing_is_said_of_what_is_far_off_or_undated() -> None:
    assert digest.compose("Ruth", [task(4, month=12), Task(title="Some day", url="/")], MONDAY) is None


@pytest.mark.django_db
def test_one_reminder_a_person_and_day(due) -> None:
    w = factories.world()
    due.append(task(24))
    with time_machine.travel(AT):
        jobs.remind()
        jobs.remind()
    assert Message.objects.filter(to_user=w.coordinator).count() == 1
    assert Message.objects.get(to_user=w.coordinator).key == f"digest:{w.coordinator.pk}:2026-11-23"


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-11-22", "2026-12-25", "2026-12-28"])
def test_weekends_and_bank_holidays_are_quiet(due, day: str) -> None:
    factories.world()
    due.append(task(20))
    with time_machine.travel(datetime.fromisoformat(f"{day}T07:30+00:00")):
        jobs.remind()
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_somebody_whose_roles_have_ended_hears_nothing(due) -> None:
    w = factories.world()
    w.chair.grants.update(ends_on=date(2026, 11, 22))
    due.append(task(24))
    with time_machine.travel(AT):
        jobs.remind()
    assert not Message.objects.filter(to_user=w.chair).exists()
    assert Message.objects.exists()


@pytest.mark.django_db
def test_people_are_reminded_in_batches_and_late_batches_do_nothing(due, monkeypatch) -> None:
    factories.world()
    due.append(task(24))
    monkeypatch.setattr(jobs, "PEOPLE", 5)
    with time_machine.travel(AT):
        jobs.remind()
        assert (Message.objects.count(), OrmQ.objects.count()) == (5, 1)
        OrmQ.objects.all().delete()
        jobs.remind_some("2026-11-20", "")
    assert (Message.objects.count(), OrmQ.objects.count()) == (5, 0)


@pytest.mark.django_db
def test_nothing_due_is_no_message(due) -> None:
    w = factories.world()
    assert actions.remind_people(people=[w.chair], on=MONDAY, at=AT) == 0


@pytest.mark.django_db
def test_daily_functions_are_queued_one_by_one(monkeypatch) -> None:
    ran = []
    monkeypatch.setattr(registry, "_daily", {})
    registry.register_daily(ran.append)
    jobs.upkeep()
    assert OrmQ.objects.count() == 1
    name = next(iter(registry.daily_functions()))
    with time_machine.travel(AT, tick=False):
        jobs.run_daily(name)
        jobs.run_daily("gone")
    assert ran == [AT]


@pytest.mark.django_db
def test_what_runs_every_ten_minutes_is_queued_one_by_one(monkeypatch) -> None:
    ran = []
    monkeypatch.setattr(registry, "_often", {})
    registry.register_often(lambda at: 1 / 0)
    registry.register_often(ran.append)
    jobs.often()
    assert OrmQ.objects.count() == 2
    fails, works = registry.often_functions()
    with pytest.raises(ZeroDivisionError):
        jobs.run_often(fails)
    with time_machine.travel(AT, tick=False):
        jobs.run_often(works)
        jobs.run_often("gone")
    assert ran == [AT]


@pytest.mark.django_db
def test_schedules_are_made_once() -> None:
    registry.make_schedules()
    Schedule.objects.filter(name="Send the outbox").update(minutes=9, next_run=AT)
    registry.make_schedules()
    assert Schedule.objects.count() == 4
    outbox = Schedule.objects.get(name="Send the outbox")
    assert (outbox.minutes, outbox.next_run) == (1, AT)


def days_told(due: date, rhythm: Rhythm | None = None) -> list[date]:
    """The days from four weeks before to eight weeks after on which a person hears of one thing, morning by morning."""
    one, beats = Task("x", "/x/", due=due, audit="a"), {"a": rhythm or Rhythm()}
    days = (due + timedelta(days=days) for days in range(-28, 57))
    return [day for day in days if digest.compose("", [one], day, None, beats)]


def test_the_first_reminder_does_not_silence_the_second() -> None:
    told = days_told(date(2026, 11, 18))
    assert told[:4] == [date(2026, 11, 11), date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 19)]
    assert told[4:] == [date(2026, 11, 26), date(2026, 12, 3), date(2026, 12, 10), date(2026, 12, 17)]


def test_working_days_are_counted_over_christmas_and_the_end_of_a_year() -> None:
    assert days_told(date(2027, 1, 4))[:3] == [date(2026, 12, 23), date(2026, 12, 31), date(2027, 1, 4)]


def test_working_days_are_counted_over_easter_and_the_change_to_summer_time() -> None:
    assert days_told(date(2027, 3, 31))[:4] == [
        date(2027, 3, 22),
        date(2027, 3, 30),
        date(2027, 3, 31),
        date(2027, 4, 1),
    ]


def test_school_holidays_are_quiet_for_their_own_partnership_alone() -> None:
    holidays = Rhythm(pauses=((date(2026, 12, 21), date(2027, 1, 3)),))
    assert days_told(date(2027, 1, 4), holidays)[:3] == [date(2026, 12, 14), date(2026, 12, 18), date(2027, 1, 4)]
    here = Task("x", "/", due=date(2026, 12, 23), partnership="Northmere", audit="a")
    there = Task("x", "/", due=date(2026, 12, 23), partnership="Southmere", audit="b")
    letter = digest.compose("", [here, there], date(2026, 12, 23), None, {"a": holidays})
    assert letter is not None
    assert letter.subject == "Southmere: one thing needs you, the first today"


def test_an_audit_has_its_own_days() -> None:
    assert days_told(date(2026, 11, 18), Rhythm(days=(-3,))) == [date(2026, 11, 13)]
    assert days_told(date(2026, 11, 18), Rhythm(days=())) == []


def test_forty_tasks_fit_one_screen() -> None:
    homes = [f"The {name} Safeguarding Children Partnership" for name in ("North", "South", "East", "West", "Middle")]
    tasks = [
        Task("x", "/", due=MONDAY + timedelta(days=number % 23 - 9), partnership=homes[number % 5])
        for number in range(40)
    ]
    for some in (tasks, [task for task in tasks if task.partnership == homes[0]], tasks[:4]):
        letter = digest.compose("Ruth", some, MONDAY)
        assert letter is not None
        lines = letter.body.splitlines()
        assert len(lines) <= 22
        assert all(len(line) <= 100 for line in lines)
    named = digest.compose("Ruth", tasks, MONDAY)
    assert named is not None
    assert all(home in named.body for home in homes)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("instant", "heard"),
    [
        ("2027-03-25T06:30+00:00", False),  # half past six in winter
        ("2027-03-25T07:30+00:00", True),
        ("2027-03-30T06:30+00:00", True),  # half past seven in summer
        ("2027-03-30T05:30+00:00", False),
        ("2027-03-30T18:30+00:00", False),  # half past seven in the evening
        ("2027-03-26T09:00+00:00", False),  # Good Friday
        ("2027-03-29T09:00+00:00", False),  # Easter Monday
        ("2026-12-31T22:00+00:00", False),
        ("2027-01-01T09:00+00:00", False),
    ],
)
def test_nobody_hears_at_night_whatever_the_clock_is_set_to(due, instant: str, heard: bool) -> None:
    person = factories.user("Ruth")
    factories.grant(person, factories.Role.COORDINATOR, partnership=factories.partnership())
    at = datetime.fromisoformat(instant)
    due.append(Task("x", "/", due=at.date(), partnership="Northmere"))
    with time_machine.travel(at, tick=False):
        jobs.remind()
        jobs.remind()
    assert Message.objects.count() == (1 if heard else 0)


@pytest.mark.django_db
def test_what_a_lost_day_left_out_is_told_on_the_next(due) -> None:
    person = factories.user("Ruth")
    factories.grant(person, factories.Role.COORDINATOR, partnership=factories.partnership())
    due.append(task(1, month=12))  # five working days before it is Tuesday the 24th
    for day in (23, 25, 26):
        with time_machine.travel(AT.replace(day=day), tick=False):
            jobs.remind()
    assert [one.key[-10:] for one in Message.objects.order_by("key")] == ["2026-11-25"]
    assert Round.objects.filter(done_at__isnull=False).count() == 3


@pytest.mark.django_db
def test_a_round_that_stopped_half_way_begins_again_later_and_nobody_hears_twice(due, monkeypatch) -> None:
    factories.world()
    due.append(task(24))
    monkeypatch.setattr(jobs, "PEOPLE", 5)
    with time_machine.travel(AT, tick=False):
        jobs.remind()
    OrmQ.objects.all().delete()  # the worker died
    monkeypatch.setattr(jobs, "PEOPLE", 50)
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        jobs.remind()
        assert Message.objects.count() == 5
    with time_machine.travel(AT + timedelta(hours=2), tick=False):
        jobs.remind()
    keys = list(Message.objects.values_list("to_user", flat=True))
    assert len(keys) == len(set(keys)) == 24


@pytest.mark.django_db
def test_functions_of_the_morning_run_once_and_on_their_day(due) -> None:
    ran: list[datetime] = []
    registry.register_round(ran.append)
    name = next(iter(registry.round_functions()))
    with time_machine.travel(AT, tick=False):
        jobs.remind()
        assert OrmQ.objects.count() == 1
        jobs.run_round(name, "2026-11-23")
        jobs.run_round(name, "2026-11-20")
        jobs.run_round("gone", "2026-11-23")
    assert ran == [AT]
