"""The family's part in an audit: what was decided, what was said, and who is to hear of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from candour.access.policy import Can, allows
from candour.access.scope import visible
from candour.access.viewer import viewer_of
from candour.families.models import Choice, Decision, Link, View, Whose
from candour.focus.models import Audit
from candour.kernel.clock import add_working_days, today
from candour.kernel.tasks import Task
from candour.people.models import Role, Service, User
from candour.sampling.models import Case
from candour.tools import queries as tools
from candour.tools.document import Question
from candour.tools.models import ToolVersion

TELL_WITHIN = 20
"""Working days after the audit's end within which those who were asked hear what changed."""
WHOSE = {"views-child": Whose.CHILD, "views-parent": Whose.PARENT, "views-practitioner": Whose.PRACTITIONER}
_door, _inside = Signer(salt="candour.questions", sep="."), Signer(salt="candour.questions.inside", sep=".")
STAFF = (Role.COORDINATOR, Role.CHAIR, Role.SCRUTINEER)


@dataclass(frozen=True)
class Family:
    """What one person may know of a family's part in the audit."""

    decision: Decision | None
    reads_why: bool
    views: list[View]
    links: list[Link]
    """Handed over and not answered yet, run out or not."""


def family(case: Case, user: User) -> Family:
    """The decision on a case, and the views of it that a person may read."""
    decision = Decision.objects.select_related("by").filter(case=case).first()
    rows = visible(View, user).filter(case=case, withdrawn_at__isnull=True).select_related("service", "written_by")
    staff = case.partnership_id in viewer_of(user).partnerships_as(*STAFF)
    links = visible(Link, user).filter(case=case, view__isnull=True, ended_at__isnull=True)
    links = links.select_related("questionnaire").order_by("made_at", "pk")
    return Family(decision, staff, list(rows.order_by("gathered_on", "pk")), list(links))


def services_for(user: User, case: Case) -> list[Service]:
    """The services for which a person may write a view down; none for the coordinator alone."""
    served = viewer_of(user).served(Role.CONTACT, Role.AUDITOR).get(case.partnership_id, frozenset())
    return list(Service.objects.filter(pk__in=served).order_by("name", "pk"))


def questionnaires(case: Case) -> dict[str, ToolVersion]:
    """The short voluntary questionnaires that can be gone through with somebody, by their code."""
    return tools.questionnaires(case.partnership)


def asked_by(version: ToolVersion | None) -> tuple[Question, ...]:
    """What a questionnaire asks; nothing where somebody speaks freely."""
    return tools.document_of(version.pk).questions() if version else ()


def address(link: Link) -> str:
    """The path of a link; it tells whoever finds it neither a case nor a name."""
    return reverse("families:questions", args=[_door.sign(link.pk)])


def link_by(token: str) -> Link | None:
    """The link with this address, open or not; None for one that is damaged."""
    rows = Link.objects.select_related("partnership", "case__audit", "questionnaire__tool", "made_by")
    return rows.filter(pk=_unsigned(_door, token)).first()


def inside(link: Link) -> str:
    """What the page of questions sends along, so that the code is typed once."""
    return _inside.sign(link.pk)


def is_inside(link: Link, sent: str) -> bool:
    """Whether the right code was typed before these answers were sent."""
    return _unsigned(_inside, sent) == link.pk


def _unsigned(signer: Signer, sent: str) -> str:
    try:
        return signer.unsign(sent)
    except BadSignature:
        return ""


def is_open(link: Link, on: date) -> bool:
    """Whether a link may be answered: its time has not run out, the audit is not over, and the family is still asked."""
    case = link.case
    if link.view_id or link.ended_at or on > link.until or case.state != "active" or case.audit.closed_at:
        return False
    return link.whose == Whose.PRACTITIONER or Decision.objects.filter(case=case, choice=Choice.ASKED).exists()


def page_of(case_id: str) -> str:
    """The path of the family's page."""
    return reverse("families:show", args=[case_id])


def given(case: Case) -> "QuerySet[View]":
    """The views given on a case that have not been taken back."""
    return (
        View.objects.filter(case=case, withdrawn_at__isnull=True)
        .select_related("service")
        .order_by("gathered_on", "pk")
    )


def words_of(case: Case) -> list[tuple[str, str]]:
    """For the discussion: whose words, and the words."""
    return [(f"{one.get_whose_display()} said", one.words) for one in given(case) if one.words]


def quotable(audit: Audit) -> list[View]:
    """For whoever writes the briefing: the views that may be quoted, by leave of those who gave them."""
    rows = View.objects.filter(case__audit=audit, case__state="active", may_quote=True, withdrawn_at__isnull=True)
    return list(rows.select_related("case").order_by("case__number", "gathered_on", "pk"))


def case_links(case: Case, user: User) -> list[tuple[str, str]]:
    """The family's part, for those who decide on it, gather it or read it."""
    may = allows(user, Can.SEE_FAMILY, case)
    return [("The family’s part, and views given", reverse("families:show", args=[case.pk]))] if may else []


def tasks(user: User, on: date) -> list[Task]:
    """For the coordinator: families on whom nothing is decided, and people who wait to hear what changed."""
    coordinated = viewer_of(user).coordinates
    if not coordinated:
        return []
    audits = Audit.objects.filter(partnership__in=coordinated).select_related("partnership").order_by("code", "pk")
    return [*_undecided(audits), *_untold(audits)]


def _undecided(audits: "QuerySet[Audit]") -> Iterable[Task]:
    open_cases = Case.objects.filter(audit=OuterRef("pk"), state="active", subject__isnull=False)
    waiting = open_cases.filter(family_decision__isnull=True)
    for audit in audits.filter(Exists(waiting), state="under-way"):
        yield Task(
            f"Decide whether each family is told: {audit.code}",
            reverse("families:audit", args=[audit.pk]),
            note="Asked, not safe, or why not; with social care.",
            partnership=str(audit.partnership),
        )


def _untold(audits: "QuerySet[Audit]") -> Iterable[Task]:
    waiting = View.objects.filter(case__audit=OuterRef("pk"), withdrawn_at__isnull=True, told_on__isnull=True)
    for audit in audits.filter(Exists(waiting), closed_at__isnull=False):
        yield Task(
            f"Tell those who gave their views what changed: {audit.code}",
            reverse("families:audit", args=[audit.pk]),
            due=add_working_days(today(audit.closed_at), TELL_WITHIN),
            note="By the person who asked them.",
            partnership=str(audit.partnership),
        )


@dataclass(frozen=True)
class Line:
    """One case of the audit's page: the decision, how many views, how many of those have heard what changed."""

    case: Case
    decision: Decision | None
    views: int
    told: int


def lines(audit: Audit) -> list[Line]:
    """Every case of an audit with its family's part."""
    cases = Case.objects.filter(audit=audit, state="active").order_by("number", "pk")
    decided: dict[Any, Decision] = {row.case_id: row for row in Decision.objects.filter(case__audit=audit)}
    rows = list(View.objects.filter(case__audit=audit, withdrawn_at__isnull=True).values_list("case_id", "told_on"))
    return [
        Line(
            case,
            decided.get(case.pk),
            sum(owner == case.pk for owner, _ in rows),
            sum(owner == case.pk and bool(told) for owner, told in rows),
        )
        for case in cases
    ]
