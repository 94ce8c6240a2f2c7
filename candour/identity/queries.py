"""What can be told of files of identities: masked, held elsewhere, opened by whom; values only for a recorded act."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils.formats import date_format

from candour.identity.bounds import CEILINGS, LABELS, WIDEST, Bounds, bounds_of, within
from candour.identity.checks import nhs_digits, nhs_shown, number_of, numbers_by_council, squeezed
from candour.identity.models import IndexEntry, IndexKind, Opening, Person, Relation, Reveal, SetBounds, Sex, Subject
from candour.kernel import vault
from candour.people.models import Agency, Partnership, Service, ServiceKind, User

OWN_NUMBER = "council_number of "
"""How it stands among what is held of a person whose numbers are there, where they are told apart."""
MASKED_COLUMNS = ("id", "subject_id", "relation", "position", "held", "warnings", "apart", "erased_at")


@dataclass(frozen=True)
class Masked:
    """A person of a file as everybody sees them: who they are to the child, and what is held."""

    id: str
    relation: str
    held: list[str]
    warnings: list[str]
    erased: bool
    apart: bool = False


@dataclass(frozen=True)
class Shown:
    """A person of a file as the answer to one recorded act shows them."""

    id: str
    relation: str
    rows: list[tuple[str, str]]


@dataclass(frozen=True)
class Match:
    """The same person under another audit's case, found by the keyed index."""

    relation: str
    kind: str
    elsewhere: str
    elsewhere_relation: str
    subject_id: str


@dataclass
class Opened:
    """One act of opening: who, when, why, and how many children it showed."""

    who: str
    service: str
    purpose: str
    at: datetime
    children: list[str] = field(default_factory=list)


def bounds_for(partnership_id: str, kind: str) -> Bounds:
    """What a kind of service sees in a partnership: what it chose, or else what Candour proposes."""
    chosen = SetBounds.objects.filter(partnership=partnership_id, kind=kind).first()
    return within(kind, chosen.fields, chosen.relations) if chosen else bounds_of(kind)


@dataclass(frozen=True)
class KindBounds:
    """One kind of service with what it sees, what it could see, and who decided that."""

    kind: str
    label: str
    fields: list[str]
    relations: list[str]
    spare: list[str]
    chosen: SetBounds | None


def all_bounds(partnership: Partnership) -> list[KindBounds]:
    """What every kind of service sees in a partnership."""
    rows = SetBounds.objects.filter(partnership=partnership).select_related("by")
    chosen = {row.kind: row for row in rows.order_by("kind")}
    people = dict(Relation.choices)
    found = []
    for kind in ServiceKind:
        own, most = chosen.get(kind), CEILINGS[kind]
        now = within(kind, own.fields, own.relations) if own else bounds_of(kind)
        spare = [LABELS[name] for name in most.fields if name not in now.fields]
        spare += [people[one] for one in most.relations if one not in now.relations]
        fields, relations = [LABELS[name] for name in now.fields], [people[one] for one in now.relations]
        found.append(KindBounds(kind.value, kind.label, fields, relations, spare, own))
    return found


def bounds_to(service: Service, partnership_id: str) -> Bounds:
    """What one service sees in a partnership: of the councils' own numbers, its council's alone."""
    bounds = bounds_for(partnership_id, service.kind)
    return _of_council(bounds, service, councils(partnership_id) if "council_number" in bounds.fields else ())


def bounds_in(opening: Opening, names: Collection[str]) -> Bounds:
    """What an opening gives, as it was written when it was opened, where these are the partnership's councils; the
    scrutineer's gives every council's number."""
    bounds = Bounds(tuple(opening.fields), tuple(opening.relations))
    return _of_council(bounds, opening.service, names) if opening.service else bounds


def _of_council(bounds: Bounds, service: Service, names: Collection[str]) -> Bounds:
    """These bounds with whose number is meant: the service's own council's; the only one's, where the service stands
    outside every council, such as youth justice with an agency of its own."""
    whose = service.agency.name
    if whose not in names and len(names) == 1:
        (whose,) = names
    return replace(bounds, council=whose, only={*names} <= {whose})


def councils(partnership_id: str) -> list[str]:
    """The councils of a partnership, each of which knows a child by a number of its own: the agencies that have
    children's social care."""
    rows = Agency.objects.filter(memberships__partnership=partnership_id, services__kind=ServiceKind.SOCIAL_CARE)
    return list(rows.order_by("name").distinct().values_list("name", flat=True))


def persons_masked(subject: Subject) -> list[Masked]:
    """The people of one file, masked."""
    return masked_by_subject([subject.pk]).get(subject.pk, [])


def masked_by_subject(subjects: Iterable[str], bounds: Bounds = WIDEST) -> dict[str, list[Masked]]:
    """The people of several files, masked, as far as these bounds reach; no sealed value is loaded."""
    persons = (
        Person.objects.filter(subject__in=list(subjects), relation__in=bounds.relations)
        .only(*MASKED_COLUMNS)
        .order_by("subject_id", "position", "id")
    )
    found: dict[str, list[Masked]] = {}
    for person in persons:
        held = [LABELS[name] for name in held_within(person, bounds)]
        found.setdefault(person.subject_id, []).append(
            Masked(
                person.pk,
                person.get_relation_display(),
                held,
                list(person.warnings),
                person.erased_at is not None,
                person.apart,
            )
        )
    return found


