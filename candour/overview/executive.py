"""One page for the executive: figures and cleared words only; no identity, and nothing that a return says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, OuterRef, Q, Subquery

from candour.access.viewer import viewer_of
from candour.appraisal.flow import State as ReturnState
from candour.focus.flow import MilestoneKind, State
from candour.focus.models import Audit, Milestone
from candour.impact.flow import ActionState, CheckState
from candour.impact.models import Action, Judgement, SenseCheck
from candour.involvement.models import Involvement
from candour.involvement.queries import OWED
from candour.learning.models import Publication, Recommendation
from candour.people.models import Role
from candour.sampling.flow import CaseState

if TYPE_CHECKING:
    from candour.people.models import User

OPEN = (ActionState.OPEN, ActionState.UNDER_WAY)
YEAR = timedelta(days=365)
SOON = timedelta(days=90)


@dataclass(frozen=True)
class Said:
    """Something that the executive should have read: a sentence, where it comes from, and when."""

    text: str
    source: str
    on: date


@dataclass(frozen=True)
class Wanted:
    """A decision that waits for the executive, and by when."""

    text: str
    by: date | None


@dataclass(frozen=True)
class Missing:
    """How many returns an agency still owes in an audit; what is not due yet is not late."""

    audit: Audit
    agency: str
    owed: int
    missing: int
    due_on: date | None


@dataclass(frozen=True)
class Changed:
    """What a sense check found about an audit's recommendations."""

    check: SenseCheck
    verdicts: dict[str, int]

    @property
    def rows(self) -> list[tuple[str, int]]:
        """The verdicts in their order, for a chart."""
        return [(str(label), self.verdicts.get(value, 0)) for value, label in Judgement.Verdict.choices]


def scope(user: User) -> frozenset[str]:
    """The partnerships whose executive page a person may read."""
    return viewer_of(user).partnerships_as(Role.EXECUTIVE, Role.COORDINATOR)


def concluded(ids: frozenset[str]) -> list[SenseCheck]:
    """The newest sense checks that came to an end."""
    checks = SenseCheck.objects.filter(partnership__in=ids, state=CheckState.CONCLUDED, concluded_at__isnull=False)
    return list(checks.select_related("follows").order_by("-concluded_at", "pk")[:5])


def audits(ids: frozenset[str]) -> dict[str, Any]:
    """The audits being planned or under way, by id, each with the day on which its returns are due."""
    returns = Milestone.objects.filter(audit=OuterRef("pk"), kind=MilestoneKind.RETURNS)
    rows = Audit.objects.filter(partnership__in=ids, state__in=(State.PLANNED, State.UNDER_WAY))
    rows = rows.annotate(returns_due=Subquery(returns.values("due_on")[:1])).order_by("starts_on", "code", "pk")
    return {audit.pk: audit for audit in rows}


def messages(ids: frozenset[str], checks: list[SenseCheck], on: date) -> list[Said]:
    """The three newest messages: what sense checks of the last year concluded, and what briefings said."""
    papers = Publication.objects.filter(partnership__in=ids, withdrawn_at__isnull=True).order_by("-published_at", "pk")
    said = [
        Said(check.message, f"Sense check of {check.follows}", check.concluded_at.date())
        for check in checks
        if check.message and check.concluded_at and check.concluded_at.date() >= on - YEAR
    ]
    said += [Said(p.summary or p.title, f"Briefing: {p.title}", p.published_at.date()) for p in papers.defer("pdf")[:3]]
    return sorted(said, key=lambda one: one.on, reverse=True)[:3]


def decisions(ids: frozenset[str], under: dict[str, Any], on: date) -> list[Wanted]:
    """What waits for somebody with authority: audits to decide on, actions without owner, recommendations without any."""
    wanted = [
        Wanted(f"Decide on audit {audit}", audit.starts_on)
        for audit in under.values()
        if audit.state == State.PLANNED and audit.starts_on <= on + SOON
    ]
    ownerless = Action.objects.filter(partnership__in=ids, state__in=OPEN, owner__isnull=True).order_by()
    for row in ownerless.values("agency__name").annotate(n=Count("pk")).order_by("agency__name"):
        wanted.append(Wanted(f"Name who leads {_some(row['n'], 'action')} of {row['agency__name']}", None))
    bare = Recommendation.objects.filter(partnership__in=ids, actions__isnull=True).exclude(text="")
    counted = bare.order_by().values("audit__code", "audit__title").annotate(n=Count("pk")).order_by("audit__code")
    for one in counted:
        about = f"{one['audit__code']} {one['audit__title']}"
        wanted.append(Wanted(f"Accept {_some(one['n'], 'recommendation')} of {about}, and say who acts on it", None))
    return wanted


def _some(count: int, noun: str) -> str:
    return f"one {noun}" if count == 1 else f"{count} {noun}s"


def missing(ids: frozenset[str], under: dict[str, Any]) -> list[Missing]:
    """Returns still owed in audits under way, agency by agency."""
    owed = Involvement.objects.filter(
        OWED,
        partnership__in=ids,
        audit__state=State.UNDER_WAY,
        case__state=CaseState.ACTIVE,
    )
    rows = (
        owed.order_by()
        .values("audit", "service__agency__name")
        .annotate(owed=Count("pk"), submitted=Count("pk", filter=Q(ret__state=ReturnState.SUBMITTED)))
        .filter(submitted__lt=F("owed"))
        .order_by("audit__code", "service__agency__name")
    )
    return [
        Missing(
            under[row["audit"]],
            row["service__agency__name"],
            row["owed"],
            row["owed"] - row["submitted"],
            under[row["audit"]].returns_due,
        )
        for row in rows
    ]


def overdue(ids: frozenset[str], on: date) -> list[Action]:
    """Actions past their day, the longest first."""
    late = Action.objects.filter(partnership__in=ids, state__in=OPEN, due_on__lt=on)
    return list(late.select_related("agency", "owner", "recommendation__audit").order_by("due_on", "pk"))


def changed(checks: list[SenseCheck]) -> list[Changed]:
    """What sense checks found, the newest first."""
    rows = Judgement.objects.filter(sense_check__in=checks).order_by().values("sense_check", "verdict")
    counts: dict[str, dict[str, int]] = {}
    for row in rows.annotate(n=Count("pk")):
        counts.setdefault(row["sense_check"], {})[row["verdict"]] = row["n"]
    return [Changed(check, counts.get(check.pk, {})) for check in checks]


def figures(user: User, on: date) -> dict[str, Any]:
    """Everything on the page."""
    ids = scope(user)
    checks, under = concluded(ids), audits(ids)
    return {
        "on": on,
        "messages_said": messages(ids, checks, on),
        "decisions": decisions(ids, under, on),
        "missing": missing(ids, under),
        "overdue": overdue(ids, on),
        "changed": changed(checks),
    }
