"""What impact can tell: who does what by when, what became of it, and what changed over the years."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from candour.access.policy import Can, allows
from candour.access.scope import visible
from candour.access.viewer import viewer_of
from candour.focus import queries as focus
from candour.focus.flow import MilestoneKind
from candour.focus.models import Audit
from candour.impact.flow import ActionState, CheckState
from candour.impact.models import Action, Judgement, Progress, SenseCheck
from candour.kernel.ids import is_id
from candour.kernel.tasks import Stage, Task
from candour.learning import queries as learning
from candour.learning.models import Recommendation
from candour.people.models import Agency, Grant, Role, User

OPEN = (ActionState.OPEN, ActionState.UNDER_WAY)
TONES = {"open": "grey", "under-way": "blue", "done": "teal", "dropped": "grey"}


def address(action: Action) -> str:
    """Where an action is found."""
    return reverse("impact:action", args=[action.pk])


def people_of(agency: Agency, on: date) -> list[User]:
    """The people who hold a role in an agency: any of them can own its actions."""
    held = Grant.objects.in_force(on).filter(agency=agency).values("user")
    return list(User.objects.filter(pk__in=held, is_active=True).order_by("name", "pk"))


def actions(user: User) -> QuerySet[Action]:
    """The actions that a person may know of, the soonest first."""
    rows = visible(Action, user).select_related("recommendation__audit", "agency", "owner", "partnership")
    return rows.order_by("due_on", "agency__name", "pk")


def narrowed(rows: QuerySet[Action], narrow: dict[str, Any], user: User, on: date) -> QuerySet[Action]:
    """Actions of one agency, audit or state; only what is overdue, or only one's own."""
    for name, lookup in (("agency", "agency"), ("audit", "recommendation__audit")):
        if narrow.get(name):
            rows = rows.filter(**{lookup: narrow[name]})
    if narrow.get("state") == "overdue":
        rows = rows.filter(state__in=OPEN, due_on__lt=on)
    elif narrow.get("state") == "to-do":
        rows = rows.filter(state__in=OPEN)
    elif narrow.get("state"):
        rows = rows.filter(state=narrow["state"])
    return rows.filter(owner=user) if narrow.get("mine") else rows


def choices(user: User) -> dict[str, list[tuple[str, str]]]:
    """What a person's actions can be narrowed by."""
    rows = visible(Action, user).values_list("agency", "agency__name", "recommendation__audit__code",
                                             "recommendation__audit").distinct().order_by("agency__name")  # fmt: skip
    found = list(rows)
    audits = sorted({(pk, code) for _, _, code, pk in found}, key=lambda pair: pair[1], reverse=True)
    return {"agencies": list(dict.fromkeys((pk, name) for pk, name, _, _ in found)), "audits": audits}


@dataclass(frozen=True)
class Line:
    """One action as a list shows it."""

    action: Action
    late: bool

    @property
    def tone(self) -> str:
        return "amber" if self.late else TONES[self.action.state]

    @property
    def said(self) -> str:
        return "overdue" if self.late else self.action.get_state_display()


def lines(rows: Iterable[Action], on: date) -> list[Line]:
    """Actions with what is past its day marked so."""
    return [Line(row, row.state in OPEN and row.due_on < on) for row in rows]


def history(action: Action) -> QuerySet[Progress]:
    """What was reported on an action, the latest first."""
    return action.progress.select_related("by").order_by("-at", "pk")


def reported(action: Action) -> dict[str, str]:
    """What has been reported of an action, as its form shows it."""
    return {"evidence": action.evidence, "difference": action.difference}


def overdue(user: User, on: date) -> QuerySet[Action]:
    """Actions past their day, as far as a person may know of them."""
    return actions(user).filter(state__in=OPEN, due_on__lt=on)


@dataclass(frozen=True)
class Asked:
    """One cleared recommendation of an audit, what its agencies do about it, and how it was judged since."""

    recommendation: Recommendation
    lines: list[Line]
    judgements: list[Judgement] = field(default_factory=list)
    unasked: list[Agency] = field(default_factory=list)


def asked(audit: Audit, user: User, on: date) -> list[Asked]:
    """The recommendations of an audit with the actions that a person may know of."""
    mine: dict[str, list[Action]] = defaultdict(list)
    for action in actions(user).filter(recommendation__audit=audit):
        mine[action.recommendation_id].append(action)
    judged: dict[str, list[Judgement]] = defaultdict(list)
    rows = Judgement.objects.filter(recommendation__audit=audit, sense_check__in=visible(SenseCheck, user))
    for judgement in rows.select_related("sense_check").order_by("sense_check__due_on", "at", "pk"):
        judged[judgement.recommendation_id].append(judgement)
    told = []
    for row in learning.cleared(audit):
        have = {action.agency_id for action in mine[row.pk]}
        unasked = [agency for agency in row.agencies.all() if agency.pk not in have]
        told.append(Asked(row, lines(mine[row.pk], on), judged[row.pk], unasked))
    return told


