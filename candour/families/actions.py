"""A family is told or not, views are written down or given by a link, and people hear what changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from candour.access.policy import Can, demand
from candour.access.viewer import viewer_of
from candour.families import queries
from candour.families.models import REACHED, Choice, Decision, Link, View, Way, Whose
from candour.identity.holds import is_held
from candour.kernel import codes
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.notices import actions as notices
from candour.people.models import Service, User
from candour.sampling.models import Case
from candour.tools.models import ToolVersion
from candour.trail.act import act, record

AT_ONCE = timedelta(minutes=10)
OPEN_FOR = timedelta(days=14)
ANSWERED = """A short questionnaire that you handed over by a link has been answered. It stands with the views given on \
the case, for those who may read them."""
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
    _writes_for(service, case, by)
    if there := _there_already(case, by, at, words.strip(), whose=whose, gathered_on=gathered_on, service=service):
        return there
    view = _keep(
        case=case,
        service=service,
        whose=whose,
        way=way,
        gathered_by=gathered_by.strip(),
        gathered_on=gathered_on,
        safe_check=safe_check.strip(),
        words=words.strip(),
        may_quote=may_quote,
        written_by=by,
        written_at=at,
    )
    record("wrote down a view", on=view, by=by, at=at, detail={"kind": whose, "may quote": may_quote}, key=case.pk)
    return view


def _keep(*, case: Case, safe_check: str, **facts: Any) -> View:
    """A view on a case, with the check before contact where there was one."""
    told = {"safe_check": safe_check, "contact_checked": bool(safe_check)}
    return View.objects.create(partnership_id=case.partnership_id, case=case, **told, **facts)


def _writes_for(service: Service | None, case: Case, by: User) -> None:
    own = queries.services_for(by, case)
    if service not in own and not (service is None and case.partnership_id in viewer_of(by).coordinates):
        raise Refused("Choose the service for which you write this down.")


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


@dataclass(frozen=True)
class Handed:
    """A link to hand over, and the code to tell with it, which is known this once."""

    link: Link
    code: str


@act
def hand_link(
    *,
    case: Case,
    questionnaire: ToolVersion,
    whose: str,
    gathered_by: str,
    safe_check: str,
    service: Service | None,
    by: User,
    at: datetime,
) -> Handed:
    """Make a link by which one person answers a short questionnaire alone, where it was judged that this is safe."""
    demand(by, Can.WRITE_VIEW, case)
    _allow(case, whose, safe_check, today(at), today(at))
    _writes_for(service, case, by)
    code, code_hash = codes.new_code()
    link = Link.objects.create(
        partnership_id=case.partnership_id,
        case=case,
        service=service,
        questionnaire=questionnaire,
        whose=whose,
        gathered_by=gathered_by.strip(),
        safe_check=safe_check.strip(),
        code_hash=code_hash,
        until=today(at) + OPEN_FOR,
        made_by=by,
        made_at=at,
    )
    detail = {"kind": whose, "until": link.until}
    record("handed over a questionnaire by a link", on=link, by=by, at=at, detail=detail, key=case.pk)
    return Handed(link, codes.spoken(code))


@act
def open_link(*, link: Link, code: str, at: datetime) -> bool:
    """Whether this is the code of a link; a wrong one is counted, and after five none is right any more."""
    held = _open(link, at)
    if codes.is_code(code, held.code_hash, held.wrong):
        return True
    held.wrong = codes.one_more(held.wrong)
    held.save(update_fields=["wrong"])
    return False


@act
def answer_link(*, link: Link, words: str, may_quote: bool, at: datetime) -> View:
    """Take what somebody says by a link as their view; the link opens nothing any more."""
    held = _open(link, at)
    view = _keep(
        case=held.case,
        service_id=held.service_id,
        whose=held.whose,
        way=Way.LINK,
        gathered_by=held.gathered_by,
        gathered_on=today(at),
        safe_check=held.safe_check,
        words=words.strip(),
        may_quote=may_quote,
        written_by=held.made_by,
        written_at=at,
    )
    held.view, held.code_hash, held.gathered_by, held.safe_check = view, "", "", ""
    held.save(update_fields=["view", "code_hash", "gathered_by", "safe_check"])
    detail = {"kind": view.whose, "may quote": may_quote}
    record("gave a view by a link", on=view, by=None, at=at, detail=detail, key=held.case_id)
    notices.post(
        key=f"family-link:{held.pk}",
        to=held.made_by,
        subject=f"{held.partnership.short_name}: a questionnaire that you handed over is answered",
        body=ANSWERED,
        path=queries.page_of(held.case_id),
        partnership=held.partnership,
        at=at,
    )
    return view


@act
def end_link(*, link: Link, by: User, at: datetime) -> None:
    """Take a link back before it is answered."""
    demand(by, Can.KEEP_VIEW, link)
    held = Link.objects.select_for_update().get(pk=link.pk)
    if held.view_id:
        raise Refused("It has been answered already. What was said stands with the views.")
    if held.ended_at:
        return
    held.ended_at, held.code_hash, held.gathered_by, held.safe_check = at, "", "", ""
    held.save(update_fields=["ended_at", "code_hash", "gathered_by", "safe_check"])
    record("took a link to a questionnaire back", on=held, by=by, at=at, key=held.case_id)


def _open(link: Link, at: datetime) -> Link:
    rows = Link.objects.select_for_update(of=("self",)).select_related("case__audit", "partnership", "made_by")
    held = rows.get(pk=link.pk)
    if not queries.is_open(held, today(at)):
        raise Refused("This link opens nothing any more. Ask the person who gave it to you.")
    return held


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
