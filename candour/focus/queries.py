"""What the first step can tell: the audits, who is expected, and by when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse

from candour.access.policy import Can, allows
from candour.access.scope import visible
from candour.access.viewer import viewer_of
from candour.focus.flow import BEGIN, MilestoneKind, Pace, SourceKind, State
from candour.focus.models import Audit, CoreService, Milestone
from candour.kernel.clock import add_working_days
from candour.kernel.tasks import Rhythm, Stage, Task
from candour.people.models import Agency, Membership, Partnership, Role, Service

if TYPE_CHECKING:
    from candour.people.models import User

# Working days from the start of the audit to each date; the sense check is counted in months after it.
STEPS: dict[str, dict[str, int]] = {
    Pace.ORDINARY: {
        MilestoneKind.LIST: 10,
        MilestoneKind.INVOLVEMENT: 15,
        MilestoneKind.RETURNS: 37,
        MilestoneKind.PACK: 42,
        MilestoneKind.DISCUSSION: 47,
        MilestoneKind.BRIEFING: 67,
    },
    Pace.COMPRESSED: {
        MilestoneKind.LIST: 1,
        MilestoneKind.INVOLVEMENT: 3,
        MilestoneKind.RETURNS: 8,
        MilestoneKind.PACK: 9,
        MilestoneKind.DISCUSSION: 10,
        MilestoneKind.BRIEFING: 20,
    },
}
SENSE_CHECK_AFTER_DAYS = 274
ORDER = {kind: place for place, kind in enumerate(MilestoneKind.values)}


Closer = Callable[[Audit, "User", datetime], object]
_closers: list[Closer] = []


def register_closer(close: Closer) -> None:
    """Let a later step close what it holds open, in the act that closes an audit."""
    if close not in _closers:
        _closers.append(close)


def closers() -> list[Closer]:
    """What the later steps close with an audit."""
    return list(_closers)


def proposed_timetable(starts_on: date, pace: str, pauses: Iterable[tuple[date, date]] = ()) -> list[tuple[str, date]]:
    """The dates of an audit in working days from its start, school holidays and bank holidays left out."""
    pauses = tuple(pauses)
    dates = [(kind, add_working_days(starts_on, days, pauses)) for kind, days in STEPS[pace].items()]
    later = dates[-1][1] + timedelta(days=SENSE_CHECK_AFTER_DAYS)
    return [*dates, (MilestoneKind.SENSE_CHECK, add_working_days(later, 0, pauses))]


def timetable(audit: Audit) -> list[Milestone]:
    """The dates of an audit in the order of its steps."""
    return sorted(audit.milestones.all(), key=lambda milestone: ORDER[milestone.kind])


def due_on(audit: Audit, kind: str) -> date | None:
    """The date by which this part of an audit is due, where the timetable has one."""
    return next((milestone.due_on for milestone in audit.milestones.all() if milestone.kind == kind), None)


def all_due(audits: Iterable[str], kind: str) -> dict[str, date]:
    """The date by which this part of each of these audits is due, in one question."""
    rows = Milestone.objects.filter(audit__in=set(audits), kind=kind).order_by("audit")
    return dict(rows.values_list("audit_id", "due_on"))


def rhythms(audits: set[str]) -> dict[str, Rhythm]:
    """When people are reminded in each of these audits, its partnership's school holidays left out."""
    rows = Audit.objects.filter(pk__in=audits).select_related("partnership").order_by("pk")
    return {row.pk: rhythm(row) for row in rows.only("remind_on", "partnership__school_holidays")}


def rhythm(audit: Audit) -> Rhythm:
    """When people are reminded in an audit."""
    return Rhythm(tuple(audit.remind_on), tuple(audit.partnership.pauses()))


def expected_services(audit: Audit) -> QuerySet[Service]:
    """The services expected to take part in an audit."""
    return (
        Service.objects.filter(expected_in__audit=audit).select_related("agency").order_by("agency__name", "name", "pk")
    )


def core_services(partnership: Partnership) -> set[str]:
    """Ids of the services that this partnership expects unless it says otherwise."""
    return set(CoreService.objects.filter(partnership=partnership).values_list("service_id", flat=True))


def services_by_agency(partnership: Partnership, on: date) -> list[tuple[Agency, list[Service]]]:
    """Every service that could be expected: those of the agencies that belong to the partnership on a day."""
    members = Membership.objects.on(on).filter(partnership=partnership).values("agency")
    grouped: dict[Agency, list[Service]] = defaultdict(list)
    services = Service.objects.filter(agency__in=members).select_related("agency")
    for service in services.order_by("agency__name", "name", "pk"):
        grouped[service.agency].append(service)
    return list(grouped.items())


