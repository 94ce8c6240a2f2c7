"""What people decide when two lists are joined: which pairs are one child."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F

from candour.access.policy import Can, demand
from candour.kernel.errors import Refused
from candour.sampling import queries
from candour.sampling.actions.scope import open_list
from candour.sampling.flow import ListState
from candour.sampling.models import CaseList, Match
from candour.trail.act import act, record

if TYPE_CHECKING:
    from candour.people.models import User


def _kept(second: CaseList, by: User) -> CaseList:
    demand(by, Can.FIX_LIST, second)
    if second.state != ListState.KEPT or second.beside is None:
        raise Refused("Keep the second list first.")
    open_list(second.beside, by)
    return second


@act
def decide_sure(*, case_list: CaseList, by: User, at: datetime) -> int:
    """Say of all sure pairs together that each is one child."""
    second = _kept(case_list, by)
    sure = Match.objects.filter(second=second, sure=True, same__isnull=True)
    count = sure.update(same=True, decided_by=by, decided_at=at)
    if not count:
        raise Refused("There is no sure pair left to confirm.")
    return _decided(second, count, 0, by, at)


@act
def decide_pairs(*, case_list: CaseList, answers: Mapping[str, bool | None], by: User, at: datetime) -> int:
    """Say of single pairs whether each is one child; a decision taken back stands open again."""
    second = _kept(case_list, by)
    same = different = 0
    for row in Match.objects.select_for_update(of=("self",)).filter(second=second, pk__in=answers).order_by("pk"):
        row.same = answers[row.pk]
        row.decided_by, row.decided_at = (None, None) if row.same is None else (by, at)
        row.save(update_fields=["same", "decided_by", "decided_at"])
        same, different = same + (row.same is True), different + (row.same is False)
    return _decided(second, same, different, by, at)


def _decided(second: CaseList, same: int, different: int, by: User, at: datetime) -> int:
    CaseList.objects.filter(pk=second.beside_id).update(version=F("version") + 1)
    record("match two lists", on=second, by=by, at=at, detail={"same": same, "different": different})
    return same + different


@act
def show_pairs(*, case_list: CaseList, by: User, at: datetime) -> list[queries.ShownPair]:
    """Show names and birth dates of the next pairs to look at; on the record, pair by pair."""
    second = _kept(case_list, by)
    rows = list(queries.open_pairs(second))
    if not rows:
        raise Refused("There is no pair left to look at.")
    detail = {"purpose": "to match two lists", "pairs": [row.pk for row in rows]}
    record("show pairs of two lists", on=second, by=by, at=at, detail=detail, key=second.audit_id)
    return queries.shown_pairs(second, rows)
