"""Who of a list may be drawn: step by step, with how many remain after each."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from candour.identity import queries as identity
from candour.sampling import readers
from candour.sampling.flow import RULES, CaseState, ListState, Reason
from candour.sampling.models import Case
from candour.sampling.queries.index import Index, area_names, index_of, labels_of, tally, values_of
from candour.sampling.queries.people import audited_before

if TYPE_CHECKING:
    from candour.sampling.models import CaseList

Said = Callable[[int], bool]
BOTH, ONLY_HERE = "both", "here"
RECENTLY = timedelta(days=365)


@dataclass
class Eligible:
    """Who may be drawn: how many remain after each step, and how many were left out by what."""

    places: list[int] = field(default_factory=list)
    by_area: dict[str, int] = field(default_factory=dict)
    outside: int = 0
    by_rule: dict[str, int] = field(default_factory=dict)
    by_reason: dict[str, int] = field(default_factory=dict)
    ruled: dict[str, int] = field(default_factory=dict)
    steps: list[tuple[str, int]] = field(default_factory=list)  # in words, and how many remain after it
    tallies: dict[str, dict[str, int]] = field(default_factory=dict)
    count: int = 0

    def as_json(self) -> dict[str, Any]:
        """What is kept of it with the list, so that pages need not count again; not who."""
        return {name: value for name, value in self.__dict__.items() if name != "places"}


def counted(case_list: CaseList) -> Eligible:
    """Who may be drawn, as it was last counted; counted now where something has changed since."""
    kept = case_list.settled or {}
    if kept.get("version") == case_list.version:
        return Eligible(**kept["counts"])
    return eligible(case_list)


def eligible(case_list: CaseList) -> Eligible:
    """Work out who may be drawn from a list, with all that narrows it as it stands."""
    index = index_of(case_list)
    return _Narrowing(case_list, index).done() if index else Eligible()


class _Narrowing:
    """One count: the children left so far, and what each step left."""

    def __init__(self, case_list: CaseList, index: Index) -> None:
        self.case_list, self.index = case_list, index
        self.wanted = case_list.narrowing or {}
        self.left: list[int] = list(range(len(index.number)))
        self.found = Eligible(steps=[("In the list", len(self.left))])

    def done(self) -> Eligible:
        """Take every step in its order."""
        self._areas()
        for words, test in self._focus():
            self._keep(words, test)
        self._rules()
        self._singles()
        if self.wanted.get("recent"):
            self._recent()
        if self.wanted.get("family") and self.index.has_families:
            self._families()
        areas = values_of(self.index, "area")
        by_area = Counter(map(areas.__getitem__, self.left))
        self.found.by_area = {code: by_area[code] for code in self.case_list.areas if by_area[code]}
        self.found.places, self.found.count = self.left, len(self.left)
        self.found.tallies = tally(self.index, self.left)
        return self.found

    def _keep(self, words: str, test: Said) -> int:
        before = len(self.left)
        self.left = [place for place in self.left if test(place)]
        self.found.steps.append((words, len(self.left)))
        return before - len(self.left)

    def _areas(self) -> None:
        wanted, area = set(self.case_list.areas_in), self.index.area
        if wanted >= set(self.case_list.areas):
            return
        self.found.outside = self._keep(
            "In the service areas that the audit looks at", lambda place: area[place] in wanted
        )

    def _focus(self) -> Iterable[tuple[str, Said]]:
        """The filters for the practice focus, each in words with its test."""
        index, wanted = self.index, self.wanted
        if needs := set(wanted.get("needs", ())):
            need = values_of(index, "need")
            labels = labels_of("need", {})
            said = ", ".join(labels[code].lower() for code in labels if code in needs)
            yield f"Need or kind of abuse: {said}", lambda place: need[place] in needs
        if factors := wanted.get("factors", ()):
            with_one = {place for code in factors for place in index.factors.get(code, ())}
            said = ", ".join(readers.codes.FACTORS[code].lower() for code in factors)
            yield f"Assessment factor: {said}", with_one.__contains__
        youngest, oldest = wanted.get("youngest"), wanted.get("oldest")
        if youngest is not None or oldest is not None:
            low, high = -1 if youngest is None else youngest, 200 if oldest is None else oldest
            age = index.age
            yield _ages(youngest, oldest), lambda place: age[place] is not None and low <= (age[place] or 0) <= high
        if moments := wanted.get("moments", ()):
            first, last = (date.fromisoformat(wanted[end]) for end in ("first", "last"))
            within = {
                place for kind in moments for place, day in index.moments.get(kind, ())
                if first.toordinal() <= day <= last.toordinal()
            }  # fmt: skip
            said = ", ".join(readers.codes.MOMENTS[kind].lower() for kind in moments)
            yield f"{said.capitalize()}, from {_day(first)} to {_day(last)}", within.__contains__
        if second := wanted.get("second"):
            yield self._second(second)

    def _second(self, second: str) -> tuple[str, Said]:
        joined = set(
            self.case_list.matches.filter(same=True, second__state=ListState.KEPT)
            .order_by("child")
            .values_list("child", flat=True)
        )
        if second == BOTH:
            return "In the second list too", joined.__contains__
        return "Not in the second list", lambda place: place not in joined

    def _rules(self) -> None:
        flags = self.index.flags
        ruled: Counter[str] = Counter()
        for place in self.left:
            if flags[place]:
                ruled.update(name for name, bit in readers.FLAGS.items() if flags[place] & bit)
        self.found.ruled = dict(ruled)
        chosen = {row.rule for row in self.case_list.exclusions.all() if row.rule}
        for rule, bit in readers.FLAGS.items():
            if rule in chosen and (gone := self._keep(f"Without: {RULES[rule].lower()}", _without(flags, bit))):
                self.found.by_rule[rule] = gone

    def _singles(self) -> None:
        single = {row.child: row.reason for row in self.case_list.exclusions.all() if row.child is not None}
        reasons = Counter(single[place] for place in self.left if place in single)
        if reasons:
            self._keep("Without those left out one by one", lambda place: place not in single)
            self.found.by_reason = dict(sorted(reasons.items()))

    def _recent(self) -> None:
        known = audited_before(self.case_list, self.index, self.left, _earlier(self.case_list))
        gone = self._keep("Without those audited in the last twelve months", lambda place: place not in known)
        if gone:
            self.found.by_reason[Reason.RECENT] = self.found.by_reason.get(Reason.RECENT, 0) + gone

    def _families(self) -> None:
        first: dict[int, tuple[str, int]] = {}
        for place in self.left:
            if (family := self.index.family[place]) >= 0:
                turn = hashlib.sha256(f"{self.case_list.pk}:{self.index.number[place]}".encode()).hexdigest()
                first[family] = min(first.get(family, (turn, place)), (turn, place))
        chosen = {place for _, place in first.values()}
        families = self.index.family
        gone = self._keep("One child of each family", lambda place: families[place] < 0 or place in chosen)
        if gone:
            self.found.by_reason[Reason.FAMILY] = self.found.by_reason.get(Reason.FAMILY, 0) + gone


def _without(flags: list[int], bit: int) -> Said:
    return lambda place: not flags[place] & bit


def _ages(youngest: int | None, oldest: int | None) -> str:
    if youngest is None:
        return f"Aged up to {oldest}"
    return f"Aged {youngest} or over" if oldest is None else f"Aged {youngest} to {oldest}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _earlier(case_list: CaseList) -> list[str]:
    """The files of children whom this partnership audited in the twelve months before, in other audits."""
    since = case_list.given_at - RECENTLY
    earlier = Case.objects.filter(
        partnership=case_list.partnership_id, state=CaseState.ACTIVE, made_at__gte=since, subject__isnull=False
    ).exclude(audit=case_list.audit_id)
    return list(earlier.order_by("pk").values_list("subject_id", flat=True))


def recognisable(case_list: CaseList) -> tuple[int, int]:
    """How many children were audited in the last twelve months, and how many of them can be known again."""
    earlier = _earlier(case_list)
    return len(earlier), identity.indexed(earlier)


def names_for(case_list: CaseList, attribute: str) -> dict[str, str]:
    """The names of an attribute's values in a list."""
    return labels_of(attribute, area_names(case_list))
