"""What happens by itself: with an audit closed early, its discussion is called off."""

from datetime import datetime

from candour.discussion import actions
from candour.focus.models import Audit
from candour.people.models import User


def call_off(audit: Audit, by: User, at: datetime) -> None:
    """Nobody is left with a meeting in their calendar that will not be."""
    actions.call_off(audit=audit, by=by, at=at)
