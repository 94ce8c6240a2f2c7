"""Finds the row of headings in a table and says what each column is, however its heading has drifted."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import Any

from candour.sampling.readers.cells import key_of, text
from candour.sampling.readers.opening import Row, Table

LOOKED_THROUGH = 30


@dataclass(frozen=True)
class Headings:
    """A table's row of headings: where it stands, its words, and its words without case or punctuation."""

    row: int
    names: tuple[str, ...]
    keys: tuple[str, ...]
    making: Callable[[str], str] = str

    def canonical(self, cell: Any) -> str:
        """Give a cell as if it were a heading."""
        return self.making(key_of(cell))

    def place(self, *keys: str) -> int | None:
        """Give the position of the first of these columns that the table has."""
        return next((self.keys.index(key) for key in keys if key in self.keys), None)

    def name(self, place: int) -> str:
        """Give a column's heading as it stands in the file, or its letter where it has none."""
        name = self.names[place] if place < len(self.names) else ""
        return name[:80] or f"column {letters(place)}"


def letters(place: int) -> str:
    """Give a column's letters from its position."""
    said = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        said = chr(65 + rest) + said
    return said


def find(table: Table, canonical: Callable[[str], str], is_row: Callable[[set[str]], bool]) -> Headings | None:
    """Find the row whose cells, made canonical, are headings."""
    best: tuple[int, Headings] | None = None
    above: Row = []
    for number, row in islice(table.rows(), LOOKED_THROUGH):
        words = [cell if isinstance(cell, str) else "" for cell in row]
        for cells in (words, _over_two_rows(above, words)):
            keys = tuple(canonical(key) if (key := key_of(cell)) and len(key) < 200 else "" for cell in cells)
            said = set(keys) - {""}
            if is_row(said) and (best is None or len(said) > best[0]):
                best = len(said), Headings(number, tuple(text(cell) for cell in cells), keys, canonical)
        above = words
    return best[1] if best else None


def _over_two_rows(above: Row, row: Row) -> Row:
    """Give the headings that stand merged over two rows: where the lower cell is empty, the upper one."""
    if not above:
        return row
    width = max(len(above), len(row))
    upper, lower = ([*cells, *[""] * (width - len(cells))] for cells in (above, row))
    return [under or over for over, under in zip(upper, lower, strict=True)]


def below(table: Table, headings: Headings) -> Iterator[tuple[int, Row]]:
    """Give the rows below the headings."""
    width = len(headings.keys)
    for number, row in table.rows():
        if number > headings.row and (any(map(_filled, row))):
            if len(row) < width:
                row = [*row, *[""] * (width - len(row))]
            yield number, row


def _filled(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def matcher(known: Iterable[str], aliases: dict[str, str]) -> Callable[[str], str]:
    """Make a function that gives a heading's canonical key: as it is, by alias, or as the one it nearly is."""
    words = sorted(set(known))

    @lru_cache(maxsize=2048)
    def canonical(key: str) -> str:
        if key in words:
            return key
        if key in aliases:
            return aliases[key]
        if len(key) >= 9 and (near := get_close_matches(key, words, 1, 0.9)):
            return near[0]
        return key

    return canonical


def repeats_headings(row: Row, headings: Headings, place: int) -> bool:
    """Say whether a row below the headings is the headings again."""
    cell = row[place]
    return (
        isinstance(cell, str) and not any(map(str.isdigit, cell)) and headings.keys[place] == headings.canonical(cell)
    )
