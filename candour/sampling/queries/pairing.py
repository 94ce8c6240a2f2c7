"""Finds the children of a second list in the first: surely, or so that a person has to look."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from candour.sampling.flow import Pairing
from candour.sampling.models import CaseList, Match
from candour.sampling.queries.index import Index, index_of
from candour.sampling.queries.people import Kept, People, people_of

ALIKE = 0.8  # of the letters of two names
MOST_COMPARED = 5000  # children of a second list; in a longer one names that are nearly the same are not looked for
PAGE = 20


@dataclass(frozen=True)
class Pair:
    """Two positions that seem to be one child, and why."""

    child: int
    other: int
    why: str
    sure: bool


def pairs_with(second: CaseList, kept: Kept) -> list[Pair]:
    """The pairs between a list as just read and the one beside which it was given."""
    first = second.beside
    index, people = (index_of(first), people_of(first)) if first else (None, None)
    if index is None:
        return []
    people = people or People.blank(len(index.number))
    return pairs(index, people, kept.index, kept.people, same_numbers=second.same_numbers)


def pairs(index: Index, people: People, others: Index, their: People, *, same_numbers: bool) -> list[Pair]:
    """Pair the children of two lists: by an identifier, by name and birth date, then by what is nearly the same."""
    found: dict[tuple[int, int], Pair] = {}
    if same_numbers:
        _equal(found, Pairing.NUMBER, index.number, others.number, people, their)
    _equal(found, Pairing.NHS, people.nhs, their.nhs, people, their)
    _equal(found, Pairing.UPN, people.upns, their.upns, people, their)
    names, their_names = ([plain_name(name) for name in side.names] for side in (people, their))
    keys, their_keys = (
        [f"{name}|{born}" if name and born else "" for name, born in zip(side, who.born, strict=True)]
        for side, who in ((names, people), (their_names, their))
    )
    _equal(found, Pairing.NAME, keys, their_keys, people, their)
    if len(their_names) <= MOST_COMPARED:
        _nearly(found, names, people.born, their_names, their.born)
    return sorted(found.values(), key=lambda pair: (not pair.sure, pair.child, pair.other))


def _equal(
    found: dict[tuple[int, int], Pair], why: Pairing, ours: Sequence[str], theirs: Sequence[str],
    people: People, their: People,
) -> None:  # fmt: skip
    """Pair equal values; sure where each stands once and no birth date speaks against it."""
    wanted = {value for value in theirs if value}
    places = _places(ours, wanted)
    count = {value: 0 for value in wanted}
    for value in theirs:
        if value:
            count[value] += 1
    taken = {other for _, other in found}
    for other, value in enumerate(theirs):
        if not value or other in taken:
            continue
        for child in places.get(value, ()):
            once = len(places[value]) == 1 and count[value] == 1
            against = people.born[child] and their.born[other] and people.born[child] != their.born[other]
            found.setdefault((child, other), Pair(child, other, why, once and not against))


def _places(values: Sequence[str], wanted: set[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, value in enumerate(values):
        if value in wanted:
            places.setdefault(value, []).append(place)
    return places


def _nearly(
    found: dict[tuple[int, int], Pair], names: Sequence[str], born: Sequence[str], theirs: Sequence[str],
    their_born: Sequence[str],
) -> None:  # fmt: skip
    """Pair children with one birth date and nearly one name, or one name and nearly one birth date."""
    ours, taken = {child for child, _ in found}, {other for _, other in found}
    by_day = _places(born, {day for day in their_born if day})
    by_name = _places(names, {name for name in theirs if name})
    for other, (name, day) in enumerate(zip(theirs, their_born, strict=True)):
        if not name or not day or other in taken:
            continue
        for child in by_day.get(day, ()):
            if child not in ours and names[child] and alike(names[child], name):
                found[child, other] = Pair(child, other, Pairing.NEARLY_NAME, False)
        for child in by_name.get(name, ()):
            if child not in ours and nearly_born(born[child], day):
                found[child, other] = Pair(child, other, Pairing.NEARLY_BORN, False)


@lru_cache(maxsize=65536)
def plain_name(name: str) -> str:
    """A name without case, accents and punctuation, its parts in the order of the alphabet."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter)
    )
    words = "".join(letter if letter.isalpha() else "" if letter in "'’" else " " for letter in bare).split()
    return " ".join(sorted(words))


def alike(one: str, two: str) -> bool:
    """Whether two plain names may be one: nearly the same letters, or one has all the parts of the other."""
    parts, more = sorted((set(one.split()), set(two.split())), key=len)
    return (len(parts) > 1 and parts <= more) or SequenceMatcher(None, one, two).ratio() >= ALIKE


def nearly_born(one: str, two: str) -> bool:
    """Whether two birth dates differ as slips do: day and month exchanged, or one of the three parts wrong."""
    if not one or not two or one == two:
        return False
    (year, month, day), theirs = one.split("-"), two.split("-")
    return [year, day, month] == theirs or sum(a != b for a, b in zip((year, month, day), theirs, strict=True)) == 1


# For the pages --------------------------------------------------------------------------------


def second_list(case_list: CaseList) -> CaseList | None:
    """The list that is joined to this one, or is being read to be."""
    return case_list.seconds.in_hand().newest_first().first()


def match_counts(second: CaseList) -> dict[str, int]:
    """How many pairs are sure, are to be looked at, and are decided; no name among them."""
    rows = list(Match.objects.filter(second=second).order_by("pk").values_list("sure", "same"))
    return {
        "sure": sum(1 for sure, same in rows if sure and same is None),
        "unsure": sum(1 for sure, same in rows if not sure and same is None),
        "same": sum(1 for _, same in rows if same),
        "different": sum(1 for _, same in rows if same is False),
    }


def matching(second: CaseList) -> dict[str, Any]:
    """What the page shows that matches two lists, before anybody's name is shown."""
    joined = Match.objects.filter(second=second, same=True).order_by("other").values_list("other", flat=True)
    counts = match_counts(second)
    return {
        "counts": counts,
        "first": second.beside,
        "pairs": list(open_pairs(second)),
        "more": max(counts["unsure"] - PAGE, 0),
        "alone": second.children - len(set(joined)),
        "decided": list(Match.objects.filter(second=second, same__isnull=False, sure=False).order_by("decided_at", "pk")
                        .select_related("decided_by")[:100]),
    }  # fmt: skip


def open_pairs(second: CaseList) -> Iterator[Match]:
    """The next pairs that a person has to look at."""
    yield from Match.objects.filter(second=second, same__isnull=True, sure=False).order_by("child", "other")[:PAGE]


@dataclass(frozen=True)
class ShownPair:
    """One pair as the answer to a recorded act shows it."""

    pk: str
    why: str
    ours: str
    theirs: str


def shown_pairs(second: CaseList, rows: Sequence[Match]) -> list[ShownPair]:
    """Pairs with the names and birth dates of both lists."""
    people, their = (people_of(one) if one else None for one in (second.beside, second))
    if people is None or their is None:
        return []
    return [ShownPair(row.pk, row.get_why_display(), people.shown(row.child), their.shown(row.other)) for row in rows]
