"""The board of one case: services side by side, what the returns say, what the room concluded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from candour.access.viewer import viewer_of
from candour.appraisal.flow import State as ReturnState
from candour.appraisal.models import Answer, Point, Return
from candour.discussion import agreement as figures
from candour.discussion.flow import Coming
from candour.discussion.models import Attendance, CaseDiscussion, CaughtAction, Conclusion
from candour.families import queries as families
from candour.people.models import Role, Service, User
from candour.tools import queries as tools
from candour.tools.document import DOMAINS, GRADES, Document
from candour.tools.values import prose

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.sampling.models import Case

NOT_ENOUGH = "not-enough"
SCALE = tuple(grade for grade in GRADES if grade != NOT_ENOUGH)
LEADERS = (Role.COORDINATOR, Role.CHAIR)


@dataclass(frozen=True)
class Said:
    """What one service said of its own work in one section: its grade and the reason for it."""

    grade: str
    reason: str
    private: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Line:
    """One domain across the services: their own grades, how far these stand apart, and the room's conclusion."""

    domain: str
    label: str
    cells: tuple[tuple[Said, ...], ...]
    apart: int | None
    conclusion: Conclusion | None

    @property
    def grades(self) -> list[str]:
        return [said.grade for cell in self.cells for said in cell]

    @property
    def agreed(self) -> bool:
        return self.apart == 0

    @property
    def said_of_it(self) -> str:
        """How far the services stand apart, in words."""
        if self.apart is None:
            graded = [grade for grade in self.grades if grade in SCALE]
            return "one service only" if graded else "nobody graded it"
        return {0: "services agree", 1: "one grade apart", 2: "two grades apart"}.get(self.apart, "three grades apart")

    @property
    def common_grade(self) -> str:
        """The grade on which services agree."""
        return next((grade for grade in self.grades if grade in SCALE), "") if self.agreed else ""


@dataclass(frozen=True)
class Column:
    """One service at the table."""

    service: Service
    coming: str
    who: str


@dataclass(frozen=True)
class Board:
    """All that the room looks at for one case."""

    case: Case
    held: CaseDiscussion
    columns: list[Column]
    lines: list[Line]
    points: dict[str, list[Point]]
    dates: list[tuple[date, str, str]]
    words: list[tuple[str, str]]
    caught: list[CaughtAction]
    before: CaseDiscussion | None
    after: CaseDiscussion | None
    place: int
    of: int

    @property
    def apart(self) -> list[Line]:
        """Lines on which services differ, and those that only one could grade: the room's work."""
        return [line for line in self.lines if not line.agreed]

    @property
    def agreed(self) -> list[Line]:
        return [line for line in self.lines if line.agreed]

    @property
    def to_accept(self) -> list[Line]:
        """Lines that can be accepted together."""
        return [line for line in self.agreed if line.conclusion is None]

    @property
    def good_to_test(self) -> list[Line]:
        """Agreed lines graded Good or better, of which the room looks at one."""
        return [line for line in self.to_accept if line.common_grade in ("good", "outstanding")]

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if line.conclusion is None]

    def line(self, domain: str) -> Line | None:
        return next((line for line in self.lines if line.domain == domain), None)


def document(audit: Audit) -> Document:
    """The audit's tool, read."""
    if audit.tool_id is None:
        raise LookupError("This audit has no tool.")
    return tools.document_of(audit.tool_id)


def domains(audit: Audit) -> dict[str, str]:
    """The domains on which the room concludes, in the tool's order, with their names."""
    read = document(audit)
    return {key: DOMAINS.get(key, key.replace("-", " ").capitalize()) for key in read.domains()}


def sees_private(user: User | None, partnership_id: str) -> bool:
    """Whether a person may read the passages that services marked for coordinator and chair only."""
    return user is not None and partnership_id in viewer_of(user).partnerships_as(*LEADERS)


