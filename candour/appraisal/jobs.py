"""What happens by itself: in the morning, board members hear of what is long late."""

from datetime import datetime

from candour.appraisal import actions, queries
from candour.kernel.clock import is_working_day, today


def escalate(at: datetime) -> None:
    """Write to board members in each audit in which that is due, save where it is school holidays."""
    day = today(at)
    audits = [audit for audit in queries.escalated() if is_working_day(day, audit.partnership.pauses())]
    for pk in sorted({one.audit.pk for one in queries.late(audits, day)}):
        audit = next(one for one in audits if one.pk == pk)
        actions.escalate(audit=audit, on=day, at=at)
