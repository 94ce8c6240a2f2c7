"""One return for brothers and sisters: which other children it covers."""

from collections.abc import Sequence
from datetime import datetime

from candour.access.policy import Can, demand
from candour.appraisal.actions.declaring import demand_declared
from candour.appraisal.flow import State
from candour.appraisal.models import Return
from candour.kernel.errors import Refused
from candour.people.models import User
from candour.trail.act import act, record


@act
def cover_others(*, ret: Return, others: Sequence[str], by: User, at: datetime, seen: str | None = None) -> Return:
    """Say which other children a return covers; what was written of one who is left out stays in its answers. `seen`: what
    stood there when that was typed, if a page showed it."""
    demand(by, Can.WRITE_RETURN, ret)
    demand_declared(ret, by)
    held = Return.objects.select_for_update().get(pk=ret.pk)
    if held.state != State.DRAFT:
        raise Refused("This return is not being written at the moment, so nothing was changed.")
    if seen not in (None, held.also_covers, "\n".join(others)):
        said = ", ".join(held.others) or "nobody"
        raise Refused(
            f"This was changed meanwhile; the return now covers: {said}. Save again to put yours in its place."
        )
    held.also_covers = "\n".join(others)
    held.save(update_fields=["also_covers"])
    record("cover other children", on=held, by=by, at=at, detail={"how many": len(others)}, key=held.case_id)
    return held
