"""What a service sees of its cases: masked people, its answers, and the openings that one act may open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from candour.identity import queries as identity
from candour.involvement.flow import State
from candour.involvement.models import Ask, AskedCase, Involvement, Screening
from candour.involvement.queries.rows import answers_to, asked_cases, screenings_of
from candour.sampling.models import Case

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.identity.models import Opening


@dataclass
class SheetLine:
    """One case on a service's page."""

    case: Case
    persons: list[identity.Masked]
    answer: Involvement | None = None
    screening: Screening | None = None
    asked: AskedCase | None = None
    shown: list[identity.Shown] = field(default_factory=list)
    row: Any = None

    def said(self) -> dict[str, str]:
        """What screening has said of this case so far."""
        one = self.screening
        return {"outcome": one.outcome, "note": one.note, "others": one.others, "seen": one.mark} if one else {}


@dataclass
class Sheet:
    """A service's cases, masked, with what one recorded act would open."""

    lines: list[SheetLine]
    openings: list[Opening]
    opened: bool = False

    @property
    def answered(self) -> int:
        """How many of the cases have an answer."""
        return sum(1 for line in self.lines if line.answer or (line.screening and line.screening.outcome))

    @property
    def owed(self) -> list[Involvement]:
        """The answers that owe a return."""
        found = (line.answer for line in self.lines)
        return [one for one in found if one and one.owes]

    @property
    def unnamed(self) -> int:
        """How many returns have nobody yet who completes them."""
        return sum(1 for one in self.owed if one.auditor_id is None)

    def show(self, files: Iterable[Any]) -> None:
        """Put what an act has opened beside the cases."""
        by_subject = {file.subject_id: file.persons for file in files}
        self.opened = bool(by_subject)
        for line in self.lines:
            line.shown = by_subject.get(line.case.subject_id or "", [])

    def with_rows(self, rows: Iterable[Any]) -> list[SheetLine]:
        """The lines, each with its part of the form."""
        for line, row in zip(self.lines, rows, strict=True):
            line.row = row
        return self.lines


def sheet(ask: Ask, at: datetime) -> Sheet:
    """The page on which a service says which children it knows."""
    rows, answers = asked_cases(ask), answers_to(ask)
    _with_rows(ask, rows)
    persons = _masked(ask, [row.case for row in rows])
    lines = [
        SheetLine(row.case, persons.get(row.case.subject_id or "", []), answers.get(row.case_id), asked=row)
        for row in rows
    ]
    return Sheet(lines, _openings(ask, lines, at))


def screening_sheet(ask: Ask, at: datetime) -> Sheet:
    """The page on which social care and the police look at the sample first."""
    rows = screenings_of(ask)
    _with_rows(ask, rows)
    persons = _masked(ask, [row.case for row in rows])
    lines = [SheetLine(row.case, persons.get(row.case.subject_id or "", []), screening=row) for row in rows]
    return Sheet(lines, _openings(ask, lines, at))


def sheet_to_take(ask: Ask, at: datetime) -> Sheet:
    """What a service may take away now: the cases it is asked about, or those that it looks at first."""
    return screening_sheet(ask, at) if ask.state == State.SCREENING else sheet(ask, at)


def masked(involvement: Involvement) -> list[identity.Masked]:
    """The people of one case as its service sees them masked."""
    subject = involvement.case.subject_id or ""
    bounds = identity.bounds_to(involvement.service, involvement.partnership_id)
    return identity.masked_by_subject([subject], bounds).get(subject, [])


def opened(audit: Audit, at: datetime) -> dict[str, Any]:
    """Who opened the identities of an audit's cases, and how many each in the last week."""
    every = Case.objects.filter(audit=audit, subject__isnull=False)  # those replaced since, too
    subjects = list(every.order_by("number").values_list("subject_id", flat=True))
    acts, tail = identity.reveals(subjects), f" of audit {audit.code}"
    for one in acts:
        one.children = [label.removesuffix(tail) for label in one.children]
    return {"opened": acts, "rate": identity.reveal_rate(subjects, at)}


def _with_rows(ask: Ask, rows: Sequence[AskedCase | Screening]) -> None:
    """Take service and audit of the ask from its rows, which came with them."""
    if rows:
        ask.service, ask.audit = rows[0].ask.service, rows[0].ask.audit


def _masked(ask: Ask, cases: list[Case]) -> dict[str, list[identity.Masked]]:
    subjects = [case.subject_id for case in cases if case.subject_id]
    return identity.masked_by_subject(subjects, identity.bounds_to(ask.service, ask.partnership_id))


def _openings(ask: Ask, lines: list[SheetLine], at: datetime) -> list[Opening]:
    subjects = [line.case.subject_id for line in lines if line.case.subject_id]
    return list(identity.live_openings(subjects, ask.service, at))
