"""Inviting people, giving and withdrawing roles, signing in: all that is done to the people's tables."""

from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify

from candour.access.policy import Can, allows, demand
from candour.kernel import vault
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.kernel.models import KeyKind
from candour.members import words
from candour.members.models import Invitation, InvitationState, KeptPost, hash_of, new_token
from candour.members.queries import personas
from candour.notices.actions import post
from candour.notices.models import Message
from candour.people.models import AGENCY_ROLES, Agency, Grant, Membership, Partnership, Role, Service, User
from candour.trail.act import act, record

VALID = timedelta(days=14)


class Place:
    """Where a role would hold, as the policy looks at it."""

    def __init__(self, partnership: Partnership, agency: Agency | None) -> None:
        self.partnership_id = partnership.pk
        self.agency_id = agency.pk if agency else None


def _may_give(by: User, role: str, partnership: Partnership, agency: Agency | None) -> None:
    """A coordinator gives any role in the partnership; an agency's contact those who write and check its returns."""
    place = Place(partnership, agency)
    if agency and not Membership.objects.on(today()).filter(partnership=partnership, agency=agency).exists():
        raise Refused("That agency does not belong to this partnership.")
    if allows(by, Can.MANAGE_PEOPLE, place):
        return
    if role in (Role.AUDITOR, Role.AUTHORISER) and agency and allows(by, Can.MANAGE_OWN_PEOPLE, place):
        return
    demand(by, Can.MANAGE_PEOPLE, place)


def _check_span(starts_on: date, ends_on: date | None) -> None:
    if ends_on and ends_on < starts_on:
        raise Refused("The last day cannot be before the first.")


