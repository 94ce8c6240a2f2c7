"""What people do with cases: replace one, enter those that were given, trace one to its row."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from candour.access.policy import Can, demand
from candour.focus.flow import CasesFrom
from candour.identity.actions import close_openings, keep_apart
from candour.kernel.errors import Refused
from candour.sampling import draw, queries
from candour.sampling.actions.fixing import area_of_ref, hold_against_list, new_case
from candour.sampling.actions.lists import under_way
from candour.sampling.flow import REPLACE, CaseState, Reason
from candour.sampling.models import Case, Place
from candour.trail.act import act, record
from candour.trail.make import make

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.people.models import User

MOST_GIVEN = 60


@act
def replace_case(*, case: Case, reason: str, note: str = "", by: User, at: datetime) -> Case | None:
    """Replace a case: the reason is written down first, then the next in line of its group takes the place."""
    demand(by, Can.REPLACE_CASE, case)
    audit = under_way(case.audit)
    if reason not in Reason.values:
        raise Refused("Say why the case is replaced.")
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if problem := REPLACE.why_not(case.state, by, case):
        raise Refused(problem)
    case.reason_code, case.reason_note, case.replaced_at, case.replaced_by = reason, note.strip(), at, by
    case.save(update_fields=["reason_code", "reason_note", "replaced_at", "replaced_by"])
    case = make(REPLACE, case, by=by, at=at, detail={"reason": reason}, key=case.pk)
    if case.subject:
        close_openings(subject=case.subject, by=by, at=at)
        if reason == Reason.ADOPTED:
            keep_apart(subject=case.subject, by=by, at=at)
    return _next_in_line(audit, case, case.place, by, at) if case.place else None


def _next_in_line(audit: Audit, case: Case, place: Place, by: User, at: datetime) -> Case | None:
    waiting = queries.reserves_left(place.draw).get(case.stratum, [])
    if not waiting:
        hold_against_list(place.draw)
        return None
    order = [line.split("\t")[3] for line in place.draw.result.splitlines() if line.startswith(f"{case.stratum}\t")]
    taken = new_case(
        audit, ref=waiting[0], at=at, by=by, area=area_of_ref(place.draw, waiting[0]), place=place,
        position=order.index(waiting[0]) + 1,
    )  # fmt: skip
    record("take the next in line", on=taken, by=by, at=at, detail={"for": case.pk, "position": taken.position})
    hold_against_list(place.draw)
    return taken


@act
def give_cases(*, audit: Audit, areas: Sequence[str], origin: str, by: User, at: datetime) -> list[Case]:
    """Enter cases that somebody else has chosen, such as inspectors; they are marked everywhere as not random."""
    demand(by, Can.READ_LIST, audit)
    audit = under_way(audit)
    if audit.cases_from != CasesFrom.GIVEN:
        raise Refused("The cases of this audit are drawn at random.")
    if not origin.strip():
        raise Refused("Say who chose the cases.")
    if not areas or len(areas) + queries.cases(audit).count() > MOST_GIVEN:
        raise Refused(f"An audit takes between 1 and {MOST_GIVEN} cases.")
    made = [new_case(audit, ref=draw.new_ref(), at=at, by=by, area=area, origin=origin.strip()[:120]) for area in areas]
    record("enter cases given", on=audit, by=by, at=at, detail={"cases": len(made), "by": origin.strip()[:120]})
    return made


@act
def choose_case(*, audit: Audit, because: str, area: str, by: User, at: datetime) -> Case:
    """Add one case that was chosen for a reason, beside those that were drawn; it counts in no figure of the sample."""
    demand(by, Can.CHOOSE_CASE, audit)
    audit = under_way(audit)
    if audit.cases_from == CasesFrom.GIVEN:
        raise Refused("The cases of this audit are given to the partnership: enter it as one of those.")
    if not queries.standing_draw(audit):
        raise Refused("Draw the cases first: whoever is drawn cannot be chosen too.")
    if queries.cases(audit).filter(purposive=True).exists():
        raise Refused("One case was chosen already. A second would make this another kind of audit.")
    if not because.strip():
        raise Refused("Say why this case was chosen.")
    made = new_case(audit, ref=draw.new_ref(), at=at, by=by, area=area, because=because.strip())
    record("choose a case", on=made, by=by, at=at, detail={"because": because.strip()}, key=made.pk)
    return made


@dataclass(frozen=True)
class Traced:
    """A drawn case's row as it was read, and whether it is still the one that was fixed."""

    rows: list[tuple[str, str, str]]
    bound: bool
    salt: str


@act
def trace_case(*, case: Case, by: User, at: datetime) -> Traced:
    """Show the row that a case stands for, and check it against what was fixed before the draw; on the record."""
    demand(by, Can.TRACE_REF, case)
    if case.state == CaseState.VOID or case.place is None:
        raise Refused("This case was not drawn from a list.")
    fixed = case.place.draw.commitment
    if not fixed.refs:
        raise Refused("The list has been purged on its date; nothing ties this case to a row any more.")
    place = dict(json.loads(gzip.decompress(fixed.refs)))[case.ref]
    rows = queries.rows_at(fixed.case_list, place)
    digest = draw.bind(fixed.salt, b"\n".join(rows))
    bound = f"{case.ref}\t{digest}\n" in fixed.binding
    record("trace a case to its row", on=case, by=by, at=at, detail={"agrees": bound}, key=case.pk)
    return Traced([_shown(row) for row in rows], bound, fixed.salt.hex())


def _shown(row: bytes) -> tuple[str, str, str]:
    sheet, number, cells = row.decode().split("\t", 2)
    said = [cell[1] if isinstance(cell, list) else cell for cell in json.loads(cells)]
    return json.loads(sheet), number, " · ".join(str(cell) for cell in said if cell not in ("", None))
