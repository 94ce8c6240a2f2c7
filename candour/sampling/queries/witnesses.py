"""Who throws dice for a fixed list, and what they threw once all of them have."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from candour.access.viewer import viewer_of
from candour.kernel.tasks import Task
from candour.people.models import Grant, Role
from candour.sampling import draw
from candour.sampling.flow import CommitmentState
from candour.sampling.models import Commitment, Throw

if TYPE_CHECKING:
    from candour.people.models import Partnership, User

WITNESSES = (Role.CHAIR, Role.SCRUTINEER, Role.EXECUTIVE, Role.SECOND, Role.COORDINATOR)


def possible_witnesses(partnership: Partnership, day: date) -> dict[str, str]:
    """Those of a partnership who can be named as witnesses, by name."""
    rows = Grant.objects.in_force(day).filter(partnership=partnership, role__in=WITNESSES, user__is_active=True)
    return {row.user_id: str(row.user) for row in rows.select_related("user").order_by("user__name", "user_id")}


def throws_of(fixed: Commitment) -> list[Throw]:
    """The throws of a fixed list in their turns; none where one person types the whole number."""
    return list(fixed.throws.select_related("witness").order_by("number"))


def thrown(throws: list[Throw]) -> str:
    """The public random number that witnesses threw, once every one of them has; until then nothing."""
    done = throws and all(throw.thrown_at for throw in throws)
    return f"{draw.DICE}:{''.join(throw.digits for throw in throws)}" if done else ""


def throw_tasks(user: User) -> list[Task]:
    """The dice that a named witness has to throw."""
    if not viewer_of(user).partnerships_as(*WITNESSES):
        return []
    rows = Throw.objects.filter(witness=user, thrown_at=None, commitment__state=CommitmentState.CONFIRMED)
    return [
        Task(f"Throw dice for {row.commitment.audit.code}", reverse("sampling:throw", args=[row.pk]), None,
             f"You are a named witness: {row.dice} ten-sided dice, {row.commitment.thrown_when}.",
             str(row.commitment.audit.partnership), "Witness")
        for row in rows.select_related("commitment__audit__partnership").order_by("commitment__fixed_at", "pk")
    ]  # fmt: skip
