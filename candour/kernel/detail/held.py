"""What the check is given and what it gives back: identities held in, positions out."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a detail in a text could tell."""

    NAME = "name"
    ADDRESS = "address"
    POSTCODE = "postcode"
    NHS = "nhs-number"
    UPN = "upn"
    NUMBER = "number"
    PHONE = "phone"
    EMAIL = "email"
    BIRTH = "birth-date"
    DATE = "date"
    AGE = "age"
    COUNT = "count"
    SHARE = "share"
    SCHOOL = "school"


@dataclass(frozen=True)
class Identity:
    """One person of the audit as the identities held tell; every part may be empty."""

    names: tuple[str, ...] = ()
    born: tuple[datetime.date, ...] = ()
    addresses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class Found:
    """One place where personal detail may stand; it says where and why, never what."""

    place: str
    start: int
    end: int
    kind: Kind
    why: str


@dataclass(frozen=True)
class Setting:
    """What the check must know besides the texts: who is held, how many children, what today is."""

    today: datetime.date
    held: tuple[Identity, ...] = ()
    children: int | None = None
    contact_places: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Span:
    """A stretch of a text that could tell who somebody is, and why."""

    start: int
    end: int
    kind: Kind
    why: str
    weight: int = 1


Texts = Mapping[str, str]
