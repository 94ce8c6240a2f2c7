"""Does the sample look like the list? Shares side by side, and how often chance alone gives a difference like it."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Side = tuple[Mapping[str, int] | Sequence[str], Sequence[str]]  # per group: the values listed, the values drawn


@dataclass(frozen=True)
class Figure:
    """One attribute of the children: each of its values with its count in the list and in the sample."""

    name: str
    rows: list[tuple[str, int, int]]
    sentence: str


def compare(name: str, groups: Sequence[Side], order: Sequence[str]) -> Figure | None:
    """Hold the sample against the list in one attribute; per group, the values in the list and in the sample."""
    sides = [(Counter(whole), Counter(sample)) for whole, sample in groups]
    listed = sum((whole for whole, _ in sides), Counter[str]())
    drawn = sum((sample for _, sample in sides), Counter[str]())
    if len(listed) < 2 or not drawn:
        return None
    known = set(order)
    labels = [label for label in dict.fromkeys(order) if label in listed] + sorted(set(listed) - known)
    spreads = {label: _spread(label, sides) for label in labels}
    chances = {label: _as_rare(spreads[label], drawn[label]) for label in labels}
    label = min(labels, key=chances.__getitem__)
    chance, exact = _anywhere(sides, spreads, labels, chances[label])
    return Figure(name, [(label, listed[label], drawn[label]) for label in labels], _say(label, chance, exact))


def _spread(label: str, sides: Iterable[tuple[Counter[str], Counter[str]]]) -> list[float]:
    """The probability of each count of a value in the whole sample, group by group put together."""
    spread = [1.0]
    for whole, sample in sides:
        spread = _together(spread, hypergeometric(whole.total(), whole[label], sample.total()))
    return spread


def _as_rare(spread: Sequence[float], seen: int) -> float:
    """Add up, exactly, the probability of every count that is no more likely than the one drawn."""
    height = spread[seen] if seen < len(spread) else 0.0
    return min(1.0, math.fsum(one for one in spread if one <= height * (1 + 1e-9)))


def _anywhere(
    sides: Sequence[tuple[Counter[str], Counter[str]]],
    spreads: Mapping[str, Sequence[float]],
    labels: Sequence[str],
    rarest: float,
) -> tuple[float, bool]:
    """How often some value of the attribute, whichever, is drawn as unusually as the most unusual one was.

    Exact in one group. In several it is the sum over the values, which is never too small; that is said too.
    """
    usual = {label: [_as_rare(spreads[label], count) > rarest * (1 + 1e-9) for count in range(len(spreads[label]))]
             for label in labels}  # fmt: skip
    if len(sides) > 1:
        unusual = math.fsum(
            chance for label in labels for chance, fine in zip(spreads[label], usual[label], strict=True) if not fine
        )
        return min(1.0, unusual), False
    ((whole, sample),) = sides
    places = sample.total()
    ways = [1] + [0] * places
    for label in labels:
        ways = _shared(
            ways, [math.comb(whole[label], count) if usual[label][count] else 0 for count in range(places + 1)]
        )
    every = math.comb(whole.total(), places)
    return (every - ways[places]) / every, True


def _shared(ways: Sequence[int], more: Sequence[int]) -> list[int]:
    found = [0] * len(ways)
    for already, count in enumerate(ways):
        if count:
            for added in range(len(ways) - already):
                if more[added]:
                    found[already + added] += count * more[added]
    return found


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


def _say(label: str, chance: float, exact: bool) -> str:
    said = f"The largest difference is at “{label}”. By chance alone, one as unusual comes up {_often(chance, exact)}"
    if chance >= 0.095:
        return f"{said}: nothing to remark."
    return f"{said}. Say so when you report; it is no reason to draw again."


def _often(chance: float, exact: bool) -> str:
    most = "" if exact else "at most "
    if chance >= 0.95:
        return "in nearly every draw"
    if chance >= 0.095:
        return f"in {most}{max(1, round(chance * 10))} of 10 draws"
    if chance >= 0.005:
        return f"in {most}{max(1, round(chance * 100))} of 100 draws"
    return "in fewer than 1 of 200 draws"
