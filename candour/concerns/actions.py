"""Concerns raised, taken up, passed on, added to and closed; and one that nobody takes up rises."""

from datetime import datetime, timedelta
from typing import Any

from candour.access.policy import Can, demand
from candour.concerns import queries
from candour.concerns.flow import ACKNOWLEDGE, CLOSE, GIVE_BACK, PASS_ON, State, rises_after
from candour.concerns.models import Concern, Entry, Kind, Route, Rule
from candour.kernel import vault
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.kernel.ids import new_id
from candour.kernel.models import KeyKind
from candour.notices import actions as notices
from candour.people.models import Partnership, User
from candour.sampling.models import Case
from candour.trail.act import act, record
from candour.trail.make import make

KEPT = "kept a concern"
AT_ONCE = timedelta(minutes=10)
"""The same person, the same words, the same case within so long: a form that was sent twice."""
UNNAMED = (
    "A concern about a child’s safety has been written down, and nobody holds the role of social care "
    "manager for concerns in your partnership. Give somebody that role today, under People and agencies."
)
UNOWNED = (
    "Whoever received a concern that you raised about practice or a person can have it no more. Sign in and choose who "
    "receives it now. Nothing about it, and nothing about any child, is in this message."
)
UNTAKEN = (
    "A concern about a child’s safety is open, and nobody has taken it up in the time that your partnership set. "
    "The social care managers have been told again. Please make sure by telephone that one of them knows."
)


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
    """Write down that a child may be unsafe now, after the phone call, for the social-care manager who owns it."""
    demand(by, Can.RAISE_CONCERN, case)
    if phoned_at > at:
        raise Refused("The time of the call lies ahead. Phone first, then write it down.")
    rule, owner = queries.rule_of(case.partnership), queries.first_owner(case, today(at))
    said = {"text": text, "told_whom": told_whom, "reference": reference, "outcome": outcome}
    if there := _there_already(case, by, at, said, kind=Kind.UNSAFE, phoned_at=phoned_at):
        return there
    concern = _keep(
        Concern(
            partnership_id=case.partnership_id,
            case=case,
            kind=Kind.UNSAFE,
            route=Route.PHONE,
            service=queries.service_of(by),
            owner=owner,
            phoned_at=phoned_at,
            raised_by=by,
            raised_at=at,
            rises_at=rises_after(at, rule.hours, office_hours=rule.office_hours),
            **said,
        ),
        at,
    )
    _record("raised that a child may be unsafe", on=concern, by=by, at=at)
    _tell_manager(concern, at)
    return concern


@act
def raise_practice(*, case: Case, route: str, owner: User, text: str, by: User, at: datetime) -> Concern:
    """Write down a concern about practice or a person, for its owner alone."""
    demand(by, Can.RAISE_CONCERN, case)
    if route not in (Route.EMPLOYER, Route.LADO, Route.ESCALATION):
        raise Refused("Choose the way that this concern goes.")
    if owner.pk not in {user.pk for user, _ in queries.recipients(case, today(at), but=by)}:
        raise Refused("Choose who receives this concern: somebody of the partnership’s agencies, not yourself.")
    if there := _there_already(case, by, at, {"text": text}, kind=Kind.PRACTICE, route=route, owner=owner):
        return there
    concern = _keep(
        Concern(
            partnership_id=case.partnership_id,
            case=case,
            kind=Kind.PRACTICE,
            route=route,
            service=queries.service_of(by),
            owner=owner,
            text=text,
            raised_by=by,
            raised_at=at,
        ),
        at,
    )
    _record("raised a concern about practice", on=concern, by=by, at=at, detail={"route": route})
    _tell(concern, owner, at, "A concern has been passed to you")
    return concern


@act
def acknowledge(*, concern: Concern, by: User, at: datetime) -> Concern:
    """Take up a concern: whoever does is its owner from then on, and who raised it is told."""
    made = make(ACKNOWLEDGE, concern, by=by, at=at, record=_record)
    made.owner, made.acknowledged_at, made.rises_at = by, at, None
    made.save(update_fields=["owner", "acknowledged_at", "rises_at"])
    _tell(made, made.raised_by, at, "The concern that you raised has been taken up", "taken-up")
    return made


