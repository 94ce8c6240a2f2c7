"""What is kept until when, what a hold keeps longer, and what is due to go."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from candour.access.viewer import viewer_of
from candour.concerns.models import Concern
from candour.focus.models import Audit
from candour.identity.models import Subject
from candour.involvement import queries as involvement
from candour.involvement.models import Visit
from candour.kernel.clock import today
from candour.kernel.models import Key
from candour.kernel.tasks import Task
from candour.people.models import Partnership, Role, User
from candour.retention.models import MONTHS, Hold, Kind, Period
from candour.sampling.models import Case, CaseList

NOTICE = timedelta(days=14)
"""How long ahead the coordinator is told that something is removed."""


@dataclass(frozen=True)
class Due:
    """One thing that is kept: what it is, whose, and from which day on it is removed; no day while its audit is open."""

    kind: Kind
    pk: str
    audit: Audit
    on: date | None
    case: Case | None = None
    shown: bool = True
    """Whether the coordinator may know of it; of a concern about practice only its owner does."""
    held: bool = False
    since: date | None = None
    """From which day its time counts; nothing where it bears its day itself."""
    waits: bool = False
    """Who came raised a concern that is still kept: their name goes after it. Nobody is told of which, so that its day
    stands in the list as it would otherwise."""


@dataclass
class Line:
    """The things of one kind and one audit that are removed on one day, as the page lists them."""

    kind: Kind
    audit: Audit
    on: date | None
    held: bool
    cases: list[int] = field(default_factory=list)
    count: int = 0

    @property
    def what(self) -> str:
        """In words: which kind, and of which cases."""
        numbers = ", ".join(map(str, sorted(set(self.cases))))
        return (
            f"{self.kind.label}: case{'s' if len(set(self.cases)) > 1 else ''} {numbers}"
            if numbers
            else self.kind.label
        )


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def periods(partnership: Partnership) -> dict[Kind, int]:
    """How many months this partnership keeps each kind of record."""
    own = dict(Period.objects.filter(partnership=partnership).values_list("kind", "months"))
    return {kind: own.get(kind.value, months) for kind, months in MONTHS.items()}


def holds(partnership: Partnership) -> list[Hold]:
    """The holds that stand, the newest first."""
    rows = Hold.objects.filter(partnership=partnership, lifted_at__isnull=True)
    return list(rows.select_related("audit", "case", "by").order_by("-at", "id"))


def held(*, audit: Audit | None = None, subject: Subject | None = None) -> bool:
    """Whether a legal hold stands on any of an audit, or on the case of a file."""
    standing = Hold.objects.filter(lifted_at__isnull=True)
    if subject is not None:
        ours = Case.objects.filter(subject=subject)
        return standing.filter(Q(case__in=ours) | Q(case__isnull=True, audit__in=ours.values("audit"))).exists()
    return standing.filter(audit=audit).exists()


def schedule(
    partnership: Partnership, months: dict[Kind, int] | None = None, standing: list[Hold] | None = None
) -> list[Due]:
    """Everything that this partnership keeps for a time, with its day: what the page lists and the worker removes."""
    months = periods(partnership) if months is None else months
    standing = holds(partnership) if standing is None else standing
    whole = {hold.audit_id for hold in standing if hold.case_id is None}
    single, touched = {hold.case_id for hold in standing}, {hold.audit_id for hold in standing}

    def take(
        kind: Kind, pk: str, since: date | None, audit: Audit, case: Any = None, shown: bool = True, waits: bool = False
    ) -> None:
        stays = (audit.pk in whole or case.pk in single) if case else audit.pk in touched
        on = since and months_after(since, months[kind])
        found.append(Due(kind, pk, audit, on, case, shown, stays, since, waits))

    found: list[Due] = []
    for case in _cases(partnership):
        since = _day(case.audit.closed_at)
        if case.subject_id and case.subject.erased_at is None:
            take(Kind.IDENTITIES, case.subject_id, since, case.audit, case)
        if case.sealed:
            take(Kind.TEXT, case.pk, since, case.audit, case)
    for audit in _audits(partnership):
        take(Kind.REPORT, audit.pk, _day(audit.closed_at), audit)
    for one in _concerns(partnership):
        take(Kind.CONCERNS, one.pk, _day(one.closed_at), one.case.audit, one.case, one.kind == "unsafe")
    for visit in involvement.named_visits(partnership).annotate(waits=Exists(_raised())):
        since = _day(visit.ended_at) or visit.until
        take(Kind.VISITS, visit.pk, since, visit.audit, visit.case, waits=visit.waits)
    for file in CaseList.objects.filter(partnership=partnership).in_hand().select_related("audit").order_by("pk"):
        found.append(Due(Kind.LISTS, file.pk, file.audit, file.purge_on, held=file.audit_id in touched))
    return found


def _day(at: Any) -> date | None:
    return today(at) if at else None


def _keyed(rows: Any) -> Any:
    return rows.annotate(sealed=Exists(Key.objects.filter(owner=OuterRef("pk"), destroyed_at__isnull=True)))


def _cases(partnership: Partnership) -> Iterable[Any]:
    rows = _keyed(Case.objects.filter(partnership=partnership))
    return rows.select_related("audit", "subject").order_by("audit__code", "number", "pk")


def _audits(partnership: Partnership) -> Iterable[Audit]:
    return _keyed(Audit.objects.filter(partnership=partnership)).filter(sealed=True).order_by("code", "pk")


def _concerns(partnership: Partnership) -> Iterable[Concern]:
    rows = _keyed(Concern.objects.filter(partnership=partnership)).filter(sealed=True)
    return rows.select_related("case__audit").order_by("raised_at", "pk")


def _raised() -> Any:
    """The concerns that who was called in for a visit has raised, as long as they can be read."""
    return _keyed(Concern.objects.filter(raised_by=OuterRef("user"))).filter(sealed=True)


def holdable(partnership: Partnership) -> dict[str, list[Any]]:
    """The audits and cases on which a hold can be set."""
    audits = list(Audit.objects.filter(partnership=partnership).order_by("-code", "pk"))
    cases = list(Case.objects.filter(partnership=partnership).order_by("audit__code", "number", "pk"))
    return {"audits": audits, "cases": cases}


def holds_back(one: Due) -> bool:
    """Whether a hold stands on this now, asked again in the act that removes it."""
    standing = Hold.objects.filter(lifted_at__isnull=True, audit=one.audit)
    return (standing.filter(Q(case__isnull=True) | Q(case=one.case)) if one.case else standing).exists()


def due(partnership: Partnership, on: date) -> list[Due]:
    """What is to be removed on a day: its date has come, no hold stands on it, and it waits for nothing."""
    return [one for one in schedule(partnership) if one.on and one.on <= on and not one.held and not one.waits]


def sudden(partnership: Partnership, months: dict[Kind, int], on: date) -> int:
    """How many records new times would remove before the coordinator has been told two weeks ahead."""
    soon, now = on + NOTICE, periods(partnership)
    near = (one for one in schedule(partnership, months) if one.shown and one.on and one.on <= soon and not one.held)
    return sum(1 for one in near if one.since and months_after(one.since, now[one.kind]) > soon)


def lines(
    partnership: Partnership, months: dict[Kind, int] | None = None, standing: list[Hold] | None = None
) -> list[Line]:
    """The list of what is removed when, the next first; what has no day yet and what is held come last.

    What waits past its day leaves the list like everything else: to be seen longer would tell who raised a concern.
    """
    found: dict[tuple[Any, ...], Line] = {}
    on = today()
    for one in schedule(partnership, months, standing):
        past = one.waits and not one.held and one.on and one.on <= on
        if one.shown and not past:
            key = (one.kind, one.audit.pk, one.on, one.held)
            line = found.setdefault(key, Line(one.kind, one.audit, one.on, one.held))
            line.count += 1
            line.cases += [one.case.number] if one.case else []
    order = list(Kind)
    return sorted(
        found.values(),
        key=lambda line: (line.on is None, line.held, line.on or date.max, line.audit.code, order.index(line.kind)),
    )


def kept_in(user: User) -> list[Partnership]:
    """The partnerships whose records a person looks after."""
    ids = viewer_of(user).partnerships_as(Role.COORDINATOR)
    return list(Partnership.objects.filter(pk__in=ids).order_by("name", "pk"))


def tasks(user: User, on: date) -> list[Task]:
    """That something is removed within two weeks, so that whoever must keep it can say so."""
    coordinated = viewer_of(user).coordinates
    if not coordinated or not (near := _near(coordinated, on)):
        return []
    made = []
    for partnership in Partnership.objects.filter(pk__in=near).order_by("name", "pk"):
        every = [one for one in lines(partnership) if one.on and on - NOTICE < one.on <= on + NOTICE]
        made += [_kept_list(line, partnership) for line in every if line.held and line.kind == Kind.LISTS]
        soon = [one for one in every if one.on and on < one.on and not one.held]
        for day in sorted({line.on for line in soon if line.on and line.kind != Kind.LISTS}):
            count = sum(line.count for line in soon if line.on == day and line.kind != Kind.LISTS)
            made.append(
                Task(
                    f"{count} record{'s are' if count > 1 else ' is'} removed on {day.day} {day:%B %Y}",
                    reverse("retention:show", args=[partnership.pk]),
                    due=day,
                    note="Nothing to do, unless some of it must be kept: then set a legal hold.",
                    partnership=str(partnership),
                )
            )
    return made


def _kept_list(line: Line, partnership: Partnership) -> Task:
    """That a list stays although its day has come or comes, told for two weeks around that day."""
    day = f"{line.on.day} {line.on:%B %Y}" if line.on else ""
    return Task(
        f"A legal hold keeps the case list of {line.audit.code} past its day",
        reverse("retention:show", args=[partnership.pk]),
        note=f"It was to go on {day}. Nothing to do while it must be kept; once the hold is lifted, it goes by itself.",
        partnership=str(partnership),
        tag="Held",
    )


def _near(partnerships: Iterable[str], on: date) -> set[str]:
    """Those in which something ended so long ago that it may soon be removed, or a list stays past its day."""
    own = {(row.partnership_id, row.kind): row.months for row in Period.objects.filter(partnership__in=partnerships)}
    near = {kind: Q(pk__in=()) for kind in MONTHS}
    for home in sorted(partnerships):
        for kind, months in MONTHS.items():
            first = months_after(on, -own.get((home, kind.value), months))
            days = (first - timedelta(days=4), first + timedelta(days=18))
            if kind == Kind.VISITS:
                near[kind] |= Q(partnership=home) & (Q(ended_at__date__range=days) | Q(until__range=days))
            else:
                near[kind] |= Q(partnership=home, closed_at__date__range=days)
    audits = near[Kind.IDENTITIES] | near[Kind.TEXT] | near[Kind.REPORT]
    past = CaseList.objects.filter(partnership__in=partnerships, purge_on__range=(on - NOTICE, on + NOTICE)).in_hand()
    past = past.filter(Exists(Hold.objects.filter(audit=OuterRef("audit"), lifted_at__isnull=True)))
    rows = (
        Audit.objects.filter(audits), Concern.objects.filter(near[Kind.CONCERNS], kind="unsafe"),
        Visit.objects.filter(near[Kind.VISITS]), past,
    )  # fmt: skip
    one, *others = (found.order_by().values_list("partnership_id", flat=True) for found in rows)
    return set(one.union(*others))
