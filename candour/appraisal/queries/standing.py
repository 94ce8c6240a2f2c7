"""Who owes a return and how far each is, what is in, and who may read it."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from candour.access.rows import shared
from candour.access.scope import visible
from candour.access.viewer import viewer_of
from candour.appraisal.flow import State
from candour.appraisal.models import Answer, Connection, Point, PointKind, Release, Return
from candour.appraisal.queries.hands import authors
from candour.appraisal.queries.reading import DUE, Page, fill, sections_of
from candour.focus import queries as focus
from candour.focus.flow import State as AuditState
from candour.focus.models import Audit
from candour.involvement import queries as involvement
from candour.involvement.models import Involvement
from candour.people.models import Role, Service, User
from candour.sampling.flow import CaseState
from candour.sampling.models import Case

BRIEF = (
    "pk", "auditor_id", "authoriser_id", "audit_id", "audit__code", "partnership__short_name", "case__number",
    "case__purposive", "service_id", "service__name", "ret__pk", "ret__state", "ret__note_at", "ret__handed_at",
)  # fmt: skip
Pair = tuple[Involvement, Return | None]


def _paired(rows: list[Involvement]) -> list[Pair]:
    begun = {ret.involvement_id: ret for ret in Return.objects.filter(involvement__in=[row.pk for row in rows])}
    return [(row, begun.get(row.pk)) for row in rows]


def owed(audit: Audit) -> list[Pair]:
    """Every return that is owed, with the return where somebody has begun it; one made void is owed no more."""
    return [pair for pair in _paired(list(involvement.owing(audit))) if not _is(pair, State.VOID)]


def _is(pair: Pair, state: str) -> bool:
    return pair[1] is not None and pair[1].state == state


def progress(audit: Audit) -> dict[str, Any]:
    """How far the returns of an audit are, without a word or a grade of what stands in them."""
    pairs = _paired(list(involvement.owing(audit).prefetch_related("sharers")))
    standing = [pair for pair in pairs if not _is(pair, State.VOID)]
    given = sum(_is(pair, State.SUBMITTED) for pair in standing)
    pack = release_of(audit)
    return {
        "pairs": pairs,
        "owed": len(standing),
        "given": given,
        "drafts": sum(pair[1] is not None for pair in standing) - given,
        "waiting": sum(pair[1] is None for pair in standing),
        "due": focus.due_on(audit, DUE),
        "pack_due": focus.due_on(audit, "pack"),
        "release": pack,
    }


IN_A_WORD = {
    State.DRAFT: "being written",
    State.WITH_AUTHORISER: "with the authoriser",
    State.SUBMITTED: "in",
    State.VOID: "void",
}


def standings(audit: Audit) -> dict[str, involvement.Standing]:
    """By answer, how far its return is, for the grid: a word, whether it is in, whether it is still wanted."""
    rows = Return.objects.filter(audit=audit).order_by("pk").values_list("involvement_id", "state", "late")
    return {
        answer: involvement.Standing(
            "in, late" if late and state == State.SUBMITTED else IN_A_WORD[State(state)],
            given=state == State.SUBMITTED,
            wanted=state != State.VOID,
        )
        for answer, state, late in rows
    }


def contacts(service: Service, on: date) -> list[User]:
    """The people who answer for a service."""
    return involvement.people_of([service], Role.CONTACT, on)[service.pk]


def readers(audit: Audit) -> list[User]:
    """Those who wrote, shared or checked what is in: they are told when the pack is released."""
    rows = returns_in(audit).values_list("involvement__auditor", "involvement__authoriser", "involvement__sharers")
    ids = {pk for named in rows for pk in named if pk}
    return list(User.objects.filter(pk__in=ids, is_active=True).order_by("name", "pk"))


def _of(user: User) -> QuerySet[Involvement]:
    """The answers of which a person writes, shares or checks the return, in audits under way and in closed ones."""
    shut = Connection.objects.filter(user=user).values("case")
    rows: QuerySet[Involvement] = (
        visible(Involvement, user)
        .filter(involvement.OWED, Q(auditor=user) | Q(authoriser=user) | Q(pk__in=shared(viewer_of(user))))
        .filter(case__state=CaseState.ACTIVE)
        .exclude(case__in=shut)
        .exclude(audit__state=AuditState.PLANNED)
        .order_by("audit__code", "case__number", "pk")
    )
    return rows


def mine(user: User) -> list[tuple[Involvement, Return | None]]:
    """The returns that a person writes, shares or checks, the latest due first."""
    names = ("audit", "partnership", "case", "service__agency", "auditor", "authoriser")
    rows = _of(user).select_related(*names).prefetch_related("audit__milestones")
    return [pair for pair in _paired(list(rows)) if not _is(pair, State.VOID)]


def mine_in_brief(user: User) -> list[Any]:
    """What a work list says of them, in audits under way: plain values, since a list may be long."""
    rows = _of(user).filter(audit__state=AuditState.UNDER_WAY).exclude(ret__state=State.VOID)
    return list(rows.values_list(*BRIEF, named=True))


def returns_in(audit: Audit) -> QuerySet[Return]:
    """The submitted returns of the cases that an audit still looks at."""
    return (
        Return.objects.submitted()
        .filter(audit=audit, case__state=CaseState.ACTIVE)
        .with_names()
        .order_by("case__number", "service__agency__name", "service__name", "pk")
    )


def points(audit: Audit) -> QuerySet[Point]:
    """The lines of good practice, development and recommendation in a released pack. Narrow to a reader by visible()."""
    released = Q(ret__audit__release__isnull=False)
    return (
        Point.objects.filter(released, ret__audit=audit, ret__state=State.SUBMITTED, case__state=CaseState.ACTIVE)
        .select_related("case", "service__agency")
        .order_by("domain", "kind", "case__number", "service__name", "section", "position", "pk")
    )


def good_practice(ret: Return, user: User) -> list[tuple[Point, bool]]:
    """The lines of good practice of a return, section by section, each with whether it is this person's to give."""
    rows = Point.objects.filter(ret=ret, kind=PointKind.GOOD).select_related("celebrated_by")
    wrote = authors(ret)
    return [
        (point, wrote.get((point.section, point.kind), ret.auditor) == user)
        for point in rows.order_by("section", "position", "pk")
    ]