def board(case: Case, user: User | None, *, projected: bool = False) -> Board | None:
    """The board of one case, or None while its discussion has not been opened; nothing private when projected."""
    held = list(held_of(case.audit_id))
    mine = next((row for row in held if row.case_id == case.pk), None)
    if mine is None:
        return None
    place = held.index(mine)
    case.audit = mine.discussion.audit
    private = not projected and sees_private(user, case.partnership_id)
    read = document(case.audit)
    columns = _columns(case, mine.discussion_id)
    answers = _answers(case)
    return Board(
        case=case,
        held=mine,
        columns=columns,
        lines=_lines(domains(case.audit), columns, answers, mine, private),
        points=_points(case, private),
        dates=_dates(answers, read, private),
        words=[*families.words_of(case), *_words(answers, read, private)],
        caught=list(mine.caught.select_related("agency").order_by("at", "pk")),
        before=held[place - 1] if place else None,
        after=held[place + 1] if place + 1 < len(held) else None,
        place=place + 1,
        of=len(held),
    )


def held_of(audit_id: str) -> QuerySet[CaseDiscussion]:
    """The discussions of an audit's cases, by number."""
    rows = CaseDiscussion.objects.filter(discussion__audit=audit_id, case__state="active")
    return rows.select_related("case", "discussion__audit").order_by("case__number", "pk")


def _columns(case: Case, discussion_id: str) -> list[Column]:
    coming = {row.service_id: row for row in Attendance.objects.filter(discussion=discussion_id)}
    returns = Return.objects.filter(case=case, state=ReturnState.SUBMITTED).select_related("service__agency")
    rows = returns.order_by("service__agency__name", "service__name", "pk")
    empty = Attendance(coming=Coming.UNHEARD)
    return [
        Column(
            row.service,
            str(coming.get(row.service_id, empty).get_coming_display()),
            coming.get(row.service_id, empty).who,
        )
        for row in rows
    ]


def _answers(case: Case) -> list[Answer]:
    rows = Answer.objects.filter(case=case, ret__state=ReturnState.SUBMITTED).select_related("service")
    return list(rows.order_by("service__agency__name", "service__name", "section", "question", "pk"))


def _lines(
    labels: dict[str, str], columns: list[Column], answers: list[Answer], held: CaseDiscussion, private: bool
) -> list[Line]:
    said: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for answer in answers:
        if answer.question == f"{answer.section}-grade":
            said[answer.domain, answer.service_id].append(_said(answer, private))
    concluded = {row.domain: row for row in held.conclusions.select_related("by").order_by("domain", "pk")}
    lines = []
    for domain, label in labels.items():
        cells = tuple(tuple(said[domain, column.service.pk]) for column in columns)
        apart = figures.spread([one.grade for cell in cells for one in cell], SCALE)
        lines.append(Line(domain, label, cells, apart, concluded.get(domain)))
    return sorted(lines, key=_differences_first)


def _differences_first(line: Line) -> tuple[int, int]:
    graded = any(grade in SCALE for grade in line.grades)
    group = 0 if line.apart else 1 if line.apart is None and graded else 2 if line.agreed else 3
    return group, -(line.apart or 0)


def _said(answer: Answer, private: bool) -> Said:
    hidden = answer.private and not private
    return Said(answer.grade, "" if hidden else prose(answer.value), answer.private, hidden)


def _points(case: Case, private: bool) -> dict[str, list[Point]]:
    rows = Point.objects.filter(case=case, ret__state=ReturnState.SUBMITTED).select_related("service")
    if not private:
        rows = rows.filter(private=False)
    found: dict[str, list[Point]] = defaultdict(list)
    for point in rows.order_by("kind", "service__name", "position", "pk"):
        found[point.domain].append(point)
    return dict(found)


def _dates(answers: list[Answer], read: Document, private: bool) -> list[tuple[date, str, str]]:
    """The dates that the returns give, all services' merged in order: the day, the service, what of it."""
    asked = {q.key: q.prompt for section in read.whole for q in section.questions if q.type == "date"}
    shown = [a for a in answers if a.question in asked and a.value and (private or not a.private)]
    found = [
        (date.fromisoformat(a.value["date"]), a.service.name, asked[a.question]) for a in shown if "date" in a.value
    ]
    return sorted(found)


def _words(answers: list[Answer], read: Document, private: bool) -> list[tuple[str, str]]:
    """What the returns say of the child's and the parents' words, service by service."""
    asked = {q.key for s in read.whole if s.domain == "voice" for q in s.questions if q.type in ("text", "grade")}
    shown = [a for a in answers if a.question in asked and (private or not a.private)]
    return [(answer.service.name, prose(answer.value)) for answer in shown if prose(answer.value)]
