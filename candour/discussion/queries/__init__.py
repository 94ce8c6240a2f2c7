"""What the discussion can tell: how far it is, conclusions, agreement figures, actions caught."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from candour.access.policy import Can, allows
from candour.access.viewer import viewer_of
from candour.appraisal.flow import State as ReturnState
from candour.appraisal.models import Answer, Release
from candour.discussion import agreement as figures
from candour.discussion.flow import CLOSE, OPEN, REOPEN, CaseState, Coming, State
from candour.discussion.models import Attendance, CaseDiscussion, CaughtAction, Conclusion, Discussion
from candour.discussion.queries.board import LEADERS, SCALE, board, domains, held_of, sees_private
from candour.focus import queries as focus
from candour.focus.flow import MilestoneKind
from candour.involvement import queries as involvement
from candour.kernel.clock import today
from candour.kernel.tasks import Stage, Task
from candour.notices import absences
from candour.people.models import Agency, Membership, Role, Service, User
from candour.sampling.flow import CaseState as CaseStanding
from candour.sampling.models import Case

if TYPE_CHECKING:
    from candour.focus.models import Audit

__all__ = ["board", "domains", "sees_private"]


def discussion_of(audit: Audit) -> Discussion | None:
    """The discussion of an audit, once it has been arranged."""
    rows = Discussion.objects.filter(audit=audit).select_related("audit__release", "chair", "scribe", "partnership")
    return rows.first()


def released(audit: Audit) -> bool:
    """Whether the pack has been released, so that the room may look at it."""
    return hasattr(audit, "release")


def active_cases(audit: Audit) -> QuerySet[Case]:
    """The cases that the room talks about, by number; replaced ones are left out."""
    return Case.objects.filter(audit=audit, state=CaseStanding.ACTIVE).order_by("number", "pk")


@dataclass(frozen=True)
class CaseRow:
    """One case in the list of a discussion."""

    case: Case
    held: CaseDiscussion | None
    returns: int
    apart: int
    concluded: int


def case_rows(audit: Audit) -> list[CaseRow]:
    """The cases of a discussion with how many services returned, differ, and how much is concluded."""
    by_domain: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (case_id, _, domain), grade in own_grades(audit):
        by_domain[case_id, domain].append(grade)
    apart: dict[str, int] = defaultdict(int)
    for (case_id, _), given in by_domain.items():
        apart[case_id] += bool(figures.spread(given, SCALE))
    submitted = Count("returns", filter=Q(returns__state=ReturnState.SUBMITTED), distinct=True)
    cases = active_cases(audit).select_related("discussed")
    rows = cases.annotate(returned=submitted, concluded=Count("conclusions", distinct=True))
    return [
        CaseRow(case, getattr(case, "discussed", None), case.returned, apart[case.pk], case.concluded) for case in rows
    ]


def own_grades(audit: Audit) -> list[tuple[tuple[str, str, str], str]]:
    """Services' own grades as ((case, service, domain), grade), of submitted returns only."""
    rows = Answer.objects.filter(ret__audit=audit, ret__state=ReturnState.SUBMITTED).exclude(grade="")
    fields = rows.order_by("case_id", "service_id", "section").values_list("case_id", "service_id", "domain", "grade")
    return [((case, service, domain), grade) for case, service, domain, grade in fields]


def conclusions(audit: Audit) -> QuerySet[Conclusion]:
    """What the room concluded, over all active cases of an audit."""
    rows = Conclusion.objects.filter(case__audit=audit, case__state="active")
    return rows.select_related("case").order_by("case__number", "domain", "pk")


@dataclass(frozen=True)
class Calibration:
    """Self-grades against the room's: over all, by domain, by service."""

    whole: figures.Agreement
    by_domain: list[tuple[str, figures.Agreement]] = field(default_factory=list)
    by_service: list[tuple[str, figures.Agreement]] = field(default_factory=list)