def held_within(person: Person, bounds: Bounds) -> list[str]:
    """The fields of a person that hold something and that these bounds reach, told without opening any."""
    own = not bounds.council or (
        f"{OWN_NUMBER}{bounds.council.casefold()}" in person.held if says_whose(person) else bounds.only
    )
    reached = [name for name in LABELS if name in bounds.fields and name in person.held]
    return [name for name in reached if name != "council_number" or own]


def says_whose(person: Person) -> bool:
    """Whether a council's name stands before each of the councils' numbers of a person, told without opening any."""
    return any(one.startswith(OWN_NUMBER) for one in person.held)


def values_held(person: Person) -> list[tuple[str, str]]:
    """Each value held of a person with its field; of the councils' numbers the number alone, each by itself."""
    found = [(name, getattr(person, name)) for name in LABELS if name in person.held and name != "council_number"]
    return found + [("council_number", number) for _, number, _ in numbers_by_council(person.council_number)]


def counted(subjects: Iterable[str]) -> dict[str, int]:
    """How many people each file holds that have not been erased."""
    counts: dict[str, int] = {}
    rows = Person.objects.filter(subject__in=list(subjects), erased_at__isnull=True)
    for subject_id in rows.order_by("subject_id").values_list("subject_id", flat=True):
        counts[subject_id] = counts.get(subject_id, 0) + 1
    return counts


def shown(person: Person, bounds: Bounds) -> Shown:
    """One person's values within bounds, for the answer of a recorded act and nothing else."""
    held, council = held_within(person, bounds), bounds.council if says_whose(person) else ""
    rows = [(LABELS[name], as_read(name, getattr(person, name), council)) for name in held]
    return Shown(person.pk, person.get_relation_display(), rows)


def as_read(name: str, value: str, council: str = "") -> str:
    """A stored value as a person reads it aloud; of numbers that say whose they are, those of one council alone."""
    if name == "council_number" and council:
        return number_of(value, council)
    if name in ("born_on", "expected_on"):
        try:
            return date_format(date.fromisoformat(value), "j F Y")
        except ValueError:
            return value
    if name == "nhs_number":
        return nhs_shown(value)
    if name == "sex":
        return dict(Sex.choices).get(value, value)
    return value


def live_openings(subjects: Iterable[str], service: Service, at: datetime) -> "QuerySet[Opening]":
    """The openings of one service on these files that still open now."""
    return Opening.objects.live(at).filter(subject__in=list(subjects), service=service).order_by("id")


def matches(subject: Subject) -> list[Match]:
    """Where the people of this file are already held in the same partnership."""
    return matches_by_subject([subject.pk]).get(subject.pk, [])


def matches_by_subject(subjects: Sequence[str]) -> dict[str, list[Match]]:
    """Per file, where its people are already held in another file of the same partnership."""
    own = list(
        IndexEntry.objects.named()
        .filter(person__subject__in=list(subjects))
        .select_related("person")
        .defer(*SEALED)
        .order_by("person__position", "kind")
    )
    if not own:
        return {}
    others = (
        IndexEntry.objects.named()
        .filter(
            partnership__in={entry.partnership_id for entry in own},
            digest__in={entry.digest for entry in own},
        )
        .select_related("person__subject")
        .defer(*SEALED)
        .order_by("person__subject__added_at", "person__subject_id", "kind")
    )
    by_key: dict[tuple[str, str, str], list[IndexEntry]] = {}
    for entry in others:
        by_key.setdefault((entry.partnership_id, entry.kind, entry.digest), []).append(entry)
    found: dict[str, dict[tuple[str, str], Match]] = {}
    for entry in own:
        for other in by_key.get((entry.partnership_id, entry.kind, entry.digest), []):
            apart = other.person.subject_id != entry.person.subject_id
            if apart and tells(entry.kind, entry.named, other.named):
                found.setdefault(entry.person.subject_id, {}).setdefault(
                    (entry.person_id, other.person_id),
                    Match(
                        entry.person.get_relation_display(),
                        entry.get_kind_display(),
                        other.person.subject.label,
                        other.person.get_relation_display(),
                        other.person.subject_id,
                    ),
                )
    return {subject_id: list(rows.values()) for subject_id, rows in found.items()}


def name_value(given: str, family: str, born_on: str) -> str:
    """What of a name and a birth date goes into the keyed index."""
    names = "".join(letter for letter in f"{given}|{family}".casefold() if letter != " ")
    return f"{names}|{born_on}"


def digest_of(partnership_id: str, kind: str, value: str) -> str:
    """The keyed fingerprint under which a partnership finds a value again."""
    return vault.keyed_index(kind, f"{partnership_id}:{value}")


