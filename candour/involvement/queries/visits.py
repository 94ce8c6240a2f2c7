"""Who was called in for a single case, by which link, and how far they have come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from candour.focus import queries as focus
from candour.focus.flow import MilestoneKind
from candour.involvement.models import Ask, Involvement, Known, Visit
from candour.involvement.queries.rows import answers_to, asked_cases
from candour.kernel.clock import today
from candour.kernel.codes import GUESSES
from candour.people.models import Grant, Role

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from candour.focus.models import Audit
    from candour.people.models import Partnership, User
    from candour.sampling.models import Case

_signer = Signer(salt="candour.visit", sep=".")
CODES = 20
"""So many codes one visit is given at most; with five guesses each, nobody guesses one."""


def link(visit: Visit) -> str:
    """The path of the link that opens a visit; a new number makes the old link worthless."""
    return reverse("involvement:come_in", args=[_signer.sign(f"{visit.pk}.{visit.link}")])


def visit_by(token: str) -> Visit | None:
    """The visit that a link belongs to, over or not; None for a link that is damaged or has been replaced."""
    try:
        pk, _, number = _signer.unsign(token).partition(".")
    except BadSignature:
        return None
    rows = Visit.objects.select_related("partnership", "audit", "case", "service", "user", "grant", "called_by")
    return rows.filter(pk=pk, link=int(number)).first()


def standing(visit: Visit) -> bool:
    """Whether a visit still opens its case: not ended, its role in force."""
    return visit.ended_at is None and Grant.objects.in_force(today()).filter(pk=visit.grant_id).exists()


def used_up(visit: Visit) -> bool:
    """Whether the code was typed wrongly so often that it is worth nothing."""
    return Visit.objects.filter(pk=visit.pk, wrong__gte=GUESSES).exists()


def way_in(user: User) -> str:
    """The link by which somebody comes back who has no other way in; empty for everybody else."""
    visit = Visit.objects.filter(user=user, ended_at__isnull=True).order_by("called_at", "pk").first()
    return link(visit) if visit else ""


def returns_due(audit: Audit) -> date | None:
    """The day by which returns are wanted."""
    return focus.due_on(audit, MilestoneKind.RETURNS)


def visits_of(ask: Ask) -> list[Visit]:
    """The people called in for single cases of an ask, newest first."""
    rows = Visit.objects.filter(audit=ask.audit_id, service=ask.service_id)
    return list(rows.select_related("case", "user", "called_by", "involvement").order_by("-called_at", "pk"))


def named_visits(partnership: Partnership) -> QuerySet[Visit]:
    """The visits in a partnership of which it is still kept who came."""
    rows = Visit.objects.filter(partnership=partnership).exclude(user__mail_to="")
    return rows.select_related("audit", "case").order_by("called_at", "pk")


def callable_cases(ask: Ask) -> list[Case]:
    """The cases for which somebody can be called in: asked about, and completed by nobody with an account."""
    answers = answers_to(ask)
    live = set(
        Visit.objects.filter(involvement__in=list(answers.values()), ended_at__isnull=True).values_list(
            "case", flat=True
        )
    )
    return [row.case for row in asked_cases(ask) if row.case_id not in live and _free(answers.get(row.case_id))]


def _free(answer: Involvement | None) -> bool:
    if answer is None:
        return True
    if answer.answer in (Known.NOT_KNOWN, Known.MORE_NEEDED) and not answer.return_wanted:
        return False
    return answer.auditor is None or answer.auditor.grants.filter(role=Role.ONCE).exists()
