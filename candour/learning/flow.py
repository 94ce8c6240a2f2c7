"""The moves of a briefing: written, handed to a second person, cleared, published, withdrawn."""

from django.db import models

from candour.access.policy import Can
from candour.trail.moves import Move


class State(models.TextChoices):
    """How far a briefing is."""

    DRAFT = "draft", "being written"
    TO_CLEAR = "to-clear", "with the second person"
    CLEARED = "cleared", "cleared"
    PUBLISHED = "published", "published"
    WITHDRAWN = "withdrawn", "withdrawn"


def never_checked(briefing) -> bool:
    """It was changed since it was last checked for what could tell who a child is."""
    return briefing.checked_version != briefing.version


def has_open_findings(briefing) -> bool:
    """The check points at something that nobody has settled."""
    return briefing.checked_version == briefing.version and briefing.open_flags > 0


def says_too_little(briefing) -> bool:
    """Parts of it that a reader needs are empty."""
    return bool(briefing.missing)


ASK = Move(
    "ask for clearance",
    of=frozenset({State.DRAFT}),
    to=State.TO_CLEAR,
    needs=Can.WRITE_LEARNING,
    unless=(
        (says_too_little, "The briefing still lacks a part that every briefing has."),
        (never_checked, "The text has changed since it was last checked for personal detail. Check it again first."),
        (has_open_findings, "Some passages that the check found are still to be changed, or kept with a reason."),
    ),
)
TAKE_BACK = Move(
    "take back to edit",
    of=frozenset({State.TO_CLEAR, State.CLEARED}),
    to=State.DRAFT,
    needs=Can.WRITE_LEARNING,
)
SEND_BACK = Move("send back", of=frozenset({State.TO_CLEAR}), to=State.DRAFT, needs=Can.CLEAR_BRIEFING)
CLEAR = Move(
    "clear",
    of=frozenset({State.TO_CLEAR}),
    to=State.CLEARED,
    needs=Can.CLEAR_BRIEFING,
    unless=((never_checked, "The text has changed since it was checked."),),
)
PUBLISH = Move("publish", of=frozenset({State.CLEARED}), to=State.PUBLISHED, needs=Can.PUBLISH_BRIEFING)
WITHDRAW = Move("withdraw", of=frozenset({State.PUBLISHED}), to=State.WITHDRAWN, needs=Can.PUBLISH_BRIEFING)
REWRITE = Move("write again", of=frozenset({State.WITHDRAWN}), to=State.DRAFT, needs=Can.WRITE_LEARNING)

MOVES = (ASK, TAKE_BACK, SEND_BACK, CLEAR, PUBLISH, WITHDRAW, REWRITE)
