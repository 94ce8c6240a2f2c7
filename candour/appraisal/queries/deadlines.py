"""Of whom returns are still wanted by which day, as people's calendars are to have it."""

from collections import defaultdict
from collections.abc import Iterable

from candour.appraisal.flow import State
from candour.appraisal.models import Connection
from candour.appraisal.queries.reading import DUE
from candour.focus import queries as focus
from candour.focus.flow import State as AuditState
from candour.focus.models import Audit
from candour.involvement.models import Involvement
from candour.involvement.queries import OWED, RETURNS
from candour.notices.appointments import Deadline
from candour.people.models import User
from candour.sampling.flow import CaseState


def returns_due(keys: Iterable[str]) -> list[Deadline]:
    """For the audits behind these keys, who has a return still to write, and who has written all of theirs."""
    audits = list(Audit.objects.filter(pk__in=[key.removeprefix(RETURNS) for key in keys]).order_by("pk"))
    days = focus.all_due({audit.pk for audit in audits}, DUE)
    people = _writers(audits)
    found = []
    for audit in audits:
        named = people[audit.pk]
        left = {user for user, writes in named.items() if writes}
        day = days.get(audit.pk) if audit.state == AuditState.UNDER_WAY else None
        done = tuple(user for user in named if user not in left)
        found.append(Deadline(f"{RETURNS}{audit.pk}", day, people=tuple(left), done=done))
    return found


def _writers(audits: list[Audit]) -> dict[str, dict[User, bool]]:
    """By audit, everybody who writes a return that is owed, with whether one of theirs is still to be written."""
    shut = set(Connection.objects.filter(case__audit__in=audits).values_list("case_id", "user_id"))
    rows = Involvement.objects.filter(OWED, audit__in=audits, auditor__isnull=False, case__state=CaseState.ACTIVE)
    found: dict[str, dict[User, bool]] = defaultdict(dict)
    rows = rows.exclude(ret__state=State.VOID).select_related("auditor", "ret").prefetch_related("sharers")
    for row in rows.order_by("pk"):
        ret = getattr(row, "ret", None)
        writes = ret is None or ret.state == State.DRAFT
        for person in row.writers:
            if (row.case_id, person.pk) not in shut:
                found[row.audit_id][person] = writes or found[row.audit_id].get(person, False)
    return found
