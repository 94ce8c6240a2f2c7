"""Does the sample look like the list? Shares side by side, and how often chance alone gives a difference like it."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One attribute of the children: each of its values with its count in the list and in the sample."""

    name: str
    rows: list[tuple[str, int, int]]
    sentence: str


def compare(name: str, groups: Sequence[tuple[Sequence[str], Sequence[str]]], order: Sequence[str]) -> Figure | None:
    """Hold the sample against the list in one attribute; per group, the values in the list and in the sample."""
    listed: Counter[str] = Counter(value for whole, _ in groups for value in whole)
    drawn: Counter[str] = Counter(value for _, sample in groups for value in sample)
    if len(listed) < 2 or not drawn:
        return None
    labels = [label for label in order if label in listed] + sorted(set(listed) - set(order))
    label, chance = min(((label, _chance(label, groups, drawn)) for label in labels), key=lambda pair: pair[1])
    return Figure(name, [(label, listed[label], drawn[label]) for label in labels], _say(label, chance))


def _chance(label: str, groups: Sequence[tuple[Sequence[str], Sequence[str]]], drawn: Mapping[str, int]) -> float:
    """Add up, exactly, the probability of every count that is no more likely than the one drawn."""
    spread = [1.0]
    for whole, sample in groups:
        spread = _together(spread, hypergeometric(len(whole), sum(1 for value in whole if value == label), len(sample)))
    seen = spread[drawn[label]] if drawn[label] < len(spread) else 0.0
    return min(1.0, math.fsum(one for one in spread if one <= seen * (1 + 1e-9)))


def hypergeometric(size: int, marked: int, places: int) -> list[float]:
    """Give the probability of each number of marked children among so many drawn from a group."""
    ways = math.comb(size, places)
    return [
        math.comb(marked, count) * math.comb(size - marked, places - count) / ways if places - count <= size else 0.0
        for count in range(places + 1)
    ]


def _together(one: Sequence[float], two: Sequence[float]) -> list[float]:
    sums = [0.0] * (len(one) + len(two) - 1)
    for i, left in enumerate(one):
        for j, right in enumerate(two):
            sums[i + j] += left * right
    return sums


def _say(label: str, chance: float) -> str:
    if chance >= 0.095:
        often = f"in {max(1, round(chance * 10))} of 10 draws" if chance < 0.95 else "in nearly every draw"
        return f"The largest difference is at “{label}”. One as large or larger comes up {often}: nothing to remark."
    often = f"in {max(1, round(chance * 100))} of 100 draws" if chance >= 0.005 else "in fewer than 1 of 200 draws"
    return (
        f"The largest difference is at “{label}”. One as large or larger comes up {often}. Say so when you report;"
        " it is no reason to draw again."
    )
