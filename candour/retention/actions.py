"""Times set, holds set and lifted, and what is due removed."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from candour.access.policy import Can, demand
from candour.focus.models import Audit
from candour.identity import actions as identity
from candour.identity import erasures
from candour.identity.models import Subject
from candour.involvement import actions as involvement
from candour.involvement.models import Visit
from candour.kernel import vault
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.kernel.models import Key
from candour.people.models import Partnership, User
from candour.retention import queries
from candour.retention.models import Hold, Kind, Period
from candour.sampling.models import Case
from candour.trail.act import act, record

WORDS = {Kind.TEXT: "the text of a case", Kind.REPORT: "the text of an audit", Kind.CONCERNS: "what was due"}


@act
def set_periods(
    *, partnership: Partnership, months: Mapping[Kind, int], by: User, at: datetime, sure: bool = False
) -> Partnership:
    """Keep how long this partnership keeps each kind of record; names may not outlast what was written, and nothing
    goes sooner than the coordinator is told unless that is meant."""
    demand(by, Can.KEEP_RETENTION, partnership)
    if months[Kind.IDENTITIES] > months[Kind.TEXT]:
        raise Refused("The identities cannot be kept longer than what was written about the cases.")
    if not sure and (many := queries.sudden(partnership, dict(months), today(at))):
        raise Refused(
            f"With these times {many} of your records would be removed within two weeks, some of them perhaps tonight. "
            "Set a legal hold first, or say below that they may go."
        )
    for kind, wanted in months.items():
        Period.objects.update_or_create(partnership=partnership, kind=kind, defaults={"months": wanted})
    told = {kind.value: wanted for kind, wanted in months.items()}
    record("set how long records are kept", on=partnership, by=by, at=at, detail=told)
    return partnership


@act
def hold(*, audit: Audit, case: Case | None, why: str, by: User, at: datetime) -> Hold:
    """Keep everything of an audit, or of one case, whatever its date says."""
    demand(by, Can.KEEP_RETENTION, audit)
    if not why.strip():
        raise Refused("Say why this must be kept, and who asked for it.")
    if case is not None and case.audit_id != audit.pk:
        raise Refused("This case belongs to another audit.")
    made = Hold.objects.create(
        partnership_id=audit.partnership_id, audit=audit, case=case, why=why.strip(), by=by, at=at
    )
    record("set a legal hold", on=made, by=by, at=at, detail={"number": case.number if case else "", "why": made.why})
    return made


@act
def lift(*, hold: Hold, by: User, at: datetime) -> Hold:
    """Lift a hold: what its date has passed is removed in the next night."""
    demand(by, Can.KEEP_RETENTION, hold)
    held = Hold.objects.select_for_update().get(pk=hold.pk)
    if held.lifted_at:
        raise Refused("This hold has been lifted already.")
    held.lifted_by, held.lifted_at = by, at
    held.save(update_fields=["lifted_by", "lifted_at"])
    record("lifted a legal hold", on=held, by=by, at=at)
    return held


@act
def remove(*, due: queries.Due, partnership: Partnership, by: User | None, at: datetime) -> None:
    """Remove one thing whose day has come: the key that opens it is destroyed, and what it sealed is gone."""
    if due.on is None or due.on > today(at) or queries.holds_back(due):
        return
    if due.kind == Kind.IDENTITIES:
        file = Subject.objects.get(pk=due.pk)
        identity.erase_subject(subject=file, reason="Its time had come", by=None, at=at)
        return
    if due.kind == Kind.VISITS:
        involvement.forget_visitor(visit=Visit.objects.get(pk=due.pk), at=at)
        return
    if not Key.objects.select_for_update().filter(owner=due.pk, destroyed_at__isnull=True).exists():
        return
    vault.destroy_key(due.pk, at)
    on: Partnership | Case | Audit = due.case or due.audit
    told = {"kind": due.kind.value}
    if due.kind == Kind.CONCERNS:
        on, told = partnership, {}
    record(f"removed {WORDS[due.kind]}", on=on, by=None, at=at, detail=told)
    transaction.on_commit(erasures.append_missing)
