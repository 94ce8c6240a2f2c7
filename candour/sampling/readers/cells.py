"""Cells as case systems write them: text, identifiers, dates, and the many spellings of nothing."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

UNKNOWN = frozenset(
    [
        *[
            "null",
            "none",
            "nil",
            "nan",
            "n/a",
            "na",
            "#n/a",
            "#na",
            "#value!",
            "#ref!",
            "#name?",
            "#div/0!",
            "#null!",
            "#num!",
            "-",
            "--",
            "---",
            ".",
            "..",
            "...",
            "–",
            "—",
            "?",
            "xx",
        ],
        *("", "unknown", "not known", "not recorded", "not stated", "withheld", "tbc", "missing", "blank", "(blank)"),
        *(
            "not available",
            "not applicable",
            "unk",
            "n/k",
            "nk",
            "n.k.",
            "n.a.",
            "not given",
            "not provided",
            "no data",
        ),
        *(
            "unspecified",
            "undefined",
            "tba",
            "awaiting",
            "<null>",
            "(null)",
            "[null]",
            "nul",
            "n\\a",
            "not yet known",
            "*",
        ),
        *("00/00/0000", "0000-00-00", "dd/mm/yyyy", "not entered", "????", "??", "n/a.", "don't know", "dont know"),
    ]
)
ERROR = "#N/A"  # stands for any error value of a spreadsheet
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f\ufeff\u200b]+")
_WHOLE = re.compile(r"\d+\.0+")
_BROKEN = re.compile(r"\d+\.\d{1,3}")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_AS_TEXT = re.compile(r'="?([^"]*)"?')
_NOTE = re.compile(r"[A-Za-z*]{3,}[:,.]?\s")
_NUMBERED = re.compile(r"^[a-zA-Z]{1,2}\)\s*")


def text(value: Any) -> str:
    """Give a cell as text, trimmed, a whole number without its decimals."""
    if isinstance(value, str):
        return _SPACES.sub(" ", value).strip()
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return "" if value is None else str(value)


def known(value: Any) -> str:
    """Give a cell as text, empty where it says in one way or another that nothing is known."""
    said = text(value)
    return "" if said.casefold() in UNKNOWN else said


def bare(value: Any) -> str:
    """Give a code in lower case without its "a) " prefix."""
    return _bare(value) if isinstance(value, str) else known(value).casefold()


@lru_cache(maxsize=8192)
def _bare(said: str) -> str:
    return _NUMBERED.sub("", known(said)).casefold()


def key_of(heading: Any) -> str:
    """Give a heading without case, spaces, punctuation or quotation marks."""
    return "".join(letter for letter in text(heading).casefold() if letter.isalnum())


def identifier(value: Any) -> tuple[str, str]:
    """Give a child's number as text, or why it cannot be one."""
    if isinstance(value, float):
        if value.is_integer() and 0 <= value < 1e15:
            return str(int(value)), ""
        return "", "is not a whole number" if value < 1e15 else "has more digits than the spreadsheet kept"
    if isinstance(value, bool | date | time | timedelta):
        return "", "is not a child's number"
    if isinstance(value, int):
        return str(value), ""
    said = _unwrapped(known(value))
    if not said:
        return "", "has an error or says that nothing is known" if text(value) else "is blank"
    return _identifier(said)


def _unwrapped(said: str) -> str:
    """Give what a spreadsheet was meant to see as text: ="0012" or '0012."""
    if found := _AS_TEXT.fullmatch(said):
        return known(found[1])
    return said[1:].strip() if said.startswith("'") else said


@lru_cache(maxsize=4096)
def looks_like_a_note(number: str) -> bool:
    """Say whether something in the place of a number reads like words."""
    return _NOTE.match(number) is not None


@lru_cache(maxsize=4096)
def _identifier(said: str) -> tuple[str, str]:
    if said.casefold() in ("total", "totals", "grand total", "end", "end of list", "count"):
        return "", "is a total, not a child"
    if _WHOLE.fullmatch(said):
        return said.split(".")[0], ""
    if _BROKEN.fullmatch(said):
        return "", "is not a whole number"
    if _SCIENTIFIC.fullmatch(said):
        return "", "is a number whose digits the spreadsheet has cut off"
    if len(said) > 40 or not any(letter.isalnum() for letter in said):
        return "", "is not a child's number"
    return said, ""