@act
def invite(
    *,
    partnership: Partnership,
    email: str,
    name: str,
    role: str,
    by: User,
    at: datetime,
    agency: Agency | None = None,
    service: Service | None = None,
    deputy: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Invitation:
    """Offer somebody a role by mail. The inviter learns nothing of whether the address is known elsewhere."""
    agency = (agency or (service.agency if service else None)) if role in AGENCY_ROLES else None
    _may_give(by, role, partnership, agency)
    starts_on = starts_on or today(at)
    _check_span(starts_on, ends_on)
    known = Grant.objects.in_force(starts_on).filter(user__email=email.strip().lower(), role=role)
    known = known.filter(agency=agency, service=service) if agency else known.filter(partnership=partnership)
    if known.exists():
        raise Refused("They hold this role already.")
    invitation = Invitation(
        partnership=partnership, email=email.strip().lower(), name=name.strip(), role=role, agency=agency,
        service=service if agency else None, deputy=deputy, starts_on=starts_on, ends_on=ends_on, invited_by=by,
        invited_at=at,
    )  # fmt: skip
    _send(invitation)
    return invitation


def _send(invitation: Invitation) -> str:
    """Save an invitation, put it on the record and into the outbox; gives the path of its link."""
    token, at = new_token(), invitation.invited_at
    invitation.token_hash, invitation.expires_at = hash_of(token), at + VALID
    invitation.save()
    told = {"role": invitation.role, "email": invitation.email}
    record("person invited", on=invitation, by=invitation.invited_by, at=at, detail=told)
    letter, path = words.invitation(invitation), reverse("members:invitation", args=[token])
    post(
        key=f"invitation:{invitation.pk}",
        to=invitation.email,
        subject=letter.subject,
        body=letter.body,
        path=path,
        partnership=invitation.partnership,
        private=True,
        at=at,
    )
    return path


@act
def found_partnership(
    *, name: str, short_name: str, coordinator: str, email: str, at: datetime
) -> tuple[Partnership, str]:
    """Begin a partnership, and have the installation invite its first coordinator; gives the link's path too."""
    slug = slugify(short_name)
    if not slug or Partnership.objects.filter(slug=slug).exists():
        raise Refused(f"There is a partnership called {short_name} already, or the name has no letters.")
    partnership = Partnership.objects.create(name=name.strip(), short_name=short_name.strip(), slug=slug)
    vault.make_key(partnership.pk, KeyKind.PARTNERSHIP, at)
    record("partnership begun", on=partnership, by=None, at=at)
    invitation = Invitation(
        partnership=partnership,
        email=email.strip().lower(),
        name=coordinator.strip(),
        role=Role.COORDINATOR,
        starts_on=today(at),
        invited_at=at,
    )
    return partnership, _send(invitation)


@act
def withdraw_invitation(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Take an offer back before it has been accepted."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _may_give(by, invitation.role, invitation.partnership, invitation.agency)
    if invitation.standing(at) in (InvitationState.ACCEPTED, InvitationState.WITHDRAWN):
        raise Refused("This invitation no longer waits for an answer.")
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    record("invitation withdrawn", on=invitation, by=by, at=at)


@act
def join(*, invitation: Invitation, name: str, password: str, at: datetime) -> User:
    """Make the account of somebody who reads mail at the address invited, and give them the role."""
    held = _still_open(invitation, at)
    person, made = User.objects.get_or_create(email=held.email, defaults={"name": name.strip(), "joined_at": at})
    if not made:
        raise Refused("There is an account for this address already. Sign in to accept.")
    person.set_password(password)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    record("account made", on=person, by=person, at=at)
    _take_up(held, person, at)
    return person


@act
def accept(*, invitation: Invitation, by: User, at: datetime) -> Grant:
    """Give the role to somebody who has an account already, at the address invited."""
    held = _still_open(invitation, at)
    if by.email != held.email:
        raise Refused("This invitation was sent to another address than the one you signed in with.")
    return _take_up(held, by, at)


def _still_open(invitation: Invitation, at: datetime) -> Invitation:
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if held.standing(at) is not InvitationState.OPEN:
        raise Refused("This invitation can no longer be used. Ask whoever invited you for a new one.")
    return held


def _take_up(held: Invitation, person: User, at: datetime) -> Grant:
    held.accepted_at, held.accepted_by = at, person
    held.save(update_fields=["accepted_at", "accepted_by"])
    record("invitation accepted", on=held, by=person, at=at)
    return _grant(
        person=person, role=held.role, partnership=held.partnership, agency=held.agency, service=held.service,
        deputy=held.deputy, starts_on=held.starts_on, ends_on=held.ends_on, by=held.invited_by, at=at,
    )  # fmt: skip


def _grant(*, partnership: Partnership, agency: Agency | None, by: User | None, at: datetime, **facts: Any) -> Grant:
    person = facts.pop("person")
    scope: dict[str, Any] = {"agency": agency} if agency else {"partnership": partnership}
    grant = Grant.objects.create(user=person, given_by=by, **scope, **facts)
    record("role given", on=OnRecordOf(grant, partnership), by=by, at=at, detail=_told(grant))
    return grant


class OnRecordOf:
    """A row that stands on the record of one partnership, although it belongs to an agency of several."""

    def __init__(self, row: Grant | Agency | Service | User, partnership: Partnership) -> None:
        self.pk, self._meta, self.partnership_id = row.pk, row._meta, partnership.pk


def _told(grant: Grant) -> dict[str, str]:
    return {"role": grant.role, "person": grant.user_id, "agency": grant.agency_id or ""}


@act
def give_role(
    *,
    person: User,
    role: str,
    partnership: Partnership,
    by: User,
    at: datetime,
    agency: Agency | None = None,
    service: Service | None = None,
    deputy: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Grant:
    """Give a further role to somebody whom the giver already knows here."""
    agency = (agency or (service.agency if service else None)) if role in AGENCY_ROLES else None
    _may_give(by, role, partnership, agency)
    if person.mail_to:
        raise Refused("They were called in for one case and have no account. Invite them at their own address instead.")
    starts_on = starts_on or today(at)
    _check_span(starts_on, ends_on)
    User.objects.select_for_update().get(pk=person.pk)
    same = Grant.objects.in_force(starts_on).filter(user=person, role=role, service=service if agency else None)
    if same.filter(agency=agency) if agency else same.filter(partnership=partnership):
        raise Refused("They hold this role already.")
    return _grant(
        person=person, role=role, partnership=partnership, agency=agency, service=service if agency else None,
        deputy=deputy, starts_on=starts_on, ends_on=ends_on, by=by, at=at,
    )  # fmt: skip


@act
def end_role(*, grant: Grant, partnership: Partnership, last_day: date, by: User, at: datetime) -> Grant:
    """Set the last day of a role; it still counts on that day."""
    held = _held(grant, partnership, by)
    if last_day < today(at):
        raise Refused("The last day cannot be in the past. To end the role now, withdraw it.")
    _check_span(held.starts_on, last_day)
    held.ends_on = last_day
    held.save(update_fields=["ends_on"])
    record(
        "role given an end", on=OnRecordOf(held, partnership), by=by, at=at, detail={**_told(held), "until": last_day}
    )
    return held


@act
def withdraw_role(*, grant: Grant, partnership: Partnership, by: User, at: datetime) -> None:
    """Take a role away from the next request on; a person left with no role is signed out everywhere."""
    held = _held(grant, partnership, by)
    if held.role == Role.COORDINATOR and not _another_coordinator(held, at):
        raise Refused("This is the partnership's only coordinator. Give somebody else that role first.")
    held.withdrawn_at, held.withdrawn_by = at, by
    held.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("role withdrawn", on=OnRecordOf(held, partnership), by=by, at=at, detail=_told(held))
    if not Grant.objects.in_force(today(at)).filter(user=held.user_id).exists():
        end_sessions(person=held.user, at=at)


def _held(grant: Grant, partnership: Partnership, by: User) -> Grant:
    held = Grant.objects.select_for_update().get(pk=grant.pk)
    if held.partnership_id and held.partnership_id != partnership.pk:
        raise Refused("That role belongs to another partnership.")
    if held.withdrawn_at:
        raise Refused("This role has been withdrawn already.")
    _may_give(by, held.role, partnership, held.agency)
    return held


def _another_coordinator(held: Grant, at: datetime) -> bool:
    others = Grant.objects.in_force(today(at)).filter(role=Role.COORDINATOR, partnership=held.partnership_id)
    return others.exclude(user=held.user_id).exists()


@act
def end_sessions(*, person: User, at: datetime, by: User | None = None) -> int:
    """Sign a person out wherever they are signed in."""
    sessions = list(UserSession.objects.filter(user=person).order_by("pk"))
    for session in sessions:
        session.end()
    if sessions:
        record("sessions ended", on=person, by=by, at=at)
    return len(sessions)


@act
def reset_second_factor(*, person: User, partnership: Partnership, by: User, at: datetime) -> None:
    """Take away a lost second step, so that its owner sets up a new one after their password; they are told."""
    demand(by, Can.MANAGE_PEOPLE, Place(partnership, None))
    if person.pk == by.pk:
        raise Refused("Somebody else must reset your own second step.")
    here = Membership.objects.on(today(at)).filter(partnership=partnership).values("agency")
    if not Grant.objects.in_force(today(at)).filter(Q(partnership=partnership) | Q(agency__in=here), user=person):
        raise Refused("They hold no role in this partnership now.")
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person=person, at=at, by=by)
    record("second factor reset", on=OnRecordOf(person, partnership), by=by, at=at)
    letter = words.second_factor_reset(person, by)
    post(
        key=f"second-factor-reset:{person.pk}:{at:%Y%m%d%H%M%S}",
        to=person.email,
        subject=letter.subject,
        body=letter.body,
        at=at,
    )


@act
def add_agency(
    *, partnership: Partnership, name: str, services: list[tuple[str, str]], by: User, at: datetime
) -> Agency:
    """Have an agency belong to the partnership, with its services as (name, kind)."""
    demand(by, Can.MANAGE_PEOPLE, Place(partnership, None))
    if Membership.objects.filter(partnership=partnership, agency__name__iexact=name.strip()).exists():
        raise Refused("An agency of this name belongs to the partnership already.")
    agency = Agency.objects.create(name=name.strip())
    Membership.objects.create(partnership=partnership, agency=agency, starts_on=today(at))
    for title, kind in services:
        Service.objects.create(agency=agency, name=title.strip(), kind=kind)
    record("agency joined", on=OnRecordOf(agency, partnership), by=by, at=at, detail={"name": agency.name})
    return agency


@act
def add_service(*, agency: Agency, partnership: Partnership, name: str, kind: str, by: User, at: datetime) -> Service:
    """Name a further service of an agency."""
    demand(by, Can.MANAGE_PEOPLE, Place(partnership, agency))
    _membership(agency, partnership, at)
    if Service.objects.filter(agency=agency, name__iexact=name.strip()).exists():
        raise Refused("The agency has a service of this name already.")
    service = Service.objects.create(agency=agency, name=name.strip(), kind=kind)
    record("service named", on=OnRecordOf(service, partnership), by=by, at=at, detail={"name": service.name})
    return service


@act
def name_board_member(
    *, agency: Agency, partnership: Partnership, name: str, email: str, by: User, at: datetime
) -> Membership:
    """Name the agency's board member, who hears where something of the agency stays out for long; or nobody."""
    demand(by, Can.MANAGE_PEOPLE, Place(partnership, agency))
    membership = _membership(agency, partnership, at)
    membership.board_name, membership.board_email = name.strip(), email.strip().lower()
    membership.save(update_fields=["board_name", "board_email"])
    detail = {"named": bool(membership.board_email)}
    record("board member named", on=OnRecordOf(agency, partnership), by=by, at=at, detail=detail)
    return membership


@act
def end_membership(*, agency: Agency, partnership: Partnership, last_day: date, by: User, at: datetime) -> Membership:
    """Set the last day on which an agency belongs to the partnership."""
    demand(by, Can.MANAGE_PEOPLE, Place(partnership, agency))
    membership = _membership(agency, partnership, at)
    if last_day < today(at) or last_day < membership.starts_on:
        raise Refused("The last day cannot be in the past.")
    membership.ends_on = last_day
    membership.save(update_fields=["ends_on"])
    record("agency given an end", on=OnRecordOf(agency, partnership), by=by, at=at, detail={"until": last_day})
    return membership


def _membership(agency: Agency, partnership: Partnership, at: datetime) -> Membership:
    found = Membership.objects.on(today(at)).filter(agency=agency, partnership=partnership).first()
    if found is None:
        raise Refused("That agency does not belong to this partnership.")
    return found


@act
def note_account(*, person: User, verb: str, detail: dict[str, Any], at: datetime) -> None:
    """Put a sign-in or a change of an account on the installation's own record."""
    record(verb, on=person, by=person, at=at, detail=detail)


@act
def post_account_mail(*, key: str, to: str, subject: str, body: str, at: datetime) -> Message:
    """Put a mail about somebody's own account into the outbox; nobody else may read it."""
    return post(key=key, to=to, subject=subject, body=body, private=True, at=at)


@act
def enter_demonstration(*, email: str, at: datetime) -> User:
    """Sign in as one of the invented people, which is possible in the demonstration only."""
    if settings.MODE != "demo":
        raise Refused("This is not a demonstration.")
    person = User.objects.filter(email=email, is_active=True).first()
    if person is None or email not in {persona.email for persona in personas()}:
        raise Refused("The demonstration knows nobody of this address.")
    return person


@act
def forget_kept(*, by: User, pk: str, at: datetime) -> int:
    """Throw away what somebody had typed and could not send."""
    return KeptPost.objects.filter(pk=pk, user=by).delete()[0]