def agreement(audit: Audit) -> Calibration:
    """How far services' own grades and the room's agree, as calibration and never as a league table."""
    moderated = {(row.case_id, row.domain): row.grade for row in conclusions(audit)}
    pairs = [
        (service, domain, grade, moderated[case, domain])
        for (case, service, domain), grade in own_grades(audit)
        if (case, domain) in moderated
    ]
    services = dict(Service.objects.filter(pk__in={pair[0] for pair in pairs}).values_list("pk", "name"))
    return Calibration(
        whole=figures.compare([(own, room) for _, _, own, room in pairs], SCALE),
        by_domain=_grouped(((domain, own, room) for _, domain, own, room in pairs), domains(audit)),
        by_service=_grouped(
            ((service, own, room) for service, _, own, room in pairs),
            dict(sorted(services.items(), key=lambda item: (item[1], item[0]))),
        ),
    )


def _grouped(pairs: Iterable[tuple[str, str, str]], labels: dict[str, str]) -> list[tuple[str, figures.Agreement]]:
    grouped: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, own, room in pairs:
        grouped[key].append((own, room))
    return [(label, figures.compare(grouped[key], SCALE)) for key, label in labels.items() if grouped[key]]


def matrix(of: figures.Agreement, scale: Sequence[str] = SCALE) -> list[tuple[str, list[int]]]:
    """The matrix self × moderated as rows for a table: own grade, then a count per moderated grade."""
    return [(own, [of.cell(own, room) for room in scale]) for own in scale]


def case_links(case: Case, user: User) -> list[tuple[str, str]]:
    """The way from the page of a case to its board, once it has one and for those who see it."""
    if not (allows(user, Can.SEE_BOARD, case) and CaseDiscussion.objects.filter(case=case).exists()):
        return []
    return [("Discussion board", reverse("discussion:board", args=[case.pk]))]


def caught(audit: Audit) -> QuerySet[CaughtAction]:
    """The actions caught at the table, over all active cases of an audit."""
    rows = CaughtAction.objects.filter(case__audit=audit, case__state="active")
    return rows.select_related("case", "agency").order_by("due_on", "case__number", "pk")


def arranged(audit: Audit) -> dict[str, object]:
    """What the page that arranges a discussion starts with: what is arranged, else the timetable's day."""
    discussion = discussion_of(audit)
    if discussion is None:
        return {"meets_on": focus.due_on(audit, MilestoneKind.DISCUSSION)}
    return {
        "meets_on": discussion.meets_on,
        "starts_at": discussion.starts_at.strftime("%H:%M") if discussion.starts_at else "",
        "place": discussion.place,
        "minutes_per_case": discussion.minutes_per_case,
        "chair": discussion.chair_id or "",
        "scribe": discussion.scribe_id or "",
    }


def next_move(discussion: Discussion | None, user: User) -> tuple[str, str]:
    """The one move that the discussion's state leaves, and why this person cannot make it now, if so."""
    if discussion is None:
        return "", ""
    moves = {State.PLANNED: OPEN, State.OPEN: CLOSE, State.CLOSED: REOPEN}
    move = moves[State(discussion.state)]
    return move.name, move.why_not(discussion.state, user, discussion)


def attendance(discussion: Discussion) -> list[Attendance]:
    """Who comes, service by service; a service from which nothing was heard is there too."""
    known = {row.service_id: row for row in discussion.attendance.all()}
    expected = focus.expected_services(discussion.audit)
    blank = {"partnership": discussion.partnership, "discussion": discussion}
    rows = [known.get(service.pk) or Attendance(service=service, **blank) for service in expected]
    by_id = {service.pk: service for service in expected}
    for row in rows:
        row.service = by_id[row.service_id]
    return rows


def coming_count(discussion: Discussion) -> tuple[int, int]:
    """How many services come and how many sent apologies."""
    said = list(discussion.attendance.values_list("coming", flat=True))
    return said.count(Coming.COMING), said.count(Coming.APOLOGIES)


def leaders(partnership_id: str, on: date) -> QuerySet[User]:
    """Who may chair the discussion or write beside the chair."""
    return User.objects.holding(*LEADERS, partnership=partnership_id, on=on)


def guests(discussion: Discussion, on: date) -> list[User]:
    """Who is invited: chair and scribe, the coordinators, and of each service that owes a return its contacts and
    whoever writes or checks it; beside whoever is away on that day, the one who stands in for them."""
    owing = involvement.owing(discussion.audit).select_related("service", "auditor", "authoriser")
    rows = list(owing.prefetch_related("sharers"))
    contacts = involvement.people_of({row.service for row in rows}, Role.CONTACT, on)
    people = [discussion.chair, discussion.scribe, *involvement.coordinators_of(discussion.audit, on)]
    working = [(person, (Role.CONTACT, service)) for service, each in contacts.items() for person in each]
    working += [(person, (Role.AUDITOR, row.service_id)) for row in rows for person in row.writers]
    working += [(row.authoriser, (Role.AUTHORISER, row.service_id)) for row in rows if row.authoriser]
    return [person for person in [*people, *_there(working, discussion.meets_on)] if person and not person.mail_to]