# Dates ----------------------------------------------------------------------------------------

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"(19\d\d|20\d\d)([01]\d)([0-3]\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[T ,].*)?")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2}(?: .*)?")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/., ]*([A-Za-z]{3,9})[-/., ]*(\d{4})(?:[T ,].*)?")
_MONTH_FIRST_WORDS = re.compile(r"([A-Za-z]{3,9})[-. ]*(\d{1,2})(?:st|nd|rd|th)?[-., ]+(\d{4})(?:[T ,].*)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?,? ", re.IGNORECASE)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_EPOCH = date(1899, 12, 30)

NOT_A_DATE = "is not a date that can be read"
TWO_DIGITS = "has a year of two digits, which could be read in several ways"
MONTH_FIRST = "has the month before the day"
EITHER_WAY = "could be read day first or month first, and this column has dates with the month first"
IMPOSSIBLE = "is a day that does not exist"

Dated = tuple[date | None, str]


def a_date(value: Any) -> Dated:
    """Give a cell as a date; or nothing, and why not where something stands there."""
    if isinstance(value, str):
        return _read_date(value) if value else (None, "")
    if isinstance(value, datetime):
        return _in_range(value.date())
    if isinstance(value, date):
        return _in_range(value)
    if isinstance(value, bool | time | timedelta):
        return None, NOT_A_DATE
    if isinstance(value, int | float):
        return _from_number(value)
    return None, ""


@lru_cache(maxsize=65536)
def _read_date(raw: str) -> Dated:
    said = _WEEKDAY.sub("", known(raw))
    if not said:
        return None, ""
    if found := _ISO.fullmatch(said) or _COMPACT.fullmatch(said):
        return _date(*map(int, found.groups()))
    if found := _DAY_FIRST.fullmatch(said):
        day, month, year = map(int, found.groups())
        if month > 12 >= day:
            return None, MONTH_FIRST
        return _date(year, month, day)
    if _SHORT_YEAR.fullmatch(said):
        return None, TWO_DIGITS
    if found := _WORDS.fullmatch(said):
        return _date(int(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST_WORDS.fullmatch(said):
        return _date(int(found[3]), _month(found[1]), int(found[2]))
    if _SERIAL.fullmatch(said):
        return _from_number(float(said))
    return None, NOT_A_DATE


def _month(word: str) -> int:
    lower = word.casefold()
    return next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(lower) or (lower == "sept" and n == 9)), 0)


def _date(year: int, month: int, day: int) -> Dated:
    if year == 9999 or (year, month, day) == (1900, 1, 1):
        return None, ""  # what databases write for a day that is not known, or has not come
    if not 1900 <= year <= 2199 or not month:
        return None, NOT_A_DATE
    try:
        return date(year, month, day), ""
    except ValueError:
        return None, IMPOSSIBLE


def _from_number(number: float) -> Dated:
    if 10000 <= number < 80000:
        return _EPOCH + timedelta(days=int(number)), ""
    whole = str(int(number)) if float(number).is_integer() and 1e7 <= number < 1e8 else ""
    if found := _COMPACT.fullmatch(whole):
        return _date(*map(int, found.groups()))
    return None, NOT_A_DATE


def _in_range(value: date) -> Dated:
    year = value.year
    if 1900 < year <= 2199:
        return value, ""
    return _date(year, value.month, value.day)


@lru_cache(maxsize=65536)
def month_first(raw: str) -> bool:
    """Say whether a text can only be a date with the month before the day."""
    return _read_date(raw)[1] == MONTH_FIRST


@lru_cache(maxsize=65536)
def either_way(raw: str) -> bool:
    """Say whether a text could be read with the day or with the month first."""
    found = _DAY_FIRST.fullmatch(known(raw))
    return found is not None and int(found[1]) <= 12 and int(found[2]) <= 12 and found[1] != found[2]
