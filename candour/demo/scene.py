"""The place where the demonstration is acted: its people, its days, and what one audit carries from step to step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from candour.demo.content.audits import BASIS, CORE, GROUP
from candour.demo.personas import PARTNERSHIP, PERSONAS, SERVICES
from candour.focus import actions as focus
from candour.focus import queries as focus_queries
from candour.focus.models import Audit
from candour.kernel import vault
from candour.kernel.clock import LONDON, add_working_days, now, today
from candour.kernel.models import KeyKind
from candour.members import actions as members
from candour.people.models import Agency, Grant, Partnership, Service, User
from candour.people.roles import Role
from candour.sampling.models import Case
from candour.tools import queries as tools

LEAD, SECOND, CHAIR, SCRUTINEER = "Ruth Okafor", "Daniel Mercer", "Helen Achterberg", "Margaret Lyle"
SHARER, ALONE = "Megan Ashdown", "Sophie Lund"
MANAGER, ABOVE = "Priya Raman", "Simon Farrar"
CONTACTS = {persona.service: persona.name for persona in PERSONAS if Role.CONTACT in persona.roles}
AUDITORS = {persona.service: persona.name for persona in reversed(PERSONAS) if Role.AUDITOR in persona.roles}
AUTHORISERS = {persona.service: persona.name for persona in PERSONAS if Role.AUTHORISER in persona.roles}
FOUNDED = timedelta(days=800)


@dataclass
class Scene:
    """The partnership with its people and services, reached by the names that the content uses."""

    partnership: Partnership
    people: dict[str, User]
    services: dict[str, Service]
    chance: Random = field(default_factory=lambda: Random(20260923))  # noqa: S311 - the same each time, nothing secret

    @property
    def lead(self) -> User:
        return self.people[LEAD]

    @property
    def chair(self) -> User:
        return self.people[CHAIR]

    def agency(self, key: str) -> Agency:
        """The agency of a service."""
        return self.services[key].agency

    def contact(self, key: str) -> User:
        return self.people[CONTACTS[key]]

    def auditor(self, key: str) -> User:
        return self.people[AUDITORS[key]]

    def authoriser(self, key: str) -> User | None:
        """Who checks a service's returns; a surgery and a school have nobody."""
        return self.people[AUTHORISERS[key]] if key in AUTHORISERS else None


@dataclass
class Round:
    """One audit on its way, with its own calendar: day 0 is its first working day."""

    scene: Scene
    audit: Audit
    text: dict[str, Any]
    cases: list[Case] = field(default_factory=list)

    def at(self, day: int, hour: int = 10, minute: int = 0) -> datetime:
        """An hour of the n-th working day; never later than now."""
        on = add_working_days(self.audit.starts_on, day)
        return min(datetime.combine(on, time(hour, minute), LONDON), now())

    @property
    def keys(self) -> tuple[str, ...]:
        """The services expected in this audit."""
        keys: tuple[str, ...] = self.text["services"]
        return keys


def make_scene() -> Scene:
    """Found the partnership, its agencies and everybody's roles, two years and some months ago."""
    at = now() - FOUNDED
    partnership = Partnership.objects.create(**PARTNERSHIP)
    vault.make_key(partnership.pk, KeyKind.PARTNERSHIP, at)
    people = {one.name: User.objects.create(email=one.email, name=one.name, joined_at=at) for one in PERSONAS}
    for person in people.values():
        person.set_unusable_password()
        person.save(update_fields=["password"])
    lead = people[LEAD]
    Grant.objects.create(user=lead, role=Role.COORDINATOR, partnership=partnership, starts_on=today(at))
    services = {}
    for key, (agency, name, kind) in SERVICES.items():
        made = members.add_agency(partnership=partnership, name=agency, services=[(name, kind)], by=lead, at=at)
        services[key] = made.services.select_related("agency").get()
    for persona in PERSONAS[1:]:
        home = services[persona.service].agency if persona.service else None
        for role in persona.roles:
            members.give_role(
                person=people[persona.name], role=role, partnership=partnership, agency=home, by=lead, at=at
            )
    # What a person may do was looked up while the roles were being given; look it up anew.
    fresh = {person.pk: person for person in User.objects.filter(pk__in=[p.pk for p in people.values()])}
    return Scene(partnership, {name: fresh[person.pk] for name, person in people.items()}, services)


def plan(scene: Scene, text: dict[str, Any]) -> Round:
    """Start an audit and plan it whole."""
    starts_on = add_working_days(today(), -text["began"]) if text["began"] else add_working_days(today(), 0)
    at = min(datetime.combine(starts_on - timedelta(days=21), time(14), LONDON), now() - timedelta(days=3))
    period_ends = starts_on.replace(day=1) - timedelta(days=1)
    acting: dict[str, Any] = {"by": scene.lead, "at": at}
    audit = focus.open_audit(
        partnership=scene.partnership,
        code=focus_queries.next_code(scene.partnership, starts_on.year),
        title=text["title"],
        summary=text["summary"],
        who=text["who"],
        review_from=(period_ends - timedelta(days=170)).replace(day=1),
        review_to=period_ends,
        inclusion_rule=text["inclusion"],
        lines="\n".join(text["lines"]),
        starts_on=starts_on,
        **acting,
    )
    focus.set_sources(audit=audit, evidence=text["sources"], **acting)
    focus.set_services(
        audit=audit,
        services=[scene.services[key] for key in text["services"]],
        keep=text["services"] == CORE,
        **acting,
    )
    focus.set_tool(audit=audit, tool=tools.newest("core"), graded=True, lawful_basis=BASIS, **acting)
    return Round(scene, Audit.objects.select_related("partnership", "tool").get(pk=audit.pk), text)


def decide(of: Round) -> None:
    """Have the subgroup decide on an audit, so that it is under way."""
    on: date = of.audit.starts_on
    by, at = of.scene.lead, of.at(0, 9)
    of.audit = focus.begin_audit(audit=of.audit, decided_by=GROUP, decided_on=on, by=by, at=at)
