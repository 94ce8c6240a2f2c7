"""Fixed lists and draws, and what the sample looks like beside the list."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from candour.kernel.errors import Refused
from candour.sampling import draw
from candour.sampling.flow import CaseState, CommitmentState, DrawState
from candour.sampling.models import Case, Commitment, Draw
from candour.sampling.queries.index import ATTRIBUTES, Index, area_names, index_of, values_of
from candour.sampling.queries.narrowing import names_for

if TYPE_CHECKING:
    from candour.focus.models import Audit


def open_commitment(audit: Audit) -> Commitment | None:
    """The fixed list that waits for the second person or for the draw."""
    waiting = [CommitmentState.PROPOSED, CommitmentState.CONFIRMED]
    return Commitment.objects.filter(audit=audit, state__in=waiting).select_related("fixed_by", "confirmed_by").first()


def standing_draw(audit: Audit) -> Draw | None:
    """The draw of an audit that stands."""
    return Draw.objects.filter(audit=audit, state=DrawState.STANDS).select_related("commitment", "drawn_by").first()


def voided_draws(audit: Audit) -> QuerySet[Draw]:
    """The draws of an audit that were voided; they stay on the record."""
    return Draw.objects.filter(audit=audit, state=DrawState.VOID).select_related("voided_by").order_by("drawn_at", "pk")


def counts(commitment: Commitment) -> dict[str, int]:
    """How many children each group of a fixed list has."""
    found: dict[str, int] = json.loads(commitment.document)["counts"]
    return found


def groups(commitment: Commitment) -> list[tuple[str, int, int]]:
    """The groups of a fixed list as the page shows them: name, children, places."""
    sizes = counts(commitment)
    plan = draw.read_plan(commitment.plan.encode())
    return [(commitment.strata.get(g.stratum, g.stratum), sizes[g.stratum], g.places) for g in plan]


def reserves_left(found: Draw, drawn: Iterable[Case] | None = None) -> dict[str, list[str]]:
    """The refs of each group that wait in line, in their order."""
    used = {case.ref for case in (Case.objects.filter(place__draw=found) if drawn is None else drawn)}
    left: dict[str, list[str]] = {}
    for line in found.result.splitlines():
        stratum, _, _, ref = line.split("\t")
        if ref not in used:
            left.setdefault(stratum, []).append(ref)
    return left


@dataclass(frozen=True)
class DrawnRow:
    """One line of the result's table."""

    group: str
    place: str
    case: Case | None
    order_number: str
    since: str


def drawn_rows(found: Draw) -> list[DrawnRow]:
    """The result in the order drawn: who holds each place and who held it, and the next reserve of each group."""
    names = found.commitment.strata
    rows = []
    cases_drawn = list(
        Case.objects.filter(place__draw=found).select_related("place").order_by("stratum", "place__number", "number")
    )
    for case in cases_drawn:
        since = case.get_reason_code_display() if case.state == CaseState.REPLACED else ""
        rows.append(DrawnRow(names.get(case.stratum, case.stratum), str(case.place.number if case.place else ""), case,
                             order_number(found, case.ref), since))  # fmt: skip
    for stratum, refs in sorted(reserves_left(found, cases_drawn).items()):
        rows.append(
            DrawnRow(names.get(stratum, stratum), "reserve", None, order_number(found, refs[0]), "Next in line")
        )
    return rows


def order_number(found: Draw, ref: str) -> str:
    """The first digits of the number that put a ref where it stands."""
    return f"0.{draw.ticket(found.key, ref)[:8]}…"


def figures(found: Draw) -> list[draw.Figure]:
    """The sample as it stands now held against the list it was drawn from, while the list's index is there.

    Only cases that hold a place count: those chosen for a reason stand in no figure, and whoever was replaced has left.
    """
    active = Case.objects.filter(place__draw=found, state=CaseState.ACTIVE).order_by("ref")
    index = index_of(found.commitment.case_list)
    if index is None or not found.commitment.refs:
        return []
    place_of = _places(found.commitment)
    drawn: dict[str, list[int]] = {}
    for ref, stratum in active.values_list("ref", "stratum"):
        drawn.setdefault(stratum, []).append(place_of[ref])
    return _figures(found.commitment, index, drawn)


def _places(commitment: Commitment) -> dict[str, int]:
    return dict(json.loads(gzip.decompress(commitment.refs)))


def _figures(commitment: Commitment, index: Index, drawn: Mapping[str, Sequence[int]]) -> list[draw.Figure]:
    if not commitment.listed:
        return []
    made = []
    for attribute, name in ATTRIBUTES.items():
        values, labels = values_of(index, attribute), names_for(commitment.case_list, attribute)
        sides = [
            (_labelled(listed, labels), [labels.get(values[place], values[place]) for place in drawn.get(stratum, [])])
            for stratum, listed in commitment.listed[attribute].items()
        ]
        if figure := draw.compare(name, sides, list(labels.values())):
            made.append(figure)
    return made


@dataclass(frozen=True)
class Drawing:
    """A draw worked out before it is written down: the order of every group, and what the sample looks like."""

    orders: list[draw.Order]
    source: draw.Source
    key: str
    result: str
    areas: dict[str, str]  # of the refs that have a place
    figures: list[draw.Figure]


def drawing(commitment: Commitment, source: str) -> Drawing:
    """Work out a draw from a fixed list and a public random number; writes nothing."""
    try:
        outside = draw.read_source(source)
        cohort, plan = commitment.cohort.encode(), commitment.plan.encode()
        orders = draw.draw(cohort, plan, outside.text)
    except draw.Unfit as unfit:
        raise Refused(str(unfit)) from unfit
    key, result = draw.key_of(cohort, plan, outside.text), draw.write_result(orders).decode()
    index = index_of(commitment.case_list)
    if index is None or not commitment.refs:
        return Drawing(orders, outside, key, result, {}, [])
    place_of, names = _places(commitment), area_names(commitment.case_list)
    drawn = {order.stratum: [place_of[ref] for ref in order.sample] for order in orders}
    area_of = {ref: index.area[place_of[ref]] for order in orders for ref in order.sample}
    areas = {ref: names.get(code, code) for ref, code in area_of.items()}
    return Drawing(orders, outside, key, result, areas, _figures(commitment, index, drawn))


def _labelled(counts: dict[str, int], labels: dict[str, str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for code, count in counts.items():
        found[labels.get(code, code)] += count
    return found


def receipt(found: Draw) -> bytes:
    """The receipt by which anybody can run a draw again."""
    fixed = found.commitment
    return draw.write_receipt(
        cohort=fixed.cohort.encode(), plan=fixed.plan.encode(), binding=fixed.binding.encode(), source=found.source,
        commitment=fixed.document.encode(),
    )  # fmt: skip
