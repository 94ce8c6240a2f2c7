"""Keeping a partnership's service areas."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from candour.access.policy import Can, demand
from candour.kernel.errors import Refused
from candour.sampling import queries
from candour.sampling.models import ServiceArea
from candour.sampling.readers.areas import CLOSED
from candour.trail.act import act, record

if TYPE_CHECKING:
    from candour.people.models import Partnership, User

MOST_AREAS = 30


@act
def keep_area(
    *, partnership: Partnership, code: str, name: str, position: int, words: str, teams: str, used: bool,
    by: User, at: datetime,
) -> ServiceArea:  # fmt: skip
    """Change a service area, or add one (without a code); lists that are read from now on go by it."""
    demand(by, Can.KEEP_AREAS, partnership)
    rows = queries.own_areas(partnership.pk)
    area = next((row for row in rows if row.code == code), None)
    if code and area is None:
        raise Refused("There is no such service area.")
    if any(row.name.casefold() == name.strip().casefold() and row.code != code for row in rows):
        raise Refused("Another service area has this name.")
    if area is None:
        if len(rows) >= MOST_AREAS:
            raise Refused(f"There are {MOST_AREAS} service areas already. Change one of them.")
        area = ServiceArea(partnership=partnership, code=_code(name, {row.code for row in rows}))
        rows.append(area)
    if area.code == CLOSED and not used:
        raise Refused("This area takes every child whom no other area takes; it stays.")
    area.name, area.position, area.used = name.strip(), position, used
    area.words, area.teams = ("\n".join(queries.lines(text)) for text in (words, teams))
    for row in rows:
        row.save()
    record("keep a service area", on=area, by=by, at=at, detail={"code": area.code, "used": used})
    return area


def _code(name: str, taken: set[str]) -> str:
    short = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:16].strip("-") or "area"
    return next(
        code for number in range(len(taken) + 2) if (code := f"{short}-{number}" if number else short) not in taken
    )
