"""The grid: who knows which child, service by service, with true denominators."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from candour.identity import queries as identity
from candour.involvement.flow import State
from candour.involvement.models import Ask, AskedCase, Involvement, Known
from candour.involvement.queries.rows import all_asks, cases_of, involvements, people_of
from candour.kernel.clock import local
from candour.notices import queries as notices
from candour.people.models import Role
from candour.sampling.flow import CaseState

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.sampling.models import Case

SHORT = {
    Known.KNOWN: "Known",
    Known.EARLIER: "Known earlier",
    Known.NOT_KNOWN: "Not known",
    Known.MORE_NEEDED: "More needed",
    Known.RESTRICTED: "Restricted: phone",
}
LOOKS = {Known.KNOWN: "known", Known.NOT_KNOWN: "nil", Known.MORE_NEEDED: "quiet", Known.RESTRICTED: "quiet"}


@dataclass(frozen=True)
class Cell:
    """One service's answer about one case, in words; the look only underlines them."""

    text: str
    look: str = ""
    note: str = ""
    answer_id: str = ""


@dataclass
class Line:
    """One service of the grid: how its message stands, and its answer for each case."""

    ask: Ask
    message: str
    message_tone: str
    cells: list[Cell] = field(default_factory=list)
    asked: int = 0
    answered: int = 0

    @property
    def silent(self) -> bool:
        """Asked, and nothing said yet."""
        return self.asked > 0 and self.answered == 0


@dataclass
class Grid:
    """Child by service, and what it adds up to. Answered and owed count only what was asked."""

    cases: list[Case]
    lines: list[Line]
    due_on: date | None
    owed: int = 0
    unnamed: int = 0
    withdrawn: list[Ask] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How many answers were asked for."""
        return sum(line.asked for line in self.lines)

    @property
    def answered(self) -> int:
        """How many answers are in; a nil return is one."""
        return sum(line.answered for line in self.lines)

    @property
    def silent(self) -> list[Line]:
        """The services that were asked and have said nothing."""
        return [line for line in self.lines if line.silent]

    @property
    def unfinished(self) -> list[Line]:
        """The services that still have children to answer for."""
        return [line for line in self.lines if line.answered < line.asked]


def grid(audit: Audit, on: date) -> Grid:
    """The grid of one audit as it stands on a day."""
    cases = list(cases_of(audit))
    every = all_asks(audit)
    asks = [ask for ask in every if ask.state != State.WITHDRAWN]
    covered = _covered(asks)
    answers = {(one.service_id, one.case_id): one for one in involvements(audit)}
    messages = _messages(audit, asks, [case.subject_id for case in cases if case.subject_id], on)
    due = min((ask.due_on for ask in asks if ask.due_on), default=None)
    made = Grid(cases, [], due, withdrawn=[ask for ask in every if ask.state == State.WITHDRAWN])
    for ask in asks:
        text, tone = messages[ask.pk]
        line = Line(ask, text, tone)
        late = ask.due_on is not None and on > ask.due_on
        for case in cases:
            _add(line, case, case.pk in covered[ask.pk], answers.get((ask.service_id, case.pk)), late)
        made.lines.append(line)
    owed = [one for one in answers.values() if one.answer == Known.KNOWN or one.return_wanted]
    made.owed = len(owed)
    made.unnamed = sum(1 for one in owed if one.auditor_id is None)
    return made


def _covered(asks: list[Ask]) -> dict[str, set[str]]:
    covered = defaultdict(set)
    rows = AskedCase.objects.filter(ask__in=asks, case__state=CaseState.ACTIVE)
    for ask_id, case_id in rows.order_by("ask_id").values_list("ask_id", "case_id"):
        covered[ask_id].add(case_id)
    return covered


def _add(line: Line, case: Case, asked: bool, answer: Involvement | None, late: bool) -> None:
    line.asked += asked
    line.answered += asked and answer is not None
    if answer is not None:
        line.cells.append(_cell(answer))
    elif not asked:
        line.cells.append(Cell("–", "off", "not asked"))
    else:
        line.cells.append(Cell("No answer yet" if not late else "No answer", "late" if late else "quiet"))


def _cell(answer: Involvement) -> Cell:
    text = SHORT.get(Known(answer.answer)) or f"{_relative(answer)} only"
    notes = []
    if answer.answer == Known.KNOWN or answer.return_wanted:
        notes.append(str(answer.auditor) if answer.auditor else "to be named")
    if answer.return_wanted and answer.answer != Known.KNOWN:
        notes.append("return asked for")
    if answer.known_as_other:
        notes.append("another name")
    return Cell(text, LOOKS.get(Known(answer.answer), ""), ", ".join(notes), answer.pk)


def _relative(answer: Involvement) -> str:
    words = {"sibling": "Sibling", "parent": "Parent", "carer": "Carer", "partner": "Partner"}
    return words.get(answer.relation, "Relative")


def _messages(audit: Audit, asks: list[Ask], subjects: list[str], on: date) -> dict[str, tuple[str, str]]:
    """Per ask, how far its message got: opened, sent, queued, failed, or nobody to send it to."""
    opened = identity.first_reveals(subjects)
    posted: dict[str, tuple[str, datetime]] = {}
    for key, state, at in notices.with_key(f"involvement:{audit.pk}:"):
        posted[key.split(":")[2]] = (state, at)
    contacts = people_of([ask.service for ask in asks], Role.CONTACT, on)
    return {
        ask.pk: _standing(ask, opened.get(ask.service_id), posted.get(ask.pk), bool(contacts[ask.service_id]))
        for ask in asks
    }


def _standing(ask: Ask, opened: datetime | None, posted: tuple[str, datetime] | None, contact: bool) -> tuple[str, str]:
    if opened:
        return f"opened {_day(opened)}", ""
    if not contact:
        return "no contact in this service", "amber"
    if posted is None:
        return "not sent", "amber"
    state, at = posted
    words = {"sent": "sent", "failed": "not delivered", "deferred": "being tried again"}
    return f"{words.get(state, 'on its way')} {_day(at)}", "red" if state == "failed" else ""


def _day(at: datetime) -> str:
    day = local(at)
    return f"{day.day} {day:%b}"
