"""Files begun and the people in them entered, corrected and kept apart."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Max

from candour.access.policy import Can, demand
from candour.identity import checks
from candour.identity.bounds import ALL_FIELDS
from candour.identity.index import reindex
from candour.identity.models import (
    Person,
    Relation,
    Subject,
)
from candour.identity.queries import (
    OWN_NUMBER,
    councils,
)
from candour.kernel import vault
from candour.kernel.clock import today
from candour.kernel.errors import Refused, Stale
from candour.kernel.ids import new_id
from candour.kernel.models import KeyKind
from candour.people.models import Partnership, User
from candour.trail.act import act, record

ERASED = "The identities of this case have been erased."


@act
def add_subject(*, partnership: Partnership, label: str, by: User | None, at: datetime) -> Subject:
    """Begin the file of one index child under a label that names nobody."""
    subject = Subject.objects.create(partnership=partnership, label=label, added_at=at)
    record("began a file of identities", on=subject, by=by, at=at)
    return subject


@act
def add_person(
    *, subject: Subject, relation: str, values: Mapping[str, str], apart: bool = False, by: User | None, at: datetime
) -> Person:
    """Enter one person of a file, sealed under a key of their own."""
    if by is not None:
        demand(by, Can.EDIT_IDENTITY, subject)
    subject = Subject.objects.select_for_update().get(pk=subject.pk)
    if subject.erased_at:
        raise Refused(ERASED)
    if relation == Relation.CHILD and subject.persons.filter(relation=relation).exists():
        raise Refused("This case already has its index child. Correct that entry, or add a sibling.")
    last = subject.persons.aggregate(last=Max("position"))["last"] or 0
    person = Person(
        id=new_id(),
        partnership_id=subject.partnership_id,
        subject=subject,
        relation=relation,
        position=last + 1,
        apart=apart,
        added_at=at,
        added_by=by,
    )
    vault.make_key(person.pk, KeyKind.PERSON, at)
    _fill(person, values, at)
    person.save(force_insert=True)
    reindex(person)
    record("added an identity", on=person, by=by, at=at, detail={"relation": relation, "held": person.held})
    return person


@act
def edit_person(
    *,
    person: Person,
    relation: str,
    values: Mapping[str, str],
    version: int,
    apart: bool | None = None,
    by: User,
    at: datetime,
) -> Person:
    """Correct one person of a file; a page that somebody else has overtaken is refused."""
    demand(by, Can.EDIT_IDENTITY, person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at:
        raise Refused(ERASED)
    if person.version != version:
        raise Stale(
            "Somebody else corrected this person meanwhile. What you typed is still here: "
            "check it, and save again to replace theirs.",
            theirs=person,
        )
    others = Person.objects.filter(subject=person.subject_id, relation=Relation.CHILD).exclude(pk=person.pk)
    if relation == Relation.CHILD and others.exists():
        raise Refused("This case already has its index child. Correct that entry, or keep this a sibling.")
    before = person.held
    person.relation = relation
    person.apart = person.apart if apart is None else apart
    person.version += 1
    _fill(person, values, at)
    person.save()
    reindex(person)
    record("corrected an identity", on=person, by=by, at=at, detail={"held": person.held, "was": before})
    return person


@act
def keep_apart(*, subject: Subject, by: User | None, at: datetime) -> int:
    """Never link the child of a file with another audit again: after an adoption nothing may lead across it, nor from
    an audit before it."""
    children = list(subject.persons.select_for_update().filter(relation=Relation.CHILD, apart=False).order_by("pk"))
    for child in children:
        child.apart = True
        child.save(update_fields=["apart"])
        reindex(child)
        record("kept an identity apart", on=child, by=by, at=at)
    return len(children)


def _fill(person: Person, values: Mapping[str, str], at: datetime) -> None:
    clean = {name: str(values.get(name) or "").strip() for name in ALL_FIELDS}
    clean["nhs_number"] = checks.nhs_digits(clean["nhs_number"])
    clean["upn"] = checks.squeezed(clean["upn"])
    clean["postcode"] = checks.postcode_shown(clean["postcode"])
    if not any(clean[name] for name in ALL_FIELDS if name != "sex"):
        raise Refused("Enter at least one thing by which a service can find this person.")
    for name, value in clean.items():
        setattr(person, name, value)
    numbers = checks.numbers_by_council(clean["council_number"])
    if whole := checks.council_warning(clean["council_number"], councils(person.partnership_id) if numbers else ()):
        raise Refused(whole)
    person.held = [name for name in ALL_FIELDS if clean[name]]
    person.held += sorted({f"{OWN_NUMBER}{whose.casefold()}" for whose, _, _ in numbers if whose})
    born, expected = _day(clean["born_on"]), _day(clean["expected_on"])
    odd_birth = checks.birth_warning(born, expected, person.relation == Relation.CHILD, today(at))
    person.warnings = [*checks.number_warnings(clean), *filter(None, [odd_birth])]


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as wrong:
        raise Refused("A date has to be a day, a month and a year.") from wrong
