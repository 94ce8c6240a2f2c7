from datetime import UTC, date, datetime

import pytest

from candour.kernel.clock import add_working_days, is_working_day, today


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Christmas Day, and Boxing Day's substitute
        (date(2026, 11, 30), -1, date(2026, 11, 27)),
        (date(2026, 11, 28), 0, date(2026, 11, 30)),
        (date(2026, 11, 27), 0, date(2026, 11, 27)),
    ],
)
def test_working_days(day, count, expected):
    assert add_working_days(day, count) == expected


def test_a_pause_is_no_working_time():
    pause = [(date(2026, 10, 26), date(2026, 10, 30))]
    assert add_working_days(date(2026, 10, 23), 1, pause) == date(2026, 11, 2)
    assert not is_working_day(date(2026, 10, 30), pause)


def test_the_day_is_londons():
    assert today(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)
