"""What people do in the first step: start an audit, plan it, decide on it, close it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from candour.access.policy import Can, demand
from candour.focus import queries
from candour.focus.flow import BEGIN, CLOSE, REOPEN, MilestoneKind, Pace, SourceKind, State
from candour.focus.models import Audit, CoreService, ExpectedService, Milestone, Source
from candour.kernel import vault
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.kernel.models import KeyKind
from candour.trail.act import act, record
from candour.trail.make import make

if TYPE_CHECKING:
    from candour.people.models import Partnership, Service, User
    from candour.tools.models import ToolVersion

QUESTION = (
    "code",
    "title",
    "summary",
    "who",
    "review_from",
    "review_to",
    "inclusion_rule",
    "lines",
    "cases_from",
)


@act
def open_audit(
    *,
    partnership: Partnership,
    code: str,
    title: str,
    who: str,
    review_from: date,
    review_to: date,
    starts_on: date,
    by: User | None,
    at: datetime,
    pace: str = Pace.ORDINARY,
    **question: Any,
) -> Audit:
    """Start an audit with the core services and a timetable proposed from its first day."""
    if by:
        demand(by, Can.START_AUDIT, partnership)
    audit = Audit(
        partnership=partnership,
        code=code,
        title=title,
        who=who,
        review_from=review_from,
        review_to=review_to,
        starts_on=starts_on,
        pace=pace,
        opened_by=by,
        opened_at=at,
        **question,
    )
    _check_question(audit)
    audit.save(force_insert=True)
    vault.make_key(audit.id, KeyKind.AUDIT, at)
    _expect(audit, queries.core_services(partnership))
    _set_dates(audit, dict(queries.proposed_timetable(starts_on, pace, partnership.pauses())))
    record("start audit", on=audit, by=by, at=at, detail={"code": code})
    return audit


@act
def edit_question(*, audit: Audit, by: User, at: datetime, **question: Any) -> Audit:
    """Change the practice question, the children it is about and what is asked of their records."""
    audit = _editable(audit, by)
    changed = [name for name in QUESTION if name in question and getattr(audit, name) != question[name]]
    for name in changed:
        setattr(audit, name, question[name])
    _check_question(audit)
    audit.save()
    if changed:
        record("edit audit", on=audit, by=by, at=at, detail={"changed": changed})
    return audit


@act
def set_sources(*, audit: Audit, evidence: Mapping[str, str], by: User, at: datetime) -> None:
    """Say what the focus was chosen on: a note of evidence for each source that there is."""
    audit = _editable(audit, by)
    for position, kind in enumerate(SourceKind.values):
        note = evidence.get(kind, "").strip()
        if note:
            fields = {"partnership": audit.partnership, "evidence": note, "position": position}
            Source.objects.update_or_create(audit=audit, kind=kind, defaults=fields)
        else:
            Source.objects.filter(audit=audit, kind=kind).delete()
    record(
        "set sources",
        on=audit,
        by=by,
        at=at,
        detail={"kinds": sorted(k for k, v in evidence.items() if v.strip())},
    )


@act
def set_services(*, audit: Audit, services: Iterable[Service], keep: bool, by: User, at: datetime) -> None:
    """Choose the services expected to take part and, where asked, keep them as the partnership's core set."""
    audit = _editable(audit, by)
    chosen = {service.pk for service in services}
    outside = chosen - {row.pk for _, rows in queries.services_by_agency(audit.partnership, today(at)) for row in rows}
    if outside:
        raise Refused("A service chosen here does not belong to this partnership.")
    audit.expected.exclude(service__in=chosen).delete()
    _expect(audit, chosen - set(audit.expected.values_list("service_id", flat=True)))
    if keep:
        _keep_core(audit.partnership, chosen)
    record("set services", on=audit, by=by, at=at, detail={"count": len(chosen), "kept as core": keep})


@act
def set_tool(*, audit: Audit, tool: ToolVersion, graded: bool, lawful_basis: str, by: User, at: datetime) -> None:
    """Choose the audit tool, whether it grades, and note the lawful basis; the tool stays once work has begun."""
    audit = _editable(audit, by)
    if audit.state != State.PLANNED and (audit.tool_id, audit.graded) != (tool.pk, graded):
        raise Refused("The audit is under way: its tool and whether it grades stay as they are.")
    audit.tool, audit.graded, audit.lawful_basis = tool, graded, lawful_basis
    audit.save()
    record("set tool", on=audit, by=by, at=at, detail={"tool": tool.pk, "graded": graded})


@act
def set_timetable(*, audit: Audit, dates: Mapping[str, date], by: User, at: datetime) -> None:
    """Fix the dates of an audit; they fall in the order of the steps."""
    audit = _editable(audit, by)
    in_order = [dates[kind] for kind in MilestoneKind.values if kind in dates]
    if in_order != sorted(in_order):
        raise Refused("The dates do not follow the order of the steps.")
    _set_dates(audit, dates)
    moved = {str(kind): day.isoformat() for kind, day in dates.items()}
    record("set timetable", on=audit, by=by, at=at, detail=moved)


