"""What a return took, beside what its tool says that it takes: figures over many, never one person's time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from candour.access.viewer import viewer_of
from candour.appraisal.models import Return, Revision
from candour.people.models import User
from candour.tools.models import ToolVersion
from candour.tools.queries import document_of

BREAK = timedelta(minutes=30)
SAVES = 4
FEWEST = 5
FEWEST_FOR_NINE_IN_TEN = 10
LATEST = 60
STEP = 5


@dataclass(frozen=True)
class Measured:
    """The minutes that a tool says, and up to how many half of the returns took, and nine in ten of them."""

    said: int
    returns: int = 0
    people: int = 0
    half: int = 0
    nine_in_ten: int = 0

    def __str__(self) -> str:
        if not self.returns:
            return ""
        most = f", nine in ten up to {self.nine_in_ten}" if self.nine_in_ten else ""
        return f"{self.returns} returns by {self.people} people took: half of them up to {self.half} minutes{most}"


def measured(tool: str, partnerships: Collection[str]) -> Measured:
    """What the latest submitted returns with a version of a tool took, in these partnerships.

    The time of a return is the sum of the gaps between one save and the next, from its beginning on, that are shorter
    than half an hour; nothing is added for the longer ones. Left out are returns after a brief contact, which are asked
    less, and those saved fewer than four times, which were written somewhere else. No figure is given below five
    returns by five people, and none for nine in ten below ten returns; each is rounded up to five minutes."""
    rets = Return.objects.submitted().filter(audit__tool=tool, partnership__in=partnerships, brief=False)
    latest = rets.order_by("-submitted_at", "pk").values("pk")[:LATEST]
    rows = Revision.objects.filter(answer__ret__in=latest).order_by("answer__ret", "at", "pk")
    saves: dict[str, list[datetime]] = {}
    writers: dict[str, str] = {}
    for ret, writer, begun, at in rows.values_list(
        "answer__ret", "answer__ret__started_by", "answer__ret__started_at", "at"
    ):
        saves.setdefault(ret, [begun]).append(at)
        writers[ret] = writer
    whole = {ret: times for ret, times in saves.items() if len(set(times[1:])) >= SAVES}
    return _measured(document_of(tool).minutes, whole, len({writers[ret] for ret in whole}))


def _measured(said: int, saves: dict[str, list[datetime]], people: int) -> Measured:
    took = sorted(sum((gap for gap in _gaps(times) if gap < BREAK), timedelta()) for times in saves.values())
    if min(len(took), people) < FEWEST:
        return Measured(said)
    most = _up_to(took, 90) if len(took) >= FEWEST_FOR_NINE_IN_TEN else 0
    return Measured(said, len(took), people, _up_to(took, 50), most)


def _gaps(times: list[datetime]) -> list[timedelta]:
    return [after - before for before, after in pairwise(times)]


def _up_to(took: list[timedelta], percent: int) -> int:
    """The minutes within which so many in a hundred were done, in whole steps."""
    longest = took[-(-len(took) * percent // 100) - 1]
    return -(-longest // timedelta(minutes=STEP)) * STEP or STEP


def measured_for(version: ToolVersion, user: User) -> str:
    """The same in a sentence, over the partnerships that a person coordinates; empty where nothing can be said."""
    coordinates = viewer_of(user).coordinates
    return str(measured(version.pk, coordinates)) if coordinates else ""
