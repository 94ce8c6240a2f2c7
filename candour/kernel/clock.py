"""One clock, passed in: instants in UTC, days in London, and the working days of England."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
Pauses = Iterable[tuple[date, date]]


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def local(at: datetime) -> datetime:
    """The instant as a London wall clock shows it."""
    return at.astimezone(LONDON)


def today(at: datetime | None = None) -> date:
    """The date in London at an instant, by default now."""
    return local(at or now()).date()


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - a tenth of the time that starting takes, for what few pages ask

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year).keys())


def is_working_day(day: date, pauses: Pauses = ()) -> bool:
    """Monday to Friday, no bank holiday of England, in none of the pauses (first and last day inclusive)."""
    if day.weekday() > 4 or day in _bank_holidays(day.year):
        return False
    return not any(first <= day <= last for first, last in pauses)


def add_working_days(day: date, count: int, pauses: Pauses = ()) -> date:
    """The working day `count` working days after (or, negative, before) a date; 0 gives the next one from it."""
    pauses = tuple(pauses)
    step = timedelta(days=-1 if count < 0 else 1)
    left = abs(count)
    if left == 0:
        while not is_working_day(day, pauses):
            day += step
    while left:
        day += step
        if is_working_day(day, pauses):
            left -= 1
    return day
