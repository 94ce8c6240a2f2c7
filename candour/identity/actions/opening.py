"""Files opened to services within bounds, shown in recorded acts, and closed again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from candour.access.policy import Can, demand
from candour.access.scope import visible
from candour.identity.actions.entering import ERASED
from candour.identity.bounds import ALL_FIELDS, WIDEST
from candour.identity.models import (
    Opening,
    Person,
    Purpose,
    Reveal,
    Subject,
)
from candour.identity.queries import (
    Shown,
    bounds_for,
    bounds_in,
    councils,
    held_within,
    shown,
    values_held,
)
from candour.kernel.clock import LONDON
from candour.kernel.errors import Refused
from candour.people.models import Partnership, Service, User
from candour.trail.act import act, record

SCRUTINY_LASTS = timedelta(hours=1)


@dataclass(frozen=True)
class Revealed:
    """One file as it was shown once: its label and the people within the bounds."""

    subject_id: str
    label: str
    persons: list[Shown]


@dataclass(frozen=True)
class Held:
    """One value held for one person, for the check before publication."""

    person_id: str
    relation: str
    field: str
    value: str


@act
def grant_opening(
    *, subject: Subject, service: Service, until: date | datetime, by: User | None, at: datetime
) -> Opening:
    """Let one service open one file until a day (inclusive), within the bounds of its kind."""
    if subject.erased_at:
        raise Refused(ERASED)
    ends = until if isinstance(until, datetime) else datetime.combine(until, time.max, LONDON)
    bounds = bounds_for(subject.partnership_id, service.kind)
    live = Opening.objects.select_for_update().filter(subject=subject, service=service, closed_at__isnull=True)
    opening = live.first()
    if opening is None:
        opening = Opening(partnership_id=subject.partnership_id, subject=subject, service=service, opened_at=at)
    opening.until = ends
    opening.fields, opening.relations = list(bounds.fields), list(bounds.relations)
    opening.save()
    record(
        "opened a case to a service",
        on=opening,
        by=by,
        at=at,
        detail={"subject": subject.pk, "service": service.pk, "until": ends.isoformat()},
    )
    return opening


@act
def close_openings(*, subject: Subject, service: Service | None = None, by: User | None, at: datetime) -> int:
    """Withdraw what was shown of one file, from one service or from everybody, from the next request on."""
    live = Opening.objects.select_for_update().filter(subject=subject, closed_at__isnull=True)
    if service is not None:
        live = live.filter(service=service)
    openings = list(live.order_by("id"))
    for opening in openings:
        opening.closed_at = at
        opening.save(update_fields=["closed_at"])
        record(
            "closed a case to a service",
            on=opening,
            by=by,
            at=at,
            detail={"subject": subject.pk, "service": opening.service_id},
        )
    return len(openings)


@act
def open_list(*, openings: Iterable[Opening], purpose: str, by: User, at: datetime) -> list[Revealed]:
    """Show the children of these openings in one act, recorded per child in the same transaction."""
    asked = [opening.pk for opening in openings]
    live = list(
        visible(Opening.objects.live(at), by)
        .filter(pk__in=asked, subject__erased_at__isnull=True)
        .select_related("subject", "service__agency")
        .order_by("subject__label", "id")
    )
    if not live:
        raise Refused("This list is closed: the time for it has ended, or the case was withdrawn.")
    for opening in live:
        demand(by, Can.REVEAL_CASE if opening.user_id == by.pk else Can.OPEN_LIST, opening)
    files = _persons([opening.subject_id for opening in live])
    names = {home: councils(home) for home in {opening.partnership_id for opening in live}}
    return [
        _reveal(one.subject, files.get(one.subject_id, []), one, names[one.partnership_id], purpose, by, at)
        for one in live
    ]


@act
def reveal_subject(*, subject: Subject, purpose: str, by: User, at: datetime) -> Revealed:
    """Show one file to whoever enters identities, recorded in the same transaction."""
    demand(by, Can.EDIT_IDENTITY, subject)
    if subject.erased_at:
        raise Refused(ERASED)
    return _reveal(subject, _persons([subject.pk]).get(subject.pk, []), None, (), purpose, by, at)


@act
def reveal_person(*, person: Person, by: User, at: datetime) -> dict[str, str]:
    """Show one person's values to whoever corrects them, recorded in the same transaction."""
    demand(by, Can.EDIT_IDENTITY, person)
    if person.erased_at:
        raise Refused(ERASED)
    values = {name: getattr(person, name) for name in ALL_FIELDS}
    _reveal(person.subject, [person], None, (), Purpose.CORRECT, by, at)
    return values


@act
def open_for_scrutiny(*, subject: Subject, why: str, by: User, at: datetime) -> Revealed:
    """Show one case's identities to the independent scrutineer for an hour, with the reason on record."""
    demand(by, Can.REVEAL_CASE, subject)
    if subject.erased_at:
        raise Refused(ERASED)
    if not why.strip():
        raise Refused("Say what you need the identities of this case for.")
    opening = Opening.objects.create(
        partnership_id=subject.partnership_id,
        subject=subject,
        user=by,
        fields=list(WIDEST.fields),
        relations=list(WIDEST.relations),
        opened_at=at,
        until=at + SCRUTINY_LASTS,
        why=why.strip(),
    )
    record(
        "opened a case for scrutiny",
        on=opening,
        by=by,
        at=at,
        detail={"subject": subject.pk, "until": opening.until.isoformat(), "why": opening.why},
    )
    return open_list(openings=[opening], purpose=Purpose.SCRUTINY, by=by, at=at)[0]


@act
def read_for_disclosure_check(
    *, partnership: Partnership, subjects: Iterable[Subject], by: User | None, at: datetime
) -> list[Held]:
    """Give what is held for these files to the check before publication, as a recorded act of the system."""
    held: list[Held] = []
    wanted = {subject.pk: subject for subject in subjects if subject.partnership_id == partnership.pk}
    for subject_id, persons in sorted(_persons(wanted).items()):
        for person in persons:
            held += [Held(person.pk, person.relation, *one) for one in values_held(person)]
        record(
            "compared identities with a text",
            on=wanted[subject_id],
            by=None,
            at=at,
            detail={"persons": len(persons), "for": by.pk if by else ""},
        )
    return held


def _persons(subjects: Iterable[str]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {}
    rows = Person.objects.filter(subject__in=list(subjects), erased_at__isnull=True)
    for person in rows.order_by("subject_id", "position", "id"):
        found.setdefault(person.subject_id, []).append(person)
    return found


def _reveal(
    subject: Subject,
    persons: list[Person],
    opening: Opening | None,
    names: Collection[str],
    purpose: str,
    by: User,
    at: datetime,
) -> Revealed:
    bounds = bounds_in(opening, names) if opening else WIDEST
    reached = [person for person in persons if person.relation in bounds.relations]
    seen = sorted({name for person in reached for name in held_within(person, bounds)})
    Reveal.objects.create(
        partnership_id=subject.partnership_id,
        subject=subject,
        opening=opening,
        service_id=opening.service_id if opening else None,
        purpose=purpose,
        persons=len(reached),
        fields=seen,
        by=by,
        at=at,
    )
    record(
        "opened the list",
        on=subject,
        by=by,
        at=at,
        detail={
            "purpose": purpose,
            "opening": opening.pk if opening else "",
            "persons": [person.pk for person in reached],
            "fields": seen,
        },
    )
    return Revealed(subject.pk, subject.label, [shown(person, bounds) for person in reached])
