"""The states of a concern: open, acknowledged by its owner, closed."""

from django.db import models

from candour.access.policy import Can
from candour.trail.moves import Move


class State(models.TextChoices):
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
MOVES = (ACKNOWLEDGE, CLOSE)
