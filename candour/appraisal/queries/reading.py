"""One return: its sections with what has been answered, what is missing, and what an answer said before."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from candour.access.viewer import viewer_of
from candour.appraisal.models import Answer, Given, Return, Revision
from candour.appraisal.queries.measured import measured
from candour.appraisal.queries.naming import seems_named
from candour.focus import queries as focus
from candour.focus.flow import State as AuditState
from candour.involvement.models import Involvement
from candour.people.models import Role, User
from candour.sampling.flow import CaseState
from candour.tools import values
from candour.tools.document import Document, Option, Question, Section
from candour.tools.queries import asked, document_of
from candour.tools.values import Value

DUE = "returns"


@dataclass(frozen=True)
class Filled:
    """A question with what has been answered so far."""

    question: Question
    answer: Answer | None = None
    value: Value | None = None
    private: bool = False
    changed: bool = False
    asked: bool = True
    others: tuple[str, ...] = ()

    @property
    def version(self) -> int:
        """The version that the page shows, which a save carries back; 0 where there is none yet."""
        return self.answer.version if self.answer else 0

    @property
    def offered(self) -> tuple[Option, ...]:
        """The answers to choose from: those of the tool now, and one that it retired where it had been chosen."""
        held = values.chosen(self.value)
        return (*self.question.options, *(option for option in self.question.past if option.key in held))

    @property
    def whole(self) -> bool:
        """Whether it needs nothing more."""
        return not self.asked or values.whole(self.question, self.value)

    @property
    def headline(self) -> str:
        """What was chosen, in words."""
        return values.headline(self.question, self.value)

    @property
    def prose(self) -> str:
        """What was written."""
        return values.prose(self.value)

    @property
    def named(self) -> list[str]:
        """What in it seems to name somebody, or identifies them by a number."""
        return seems_named(self.value)

    @property
    def lines(self) -> list[str]:
        """The points of a list."""
        return values.lines(self.value)


@dataclass(frozen=True)
class Page:
    """A section with its answers."""

    section: Section
    filled: tuple[Filled, ...]

    @property
    def wanted(self) -> list[Filled]:
        """The questions that must be answered before the return can go on."""
        return [one for one in self.filled if one.asked and not (one.question.optional or one.question.points)]

    @property
    def done(self) -> int:
        """How many of them are."""
        return sum(one.whole for one in self.wanted)

    @property
    def begun(self) -> bool:
        """Whether anything stands here yet."""
        return any(one.value for one in self.filled)

    @property
    def whole(self) -> bool:
        """Whether nothing is missing; where nothing must be answered, whether something has been."""
        return self.done == len(self.wanted) and (self.begun or bool(self.wanted))

    @property
    def standing(self) -> str:
        """How far it is, in figures."""
        return f"{self.done} of {len(self.wanted)}"

    @property
    def last_at(self) -> datetime | None:
        """When an answer here was last saved."""
        return max((one.answer.at for one in self.filled if one.answer), default=None)

    @property
    def changed(self) -> bool:
        """Whether an answer here has changed since the return was sent back."""
        return any(one.changed for one in self.filled)


def document(ret: Return) -> Document:
    """The tool that this return fills in, as it was published."""
    return document_of(_tool(ret))


def _tool(ret: Return) -> str:
    if ret.audit.tool_id is None:
        raise LookupError("An audit whose returns are being written has a tool.")
    return ret.audit.tool_id


def sections_of(ret: Return) -> tuple[Section, ...]:
    """The sections that this return asks of this service."""
    return asked(_tool(ret), ret.service.kind, brief=ret.brief, graded=ret.audit.graded)


def answers_of(ret: Return) -> dict[str, Answer]:
    """All answers of a return, by the key of the question."""
    rows = Answer.objects.filter(ret=ret).select_related("by").order_by("question")
    return {answer.question: answer for answer in rows}


def asked_of(sections: Iterable[Section], answers: dict[str, Answer]) -> frozenset[str]:
    """The questions that are asked, as far as their conditions are met by what has been answered."""
    questions = [question for section in sections for question in section.questions]
    gates = values.gates(questions)
    return values.asked(questions, {key: answer.value for key, answer in answers.items() if key in gates})


def fill(
    section: Section,
    answers: dict[str, Answer],
    since: datetime | None = None,
    asked: frozenset[str] | None = None,
    others: tuple[str, ...] = (),
) -> Page:
    """A section with the answers given so far; those changed after `since` are marked. A question that is not asked
    stands here only where it has been answered all the same."""
    rows = [_filled(q, answers.get(q.key), since, asked is None or q.key in asked) for q in section.questions]
    rows = [replace(row, others=others) for row in rows] if others else rows
    return Page(section, tuple(row for row in rows if row.asked or row.value))


def _filled(question: Question, answer: Answer | None, since: datetime | None, asked: bool = True) -> Filled:
    if answer is None:
        return Filled(question, asked=asked)
    changed = since is not None and answer.at > since
    return Filled(question, answer, answer.value, answer.private, changed, asked)


def reads_private(user: User, ret: Return) -> bool:
    """Whether a person reads what a service kept to itself, coordinator and chair."""
    viewer, home = viewer_of(user), ret.partnership_id
    leads = home in viewer.partnerships_as(Role.COORDINATOR, Role.CHAIR)
    return leads or ret.service_id in viewer.served().get(home, ())


def pages_of(ret: Return, reader: User | None = None) -> list[Page]:
    """The whole return, section by section, as far as its reader may know it (with none named, all of it); what
    changed since it was last sent back is marked."""
    answers, sections = answers_of(ret), sections_of(ret)
    asked = asked_of(sections, answers)
    pages = [fill(section, answers, ret.note_at, asked) for section in sections]
    pages = [page for page in pages if page.filled]
    if reader is None or reads_private(reader, ret):
        return pages
    return [Page(page.section, tuple(one for one in page.filled if not one.private)) for page in pages]


def section_of(ret: Return, key: str) -> Section | None:
    """One section of a return by its key."""
    return next((section for section in sections_of(ret) if section.key == key), None)


def page_of(ret: Return, section: Section) -> Page:
    """One section with its answers."""
    sections = sections_of(ret)
    gates = values.gates([question for one in sections for question in one.questions])
    keys = {*gates, *(question.key for question in section.questions)}
    rows = Answer.objects.filter(ret=ret, question__in=keys).order_by("question")
    answers = {answer.question: answer for answer in rows}
    return fill(section, answers, ret.note_at, asked_of(sections, answers), ret.others)


def blank(ret: Return, section: Section) -> Page:
    """A section as reading what was typed needs it: without its answers, save where one may hold an old option."""
    return page_of(ret, section) if any(one.past for one in section.questions) else fill(section, {})


def gaps(ret: Return) -> list[Question]:
    """The questions that still need an answer before the return can go on."""
    return [one.question for page in pages_of(ret) for one in page.wanted if not one.whole]


def digest(answers: Iterable[Answer]) -> str:
    """SHA-256 over all answers of a return with their versions, in one canonical form."""
    rows = sorted([answer.question, answer.version, answer.private, answer.value] for answer in answers)
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def set_beside(given: Given, theirs: Answer) -> tuple[Filled, Filled]:
    """Two answers to one question, to choose between: the one just given, and the one that stands."""
    return Filled(given.question, theirs, given.value, given.private), _filled(given.question, theirs, None)


def revisions(ret: Return, reader: User | None = None) -> QuerySet[Revision]:
    """What the answers of a return have said, as far as its reader may know it (with none named, all of it): neither
    what was private when it was said nor anything of an answer that is private now."""
    rows = Revision.objects.filter(answer__ret=ret)
    if reader is None or reads_private(reader, ret):
        return rows
    return rows.filter(private=False, answer__private=False)


def history(ret: Return, question: Question, reader: User | None = None) -> list[tuple[Revision, Filled]]:
    """What one answer has said, newest first, with what was put aside."""
    rows = revisions(ret, reader).filter(answer__question=question.key).select_related("by")
    return [(row, Filled(question, None, row.value, row.private)) for row in rows.order_by("-at", "-version", "pk")]


def begun(answer: Involvement) -> Return | None:
    """The return on this answer, where somebody has begun it."""
    return Return.objects.filter(involvement=answer).first()


def before(answer: Involvement) -> dict[str, Any]:
    """What there is to know before the first question: the tool, its length, the day it is due."""
    key = answer.audit.tool_id
    tool = document_of(key) if key else None
    return {
        "involvement": answer,
        "tool": tool,
        "length": tool.length(answer.service.kind) if tool else 0,
        "measured": measured(key, [answer.partnership_id]) if key else None,
        "due": focus.due_on(answer.audit, DUE),
        "why_not": why_not_begin(answer),
    }


def beside(ret: Return, section: Section) -> dict[str, Any]:
    """Where a section stands among the others: how many there are, the one before and the one after."""
    every = sections_of(ret)
    asked = _asked_now(ret, every)
    open_now = [one for one in every if any(q.key in asked for q in one.questions)]
    return {
        "count": len(every),
        "before": next((one for one in reversed(open_now) if one.number < section.number), None),
        "after": next((one for one in open_now if one.number > section.number), None),
    }


def _asked_now(ret: Return, sections: tuple[Section, ...]) -> frozenset[str]:
    gates = values.gates([question for one in sections for question in one.questions])
    rows = Answer.objects.filter(ret=ret, question__in=gates) if gates else ()
    return asked_of(sections, {answer.question: answer for answer in rows})


def opened(ret: Return, page: Page) -> list[Question]:
    """The questions of a section that are asked now and did not stand on the page as it was sent."""
    if not any(question.when for question in page.section.questions):
        return []
    before = {one.question.key for one in page.filled}
    return [one.question for one in page_of(ret, page.section).wanted if one.question.key not in before]


def asked_in(ret: Return, section: Section) -> list[str]:
    """The questions of a section that are asked now, where some of them depend on an answer; otherwise none is named."""
    if not any(question.when for question in section.questions):
        return []
    return [one.question.key for one in page_of(ret, section).filled if one.asked]


def why_not_begin(answer: Involvement) -> str:
    """Why a return cannot be begun for this answer; empty where it can."""
    if not answer.owes:
        return "Your service does not owe a return on this case."
    if answer.case.state != CaseState.ACTIVE:
        return "This case is no longer looked at in the audit."
    if answer.audit.state != AuditState.UNDER_WAY or answer.audit.tool_id is None:
        return "This audit is not under way."
    return ""
