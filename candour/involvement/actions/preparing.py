"""Before anybody is asked: identities, and what social care and the police say of the sample."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from candour.access.policy import Can, demand
from candour.focus.models import Audit
from candour.identity import actions as identity
from candour.identity.models import Subject
from candour.involvement import queries
from candour.involvement.actions.answering import RowsRefused
from candour.involvement.actions.posting import ask_of, closing_day, file_of, held, tell_contacts, tell_coordinators
from candour.involvement.flow import State
from candour.involvement.models import Ask, Outcome, Screening, outcome_mark
from candour.kernel.errors import Refused
from candour.people.models import User
from candour.sampling.models import Case
from candour.trail.act import act, record


@dataclass(frozen=True)
class Looked:
    """What a screening service says of one case; `seen` is the mark of what stood when that was typed, if a page showed
    it."""

    outcome: str
    note: str = ""
    others: str = ""
    seen: str | None = None

    @property
    def mark(self) -> str:
        """What is said by it."""
        return outcome_mark(self.outcome, self.note, self.others)


@act
def begin_identities(*, case: Case, by: User, at: datetime) -> Subject:
    """Begin the file of identities of a case, or give the one that it has."""
    demand(by, Can.EDIT_IDENTITY, case)
    rows = Case.objects.select_for_update(of=("self",)).select_related("audit", "partnership", "subject")
    case = rows.get(pk=case.pk)
    if case.subject:
        return case.subject
    if not Case.objects.active().filter(pk=case.pk).exists():
        raise Refused("This case is no longer in the audit.")
    label = f"{case} of audit {case.audit.code}"
    case.subject = identity.add_subject(partnership=case.partnership, label=label, by=by, at=at)
    case.save(update_fields=["subject"])
    return case.subject


@act
def start_screening(*, audit: Audit, by: User, at: datetime) -> int:
    """Have social care and the police look at the cases before other services learn a name."""
    demand(by, Can.ASK_SERVICE, audit)
    audit = held(audit)
    services = queries.screening_services(audit)
    if not services:
        raise Refused("Neither social care nor the police are expected in this audit: the services can be asked.")
    ready = [row for row in queries.preparation(audit) if row.persons and not row.screenings and not row.asked]
    if not ready:
        raise Refused("There is no case to look at: enter the identities first.")
    until = closing_day(audit, at)
    for service in services:
        ask = ask_of(audit, service, State.SCREENING, at)
        if ask.state == State.WITHDRAWN:
            continue
        for row in ready:
            Screening.objects.create(
                partnership_id=audit.partnership_id, ask=ask, case=row.case, service=service, asked_at=at
            )
            identity.grant_opening(subject=file_of(row.case), service=service, until=until, by=by, at=at)
        tell_contacts(
            ask,
            "screen",
            f"{audit.partnership.short_name}: please look at the sample of audit {audit.code} first",
            "Before other services are asked, please look at the sampled cases and say whether anything stands in "
            "the way of auditing them: live proceedings, a statutory review, or a family that has moved.",
            f"/asks/{ask.pk}/screening/",
            at,
        )
    record("started screening", on=audit, by=by, at=at, detail={"cases": [row.case.number for row in ready]})
    return len(ready)


@act
def screen(*, ask: Ask, looked: Mapping[str, Looked], by: User, at: datetime) -> int:
    """Take down what a screening service says of several cases, all or none. What was left as it was seen stays as it is
    now; what somebody else has said meanwhile is not overwritten unseen."""
    demand(by, Can.SCREEN_CASE, ask)
    ask = Ask.objects.select_for_update(of=("self",)).select_related("audit", "partnership").get(pk=ask.pk)
    if ask.state == State.WITHDRAWN:
        raise Refused("This ask has been withdrawn: nothing is wanted of your service in this audit now.")
    rows = {row.case_id: row for row in queries.screenings_of(ask)}
    for case_id, said in looked.items():
        if case_id not in rows:
            raise Refused("One of these cases is no longer in the audit. Load the page again.")
        if said.outcome not in Outcome.values or not said.outcome:
            raise Refused(f"Say for {rows[case_id].case} whether anything stands in the way.")
    chosen = [(rows[pk], said) for pk, said in looked.items() if said.mark not in (said.seen, rows[pk].mark)]
    if late := {row.case_id: _meanwhile(row) for row, said in chosen if said.seen not in (None, row.mark)}:
        raise RowsRefused(late)
    for row, said in chosen:
        _take_down(row, said, by, at)
    if any(said.outcome != Outcome.CLEAR for _, said in chosen):
        tell_coordinators(
            ask,
            "screened",
            f"{ask.partnership.short_name}: a case of audit {ask.audit.code} may have to be replaced",
            "A service that looked at the sample says that something stands in the way of a case.",
            f"/audits/{ask.audit_id}/involvement/cases/",
            at,
        )
    return len(chosen)


def _meanwhile(row: Screening) -> str:
    said = " ".join(filter(None, [f"{row.get_outcome_display()}.", row.note, row.others]))
    return f"This was answered meanwhile by {row.answered_by}: “{said}” Saving again puts yours in its place."


def _take_down(row: Screening, said: Looked, by: User, at: datetime) -> None:
    was = row.outcome
    row.outcome, row.note, row.others = said.outcome, said.note, said.others
    row.answered_by, row.answered_at = by, at
    row.kept_by, row.kept_at, row.kept_because = None, None, ""
    row.save()
    if said.outcome == Outcome.ADOPTED and row.case.subject:
        identity.keep_apart(subject=row.case.subject, by=by, at=at)
    record("screened a case", on=row, by=by, at=at, detail={"outcome": said.outcome, "was": was}, key=row.case_id)


@act
def keep_case(*, screening: Screening, because: str, by: User, at: datetime) -> Screening:
    """Keep a case all the same, with the reason, where what screening found does not stand in the way."""
    demand(by, Can.REPLACE_CASE, screening)
    screening = Screening.objects.select_for_update().get(pk=screening.pk)
    if screening.outcome in ("", Outcome.CLEAR) or screening.kept_at:
        raise Refused("There is nothing left to decide about this case.")
    if not because.strip():
        raise Refused("Say why the case stays in the audit.")
    screening.kept_by, screening.kept_at, screening.kept_because = by, at, because.strip()
    screening.save()
    record("kept a case", on=screening, by=by, at=at, detail={"why": because.strip()}, key=screening.case_id)
    return screening
