"""Inviting somebody to a role, and taking the offer up; a partnership begins with the first."""

from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils.text import slugify

from candour.kernel import vault
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.kernel.models import KeyKind
from candour.members import words
from candour.members.actions.granting import grant_role, may_give, offered, refuse_twice
from candour.members.models import Invitation, InvitationState, hash_of, new_token
from candour.notices.actions import post
from candour.people.models import Agency, Grant, Partnership, Role, Service, User
from candour.trail.act import act, record

VALID = timedelta(days=14)


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
    offer = offered(
        role=role, partnership=partnership, agency=agency, service=service, starts_on=starts_on, ends_on=ends_on,
        by=by, at=at,
    )  # fmt: skip
    address = email.strip().lower()
    refuse_twice(offer, user__email=address)
    invitation = Invitation(email=address, name=name.strip(), deputy=deputy, invited_by=by, invited_at=at, **offer)
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
    may_give(by, invitation.role, invitation.partnership, invitation.agency)
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
    return grant_role(
        person=person, role=held.role, partnership=held.partnership, agency=held.agency, service=held.service,
        deputy=held.deputy, starts_on=held.starts_on, ends_on=held.ends_on, by=held.invited_by, at=at,
    )  # fmt: skip
