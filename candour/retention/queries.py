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

    def day(at: Any, kind: Kind) -> date | None:
        return months_after(today(at), months[kind]) if at else None

    found = []
    for case in _cases(partnership):
        stays = case.audit_id in whole or case.pk in single
        if case.subject_id and case.subject.erased_at is None:
            on = day(case.audit.closed_at, Kind.IDENTITIES)
            found.append(Due(Kind.IDENTITIES, case.subject_id, case.audit, on, case, held=stays))
        if case.sealed:
            on = day(case.audit.closed_at, Kind.TEXT)
            found.append(Due(Kind.TEXT, case.pk, case.audit, on, case, held=stays))
    for audit in _audits(partnership):
        on = day(audit.closed_at, Kind.REPORT)
        found.append(Due(Kind.REPORT, audit.pk, audit, on, held=audit.pk in touched))
    for one in _concerns(partnership):
        stays, on = one.case.audit_id in whole or one.case_id in single, day(one.closed_at, Kind.CONCERNS)
        shown = one.kind == "unsafe"
        found.append(Due(Kind.CONCERNS, one.pk, one.case.audit, on, one.case, shown, stays))
    for file in CaseList.objects.filter(partnership=partnership).in_hand().select_related("audit").order_by("pk"):
        found.append(Due(Kind.LISTS, file.pk, file.audit, file.purge_on, held=file.audit_id in touched))
    return found


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
    """What is to be removed on a day: its date has come, and no hold stands on it."""
    return [one for one in schedule(partnership) if one.on and one.on <= on and not one.held]


def sudden(partnership: Partnership, months: dict[Kind, int], on: date) -> int:
    """How many records new times would remove before the coordinator has been told two weeks ahead."""
    soon = on + NOTICE
    before = {(one.kind, one.pk) for one in schedule(partnership) if one.on and one.on <= soon}
    return sum(
        1
        for one in schedule(partnership, months)
        if one.shown and one.on and one.on <= soon and not one.held and (one.kind, one.pk) not in before
    )


def lines(
    partnership: Partnership, months: dict[Kind, int] | None = None, standing: list[Hold] | None = None
) -> list[Line]:
    """The list of what is removed when, the next first; what has no day yet and what is held come last."""
    found: dict[tuple[Any, ...], Line] = {}
    for one in schedule(partnership, months, standing):
        if one.shown:
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
        soon = [one for one in lines(partnership) if one.on and on < one.on <= on + NOTICE and not one.held]
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


def _near(partnerships: Iterable[str], on: date) -> set[str]:
    """Those in which an audit or a concern was closed so long ago that something of it may soon be removed."""
    own = {(row.partnership_id, row.kind): row.months for row in Period.objects.filter(partnership__in=partnerships)}
    near, closed = Q(pk__in=()), Q(pk__in=())
    for home in sorted(partnerships):
        for kind, months in MONTHS.items():
            first = months_after(on, -own.get((home, kind.value), months))
            span = Q(partnership=home, closed_at__date__range=(first - timedelta(days=4), first + timedelta(days=18)))
            near |= span
            closed |= span & Q(kind="unsafe") if kind == Kind.CONCERNS else Q(pk__in=())
    audits = Audit.objects.filter(near).order_by().values_list("partnership_id", flat=True)
    return set(audits.union(Concern.objects.filter(closed).order_by().values_list("partnership_id", flat=True)))