def checks(user: User) -> QuerySet[SenseCheck]:
    """The sense checks that a person may know of, the latest first."""
    rows = visible(SenseCheck, user).select_related("follows", "audit", "partnership")
    return rows.order_by("-due_on", "pk")


def audit_followed_by(audit: Audit) -> Audit | None:
    """The audit whose recommendations this one tests, where it is a sense check."""
    check = SenseCheck.objects.filter(audit=audit).select_related("follows").first()
    return check.follows if check else None


def judging(check: SenseCheck) -> list[tuple[Recommendation, Judgement | None, str]]:
    """The recommendations that a sense check tests, each with its judgement and how far its actions are."""
    judged = {row.recommendation_id: row for row in check.judgements.order_by("pk")}
    rows = Recommendation.objects.filter(audit=check.follows_id).exclude(text="").prefetch_related("actions")
    return [(row, judged.get(row.pk), how_far(row.actions.all())) for row in rows.order_by("position", "pk")]


def how_far(rows: Iterable[Action]) -> str:
    """How many of a recommendation's actions are done."""
    found = [row for row in rows if row.state != ActionState.DROPPED]
    done = sum(row.state == ActionState.DONE for row in found)
    return f"{done} of {len(found)} {'action' if len(found) == 1 else 'actions'} done" if found else "no action set"


def tested(check: SenseCheck, pk: str) -> Recommendation | None:
    """One recommendation that this sense check tests."""
    return learning.cleared(check.follows).filter(pk=pk).first() if is_id(pk) else None


def judgement_of(check: SenseCheck, recommendation: Recommendation) -> Judgement | None:
    """How a sense check judged a recommendation, where it has."""
    return check.judgements.filter(recommendation=recommendation).first()


@dataclass(frozen=True)
class Said:
    """One earlier recommendation: what was asked, how far it came, how it was judged last, whether said again."""

    recommendation: Recommendation
    far: str
    verdict: Judgement | None
    again: list[str]

    @property
    def tone(self) -> str:
        return self.verdict.tone if self.verdict else "grey"


@dataclass(frozen=True)
class Year:
    """What was recommended after one audit, and what became of it."""

    audit: Audit
    said: list[Said]


def changed(user: User) -> QuerySet[Audit]:
    """The audits with cleared recommendations that a person may read about, the latest first."""
    told = Recommendation.objects.exclude(text="").values("audit")
    return visible(Audit, user).filter(pk__in=told).select_related("partnership").order_by("-starts_on", "-code", "pk")


def years(audits: Iterable[Audit]) -> list[Year]:
    """These audits with their recommendations and verdicts."""
    judgements = Judgement.objects.filter(sense_check__state=CheckState.CONCLUDED).order_by(
        "sense_check__due_on", "at", "pk"
    )
    rows = (
        Recommendation.objects.filter(audit__in=list(audits))
        .exclude(text="")
        .select_related("audit__partnership")
        .prefetch_related("actions", "echoed_by__audit", Prefetch("judgements", queryset=judgements))
        .order_by("position", "pk")
    )
    found: dict[str, list[Said]] = defaultdict(list)
    for row in rows:
        judged = list(row.judgements.all())
        again = sorted({echo.audit.code for echo in row.echoed_by.all() if echo.text})
        found[row.audit_id].append(Said(row, how_far(row.actions.all()), judged[-1] if judged else None, again))
    return [Year(audit, found[audit.pk]) for audit in audits]


def verdict_bars(user: User) -> list[tuple[str, int]]:
    """How often each verdict was the last word on a recommendation."""
    last: dict[str, str] = {}
    rows = Judgement.objects.filter(sense_check__in=visible(SenseCheck, user), sense_check__state=CheckState.CONCLUDED)
    for recommendation, verdict in rows.order_by("sense_check__due_on", "at", "pk").values_list(
        "recommendation", "verdict"
    ):
        last[recommendation] = verdict
    return [(str(v.label), sum(verdict == v for verdict in last.values())) for v in Judgement.Verdict] if last else []


