"""What is done to a return: begun, written, handed over, sent back, submitted; and the pack released and closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from candour.access.policy import Can, allows, demand
from candour.appraisal import queries
from candour.appraisal.actions.checking import keep_submission, open_submission, send_comments
from candour.appraisal.actions.declaring import demand_declared
from candour.appraisal.flow import (
    HAND_OVER,
    REOPEN,
    SEND_BACK,
    SUBMIT,
    SUBMIT_ALONE,
    TAKE_BACK,
    VOID,
    State,
)
from candour.appraisal.models import Answer, Given, Point, Release, Return, Revision
from candour.focus import queries as focus
from candour.focus.models import Audit
from candour.involvement import actions as involvement_actions
from candour.involvement.models import Ended, Involvement
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.notices.actions import post
from candour.people.models import Role, User
from candour.tools.values import Value, lines
from candour.trail.act import act, record
from candour.trail.make import make

LOCKED = "This return is not being written at the moment, so nothing was saved. Your text is still on this page."


@dataclass(frozen=True)
class Clash:
    """Two people, or two pages, answered the same question; neither text is lost."""

    given: Given
    theirs: Answer


@dataclass(frozen=True)
class Saved:
    """What one save came to: the versions that now stand, and the answers to choose between."""

    versions: dict[str, int]
    clashes: tuple[Clash, ...]
    at: datetime


@act
def begin(
    *, involvement: Involvement, worked_with: bool, manages_worker: bool, brief: bool, by: User, at: datetime
) -> Return:
    """Begin a return, with the auditor's declaration; beginning twice gives the same one."""
    demand(by, Can.WRITE_RETURN, involvement)
    involvement = Involvement.objects.select_for_update().get(pk=involvement.pk)
    if begun := Return.objects.filter(involvement=involvement).first():
        return begun
    if reason := queries.why_not_begin(involvement):
        raise Refused(reason)
    ret = Return.objects.create(
        partnership_id=involvement.partnership_id,
        audit_id=involvement.audit_id,
        case_id=involvement.case_id,
        service_id=involvement.service_id,
        involvement=involvement,
        brief=brief,
        worked_with=worked_with,
        manages_worker=manages_worker,
        started_by=by,
        started_at=at,
    )
    detail = {"worked with the child": worked_with, "manages who did": manages_worker, "brief": brief}
    record("begin return", on=ret, by=by, at=at, detail=detail, key=ret.case_id)
    return ret


@act
def save_answers(*, ret: Return, given: Sequence[Given], by: User, at: datetime) -> Saved:
    """Save answers, each against the version that its writer saw; what clashes is kept aside for them to choose."""
    demand(by, Can.WRITE_RETURN, ret)
    demand_declared(ret, by)
    held = Return.objects.select_for_update().only("state").get(pk=ret.pk)
    if held.state != State.DRAFT:
        raise Refused(LOCKED)
    keys = [one.question.key for one in given]
    stored = {answer.question: answer for answer in Answer.objects.filter(ret=ret, question__in=keys)}
    fresh: list[Answer] = []
    versions: dict[str, int] = {}
    clashes: list[Clash] = []
    for one in given:
        answer = stored.get(one.question.key)
        if answer is None:
            if one.value is not None or one.private:
                fresh.append(_answer(ret, one, by, at))
                versions[one.question.key] = 1
        elif (answer.value, answer.private) == (one.value, one.private):
            versions[one.question.key] = answer.version
        elif answer.version == one.seen:
            versions[one.question.key] = _rewrite(answer, one, by, at)
        elif not _untouched(answer, one):
            clashes.append(Clash(one, answer))
    if fresh:
        Answer.objects.bulk_create(fresh)
        Revision.objects.bulk_create([_revision(answer) for answer in fresh])
    for clash in clashes:
        _put_aside(clash, by, at)
    return Saved(versions, tuple(clashes), at)


def _answer(ret: Return, given: Given, by: User, at: datetime) -> Answer:
    return Answer(
        partnership_id=ret.partnership_id,
        ret=ret,
        case_id=ret.case_id,
        service_id=ret.service_id,
        question=given.question.key,
        section=given.question.section,
        domain=given.question.domain,
        value=given.value,
        grade=(given.value or {}).get("grade", ""),
        private=given.private,
        by=by,
        at=at,
    )


def _rewrite(answer: Answer, given: Given, by: User, at: datetime) -> int:
    answer.value, answer.private = given.value, given.private
    answer.grade = (given.value or {}).get("grade", "")
    answer.by, answer.at, answer.version = by, at, answer.version + 1
    answer.save(update_fields=["value", "private", "grade", "by", "at", "version"])
    _revision(answer).save(force_insert=True)
    return answer.version


def _revision(answer: Answer) -> Revision:
    return Revision(
        partnership_id=answer.partnership_id,
        answer=answer,
        case_id=answer.case_id,
        version=answer.version,
        value=answer.value,
        private=answer.private,
        by=answer.by,
        at=answer.at,
    )


