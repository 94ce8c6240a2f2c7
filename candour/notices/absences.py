"""Who is away and who stands in: one duty at a time, and only whoever holds the same role at the same service anyway."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from candour.people.models import Absence, Grant, Role, Service, User

WORKING = (Role.CONTACT, Role.AUDITOR, Role.AUTHORISER)
Duty = tuple[str, str]
"""A role, and the service for which it is held."""


@dataclass(frozen=True)
class Away:
    """Somebody who is away, and where somebody stands in."""

    user: User
    until: date
    deputy: User | None
    shared: frozenset[Duty] = frozenset()
    duties: frozenset[Duty] = frozenset()
    """What they hold themselves."""

    def stands_in(self, duty: Duty) -> User | None:
        """Whoever stands in for a duty, if they still hold the same role there and are not away themselves."""
        return self.deputy if duty in self.shared else None

    @property
    def back(self) -> str:
        """Until when, in words."""
        return f"away until {self.until.day} {self.until:%B}"

    def covers(self, service: str, roles: Collection[str]) -> bool:
        """Whether somebody stands in for all of these roles at a service."""
        return all(self.stands_in((role, service)) for role in roles)

    def says(self, service: str, roles: Collection[str]) -> str:
        """Until when, and who stands in for these roles at a service."""
        taken = [role for role in WORKING if role in roles and self.stands_in((role, service))]
        left = [role for role in WORKING if role in roles and role not in taken]
        who = f"{self.deputy if taken else 'nobody'} stands in"
        if taken and left:
            who += f" as {_and(taken)}, nobody as {_and(left)}"
        return f"{self.user} is {self.back}: {who}"

    @property
    def lead(self) -> str:
        """What a message says first to whoever stands in."""
        return f"You stand in for {self.user}, who is {self.back}."


def _and(roles: Iterable[Role]) -> str:
    return " and ".join(role.label.lower() for role in roles)


def away(people: Iterable[str], on: date) -> dict[str, Away]:
    """Those of some people who are away on a day, by id."""
    rows = list(Absence.objects.on(on).filter(user__in=set(people)).select_related("user", "deputy"))
    if not rows:
        return {}
    deputies = {row.deputy_id for row in rows if row.deputy_id}
    gone = set(Absence.objects.on(on).filter(user__in=deputies).values_list("user_id", flat=True))
    duties = duties_of({row.user_id for row in rows} | deputies, on)
    found = {}
    for row in rows:
        shared = duties[row.user_id] & duties[row.deputy_id or ""] if row.deputy_id not in gone else set()
        held = frozenset(duties[row.user_id])
        found[row.user_id] = Away(row.user, row.ends_on, row.deputy if shared else None, frozenset(shared), held)
    return found


def duties_of(people: Iterable[str], on: date) -> dict[str, set[Duty]]:
    """By person, the roles that they hold at services on a day: at the one named, or at all of the agency's."""
    held = Grant.objects.in_force(on).filter(user__in=set(people), user__is_active=True, role__in=WORKING)
    rows = list(held.values_list("user_id", "role", "agency_id", "service_id"))
    services = Service.objects.filter(agency__in={agency for _, _, agency, _ in rows}).values_list("pk", "agency_id")
    of: dict[str | None, list[str]] = defaultdict(list)
    for pk, owner in services:
        of[owner].append(pk)
    found: dict[str, set[Duty]] = defaultdict(set)
    for person, role, agency, service in rows:
        found[person] |= {(role, pk) for pk in ([service] if service else of[agency])}
    return found


def could_stand_in(person: User, on: date) -> list[User]:
    """Whoever holds a role of theirs at a service of theirs, by name."""
    agencies = Grant.objects.in_force(on).filter(user=person, role__in=WORKING).values("agency")
    beside = Grant.objects.in_force(on).filter(agency__in=agencies, role__in=WORKING, user__is_active=True)
    others = list(User.objects.filter(grants__in=beside).exclude(pk=person.pk).distinct().order_by("name", "pk"))
    duties = duties_of([person.pk, *(one.pk for one in others)], on)
    return [one for one in others if duties[one.pk] & duties[person.pk]]


def stood_in_for(people: Iterable[User], on: date) -> list[Away]:
    """Everybody for whom one of these people stands in on a day."""
    rows = Absence.objects.on(on).filter(deputy__in=[one.pk for one in people]).values_list("user_id", flat=True)
    return [one for one in away(rows, on).values() if one.deputy]


def readers(people: Iterable[User], duty: Duty, on: date) -> list[tuple[User, str]]:
    """Who reads a message about a duty, each once: those who have it or whoever stands in, and what it says first."""
    everybody = list(people)
    gone = away([one.pk for one in everybody], on)
    leads: dict[User, list[str]] = {}
    for person in everybody:
        one = gone.get(person.pk)
        deputy = one.stands_in(duty) if one else None
        said = leads.setdefault(deputy or person, [])
        if one and deputy:
            said.append(f"{one.lead}\n\n")
    return [(reader, "".join(said)) for reader, said in leads.items()]
