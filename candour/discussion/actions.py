"""What people do in the discussion: arrange it, open it, conclude, catch actions, agree cases, close it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from candour.access.policy import Can, demand
from candour.appraisal import actions as appraisal
from candour.appraisal.models import Release
from candour.discussion import queries
from candour.discussion.flow import AGREE_CASE, CLOSE, OPEN, REOPEN, REOPEN_CASE, CaseState, How, State
from candour.discussion.models import Attendance, CaseDiscussion, CaughtAction, Conclusion, Discussion
from candour.involvement import actions as involvement
from candour.kernel.clock import today
from candour.kernel.errors import Refused, Stale
from candour.kernel.ids import is_id
from candour.notices.actions import cancel_appointment, keep_appointment
from candour.notices.appointments import span
from candour.tools.document import GRADES
from candour.trail.act import act, record
from candour.trail.make import make

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.people.models import Agency, Service, User

STORY = ("story", "household", "key_dates", "voice")


@act
def arrange(
    *,
    audit: Audit,
    meets_on: date,
    place: str,
    chair: User | None,
    by: User,
    at: datetime,
    starts_at: time | None = None,
    scribe: User | None = None,
    minutes_per_case: int = 30,
) -> Discussion:
    """Set the day, the place, who leads and who writes; everybody asked to it is invited."""
    demand(by, Can.ARRANGE_DISCUSSION, audit)
    leaders = {person.pk for person in queries.leaders(audit.partnership_id, today(at))}
    if any(person and person.pk not in leaders for person in (chair, scribe)):
        raise Refused("Chair and scribe hold the role of chair or coordinator in this partnership.")
    discussion, made = Discussion.objects.select_for_update().get_or_create(
        audit=audit,
        defaults={"partnership": audit.partnership, "meets_on": meets_on, "place": place, "chair": chair},
    )
    if discussion.state == State.CLOSED:
        raise Refused("The discussion is closed.")
    if discussion.state == State.OPEN and chair is None:
        raise Refused("An open discussion has a chair.")
    discussion.meets_on, discussion.starts_at, discussion.place = meets_on, starts_at, place.strip()
    discussion.chair, discussion.scribe, discussion.minutes_per_case = chair, scribe, minutes_per_case
    discussion.save()
    record("arrange discussion", on=discussion, by=by, at=at, detail={"on": meets_on.isoformat(), "new": made})
    _invite(discussion, at)
    return discussion


@act
def set_attendance(
    *, discussion: Discussion, rows: Iterable[tuple[Service, str, str]], by: User, at: datetime
) -> Discussion:
    """Note for each service whether it comes and whom it sends."""
    demand(by, Can.LEAD_DISCUSSION, discussion)
    for service, coming, who in rows:
        fields = {"partnership": discussion.partnership, "coming": coming, "who": who.strip()}
        Attendance.objects.update_or_create(discussion=discussion, service=service, defaults=fields)
    come, apologies = queries.coming_count(discussion)
    record("note attendance", on=discussion, by=by, at=at, detail={"coming": come, "apologies": apologies})
    return discussion


@act
def open_discussion(*, discussion: Discussion, by: User, at: datetime) -> Discussion:
    """Open the discussion: every active case gets its board."""
    if not Release.objects.filter(audit=discussion.audit_id).exists():
        raise Refused("The pack has not been released yet; the room would have nothing to look at.")
    discussion = make(OPEN, discussion, by=by, at=at)
    discussion.opened_at = at
    discussion.save(update_fields=["opened_at"])
    _seat_cases(discussion)
    return discussion


@act
def save_story(*, held: CaseDiscussion, version: int, by: User, at: datetime, **words: str) -> CaseDiscussion:
    """Keep the story, the household, the key dates and the child's words as the room told them."""
    held = _writable(held, by)
    if held.version != version:
        raise Stale("Somebody saved this meanwhile. Both texts are shown; keep what should stand.", theirs=held)
    for name in STORY:
        setattr(held, name, words.get(name, "").strip())
    held.version += 1
    held.save()
    record("tell the story", on=held, by=by, at=at, detail={"version": held.version}, key=held.case_id)
    return held


