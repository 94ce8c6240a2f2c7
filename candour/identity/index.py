"""Writes the keyed index, by which the same person is found in another audit of a partnership."""

from django.db.models import Q

from candour.identity.bounds import ALL_FIELDS
from candour.identity.models import IndexEntry, IndexKind, Person, Relation
from candour.identity.queries import digest_of, index_values, tells

YOUNG = (Relation.CHILD, Relation.SIBLING)
NUMBERS = (IndexKind.COUNCIL, IndexKind.COUNCIL_OF)


def reindex(person: Person) -> None:
    """Write a person's entries anew; of one who is kept apart there are none, nor of the same child elsewhere."""
    IndexEntry.objects.filter(person=person).delete()
    values = sorted(index_values({name: getattr(person, name) for name in ALL_FIELDS}))
    home, digests = person.partnership_id, [digest_of(person.partnership_id, kind, value) for kind, value in values]
    if person.apart:  # what stands in the files of earlier audits would lead across the adoption too
        _forget(home, digests, any(kind == IndexKind.COUNCIL_OF for kind, _ in values))
        return
    IndexEntry.objects.bulk_create(
        IndexEntry(partnership_id=home, person=person, kind=kind, digest=digest)
        for (kind, _), digest in zip(values, digests, strict=True)
    )


def _forget(partnership_id: str, digests: list[str], named: bool) -> None:
    same = IndexEntry.objects.filter(partnership=partnership_id, digest__in=digests)
    same = same.filter(Q(person__relation__in=YOUNG) | ~Q(kind__in=NUMBERS))  # an adult's may be the whole family's
    found = {row.person_id for row in same.named().order_by("pk") if tells(row.kind, named, row.named)}
    same.filter(person__in=found).delete()
