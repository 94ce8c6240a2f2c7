"""What happens by itself: with an audit, its asking closes; the days in people's calendars follow the asks."""

from datetime import datetime

from candour.focus.models import Audit
from candour.involvement import actions, queries
from candour.kernel.clock import today
from candour.notices import actions as notices
from candour.notices import appointments
from candour.people.models import User


def close_with_audit(audit: Audit, by: User, at: datetime) -> None:
    """An audit closed without a discussion closes its files too."""
    actions.close_asking(audit=audit, by=by, at=at)


def keep_deadlines(at: datetime) -> None:
    """Tell whoever has the day of an ask in their calendar that it was moved, or that nothing is wanted any more."""
    actions.follow_timetable(at=at)
    there = appointments.deadlines(queries.ANSWERS)
    for said in queries.answers_due(there, today(at)):
        if appointments.is_news(there[said.key], said):
            notices.keep_deadline(deadline=said, at=at)
