"""Gathers rows into children: each row used or refused, duplicates merged, contradictions said and never guessed."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from candour.sampling.readers import areas, codes
from candour.sampling.readers.cells import (
    EITHER_WAY,
    a_date,
    either_way,
    identifier,
    known,
    looks_like_a_note,
    month_first,
)
from candour.sampling.readers.found import ADULT, DECEASED, UNBORN, Child, Reading, Refusal
from candour.sampling.readers.headings import Headings, below, repeats_headings
from candour.sampling.readers.opening import Row, Table

_written = json.JSONEncoder(default=str, ensure_ascii=False, check_circular=False).encode


class Refused(Exception):
    """A row that cannot be used: the place of the column, and why."""

    def __init__(self, place: int | None, reason: str) -> None:
        super().__init__(reason)
        self.place, self.reason = place, reason


class Sheet:
    """One table while it is gathered: says where things stand, and reads cells with what its columns demand."""

    def __init__(
        self,
        reading: Reading,
        table: Table,
        headings: Headings,
        *,
        on: date,
        one_row_each: bool = False,
        rules: Sequence[areas.Area] = areas.AREAS,
    ) -> None:
        self.reading, self.table, self.headings, self.on = reading, table, headings, on
        self.one_row_each = one_row_each
        self.words = areas.by_word(rules)
        self.number = len(reading.sheets)
        self.prefix = json.dumps(table.sheet or table.file, ensure_ascii=False)
        self.row = 0
        self.used = 0
        self.refused = 0
        self.squeezed = False  # whether the number is one that is written with and without spaces
        self._month_first: set[int] = set()
        for note in table.notes:
            reading.notes.add(note, file=table.file, sheet=table.sheet)

    # Saying -----------------------------------------------------------------------------------

    def note(self, reason: str, place: int | None = None) -> None:
        """Warn about the present row."""
        column = "" if place is None else self.headings.name(place)
        self.reading.notes.add(reason, file=self.table.file, sheet=self.table.sheet, row=self.row, column=column)

    def refuse(self, place: int | None, reason: str) -> None:
        """Refuse the present row."""
        column = "" if place is None else self.headings.name(place)
        self.refused += 1
        self.reading.refusals.append(Refusal(self.table.file, self.table.sheet, self.row, column, reason))

    def close(self, name: str) -> None:
        """Add what this table gave to the whole."""
        self.reading.rows_read += self.used + self.refused
        self.reading.rows_used += self.used
        self.reading.sheets.append(
            {"file": self.table.file, "sheet": self.table.sheet, "read_as": name, "used": self.used,
             "refused": self.refused}
        )  # fmt: skip

    # Reading ----------------------------------------------------------------------------------

    def rows(self, dates: Iterable[int]) -> Iterable[Row]:
        """Go through the rows below the headings, having seen which columns of dates have the month first."""
        places = sorted(set(dates))
        for _, row in below(self.table, self.headings) if places else ():
            for place in places:
                if isinstance(cell := row[place], str) and cell and month_first(cell):
                    self._month_first.add(place)
        for number, row in below(self.table, self.headings):
            self.row = number
            if number % 4096 == 0 and self.reading.tell:
                self.reading.tell(self.reading.rows_read + self.used + self.refused)
            yield row

    def readable(
        self, number_place: int, dates: Mapping[str, int | None], also: Sequence[int | None] = ()
    ) -> Iterator[tuple[Row, str, dict[str, date | None]]]:
        """Give the rows that can be used, each with the child's number and its dates; the others are refused."""
        for row in self.rows([place for place in (*dates.values(), *also) if place is not None]):
            try:
                if repeats_headings(row, self.headings, number_place):
                    raise Refused(number_place, "This row is the headings again.")
                number = self.number_of(row, number_place)
                days = {key: self.day(row, place) for key, place in dates.items()}
                for place in also:
                    self.day(row, place)
            except Refused as refused:
                self.refuse(refused.place, refused.reason)
                continue
            yield row, number, days

    def day_or_none(self, row: Row, place: int | None) -> date | None:
        """Read a date, or nothing where it cannot be read."""
        try:
            return self.day(row, place)
        except Refused as refused:
            self.note(f"{refused.reason[:-1]}; it counts as blank.", place)
            return None

    def day(self, row: Row, place: int | None) -> date | None:
        """Read a date on which something rests: a row in which it cannot be read is refused."""
        if place is None or not (cell := row[place]):
            return None
        found, problem = a_date(cell)
        if place in self._month_first and isinstance(cell, str) and either_way(cell):
            problem = EITHER_WAY
        if problem:
            raise Refused(place, f"This date {problem}.")
        return found

    def number_of(self, row: Row, place: int) -> str:
        """Read the child's number: a row without one is refused."""
        number, problem = identifier(row[place])
        if problem:
            raise Refused(place, f"The child's number {problem}.")
        if looks_like_a_note(number) and sum(1 for cell in row if cell not in ("", None)) == 1 < len(row):
            raise Refused(place, "This row holds one line of text: it is a note, not a child.")
        return number.replace(" ", "").replace("-", "").upper() if self.squeezed else number

    def child(self, number: str, row: Row) -> Child:
        """Give the child with this number, new or met before, and keep the row as read."""
        children = self.reading.children
        child = children.get(number)
        kept = f"{self.prefix}\t{self.row}\t{_written(row)}".encode()
        if child is None:
            children[number] = child = Child(number, first=(self.number, self.row))
        else:
            self._met_again(child, kept)
        child.rows.append(kept)
        self.used += 1
        return child

    def _met_again(self, child: Child, kept: bytes) -> None:
        start = f"{self.prefix}\t".encode()
        same = kept.split(b"\t", 2)[2]
        here = [row.split(b"\t", 2) for row in child.rows if row.startswith(start)]
        if any(row[2] == same for row in here):
            self.note("This row says the same as an earlier one; the two were merged.")
        elif here and self.one_row_each:
            self.note("This child has an earlier row in the same list, where one is expected; both were merged.")

    # Facts about a child ------------------------------------------------------------------------

    def born(self, child: Child, born: date | None, place: int | None) -> None:
        """Set a birth date; two different ones are said, and neither is taken."""
        if born is None:
            return
        if child.born and child.born != born and not child.facts & TWO_BIRTHS:
            child.facts |= TWO_BIRTHS
            self.note("This child has two different dates of birth in the list; neither is taken.", place)
        child.born = child.born or born

    def coded(self, child: Child, field: str, value: Any, place: int) -> None:
        """Set sex, ethnic group or need; what is not understood is said, and so is a contradiction."""
        code, understood = codes.understand(field, value, self.reading.spellings)
        if not understood:
            self.reading.not_understood(
                field, known(value)[:60], file=self.table.file, sheet=self.table.sheet,
                column=self.headings.name(place), row=self.row,
            )  # fmt: skip
        had = getattr(child, field)
        if code and had and had != code and field != "need":
            if not child.facts & (bit := _TWO[field]):
                child.facts |= bit
                what = "sexes" if field == "sex" else "ethnic groups"
                self.note(f"This child has two different {what} in the list; neither is taken.", place)
        elif code and (not had or field == "need"):
            setattr(child, field, code)

    def age(self, child: Child, row: Row, place: int | None) -> None:
        """Set an age from its own column; -1 stands for a child not yet born."""
        if place is None or (value := row[place]) in ("", None) or isinstance(value, bool):
            return
        try:
            age = float(value)
        except (TypeError, ValueError):
            if "unborn" in str(value).casefold():
                child.age = -1
            elif known(value):
                self.note("This age is not a number; it is taken from the date of birth.", place)
            return
        if -1 <= age < 120:
            child.age = int(age) if age >= 0 else -1
        else:
            self.note("This age cannot be; it is taken from the date of birth.", place)

    def plain(self, child: Child, field: str, row: Row, place: int | None) -> None:
        """Set what a column says in its own words; where several rows say something, the last."""
        if place is not None and (said := known(row[place])):
            setattr(child, field, said[:80])

    def checked(self, child: Child, field: str, row: Row, place: int | None, problem_of: Callable[[str], str]) -> None:
        """Set a UPN or an NHS number; one that cannot be right is a warning."""
        said = known(row[place]) if place is not None else ""
        if not said or (field == "upn" and codes.NO_UPN.fullmatch(said)):
            return
        setattr(child, field, said[:40])
        if problem := problem_of(said):
            self.note(f"{problem[0].upper()}{problem[1:]}.", place)

    def moments(self, child: Child, row: Row, places: Iterable[tuple[str, int]]) -> None:
        """Keep the days on which something began or ended, where they can be read."""
        for kind, place in places:
            if (cell := row[place]) and (day := a_date(cell)[0]):
                child.dates += ((kind, day.toordinal()),)

    def factors(self, child: Child, row: Row, place: int | None) -> None:
        """Add the factors that a cell names."""
        if place is not None and (said := codes.factors(row[place])):
            child.factors = tuple(sorted({*child.factors, *said}))

    def in_order(self, first: date | None, then: date | None, what: str, place: int | None) -> None:
        """Warn of two dates in an impossible order, and of a day that has not come."""
        if first and then and then < first:
            self.note(f"{what}: the two dates are in an impossible order.", place)
        if (then and then > self.on) or (first and first > self.on):
            self.note(f"{what}: a date lies after the day of reading.", place)


