"""The coordinator's audits under way, each with its step and one figure, in one question to the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from candour.access.scope import visible
from candour.access.viewer import viewer_of
from candour.appraisal.flow import State as ReturnState
from candour.appraisal.models import Release, Return
from candour.discussion.flow import CaseState as Talk
from candour.discussion.flow import State as Meeting
from candour.discussion.models import CaseDiscussion, Discussion
from candour.focus.flow import CasesFrom, State
from candour.focus.models import Audit
from candour.involvement.flow import State as AskState
from candour.involvement.models import AskedCase, Involvement
from candour.involvement.queries import OWED
from candour.learning.flow import State as Paper
from candour.learning.models import Briefing
from candour.sampling.flow import CaseState
from candour.sampling.models import Case

if TYPE_CHECKING:
    from candour.people.models import User

LIVE = Q(case__state=CaseState.ACTIVE)
MOST = 12


@dataclass(frozen=True)
class UnderWay:
    """One audit under way: the step it is at, of seven, and how far that step is."""

    audit: Audit
    step: int
    figure: str


def _count(rows: Any, by: str = "audit") -> Any:
    counted = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _field(rows: Any, name: str) -> Any:
    return Subquery(rows.filter(audit=OuterRef("pk")).values(name)[:1])


def under_way(user: User) -> list[UnderWay]:
    """The audits under way in the partnerships that a person coordinates, the newest first."""
    mine = visible(Audit, user).filter(partnership__in=viewer_of(user).coordinates, state=State.UNDER_WAY)
    rows = mine.select_related("partnership").annotate(
        n_cases=_count(Case.objects.filter(state=CaseState.ACTIVE)),
        n_asked=_count(AskedCase.objects.filter(LIVE, ask__state=AskState.OPEN), "ask__audit"),
        n_answered=_count(Involvement.objects.filter(LIVE)),
        n_owed=_count(Involvement.objects.filter(LIVE & OWED)),
        n_submitted=_count(Return.objects.filter(LIVE, state=ReturnState.SUBMITTED)),
        is_released=Exists(Release.objects.filter(audit=OuterRef("pk"))),
        meeting=_field(Discussion.objects.all(), "state"),
        n_agreed=_count(CaseDiscussion.objects.filter(LIVE, state=Talk.AGREED), "discussion__audit"),
        paper=_field(Briefing.objects.all(), "state"),
    )
    return [UnderWay(audit, *_where(audit)) for audit in rows.order_by("-code", "pk")[:MOST]]


def _where(audit: Any) -> tuple[int, str]:
    if not audit.n_cases:
        return 2, "cases to be given" if audit.cases_from == CasesFrom.GIVEN else "cases to be drawn"
    cases = f"{audit.n_cases} case{'s' if audit.n_cases > 1 else ''}"
    if not audit.n_asked or audit.n_answered < audit.n_asked:
        answers = f"{audit.n_answered} of {audit.n_asked} answers" if audit.n_asked else "services to be asked"
        return 3, f"{cases} · {answers}"
    if not audit.is_released:
        return 4, f"{cases} · {audit.n_submitted} of {audit.n_owed} returns"
    if audit.meeting != Meeting.CLOSED:
        return 5, f"{audit.n_agreed} of {cases} agreed"
    if audit.paper != Paper.PUBLISHED:
        return 6, f"briefing {Paper(audit.paper).label}" if audit.paper else "learning to be gathered"
    return 7, "briefing published"
