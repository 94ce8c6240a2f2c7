"""The agency's board member hears where an answer or a return stays out for long."""

from datetime import date, datetime

from candour.appraisal import queries
from candour.focus.models import Audit
from candour.notices.actions import post
from candour.trail.act import act, record


@act
def escalate(*, audit: Audit, on: date, at: datetime) -> int:
    """Write to the board members of the agencies that have been late for so many working days; each once a step."""
    audit = Audit.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=audit.pk)
    if audit.escalation_paused_at:
        return 0
    told = 0
    for one in queries.with_messages(queries.late([audit], on)):
        key = one.reached(on)
        if key and one.membership.board_email:
            subject, body = queries.letter(one)
            to, home = one.membership.board_email, audit.partnership
            post(key=key, to=to, subject=subject, body=body, partnership=home, at=at)
            detail = {"agency": one.membership.agency_id, "owed": sum(row.many for row in one.owed)}
            record("wrote to a board member", on=audit, by=None, at=at, detail=detail)
            told += 1
    return told