TWO_BIRTHS, TWO_SEXES, TWO_GROUPS = 1 << 28, 1 << 29, 1 << 30
_TWO = {"sex": TWO_SEXES, "ethnicity": TWO_GROUPS}


def finish(reading: Reading, on: date, leavers: int = 0) -> Reading:
    """Settle what only the whole list can tell: ages, flags, numbers that differ by their leading zeros."""
    adults = 0
    for child in reading.children.values():
        if child.facts & TWO_BIRTHS:
            child.born = None
        if child.facts & TWO_SEXES:
            child.sex = ""
        if child.facts & TWO_GROUPS:
            child.ethnicity = ""
        if child.age is None and child.born:
            child.age = codes.age_at(child.born, on)
        if child.age is not None and child.age < 0:
            child.flags |= UNBORN
        if child.age is not None and child.age >= 18:
            child.flags |= ADULT
            adults += not child.facts & leavers
    flags = [child.flags for child in reading.children.values()]
    for bit, said in (
        (UNBORN, "not yet born on the day of reading"),
        (DECEASED, "marked as having died"),
    ):
        if count := sum(1 for flag in flags if flag & bit):
            reading.notes.add(f"{_children(count)} {said}.")
    if adults:
        reading.notes.add(f"{_children(adults)} 18 or over on the day of reading without being a care leaver.")
    if none := sum(1 for child in reading.children.values() if child.born is None):
        reading.notes.add(f"{_children(none)} without a date of birth that can be used.")
    _leading_zeros(reading)
    return reading


def _children(count: int) -> str:
    return "1 child is" if count == 1 else f"{count} children are"


def _leading_zeros(reading: Reading) -> None:
    children = reading.children
    for number, child in children.items():
        if number.startswith("0") and (bare := number.lstrip("0")) in children and bare:
            sheet = reading.sheets[child.first[0]]
            reading.notes.add(
                "This number differs from another one in the list only by leading zeros. They may be one child whose"
                " zeros were lost; they were not merged.",
                file=sheet["file"], sheet=sheet["sheet"], row=child.first[1],
            )  # fmt: skip


def note_unread(reading: Reading, table: Table, what: str) -> None:
    """Say that a table was not read, why, and how many lines it has: nothing is left out in silence."""
    lines = sum(1 for _ in table.rows())
    said = "its 1 line was" if lines == 1 else f"its {lines:,} lines were"
    reading.notes.add(f"{what}; {said} not read.", file=table.file, sheet=table.sheet)


def nothing_used(reading: Reading, what: str) -> str:
    """Say why nothing of some tables could be used."""
    if reading.rows_read:
        return f"{what} have no row that can be used: every one was refused."
    return f"{what} have headings only: there are no children in them."
