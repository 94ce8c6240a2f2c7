"""Who is away and who stands in: said by oneself, one's agency's contact or the coordinator."""

from datetime import date, datetime

from candour.access.policy import Can, allows
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.members import words
from candour.members.actions.places import OnRecordOf, Where
from candour.notices import absences
from candour.notices.actions import post
from candour.people.models import Absence, Grant, Membership, Partnership, User
from candour.trail.act import act, record


@act
def go_away(
    *,
    person: User,
    starts_on: date,
    ends_on: date,
    by: User,
    at: datetime,
    deputy: User | None = None,
    partnership: Partnership | None = None,
) -> Absence:
    """Say that somebody is away, and who stands in: one who holds the same role for the same service already."""
    User.objects.select_for_update().get(pk=person.pk)
    _may_say(by, person, partnership, at)
    if ends_on < max(starts_on, today(at)):
        raise Refused("The last day away cannot be before the first, or in the past.")
    if Absence.objects.filter(user=person, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Refused("There is an absence on some of these days already. Call that one off first.")
    _check_deputy(person, deputy, at)
    made = Absence.objects.create(
        user=person, starts_on=starts_on, ends_on=ends_on, deputy=deputy, said_by=by, said_at=at
    )
    _record("said to be away", made, partnership, by, at)
    _tell(made, "away", by, at)
    return made


@act
def name_stand_in(
    *, absence: Absence, deputy: User | None, by: User, at: datetime, partnership: Partnership | None = None
) -> Absence:
    """Name who stands in during an absence that has been put down, somebody else than before, or nobody."""
    held = _held(absence)
    _may_say(by, held.user, partnership, at)
    if held.deputy != deputy:
        _check_deputy(held.user, deputy, at)
        former, held.deputy = held.deputy, deputy
        held.save(update_fields=["deputy"])
        _record("said who stands in", held, partnership, by, at)
        _tell(held, f"away:{at:%Y%m%dT%H%M%S}", by, at, former)
    return held


@act
def call_off(*, absence: Absence, by: User, at: datetime, partnership: Partnership | None = None) -> None:
    """Somebody is back, or not away after all: their messages come to them again."""
    held = _held(absence)
    _may_say(by, held.user, partnership, at)
    _record("said not to be away", held, partnership, by, at)
    _tell(held, "back", by, at)
    held.delete()


def _held(absence: Absence) -> Absence:
    rows = Absence.objects.select_for_update(of=("self",)).select_related("user", "deputy")
    held = rows.filter(pk=absence.pk).first()
    if held is None:
        raise Refused("This absence has been called off already.")
    return held


def _may_say(by: User, person: User, partnership: Partnership | None, at: datetime) -> None:
    """Oneself; the coordinator where an agency of theirs belongs to the partnership; the contact of their agency."""
    held = Grant.objects.filter(user=person, role__in=absences.WORKING, withdrawn_at__isnull=True).order_by("pk")
    agencies = {grant.agency for grant in held.exclude(ends_on__lt=today(at)).select_related("agency") if grant.agency}
    if not agencies:
        raise Refused("Only contacts, auditors and authorisers have messages that somebody else could take.")
    if by.pk == person.pk:
        return
    here = Membership.objects.on(today(at)).filter(partnership=partnership, agency__in=agencies)
    if partnership and here.exists() and allows(by, Can.MANAGE_PEOPLE, Where(partnership, None)):
        return
    if partnership and any(allows(by, Can.MANAGE_OWN_PEOPLE, Where(partnership, agency)) for agency in agencies):
        return
    raise Refused("They can say so themselves, or the coordinator or their agency's contact can.")


def _check_deputy(person: User, deputy: User | None, at: datetime) -> None:
    if deputy and deputy not in absences.could_stand_in(person, today(at)):
        raise Refused(f"{deputy} does not hold the same role for the same service, so they cannot stand in.")


def _record(verb: str, absence: Absence, partnership: Partnership | None, by: User, at: datetime) -> None:
    person = absence.user
    told = {"from": absence.starts_on, "until": absence.ends_on, "stands in": absence.deputy_id or ""}
    record(verb, on=OnRecordOf(person, partnership) if partnership else person, by=by, at=at, detail=told)


def _tell(absence: Absence, what: str, by: User, at: datetime, former: User | None = None) -> None:
    """Whoever is away, whoever stands in, and whoever did so before and is still there, save the one who says so."""
    if former and former not in absences.could_stand_in(absence.user, today(at)):
        former = None
    for person in (absence.user, absence.deputy, former):
        if person and person.pk != by.pk:
            letter = words.absence(absence, what, person, by)
            key = f"{what}:{absence.pk}:{person.pk}"
            post(key=key, to=person, subject=letter.subject, body=letter.body, at=at)