@act
def conclude(
    *,
    held: CaseDiscussion,
    domain: str,
    reason: str,
    version: int,
    by: User,
    at: datetime,
    grade: str = "",
    dissent: str = "",
) -> Conclusion:
    """Record what the room concluded in one domain, why, and who sees it otherwise."""
    held = _writable(held, by)
    audit = held.discussion.audit
    if domain not in queries.domains(audit):
        raise Refused("The audit tool has no such domain.")
    _check_grade(audit, grade)
    if not reason.strip():
        raise Refused("Give the room's reason.")
    saved = Conclusion.objects.select_for_update().filter(case_discussion=held, domain=domain).first()
    if (saved.version if saved else 0) != version:
        raise Stale("Somebody saved this meanwhile. Both texts are shown; keep what should stand.", theirs=saved)
    conclusion = saved or _blank(held, domain)
    conclusion.version, conclusion.how = version + 1, _how(saved)
    conclusion.grade, conclusion.reason, conclusion.dissent = grade, reason.strip(), dissent.strip()
    _sign(conclusion, by, at)
    detail = {"domain": domain, "grade": grade, "dissent": bool(conclusion.dissent)}
    record("conclude", on=conclusion, by=by, at=at, detail=detail, key=held.case_id)
    return conclusion


@act
def accept_agreed(
    *, held: CaseDiscussion, by: User, at: datetime, tested: str = "", tested_note: str = ""
) -> list[Conclusion]:
    """Take over together all grades on which services agree; one agreed Good is looked at first, and how is said."""
    held = _writable(held, by)
    seen = queries.board(held.case, by)
    lines = seen.to_accept if seen else []
    if seen is None or not lines:
        raise Refused("There is nothing left on which services agree.")
    testable = {line.domain for line in seen.good_to_test}
    if testable and (tested not in testable or not tested_note.strip()):
        raise Refused("Choose one agreed “Good” that the room looked at, and say what it saw.")
    if testable:
        held.tested_domain, held.tested_note = tested, tested_note.strip()
        held.save()
    made = []
    for line in lines:
        conclusion = _blank(held, line.domain)
        conclusion.grade = line.common_grade
        conclusion.how = How.TESTED if line.domain == tested else How.ACCEPTED
        conclusion.reason = tested_note.strip() if line.domain == tested else "Services agree; accepted together."
        made.append(_sign(conclusion, by, at))
    detail = {"domains": [line.domain for line in lines], "tested": tested}
    record("accept what is agreed", on=held, by=by, at=at, detail=detail, key=held.case_id)
    return made


@act
def catch_action(
    *, held: CaseDiscussion, text: str, agency: Agency, due_on: date, by: User, at: datetime
) -> CaughtAction:
    """Catch at the table what an agency is asked to do about this case, by when."""
    held = _writable(held, by)
    if agency not in queries.agencies(held.partnership_id):
        raise Refused("This agency does not belong to the partnership.")
    caught = CaughtAction(case_discussion=held, text=text.strip(), agency=agency, due_on=due_on, **_of(held))
    caught.by, caught.at = by, at
    caught.save(force_insert=True)
    detail = {"agency": agency.pk, "due": due_on.isoformat()}
    record("catch action", on=caught, by=by, at=at, detail=detail, key=held.case_id)
    return caught


@act
def drop_action(*, held: CaseDiscussion, caught: str, by: User, at: datetime) -> None:
    """Take back an action that was caught by mistake."""
    held = _writable(held, by)
    row = held.caught.filter(pk=caught).first() if is_id(caught) else None
    if row is None:
        raise Refused("This action is no longer there.")
    record("drop action", on=row, by=by, at=at, detail={"agency": row.agency_id}, key=held.case_id)
    row.delete()


@act
def agree_case(*, held: CaseDiscussion, by: User, at: datetime) -> CaseDiscussion:
    """The room agrees on this case: what stands on its board stays."""
    held = make(AGREE_CASE, held, by=by, at=at, key=held.case_id)
    held.agreed_at, held.agreed_by = at, by
    held.save(update_fields=["agreed_at", "agreed_by"])
    return held


