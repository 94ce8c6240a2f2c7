"""Files erased for good."""

from datetime import datetime

from django.db import transaction

from candour.access.policy import Can, demand
from candour.identity import erasures
from candour.identity.actions.opening import close_openings
from candour.identity.holds import HELD, is_held
from candour.identity.models import (
    Erasure,
    IndexEntry,
    Person,
    Subject,
)
from candour.kernel import vault
from candour.kernel.errors import Refused
from candour.people.models import User
from candour.trail.act import act, record


@act
def erase_subject(*, subject: Subject, reason: str, by: User | None, at: datetime) -> Erasure:
    """Erase a file for good: keys destroyed, index rows gone, openings closed, the erasure on record."""
    if by is not None:
        demand(by, Can.ERASE_IDENTITY, subject)
    subject = Subject.objects.select_for_update().get(pk=subject.pk)
    if subject.erased_at:
        raise Refused("The identities of this case have been erased already.")
    if is_held(subject=subject):
        raise Refused(HELD)
    close_openings(subject=subject, by=by, at=at)
    persons = list(Person.objects.filter(subject=subject).only("id", "erased_at").order_by("id"))
    for person in persons:
        vault.destroy_key(person.pk, at)
    IndexEntry.objects.filter(person__subject=subject).delete()
    Person.objects.filter(subject=subject).update(erased_at=at, warnings=[])
    subject.erased_at = at
    subject.save(update_fields=["erased_at"])
    erasure = Erasure.objects.create(
        partnership_id=subject.partnership_id,
        subject=subject,
        reason=reason,
        persons=len(persons),
        by=by,
        at=at,
    )
    record("erased identities", on=subject, by=by, at=at, detail={"persons": len(persons), "reason": reason})
    transaction.on_commit(erasures.append_missing)
    return erasure
