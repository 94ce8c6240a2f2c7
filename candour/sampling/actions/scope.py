"""What people do about who may be drawn: areas, filters, single children; and the council's own figures beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from candour.access.policy import Can, demand
from candour.kernel.errors import Refused
from candour.sampling import queries
from candour.sampling.flow import ListState, Reason
from candour.sampling.models import CaseList, Exclusion
from candour.trail.act import act, record

if TYPE_CHECKING:
    from candour.people.models import User


def open_list(case_list: CaseList, by: User) -> CaseList:
    """Hold a list's row, and refuse where who may be drawn from it cannot change any more."""
    demand(by, Can.FIX_LIST, case_list)
    case_list = CaseList.objects.select_for_update(of=("self",)).get(pk=case_list.pk)
    if case_list.state != ListState.KEPT:
        raise Refused("Keep the list first.")
    if queries.open_commitment(case_list.audit):
        raise Refused("The list is fixed. Withdraw that first, if it is to be changed.")
    return case_list


def changed(case_list: CaseList, *fields: str) -> CaseList:
    """Save what narrows a list under its next version, so that what was counted before counts no more."""
    case_list.version += 1
    case_list.save(update_fields=["version", *fields])
    return case_list


@act
def set_scope(
    *, case_list: CaseList, areas: Iterable[str], rules: Iterable[str], narrowing: Mapping[str, Any] | None = None,
    by: User, at: datetime,
) -> CaseList:  # fmt: skip
    """Say which service areas and children the audit looks at, and who is left out by rule."""
    case_list = open_list(case_list, by)
    chosen, left_out = set(areas), sorted(set(rules))
    case_list.areas_in = [code for code in case_list.areas if code in chosen]
    if not case_list.areas_in:
        raise Refused("Choose at least one service area.")
    case_list.narrowing = {
        name: value for name, value in (narrowing or {}).items() if value not in (None, "", [], False)
    }
    case_list.exclusions.exclude(rule="").exclude(rule__in=left_out).delete()
    for rule in left_out:
        facts: dict[str, Any] = {"partnership_id": case_list.partnership_id, "by": by, "at": at}
        Exclusion.objects.get_or_create(case_list=case_list, rule=rule, child=None, defaults=facts)
    detail = {"areas": case_list.areas_in, "left out": left_out, "filters": case_list.narrowing}
    record("say who may be drawn", on=case_list, by=by, at=at, detail=detail)
    return changed(case_list, "areas_in", "narrowing")


@act
def hold_count(*, case_list: CaseList, found: queries.Eligible, version: int, at: datetime) -> None:
    """Keep who may be drawn as it was counted, unless something has changed since; safe to do again."""
    held = CaseList.objects.select_for_update(of=("self",)).get(pk=case_list.pk)
    if held.version == version and held.state == ListState.KEPT:
        held.settled = {"version": version, "counts": found.as_json()}
        held.save(update_fields=["settled"])


@act
def say_figures(
    *, case_list: CaseList, attribute: str, figures: Mapping[str, tuple[int | None, str]], by: User, at: datetime
) -> CaseList:
    """Write the council's own figures beside the list's, each with the reason where the two differ."""
    demand(by, Can.FIX_LIST, case_list)
    case_list = CaseList.objects.select_for_update(of=("self",)).get(pk=case_list.pk)
    if case_list.state != ListState.KEPT:
        raise Refused("Keep the list first.")
    if queries.open_commitment(case_list.audit) or queries.standing_draw(case_list.audit):
        raise Refused("The list is fixed with these figures. Withdraw that first, if they are to be changed.")
    counts = queries.own_counts(case_list, attribute)
    said: dict[str, list[Any]] = {}
    for code, (figure, why) in figures.items():
        if code not in counts or figure is None:
            continue
        if figure != counts[code] and not why.strip():
            raise Refused("A figure of the council's own differs from the list: say why.")
        said[code] = [figure, why.strip()]
    if attribute == queries.WHOLE:
        figure, why = said.get(queries.WHOLE, [None, ""])
        case_list.own_figure, case_list.difference = figure, why
    else:
        case_list.own_figures = {**(case_list.own_figures or {}), attribute: said}
    case_list.save(update_fields=["own_figures", "own_figure", "difference"])
    record("say the council's own figures", on=case_list, by=by, at=at, detail={"of": attribute, "figures": len(said)})
    return case_list


@act
def exclude_child(*, case_list: CaseList, number: str, reason: str, by: User, at: datetime) -> Exclusion:
    """Leave one child out before the list is fixed, for a listed reason."""
    case_list = open_list(case_list, by)
    index = queries.index_of(case_list)
    wanted = number.strip()
    if index is None or wanted not in index.number:
        raise Refused("No child in the list has this number.")
    place = index.number.index(wanted)
    made, new = Exclusion.objects.get_or_create(
        case_list=case_list, child=place, rule="",
        defaults={"partnership_id": case_list.partnership_id, "reason": Reason(reason), "by": by, "at": at},
    )  # fmt: skip
    if not new:
        raise Refused("This child is left out already.")
    record("leave a child out", on=case_list, by=by, at=at, detail={"reason": made.reason})
    changed(case_list)
    return made


@act
def include_child(*, exclusion: Exclusion, by: User, at: datetime) -> None:
    """Take back that a child was left out."""
    case_list = open_list(exclusion.case_list, by)
    record("take a child back in", on=case_list, by=by, at=at, detail={"reason": exclusion.reason})
    exclusion.delete()
    changed(case_list)
