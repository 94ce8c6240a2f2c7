"""What an authoriser says of single answers, and what was submitted before a return was opened again."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from candour.appraisal.models import Answer, Comment, Return, Revision, Submission
from candour.appraisal.queries.reading import Filled, Page, pages_of, revisions, sections_of
from candour.people.models import User


def commentable(ret: Return) -> set[str]:
    """The questions of which an authoriser may say something."""
    return {question.key for section in sections_of(ret) for question in section.questions}


@dataclass(frozen=True)
class Asked:
    """A comment that its auditor has been sent: the question, where it stands, and whether its answer changed since."""

    comment: Comment
    number: str
    section: str
    prompt: str
    answered: bool


def asked_back(ret: Return) -> list[Asked]:
    """The comments that came back with the return the last time."""
    rows = list(Comment.objects.filter(ret=ret, sent_at__isnull=False, sent_at=ret.note_at).select_related("by"))
    places = {q.key: q for section in sections_of(ret) for q in section.questions}
    saved = dict(Answer.objects.filter(ret=ret).values_list("question", "at"))
    return sorted(
        (
            Asked(
                row,
                places[row.question].number,
                places[row.question].section,
                places[row.question].prompt,
                bool(row.sent_at and row.question in saved and saved[row.question] > row.sent_at),
            )
            for row in rows
            if row.question in places
        ),
        key=lambda one: [int(part) for part in one.number.split(".")],
    )


@dataclass(frozen=True)
class Remarked:
    """A question as its authoriser checks it: the answer, what they say now and said before, the mark of what stands,
    and what stands where it changed while they were writing."""

    one: Filled
    text: str
    earlier: list[Comment]
    seen: str = ""
    clash: bool = False
    stands: Comment | None = None


@dataclass(frozen=True)
class Sheet:
    """A section as its authoriser checks it."""

    page: Page
    rows: list[Remarked]


def mark(text: str) -> str:
    """What a page carries to say which comment it showed; empty where it showed none."""
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


def handed(ret: Return) -> str:
    """Which handing over a page of its authoriser belongs to."""
    return ret.handed_at.isoformat() if ret.handed_at else ""


def sheets(ret: Return, typed: Mapping[str, str] | None = None, clashes: Collection[str] = ()) -> list[Sheet]:
    """The whole return with room for a comment at each answer; `typed`: what could not be kept, `clashes`: where because
    what stood there changed meanwhile."""
    said: dict[str, list[Comment]] = {}
    for comment in Comment.objects.filter(ret=ret).select_related("by").order_by("at", "pk"):
        said.setdefault(comment.question, []).append(comment)
    return [Sheet(page, [_remarked(one, said, typed or {}, clashes) for one in page.filled]) for page in pages_of(ret)]


def _remarked(
    one: Filled, said: dict[str, list[Comment]], typed: Mapping[str, str], clashes: Collection[str]
) -> Remarked:
    key = one.question.key
    stands = next((row for row in said.get(key, []) if row.sent_at is None), None)
    now = stands.text if stands else ""
    earlier = [row for row in said.get(key, []) if row.sent_at]
    return Remarked(one, typed.get(key, now), earlier, mark(now), key in clashes, stands)


def unsent(ret: Return) -> int:
    """How many comments the authoriser has written and not sent."""
    return Comment.objects.filter(ret=ret, sent_at=None).count()


def submissions(ret: Return) -> QuerySet[Submission]:
    """The versions of a return that were submitted, the first one first."""
    return Submission.objects.filter(ret=ret).select_related("by", "opened_by").order_by("number")


def opened_again(ret: Return) -> list[Submission]:
    """The versions that were opened again since."""
    return [row for row in submissions(ret) if row.opened_at]


def as_submitted(submission: Submission, reader: User) -> list[Page]:
    """A return as one version of it was submitted, as far as its reader may know it."""
    ret = submission.ret
    held = revisions(ret, reader).filter(aside=False).select_related("answer").order_by("answer", "version")
    wanted: dict[str, Revision] = {
        row.answer.question: row
        for row in held
        if row.value and submission.versions.get(row.answer.question) == row.version
    }
    pages = []
    for section in sections_of(ret):
        rows = [
            Filled(q, None, wanted[q.key].value, wanted[q.key].private) for q in section.questions if q.key in wanted
        ]
        if rows:
            pages.append(Page(section, tuple(rows)))
    return pages
