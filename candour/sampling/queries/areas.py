"""The service areas of a partnership: those that Candour brings, or as the partnership has changed them."""

from __future__ import annotations

from candour.sampling.models import ServiceArea
from candour.sampling.readers.areas import AREAS, CLOSED, Area


def own_areas(partnership_id: str) -> list[ServiceArea]:
    """Every area of a partnership in its order; unsaved rows where it has changed nothing."""
    rows = list(ServiceArea.objects.filter(partnership=partnership_id).order_by("position", "code"))
    known = {row.code for row in rows}
    brought = [
        ServiceArea(
            partnership_id=partnership_id, code=area.code, name=area.name, position=number * 10,
            words="\n".join(area.words), teams="\n".join(area.teams),
        )
        for number, area in enumerate(AREAS, 1) if area.code not in known
    ]  # fmt: skip
    return sorted([*rows, *brought], key=lambda row: (row.code == CLOSED, row.position, row.code))


def area_rules(partnership_id: str) -> tuple[Area, ...]:
    """The areas in use, as the readers want them: what a list's facts say stands with Candour, the rest with the rows."""
    rows = {row.code: row for row in ServiceArea.objects.filter(partnership=partnership_id)}
    if not rows:
        return AREAS
    facts = {area.code: area for area in AREAS}
    return tuple(
        Area(row.code, row.name, brought.any_of if brought else 0, brought.none_of if brought else 0,
             lines(row.words), lines(row.teams))
        for row in own_areas(partnership_id) if row.used or row.code == CLOSED
        for brought in [facts.get(row.code)]
    )  # fmt: skip


def named_areas(partnership_id: str) -> list[str]:
    """The names of the areas in use, for a case that no list put in one."""
    return [row.name for row in own_areas(partnership_id) if row.used]


def area_page(partnership_id: str, code: str) -> dict[str, object] | None:
    """What the page of one area begins with; of a new one, without a code, its turn after the others."""
    rows = own_areas(partnership_id)
    if not code:
        last = max((row.position for row in rows if row.code != CLOSED), default=0)
        return {"name": "", "position": last + 10, "words": "", "teams": "", "used": True}
    row = next((row for row in rows if row.code == code), None)
    names = ("name", "position", "words", "teams", "used")
    return {name: getattr(row, name) for name in names} if row else None


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text in lower case, blank ones left out."""
    return tuple(line.strip().casefold() for line in text.splitlines() if line.strip())
