"""What may happen to a list, a fixed list, a draw and a case; each move with the permission it needs."""

from django.db.models import TextChoices

from candour.access.policy import Can
from candour.trail.moves import Move


class ListState(TextChoices):
    """How far an uploaded list is."""

    READING = "reading", "Being read"
    READ = "read", "To be checked"
    UNREADABLE = "unreadable", "Not readable"
    KEPT = "kept", "Kept"
    LEFT = "left", "Set aside"
    PURGED = "purged", "Purged"


class Pairing(TextChoices):
    """Why a child of one list seems to be a child of another."""

    NUMBER = "number", "Same child’s number"
    NHS = "nhs", "Same NHS number"
    UPN = "upn", "Same UPN"
    NAME = "name", "Same name and date of birth"
    NEARLY_NAME = "nearly-name", "Same date of birth, nearly the same name"
    NEARLY_BORN = "nearly-born", "Same name, nearly the same date of birth"


class CommitmentState(TextChoices):
    """How far a fixed list is."""

    PROPOSED = "proposed", "Waiting for the second person"
    CONFIRMED = "confirmed", "Fixed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DRAWN = "drawn", "Drawn"


class DrawState(TextChoices):
    """Whether a draw stands."""

    STANDS = "stands", "Stands"
    VOID = "void", "Void"


class CaseState(TextChoices):
    """Whether a case is looked at."""

    ACTIVE = "active", "In the audit"
    REPLACED = "replaced", "Replaced"
    VOID = "void", "Draw voided"


def case_name(number: int, *, chosen: bool) -> str:
    """What a case is called wherever it is named: by number, and marked where it was chosen and not drawn."""
    return f"Case {number} (not random)" if chosen else f"Case {number}"


class Reason(TextChoices):
    """Why a child is left out before the draw, or a case replaced after it. Fixed before the draw."""

    PROCEEDINGS = "proceedings", "Court case or police investigation is live"
    REVIEW = "review", "Statutory review is under way"
    FAMILY = "family", "Brother or sister is already among the cases"
    THEME = "theme", "Does not fit the practice focus"
    MOVED = "moved", "Moved out of the area"
    ADOPTED = "adopted", "Adopted"
    DIED = "died", "Died"
    RESTRICTED = "restricted", "Record is restricted"
    CONFLICT = "conflict", "A member of staff's own family"
    RECENT = "recent", "Audited in the last twelve months"
    TWICE = "twice", "The same child stands in the list twice"


class VoidReason(TextChoices):
    """Why a draw is voided."""

    WRONG_LIST = "wrong-list", "The list was the wrong one"
    INCOMPLETE = "incomplete", "Children were missing from the list"
    WRONG_PLAN = "wrong-plan", "The number of places was wrong"
    NUMBER = "number", "The public random number was wrong"
    STOPPED = "stopped", "The audit was stopped"


# Who is left out by rule, before the draw.
RULES = {
    "adult": "18 or over",
    "unborn": "Not yet born",
    "deceased": "Marked as having died",
}

# Lists: read, looked at, kept or set aside; what is kept goes on its date.
UNDERSTAND = Move(
    "read", of=frozenset({ListState.READING, ListState.READ, ListState.UNREADABLE}), to=ListState.READ, needs=None
)
GIVE_UP = Move(
    "give up on",
    of=frozenset({ListState.READING, ListState.READ, ListState.UNREADABLE}),
    to=ListState.UNREADABLE,
    needs=None,
)
READ_AGAIN = Move(
    "read again", of=frozenset({ListState.READ, ListState.UNREADABLE}), to=ListState.READING, needs=Can.READ_LIST
)
KEEP = Move(
    "keep",
    of=frozenset({ListState.READ}),
    to=ListState.KEPT,
    needs=Can.READ_LIST,
    unless=((lambda case_list: case_list.children == 0, "There are no children in this list."),),
)
SET_ASIDE = Move(
    "set aside",
    of=frozenset({ListState.READING, ListState.READ, ListState.UNREADABLE, ListState.KEPT}),
    to=ListState.LEFT,
    needs=Can.READ_LIST,
)
EXPIRE = Move(
    "let go", of=frozenset({ListState.READING, ListState.READ, ListState.UNREADABLE}), to=ListState.LEFT, needs=None
)
PURGE = Move("purge", of=frozenset({ListState.KEPT}), to=ListState.PURGED, needs=None)

# Fixed lists: proposed by one person, confirmed by another, drawn once.
CONFIRM = Move(
    "confirm", of=frozenset({CommitmentState.PROPOSED}), to=CommitmentState.CONFIRMED, needs=Can.CONFIRM_LIST
)
WITHDRAW = Move(
    "withdraw",
    of=frozenset({CommitmentState.PROPOSED, CommitmentState.CONFIRMED}),
    to=CommitmentState.WITHDRAWN,
    needs=Can.FIX_LIST,
)
LAPSE = Move(
    "let lapse",
    of=frozenset({CommitmentState.PROPOSED, CommitmentState.CONFIRMED}),
    to=CommitmentState.WITHDRAWN,
    needs=None,
)
DRAW = Move("draw from", of=frozenset({CommitmentState.CONFIRMED}), to=CommitmentState.DRAWN, needs=Can.DRAW)

VOID = Move("void", of=frozenset({DrawState.STANDS}), to=DrawState.VOID, needs=Can.VOID_DRAW)
REPLACE = Move("replace", of=frozenset({CaseState.ACTIVE}), to=CaseState.REPLACED, needs=Can.REPLACE_CASE)
DROP = Move("drop", of=frozenset({CaseState.ACTIVE}), to=CaseState.VOID, needs=Can.VOID_DRAW)

MOVES = (
    UNDERSTAND, GIVE_UP, READ_AGAIN, KEEP, SET_ASIDE, EXPIRE, PURGE,
    CONFIRM, WITHDRAW, LAPSE, DRAW, VOID, REPLACE, DROP,
)  # fmt: skip
