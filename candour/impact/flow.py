"""The moves of an action and of a sense check."""

from django.db import models

from candour.access.policy import Can
from candour.trail.moves import Move


class ActionState(models.TextChoices):
    """How far an action is."""

    OPEN = "open", "not begun"
    UNDER_WAY = "under-way", "under way"
    DONE = "done", "done"
    DROPPED = "dropped", "dropped"


class CheckState(models.TextChoices):
    """How far a sense check is."""

    PLANNED = "planned", "planned"
    UNDER_WAY = "under-way", "under way"
    CONCLUDED = "concluded", "concluded"


def lacks_evidence(action) -> bool:
    """Nobody has said what shows that it was done, and what difference it made."""
    return not (action.evidence and action.difference)


def lacks_reason(action) -> bool:
    """Nobody has said why it is dropped."""
    return not action.dropped_because


def has_unjudged(check) -> bool:
    """Some of its recommendations have not been judged."""
    return check.unjudged > 0


BEGIN = Move("begin", of=frozenset({ActionState.OPEN}), to=ActionState.UNDER_WAY, needs=Can.REPORT_ACTION)
FINISH = Move(
    "report as done",
    of=frozenset({ActionState.OPEN, ActionState.UNDER_WAY}),
    to=ActionState.DONE,
    needs=Can.REPORT_ACTION,
    unless=((lacks_evidence, "Say what shows that it was done, and what difference it made."),),
)
DROP = Move(
    "drop",
    of=frozenset({ActionState.OPEN, ActionState.UNDER_WAY}),
    to=ActionState.DROPPED,
    needs=Can.EDIT_ACTION,
    unless=((lacks_reason, "Say why the action is dropped."),),
)
REOPEN = Move(
    "take up again",
    of=frozenset({ActionState.DONE, ActionState.DROPPED}),
    to=ActionState.UNDER_WAY,
    needs=Can.JUDGE_LEARNING,
)
CONFIRM = Move(
    "close as embedded",
    of=frozenset({ActionState.OPEN, ActionState.UNDER_WAY}),
    to=ActionState.DONE,
    needs=Can.JUDGE_LEARNING,
)

BEGIN_CHECK = Move(
    "begin sense check", of=frozenset({CheckState.PLANNED}), to=CheckState.UNDER_WAY, needs=Can.JUDGE_LEARNING
)
CONCLUDE = Move(
    "conclude sense check",
    of=frozenset({CheckState.UNDER_WAY}),
    to=CheckState.CONCLUDED,
    needs=Can.JUDGE_LEARNING,
    unless=((has_unjudged, "Every recommendation needs a judgement before the sense check is concluded."),),
)

MOVES = (BEGIN, FINISH, DROP, REOPEN, CONFIRM)
CHECK_MOVES = (BEGIN_CHECK, CONCLUDE)
