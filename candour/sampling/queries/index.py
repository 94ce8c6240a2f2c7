"""What is kept of each child of a list, column by column, and the attributes by which children are counted."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from candour.sampling.readers import areas, codes

if TYPE_CHECKING:
    from candour.sampling.models import CaseList
    from candour.sampling.readers import Child

AREA, TEAM = "area", "team"


@dataclass
class Index:
    """What is kept of each child in the order of the list: column by column, without the rows themselves."""

    number: list[str] = field(default_factory=list)
    area: list[str] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    age: list[int | None] = field(default_factory=list)
    sex: list[str] = field(default_factory=list)
    ethnicity: list[str] = field(default_factory=list)
    need: list[str] = field(default_factory=list)
    team: list[int] = field(default_factory=list)  # which of the teams, -1 for none
    teams: list[str] = field(default_factory=list)
    family: list[int] = field(default_factory=list)  # a number for each family, -1 where the list names none
    factors: dict[str, list[int]] = field(default_factory=dict)  # who has a factor, by position
    moments: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # position and day, by what happened

    @classmethod
    def of(cls, children: Iterable[Child]) -> Index:
        """Take it from the children as read."""
        found = cls()
        teams: dict[str, int] = {}
        families: dict[str, int] = {}
        for place, child in enumerate(children):
            found.number.append(child.number)
            found.area.append(child.area)
            found.flags.append(child.flags)
            found.age.append(child.age)
            found.sex.append(child.sex)
            found.ethnicity.append(child.ethnicity)
            found.need.append(child.need)
            found.team.append(teams.setdefault(child.team, len(teams)) if child.team else -1)
            found.family.append(families.setdefault(child.family, len(families)) if child.family else -1)
            for factor in child.factors:
                found.factors.setdefault(factor, []).append(place)
            for kind, day in child.dates:
                found.moments.setdefault(kind, []).append((place, day))
        found.teams = list(teams)
        return found

    @property
    def has_families(self) -> bool:
        """Whether the list lets brothers and sisters be seen."""
        return len(set(self.family)) < len(self.family) and max(self.family, default=-1) >= 0

    def pack(self) -> bytes:
        """Write it for keeping."""
        return gzip.compress(json.dumps(self.__dict__).encode(), 1, mtime=0)

    @classmethod
    def unpack(cls, body: bytes) -> Index:
        """Read it back."""
        found = cls(**json.loads(gzip.decompress(body)))
        found.team = found.team or [-1] * len(found.number)
        found.family = found.family or [-1] * len(found.number)
        return found


def index_of(case_list: CaseList) -> Index | None:
    """The index of a list, while it is there."""
    return Index.unpack(case_list.index) if case_list.index else None


# Attributes -----------------------------------------------------------------------------------

ATTRIBUTES = {
    AREA: "Service area",
    "age": "Age",
    "sex": "Sex",
    "ethnicity": "Ethnic group",
    "need": "Need or kind of abuse",
    TEAM: "Team",
}
_NO_TEAM = "Not stated"


def values_of(index: Index, attribute: str) -> list[str]:
    """The value of one attribute for each child, as its code."""
    if attribute == "age":
        bands = {age: codes.band(age) for age in set(index.age)}
        return [bands[age] for age in index.age]
    if attribute == TEAM:
        names = [*index.teams, _NO_TEAM]
        return [names[number] for number in index.team]
    if attribute == "need":
        return [need if need in codes.NEEDS and need != "N0" else "" for need in index.need]
    found: list[str] = getattr(index, attribute)
    return found


def labels_of(attribute: str, area_names: Mapping[str, str]) -> dict[str, str]:
    """The names of an attribute's values by code, in their order; teams are named by themselves."""
    if attribute == AREA:
        return dict(area_names)
    if attribute == "age":
        return {band: band for band in codes.BANDS}
    return {"sex": codes.SEXES, "ethnicity": codes.GROUPS, "need": codes.NEEDS}.get(attribute, {})


def in_order(counts: Mapping[str, int], labels: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """Counts as a page shows them: code, name, children; known values in their order, others by name."""
    known = [(code, label, counts[code]) for code, label in labels.items() if counts.get(code)]
    others = sorted((code for code in counts if code not in labels), key=lambda code: (code == _NO_TEAM, code))
    return known + [(code, code, counts[code]) for code in others]


def tally(index: Index, places: Sequence[int] | None = None) -> dict[str, dict[str, int]]:
    """Count children by each attribute: all of them, or those at some positions."""
    found = {}
    for attribute in ATTRIBUTES:
        values = values_of(index, attribute)
        found[attribute] = dict(Counter(values if places is None else map(values.__getitem__, places)))
    return found


def offered(index: Index) -> dict[str, Any]:
    """What a list offers to narrow it by: factors and moments with their children, and whether it has families."""
    return {
        "factors": {code: len(places) for code, places in sorted(index.factors.items())},
        "moments": {kind: len({place for place, _ in days}) for kind, days in index.moments.items()},
        "families": index.has_families,
    }


def area_names(case_list: CaseList) -> dict[str, str]:
    """The names of a list's areas by their codes, in their order."""
    said = (case_list.report or {}).get("area_names") or {}
    return {**said, **{code: name for code, name in areas.NAMES.items() if code not in said}}