def next_code(partnership: Partnership, year: int) -> str:
    """The code to propose for a new audit: the year and the next number in it."""
    taken = Audit.objects.filter(partnership=partnership, code__startswith=f"{year}-").values_list("code", flat=True)
    numbers = [int(code[5:]) for code in taken if code[5:].isdigit()]
    return f"{year}-{max(numbers, default=0) + 1:02d}"


def may_start_for(user: User) -> QuerySet[Partnership]:
    """The partnerships for which a person may start an audit."""
    return Partnership.objects.filter(pk__in=viewer_of(user).partnerships_as(Role.COORDINATOR)).order_by("name", "pk")


def audits_by_state(user: User) -> list[tuple[str, list[Audit]]]:
    """A person's audits: under way first, then being planned, then closed."""
    rows = (
        visible(Audit, user)
        .select_related("partnership")
        .prefetch_related("milestones")
        .order_by("-starts_on", "-code", "pk")
    )
    grouped: dict[str, list[Audit]] = defaultdict(list)
    for audit in rows:
        grouped[audit.state].append(audit)
    order = (State.UNDER_WAY, State.PLANNED, State.CLOSED)
    return [(str(State(state).label), grouped[state]) for state in order if grouped[state]]


def programme(user: User) -> list[tuple[int, list[Audit]]]:
    """A person's audits by the year in which they start, the latest year first."""
    rows = visible(Audit, user).select_related("partnership").prefetch_related("sources").order_by("starts_on", "code")
    years: dict[int, list[Audit]] = defaultdict(list)
    for audit in rows:
        years[audit.starts_on.year].append(audit)
    return sorted(years.items(), reverse=True)


def next_date(audit: Audit, on: date) -> Milestone | None:
    """The next date of an audit from a day on."""
    ahead = [milestone for milestone in audit.milestones.all() if milestone.due_on >= on]
    return min(ahead, key=lambda milestone: (milestone.due_on, ORDER[milestone.kind]), default=None)


def source_rows(audit: Audit) -> list[tuple[str, str, str]]:
    """Each kind of source with its label and the evidence given for it, empty where it is no source."""
    given = {source.kind: source.evidence for source in audit.sources.all()}
    return [(kind, str(label), given.get(kind, "")) for kind, label in SourceKind.choices]


def tasks(user: User, on: date) -> list[Task]:
    """What planning leaves with a person: audits that they started and that nobody has decided yet."""
    planned = (
        visible(Audit, user)
        .filter(partnership__in=viewer_of(user).coordinates, state=State.PLANNED)
        .select_related("partnership")
        .order_by("starts_on", "code", "pk")
    )
    return [
        Task(
            title=f"Plan {audit.code}: {audit.title}",
            url=reverse("focus:show", args=[audit.pk]),
            due=audit.starts_on,
            note="Starts on this day, once it has been decided on.",
            partnership=audit.partnership.short_name,
            tag="Being planned",
            audit=audit.pk,
        )
        for audit in planned
    ]


def stage(audit: Audit) -> Stage:
    """How far the planning of an audit is."""
    url = reverse("focus:show", args=[audit.pk])
    if audit.state == State.PLANNED:
        return Stage("now", "being planned", "Finish planning and record who decided.", url, url)
    return Stage("done", f"decided {day_and_month(audit.decided_on)} by {audit.decided_by}", url=url)


def day_and_month(day: date | None) -> str:
    """A date as a stage shows it, such as 14 Sep."""
    return f"{day.day} {day:%b}" if day else ""


def obstacle(audit: Audit, by: User) -> str:
    """What still stands in the way of putting an audit under way, apart from the decision itself."""
    if audit.state != State.PLANNED:
        return ""
    stand_in = Audit(pk=audit.pk, tool_id=audit.tool_id, partnership_id=audit.partnership_id, state=audit.state)
    stand_in.decided_on, stand_in.decided_by = audit.starts_on, "a group"
    return BEGIN.why_not(State.PLANNED, by, stand_in)


def may_edit(audit: Audit, user: User) -> bool:
    """Whether a person may change the plan of an audit now."""
    return audit.state != State.CLOSED and allows(user, Can.EDIT_AUDIT, audit)


def facts(audit: Audit) -> dict[str, Any]:
    """The counts that the page of an audit's focus shows."""
    return {
        "sources": list(audit.sources.order_by("position", "pk")),
        "services": list(expected_services(audit)),
    }
