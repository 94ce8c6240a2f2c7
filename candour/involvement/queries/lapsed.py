"""Whoever is named for a return that is still to come, and holds the role for it no more: somebody else is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from candour.involvement.models import Involvement
from candour.involvement.queries.onward import given_returns
from candour.involvement.queries.rows import OWED
from candour.notices import absences
from candour.people.models import Grant, Role
from candour.sampling.flow import CaseState

if TYPE_CHECKING:
    from candour.involvement.models import Ask
    from candour.people.models import User


@dataclass(frozen=True)
class Lapsed:
    """Somebody who completes or checks a return by name alone."""

    answer: Involvement
    user: User
    role: Role
    left: bool

    @property
    def how(self) -> str:
        """What has become of them."""
        return "has left" if self.left else f"is no longer {self.role.label.lower()} here"

    @property
    def says(self) -> str:
        """Who they are, and what has become of them."""
        return f"{self.user} {self.how}"


def lapsed(asks: Iterable[Ask], on: date) -> list[Lapsed]:
    """Of the services asked, who is named to complete or to check a return and cannot do it; a one-off contributor,
    whose visit says how it stands, is none of them."""
    places = {(ask.audit_id, ask.service_id) for ask in asks}
    rows = Involvement.objects.filter(OWED, _without(Role.AUDITOR, on) | _without(Role.AUTHORISER, on))
    rows = rows.filter(audit__in={audit for audit, _ in places}, service__in={service for _, service in places})
    rows = rows.filter(case__state=CaseState.ACTIVE).select_related("audit", "case", "auditor", "authoriser")
    found = [row for row in rows.order_by("case__number", "pk") if (row.audit_id, row.service_id) in places]
    given = {pk for audit in {row.audit for row in found} for pk in given_returns(audit)}
    held = absences.duties_of({pk for row in found for pk in (row.auditor_id, row.authoriser_id) if pk}, on)
    return [
        Lapsed(row, user, role, left=not any(service == row.service_id for _, service in held[user.pk]))
        for row in found
        if row.pk not in given
        for user, role in ((row.auditor, Role.AUDITOR), (row.authoriser, Role.AUTHORISER))
        if user and not user.mail_to and (role, row.service_id) not in held[user.pk]
    ]


def _without(role: Role, on: date) -> Q:
    """Answers of which somebody is named for a role that they do not hold at the service."""
    holding: QuerySet[Grant] = Grant.objects.in_force(on).filter(
        Q(service=None) | Q(service=OuterRef("service")),
        user=OuterRef(role), user__is_active=True, role=role, agency=OuterRef("service__agency"),
    )  # fmt: skip
    return Q(**{f"{role}__isnull": False, f"{role}__mail_to": ""}) & ~Q(Exists(holding))
