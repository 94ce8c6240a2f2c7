"""What happens by itself: with an audit, its asking closes."""

from datetime import datetime

from candour.focus.models import Audit
from candour.involvement import actions
from candour.people.models import User


def close_with_audit(audit: Audit, by: User, at: datetime) -> None:
    """An audit closed without a discussion closes its files too."""
    actions.close_asking(audit=audit, by=by, at=at)
