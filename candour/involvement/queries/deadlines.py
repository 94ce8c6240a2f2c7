"""The days by which answers and returns are wanted, as people's calendars are to have them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from candour.focus import queries as focus
from candour.focus.flow import MilestoneKind
from candour.focus.flow import State as AuditState
from candour.involvement.flow import State
from candour.involvement.models import Ask, Closing
from candour.involvement.queries.rows import people_of
from candour.involvement.queries.work import ANSWERS, counts
from candour.notices.appointments import Deadline
from candour.people.models import Role

if TYPE_CHECKING:
    from candour.focus.models import Audit

RETURNS = "returns:"
"""How the key of the one deadline of an audit's returns begins."""


def answers_deadline(ask: Ask) -> dict[str, Any]:
    """What stands in a contact's calendar about an ask."""
    return {
        "key": f"{ANSWERS}{ask.pk}",
        "partnership": ask.partnership,
        "summary": f"{ask.partnership.short_name}: answers wanted, audit {ask.audit.code}",
        "on": ask.due_on,
    }


def returns_deadline(audit: Audit) -> dict[str, Any] | None:
    """What stands in an auditor's calendar about an audit; nothing where its timetable says no day."""
    due = focus.due_on(audit, MilestoneKind.RETURNS)
    if due is None:
        return None
    return {
        "key": f"{RETURNS}{audit.pk}",
        "partnership": audit.partnership,
        "summary": f"{audit.partnership.short_name}: returns wanted, audit {audit.code}",
        "on": due,
    }


def answers_due(keys: Iterable[str], on: date) -> list[Deadline]:
    """Of whom answers are still wanted by which day, for the asks behind these keys."""
    wanted = [key.removeprefix(ANSWERS) for key in keys]
    asks = list(Ask.objects.filter(pk__in=wanted).select_related("audit", "service").order_by("pk"))
    closed = set(Closing.objects.filter(audit__in={ask.audit_id for ask in asks}).values_list("audit_id", flat=True))
    contacts = people_of({ask.service for ask in asks}, Role.CONTACT, on)
    asked, answered, unnamed, screening = counts(asks)
    found = []
    for ask in asks:
        over = ask.audit.state != AuditState.UNDER_WAY or ask.audit_id in closed
        left = screening[ask.pk] or answered[ask.pk] < asked[ask.pk] or unnamed[ask.pk]
        people = tuple(contacts[ask.service_id]) if ask.state != State.WITHDRAWN else ()
        found.append(
            Deadline(
                f"{ANSWERS}{ask.pk}",
                None if over else ask.due_on,
                people=people if left else (),
                done=() if left else people,
            )
        )
    return found


def moved_asks(on: date) -> list[tuple[Ask, date]]:
    """The asks whose day the timetable has moved since they were sent, each with the day that it has now."""
    now = "audit__milestones__due_on"
    rows = Ask.objects.exclude(state=State.WITHDRAWN).filter(
        Q(**{f"{now}__gt": F("due_on")}) | Q(**{f"{now}__lt": F("due_on")}),
        audit__milestones__kind=MilestoneKind.INVOLVEMENT, audit__state=AuditState.UNDER_WAY,
        audit__asking_closed__isnull=True, **{f"{now}__gt": on},
    )  # fmt: skip
    asks = list(rows.order_by("pk"))
    days = focus.all_due({ask.audit_id for ask in asks}, MilestoneKind.INVOLVEMENT)
    return [(ask, days[ask.audit_id]) for ask in asks]
