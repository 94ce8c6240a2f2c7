"""What pages and jobs ask about people, their roles and agencies."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import BooleanField, Case, Prefetch, Q, QuerySet, When
from django.urls import reverse
from django.utils.module_loading import import_string

from candour.access.scope import visible
from candour.access.viewer import viewer_of
from candour.kernel.clock import today
from candour.members.models import Invitation, KeptPost, hash_of
from candour.notices import absences
from candour.notices import queries as notices
from candour.notices.models import Message
from candour.people.models import Absence, Agency, Grant, Membership, Partnership, Role, Service, User


class Persona(Protocol):
    """One of the invented people of the demonstration, and what they do in it."""

    email: str
    says: str


@dataclass(frozen=True)
class Held:
    """One person with the roles that they hold at one place."""

    person: User
    grants: list[Grant] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """A partnership's own people, or an agency with its services and people."""

    name: str
    agency: Agency | None = None
    membership: Membership | None = None
    services: list[Service] = field(default_factory=list)
    people: list[Held] = field(default_factory=list)


def personas() -> list[Persona]:
    """The demonstration's people; nobody anywhere else."""
    if settings.MODE != "demo" or not settings.CANDOUR_PERSONAS:
        return []
    try:
        return list(import_string(settings.CANDOUR_PERSONAS))
    except ImportError:
        return []


def listed_personas() -> list[dict[str, Any]]:
    """The demonstration's people who exist in the database, as the sign-in page lists them."""
    listed = personas()
    names = dict(User.objects.filter(email__in=[p.email for p in listed]).values_list("email", "name"))
    return [{"email": p.email, "name": names[p.email], "says": p.says} for p in listed if p.email in names]


def partnerships(user: User) -> QuerySet[Partnership]:
    """The partnerships whose people a person looks after."""
    viewer = viewer_of(user)
    agencies = viewer.agencies_as(Role.CONTACT)
    members = {pk for agency, pk in viewer.members if agency in agencies}
    return Partnership.objects.filter(pk__in=viewer.coordinates | members).order_by("name", "id")


def places(user: User, partnership: Partnership, on: date) -> list[Place]:
    """The partnership's own people and its agencies with theirs, as far as this person looks after them."""
    grants = visible(Grant.objects.in_force(on), user).select_related("user", "service").order_by("user__name", "id")
    members = Membership.objects.on(on).filter(partnership=partnership, agency__in=visible(Agency, user))
    held = list(grants.filter(Q(partnership=partnership) | Q(agency__in=members.values("agency"))))
    services = Prefetch("agency__services", Service.objects.order_by("name", "id"))
    rows = members.select_related("agency").prefetch_related(services).order_by("agency__name", "id")
    found = [
        Place(m.agency.name, m.agency, m, list(m.agency.services.all()), _gathered(held, m.agency_id)) for m in rows
    ]
    own = _gathered(held, None)
    return [Place(partnership.name, people=own), *found] if own else found


def _gathered(grants: Iterable[Grant], agency_id: str | None) -> list[Held]:
    people: dict[str, Held] = {}
    for grant in grants:
        if grant.agency_id == agency_id:
            people.setdefault(grant.user_id, Held(grant.user)).grants.append(grant)
    return list(people.values())


def waiting(user: User, partnership: Partnership, at: datetime) -> list[Invitation]:
    """Invitations neither accepted nor taken back; those whose link has run out say so."""
    rows = visible(Invitation, user).filter(partnership=partnership, accepted_at=None, withdrawn_at=None)
    rows = rows.annotate(over=Case(When(expires_at__lte=at, then=True), default=False, output_field=BooleanField()))
    return list(rows.select_related("agency", "service", "partnership").order_by("-invited_at", "id")[:100])


def invited_for(service: Service, partnership: Partnership, at: datetime) -> list[Invitation]:
    """Who has been invited to write or check the returns of a service, and has not answered yet."""
    rows = Invitation.objects.filter(partnership=partnership, agency=service.agency_id, accepted_at=None)
    rows = rows.filter(Q(service=None) | Q(service=service), role__in=[Role.AUDITOR, Role.AUTHORISER])
    return list(rows.filter(withdrawn_at=None, expires_at__gt=at).order_by("name", "pk"))


def invitation_by(token: str) -> Invitation | None:
    """The invitation that a link opens."""
    rows = Invitation.objects.select_related("partnership", "agency", "service", "invited_by")
    return rows.filter(token_hash=hash_of(token)).first()


def person_here(user: User, pk: str) -> tuple[User, list[Grant]] | None:
    """A person whom this one looks after, with the roles that may be seen; None where there is nobody such."""
    grants = visible(Grant, user).filter(user=pk).select_related("user", "agency", "service", "partnership")
    rows = list(grants.order_by("-starts_on", "id"))
    return (rows[0].user, rows) if rows else None


def failing(who: User, partnership: Partnership, at: datetime) -> Message | None:
    """The last message to a person, where it came back in the last three months."""
    return notices.failing([who.pk], partnership.pk, at - timedelta(days=92)).get(who.pk)


