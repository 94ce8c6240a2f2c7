"""How far the drawing of an audit's cases is, and what it leaves with a person."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from candour.access.scope import visible
from candour.access.viewer import viewer_of
from candour.focus import queries as focus
from candour.focus.flow import CasesFrom, MilestoneKind
from candour.focus.flow import State as AuditState
from candour.focus.models import Audit
from candour.kernel.clock import local
from candour.kernel.tasks import Stage, Task
from candour.people.models import Role
from candour.sampling import draw
from candour.sampling.flow import CaseState, CommitmentState, ListState
from candour.sampling.models import Case, CaseList, Commitment
from candour.sampling.queries.chosen import cases
from candour.sampling.queries.drawn import counts, open_commitment, standing_draw
from candour.sampling.queries.lists import current_list
from candour.sampling.queries.witnesses import throw_tasks

if TYPE_CHECKING:
    from candour.people.models import User


def stage(audit: Audit) -> Stage:
    """How far the drawing of an audit's cases is."""
    url = reverse("sampling:show", args=[audit.pk])
    random = list(cases(audit).values_list("random", flat=True))
    if random:
        found = standing_draw(audit)
        if found is None:
            return Stage("done", f"{len(random)} cases, given to us", url=url)
        said = f"{sum(random)} of {sum(counts(found.commitment).values())} children, drawn at random"
        beside = "" if all(random) else "; one chosen for a reason"
        return Stage("done", said + beside, url=url)
    if audit.state == AuditState.PLANNED:
        return Stage("todo", "", url=url)
    if fixed := open_commitment(audit):
        total = sum(counts(fixed).values())
        if fixed.state == CommitmentState.PROPOSED:
            return Stage("now", f"{fixed.places} of {total}, to be confirmed", "A second person confirms the fixed list.",
                         url, url)  # fmt: skip
        return Stage("now", f"{fixed.places} of {total}, fixed", "Draw the cases.", url, url)
    case_list = current_list(audit)
    if case_list and case_list.state == ListState.KEPT:
        return Stage(
            "now", f"{case_list.children} children in the list", "Say how many cases, and fix the list.", url, url
        )
    if case_list:
        return Stage("now", "list being looked at", "Check what was understood of the list.", url, url)
    text = "Enter the cases given to you." if audit.cases_from == CasesFrom.GIVEN else "Give the case list."
    return Stage("now", "", text, url, url)


def tasks(user: User, on: date) -> list[Task]:
    """What the drawing of cases leaves with a person: a list to give or to look at, one to confirm, a draw to make."""
    found = _to_confirm(user) + throw_tasks(user) + _to_draw(user)
    mine = viewer_of(user).coordinates
    if not mine:
        return found
    with_cases = Case.objects.filter(state=CaseState.ACTIVE).values("audit")
    fixed = Commitment.objects.filter(state__in=[CommitmentState.PROPOSED, CommitmentState.CONFIRMED]).values("audit")
    audits = (
        visible(Audit, user)
        .filter(state=AuditState.UNDER_WAY, partnership__in=mine)
        .exclude(pk__in=with_cases)
        .exclude(pk__in=fixed)
        .select_related("partnership")
        .prefetch_related("milestones")
        .order_by("code", "pk")
    )
    in_hand = {row.audit_id: row for row in CaseList.objects.filter(audit__in=audits).in_hand().order_by("given_at", "pk")
               .only("audit", "state", "children")}  # fmt: skip
    return found + [_list_task(audit, in_hand.get(audit.pk)) for audit in audits]


def _list_task(audit: Audit, case_list: CaseList | None) -> Task:
    due = focus.due_on(audit, MilestoneKind.LIST)
    url, tag, where = reverse("sampling:show", args=[audit.pk]), audit.code, audit.partnership.short_name
    if audit.cases_from == CasesFrom.GIVEN:
        return Task(f"Enter the cases given to you for {audit.code}", url, due, audit.title, where, tag)
    if case_list is None:
        return Task(f"Give the case list for {audit.code}", url, due, audit.title, where, tag)
    if case_list.state == ListState.KEPT:
        return Task(f"Fix the list for {audit.code}", url, due, f"{case_list.children} children in it", where, tag)
    return Task(
        f"Look at the list for {audit.code}", url, due, "What was understood, before anything is kept", where, tag
    )


def _to_confirm(user: User) -> list[Task]:
    waiting = (
        visible(Commitment, user)
        .filter(
            state=CommitmentState.PROPOSED,
            partnership__in=viewer_of(user).partnerships_as(Role.SECOND, Role.COORDINATOR, Role.SCRUTINEER),
        )
        .exclude(fixed_by=user.pk)
        .select_related("audit__partnership", "fixed_by")
        .defer("cohort", "plan", "binding", "document")
        .order_by("audit__code", "pk")
    )
    return [
        Task(f"Confirm the fixed list of {fixed.audit.code}", reverse("sampling:fixed", args=[fixed.pk]), None,
             f"Fixed by {fixed.fixed_by}; it needs a second person.", fixed.audit.partnership.short_name,
             "Two minutes", "amber")
        for fixed in waiting
    ]  # fmt: skip


def _to_draw(user: User) -> list[Task]:
    ready = (
        visible(Commitment, user)
        .filter(state=CommitmentState.CONFIRMED, partnership__in=viewer_of(user).coordinates)
        .select_related("audit__partnership")
        .prefetch_related("audit__milestones")
        .defer("cohort", "plan", "binding", "document")
        .order_by("audit__code", "pk")
    )
    return [
        Task(f"Draw the cases of {fixed.audit.code}", reverse("sampling:fixed", args=[fixed.pk]),
             focus.due_on(fixed.audit, MilestoneKind.LIST), _when(fixed),
             fixed.audit.partnership.short_name, fixed.audit.code)
        for fixed in ready
    ]  # fmt: skip


def _when(fixed: Commitment) -> str:
    if fixed.beacon_round is None:
        return f"Dice, thrown by {fixed.thrown_by}, {fixed.thrown_when}"
    return f"The public random number comes out at {said_time(draw.round_time(fixed.beacon_round))}."


def said_time(at: datetime) -> str:
    """An instant as a sentence says it, in London's time."""

    wall = local(at)
    return f"{wall:%H:%M} on {wall.day} {wall:%B %Y}"
