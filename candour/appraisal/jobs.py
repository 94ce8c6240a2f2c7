"""What happens by itself: board members hear of what is long late; the days in calendars follow the returns."""

from datetime import datetime

from candour.appraisal import actions, queries
from candour.involvement.queries import RETURNS
from candour.kernel.clock import is_working_day, today
from candour.notices import actions as notices
from candour.notices import appointments


def escalate(at: datetime) -> None:
    """Write to board members in each audit in which that is due, save where it is school holidays."""
    day = today(at)
    audits = [audit for audit in queries.escalated() if is_working_day(day, audit.partnership.pauses())]
    for pk in sorted({one.audit.pk for one in queries.late(audits, day)}):
        audit = next(one for one in audits if one.pk == pk)
        actions.escalate(audit=audit, on=day, at=at)


def keep_deadlines(at: datetime) -> None:
    """Tell whoever has the day of an audit's returns in their calendar that it was moved, or concerns them no more."""
    there = appointments.deadlines(RETURNS)
    for said in queries.returns_due(there):
        if appointments.is_news(there[said.key], said):
            notices.keep_deadline(deadline=said, at=at)
