"""The timetable that is proposed: working days, bank holidays, school holidays, an inspection's pace."""

from datetime import date

from candour.focus.flow import MilestoneKind, Pace
from candour.focus.queries import proposed_timetable

MONDAY = date(2026, 9, 14)
HALF_TERM = (date(2026, 10, 26), date(2026, 10, 30))


def test_ordinary_pace_counts_working_days():
    dates = dict(proposed_timetable(MONDAY, Pace.ORDINARY))
    assert dates[MilestoneKind.LIST] == date(2026, 9, 28)
    assert dates[MilestoneKind.INVOLVEMENT] == date(2026, 10, 5)
    assert dates[MilestoneKind.RETURNS] == date(2026, 11, 4)
    assert list(dates) == MilestoneKind.values
    assert list(dates.values()) == sorted(dates.values())


def test_a_school_holiday_moves_what_follows_by_its_days():
    dates = dict(proposed_timetable(MONDAY, Pace.ORDINARY, [HALF_TERM]))
    assert dates[MilestoneKind.LIST] == date(2026, 9, 28)
    assert dates[MilestoneKind.RETURNS] == date(2026, 11, 11)


def test_bank_holidays_do_not_count():
    dates = dict(proposed_timetable(date(2026, 12, 21), Pace.COMPRESSED))
    assert dates[MilestoneKind.INVOLVEMENT] == date(2026, 12, 24)
    assert dates[MilestoneKind.RETURNS] == date(2027, 1, 5)


def test_an_inspection_is_done_in_ten_working_days():
    dates = dict(proposed_timetable(MONDAY, Pace.COMPRESSED))
    assert dates[MilestoneKind.DISCUSSION] == date(2026, 9, 28)


def test_a_sense_check_never_falls_on_a_weekend():
    assert all(day.weekday() < 5 for _, day in proposed_timetable(MONDAY, Pace.ORDINARY))
