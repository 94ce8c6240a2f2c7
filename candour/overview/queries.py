"""What every step tells, read together. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from candour.access.viewer import Held, viewer_of
from candour.kernel.tasks import Task
from candour.overview.steps import tellers
from candour.people.models import Partnership, Role

if TYPE_CHECKING:
    from candour.people.models import User


def tasks(user: User, on: date) -> list[Task]:
    """Everything that any step leaves with a person, in every partnership."""
    return [task for source in tellers() for task in source.tasks(user, on)]


@dataclass(frozen=True)
class Ties:
    """Whom a person works for, in words."""

    name: str
    roles: str
    partnerships: int


def partnerships_of(user: User) -> list[Partnership]:
    """The partnerships to which any role ties a person, by name; asked for once a request."""
    kept = user.__dict__.get("_partnerships")
    if kept is None:
        ids = viewer_of(user).partnerships
        kept = user.__dict__["_partnerships"] = list(Partnership.objects.filter(pk__in=ids).order_by("name", "pk"))
    return kept


def ties(user: User) -> Ties:
    """The partnerships and roles of a person, as the bar shows them."""
    partnerships = partnerships_of(user)
    names = [partnership.name for partnership in partnerships]
    name = names[0] if len(names) == 1 else _joined([partnership.short_name for partnership in partnerships])
    return Ties(name, _roles(viewer_of(user).grants), len(names))


def _joined(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _roles(grants: Iterable[Held]) -> str:
    """Where a person works and, where they do one thing only, what."""
    roles: dict[str, list[str]] = {}
    for grant in grants:
        roles.setdefault(grant.place, []).append(Role(grant.role).label.lower())
    if not roles:
        return ""
    (place, words), *others = roles.items()
    first = f"{place}, {words[0]}" if len(set(words)) == 1 else place
    return f"{first} and {len(others)} more" if others else first
