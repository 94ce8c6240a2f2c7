"""An audit's page: its cases with who knows them, and what is a service's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.urls import reverse

from candour.access.policy import Can, allows
from candour.access.rows import own_rows
from candour.access.scope import visible
from candour.access.viewer import viewer_of
from candour.appraisal.flow import State as ReturnState
from candour.appraisal.models import Return
from candour.involvement.flow import State as AskState
from candour.involvement.models import Ask, AskedCase, Involvement, Known
from candour.involvement.queries import OWED
from candour.people.models import Role
from candour.sampling.flow import CaseState
from candour.sampling.models import Case

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.people.models import User

RUNS = (Role.COORDINATOR, Role.SECOND, Role.CHAIR, Role.SCRUTINEER)


@dataclass(frozen=True)
class CaseLine:
    """One case of an audit in figures; no identity, and nothing that a return says."""

    case: Case
    known: int
    asked: int
    owed: int
    submitted: int
    notes: str

    @property
    def replaced(self) -> bool:
        """Whether another child has taken its place."""
        return self.case.state != CaseState.ACTIVE


def runs(user: User, audit: Audit) -> bool:
    """Whether a person takes part in running this audit, rather than answering in it or reading its results."""
    return audit.partnership_id in viewer_of(user).partnerships_as(*RUNS)


def reads_figures(user: User, audit: Audit) -> bool:
    """Whether the figures of all services are for this person, not only those of their own."""
    return audit.partnership_id in viewer_of(user).partnerships_as(*RUNS, Role.EXECUTIVE)


def _per_case(rows: Any, **counts: Any) -> dict[str, dict[str, int]]:
    return {row["case"]: row for row in rows.order_by().values("case").annotate(**counts)}


def case_lines(audit: Audit, user: User) -> list[CaseLine]:
    """The cases of an audit, by number, with who knows the child and what is owed."""
    cases = list(visible(Case, user).filter(audit=audit).exclude(state=CaseState.VOID).order_by("number", "pk"))
    asked = _per_case(AskedCase.objects.filter(ask__audit=audit, ask__state=AskState.OPEN), asked=Count("pk"))
    answers = _per_case(
        Involvement.objects.filter(audit=audit),
        answered=Count("pk"),
        known=Count("pk", filter=Q(answer=Known.KNOWN)),
        relative=Count("pk", filter=Q(answer=Known.RELATIVE)),
        owed=Count("pk", filter=OWED),
    )
    in_hand = _per_case(Return.objects.filter(audit=audit, state=ReturnState.SUBMITTED), submitted=Count("pk"))
    holders = {case.place_id: case for case in cases if case.state == CaseState.ACTIVE and case.place_id}
    former = {case.place_id: case for case in cases if case.state == CaseState.REPLACED and case.place_id}
    return [
        CaseLine(
            case,
            answers.get(case.pk, {}).get("known", 0),
            asked.get(case.pk, {}).get("asked", 0),
            answers.get(case.pk, {}).get("owed", 0),
            in_hand.get(case.pk, {}).get("submitted", 0),
            _notes(case, asked.get(case.pk, {}), answers.get(case.pk, {}), holders, former),
        )
        for case in cases
    ]


def _notes(case: Case, asked: dict[str, int], answers: dict[str, int], holders: Any, former: Any) -> str:
    if case.state == CaseState.REPLACED:
        taker = holders.get(case.place_id)
        instead = f"; {taker} took its place" if taker else ""
        return f"replaced: {case.get_reason_code_display().lower()}{instead}"
    notes = []
    if case.place_id in former:
        notes.append(f"in place of {former[case.place_id]}")
    if (waiting := asked.get("asked", 0) - answers.get("answered", 0)) > 0:
        notes.append(f"{waiting} still to answer")
    if relatives := answers.get("relative", 0):
        notes.append(f"{relatives} know{'s' if relatives == 1 else ''} only a relative")
    return "; ".join(notes)


@dataclass(frozen=True)
class OwnLine:
    """What one of a person's services has to do with an audit, and where its contact answers and names people."""

    ask: Ask
    asked: int
    answered: int
    owed: int
    submitted: int
    answers: str = ""
    naming: str = ""


def own_lines(audit: Audit, user: User) -> list[OwnLine]:
    """What is asked of a person's own services in an audit, and how much of it is done."""
    asks = list(
        Ask.objects.filter(own_rows(viewer_of(user)), audit=audit, state=AskState.OPEN)
        .select_related("service__agency")
        .order_by("service__agency__name", "service__name", "pk")
    )
    services = [ask.service_id for ask in asks]
    cases = {row["ask"]: row["n"] for row in _count(AskedCase.objects.filter(ask__in=asks), "ask")}
    mine = Involvement.objects.filter(audit=audit, service__in=services)
    answered = {row["service"]: row["n"] for row in _count(mine, "service")}
    owed = {row["service"]: row["n"] for row in _count(mine.filter(OWED), "service")}
    returns = Return.objects.filter(audit=audit, service__in=services, state=ReturnState.SUBMITTED)
    submitted = {row["service"]: row["n"] for row in _count(returns, "service")}
    return [
        OwnLine(
            ask,
            cases.get(ask.pk, 0),
            answered.get(ask.service_id, 0),
            owed.get(ask.service_id, 0),
            submitted.get(ask.service_id, 0),
            answers=reverse("involvement:answer", args=[ask.pk]) if allows(user, Can.ANSWER_ASK, ask) else "",
            naming=reverse("involvement:people", args=[ask.pk]) if allows(user, Can.NAME_AUDITOR, ask) else "",
        )
        for ask in asks
    ]


def _count(rows: Any, by: str) -> Any:
    return rows.order_by().values(by).annotate(n=Count("pk"))
