"""Made-up files of identities to test with; every value is a canary that may appear nowhere else."""

from datetime import UTC, date, datetime, timedelta

from candour.identity import actions
from candour.identity.models import Person, Relation, Subject
from candour.people.tests.factories import AT, World

UNTIL = date(2026, 12, 18)
LATER = datetime(2026, 12, 19, 9, 0, tzinfo=UTC)
CHILD = {
    "given_names": "Zebedee Quillon",
    "family_name": "Canarywell",
    "also_known_as": "Zebbo",
    "born_on": "2019-05-03",
    "sex": "male",
    "address": "77 Featherstrand Row",
    "postcode": "zz9 9zz",
    "school": "Plumage Primary",
    "gp_practice": "Birdcage Surgery",
    "nhs_number": "999 000 0018",
    "upn": "R201100018042",
    "council_number": "NM-0077123",
}
PARENT = {"given_names": "Ottoline", "family_name": "Canarywell-Finch", "born_on": "1990-02-01"}
CANARIES = (
    "Zebedee",
    "Canarywell",
    "Zebbo",
    "3 May 2019",
    "2019-05-03",
    "Featherstrand",
    "ZZ9 9ZZ",
    "Plumage",
    "Birdcage",
    "9990000018",
    "999 000 0018",
    "R201100018042",
    "NM-0077123",
    "NM0077123",
    "Ottoline",
    "1 February 1990",
)


def subject(w: World, label: str = "Case 1 of audit 2026-03") -> Subject:
    """An empty file."""
    return actions.add_subject(partnership=w.partnership, label=label, by=w.coordinator, at=AT)


def person(w: World, of: Subject, relation: str = Relation.CHILD, **values: str) -> Person:
    """One person entered in a file."""
    filled = (CHILD if relation == Relation.CHILD else PARENT) | values
    return actions.add_person(subject=of, relation=relation, values=filled, by=w.coordinator, at=AT)


def family(w: World, label: str = "Case 1 of audit 2026-03", **values: str) -> Subject:
    """A file with its index child and a parent."""
    made = subject(w, label)
    person(w, made, **values)
    person(w, made, Relation.PARENT)
    return made


def after(days: int) -> datetime:
    """So many days after the world's morning."""
    return AT + timedelta(days=days)
