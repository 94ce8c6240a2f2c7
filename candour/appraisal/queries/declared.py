"""What has been declared about a return, and who has still to declare before it opens to them."""

from collections.abc import Sequence

from django.db.models import Q

from candour.access.policy import Can, allows
from candour.appraisal.flow import State
from candour.appraisal.models import Declaration, Return
from candour.people.models import User

OPENS = (State.DRAFT, State.WITH_AUTHORISER)
WORKED = "has worked with this child or family"
MANAGES = "manages, or has managed, somebody who worked with this child or family"


def must_declare(ret: Return, user: User) -> bool:
    """Whether a return that is still worked on opens to its checker or another writer only after they declare."""
    if ret.state not in OPENS or user.pk == ret.started_by_id:
        return False
    works_on = allows(user, Can.CHECK_RETURN, ret) or allows(user, Can.WRITE_RETURN, ret)
    return works_on and not Declaration.objects.filter(ret=ret, user=user).exists()


def declared(ret: Return) -> list[str]:
    """What whoever wrote or checks a return has declared, in sentences; nothing where they had nothing to."""
    return declared_of([ret])[ret.pk]


def declared_of(rets: Sequence[Return]) -> dict[str, list[str]]:
    """The same for several returns at once."""
    told = {ret.pk: [f"{ret.started_by} {_said(ret)}."] if _said(ret) else [] for ret in rets}
    rows = Declaration.objects.filter(Q(worked_with=True) | Q(manages_worker=True), ret__in=list(told))
    for one in rows.select_related("user").order_by("at", "pk"):
        told[one.ret_id].append(f"{one.user} {_said(one)}.")
    return told


def _said(of: Return | Declaration) -> str:
    return WORKED if of.worked_with else MANAGES if of.manages_worker else ""
