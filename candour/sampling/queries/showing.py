"""The result of a draw for a meeting's screen: one case after another, as the dice or the public number gave them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from candour.sampling.models import Case
from candour.sampling.queries.drawn import counts, order_number

if TYPE_CHECKING:
    from candour.sampling.models import Draw


@dataclass(frozen=True)
class Ticketed:
    """One case as the screen shows it."""

    turn: int
    place: int
    group: str
    case: str
    area: str
    order_number: str


def shown_one_by_one(found: Draw, shown: str) -> dict[str, Any]:
    """The first so many of the cases as they were drawn, the newest apart; who came in later is not among them."""
    fixed = found.commitment
    held = {case.ref: case for case in Case.objects.filter(place__draw=found).order_by("pk")}
    rows: list[Ticketed] = []
    for line in found.result.splitlines():
        stratum, kind, place, ref = line.split("\t")
        if kind == "sample" and (case := held.get(ref)):
            rows.append(Ticketed(len(rows) + 1, int(place), fixed.strata.get(stratum, stratum), str(case), case.area,
                                 order_number(found, ref)))  # fmt: skip
    upto = min(int(shown), len(rows)) if shown.isascii() and shown.isdigit() and len(shown) < 6 else 0
    return {
        "newest": rows[upto - 1] if upto else None,
        "earlier": rows[: max(upto - 1, 0)][::-1],
        "before": upto - 1 if upto else None,
        "more": upto < len(rows),
        "next": f"?shown={upto + 1}",
        "say": "Show the next one" if upto else "Show the first one",
        "total": len(rows),
        "children": sum(counts(fixed).values()),
        "grouped": len(fixed.strata) > 1,
        "source_shown": found.source.replace("drand-quicknet:", "drand, round ").replace("dice:", "dice "),
    }
