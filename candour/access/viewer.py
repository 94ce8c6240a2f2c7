"""What ties a person to partnerships, agencies and services today, from their grants."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from candour.kernel.clock import today
from candour.kernel.wording import rows
from candour.people.models import Grant, Membership, Service, User
from candour.people.roles import AGENCY_ROLES, Role


class Held(NamedTuple):
    """One role that a person holds, and where, in words and by id."""

    role: str
    partnership_id: str | None
    agency_id: str | None
    service_id: str | None
    place: str


HELD = ("role", "partnership_id", "agency_id", "service_id")
PLACE = Coalesce("partnership__short_name", "service__name", "agency__name")


@dataclass(frozen=True)
class Viewer:
    """A person's ties on one day: the only thing that row scopes and rules look at. Two with equal ties are equal."""

    user_id: str | None = None
    grants: tuple[Held, ...] = ()
    members: frozenset[tuple[str, str]] = frozenset()
    service_rows: tuple[tuple[str, str], ...] = ()
    day: date = date.max
    partnerships: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        direct = {g.partnership_id for g in self.grants if g.partnership_id}
        object.__setattr__(self, "partnerships", frozenset(direct | {pk for _, pk in self.members}))

    def has(self, *roles: str) -> bool:
        """Whether they hold one of these roles anywhere."""
        return any(g.role in roles for g in self.grants)

    def partnerships_as(self, *roles: str) -> frozenset[str]:
        """Partnerships in which they hold one of these roles, directly or through their agency's membership."""
        direct = {g.partnership_id for g in self.grants if g.role in roles and g.partnership_id}
        agencies = self.agencies_as(*roles)
        return frozenset(direct | {pk for agency, pk in self.members if agency in agencies})

    def agencies_as(self, *roles: str) -> frozenset[str]:
        """Agencies in which they hold one of these roles."""
        return frozenset(g.agency_id for g in self.grants if g.role in roles and g.agency_id)

    def services_as(self, *roles: str) -> frozenset[str]:
        """Services that they act for in one of these roles: the named one, or all of the agency's."""
        named = {g.service_id for g in self.grants if g.role in roles and g.service_id}
        whole = {g.agency_id for g in self.grants if g.role in roles and g.agency_id and not g.service_id}
        return frozenset(named | {pk for pk, agency in self.service_rows if agency in whole})

    def served(self, *roles: str) -> dict[str, frozenset[str]]:
        """By partnership, the services that they act for there (by default in any role): each with its own agency's
        membership, so that an agency that left takes only its own rows along."""
        agency_of = dict(self.service_rows)
        services = self.services_as(*(roles or AGENCY_ROLES))
        return {
            home: frozenset(pk for pk in services if (agency_of.get(pk), home) in self.members)
            for home in {home for _, home in self.members}
        }

    @property
    def only_once(self) -> bool:
        """Whether they were called in for single cases, and hold no other role."""
        return bool(self.grants) and all(g.role == Role.ONCE for g in self.grants)

    @property
    def services(self) -> frozenset[str]:
        """Every service that they act for in any role."""
        return self.services_as(*AGENCY_ROLES)

    @property
    def agencies(self) -> frozenset[str]:
        """Every agency that they act for in any role."""
        return self.agencies_as(*AGENCY_ROLES)

    @property
    def coordinates(self) -> frozenset[str]:
        """The partnerships that they coordinate."""
        return self.partnerships_as(Role.COORDINATOR)


NOBODY = Viewer()


def viewer_on(user: User | AnonymousUser | None, day: date) -> Viewer:
    """A person's ties on a day. Nobody, or somebody whose account is closed, has none."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    grants = tuple(Held(*row) for row in rows(_grants, user.pk, day))
    agencies = tuple(sorted({g.agency_id for g in grants if g.agency_id}))
    if not agencies:
        return Viewer(user.pk, grants, day=day)
    members, services = rows(_members, agencies, day), rows(_services, agencies)
    return Viewer(user.pk, grants, frozenset(members), tuple(services), day)


def _grants(user_id: str, day: date) -> QuerySet[Any, Any]:
    held = Grant.objects.filter(user=user_id).in_force(day).order_by("starts_on", "role", "id")
    return held.values_list(*HELD, PLACE)


def _members(agencies: tuple[str, ...], day: date) -> QuerySet[Any, Any]:
    return Membership.objects.on(day).filter(agency__in=agencies).values_list("agency_id", "partnership_id")


def _services(agencies: tuple[str, ...]) -> QuerySet[Any, Any]:
    return Service.objects.filter(agency__in=agencies).order_by("id").values_list("id", "agency_id")


def viewer_of(user: User | AnonymousUser | None) -> Viewer:
    """A person's ties today, asked of the database once for each loaded person (so once a request or job)."""
    if not isinstance(user, User):
        return NOBODY
    day = today()
    kept = user.__dict__.get("_viewer")
    if kept is None or kept[0] != day:
        kept = user.__dict__["_viewer"] = (day, viewer_on(user, day))
    return kept[1]
