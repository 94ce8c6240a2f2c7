"""The grid: who knows which child, service by service, and how each return stands, with true denominators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from candour.focus import queries as focus
from candour.focus.flow import MilestoneKind
from candour.identity import queries as identity
from candour.involvement.flow import State
from candour.involvement.models import Ask, AskedCase, Involvement, Known
from candour.involvement.queries.lapsed import Lapsed, lapsed
from candour.involvement.queries.onward import NOT_BEGUN, Standing, standings
from candour.involvement.queries.rows import all_asks, cases_of, people_of
from candour.kernel.clock import local
from candour.notices import absences
from candour.notices import queries as notices
from candour.people.models import Role
from candour.sampling.flow import CaseState

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.notices.models import Message
    from candour.people.models import User
    from candour.sampling.models import Case

SHORT = {
    Known.KNOWN: "Known",
    Known.EARLIER: "Known earlier",
    Known.NOT_KNOWN: "Not known",
    Known.MORE_NEEDED: "More needed",
    Known.RESTRICTED: "Restricted: phone",
}
IN_CELL = (
    "pk", "service_id", "case_id", "answer", "relation", "known_as_other", "return_wanted",
    "auditor_id", "auditor__name", "auditor__email", "authoriser_id",
)  # fmt: skip
LOOKS = {Known.KNOWN: "known", Known.NOT_KNOWN: "nil", Known.MORE_NEEDED: "quiet", Known.RESTRICTED: "quiet"}


@dataclass(frozen=True)
class Cell:
    """One service's answer about one case and its return, in words; the look only underlines them."""

    text: str
    look: str = ""
    note: str = ""
    answer_id: str = ""
    owed: bool = False
    unnamed: bool = False
    ret: str = ""
    given: bool = False
    late: bool = False
    phone: bool = False


@dataclass(frozen=True)
class Absent:
    """Somebody of a service who is away or has left, in words, and the page on which somebody is named for them."""

    text: str
    instead: str = ""


@dataclass
class Line:
    """One service of the grid: how its message stands, which addresses fail, who is away or has left, and its answer for
    each case."""

    ask: Ask
    message: str
    message_tone: str
    failing: list[Message] = field(default_factory=list)
    away: list[Absent] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    asked: int = 0
    answered: int = 0
    late: bool = False

    @property
    def silent(self) -> bool:
        """Asked, and nothing said yet."""
        return self.asked > 0 and self.answered == 0

    @property
    def unfinished(self) -> bool:
        """Whether there are children still to answer for."""
        return self.answered < self.asked

    @property
    def owed(self) -> int:
        """How many returns it owes, those that are in among them."""
        return sum(cell.owed for cell in self.cells)

    @property
    def given(self) -> int:
        """How many of its returns are in."""
        return sum(cell.given for cell in self.cells)


@dataclass
class Grid:
    """Child by service, and what it adds up to. Answered and owed count only what was asked."""

    cases: list[Case]
    lines: list[Line]
    due_on: date | None
    returns_due: date | None = None
    unnamed: int = 0
    withdrawn: list[Ask] = field(default_factory=list)

    @property
    def owed(self) -> int:
        """How many returns are owed, those that are in among them; one made void is not."""
        return sum(line.owed for line in self.lines)

    @property
    def given(self) -> int:
        """How many of the returns that are owed are in."""
        return sum(line.given for line in self.lines)

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
        return [line for line in self.lines if line.unfinished]

    def shown(self, show: str) -> list[Line]:
        """The services of one kind, in the order of the grid; all of them where the kind is none of these."""
        return [line for line in self.lines if SHOW[show](line)] if show in SHOW else self.lines


SHOW: dict[str, Callable[[Line], bool]] = {
    "answers": lambda line: line.unfinished,
    "late": lambda line: line.late,
    "returns": lambda line: line.given < line.owed,
    "unnamed": lambda line: any(cell.unnamed for cell in line.cells),
    "phone": lambda line: any(cell.phone for cell in line.cells),
    "away": lambda line: bool(line.away),
    "undelivered": lambda line: bool(line.message_tone or line.failing),
}


def grid(audit: Audit, on: date) -> Grid:
    """The grid of one audit as it stands on a day."""
    cases = list(cases_of(audit))
    every = all_asks(audit)
    asks = [ask for ask in every if ask.state != State.WITHDRAWN]
    covered = _covered(asks)
    given = Involvement.objects.filter(audit=audit, case__state=CaseState.ACTIVE).order_by("pk")
    answers = {(one.service_id, one.case_id): one for one in given.values_list(*IN_CELL, named=True)}
    contacts = people_of([ask.service for ask in asks], Role.CONTACT, on)
    messages = _messages(audit, asks, [case.subject_id for case in cases if case.subject_id], contacts)
    working = _working(contacts, answers.values())
    everybody = {pk for people in working.values() for pk in people}
    failing, gone = notices.failing(everybody, audit.partnership_id, audit.opened_at), absences.away(everybody, on)
    due = min((ask.due_on for ask in asks if ask.due_on), default=None)
    returns_due = focus.due_on(audit, MilestoneKind.RETURNS)
    made = Grid(cases, [], due, returns_due, withdrawn=[ask for ask in every if ask.state == State.WITHDRAWN])
    returns, lost = standings(audit), _lost(asks, on)
    returns_late = returns_due is not None and on > returns_due
    for ask in asks:
        text, tone = messages[ask.pk]
        people = working[ask.service_id]
        line = Line(ask, text, tone, [failing[pk] for pk in people if pk in failing])
        left = lost[ask.service_id]
        there = {pk: roles for pk, roles in people.items() if pk not in left}
        naming = reverse("involvement:people", args=[ask.pk])
        line.away = _absent(audit, ask, there, gone) + [Absent(one.says, naming) for one in left.values()]
        late = ask.due_on is not None and on > ask.due_on
        for case in cases:
            answer = answers.get((ask.service_id, case.pk))
            line.cells.append(_cell(answer, returns, returns_late) if answer else _silent(case, covered[ask.pk], late))
            line.asked += case.pk in covered[ask.pk]
            line.answered += case.pk in covered[ask.pk] and answer is not None
        line.late = (line.unfinished and late) or any(cell.late for cell in line.cells)
        made.lines.append(line)
        made.unnamed += sum(cell.unnamed for cell in line.cells)
    return made


