"""People to test with: one partnership with its agencies, services and everybody who works in it; and a stranger."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.test import Client

from candour.kernel import vault
from candour.kernel.models import KeyKind
from candour.people.models import Agency, Grant, Membership, Partnership, Role, Service, ServiceKind, User

BEGAN = date(2026, 1, 1)
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class World:
    """A partnership with its people, reached by attribute: `w.coordinator`, `w.contact_police`, `w.health_visiting`."""

    partnership: Partnership
    services: dict[str, Service] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        for shelf in (self.__dict__.get("users", {}), self.__dict__.get("services", {})):
            if name in shelf:
                return shelf[name]
        raise AttributeError(name)


AGENCIES: dict[str, tuple[str, str, ServiceKind]] = {
    "social_care": ("Northmere Council", "Children's social care", ServiceKind.SOCIAL_CARE),
    "police": ("Northmere Police", "Child abuse team", ServiceKind.POLICE),
    "health_visiting": ("Mere Community Trust", "Health visiting", ServiceKind.HEALTH_VISITING),
    "acute": ("North Mere Hospital Trust", "Emergency department", ServiceKind.ACUTE),
    "gp": ("Larch Medical Practice", "Larch Medical Practice", ServiceKind.GP),
    "school": ("Eastfield Primary School", "Eastfield Primary School", ServiceKind.SCHOOL),
}
SHORT = {"health_visiting": "hv", "social_care": "sc"}


def user(name: str, **extra: Any) -> User:
    """A person, with an address made of their name."""
    return User.objects.create(email=f"{name.replace(' ', '.').lower()}@example.org", name=name.title(), **extra)


def grant(person: User, role: Role, **scope: Any) -> Grant:
    """A role given to a person since the year began."""
    return Grant.objects.create(user=person, role=role, starts_on=scope.pop("starts_on", BEGAN), **scope)


def partnership(name: str = "Northmere", **extra: Any) -> Partnership:
    """A partnership with its key."""
    made = Partnership.objects.create(
        name=f"{name} Safeguarding Children Partnership", short_name=name, slug=name.lower(), **extra
    )
    vault.make_key(made.pk, KeyKind.PARTNERSHIP, AT)
    return made


def service(agency: str, name: str, kind: ServiceKind, of: Partnership) -> Service:
    """A service of an agency that belongs to a partnership."""
    owner, _ = Agency.objects.get_or_create(name=agency)
    Membership.objects.get_or_create(partnership=of, agency=owner, defaults={"starts_on": BEGAN})
    return Service.objects.create(agency=owner, name=name, kind=kind)


def world(name: str = "Northmere") -> World:
    """A partnership with six services; each has a contact, an auditor and an authoriser."""
    made = World(partnership(name))
    tag = "" if name == "Northmere" else f" {name}"
    for role in (Role.COORDINATOR, Role.SECOND, Role.CHAIR, Role.SCRUTINEER, Role.EXECUTIVE, Role.CONCERNS):
        made.users[role.value] = user(f"{role.value}{tag}")
        grant(made.users[role.value], role, partnership=made.partnership)
    for key, (agency, title, kind) in AGENCIES.items():
        made.services[key] = service(agency + tag, title, kind, made.partnership)
        for role in (Role.CONTACT, Role.AUDITOR, Role.AUTHORISER):
            handle = f"{role.value}_{SHORT.get(key, key)}"
            made.users[handle] = user(f"{handle.replace('_', ' ')}{tag}")
            grant(made.users[handle], role, agency=made.services[key].agency)
    return made


def joined(w: World, handle: str, name: str, role: Role, of: Service, **scope: Any) -> User:
    """Somebody more who holds a role in a service's agency, reached as `w.<handle>`; with `service`, in it alone."""
    w.users[handle] = user(name)
    grant(w.users[handle], role, agency=of.agency, **scope)
    return w.users[handle]


def other_world() -> World:
    """Another partnership, whose everything must stay unknown to the first."""
    return world("Southmere")


def sign_in(client: Client, person: User) -> Client:
    """Sign a person in, second factor and all."""
    client.force_login(person)
    session = client.session
    session["second_factor"] = person.pk  # as candour.members.second_factor has it
    session["used"] = 2**33  # and candour.members.idle: never idle, whatever clock a test sets
    session.save()
    return client
