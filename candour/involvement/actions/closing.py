"""The end of the asking: with the discussion, or with the audit, every file closes and none opens again."""

from datetime import datetime

from candour.access.policy import Can, allows, demand
from candour.focus.models import Audit
from candour.identity import actions as identity
from candour.involvement import queries
from candour.involvement.actions.calling import end_visits_to
from candour.involvement.models import Closing
from candour.people.models import User
from candour.trail.act import act, record


@act
def close_asking(*, audit: Audit, by: User, at: datetime) -> int:
    """Close every file of an audit to every service, and ask nobody from now on; returns how many were open."""
    if not allows(by, Can.LEAD_DISCUSSION, audit):
        demand(by, Can.CLOSE_AUDIT, audit)
    closing, made = Closing.objects.get_or_create(
        audit=audit, defaults={"partnership_id": audit.partnership_id, "by": by, "at": at}
    )
    files = queries.files_of(audit)
    closed = sum(identity.close_openings(subject=subject, by=by, at=at) for subject in files)
    for ask in queries.live_asks(audit):
        end_visits_to(ask=ask, by=by, at=at)
    if made:
        record("closed the asking", on=closing, by=by, at=at, detail={"files": closed})
    return closed