def _covered(asks: list[Ask]) -> dict[str, set[str]]:
    covered = defaultdict(set)
    rows = AskedCase.objects.filter(ask__in=asks, case__state=CaseState.ACTIVE)
    for ask_id, case_id in rows.order_by("ask_id").values_list("ask_id", "case_id"):
        covered[ask_id].add(case_id)
    return covered


def _silent(case: Case, covered: set[str], late: bool) -> Cell:
    if case.pk not in covered:
        return Cell("–", "off", "not asked")
    return Cell("No answer yet" if not late else "No answer", "late" if late else "quiet")


def _cell(answer: Any, returns: dict[str, Standing], late: bool) -> Cell:
    standing = returns.get(answer.pk, NOT_BEGUN)
    wanted = answer.answer == Known.KNOWN or answer.return_wanted
    owed = wanted and standing.wanted
    overdue = owed and late and not standing.given
    text = SHORT.get(Known(answer.answer)) or f"{_relative(answer)} only"
    return Cell(
        text,
        "late" if overdue else LOOKS.get(Known(answer.answer), ""),
        ", ".join(_notes(answer, owed)),
        answer.pk,
        owed=owed,
        unnamed=owed and answer.auditor_id is None,
        ret=standing.text if wanted else "",
        given=owed and standing.given,
        late=overdue,
        phone=answer.answer in (Known.RESTRICTED, Known.MORE_NEEDED),
    )


def _notes(answer: Any, owed: bool) -> list[str]:
    notes = [answer.auditor__name or answer.auditor__email or "to be named"] if owed else []
    if answer.return_wanted and answer.answer != Known.KNOWN:
        notes.append("return asked for")
    if answer.known_as_other:
        notes.append("another name")
    return notes


def _relative(answer: Any) -> str:
    words = {"sibling": "Sibling", "parent": "Parent", "carer": "Carer", "partner": "Partner"}
    return words.get(answer.relation, "Relative")


def _working(contacts: dict[str, list[User]], answers: Iterable[Any]) -> dict[str, dict[str, set[str]]]:
    """Per service the people to whom this audit writes, and as what: its contacts, who is named to complete and check."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for service, people in contacts.items():
        for person in people:
            found[service][person.pk].add(Role.CONTACT)
    for one in answers:
        for pk, role in ((one.auditor_id, Role.AUDITOR), (one.authoriser_id, Role.AUTHORISER)):
            if pk:
                found[one.service_id][pk].add(role)
    return found


def _lost(asks: list[Ask], on: date) -> dict[str, dict[str, Lapsed]]:
    found: dict[str, dict[str, Lapsed]] = defaultdict(dict)
    for one in lapsed(asks, on):
        found[one.answer.service_id][one.user.pk] = one
    return found


def _absent(audit: Audit, ask: Ask, people: dict[str, set[str]], gone: dict[str, absences.Away]) -> list[Absent]:
    place, found = ask.service_id, []
    for one, roles in ((gone[pk], roles) for pk, roles in people.items() if pk in gone):
        page = f"{reverse('members:away_of', args=[one.user.pk])}?in={audit.partnership.slug}"
        found.append(Absent(one.says(place, roles), "" if one.covers(place, roles) else page))
    return found


def _messages(
    audit: Audit, asks: list[Ask], subjects: list[str], contacts: dict[str, list[User]]
) -> dict[str, tuple[str, str]]:
    """Per ask, how far its message got: opened, sent, queued, failed, or nobody to send it to."""
    opened = identity.first_reveals(subjects)
    posted: dict[str, tuple[str, datetime]] = {}
    for key, state, at in notices.with_key(f"involvement:{audit.pk}:"):
        posted[key.split(":")[2]] = (state, at)
    return {
        ask.pk: _standing(opened.get(ask.service_id), posted.get(ask.pk), bool(contacts[ask.service_id]))
        for ask in asks
    }


def _standing(opened: datetime | None, posted: tuple[str, datetime] | None, contact: bool) -> tuple[str, str]:
    failed = posted is not None and posted[0] == "failed"
    if opened and not failed:
        return f"opened {_day(opened)}", ""
    if not contact:
        return "no contact in this service", "amber"
    if posted is None:
        return "not sent", "amber"
    state, at = posted
    words = {"sent": "sent", "delayed": "delayed", "failed": "not delivered", "deferred": "being tried again"}
    before = f"opened {_day(opened)}; last message " if opened else ""
    return f"{before}{words.get(state, 'on its way')} {_day(at)}", "red" if failed else ""


def _day(at: datetime) -> str:
    day = local(at)
    return f"{day.day} {day:%b}"