def _untouched(answer: Answer, given: Given) -> bool:
    """Whether what is given is what they had before them: somebody else changed the answer, they did not."""
    base = Revision.objects.filter(answer=answer, version=given.seen, aside=False).first()
    before: tuple[Value | None, bool] = (base.value, base.private) if base else (None, False)
    return before == (given.value, given.private)


def _put_aside(clash: Clash, by: User, at: datetime) -> None:
    answer, given = clash.theirs, clash.given
    earlier = Revision.objects.filter(answer=answer, aside=True, by=by)
    if any((row.value, row.private) == (given.value, given.private) for row in earlier):
        return
    aside = _revision(answer)
    aside.value, aside.private, aside.by, aside.at, aside.aside = given.value, given.private, by, at, True
    aside.save(force_insert=True)


@act
def hand_over(*, ret: Return, by: User, at: datetime) -> None:
    """Hand a return that is whole to its authoriser."""
    demand_declared(ret, by)
    _demand_whole(ret)
    held = make(HAND_OVER, ret, by=by, at=at)
    held.handed_at = at
    held.save(update_fields=["handed_at"])
    said = f"A return of {ret.service} in audit {ret.audit.code} is ready for you to check."
    _tell(ret, [ret.authoriser], "is ready to check", said, f"/returns/{ret.pk}/authorise/", at)


@act
def take_back(*, ret: Return, by: User, at: datetime) -> None:
    """Take a return back from the authoriser, to write on."""
    demand_declared(ret, by)
    make(TAKE_BACK, ret, by=by, at=at)


@act
def send_back(*, ret: Return, note: str, by: User, at: datetime, handed: str = "") -> Return:
    """Send a return back to those who write it with a note and what was said of single answers; what changes after this is
    marked. `handed`: to which handing over the page belonged."""
    demand_declared(ret, by)
    _demand_same_round(ret, handed)
    if not note.strip() and not queries.unsent(ret):
        raise Refused("Say what should be looked at again, in a note or beside the answers.")
    send_comments(ret, at)
    held = make(SEND_BACK, ret, by=by, at=at, key=ret.case_id)
    held.note, held.note_at, held.note_by = note, at, by
    held.save(update_fields=["note", "note_at", "note_by"])
    said = f"{by} has read your return in audit {ret.audit.code} and sent it back to you with a note."
    _tell(ret, ret.writers, "has come back to you", said, f"/returns/{ret.pk}/", at)
    return held


def _demand_same_round(ret: Return, handed: str) -> None:
    held = Return.objects.select_for_update().get(pk=ret.pk)
    if handed and handed != queries.handed(held):
        raise Refused(
            "This return came back to you after you had opened this page, so nothing was decided. Read what has changed "
            "since, then decide. What you wrote still stands below."
        )


@act
def submit(*, ret: Return, by: User, at: datetime, handed: str = "") -> Return:
    """Submit a return that its authoriser has checked, who has not written in it; it is locked from then on."""
    demand_declared(ret, by)
    _demand_same_round(ret, handed)
    if queries.has_written(ret, by):
        raise Refused(
            "You have written in this return, so somebody else checks and submits it. Ask your service’s contact to name "
            "another authoriser."
        )
    _demand_whole(ret)
    _demand_said(ret)
    _lock(ret, by, at)
    held = make(SUBMIT, ret, by=by, at=at, detail=_sealed(ret), key=ret.case_id)
    _end_visits(ret.involvement, Ended.RETURNED, by, at)
    return held


@act
def submit_alone(*, ret: Return, by: User, at: datetime) -> None:
    """Submit a return for a service that has declared that it has nobody to check it."""
    demand_declared(ret, by)
    _demand_whole(ret)
    _lock(ret, by, at)
    make(SUBMIT_ALONE, ret, by=by, at=at, detail=_sealed(ret), key=ret.case_id)
    _end_visits(ret.involvement, Ended.RETURNED, by, at)


def _end_visits(involvement: Involvement, because: str, by: User, at: datetime) -> None:
    """Whoever was called in for this return alone has done with it."""
    involvement_actions.end_visits(involvement=involvement, because=because, by=by, at=at)


def _sealed(ret: Return) -> dict[str, Any]:
    return {"answers": ret.digest, "late": ret.late}


def _demand_said(ret: Return) -> None:
    if count := queries.unsent(ret):
        what = "a comment that has" if count == 1 else f"{count} comments that have"
        raise Refused(
            f"You have written {what} not gone to {ret.auditor}. Send the return back, or clear what you wrote."
        )


def _demand_whole(ret: Return) -> None:
    Return.objects.select_for_update().get(pk=ret.pk)  # what is looked at now is what is handed on: no save between
    gaps = queries.gaps(ret)
    if gaps:
        what = "One answer is" if len(gaps) == 1 else f"{len(gaps)} answers are"
        raise Refused(f"{what} still to come: {', '.join(question.number for question in gaps)}.")


def _lock(ret: Return, by: User, at: datetime) -> None:
    answers = queries.answers_of(ret)
    due = focus.due_on(ret.audit, "returns")
    ret.submitted_by, ret.submitted_at = by, at
    ret.digest = queries.digest(answers.values())
    ret.late = bool(due and today(at) > due)
    ret.save(update_fields=["submitted_by", "submitted_at", "digest", "late"])
    _draw_points(ret, answers)
    keep_submission(ret, answers, by, at)