def stage(audit: Audit) -> Stage:
    """How far the impact of an audit is."""
    url = reverse("impact:show", args=[audit.pk])
    states = list(Action.objects.filter(recommendation__audit=audit).values_list("state", flat=True).order_by("pk"))
    check = SenseCheck.objects.filter(follows=audit).order_by("-due_on", "pk").first()
    due = focus.due_on(audit, MilestoneKind.SENSE_CHECK)
    looked = f"sense check {due:%b %Y}" if due else ""
    if check and check.state == CheckState.CONCLUDED:
        return Stage("done", f"sense check concluded {check.concluded_at:%b %Y}", url=url)
    kept = [state for state in states if state != ActionState.DROPPED]
    if states:
        done = sum(state == ActionState.DONE for state in kept)
        figures = ", ".join(filter(None, [f"{done} of {len(kept)} actions done", looked]))
        return Stage("now", figures, "Follow up the actions, and look later whether they took.", url, url)
    if learning.cleared(audit).exists():
        return Stage("now", looked, "Ask each agency what it will do about the recommendations.", url, url)
    return Stage("todo", looked, url=url)


def tasks(user: User, on: date) -> list[Task]:
    """What impact leaves with a person: their actions, actions to be set, and sense checks that are due."""
    return [*_own(user, on), *_to_set(user), *_to_judge(user)]


def _own(user: User, on: date) -> list[Task]:
    rows = actions(user).filter(owner=user, state__in=OPEN)
    return [
        Task(
            f"{row.recommendation.audit.code}: {row}"[:140],
            address(row),
            due=row.due_on,
            note=str(row.agency),
            partnership=row.partnership.short_name,
            tag="Action",
            tone="amber" if row.due_on < on else "blue",
        )
        for row in rows
    ]


def _to_set(user: User) -> list[Task]:
    cleared = Recommendation.objects.exclude(text="").filter(actions__isnull=True, agencies__isnull=False)
    rows = Audit.objects.filter(partnership__in=viewer_of(user).coordinates, pk__in=cleared.values("audit"))
    note = "Cleared recommendations that no agency has been asked about yet."
    return [
        Task(
            f"{row.code}: ask the agencies to act",
            reverse("impact:show", args=[row.pk]),
            note=note,
            partnership=row.partnership.short_name,
            tag="To set",
        )
        for row in rows.select_related("partnership").order_by("code", "pk")
    ]


def _to_judge(user: User) -> list[Task]:
    homes = viewer_of(user).partnerships_as(Role.COORDINATOR, Role.SCRUTINEER)
    rows = SenseCheck.objects.filter(Q(partnership__in=homes) & ~Q(state=CheckState.CONCLUDED))
    return [
        Task(
            f"{row.follows.code}: sense check",
            reverse("impact:check", args=[row.pk]),
            due=row.due_on,
            partnership=row.partnership.short_name,
            tag=row.get_state_display().capitalize(),
        )
        for row in rows.select_related("follows", "partnership").order_by("due_on", "pk")
        if allows(user, Can.JUDGE_LEARNING, row)
    ]


def crumbs(audit: Audit | None, *names: str | SenseCheck) -> list[tuple[str, str]]:
    """The way to a page of impact."""
    rows = [] if audit is None else [("Audits", reverse("focus:audits")), (audit.code, audit.get_absolute_url())]
    for name in names:
        if isinstance(name, SenseCheck):
            rows.append(("Sense check", reverse("impact:check", args=[name.pk])))
        elif name == "show" and audit is not None:
            rows.append(("Impact", reverse("impact:show", args=[audit.pk])))
        else:
            rows.append(("Actions", reverse("impact:actions")))
    return rows


def visible_checks(audit: Audit, user: User) -> QuerySet[SenseCheck]:
    """The sense checks that follow an audit, as far as a person may know of them."""
    return checks(user).filter(follows=audit)


def of_action(action: Action, user: User, on: date) -> dict[str, Any]:
    """What the page of one action tells: how it stands, what was done so far, what this person may do with it."""
    return {"line": lines([action], on)[0], "history": history(action), "may": may(action, user)}


def may(action: Action, user: User) -> set[str]:
    """What a person may do with an action, for the page's forms."""
    wanted = {"set": Can.EDIT_ACTION, "report": Can.REPORT_ACTION}
    return {name for name, can in wanted.items() if action.state in OPEN and allows(user, can, action)}


def may_plan(audit: Audit, user: User, told: list[Asked], checks: Iterable[SenseCheck]) -> bool:
    """Whether a person may plan a sense check of this audit now: there is something to test, and none is under way."""
    going = any(check.state != CheckState.CONCLUDED for check in checks)
    return bool(told) and not going and allows(user, Can.JUDGE_LEARNING, audit)


def check_due(audit: Audit) -> date | None:
    """The day that the audit's timetable proposes for its sense check."""
    return focus.due_on(audit, MilestoneKind.SENSE_CHECK)


def judged(check: SenseCheck, recommendation: Recommendation) -> dict[str, Any]:
    """A judgement as its form shows it."""
    row = judgement_of(check, recommendation)
    return {name: getattr(row, name) for name in ("verdict", "evidence", "seen_in", "then")} if row else {}
