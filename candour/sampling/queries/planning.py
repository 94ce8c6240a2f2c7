"""Places shared over groups, and everything of a fixed list that can be worked out before it is written down."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from candour.kernel.errors import Refused
from candour.sampling import draw
from candour.sampling.queries.index import AREA, ATTRIBUTES, Index, in_order, index_of, values_of
from candour.sampling.queries.lists import rows_of
from candour.sampling.queries.narrowing import eligible, names_for

if TYPE_CHECKING:
    from candour.sampling.models import CaseList

FEWEST_FOR_GROUPS = 10
SMALL = 10  # a group of fewer children gives away who is in it
MOST_GROUPS = 60
ONE, PROPORTIONAL, EQUAL, BY_HAND = "one", "proportional", "equal", "hand"
NOBODY = "Nobody in the list may be drawn: look at the areas, the filters and at who is left out."
_STRATUM = re.compile(r"[A-Za-z0-9-]{1,20}")


@dataclass(frozen=True)
class Plan:
    """How many places, in which groups, shared how."""

    places: int
    grouping: str = ONE
    group_by: str = AREA
    cross_by: str = ""
    floor: int = 0


@dataclass(frozen=True)
class Group:
    """One group as the page shows it."""

    code: str
    name: str
    children: int
    places: int

    @property
    def small(self) -> bool:
        """Whether being in it gives a child away."""
        return self.children < SMALL


@dataclass(frozen=True)
class Ready:
    """A list made ready to be fixed, at one version of what narrows it."""

    version: int
    plan: Plan
    groups: list[Group]
    children: int
    cohort: bytes
    plan_text: bytes
    binding: bytes
    refs: bytes
    salt: bytes
    listed: dict[str, dict[str, dict[str, int]]]
    inclusion: list[dict[str, Any]]


def grouped(case_list: CaseList, index: Index, places: list[int], plan: Plan) -> tuple[dict[int, str], dict[str, str]]:
    """Which group each child is in, by position, and the groups' names by code in their order."""
    if plan.grouping == ONE:
        return dict.fromkeys(places, draw.ALL), {draw.ALL: "All children"}
    attributes = [name for name in (plan.group_by, plan.cross_by) if name]
    values = [values_of(index, name) for name in attributes]
    keys = {place: tuple(column[place] for column in values) for place in places}
    ranks = [
        {code: (rank, label) for rank, (code, label, _) in
         enumerate(in_order(Counter(key[n] for key in keys.values()), names_for(case_list, name)))}
        for n, name in enumerate(attributes)
    ]  # fmt: skip
    ordered = sorted(set(keys.values()), key=lambda key: [rank[code][0] for rank, code in zip(ranks, key, strict=True)])
    if len(ordered) > MOST_GROUPS:
        raise Refused(
            f"These are {len(ordered)} groups, more than {MOST_GROUPS}. Group by something with fewer values."
        )
    said = [" · ".join(rank[code][1] for rank, code in zip(ranks, key, strict=True)) for key in ordered]
    codes = dict(zip(ordered, _codes(["-".join(key) if len(key) == 1 else name
                                      for key, name in zip(ordered, said, strict=True)]), strict=True))  # fmt: skip
    return {place: codes[key] for place, key in keys.items()}, dict(zip(codes.values(), said, strict=True))


