"""Who may know of which concern, whom to phone, and who takes one up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from candour.access.policy import Can, allows
from candour.access.scope import visible
from candour.access.viewer import viewer_of, viewer_on
from candour.concerns.flow import State
from candour.concerns.models import Concern, Entry, Kind, Rule
from candour.kernel.clock import today
from candour.kernel.tasks import Task
from candour.people.models import Grant, Membership, Partnership, Role, Service, User
from candour.sampling.models import Case
from candour.trail.models import Detail

CONTACTS = ("front_door_phone", "out_of_hours_phone", "police_phone", "lado_contact", "escalation_url")
RECEIVING = (Role.CONCERNS, Role.CONTACT, Role.OWNER)


@dataclass(frozen=True)
class Flag:
    """That a case has a concern about the child's safety, and whether it is closed; nothing of what it says."""

    case: Any
    state: str
    concern_id: str

    @property
    def open(self) -> bool:
        """Whether it still has to be dealt with."""
        return self.state != State.CLOSED


def managers(partnership: Partnership, on: date, case: Case | None = None) -> list[User]:
    """The social-care managers who take up that a child may be unsafe; of a case, those to whom it is not closed."""
    people = User.objects.holding(Role.CONCERNS, partnership=partnership, on=on)
    return list(people.exclude(pk__in=case.connections.values("user_id")) if case else people)


def rule_of(partnership: Partnership) -> Rule:
    """The partnership's rule for concerns, or what holds until it has one."""
    found = Rule.objects.select_related("manager", "rises_to").filter(partnership=partnership).first()
    return found or Rule(partnership=partnership)


def first_owner(case: Case, on: date) -> User | None:
    """The social-care manager who owns a new concern: the one that the partnership named, else the first; nobody to
    whom the case is closed."""
    holders, named = managers(case.partnership, on, case), rule_of(case.partnership).manager
    return named if named in holders else next(iter(holders), None)


def could_choose(concern: Concern, on: date) -> bool:
    """Whether who raised a concern can still say who receives it: with a role here, and the case not closed to them."""
    here = concern.partnership_id in viewer_on(concern.raised_by, on).partnerships
    return here and not closed_to(concern, concern.raised_by)


def closed_to(concern: Concern, person: User) -> bool:
    """Whether somebody is connected to the family of a concern's case."""
    return concern.case.connections.filter(user=person).exists()


NUMBER = re.compile(r"\+?\d(?: ?\d)+")


@dataclass(frozen=True)
class Phone:
    """A number to call: whose, as the partnership wrote it, and as a telephone dials it."""

    whose: str
    text: str
    dials: str


def phones(partnership: Partnership) -> list[Phone]:
    """Whom to phone first when a child may be unsafe."""
    rows = (
        ("Children’s social care, front door", partnership.front_door_phone or "as in your own procedures"),
        ("Out of hours", partnership.out_of_hours_phone),
        ("Police, if a child is in danger this minute", partnership.police_phone or "999"),
    )
    found = [(whose, text, NUMBER.search(text)) for whose, text in rows if text]
    return [Phone(whose, text, number[0].replace(" ", "") if number else "") for whose, text, number in found]


def coordinators(partnership: Partnership, on: date) -> list[User]:
    """The people who run audits in this partnership."""
    return list(User.objects.holding(Role.COORDINATOR, partnership=partnership, on=on))


def recipients(case: Case, on: date, but: User | None = None) -> list[tuple[User, str]]:
    """Who may receive a concern about practice in a case: the managers, and the contacts and owners of the
    partnership's agencies; nobody who is connected to the family, to whom the case is closed."""
    members = Membership.objects.on(on).filter(partnership=case.partnership_id).values("agency")
    grants = Grant.objects.in_force(on).filter(role__in=RECEIVING, user__is_active=True)
    grants = grants.exclude(user__in=case.connections.values("user_id"))
    found: dict[str, tuple[User, str]] = {}
    here = grants.filter(partnership=case.partnership_id) | grants.filter(agency__in=members)
    for grant in here.select_related("user", "agency").order_by("user__name", "user_id", "role"):
        where = f", {grant.agency}" if grant.agency else ""
        found.setdefault(grant.user_id, (grant.user, f"{grant.user}, {grant.get_role_display().lower()}{where}"))
    return [one for pk, one in found.items() if but is None or pk != but.pk]


def next_owners(concern: Concern, on: date) -> list[tuple[User, str]]:
    """To whom a concern about practice can be passed on: neither to who has it, nor to who raised it."""
    but = {concern.owner_id, concern.raised_by_id}
    return [(user, text) for user, text in recipients(concern.case, on) if user.pk not in but]


def service_of(user: User) -> Service | None:
    """The service for which a person acts, where it is one."""
    services = viewer_of(user).services
    return Service.objects.filter(pk__in=services).first() if len(services) == 1 else None


def known_to(user: User) -> list[tuple[Concern, bool]]:
    """The concerns that a person may know of, open ones first, and whether they may read each."""
    rows = visible(Concern, user).select_related("case__audit", "owner", "partnership")
    ordered = sorted(rows.order_by("-raised_at", "id"), key=lambda one: one.state == State.CLOSED)
    return [(one, allows(user, Can.READ_CONCERN, one)) for one in ordered]


def flags(cases: Iterable[Any]) -> list[Flag]:
    """For the pages of a case: that there is a concern about safety, open or closed. Practice is never flagged."""
    rows = Concern.objects.filter(case__in=list(cases), kind=Kind.UNSAFE).select_related("case")
    return [Flag(one.case, one.state, one.pk) for one in rows.order_by("case__number", "-raised_at", "id")]


