"""Which agencies are late in an audit with answers or returns, and when their board member hears of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q

from candour.appraisal.flow import State
from candour.appraisal.queries.reading import DUE
from candour.focus.flow import State as AuditState
from candour.focus.models import Audit
from candour.involvement import queries as involvement
from candour.involvement.models import Involvement
from candour.kernel.clock import add_working_days
from candour.notices import queries as notices
from candour.people.models import Membership
from candour.sampling.flow import CaseState

BODY = """Dear {name},

Your agency takes part in audit {code} of {partnership}. Still to come from it:

{owed}

Please see that somebody there has the time for it, or tell {partnership} what stands in the way. Those who do the \
work have been reminded. You need not sign in, and this message tells nothing about any child."""


@dataclass(frozen=True)
class Owed:
    """What one service still owes, and since when."""

    service: str
    what: str
    many: int
    due: date

    def __str__(self) -> str:
        return f"{self.service}: {self.many} {self.what if self.many == 1 else self.what + 's'}"


@dataclass
class Late:
    """One agency that is late in one audit: what it owes, and the messages to its board member."""

    audit: Audit
    membership: Membership
    owed: list[Owed] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    """The messages so far, as (their key, where each stands)."""

    @property
    def steps(self) -> list[tuple[date, str]]:
        """Each message that its board member gets while something is owed: the day, and the key of the message."""
        pauses = self.audit.partnership.pauses()
        made = [
            (add_working_days(due, days, pauses), f"{self.start}{due}:{days}")
            for due in {one.due for one in self.owed}
            for days in self.audit.escalate_on
        ]
        return sorted(made)

    @property
    def start(self) -> str:
        """How the keys of its messages begin."""
        return f"escalation:{self.audit.pk}:{self.membership.pk}:"

    def reached(self, on: date) -> str:
        """The key of the message that is to go by now, empty where none is: the latest, if it has not gone."""
        gone = {key for key, _ in self.sent}
        passed = [key for day, key in self.steps if day <= on]
        return passed[-1] if passed and passed[-1] not in gone else ""

    def next_on(self, on: date) -> date | None:
        """The day on which the next message goes, as far as one is to come."""
        if self.reached(on):
            return on
        return next((day for day, _ in self.steps if day > on), None)


def letter(one: Late) -> tuple[str, str]:
    """Subject and body of what a board member reads."""
    owed = "\n".join(f"- {row}, due on {row.due:%A} {row.due.day} {row.due:%B}" for row in one.owed)
    home = one.audit.partnership.name
    body = BODY.format(name=one.membership.board_name, code=one.audit.code, partnership=home, owed=owed)
    return f"{one.audit.partnership.short_name}: your agency’s part in audit {one.audit.code} is late", body


def late(audits: Iterable[Audit], on: date) -> list[Late]:
    """The agencies that are late in these audits on a day, by audit and name."""
    every = {audit.pk: audit for audit in audits}
    owed = _owed(list(every.values()), on)
    agencies = {agency for _, agency in owed}
    homes = {audit.partnership_id for audit in every.values()}
    members = Membership.objects.on(on).filter(partnership__in=homes, agency__in=agencies).select_related("agency")
    places = {(one.partnership_id, one.agency_id): one for one in members}
    found = [
        Late(every[pk], place, rows)
        for (pk, agency), rows in owed.items()
        if (place := places.get((every[pk].partnership_id, agency)))
    ]
    for one in found:
        one.owed.sort(key=lambda row: (row.due, row.service, row.what))
    return sorted(found, key=lambda one: (one.audit.code, one.membership.agency.name, one.membership.pk))


def with_messages(rows: list[Late]) -> list[Late]:
    """The same with the messages that their board members have been sent, in one question an audit."""
    for audit in {one.audit.pk for one in rows}:
        gone = notices.with_key(f"escalation:{audit}:")
        for one in rows:
            if one.audit.pk == audit:
                one.sent = [(key, state) for key, state, _ in gone if key.startswith(one.start)]
    return rows


def _owed(audits: list[Audit], on: date) -> dict[tuple[str, str], list[Owed]]:
    found: dict[tuple[str, str], list[Owed]] = defaultdict(list)
    for ask, missing in involvement.late_asks(audits, on):
        owed = Owed(ask.service.name, "answer", missing, ask.due_on or on)
        found[ask.audit_id, ask.service.agency_id].append(owed)
    dated = {"audit__milestones__kind": DUE, "audit__milestones__due_on__lt": on}
    rows = (
        Involvement.objects.filter(involvement.OWED, audit__in=audits, case__state=CaseState.ACTIVE, **dated)
        .filter(Q(ret__isnull=True) | ~Q(ret__state__in=(State.SUBMITTED, State.VOID)))
        .order_by("audit_id", "service__name", "service_id")
        .values("audit_id", name=F("service__name"), agency=F("service__agency_id"), due=F("audit__milestones__due_on"))
        .annotate(many=Count("pk"))
    )
    for row in rows:
        found[row["audit_id"], row["agency"]].append(Owed(row["name"], "return", row["many"], row["due"]))
    return dict(found)


def escalated(homes: Iterable[str] | None = None) -> list[Audit]:
    """The audits under way, of all partnerships or of some, in which board members hear; those paused left out."""
    rows = Audit.objects.filter(state=AuditState.UNDER_WAY, escalation_paused_at__isnull=True)
    rows = rows if homes is None else rows.filter(partnership__in=set(homes))
    return list(rows.exclude(escalate_on=[]).select_related("partnership").order_by("code", "pk"))
