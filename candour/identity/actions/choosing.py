"""A partnership chooses what each kind of service sees of a file."""

from collections.abc import Iterable
from datetime import datetime

from candour.access.policy import Can, demand
from candour.identity.bounds import within
from candour.identity.models import Opening, SetBounds
from candour.people.models import Partnership, User
from candour.trail.act import act, record


@act
def set_bounds(
    *, partnership: Partnership, kind: str, fields: Iterable[str], relations: Iterable[str], by: User, at: datetime
) -> SetBounds:
    """Say what a kind of service sees, within what is ever allowed; files open to it now follow at once."""
    demand(by, Can.SET_BOUNDS, partnership)
    chosen = within(kind, fields, relations)
    told = {"fields": list(chosen.fields), "relations": list(chosen.relations)}
    row, _ = SetBounds.objects.update_or_create(
        partnership=partnership, kind=kind, defaults={**told, "by": by, "at": at}
    )
    open_now = Opening.objects.filter(partnership=partnership, service__kind=kind, closed_at__isnull=True)
    open_now.update(**told)
    record("set what a kind of service sees", on=row, by=by, at=at, detail={"kind": kind, **told})
    return row