def _there(working: Sequence[tuple[User, tuple[Role, str]]], on: date) -> list[User | None]:
    """Those who still hold the role for which they are asked, and whoever stands in for them on a day."""
    everybody = {person.pk for person, _ in working}
    held, gone = absences.duties_of(everybody, on), absences.away(everybody, on)
    still = [(person, duty) for person, duty in working if duty in held[person.pk]]
    return [
        *(person for person, _ in still),
        *(gone[person.pk].stands_in(duty) for person, duty in still if person.pk in gone),
    ]


def agencies(partnership_id: str) -> QuerySet[Agency]:
    """The agencies that belong to a partnership today, each of which the room may ask to act."""
    members = Membership.objects.on(today()).filter(partnership=partnership_id)
    return Agency.objects.filter(pk__in=members.values("agency")).order_by("name", "pk")


def tasks(user: User, on: date) -> list[Task]:
    """What discussions leave with a person: those they lead, and those that a coordinator has still to arrange."""
    led = viewer_of(user).partnerships_as(*LEADERS)
    if not led:
        return []
    rows = (
        Discussion.objects.filter(partnership__in=led, audit__state="under-way")
        .exclude(state=State.CLOSED)
        .select_related("audit", "partnership")
        .order_by("meets_on", "pk")
    )
    return [_task(row, user) for row in rows] + _to_arrange(user)


def _task(discussion: Discussion, user: User) -> Task:
    chairs = discussion.chair_id == user.pk
    verb = "Chair" if chairs else "Hold"
    running = discussion.state == State.OPEN
    title = f"{verb} the discussion of {discussion.audit.code}: {discussion.audit.title}"
    return Task(
        title=title,
        url=reverse("discussion:show", args=[discussion.audit_id]),
        due=discussion.meets_on,
        note=f"{discussion.place}{'; cases are being agreed' if running else ''}",
        partnership=discussion.partnership.short_name,
        audit=discussion.audit_id,
        tag="Open" if running else "Arranged",
        tone="teal" if running else "grey",
    )


def _to_arrange(user: User) -> list[Task]:
    rows = (
        Release.objects.filter(
            partnership__in=viewer_of(user).coordinates, audit__state="under-way", audit__discussion__isnull=True
        )
        .select_related("audit", "partnership")
        .prefetch_related("audit__milestones")
        .order_by("at", "pk")
    )
    return [
        Task(
            title=f"Arrange the discussion of {row.audit.code}: {row.audit.title}",
            url=reverse("discussion:show", args=[row.audit_id]),
            due=focus.due_on(row.audit, MilestoneKind.DISCUSSION),
            note="The pack is released; name the day, the place and the chair.",
            partnership=row.partnership.short_name,
            audit=row.audit_id,
        )
        for row in rows
    ]


def stage(audit: Audit) -> Stage:
    """How far the discussion of an audit is."""
    url = reverse("discussion:show", args=[audit.pk])
    discussion = discussion_of(audit)
    if discussion is None:
        due = focus.due_on(audit, MilestoneKind.DISCUSSION)
        figures_text = f"{focus.day_and_month(due)}" if due else ""
        if released(audit):
            return Stage("now", figures_text, "The pack is released: arrange the discussion.", url, url)
        return Stage("todo", figures_text, url=url)
    when = f"{focus.day_and_month(discussion.meets_on)}, {discussion.place}"
    if discussion.state == State.PLANNED:
        if not released(audit):
            return Stage("todo", when, url=url)
        return Stage("now", when, "Open the discussion when the room has gathered.", url, url)
    states = list(held_of(audit.pk).values_list("state", flat=True))
    agreed = f"{states.count(CaseState.AGREED)} of {len(states)} cases agreed"
    if discussion.state == State.CLOSED:
        return Stage("done", agreed, url=url)
    return Stage("now", agreed, "Go on with the cases, or close the discussion.", url, url)
