"""Who the children of a list are, where it says so: sealed apart from the counts, opened only to join and to compare."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from candour.identity import queries as identity
from candour.identity.checks import squeezed
from candour.identity.models import IndexKind
from candour.sampling.queries.index import Index, offered, tally

if TYPE_CHECKING:
    from candour.sampling.models import CaseList
    from candour.sampling.readers import Child, Reading


@dataclass
class People:
    """Names, birth dates, NHS numbers and UPNs in the order of the list; blank where it has none."""

    names: list[str] = field(default_factory=list)
    born: list[str] = field(default_factory=list)  # as ISO text
    nhs: list[str] = field(default_factory=list)
    upns: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, children: Iterable[Child]) -> People:
        """Take them from the children as read."""
        found = cls()
        for child in children:
            found.names.append(child.name)
            found.born.append(child.born.isoformat() if child.born else "")
            found.nhs.append("".join(filter(str.isdigit, child.nhs)))
            found.upns.append("".join(child.upn.split()).upper())
        return found

    @classmethod
    def blank(cls, count: int) -> People:
        """Nothing about so many children."""
        return cls(*([""] * count for _ in range(4)))

    def pack(self) -> bytes:
        """Write them for keeping."""
        return gzip.compress(json.dumps(self.__dict__).encode(), 1, mtime=0)

    @classmethod
    def unpack(cls, body: bytes) -> People:
        """Read them back."""
        return cls(**json.loads(gzip.decompress(body)))

    def shown(self, place: int) -> str:
        """One child as the answer to a recorded act shows it: name and birth date."""
        day = date.fromisoformat(self.born[place]) if self.born[place] else None
        born = f"born {day.day} {day:%B %Y}" if day else "no date of birth"
        return f"{self.names[place] or 'No name'}, {born}"


@dataclass(frozen=True)
class Kept:
    """What is kept of a list as read, worked out before it is written down."""

    index: Index
    people: People
    packed: tuple[bytes, bytes]
    tallies: dict[str, Any]

    @classmethod
    def of(cls, reading: Reading) -> Kept:
        """Take it from a list as read."""
        children = list(reading.in_order())
        index, people = Index.of(children), People.of(children)
        tallies = {"counts": tally(index), "offers": offered(index)}
        return cls(index, people, (index.pack(), people.pack()), tallies)


def people_of(case_list: CaseList) -> People | None:
    """Who the children of a list are, while the list is there."""
    return People.unpack(case_list.people) if case_list.people else None


def audited_before(case_list: CaseList, index: Index, places: Sequence[int], subjects: Sequence[str]) -> set[int]:
    """Which children of a list were the index child of one of these files, by the keyed index alone.

    Where there are several councils, whose number a list gives is not known, and the same number of two is two
    children: it then says who somebody is only where the list says nothing else.
    """
    known = identity.child_digests(subjects)
    if not known:
        return set()
    people, partnership = people_of(case_list), case_list.partnership_id
    several = len(identity.councils(partnership)) > 1
    return {
        place
        for place in places
        if any(
            identity.digest_of(partnership, kind, value) in known
            for kind, value in _values(index, people, place, several)
        )
    }


def _values(index: Index, people: People | None, place: int, several: bool) -> Iterator[tuple[str, str]]:
    found = list(_personal(people, place)) if people else []
    if not (several and found):
        yield IndexKind.COUNCIL, squeezed(index.number[place])
    yield from found


def _personal(people: People, place: int) -> Iterator[tuple[str, str]]:
    if people.nhs[place]:
        yield IndexKind.NHS, people.nhs[place]
    if people.upns[place]:
        yield IndexKind.UPN, people.upns[place]
    given, _, family = people.names[place].rpartition(" ")
    if given and people.born[place]:
        yield IndexKind.NAME, identity.name_value(given, family, people.born[place])
