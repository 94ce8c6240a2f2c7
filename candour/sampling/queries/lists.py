"""Lists as understood, and who of them may be drawn."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from candour.sampling import draw, readers
from candour.sampling.models import CaseList, ColumnMap

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.people.models import Partnership

FEWEST_FOR_GROUPS = 10


@dataclass
class Index:
    """What is kept of each child in the order of the list: column by column, without the rows themselves."""

    number: list[str]
    area: list[str]
    flags: list[int]
    age: list[int | None]
    sex: list[str]
    ethnicity: list[str]
    need: list[str]

    @classmethod
    def of(cls, children: Iterable[readers.Child]) -> Index:
        """Take it from the children as read."""
        found = cls([], [], [], [], [], [], [])
        for child in children:
            found.number.append(child.number)
            found.area.append(child.area)
            found.flags.append(child.flags)
            found.age.append(child.age)
            found.sex.append(child.sex)
            found.ethnicity.append(child.ethnicity)
            found.need.append(child.need)
        return found

    def pack(self) -> bytes:
        """Write it for keeping."""
        return gzip.compress(json.dumps(self.__dict__).encode(), 6, mtime=0)

    @classmethod
    def unpack(cls, body: bytes) -> Index:
        """Read it back."""
        return cls(**json.loads(gzip.decompress(body)))


def index_of(case_list: CaseList) -> Index | None:
    """The index of a list, while it is there."""
    return Index.unpack(case_list.index) if case_list.index else None


def areas_by_place(case_list: CaseList) -> list[str]:
    """The area's code of each child, by position in the list."""
    index = index_of(case_list)
    return index.area if index else []


def area_names(case_list: CaseList) -> dict[str, str]:
    """The names of a list's areas by their codes."""
    return {**readers.areas.NAMES, **((case_list.report or {}).get("area_names") or {})}


def areas_of(case_list: CaseList) -> list[tuple[str, str, int]]:
    """A list's areas with their children: code, name, count."""
    names = area_names(case_list)
    return [(code, names.get(code, code), count) for code, count in case_list.areas.items()]


def rows_of(case_list: CaseList) -> Iterator[tuple[int, bytes]]:
    """Each child's position and the bytes of its rows as read."""
    for block in case_list.blocks.order_by("first").iterator(chunk_size=4):
        for place, rows in enumerate(readers.unpack(block.body), block.first):
            yield place, b"\n".join(rows)


def rows_at(case_list: CaseList, place: int) -> list[bytes]:
    """The rows of one child, as read."""
    block = case_list.blocks.filter(first__lte=place).order_by("-first").first()
    return readers.unpack(block.body)[place - block.first] if block else []


def remembered(partnership: Partnership, previews: Iterable[readers.Preview]) -> dict[str, dict[int, str]]:
    """How this partnership mapped the columns of tables with the same headings before."""
    prints = {preview.key: headings_print(preview.headings) for preview in previews}
    found = {
        row.headings: {int(place): role for place, role in row.columns.items()}
        for row in ColumnMap.objects.filter(partnership=partnership, headings__in=prints.values())
    }
    return {key: found[known] for key, known in prints.items() if known in found}


def headings_print(headings: Iterable[str]) -> str:
    """A fingerprint by which the same headings are known again."""
    return draw.fingerprint("\t".join(headings).encode())


def current_list(audit: Audit) -> CaseList | None:
    """The list that the audit works with now."""
    return CaseList.objects.filter(audit=audit).in_hand().newest_first().first()


# Who is eligible ------------------------------------------------------------------------------


@dataclass
class Eligible:
    """Who may be drawn: positions by area, and how many were left out by what."""

    places: list[int]
    by_area: dict[str, int]
    outside: int
    by_rule: dict[str, int]
    by_reason: dict[str, int]
    ruled: dict[str, int]

    @property
    def count(self) -> int:
        """How many children may be drawn."""
        return len(self.places)


def eligible(case_list: CaseList) -> Eligible:
    """Work out who may be drawn from a list, with its areas, rules and exclusions as they stand."""
    index = index_of(case_list)
    if index is None:
        return Eligible([], {}, 0, {}, {}, {})
    areas_in, rows = set(case_list.areas_in), list(case_list.exclusions.order_by("at", "pk"))
    rules = {row.rule: readers.FLAGS[row.rule] for row in rows if row.rule}
    single = {row.child: row.reason for row in rows if row.child is not None}
    found = Eligible([], {}, 0, {}, {}, {})
    ruled: Counter[str] = Counter()
    by_rule: Counter[str] = Counter()
    by_reason: Counter[str] = Counter()
    by_area: Counter[str] = Counter()
    for place, (area, flags) in enumerate(zip(index.area, index.flags, strict=True)):
        if area not in areas_in:
            found.outside += 1
            continue
        if flags:
            ruled.update(name for name, bit in readers.FLAGS.items() if flags & bit)
        if rule := next((name for name, bit in rules.items() if flags & bit), ""):
            by_rule[rule] += 1
        elif place in single:
            by_reason[single[place]] += 1
        else:
            found.places.append(place)
            by_area[area] += 1
    found.by_area = {code: by_area[code] for code in case_list.areas if by_area[code]}
    found.by_rule, found.by_reason, found.ruled = dict(by_rule), dict(by_reason), dict(ruled)
    return found


def report_lines(case_list: CaseList) -> dict[str, Any]:
    """What the page about a list shows of its report: refusals, warnings, sheets, previews."""
    report = case_list.report or {}
    return {
        "refusals": report.get("refusals", [])[:200],
        "more_refusals": max(case_list.rows_refused - 200, 0),
        "warnings": report.get("warnings", []),
        "sheets": report.get("sheets", []),
        "previews": report.get("previews", []),
        "kind": report.get("kind_name", ""),
    }
