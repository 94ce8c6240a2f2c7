"""The states of a discussion and of each case in it, and the moves between them."""

from django.db.models import TextChoices

from candour.access.policy import Can
from candour.trail.moves import Move


class State(TextChoices):
    """How far a discussion is."""

    PLANNED = "planned", "Planned"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class CaseState(TextChoices):
    """Whether a case is still talked about."""

    OPEN = "open", "To discuss"
    AGREED = "agreed", "Agreed"


class Coming(TextChoices):
    """Whether a service comes to the discussion."""

    COMING = "coming", "Coming"
    APOLOGIES = "apologies", "Sent apologies"
    UNHEARD = "unheard", "Not heard yet"


class How(TextChoices):
    """How the room came to a conclusion."""

    DISCUSSED = "discussed", "Discussed"
    ACCEPTED = "accepted", "Accepted together: services agreed"
    TESTED = "tested", "Agreed by services and looked at"


def chairless(discussion) -> bool:
    """Nobody has been named to lead it."""
    return discussion.chair_id is None


def cases_open(discussion) -> bool:
    """Some of its cases have not been agreed."""
    return discussion.cases.filter(state=CaseState.OPEN, case__state="active").exists()


def discussion_not_open(case_discussion) -> bool:
    """The discussion itself is not open."""
    return case_discussion.discussion.state != State.OPEN


def nothing_concluded(case_discussion) -> bool:
    """Nothing has been concluded on the case."""
    return not case_discussion.conclusions.exists()


OPEN = Move(
    "open",
    of=frozenset({State.PLANNED}),
    to=State.OPEN,
    needs=Can.LEAD_DISCUSSION,
    unless=((chairless, "Say first who chairs the discussion."),),
)
CLOSE = Move(
    "close",
    of=frozenset({State.OPEN}),
    to=State.CLOSED,
    needs=Can.LEAD_DISCUSSION,
    unless=((cases_open, "Agree every case first, if only on that nothing could be concluded."),),
)
REOPEN = Move("open again", of=frozenset({State.CLOSED}), to=State.OPEN, needs=Can.ARRANGE_DISCUSSION)
AGREE_CASE = Move(
    "agree case",
    of=frozenset({CaseState.OPEN}),
    to=CaseState.AGREED,
    needs=Can.LEAD_DISCUSSION,
    unless=(
        (discussion_not_open, "The discussion is not open."),
        (nothing_concluded, "Record at least one conclusion first."),
    ),
)
REOPEN_CASE = Move(
    "open this case again",
    of=frozenset({CaseState.AGREED}),
    to=CaseState.OPEN,
    needs=Can.LEAD_DISCUSSION,
    unless=((discussion_not_open, "The discussion is closed; open it again first."),),
)
MOVES = (OPEN, CLOSE, REOPEN, AGREE_CASE, REOPEN_CASE)