def index_values(values: Mapping[str, str]) -> set[tuple[str, str]]:
    """What of a person's values goes into the keyed index, with its kind; nothing where there is nothing to find."""
    named = values["family_name"] and values["born_on"]
    found = {
        (IndexKind.NHS, nhs_digits(values["nhs_number"])),
        (IndexKind.UPN, squeezed(values["upn"])),
        (IndexKind.NAME, name_value(values["given_names"], values["family_name"], values["born_on"]) if named else ""),
    }
    for whose, number, _ in numbers_by_council(values["council_number"]):
        found.add((IndexKind.COUNCIL, squeezed(number)))
        found.add((IndexKind.COUNCIL_OF, f"{whose.casefold()}|{squeezed(number)}" if whose else ""))
    return {(str(kind), value) for kind, value in found if value}


def tells(kind: str, named: bool, other_named: bool) -> bool:
    """Whether what two entries of the index share says that they are of one person: a council's number alone says so
    only where it is not known of both whose number it is."""
    return kind != IndexKind.COUNCIL or not (named and other_named)


def held_in(subject_id: str, partnership_id: str, values: Mapping[str, str]) -> bool:
    """Whether somebody with these values is in this file already, by the keyed index."""
    found = index_values(values)
    named = any(kind == IndexKind.COUNCIL_OF for kind, _ in found)
    digests = [digest_of(partnership_id, kind, value) for kind, value in found]
    rows = IndexEntry.objects.named().filter(person__subject=subject_id, digest__in=digests)
    return any(tells(row.kind, named, row.named) for row in rows.order_by("pk"))


def child_digests(subjects: Iterable[str]) -> set[str]:
    """The keyed fingerprints of the index children of these files; they say nothing without a value to compare."""
    entries = IndexEntry.objects.filter(person__subject__in=list(subjects), person__relation=Relation.CHILD)
    return set(entries.order_by("digest").values_list("digest", flat=True))


def indexed(subjects: Iterable[str]) -> int:
    """How many of these files have an index child who can be found again by the keyed index."""
    entries = IndexEntry.objects.filter(person__subject__in=list(subjects), person__relation=Relation.CHILD)
    return len(set(entries.order_by("person__subject").values_list("person__subject", flat=True)))


SEALED = tuple(f"person__{name}" for name in LABELS)


def reveals(subjects: Iterable[str], since: datetime | None = None) -> list[Opened]:
    """Each act of opening these files, newest first, with the files it showed."""
    rows = Reveal.objects.filter(subject__in=list(subjects))
    if since:
        rows = rows.filter(at__gte=since)
    opened: dict[tuple[str, datetime, str], Opened] = {}
    for row in rows.select_related("by", "service", "subject").order_by("-at", "by_id", "subject__label"):
        act = opened.setdefault(
            (row.by_id, row.at, row.purpose),
            Opened(str(row.by), str(row.service or ""), row.get_purpose_display(), row.at),
        )
        act.children.append(row.subject.label)
    return list(opened.values())


def first_reveals(subjects: Iterable[str]) -> dict[str, datetime]:
    """When each service first opened one of these files."""
    rows = Reveal.objects.filter(subject__in=list(subjects), service__isnull=False)
    found = rows.order_by("service_id").values("service_id").annotate(first=Min("at"))
    return {row["service_id"]: row["first"] for row in found}


def reveal_rate(subjects: Iterable[str], at: datetime, days: int = 7) -> dict[str, int]:
    """How many files each person opened in the last days, the most first; unusual numbers stand out."""
    rows = Reveal.objects.filter(subject__in=list(subjects), at__gte=at - timedelta(days=days))
    counts: dict[str, int] = {}
    for name in rows.select_related("by").order_by("by__name", "by_id"):
        counts[str(name.by)] = counts.get(str(name.by), 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def opening_for(subject: Subject, user: User, at: datetime) -> Opening | None:
    """The scrutineer's own opening on this file, where one still runs."""
    return Opening.objects.live(at).filter(Q(user=user), subject=subject).order_by("-opened_at").first()


def has_child(subject: Subject) -> bool:
    """Whether the index child of a file has been entered."""
    return subject.persons.filter(relation=Relation.CHILD).exists()


def with_child(subjects: Iterable[str]) -> set[str]:
    """Which of these files have their index child entered."""
    rows = Person.objects.filter(subject__in=list(subjects), relation=Relation.CHILD)
    return set(rows.order_by("subject_id").values_list("subject_id", flat=True))


def file(subject: Subject, at: datetime) -> dict[str, Any]:
    """All that the page of one file shows of it without opening it."""
    openings = Opening.objects.filter(subject=subject, service__isnull=False).select_related("service__agency")
    return {
        "subject": subject,
        "persons": persons_masked(subject),
        "matches": matches(subject),
        "openings": [
            (opening, opening.closed_at is None and opening.opened_at <= at <= opening.until)
            for opening in openings.order_by("service__name", "-opened_at", "id")
        ],
        "reveals": reveals([subject.pk]),
    }
