"""The states of an audit and the moves between them."""

from django.db.models import TextChoices

from candour.access.policy import Can
from candour.trail.moves import Move


class State(TextChoices):
    """How far an audit is."""

    PLANNED = "planned", "Being planned"
    UNDER_WAY = "under-way", "Under way"
    CLOSED = "closed", "Closed"


class Pace(TextChoices):
    """How fast its timetable goes."""

    ORDINARY = "ordinary", "Ordinary"
    COMPRESSED = "compressed", "Compressed, for an inspection"


class CasesFrom(TextChoices):
    """Where its cases come from."""

    DRAWN = "drawn", "Drawn at random from a case list"
    GIVEN = "given", "Given to us, for example by inspectors"


class SourceKind(TextChoices):
    """On what a focus can be chosen."""

    PRACTICE_REVIEW = "practice-review", "Practice review, national or local"
    BUSINESS_PLAN = "business-plan", "Business plan priority"
    PRACTICE_CONCERN = "practice-concern", "Concern arising from practice"
    DATA = "data", "Performance data"
    INTELLIGENCE = "intelligence", "Local intelligence"
    INSPECTION = "inspection", "Inspection"
    EARLIER_AUDIT = "earlier-audit", "Earlier audit"
    VOICES = "voices", "Children's, families' or staff's views"


class MilestoneKind(TextChoices):
    """The dates of an audit, in the order in which they fall."""

    LIST = "list", "Case list in and drawn"
    INVOLVEMENT = "involvement", "Answers on involvement"
    RETURNS = "returns", "Returns due"
    PACK = "pack", "Pack released"
    DISCUSSION = "discussion", "Discussion"
    BRIEFING = "briefing", "Briefing published"
    SENSE_CHECK = "sense-check", "Sense check"


def undecided(audit) -> bool:
    """Nobody has said which group decided on it, and when."""
    return not (audit.decided_on and audit.decided_by)


def toolless(audit) -> bool:
    """No tool has been chosen."""
    return audit.tool_id is None


def sourceless(audit) -> bool:
    """Nothing says on what its focus was chosen."""
    return not audit.sources.exists()


def serviceless(audit) -> bool:
    """No service is expected to take part."""
    return not audit.expected.exists()


def undated(audit) -> bool:
    """It has no timetable."""
    return not audit.milestones.exists()


BEGIN = Move(
    "begin",
    of=frozenset({State.PLANNED}),
    to=State.UNDER_WAY,
    needs=Can.BEGIN_AUDIT,
    unless=(
        (undecided, "Say first who decided on this audit, and when."),
        (sourceless, "Give at least one source that the focus was chosen on."),
        (serviceless, "Choose the services that are expected to take part."),
        (toolless, "Choose the audit tool."),
        (undated, "Set the timetable first."),
    ),
)
CLOSE = Move("close", of=frozenset({State.UNDER_WAY}), to=State.CLOSED, needs=Can.CLOSE_AUDIT)
REOPEN = Move("reopen", of=frozenset({State.CLOSED}), to=State.UNDER_WAY, needs=Can.CLOSE_AUDIT)
MOVES = (BEGIN, CLOSE, REOPEN)
