"""The states of an ask: looking at the sample first, asked, withdrawn."""

from typing import Any

from django.db import models

from candour.access.policy import Can
from candour.trail.moves import Move


class State(models.TextChoices):
    """How far an ask is."""

    SCREENING = "screening", "Looking at the sample"
    OPEN = "open", "Asked"
    WITHDRAWN = "withdrawn", "Withdrawn"


def answered(ask: Any) -> bool:
    """The service has said something already."""
    return bool(ask.audit.involvements.filter(service=ask.service_id).exists())


ASK = Move("ask", of=frozenset({State.SCREENING}), to=State.OPEN, needs=Can.ASK_SERVICE)
WITHDRAW = Move(
    "withdraw",
    of=frozenset({State.SCREENING, State.OPEN}),
    to=State.WITHDRAWN,
    needs=Can.ASK_SERVICE,
    unless=((answered, "This service has answered: its answers stay on record."),),
)
ASK_AGAIN = Move("ask again", of=frozenset({State.WITHDRAWN}), to=State.OPEN, needs=Can.ASK_SERVICE)
MOVES = (ASK, WITHDRAW, ASK_AGAIN)
