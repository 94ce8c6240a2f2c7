"""What reading a list gives: children, rows used and refused, notes; or the one sentence why it cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

ADULT, UNBORN, DECEASED = 1, 2, 4  # what an audit's rule may leave out
FLAGS = {"adult": ADULT, "unborn": UNBORN, "deceased": DECEASED}


class NotUsable(Exception):
    """A whole file or list that cannot be used; str() is a sentence for the user, without any value from it."""


class NeedsColumns(NotUsable):
    """A table whose columns have to be pointed out by the user before it can be read."""

    def __init__(self, sentence: str, tables: list[Preview]) -> None:
        super().__init__(sentence)
        self.tables = tables


@dataclass(frozen=True)
class Preview:
    """A table's headings with the roles recognised so far, and its first rows, for the page that maps columns."""

    key: str
    name: str
    headings: list[str]
    roles: dict[int, str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row refused: where it stands and why."""

    file: str
    sheet: str
    row: int
    column: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Give it as the report has it."""
        return {
            "file": self.file,
            "sheet": self.sheet or None,
            "row": self.row,
            "column": self.column or None,
            "reason": self.reason,
        }


@dataclass(slots=True)
class Child:
    """One child of the list, whatever number of rows speak of it."""

    number: str
    rows: list[bytes] = field(default_factory=list)
    facts: int = 0  # what the rows say, one bit a fact, as each reader defines them
    flags: int = 0  # adult, unborn, deceased
    born: date | None = None
    age: int | None = None
    sex: str = ""
    ethnicity: str = ""
    need: str = ""
    team: str = ""
    family: str = ""  # what the list calls the family or household
    name: str = ""
    nhs: str = ""
    upn: str = ""
    factors: tuple[str, ...] = ()
    dates: tuple[tuple[str, int], ...] = ()  # what began or ended, and the day as its ordinal
    status: str = ""  # as the list says it, where it names none of the areas' facts
    area: str = ""  # code of the service area, once all rows are read
    first: tuple[int, int] = (0, 0)  # sheet and row where it was met first


class Notes:
    """Warnings, gathered: the same thing about many rows is said once, with the first few rows named."""

    SHOWN = 5

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str, str], list[int]] = {}
        self._counts: dict[tuple[str, str, str, str], int] = {}

    def add(self, reason: str, *, file: str = "", sheet: str = "", row: int = 0, column: str = "") -> None:
        """Note something about a row, a column, a sheet or the whole list."""
        key = (file, sheet, column, reason)
        count = self._counts.get(key, 0)
        self._counts[key] = count + 1
        if row and count < self.SHOWN:
            self._rows.setdefault(key, []).append(row)

    def sentences(self, several_files: bool = False) -> list[str]:
        """Say them, each with file (where there are several), sheet, column and rows."""
        return [self._say(key, several_files) for key in self._counts]

    def _say(self, key: tuple[str, str, str, str], several_files: bool) -> str:
        file, sheet, column, reason = key
        rows, count = self._rows.get(key, []), self._counts[key]
        more = count - len(rows)
        said = ", ".join(str(row) for row in rows)
        if rows:
            said = ("rows " if count > 1 else "row ") + said + (f" and {more} more" if more else "")
        where = ", ".join(part for part in (file if several_files else "", sheet, column, said) if part)
        return f"{where}: {reason}" if where else reason


@dataclass(slots=True)
class Unknown:
    """A spelling in a column of codes that was not understood: what stands there, how often, and where first."""

    field: str
    said: str
    file: str
    sheet: str
    column: str
    row: int
    count: int = 0


@dataclass
class Reading:
    """A whole list as read: every row used or refused, and the children that the used rows speak of."""

    kind: str
    kind_name: str
    rows_read: int = 0
    rows_used: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    children: dict[str, Child] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)
    area_names: dict[str, str] = field(default_factory=dict)  # codes in the order of precedence
    sheets: list[dict[str, Any]] = field(default_factory=list)  # what each sheet was read as
    files: int = 1
    tell: Callable[[int], None] | None = None  # told now and then how many rows have been read
    spellings: Mapping[str, str] = field(default_factory=dict)  # what the partnership said of codes: print, code
    unknown: dict[tuple[str, str], Unknown] = field(default_factory=dict)  # by field and spelling

    MOST_UNKNOWN = 2000

    @property
    def rows_refused(self) -> int:
        """Count the refused rows."""
        return len(self.refusals)

    def areas(self) -> dict[str, int]:
        """Count the children of each area by its code, in the order of precedence."""
        counts: dict[str, int] = dict.fromkeys(self.area_names, 0)
        for child in self.children.values():
            counts[child.area] = counts.get(child.area, 0) + 1
        return {code: count for code, count in counts.items() if count}

    def in_order(self) -> Iterator[Child]:
        """Give the children in the order in which they were met."""
        return iter(self.children.values())

    def as_json(self) -> dict[str, Any]:
        """Give what `candour frame` prints: counts, refusals and warnings, never a value from a row."""
        return {
            "kind": self.kind,
            "rows_read": self.rows_read,
            "rows_used": self.rows_used,
            "rows_refused": self.rows_refused,
            "refusals": [refusal.as_json() for refusal in self.refusals],
            "children": len(self.children),
            "areas": {self.area_names.get(code, code): count for code, count in self.areas().items()},
            "warnings": self.notes.sentences(self.files > 1) + self._unknown_sentences(),
        }

    def not_understood(self, name: str, said: str, *, file: str, sheet: str, column: str, row: int) -> None:
        """Count a spelling that was not understood; it stands in the list of them once."""
        key = (name, said.casefold())
        found = self.unknown.get(key)
        if found is None:
            if len(self.unknown) >= self.MOST_UNKNOWN:
                key = (name, "")
            found = self.unknown.setdefault(key, Unknown(name, said if key[1] else "", file, sheet, column, row))
        found.count += 1

    def unknown_spellings(self, most: int) -> list[dict[str, Any]]:
        """Give the spellings that were not understood, the most frequent first, for whoever says what they mean."""
        found = sorted((one for one in self.unknown.values() if one.said), key=lambda one: -one.count)[:most]
        return [
            {
                "field": one.field,
                "said": one.said,
                "column": one.column,
                "sheet": one.sheet or one.file,
                "count": one.count,
            }
            for one in found
        ]

    def _unknown_sentences(self) -> list[str]:
        """Say each column's spellings once, with their count, and no value of a row."""
        columns: dict[tuple[str, str, str, str], list[Unknown]] = {}
        for one in self.unknown.values():
            columns.setdefault((one.file, one.sheet, one.column, one.field), []).append(one)
        said = []
        for (file, sheet, column, _), found in columns.items():
            where = ", ".join(part for part in (file if self.files > 1 else "", sheet, column) if part)
            rows = "; ".join(
                f"in {one.count} rows, first row {one.row}" if one.count > 1 else f"in row {one.row}"
                for one in found[: Notes.SHOWN]
            )
            more = f"; and {len(found) - Notes.SHOWN} more" if len(found) > Notes.SHOWN else ""
            what = "1 spelling was" if len(found) == 1 else f"{len(found)} spellings were"
            counts = "It counts" if len(found) == 1 else "They count"
            said.append(f"{where}: {what} not understood: {rows}{more}. {counts} as not stated.")
        return said