@act
def reopen_case(*, held: CaseDiscussion, reason: str, by: User, at: datetime) -> CaseDiscussion:
    """Take up an agreed case again, for a reason."""
    if not reason.strip():
        raise Refused("Say why the case is opened again.")
    held = make(REOPEN_CASE, held, by=by, at=at, detail={"reason": reason.strip()}, key=held.case_id)
    held.agreed_at, held.agreed_by, held.reopened_for = None, None, reason.strip()
    held.save()
    return held


@act
def close_discussion(*, discussion: Discussion, by: User, at: datetime) -> Discussion:
    """Close the discussion: services read the pack no longer, and no identity stays open for it."""
    discussion = make(CLOSE, discussion, by=by, at=at)
    discussion.closed_at = at
    discussion.save(update_fields=["closed_at"])
    appraisal.close_pack(audit=discussion.audit, by=by, at=at)
    involvement.close_asking(audit=discussion.audit, by=by, at=at)
    return discussion


@act
def reopen_discussion(*, discussion: Discussion, by: User, at: datetime) -> Discussion:
    """Open a closed discussion again to correct its record; packs and identities stay closed."""
    discussion = make(REOPEN, discussion, by=by, at=at)
    discussion.closed_at = None
    discussion.save(update_fields=["closed_at"])
    return discussion


def _invite(discussion: Discussion, at: datetime) -> None:
    """Those who lead, those who run the audit, those who answer for a service that takes part, and who returned."""
    minutes = discussion.minutes_per_case * max(queries.active_cases(discussion.audit).count(), 1)
    starts_at, ends_at = span(discussion.meets_on, discussion.starts_at, minutes)
    keep_appointment(
        key=f"discussion:{discussion.pk}",
        partnership=discussion.partnership,
        people=queries.guests(discussion, today(at)),
        summary=f"{discussion.partnership.short_name}: discussion of audit {discussion.audit.code}",
        on=discussion.meets_on,
        starts_at=starts_at,
        ends_at=ends_at,
        place=discussion.place,
        path=f"/audits/{discussion.audit_id}/",
        at=at,
    )


@act
def call_off(*, audit: Audit, by: User, at: datetime) -> None:
    """An audit closed before its discussion was opened: whoever was invited hears that it will not be."""
    held = queries.discussion_of(audit)
    if held and held.state == State.PLANNED:
        cancel_appointment(key=f"discussion:{held.pk}", at=at)


def _seat_cases(discussion: Discussion) -> None:
    seated = set(discussion.cases.values_list("case_id", flat=True))
    for case in queries.active_cases(discussion.audit):
        if case.pk not in seated:
            CaseDiscussion.objects.create(partnership=discussion.partnership, discussion=discussion, case=case)


def _writable(held: CaseDiscussion, by: User) -> CaseDiscussion:
    demand(by, Can.LEAD_DISCUSSION, held)
    rows = CaseDiscussion.objects.select_for_update(of=("self",)).select_related("case", "discussion__audit__tool")
    held = rows.get(pk=held.pk)
    if held.discussion.state != State.OPEN:
        raise Refused("The discussion is not open.")
    if held.state == CaseState.AGREED:
        raise Refused("This case is agreed. Open it again before you change it.")
    return held


def _check_grade(audit: Audit, grade: str) -> None:
    if audit.graded and grade not in GRADES:
        raise Refused("Choose the room's grade, or that there was not enough to grade.")
    if not audit.graded and grade:
        raise Refused("This audit does not grade.")


def _of(held: CaseDiscussion) -> dict[str, Any]:
    return {"partnership_id": held.partnership_id, "case_id": held.case_id}


def _blank(held: CaseDiscussion, domain: str) -> Conclusion:
    return Conclusion(case_discussion=held, domain=domain, **_of(held))


def _how(saved: Conclusion | None) -> str:
    return How.TESTED if saved and saved.how == How.TESTED else How.DISCUSSED


def _sign(conclusion: Conclusion, by: User, at: datetime) -> Conclusion:
    conclusion.by, conclusion.at = by, at
    conclusion.save()
    return conclusion