def grades(audit: Audit) -> QuerySet[Answer]:
    """The graded answers of submitted returns, each with its domain, section, grade and sealed reason."""
    return (
        Answer.objects.filter(ret__audit=audit, ret__state=State.SUBMITTED, case__state=CaseState.ACTIVE)
        .exclude(grade="")
        .select_related("case", "service__agency")
        .order_by("case__number", "domain", "service__agency__name", "service__name", "section", "pk")
    )


def _open_to(user: User) -> Q:
    """Returns in a pack that is open to a person: to those who lead always, to a service until it is closed."""
    leading = viewer_of(user).partnerships_as(Role.COORDINATOR, Role.CHAIR, Role.SCRUTINEER)
    still = Q(audit__release__closed_at__isnull=True) | Q(partnership__in=leading)
    return still & Q(audit__release__isnull=False, state=State.SUBMITTED, case__state=CaseState.ACTIVE)


def pack_cases(audit: Audit, user: User) -> list[Case]:
    """The cases of a released pack of which a person may read the returns."""
    rows = visible(Return, user).filter(_open_to(user), audit=audit)
    return list(Case.objects.filter(pk__in=rows.values("case")).order_by("number", "pk"))


def pack(audit: Audit, number: int, user: User) -> list[tuple[Return, list[Page]]]:
    """The returns on one case, service by service, as far as a person may read them."""
    rows = visible(Return.objects.with_names(), user).filter(_open_to(user), audit=audit, case__number=number)
    rets = list(rows.order_by("service__agency__name", "service__name", "pk"))
    told: dict[str, dict[str, Answer]] = {ret.pk: {} for ret in rets}
    for answer in visible(Answer, user).filter(ret__in=list(told)).order_by("question"):
        told[answer.ret_id][answer.question] = answer
    return [(ret, _readable(ret, told[ret.pk])) for ret in rets]


def _readable(ret: Return, answers: dict[str, Answer]) -> list[Page]:
    pages = [fill(section, answers) for section in sections_of(ret)]
    kept = [Page(page.section, tuple(one for one in page.filled if one.value)) for page in pages]
    return [page for page in kept if page.filled]


def release_of(audit: Audit) -> Release | None:
    """The release of an audit's pack, where it has been released."""
    return Release.objects.filter(audit=audit).first()