def case_links(case: Case, user: User) -> list[tuple[str, str]]:
    """The two ways out of a case's page, and whether a child has been thought unsafe in it."""
    links = [
        ("A child may be unsafe now", reverse("concerns:unsafe", args=[case.pk])),
        ("A concern about practice or a person", reverse("concerns:practice", args=[case.pk])),
    ]
    for flag in flags([case]):
        concern = Concern(pk=flag.concern_id, partnership_id=case.partnership_id, kind=Kind.UNSAFE)
        if allows(user, Can.SEE_CONCERN, concern):
            state = "open" if flag.open else "closed"
            links.append((f"Safety concern, {state}", reverse("concerns:show", args=[flag.concern_id])))
    return links


def entries(concern: Concern) -> "QuerySet[Entry]":
    """What was added to a concern, oldest first."""
    return concern.entries.select_related("by").order_by("at", "id")


def tasks(user: User, on: date) -> list[Task]:
    """The concerns that a person has to take up or close; they stand before everything else."""
    viewer = viewer_of(user)
    rows = Concern.objects.exclude(state=State.CLOSED).filter(partnership__in=viewer.partnerships)
    to_choose = Q(kind=Kind.PRACTICE, owner__isnull=True, raised_by=user)
    mine = rows.filter(Q(owner=user) | to_choose | _left_alone(viewer.partnerships_as(Role.CONCERNS), on))
    mine = mine.exclude(case__connections__user=user)
    made = _unset(viewer.coordinates)
    for one in mine.select_related("partnership", "case__audit").order_by("raised_at", "id"):
        new = one.state == State.OPEN
        made.append(
            Task(
                f"{one.get_kind_display()}: {one.case}, audit {one.case.audit.code}",
                reverse("concerns:show", args=[one.pk]),
                due=today(one.raised_at),
                note=_wanted(one),
                partnership=one.partnership.short_name,
                tag="Now" if new else "Open",
                tone="red" if new else "amber",
            )
        )
    return made


def _wanted(concern: Concern) -> str:
    if concern.kind == Kind.PRACTICE and concern.owner_id is None:
        return "You raised it, and nobody has it now. Choose who receives it."
    return "Take it up." if concern.state == State.OPEN else "Taken up. Close it when it has been dealt with."


def _left_alone(managed: Iterable[str], on: date) -> Q:
    """A child unsafe whom nobody took up in time, or whose owner is a social-care manager no more."""
    holders = Grant.objects.in_force(on).filter(role=Role.CONCERNS, partnership__in=managed, user__is_active=True)
    lost = Q(owner__isnull=True) | ~Q(owner__in=holders.values("user"))
    return Q(kind=Kind.UNSAFE, partnership__in=managed) & (lost | Q(state=State.OPEN, risen__gt=0))


def _unset(coordinated: Iterable[str]) -> list[Task]:
    """That a partnership whose cases are read has not said whom to phone."""
    rows = Partnership.objects.filter(pk__in=coordinated, front_door_phone="")
    rows = rows.filter(pk__in=Case.objects.filter(audit__state="under-way").values("partnership"))
    return [
        Task(
            "Say whom to phone when a child may be unsafe",
            reverse("concerns:rule", args=[one.pk]),
            note="The page that people open then has no number for social care.",
            partnership=str(one),
        )
        for one in rows.order_by("name", "pk")
    ]


def overdue(at: datetime) -> "QuerySet[Concern]":
    """The concerns that nobody took up in time, the oldest first."""
    rows = Concern.objects.filter(state=State.OPEN, rises_at__lte=at)
    return rows.select_related("partnership").order_by("rises_at", "id")


def left_behind(at: datetime) -> list[Concern]:
    """The concerns about practice that are not closed and whose owner holds no role in the partnership any more."""
    rows = Concern.objects.filter(kind=Kind.PRACTICE, owner__isnull=False).exclude(state=State.CLOSED)
    found = rows.select_related("partnership", "case", "owner", "raised_by").order_by("raised_at", "id")
    return [one for one in found if one.partnership_id not in viewer_on(one.owner, today(at)).partnerships]


@dataclass(frozen=True)
class Act:
    """One line of a concern's own record."""

    at: datetime
    who: str
    did: str
    whom: str = ""
    """To whom it was passed on."""


def history(concern: Concern) -> list[Act]:
    """Who did what with a concern and when, from the trail, for those who may read it."""
    rows = Detail.objects.filter(entry__object_id=concern.pk, entry__object_label=Concern._meta.label)
    told = [
        (row.entry.at, (row.body or {}).get("detail", {}))
        for row in rows.select_related("entry").order_by("entry__seq")
    ]
    people = {said.get(part) for _, said in told for part in ("by", "owner")}
    names = {one.pk: str(one) for one in User.objects.filter(pk__in=people - {None})}
    return [
        Act(at, names.get(said.get("by"), "Candour"), said["did"], names.get(said.get("owner"), ""))
        for at, said in told
        if "did" in said
    ]


def ruled(user: User) -> list[Partnership]:
    """The partnerships in which a person may set whom to phone and who takes up concerns."""
    ids = viewer_of(user).partnerships_as(Role.COORDINATOR, Role.CONCERNS)
    return list(Partnership.objects.filter(pk__in=ids).order_by("name", "pk"))
