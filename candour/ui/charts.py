"""Bars: lengths for the drawing, words for the table that always stands beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Bar:
    """One row: its figure, the figure it is compared with, and both as parts of the longest."""

    label: str
    value: float
    compare: float | None
    text: str
    width: str
    compare_width: str

    @property
    def compare_text(self) -> str:
        """The figure compared with, in words."""
        return "" if self.compare is None else _plain(self.compare)


@dataclass(frozen=True)
class Chart:
    """All rows, on one scale."""

    bars: tuple[Bar, ...]

    @property
    def compared(self) -> bool:
        """Whether any row has a second figure."""
        return any(bar.compare is not None for bar in self.bars)


def _plain(number: float) -> str:
    return f"{number:g}"


def chart(rows: Iterable[Sequence[Any]]) -> Chart:
    """Rows of (label, value[, value to compare[, words]]) measured against the longest of them."""
    full = [tuple(row) + (None, None, None)[: 4 - len(row)] for row in rows]
    longest = max((n for _, a, b, _ in full for n in (a, b) if n is not None), default=0) or 1

    def width(number: float | None) -> str:
        return f"{100 * (number or 0) / longest:.1f}"

    return Chart(
        tuple(
            Bar(str(label), value, compare, str(text or _plain(value)), width(value), width(compare))
            for label, value, compare, text in full
        )
    )
