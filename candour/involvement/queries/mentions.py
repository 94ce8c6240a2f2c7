"""Services that a screening or an answer names, and whether anybody has been asked because of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from candour.involvement.models import AskedCase, Involvement, Screening
from candour.sampling.flow import CaseState
from candour.sampling.models import Case

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.people.models import Service


@dataclass(frozen=True)
class Mention:
    """What one service said of others about one case."""

    case: Case
    by: Service
    said: str
    asked: list[str]


def mentions(audit: Audit) -> list[Mention]:
    """Every service named beside an answer or a screening, by case, with who was asked because of it."""
    here: dict[str, Any] = {"case__audit": audit, "case__state": CaseState.ACTIVE}
    rows = [row for model in (Screening, Involvement) for row in _naming(model, here)]
    if not rows:
        return []
    asked: dict[tuple[str, str], list[str]] = {}
    because = AskedCase.objects.filter(mentioned_by__isnull=False, **here).select_related("ask__service")
    for one in because.order_by("ask__service__name", "pk"):
        asked.setdefault((one.case_id, one.mentioned_by_id or ""), []).append(one.ask.service.name)
    rows.sort(key=lambda row: (row.case.number, row.service.name))
    return [Mention(row.case, row.service, row.others, asked.get((row.case_id, row.service_id), [])) for row in rows]


def _naming(model: Any, here: dict[str, Any]) -> list[Any]:
    """The rows that name somebody: the database cannot look into the text, but it can tell that there is some."""
    rows = model.objects.filter(**here).order_by("pk").values_list("pk", "others")
    naming = [pk for pk, others in rows if others]
    return list(model.objects.filter(pk__in=naming).select_related("case", "service")) if naming else []
