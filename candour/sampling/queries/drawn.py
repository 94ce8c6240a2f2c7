"""Fixed lists and draws, and what the sample looks like beside the list."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from candour.sampling import draw, readers
from candour.sampling.flow import CaseState, CommitmentState, DrawState
from candour.sampling.models import Case, Commitment, Draw
from candour.sampling.queries.lists import area_names, index_of

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


def reserves_left(found: Draw) -> dict[str, list[str]]:
    """The refs of each group that wait in line, in their order."""
    used = set(Case.objects.filter(place__draw=found).values_list("ref", flat=True))
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
    cases_drawn = Case.objects.filter(place__draw=found).select_related("place").order_by(
        "stratum", "place__number", "number"
    )  # fmt: skip
    for case in cases_drawn:
        since = case.get_reason_code_display() if case.state == CaseState.REPLACED else ""
        rows.append(DrawnRow(names.get(case.stratum, case.stratum), str(case.place.number if case.place else ""), case,
                             order_number(found, case.ref), since))  # fmt: skip
    for stratum, refs in sorted(reserves_left(found).items()):
        rows.append(
            DrawnRow(names.get(stratum, stratum), "reserve", None, order_number(found, refs[0]), "Next in line")
        )
    return rows


def order_number(found: Draw, ref: str) -> str:
    """The first digits of the number that put a ref where it stands."""
    return f"0.{draw.ticket(found.key, ref)[:8]}…"


def figures(found: Draw) -> list[draw.Figure]:
    """The sample held against the list, attribute by attribute, while the list's index is there."""
    commitment = found.commitment
    index = index_of(commitment.case_list)
    if index is None:
        return []
    place_of = dict(json.loads(gzip.decompress(commitment.refs)))
    drawn = dict(
        Case.objects.filter(place__draw=found, state=CaseState.ACTIVE).values_list("ref", "stratum").order_by("ref")
    )
    cohort = draw.read_cohort(commitment.cohort.encode())
    names = area_names(commitment.case_list)
    made = []
    for name, value, order in (
        ("Service area", lambda place: names.get(index.area[place], index.area[place]), list(names.values())),
        ("Age", lambda place: readers.codes.band(index.age[place]), list(readers.codes.BANDS)),
        ("Sex", lambda place: readers.codes.SEXES[index.sex[place]], list(readers.codes.SEXES.values())),
        ("Ethnic group", lambda place: readers.codes.GROUPS[index.ethnicity[place]], list(readers.codes.GROUPS.values())),
        ("Need or kind of abuse", lambda place: readers.codes.NEEDS.get(index.need[place], "Not stated"),
         list(readers.codes.NEEDS.values())),
    ):  # fmt: skip
        sides = [
            ([value(place_of[ref]) for ref in refs], [value(place_of[ref]) for ref in drawn if drawn[ref] == stratum])
            for stratum, refs in cohort.items()
        ]
        if figure := draw.compare(name, sides, order):
            made.append(figure)
    return made


def receipt(found: Draw) -> bytes:
    """The receipt by which anybody can run a draw again."""
    fixed = found.commitment
    return draw.write_receipt(
        cohort=fixed.cohort.encode(), plan=fixed.plan.encode(), binding=fixed.binding.encode(), source=found.source,
        commitment=fixed.document.encode(),
    )  # fmt: skip
