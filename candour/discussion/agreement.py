"""How far services' own grades and the room's grades agree: figures only, no tables, no people.

A grade outside the scale ("not enough involvement to grade", or none) is left out of every figure
and counted as left out. The scale runs from the best grade to the worst.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

ENOUGH_FOR_KAPPA = 30
WEIGHTINGS = ("linear", "quadratic")


@dataclass(frozen=True)
class Agreement:
    """The figures for one set of pairs (a service's own grade, the moderated grade)."""

    compared: int = 0
    left_out: int = 0
    exact: int = 0
    within_one: int = 0
    lowered: int = 0
    raised: int = 0
    matrix: dict[tuple[str, str], int] = field(default_factory=dict)
    kappa: float | None = None
    weighting: str = "quadratic"

    def cell(self, own: str, moderated: str) -> int:
        return self.matrix.get((own, moderated), 0)


def compare(
    pairs: Iterable[tuple[str, str]],
    scale: Sequence[str],
    *,
    weighting: str = "quadratic",
    enough: int = ENOUGH_FOR_KAPPA,
) -> Agreement:
    """Compare services' own grades with the moderated ones, pair by pair."""
    rank = {grade: place for place, grade in enumerate(scale)}
    every = list(pairs)
    used = [(own, moderated) for own, moderated in every if own in rank and moderated in rank]
    steps = [rank[moderated] - rank[own] for own, moderated in used]
    return Agreement(
        compared=len(used),
        left_out=len(every) - len(used),
        exact=sum(step == 0 for step in steps),
        within_one=sum(abs(step) <= 1 for step in steps),
        lowered=sum(step > 0 for step in steps),
        raised=sum(step < 0 for step in steps),
        matrix=dict(Counter(used)),
        kappa=weighted_kappa(used, scale, weighting=weighting) if len(used) >= enough else None,
        weighting=weighting,
    )


def weighted_kappa(pairs: Sequence[tuple[str, str]], scale: Sequence[str], *, weighting: str) -> float | None:
    """Cohen's weighted kappa with the named weighting; None where chance alone explains everything."""
    if weighting not in WEIGHTINGS:
        raise ValueError(f"weighting is one of {', '.join(WEIGHTINGS)}")
    rank = {grade: place for place, grade in enumerate(scale)}
    power = 1 if weighting == "linear" else 2
    total = len(pairs)
    if not total:
        return None
    own = Counter(rank[a] for a, _ in pairs)
    moderated = Counter(rank[b] for _, b in pairs)
    seen = sum(abs(rank[a] - rank[b]) ** power for a, b in pairs) / total
    by_chance = sum(
        abs(i - j) ** power * own[i] * moderated[j] for i in range(len(scale)) for j in range(len(scale))
    ) / (total * total)
    return 1 - seen / by_chance if by_chance else None


def spread(grades: Iterable[str], scale: Sequence[str]) -> int | None:
    """How many grades the best and the worst of these stand apart; None where fewer than two are graded."""
    rank = {grade: place for place, grade in enumerate(scale)}
    places = [rank[grade] for grade in grades if grade in rank]
    return max(places) - min(places) if len(places) > 1 else None
