from datetime import datetime

from candour.access.policy import Can, demand
from candour.concerns import queries
from candour.concerns.flow import ACKNOWLEDGE, CLOSE, State
from candour.concerns.models import Concern, Entry, Kind, Route
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.notices import actions as notices
from candour.people.models import User
from candour.sampling.models import Case
from candour.trail.act import act, record
from candour.trail.make import make


@act
def raise_unsafe(
    *,
    case: Case,
    text: str,
    phoned_at: datetime,
    told_whom: str,
    by: User,
    at: datetime,
    reference: str = "",
    outcome: str = "",
) -> Concern:
    """Write down that a child may be unsafe now, after the phone call, for the social-care managers."""
    demand(by, Can.RAISE_CONCERN, case)
    if phoned_at > at:
        raise Refused("The time of the call lies ahead. Phone first, then write it down.")
    concern = Concern.objects.create(
        partnership_id=case.partnership_id,
        case=case,
        kind=Kind.UNSAFE,
        route=Route.PHONE,
        service=queries.service_of(by),
        text=text,
        phoned_at=phoned_at,
        told_whom=told_whom,
        reference=reference,
        outcome=outcome,
        raised_by=by,
        raised_at=at,
    )
    record("raised that a child may be unsafe", on=concern, by=by, at=at, key=case.pk)
    managers = queries.managers(case.partnership, today(at))
    for person in managers or queries.coordinators(case.partnership, today(at)):
        _tell(concern, person, at, "A child may be unsafe: please take this up", bool(managers))
    return concern


@act
def raise_practice(*, case: Case, route: str, owner: User, text: str, by: User, at: datetime) -> Concern:
    """Write down a concern about practice or a person, for its owner alone."""
    demand(by, Can.RAISE_CONCERN, case)
    if route not in (Route.EMPLOYER, Route.LADO, Route.ESCALATION):
        raise Refused("Choose the way that this concern goes.")
    if owner.pk not in {user.pk for user, _ in queries.recipients(case.partnership, today(at), but=by)}:
        raise Refused("Choose who receives this concern: somebody of the partnership’s agencies, not yourself.")
    concern = Concern.objects.create(
        partnership_id=case.partnership_id,
        case=case,
        kind=Kind.PRACTICE,
        route=route,
        service=queries.service_of(by),
        owner=owner,
        text=text,
        raised_by=by,
        raised_at=at,
    )
    record("raised a concern about practice", on=concern, by=by, at=at, detail={"route": route}, key=case.pk)
    _tell(concern, owner, at, "A concern has been passed to you", True)
    return concern


@act
def acknowledge(*, concern: Concern, by: User, at: datetime) -> Concern:
    """Take up a concern: whoever does is its owner from then on, and who raised it is told."""
    made = make(ACKNOWLEDGE, concern, by=by, at=at, key=concern.case_id)
    made.owner, made.acknowledged_at = by, at
    made.save(update_fields=["owner", "acknowledged_at"])
    _tell(made, made.raised_by, at, "The concern that you raised has been taken up", True, "taken-up")
    return made


@act
def close(*, concern: Concern, note: str, by: User, at: datetime) -> Concern:
    """Close a concern with what came of it."""
    if not note.strip():
        raise Refused("Say what came of it.")
    made = make(CLOSE, concern, by=by, at=at, key=concern.case_id)
    made.closed_at, made.closing_note = at, note.strip()
    made.save(update_fields=["closed_at", "closing_note"])
    _tell(made, made.raised_by, at, "The concern that you raised has been closed", True, "closed")
    return made


@act
def add(*, concern: Concern, text: str, by: User, at: datetime) -> Entry:
    """Add to a concern what became known later."""
    demand(by, Can.READ_CONCERN, concern)
    if concern.state == State.CLOSED:
        raise Refused("This concern is closed.")
    if not text.strip():
        raise Refused("Write what is to be added.")
    entry = Entry.objects.create(
        partnership_id=concern.partnership_id,
        concern=concern,
        case_id=concern.case_id,
        text=text.strip(),
        by=by,
        at=at,
    )
    record("added to a concern", on=concern, by=by, at=at, key=concern.case_id)
    return entry


def _tell(concern: Concern, person: User, at: datetime, subject: str, manager: bool, what: str = "raised") -> None:
    body = "Sign in to read it. Nothing about it, and nothing about any child, is in this message."
    if not manager:
        body = (
            "A concern about a child’s safety has been written down, and nobody holds the role of social care "
            "manager for concerns in your partnership. Give somebody that role today, under People and agencies."
        )
    notices.post(
        key=f"concern:{concern.pk}:{what}:{person.pk}",
        to=person,
        subject=f"{concern.partnership.short_name}: {subject}",
        body=body,
        path=f"/concerns/{concern.pk}/" if manager else "/",
        partnership=concern.partnership,
        at=at,
    )