@act
def pass_on(*, concern: Concern, owner: User, reason: str, by: User, at: datetime) -> Concern:
    """Give a concern about practice to somebody else, who alone reads it from then on; the reason stands with it."""
    if not reason.strip():
        raise Refused("Say why you pass it on.")
    made = make(PASS_ON, concern, by=by, at=at, detail={"owner": owner.pk}, record=_record)
    if owner.pk not in {user.pk for user, _ in queries.next_owners(made, today(at))}:
        raise Refused("Choose who receives it: somebody of the partnership’s agencies who neither has nor raised it.")
    Entry.objects.create(
        partnership_id=made.partnership_id, concern=made, case_id=made.case_id, by=by, at=at,
        text=f"Passed on to {owner}: {reason.strip()}",
    )  # fmt: skip
    made.owner, made.acknowledged_at = owner, None
    made.save(update_fields=["owner", "acknowledged_at"])
    what = f"passed-{at:%Y%m%dT%H%M%S%f}"
    _tell(made, owner, at, "A concern has been passed to you", what)
    if made.raised_by_id != by.pk:
        _tell(made, made.raised_by, at, "The concern that you raised has been passed on", what)
    return made


@act
def take_away(*, case: Case, person: User, at: datetime) -> None:
    """Take the concerns about a case from somebody to whom it has been closed: a child's safety goes to the next social
    care manager; practice back to whoever raised it, who says who receives it now."""
    for concern in Concern.objects.filter(case=case, owner=person).exclude(state=State.CLOSED).order_by("pk"):
        (_to_next_manager if concern.kind == Kind.UNSAFE else _back_to_raiser)(concern, person, at)


def _to_next_manager(concern: Concern, person: User, at: datetime) -> None:
    held = Concern.objects.select_for_update().get(pk=concern.pk)
    held.owner = queries.first_owner(held.case, today(at))
    held.save(update_fields=["owner"])
    _record("gave it up", on=held, by=person, at=at)
    _tell_manager(held, at, f"given-up-{person.pk}")


@act
def give_back(*, concern: Concern, at: datetime) -> None:
    """Give a concern about practice, whose owner has left the partnership, back to whoever raised it."""
    _back_to_raiser(concern, None, at)


def _back_to_raiser(concern: Concern, person: User | None, at: datetime) -> None:
    was = concern.owner_id
    held = make(PASS_ON if person else GIVE_BACK, concern, by=person, at=at, record=_record)
    chooses = queries.could_choose(held, today(at))
    held.owner, held.acknowledged_at = None if chooses else queries.first_owner(held.case, today(at)), None
    held.save(update_fields=["owner", "acknowledged_at"])
    what = f"given-up-{was}"
    if held.owner:
        _tell(held, held.owner, at, "A concern has been passed to you", what)
    _tell(held, held.raised_by, at, "The concern that you raised needs somebody else", what, body=UNOWNED)


@act
def close(*, concern: Concern, note: str, by: User, at: datetime, text: str = "") -> Concern:
    """Close a concern with what came of it, after adding what became known last, if anything."""
    if not note.strip():
        raise Refused("Say what came of it.")
    if text.strip():
        add(concern=concern, text=text, by=by, at=at)
    made = make(CLOSE, concern, by=by, at=at, record=_record)
    made.closed_at, made.closing_note = at, note.strip()
    made.save(update_fields=["closed_at", "closing_note"])
    _tell(made, made.raised_by, at, "The concern that you raised has been closed", "closed")
    return made


@act
def add(*, concern: Concern, text: str, by: User, at: datetime) -> Entry:
    """Add to a concern what became known later."""
    demand(by, Can.READ_CONCERN, concern)
    held = Concern.objects.select_for_update().get(pk=concern.pk)
    if held.state == State.CLOSED:
        raise Refused("This concern is closed.")
    if not text.strip():
        raise Refused("Write what is to be added.")
    last = queries.entries(held).last()
    if last and (last.by, last.text) == (by, text.strip()) and last.at > at - AT_ONCE:
        return last
    entry = Entry.objects.create(
        partnership_id=concern.partnership_id,
        concern=concern,
        case_id=concern.case_id,
        text=text.strip(),
        by=by,
        at=at,
    )
    _record("added to a concern", on=concern, by=by, at=at)
    return entry


