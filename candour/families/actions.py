"""A family is told or not, views are written down, and people hear what changed."""

from datetime import date, datetime, timedelta
from typing import Any

from candour.access.policy import Can, demand
from candour.access.viewer import viewer_of
from candour.families import queries
from candour.families.models import REACHED, Choice, Decision, View, Whose
from candour.identity.holds import is_held
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.people.models import Service, User
from candour.sampling.models import Case
from candour.trail.act import act, record

AT_ONCE = timedelta(minutes=10)
NOBODY_SAID = "Say by which check contact is safe: who made it, and how this person can be reached."


@act
def decide(*, case: Case, choice: str, why: str, by: User, at: datetime, seen: str | None = None) -> Decision:
    """Decide whether the family of a case is told and asked; the reason is wanted where they are not told. `seen`: the
    mark of the decision that the page showed; one made since is not overwritten unseen."""
    demand(by, Can.DECIDE_FAMILY, case)
    if choice not in REACHED and not why.strip():
        raise Refused("Say why this family is not told.")
    Case.objects.select_for_update().get(pk=case.pk)
    before = Decision.objects.select_related("by").filter(case=case).first()
    if before and (before.choice, before.why) == (choice, why.strip()):
        return before
    if before and seen not in (None, before.mark):
        said = f"{before}. {before.why}".strip()
        raise Refused(f"{before.by} has decided meanwhile: “{said}” Save again to put yours in its place.")
    made = before or Decision(partnership_id=case.partnership_id, case=case)
    was = {"from": before.choice, "earlier": before.why} if before else {}
    made.choice, made.why, made.by, made.at = choice, why.strip(), by, at
    made.save()
    record("decided on telling a family", on=made, by=by, at=at, detail={**was, "to": choice}, key=case.pk)
    return made


@act
def write_view(
    *,
    case: Case,
    whose: str,
    way: str,
    gathered_by: str,
    gathered_on: date,
    safe_check: str,
    words: str,
    may_quote: bool,
    service: Service | None,
    by: User,
    at: datetime,
) -> View:
    """Write down what one person said, as somebody they trust heard it after a check that contact is safe."""
    demand(by, Can.WRITE_VIEW, case)
    _allow(case, whose, safe_check, gathered_on, today(at))
    own = queries.services_for(by, case)
    if service not in own and not (service is None and case.partnership_id in viewer_of(by).coordinates):
        raise Refused("Choose the service for which you write this down.")
    if there := _there_already(case, by, at, words.strip(), whose=whose, gathered_on=gathered_on, service=service):
        return there
    view = View.objects.create(
        partnership_id=case.partnership_id,
        case=case,
        service=service,
        whose=whose,
        way=way,
        gathered_by=gathered_by.strip(),
        gathered_on=gathered_on,
        contact_checked=bool(safe_check.strip()),
        safe_check=safe_check.strip(),
        words=words.strip(),
        may_quote=may_quote,
        written_by=by,
        written_at=at,
    )
    record("wrote down a view", on=view, by=by, at=at, detail={"kind": whose, "may quote": may_quote}, key=case.pk)
    return view


def _there_already(case: Case, by: User, at: datetime, words: str, **facts: Any) -> View | None:
    """The view that this person has written down a moment ago in the same words: a form sent twice is one."""
    Case.objects.select_for_update().get(pk=case.pk)
    rows = View.objects.filter(case=case, written_by=by, written_at__gt=at - AT_ONCE, withdrawn_at=None, **facts)
    return next((row for row in rows.order_by("pk") if words and row.words == words), None)


def _allow(case: Case, whose: str, safe_check: str, gathered_on: date, on: date) -> None:
    """Refuse what the decision on the family, or the check before contact, does not bear."""
    if gathered_on > on:
        raise Refused("The day lies ahead. Write down a view once it has been given.")
    if whose == Whose.PRACTITIONER:
        return
    decision = Decision.objects.filter(case=case).first()
    if decision is None:
        raise Refused("First it has to be decided whether this family is told and asked. The coordinator records that.")
    if decision.choice != Choice.ASKED:
        raise Refused(f"This family is not asked. The decision is: {decision.get_choice_display().lower()}.")
    if not safe_check.strip():
        raise Refused(NOBODY_SAID)


@act
def let_quote(*, view: View, may: bool, by: User, at: datetime) -> View:
    """Note that somebody gave, or took back, the leave to quote them."""
    held = _held(view, by)
    held.may_quote = may
    held.save(update_fields=["may_quote"])
    record("noted a leave to quote", on=held, by=by, at=at, detail={"may quote": may}, key=held.case_id)
    return held


@act
def take_back(*, view: View, by: User, at: datetime) -> View:
    """Take a view back because whoever gave it wishes so: nobody reads it any more, and its words are gone; under a
    legal hold the sealed words stay until the case's text goes."""
    held = _held(view, by)
    subject = held.case.subject
    if not (is_held(subject=subject) if subject else is_held(audit=held.case.audit)):
        held.words = held.safe_check = held.gathered_by = ""
    held.may_quote, held.withdrawn_at = False, at
    held.save(update_fields=["words", "safe_check", "gathered_by", "may_quote", "withdrawn_at"])
    record("took back a view", on=held, by=by, at=at, key=held.case_id)
    return held


@act
def tell(*, view: View, what: str, told_on: date, by: User, at: datetime) -> View:
    """Note that whoever gave a view has heard what changed."""
    held = _held(view, by)
    if told_on > today(at):
        raise Refused("The day lies ahead. Note it once they have been told.")
    if not what.strip():
        raise Refused("Say what they were told.")
    held.told_on, held.told = told_on, what.strip()
    held.save(update_fields=["told_on", "told"])
    record("told somebody what changed", on=held, by=by, at=at, detail={"told on": told_on}, key=held.case_id)
    return held


def _held(view: View, by: User) -> View:
    demand(by, Can.KEEP_VIEW, view)
    held = View.objects.select_for_update().get(pk=view.pk)
    if held.withdrawn_at:
        raise Refused("This view has been taken back.")
    return held
