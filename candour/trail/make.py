"""The one place that changes a state."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from candour.kernel.errors import Refused
from candour.people.models import User
from candour.trail.act import act, record
from candour.trail.moves import Move

M = TypeVar("M", bound=Model)


@act
def make(
    move: Move,
    thing: M,
    *,
    by: User | None,
    at: datetime,
    detail: dict[str, Any] | None = None,
    key: str | None = None,
    record: Callable[..., None] = record,
) -> M:
    """Make a move on a row: locked, checked again, saved and recorded; the row given is brought up to date too.

    `record` is another way to note it, for a move of which even who made it is not for the readers of the trail.
    """
    held: Any = type(thing)._default_manager.select_for_update().get(pk=thing.pk)
    if reason := move.why_not(held.state, by, held):
        raise Refused(reason)
    was = held.state
    held.state = move.to
    held.save(update_fields=["state"])
    thing.state = move.to  # type: ignore[attr-defined]
    record(move.name, on=held, by=by, at=at, detail={"from": was, "to": move.to, **(detail or {})}, key=key)
    return held
