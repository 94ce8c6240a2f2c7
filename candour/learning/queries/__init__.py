"""What learning can tell: passages and themes, the briefing, the library, how far an audit's learning is."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from candour.access.policy import Can, allows
from candour.access.viewer import viewer_of
from candour.discussion import queries as discussion
from candour.focus import queries as focus
from candour.focus.flow import MilestoneKind
from candour.focus.models import Audit
from candour.kernel.tasks import Stage, Task
from candour.learning.flow import State
from candour.learning.models import Briefing, Theme
from candour.learning.queries.library import (
    published,
    published_as,
    publishers,
    years,
)
from candour.learning.queries.onward import recommended
from candour.learning.queries.picking import (
    choices,
    domain_label,
    first_words,
    narrowed,
    passages,
    report,
    spread,
    theme_as_typed,
    themes,
    told,
    told_theme,
    told_themes,
)
from candour.learning.queries.writing import (
    NEVER_KEPT,
    agencies_for,
    any_kept,
    around_recommendation,
    asked,
    beside,
    briefing_of,
    changed_flags,
    chosen,
    clearance_address,
    cleared,
    count_words,
    crumbs,
    document,
    domains,
    drafted,
    earlier,
    editing,
    flag_of,
    flags_in_context,
    foot,
    latest,
    like,
    method,
    obstacle,
    period,
    place_label,
    proposal,
    recommendations,
    said_before,
    season,
    second_people,
    subjects_of,
    written,
)
from candour.people.models import Role, User

__all__ = [
    "NEVER_KEPT",
    "agencies_for",
    "any_kept",
    "around_recommendation",
    "asked",
    "beside",
    "briefing_of",
    "changed_flags",
    "choices",
    "chosen",
    "clearance_address",
    "cleared",
    "count_words",
    "crumbs",
    "document",
    "domain_label",
    "domains",
    "drafted",
    "earlier",
    "editing",
    "first_words",
    "flag_of",
    "flags_in_context",
    "foot",
    "latest",
    "like",
    "method",
    "narrowed",
    "obstacle",
    "passages",
    "period",
    "place_label",
    "proposal",
    "published",
    "published_as",
    "publishers",
    "recommendations",
    "recommended",
    "report",
    "said_before",
    "season",
    "second_people",
    "spread",
    "stage",
    "subjects_of",
    "tasks",
    "theme_as_typed",
    "themes",
    "told",
    "told_theme",
    "told_themes",
    "written",
    "years",
]  # fmt: skip


def stage(audit: Audit) -> Stage:
    """How far the learning of an audit is."""
    url = reverse("learning:show", args=[audit.pk])
    briefing = Briefing.objects.filter(audit=audit).only("state", "partnership").first()
    counted = Theme.objects.filter(audit=audit).count()
    due = focus.due_on(audit, MilestoneKind.BRIEFING)
    by = f"briefing by {due.day} {due:%b}" if due else "no briefing yet"
    if briefing and briefing.state in (State.PUBLISHED, State.WITHDRAWN):
        return Stage("done", f"briefing {State(briefing.state).label}", url=url)
    if briefing:
        return Stage("now", f"briefing {State(briefing.state).label}", NEXT[State(briefing.state)], url, url)
    if counted:
        figures = f"{counted} {'theme' if counted == 1 else 'themes'}, {by}"
        return Stage("now", figures, "Write the briefing from the themes.", url, url)
    if discussion.stage(audit).state == "done":
        return Stage("now", by, "Pick what recurs from the returns and the conclusions.", url, url)
    return Stage("todo", by, url=url)


NEXT = {
    State.DRAFT: "Finish the briefing, check it and hand it to the second person.",
    State.TO_CLEAR: "A second person reads the briefing and clears it.",
    State.CLEARED: "Publish the briefing.",
}


def tasks(user: User, on: date) -> list[Task]:
    """What learning leaves with a person: a briefing to write, to clear or to publish."""
    viewer = viewer_of(user)
    coordinated = viewer.partnerships_as(Role.COORDINATOR)
    clearing = viewer.partnerships_as(Role.SECOND, Role.COORDINATOR)
    rows = Audit.objects.filter(
        Q(partnership__in=coordinated, discussion__state="closed", briefing__isnull=True)
        | Q(partnership__in=coordinated, briefing__state__in=[State.DRAFT, State.CLEARED])
        | Q(partnership__in=clearing, briefing__state=State.TO_CLEAR)
    )
    rows = rows.select_related("partnership", "briefing").prefetch_related("milestones").order_by("code", "pk")
    return [task for audit in rows if (task := _task(user, audit))]


def _task(user: User, audit: Audit) -> Task | None:
    briefing = getattr(audit, "briefing", None)
    due = focus.due_on(audit, MilestoneKind.BRIEFING)
    said: dict[str, Any] = {"due": due, "partnership": audit.partnership.short_name, "audit": audit.pk}
    there = reverse("learning:show", args=[audit.pk])
    if briefing is None:
        return Task(f"{audit.code}: find the themes", there, note="The discussion is over.", **said)
    if briefing.state == State.TO_CLEAR:
        if not allows(user, Can.CLEAR_BRIEFING, briefing):
            return None
        url = reverse("learning:clearance", args=[briefing.pk])
        return Task(f"{audit.code}: read the briefing and clear it", url, tag="To clear", tone="amber", **said)
    if briefing.state == State.CLEARED:
        url = reverse("learning:briefing", args=[briefing.pk])
        return Task(f"{audit.code}: publish the briefing", url, tag="Cleared", tone="teal", **said)
    return Task(f"{audit.code}: finish the briefing", there, tag="Draft", **said)