@act
def rise(*, concern: Concern, by: User | None, at: datetime) -> Concern:
    """Take a concern that nobody took up in time to the next person, and from the second time to everybody."""
    held = Concern.objects.select_for_update().get(pk=concern.pk)
    if held.state != State.OPEN or held.rises_at is None or held.rises_at > at:
        return held
    partnership, on = held.partnership, today(at)
    rule, managers = queries.rule_of(partnership), queries.managers(partnership, on, held.case)
    held.risen += 1
    held.rises_at = rises_after(at, rule.hours * min(held.risen, 6), office_hours=rule.office_hours)
    above = rule.rises_to if held.risen == 1 and rule.rises_to in managers else None
    held.owner = above or held.owner
    held.save(update_fields=["risen", "rises_at", "owner"])
    _record("rose", on=held, by=by, at=at, detail={"times": held.risen})
    for person in [above] if above else managers:
        _tell(held, person, at, "A child may be unsafe: nobody has taken this up yet", f"rose-{held.risen}")
    for person in [] if above else queries.coordinators(partnership, on):
        _tell(held, person, at, "A concern is still to be taken up", f"untaken-{held.risen}", body=UNTAKEN)
    return held


@act
def keep_rule(
    *, partnership: Partnership, contacts: dict[str, str], rule: dict[str, Any], by: User, at: datetime
) -> Rule:
    """Keep whom to phone in this partnership, who takes up a concern, and when one rises to whom."""
    demand(by, Can.KEEP_CONCERN_RULE, partnership)
    holders = queries.managers(partnership, today(at))
    for person in (rule["manager"], rule["rises_to"]):
        if person is not None and person not in holders:
            raise Refused(f"{person} is no social care manager for concerns here. Give that role first, under People.")
    for name in queries.CONTACTS:
        setattr(partnership, name, contacts[name])
    partnership.save(update_fields=[*queries.CONTACTS])
    kept, _ = Rule.objects.update_or_create(partnership=partnership, defaults=rule)
    told = {"hours": kept.hours, "office hours": kept.office_hours, "manager": kept.manager_id}
    record("set who takes up concerns", on=kept, by=by, at=at, detail=told)
    return kept


def _there_already(case: Case, by: User, at: datetime, said: dict[str, str], **facts: Any) -> Concern | None:
    """What this person has raised a moment ago in the same words."""
    Case.objects.select_for_update().get(pk=case.pk)
    rows = Concern.objects.filter(case=case, raised_by=by, raised_at__gt=at - AT_ONCE, **facts).order_by("pk")
    return next((row for row in rows if all(getattr(row, name) == words for name, words in said.items())), None)


def _keep(concern: Concern, at: datetime) -> Concern:
    concern.pk = new_id()
    vault.make_key(concern.pk, KeyKind.OTHER, at)
    concern.save(force_insert=True)
    return concern


def _record(verb: str, *, on: Concern, by: User | None, at: datetime, detail: Any = None, key: str = "") -> None:
    """Note an act for the trail so that the trail's readers learn neither what was done nor who did it."""
    told = {"did": verb, "by": by.pk if by else "", **(detail or {})}
    record(KEPT, on=on, by=None, at=at, detail=told, key=on.pk)


def _tell_manager(concern: Concern, at: datetime, what: str = "raised") -> None:
    """The social care manager who owns a concern about safety; where there is none, the coordinators, to name one."""
    if concern.owner:
        _tell(concern, concern.owner, at, "A child may be unsafe: please take this up", what)
    for person in [] if concern.owner else queries.coordinators(concern.partnership, today(at)):
        _tell(concern, person, at, "A child may be unsafe: please name a social care manager", what, body=UNNAMED)


def _tell(concern: Concern, person: User, at: datetime, subject: str, what: str = "raised", *, body: str = "") -> None:
    """A message of which only who receives it knows: it is in no partnership's outbox. None goes to anybody to whom
    the case is closed."""
    if queries.closed_to(concern, person):
        return
    notices.post(
        key=f"concern:{concern.pk}:{what}:{person.pk}",
        to=person,
        subject=f"{concern.partnership.short_name}: {subject}",
        body=body or "Sign in to read it. Nothing about it, and nothing about any child, is in this message.",
        path="/" if body else f"/concerns/{concern.pk}/",
        at=at,
    )
