"""The states of a concern: open, acknowledged by its owner, closed; and when one that nobody took up rises."""

from datetime import datetime, time, timedelta

from django.db import models

from candour.access.policy import Can
from candour.kernel.clock import LONDON, is_working_day, local
from candour.trail.moves import Move

HOURS = 4
"""After so many hours a concern that nobody took up rises, unless the partnership says otherwise."""
OPENS, SHUTS = time(9), time(17)


class State(models.TextChoices):
    """How far a concern is."""

    OPEN = "open", "Open"
    ACKNOWLEDGED = "acknowledged", "Open, acknowledged"
    CLOSED = "closed", "Closed"


ACKNOWLEDGE = Move(
    "acknowledge",
    of=frozenset({State.OPEN}),
    to=State.ACKNOWLEDGED,
    needs=Can.OWN_CONCERN,
)
CLOSE = Move(
    "close",
    of=frozenset({State.ACKNOWLEDGED}),
    to=State.CLOSED,
    needs=Can.OWN_CONCERN,
)
PASS_ON = Move(
    "pass on",
    of=frozenset({State.OPEN, State.ACKNOWLEDGED}),
    to=State.OPEN,
    needs=Can.HAND_ON_CONCERN,
)
GIVE_BACK = Move(
    "give back",
    of=frozenset({State.OPEN, State.ACKNOWLEDGED}),
    to=State.OPEN,
    needs=None,
)
MOVES = (ACKNOWLEDGE, CLOSE, PASS_ON, GIVE_BACK)


def rises_after(at: datetime, hours: int, *, office_hours: bool) -> datetime:
    """The instant at which a concern rises: so many hours later, by the clock or in office hours of working days."""
    left = timedelta(hours=hours)
    if not office_hours:
        return at + left
    day = local(at).date()
    while True:
        opens, shuts = datetime.combine(day, OPENS, LONDON), datetime.combine(day, SHUTS, LONDON)
        begins = max(opens, at)
        if is_working_day(day) and begins < shuts:
            if left <= shuts - begins:
                return begins + left
            left -= shuts - begins
        day += timedelta(days=1)