@act
def propose_timetable(*, audit: Audit, starts_on: date, pace: str, by: User, at: datetime) -> None:
    """Work the dates out again from a first day and a pace."""
    audit = _editable(audit, by)
    audit.starts_on, audit.pace = starts_on, pace
    audit.save()
    _set_dates(audit, dict(queries.proposed_timetable(starts_on, pace, audit.partnership.pauses())))
    record("propose timetable", on=audit, by=by, at=at, detail={"from": starts_on.isoformat(), "pace": str(pace)})


@act
def set_reminders(
    *, audit: Audit, remind_on: Iterable[int], escalate_on: Iterable[int], by: User, at: datetime
) -> Audit:
    """Set on which working days around a due date people are reminded, and after it the agency's board member hears."""
    audit = _editable(audit, by)
    audit.remind_on, audit.escalate_on = sorted(set(remind_on)), sorted(set(escalate_on))
    if any(days < 1 for days in audit.escalate_on):
        raise Refused("A board member hears only after the due date.")
    audit.save(update_fields=["remind_on", "escalate_on"])
    detail = {"remind on": audit.remind_on, "escalate on": audit.escalate_on}
    record("set reminders", on=audit, by=by, at=at, detail=detail)
    return audit


@act
def pause_escalation(*, audit: Audit, paused: bool, by: User, at: datetime) -> Audit:
    """Hold back the messages to board members, or let them go again."""
    audit = _editable(audit, by)
    if bool(audit.escalation_paused_at) != paused:
        audit.escalation_paused_at = at if paused else None
        audit.save(update_fields=["escalation_paused_at"])
        record("paused escalation" if paused else "went on with escalation", on=audit, by=by, at=at)
    return audit


@act
def begin_audit(*, audit: Audit, decided_by: str, decided_on: date, by: User, at: datetime) -> Audit:
    """Record which group decided on the audit and when, and put it under way."""
    demand(by, Can.BEGIN_AUDIT, audit)
    if decided_on > today(at):
        raise Refused("The day of the decision lies in the future.")
    audit.decided_by, audit.decided_on = decided_by.strip(), decided_on
    audit.save(update_fields=["decided_by", "decided_on"])
    return make(BEGIN, audit, by=by, at=at, detail={"decided by": audit.decided_by})


@act
def close_audit(*, audit: Audit, by: User, at: datetime) -> Audit:
    """Close an audit: nothing more is expected of anybody."""
    demand(by, Can.CLOSE_AUDIT, audit)
    if audit.state == State.UNDER_WAY:
        audit.closed_at = at
        audit.save(update_fields=["closed_at"])
    closed = make(CLOSE, audit, by=by, at=at)
    for close in queries.closers():
        close(audit, by, at)
    return closed


@act
def reopen_audit(*, audit: Audit, by: User, at: datetime) -> Audit:
    """Open a closed audit again."""
    audit = make(REOPEN, audit, by=by, at=at)
    audit.closed_at = None
    audit.save(update_fields=["closed_at"])
    return audit


@act
def set_school_holidays(
    *, partnership: Partnership, holidays: list[tuple[date, date]], by: User, at: datetime
) -> Partnership:
    """Keep the school holidays, in which the days of a timetable do not count."""
    demand(by, Can.START_AUDIT, partnership)
    if any(last < first for first, last in holidays):
        raise Refused("A holiday ends before it begins.")
    partnership.school_holidays = [[first.isoformat(), last.isoformat()] for first, last in sorted(holidays)]
    partnership.save(update_fields=["school_holidays"])
    record("set school holidays", on=partnership, by=by, at=at, detail={"count": len(holidays)})
    return partnership


def _editable(audit: Audit, by: User) -> Audit:
    demand(by, Can.EDIT_AUDIT, audit)
    audit = Audit.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=audit.pk)
    if audit.state == State.CLOSED:
        raise Refused("The audit is closed. Open it again before you change it.")
    return audit


def _check_question(audit: Audit) -> None:
    if audit.review_to < audit.review_from:
        raise Refused("The review period ends before it begins.")
    others = Audit.objects.filter(partnership=audit.partnership, code=audit.code).exclude(pk=audit.pk)
    if others.exists():
        raise Refused(f"Another audit of this partnership already has the code {audit.code}.")


def _expect(audit: Audit, services: Iterable[str]) -> None:
    rows = (ExpectedService(partnership=audit.partnership, audit=audit, service_id=pk) for pk in sorted(services))
    ExpectedService.objects.bulk_create(rows)


def _keep_core(partnership: Partnership, services: set[str]) -> None:
    CoreService.objects.filter(partnership=partnership).exclude(service__in=services).delete()
    new = services - queries.core_services(partnership)
    CoreService.objects.bulk_create(CoreService(partnership=partnership, service_id=pk) for pk in sorted(new))


def _set_dates(audit: Audit, dates: Mapping[str, date]) -> None:
    for kind, day in dates.items():
        fields = {"partnership": audit.partnership, "due_on": day}
        Milestone.objects.update_or_create(audit=audit, kind=kind, defaults=fields)