def _codes(names: list[str]) -> list[str]:
    """A code for each group that the draw's files may hold: its name made short, or a number."""
    made = [re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") for name in names]
    plain = all(map(_STRATUM.fullmatch, made)) and len(set(made)) == len(made)
    return made if plain else [f"group-{number:02d}" for number in range(1, len(names) + 1)]


def shares(plan: Plan, sizes: Mapping[str, int], by_hand: Mapping[str, int]) -> dict[str, int]:
    """Share places over groups by plain arithmetic, before anything random."""
    total, places = sum(sizes.values()), plan.places
    if not total:
        raise Refused(NOBODY)
    if places > total:
        raise Refused(f"Only {total} children may be drawn; {places} are too many.")
    if plan.grouping == ONE:
        return {draw.ALL: places}
    if places < FEWEST_FOR_GROUPS:
        raise Refused(f"Groups are offered from {FEWEST_FOR_GROUPS} places on: smaller ones give children away.")
    if plan.grouping == BY_HAND:
        given = {code: by_hand.get(code, 0) for code in sizes}
        if sum(given.values()) != places:
            raise Refused(f"The places by hand add up to {sum(given.values())}, not to {places}.")
        if any(share > sizes[code] for code, share in given.items()):
            raise Refused("A group has fewer children than places.")
        return given
    return with_floor(places, sizes, equal=plan.grouping == EQUAL, floor=plan.floor)


def with_floor(places: int, sizes: Mapping[str, int], *, equal: bool, floor: int) -> dict[str, int]:
    """Share places out, and give each group its floor, or all its children where these are fewer."""
    least = {code: min(floor, size) for code, size in sizes.items()}
    if sum(least.values()) > places:
        raise Refused(f"At least {floor} for each group are {sum(least.values())} places, more than {places}.")
    raised: dict[str, int] = {}
    while True:
        free = {code: size for code, size in sizes.items() if code not in raised}
        shared = draw.share_out(places - sum(raised.values()), free, equal=equal) if free else {}
        low = {code: least[code] for code, share in shared.items() if share < least[code]}
        if not low:
            return {code: raised.get(code, shared.get(code, 0)) for code in sizes}
        raised |= low


def look(case_list: CaseList, plan: Plan, by_hand: Mapping[str, int]) -> tuple[list[Group], str]:
    """The groups that a plan makes, with their places; and the sentence why it cannot be, where it cannot."""
    index = index_of(case_list)
    found = eligible(case_list)
    if index is None or not found.count:
        return [], NOBODY
    try:
        group_of, names = grouped(case_list, index, found.places, plan)
    except Refused as refused:
        return [], str(refused)
    sizes = _sizes(group_of, names)
    try:
        given, problem = shares(plan, sizes, by_hand), ""
    except Refused as refused:
        given, problem = {code: by_hand.get(code, 0) for code in sizes}, str(refused)
    return [Group(code, names[code], sizes[code], given[code]) for code in names], problem


def _sizes(group_of: Mapping[int, str], names: Mapping[str, str]) -> dict[str, int]:
    counts = Counter(group_of.values())
    return {code: counts[code] for code in names}


def ready(
    case_list: CaseList, plan: Plan, by_hand: Mapping[str, int], tell: Callable[[int], None] | None = None
) -> Ready:
    """Make a list ready to be fixed: refs, groups, places and what ties each ref to its rows. Writes nothing."""
    index, found = index_of(case_list), eligible(case_list)
    if index is None or not found.count:
        raise Refused(NOBODY)
    group_of, names = grouped(case_list, index, found.places, plan)
    sizes = _sizes(group_of, names)
    given = shares(plan, sizes, by_hand)
    chosen = {place: draw.new_ref() for place in found.places}
    salt = draw.new_salt()
    return Ready(
        version=case_list.version, plan=plan, children=found.count, salt=salt,
        groups=[Group(code, names[code], sizes[code], given[code]) for code in names],
        cohort=draw.write_cohort((group_of[place], ref) for place, ref in chosen.items()),
        plan_text=draw.write_plan(draw.Group(code, given[code], sizes[code] - given[code]) for code in names),
        binding=draw.write_binding(salt, _bound(case_list, chosen, tell)),
        refs=gzip.compress(json.dumps([[ref, place] for place, ref in chosen.items()]).encode(), 1, mtime=0),
        listed=_listed(index, group_of), inclusion=[{"rule": words, "children": left} for words, left in found.steps],
    )  # fmt: skip


def _bound(case_list: CaseList, chosen: Mapping[int, str], tell: Callable[[int], None] | None) -> Any:
    for place, rows in rows_of(case_list):
        if tell and place % 5000 == 0:
            tell(place)
        if place in chosen:
            yield chosen[place], rows


def _listed(index: Index, group_of: Mapping[int, str]) -> dict[str, dict[str, dict[str, int]]]:
    """The children who may be drawn, counted by attribute and group: what the sample is held against later."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for attribute in ATTRIBUTES:
        values = values_of(index, attribute)
        counts = Counter((group, values[place]) for place, group in group_of.items())
        by_group: dict[str, dict[str, int]] = {}
        for (group, value), count in counts.items():
            by_group.setdefault(group, {})[value] = count
        found[attribute] = by_group
    return found