def may_be_away(who: User, on: date) -> bool:
    """Whether a person holds a role whose messages somebody else could take."""
    return Grant.objects.in_force(on).filter(user=who, role__in=absences.WORKING).exists()


def stand_ins(who: User, viewer: User, on: date) -> list[User]:
    """Who could stand in for a person, as far as the viewer sees them: a colleague in another agency is not told."""
    found = absences.could_stand_in(who, on)
    if who == viewer:
        return found
    seen = set(visible(Grant, viewer).filter(user__in=found).values_list("user_id", flat=True))
    return [one for one in found if one.pk in seen]


def absences_of(who: User, viewer: User, on: date) -> list[tuple[Absence, str]]:
    """When a person is away, now and to come, and who stands in."""
    rows = visible(Absence, viewer).filter(user=who, ends_on__gte=on).select_related("user", "deputy")
    found = list(rows.order_by("starts_on", "pk"))
    seen = stand_ins(who, viewer, on) if found else []
    return [(row, f"{_standing_in(row, seen)} stands in") for row in found]


def _standing_in(row: Absence, seen: list[User]) -> User | str:
    if row.deputy is None:
        return "Nobody"
    return row.deputy if row.deputy in seen else "Nobody here"


def people_without_a_role(on: date) -> list[User]:
    """People who are signed in somewhere although no role of theirs is left."""
    held = Grant.objects.in_force(on).values("user")
    return list(User.objects.filter(usersession__isnull=False).exclude(pk__in=held).distinct().order_by("pk"))


def place(user: User, partnership: Partnership, pk: str, on: date) -> Place | None:
    """One agency of the partnership with its services and people."""
    return next((p for p in places(user, partnership, on) if p.agency and p.agency.pk == pk), None)


def manages(user: User, partnership: Partnership) -> bool:
    """Whether a person gives every role in a partnership, rather than those of their own agency."""
    return partnership.pk in viewer_of(user).coordinates


def offered(user: User, partnership: Partnership, on: date) -> dict[str, list[Any]]:
    """The roles that a person may give, and the agencies in which."""
    everything = manages(user, partnership)
    members = Membership.objects.on(on).filter(partnership=partnership)
    agencies = Agency.objects.filter(memberships__in=members).prefetch_related("services").order_by("name", "id")
    if not everything:
        agencies = agencies.filter(pk__in=viewer_of(user).agencies_as(Role.CONTACT))
    roles = (
        [role.value for role in Role if role != Role.ONCE]
        if everything
        else [Role.AUDITOR.value, Role.AUTHORISER.value]
    )
    return {"roles": roles, "agencies": list(agencies)}


def partnership_of(grant: Grant, user: User) -> Partnership:
    """The partnership in which a person looks after a grant: its own, or one to which its agency belongs."""
    mine = partnerships(user)
    if grant.partnership_id:
        return mine.get(pk=grant.partnership_id)
    here = Membership.objects.on(today()).filter(agency=grant.agency_id)
    found = mine.filter(pk__in=here.values("partnership")).first()
    return found or mine[0]


def people_url(partnership: Partnership) -> str:
    """The people's page of one partnership."""
    return f"{reverse('members:people')}?in={partnership.slug}"


def agency_url(place: Place, partnership: Partnership) -> str:
    """The page of one agency of a partnership."""
    pk = place.agency.pk if place.agency else ""
    return f"{reverse('members:agency', args=[pk])}?in={partnership.slug}"


def dated(grants: Iterable[Grant], on: date) -> list[tuple[Grant, str]]:
    """Each grant with how it stands on a day: held, to come, ended or withdrawn."""
    return [(grant, _standing(grant, on)) for grant in grants]


def _standing(grant: Grant, on: date) -> str:
    if grant.withdrawn_at:
        return "withdrawn"
    if grant.starts_on > on:
        return "to come"
    return "ended" if grant.ends_on and grant.ends_on < on else "held"


def own_roles(user: User, on: date) -> list[Grant]:
    """The roles that a person holds."""
    grants = Grant.objects.in_force(on).filter(user=user).select_related("partnership", "agency", "service")
    return list(grants.order_by("starts_on", "id"))


def second_factors(user: User) -> list[str]:
    """The kinds of second factor that a person has set up, recovery codes apart."""
    kinds = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return sorted(set(kinds.values_list("type", flat=True)))


def readable(posts: Iterable[tuple[KeptPost, dict[str, list[str]]]]) -> list[tuple[KeptPost, list[Any], list[Any]]]:
    """What was kept, as (the post, what a person reads of it, what is sent again)."""
    found: list[tuple[KeptPost, list[Any], list[Any]]] = []
    for post, fields in posts:
        sent = [(name, value) for name, values in fields.items() for value in values]
        read = [(_label(name), value) for name, value in sent if value and name not in ("version", "next")]
        found.append((post, read, sent))
    return found


def _label(name: str) -> str:
    return re.sub(r"[-_]+", " ", name).strip().capitalize()
