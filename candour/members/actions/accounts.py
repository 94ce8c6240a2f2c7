"""What is done to somebody's account: sessions ended, a second step reset, what allauth tells put on record."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Q

from candour.access.policy import Can, demand
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.members import words
from candour.members.actions.places import OnRecordOf, Where
from candour.members.models import KeptPost
from candour.members.queries import personas
from candour.notices.actions import post
from candour.notices.models import Message
from candour.people.models import Grant, Membership, Partnership, User
from candour.trail.act import act, record


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
    demand(by, Can.MANAGE_PEOPLE, Where(partnership, None))
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
    invented = email in {persona.email for persona in personas()}
    person = User.objects.filter(email=email, is_active=True).first() if invented else None
    if person is None:
        raise Refused("The demonstration knows nobody of this address.")
    return person


@act
def forget_kept(*, by: User, pk: str, at: datetime) -> int:
    """Throw away what somebody had typed and could not send."""
    return KeptPost.objects.filter(pk=pk, user=by).delete()[0]
