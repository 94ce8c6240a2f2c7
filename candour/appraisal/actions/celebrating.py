"""Good practice that a service would have others learn from, with the leave of whoever wrote it."""

from datetime import datetime

from candour.access.policy import Can, demand
from candour.appraisal import queries
from candour.appraisal.flow import State
from candour.appraisal.models import Leave, Point, PointKind, Return
from candour.kernel.errors import Refused
from candour.kernel.ids import is_id
from candour.notices.actions import post
from candour.people.models import User
from candour.trail.act import act, record

MARKS = ["celebrated_at", "celebrated_by", "leave", "leave_at"]


def _point(ret: Return, pk: str, by: User) -> Point:
    demand(by, Can.CELEBRATE, ret)
    if Return.objects.select_for_update().only("state").get(pk=ret.pk).state != State.SUBMITTED:
        raise Refused("A return is celebrated once it is submitted.")
    found = Point.objects.filter(ret=ret, kind=PointKind.GOOD, pk=pk).first() if is_id(pk) else None
    if found is None:
        raise Refused("This line is not in the return any more.")
    if found.private:
        raise Refused("This line is only for the coordinator and the chair, so it is not passed on.")
    return found


@act
def celebrate(*, ret: Return, pk: str, by: User, at: datetime) -> Point:
    """Mark a line of good practice to be passed on; its author is asked, unless it is they who mark it."""
    point = _point(ret, pk, by)
    if point.celebrated_at:
        return point
    author = queries.author_of(point, ret)
    own = author is not None and by.pk == author.pk
    point.celebrated_at, point.celebrated_by = at, by
    point.leave, point.leave_at = (Leave.GIVEN, at) if own else (Leave.ASKED, None)
    point.save(update_fields=MARKS)
    record("celebrate good practice", on=point, by=by, at=at, detail={"leave": point.leave}, key=ret.case_id)
    if not own and author:
        post(
            key=f"leave:{point.pk}:{at.isoformat()}",
            to=author,
            subject=f"{ret.partnership.short_name}: may this be passed on? Audit {ret.audit.code}",
            body=f"{by} would like others to learn from good practice that you described in audit {ret.audit.code}. "
            "Say whether you agree; until you do, it goes no further.",
            partnership=ret.partnership,
            path=f"/returns/{ret.pk}/celebrate/",
            at=at,
        )
    return point


@act
def give_leave(*, ret: Return, pk: str, agreed: bool, by: User, at: datetime) -> None:
    """The author says whether a line may be passed on; they may say otherwise later."""
    point = _point(ret, pk, by)
    author = queries.author_of(point, ret)
    if author is None or by.pk != author.pk:
        raise Refused("Only whoever wrote this line can say whether it may be passed on.")
    if not point.celebrated_at:
        raise Refused("Nobody has marked this line.")
    point.leave, point.leave_at = (Leave.GIVEN if agreed else Leave.REFUSED), at
    point.save(update_fields=["leave", "leave_at"])
    record("answer for good practice", on=point, by=by, at=at, detail={"leave": point.leave}, key=ret.case_id)


@act
def celebrate_no_more(*, ret: Return, pk: str, by: User, at: datetime) -> None:
    """Take the mark from a line again."""
    point = _point(ret, pk, by)
    point.celebrated_at, point.celebrated_by, point.leave, point.leave_at = None, None, "", None
    point.save(update_fields=MARKS)
    record("celebrate no more", on=point, by=by, at=at, key=ret.case_id)
