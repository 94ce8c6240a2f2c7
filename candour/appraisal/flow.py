"""The states of a return, from the first word to the lock, and the moves between them."""

from django.db import models

from candour.access.policy import Can
from candour.trail.moves import Move


class State(models.TextChoices):
    """How far a return is."""

    DRAFT = "draft", "Being written"
    WITH_AUTHORISER = "with-authoriser", "With the authoriser"
    SUBMITTED = "submitted", "Submitted"
    VOID = "void", "Void"


def nobody_checks(ret: object) -> bool:
    """The service has nobody to check it."""
    return not ret.authoriser_id  # type: ignore[attr-defined]


def somebody_should_check(ret: object) -> bool:
    """The service has not declared that it has no authoriser."""
    return not ret.no_authoriser  # type: ignore[attr-defined]


HAND_OVER = Move(
    "hand to the authoriser",
    of=frozenset({State.DRAFT}),
    to=State.WITH_AUTHORISER,
    needs=Can.WRITE_RETURN,
    unless=(
        (
            nobody_checks,
            "Nobody is named yet to check this return: ask your service's contact to name an authoriser.",
        ),
    ),
)
TAKE_BACK = Move("take back", of=frozenset({State.WITH_AUTHORISER}), to=State.DRAFT, needs=Can.WRITE_RETURN)
SEND_BACK = Move("send back", of=frozenset({State.WITH_AUTHORISER}), to=State.DRAFT, needs=Can.CHECK_RETURN)
SUBMIT = Move("submit", of=frozenset({State.WITH_AUTHORISER}), to=State.SUBMITTED, needs=Can.CHECK_RETURN)
SUBMIT_ALONE = Move(
    "submit without an authoriser",
    of=frozenset({State.DRAFT}),
    to=State.SUBMITTED,
    needs=Can.WRITE_RETURN,
    unless=((somebody_should_check, "Your service has an authoriser, who submits this return."),),
)
REOPEN = Move("reopen", of=frozenset({State.SUBMITTED, State.VOID}), to=State.DRAFT, needs=Can.VOID_RETURN)
VOID = Move(
    "void",
    of=frozenset({State.DRAFT, State.WITH_AUTHORISER, State.SUBMITTED}),
    to=State.VOID,
    needs=Can.VOID_RETURN,
)
MOVES = (HAND_OVER, TAKE_BACK, SEND_BACK, SUBMIT, SUBMIT_ALONE, REOPEN, VOID)