def _draw_points(ret: Return, answers: dict[str, Answer]) -> None:
    """One row a line; a row that learning may already hold keeps its id."""
    before = {(p.section, p.kind, p.position): p for p in Point.objects.filter(ret=ret)}
    for section in queries.sections_of(ret):
        for question in (q for q in section.questions if q.points):
            answer = answers.get(question.key)
            for place, text in enumerate(lines(answer.value if answer else None), 1):
                point = before.pop((section.key, question.points, place), None) or Point(
                    partnership_id=ret.partnership_id,
                    ret=ret,
                    case_id=ret.case_id,
                    service_id=ret.service_id,
                    section=section.key,
                    domain=section.domain,
                    kind=question.points,
                    position=place,
                )
                if point.celebrated_at and point.text != text:  # the leave was given for other words
                    point.celebrated_at, point.celebrated_by, point.leave, point.leave_at = None, None, "", None
                point.text, point.private = text, bool(answer and answer.private)
                point.save()
    Point.objects.filter(pk__in=[point.pk for point in before.values()]).delete()


@act
def void(*, ret: Return, reason: str, by: User, at: datetime) -> Return:
    """Void a return, such as one about the wrong child; its text stays on record and is read no more."""
    make(VOID, ret, by=by, at=at, detail={"reason": reason}, key=ret.case_id)
    _end_visits(ret.involvement, Ended.CLOSED, by, at)
    open_submission(ret, reason, by, at)
    return ret


@act
def reopen(*, ret: Return, reason: str, by: User, at: datetime) -> Return:
    """Open a submitted or void return again, with a reason; what was submitted stays readable beside it."""
    if Release.objects.filter(audit_id=ret.audit_id, closed_at__isnull=False).exists():
        raise Refused("The discussion of this audit is closed, so its returns stay as they are.")
    was = ret.digest
    make(REOPEN, ret, by=by, at=at, detail={"reason": reason, "answers": was}, key=ret.case_id)
    open_submission(ret, reason, by, at)
    ret.submitted_by, ret.submitted_at, ret.digest, ret.late = None, None, "", False
    ret.note, ret.note_at, ret.note_by = reason, at, by
    ret.save(update_fields=["submitted_by", "submitted_at", "digest", "late", "note", "note_at", "note_by"])
    said = f"Your return in audit {ret.audit.code} has been opened again."
    _tell(ret, ret.writers, "is open again", said, f"/returns/{ret.pk}/", at)
    return ret


@act
def release(*, audit: Audit, by: User, at: datetime) -> Release:
    """Release the pack: from now each service that returned on a case reads the others' returns on it."""
    demand(by, Can.RELEASE_PACK, audit)
    if not queries.returns_in(audit).exists():
        raise Refused("No return is in yet, so there is nothing to release.")
    made, fresh = Release.objects.get_or_create(
        audit=audit, defaults={"partnership_id": audit.partnership_id, "at": at, "by": by}
    )
    if not fresh:
        raise Refused("The pack is released already.")
    known = queries.owed(audit)
    detail = {"owed": len(known), "submitted": sum(_is_in(ret) for _, ret in known)}
    record("release pack", on=made, by=by, at=at, detail=detail)
    for person in queries.readers(audit):
        post(
            key=f"pack:{audit.pk}:{person.pk}",
            to=person,
            subject=f"{audit.partnership.short_name}: the pack of audit {audit.code} is ready to read",
            body=f"The returns in audit {audit.code} are in. You can read those on the cases that your service "
            "returned on, until the discussion closes.",
            partnership=audit.partnership,
            path=f"/audits/{audit.pk}/returns/pack/",
            at=at,
        )
    return made


def _is_in(ret: Return | None) -> bool:
    return ret is not None and ret.state == State.SUBMITTED


@act
def close_pack(*, audit: Audit, by: User, at: datetime) -> None:
    """Close the pack with the discussion: services read each other's returns no more."""
    if not allows(by, Can.LEAD_DISCUSSION, audit):
        demand(by, Can.RELEASE_PACK, audit)
    pack = Release.objects.select_for_update().filter(audit=audit, closed_at__isnull=True).first()
    if pack is not None:
        pack.closed_at, pack.closed_by = at, by
        pack.save(update_fields=["closed_at", "closed_by"])
        record("close pack", on=pack, by=by, at=at)


def _tell(ret: Return, people: Sequence[User | None], what: str, said: str, path: str, at: datetime) -> None:
    for person in filter(None, people):
        role = Role.AUTHORISER if person.pk == ret.authoriser_id else Role.AUDITOR
        post(
            key=f"return:{ret.pk}:{person.pk}:{path}:{at.isoformat()}",
            to=person,
            subject=f"{ret.partnership.short_name}: a return {what}, audit {ret.audit.code}",
            body=said,
            partnership=ret.partnership,
            duty=(role, ret.service_id),
            path=path,
            at=at,
        )
