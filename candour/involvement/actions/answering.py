"""A service answers, corrects what it answered, and opens the file of a case that it completes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from candour.access.policy import Can, demand
from candour.identity import actions as identity
from candour.identity import queries as files
from candour.identity.models import Opening, Purpose
from candour.involvement import queries
from candour.involvement.flow import State
from candour.involvement.models import SAID, Ask, Correction, Involvement, Known
from candour.kernel.errors import Refused
from candour.notices import actions as notices
from candour.people.models import User
from candour.sampling.flow import CaseState
from candour.trail.act import act, record


@dataclass(frozen=True)
class Given:
    """One service's answer about one case, as typed; `version` is the answer it was typed over, 0 for none."""

    answer: str
    relation: str = ""
    known_as_other: bool = False
    first_contact: date | None = None
    last_contact: date | None = None
    team: str = ""
    note: str = ""
    others: str = ""
    version: int = 0


class RowsRefused(Refused):
    """Several rows were sent at once and some will not do: nothing is kept, `rows` says which and why."""

    def __init__(self, rows: Mapping[str, str]) -> None:
        super().__init__("Nothing has been saved yet: some answers need another look.")
        self.rows = dict(rows)


@act
def answer(*, ask: Ask, given: Mapping[str, Given], by: User, at: datetime) -> int:
    """Take down a service's answers about several cases, all or none; a changed answer keeps its history."""
    demand(by, Can.ANSWER_ASK, ask)
    ask = Ask.objects.select_for_update(of=("self",)).select_related("audit", "service").get(pk=ask.pk)
    if ask.state != State.OPEN:
        raise Refused("This ask is not open: nothing is wanted of your service in this audit now.")
    asked = {row.case_id: row.case for row in queries.asked_cases(ask)}
    there = queries.answers_to(ask)
    wrong = {case_id: why for case_id, one in given.items() if (why := _why_not(case_id, one, asked, there))}
    if wrong:
        raise RowsRefused(wrong)
    changed = [case_id for case_id, one in given.items() if _differs(one, there.get(case_id))]
    for case_id in changed:
        _take_down(ask, case_id, given[case_id], there.get(case_id), by, at)
    return len(changed)


@act
def not_known_for_the_rest(*, ask: Ask, by: User, at: datetime) -> int:
    """Answer “not known” for every case about which the service has said nothing yet."""
    rest = queries.unanswered(ask)
    if not rest:
        raise Refused("There is an answer for every child already.")
    given = {case.pk: Given(Known.NOT_KNOWN) for case in rest}
    return answer(ask=ask, given=given, by=by, at=at)


@act
def take_list(
    *, ask: Ask, openings: Iterable[Opening], password: str, texted: bool, by: User, at: datetime
) -> list[identity.Revealed]:
    """Give a service its list to take to another network, recorded per child; its password goes by text message, or
    was shown before."""
    demand(by, Can.ANSWER_ASK, ask)
    purpose = Purpose.SCREEN if ask.state == State.SCREENING else Purpose.MATCH
    files = identity.open_list(openings=openings, purpose=purpose, by=by, at=at)
    record("took an encrypted list", on=ask, by=by, at=at, detail={"children": len(files), "texted": texted})
    if texted:
        short = ask.partnership.short_name
        notices.post_text(
            key=f"list:{ask.pk}:{by.pk}:{at:%Y%m%dT%H%M%S%f}",
            number=by.phone,
            label="Password of a list that was taken away",
            body=f"{short}: the password of the file you have just taken is {password}",
            partnership=ask.partnership,
            private=True,
            at=at,
        )
    return files


@act
def open_case(*, involvement: Involvement, purpose: str, by: User, at: datetime) -> identity.Revealed:
    """Show one case's identities to whoever completes or checks its return, recorded in the same transaction."""
    demand(by, Can.OPEN_CASE, involvement)
    subject = involvement.case.subject
    if subject is None or involvement.case.state != CaseState.ACTIVE:
        raise Refused("This case is no longer in the audit.")
    openings = files.live_openings([subject.pk], involvement.service, at)
    return identity.open_list(openings=openings, purpose=purpose or Purpose.AUDIT, by=by, at=at)[0]


def _why_not(case_id: str, one: Given, asked: Mapping[str, object], there: Mapping[str, Involvement]) -> str:
    if case_id not in asked:
        return "Your service is no longer asked about this case."
    if one.answer not in Known.values:
        return "Choose an answer."
    if one.answer == Known.RELATIVE and not one.relation:
        return "Say who is known: a sibling, a parent or a carer."
    if one.first_contact and one.last_contact and one.first_contact > one.last_contact:
        return "The first contact is after the last."
    now = there.get(case_id)
    if (now.version if now else 0) != one.version and _differs(one, now):
        said = f" by {now.answered_by}: “{now.get_answer_display()}”" if now else ""
        return (
            f"This was answered meanwhile{said}. Saving again puts yours in its place; the other stays in the history."
        )
    return ""


def _differs(one: Given, now: Involvement | None) -> bool:
    return now is None or any(getattr(one, name) != getattr(now, name) for name in SAID)


def _take_down(ask: Ask, case_id: str, one: Given, now: Involvement | None, by: User, at: datetime) -> None:
    if now is not None:
        kept = {name: getattr(now, name) for name in SAID}
        Correction.objects.create(
            partnership_id=now.partnership_id,
            involvement=now,
            case_id=case_id,
            version=now.version,
            answered_by_id=now.answered_by_id,
            answered_at=now.answered_at,
            **kept,
        )
        now.version += 1
    row = now or Involvement(
        partnership_id=ask.partnership_id, audit_id=ask.audit_id, case_id=case_id, service_id=ask.service_id
    )
    was = row.answer if now else ""
    for name in SAID:
        setattr(row, name, getattr(one, name))
    row.answered_by, row.answered_at = by, at
    # Who writes the return, and whether one is wanted all the same, may be decided at the same time.
    row.save(update_fields=[*SAID, "version", "answered_by", "answered_at"] if now else None)
    verb = "corrected an answer" if now else "answered for a case"
    record(verb, on=row, by=by, at=at, detail={"answer": row.answer, "was": was}, key=case_id)
