"""One reminder a person and working day, of what is wanted soon, without telling what it is."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django_q.models import OrmQ, Schedule

from candour.kernel.tasks import Task
from candour.notices import actions, digest, jobs, registry
from candour.notices.models import Message
from candour.people.tests import factories

MONDAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


def task(day: int, title: str = "Case 4 of the audit", month: int = 11, partnership: str = "Northmere") -> Task:
    return Task(title=title, url="/x/", due=date(2026, month, day), partnership=partnership)


@pytest.fixture
def due(monkeypatch):
    tasks: list[Task] = []
    monkeypatch.setattr(registry, "_due", {"test": lambda user, on: tasks})
    return tasks


def test_the_letter_counts_and_does_not_tell() -> None:
    letter = digest.compose("Ruth", [task(20), task(23), task(25), task(25), task(30)], MONDAY)
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
    assert digest.compose("Ruth", [task(30), Task(title="Some day", url="/")], MONDAY) is None


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
    assert actions.remind_person(person=w.chair, on=MONDAY, at=AT) is None


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
def test_schedules_are_made_once() -> None:
    registry.make_schedules()
    Schedule.objects.filter(name="Send the outbox").update(minutes=9, next_run=AT)
    registry.make_schedules()
    assert Schedule.objects.count() == 4
    outbox = Schedule.objects.get(name="Send the outbox")
    assert (outbox.minutes, outbox.next_run) == (1, AT)
