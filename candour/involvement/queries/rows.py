"""What involvement can tell: who was asked, who answered what, who owes a return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, prefetch_related_objects

from candour.focus import queries as focus
from candour.focus.flow import MilestoneKind
from candour.focus.models import ExpectedService
from candour.identity import queries as identity
from candour.identity.models import Subject
from candour.involvement.flow import State
from candour.involvement.models import Ask, AskedCase, Closing, Involvement, Known, Outcome, Screening
from candour.people.models import Grant, Role, Service, ServiceKind, User
from candour.sampling.flow import CaseState
from candour.sampling.models import Case

if TYPE_CHECKING:
    from candour.focus.models import Audit

OWED = Q(answer=Known.KNOWN) | Q(return_wanted=True)
"""The answers of which a return is owed; of one that is at hand, `owes` says the same."""
SCREENING_KINDS = (ServiceKind.SOCIAL_CARE, ServiceKind.POLICE)


@dataclass
class Prepared:
    """How far one case is before its services are asked."""

    case: Case
    persons: int = 0
    matches: list[identity.Match] = field(default_factory=list)
    screenings: list[Screening] = field(default_factory=list)
    asked: bool = False

    @property
    def flagged(self) -> list[Screening]:
        """What screening found that nobody has decided on yet."""
        return [one for one in self.screenings if one.outcome not in ("", Outcome.CLEAR) and not one.kept_at]

    @property
    def waiting(self) -> list[Screening]:
        """The services that have not yet looked at it; nobody waits for one whose ask was withdrawn."""
        return [one for one in self.screenings if not one.outcome and one.ask.state != State.WITHDRAWN]

    @property
    def cleared(self) -> bool:
        """Whether its services may be asked: where it was to be looked at first, by somebody."""
        looked_at = not self.screenings or any(one.outcome for one in self.screenings)
        return self.persons > 0 and looked_at and not self.flagged and not self.waiting


def cases_of(audit: Audit) -> QuerySet[Case]:
    """The cases of an audit that are looked at, by number."""
    return Case.objects.filter(audit=audit).active().order_by("number", "pk")


def files_of(audit: Audit) -> list[Subject]:
    """The files of identities of an audit's cases, those replaced since too."""
    return list(Subject.objects.filter(case__audit=audit).order_by("pk"))


def asking_closed(audit: Audit) -> bool:
    """Whether nobody is asked any more, because the discussion or the audit has been closed."""
    return Closing.objects.filter(audit=audit).exists()


def screening_services(audit: Audit) -> list[Service]:
    """The services that look at the sample before others learn a name."""
    return [service for service in focus.expected_services(audit) if service.kind in SCREENING_KINDS]


def screened_audits(audits: Iterable[Audit]) -> set[str]:
    """The audits that expect a service which looks at the sample first."""
    found = ExpectedService.objects.filter(audit__in=list(audits), service__kind__in=SCREENING_KINDS)
    return set(found.values_list("audit_id", flat=True))


def preparation(audit: Audit) -> list[Prepared]:
    """Each case with its identities, where they are held already, what screening said, and whether it was asked."""
    rows = preparations([audit])[audit.pk]
    matches = identity.matches_by_subject([row.case.subject_id for row in rows if row.case.subject_id])
    for row in rows:
        row.matches = matches.get(row.case.subject_id or "", [])
    return rows


def preparations(audits: Iterable[Audit]) -> dict[str, list[Prepared]]:
    """The cases of several audits with how far each is, in a fixed number of queries."""
    ids = [audit.pk for audit in audits]
    cases = list(
        Case.objects.filter(audit__in=ids).active().select_related("subject").order_by("audit_id", "number", "pk")
    )
    counts = identity.counted(case.subject_id for case in cases if case.subject_id)
    active = {"case__audit__in": ids, "case__state": CaseState.ACTIVE}
    screenings = defaultdict(list)
    looked = Screening.objects.filter(**active).select_related("service", "ask", "answered_by", "kept_by")
    for one in looked.order_by("service__name", "pk"):
        screenings[one.case_id].append(one)
    asked = set(AskedCase.objects.filter(**active).values_list("case_id", flat=True))
    found: dict[str, list[Prepared]] = {pk: [] for pk in ids}
    for case in cases:
        persons = counts.get(case.subject_id or "", 0)
        found[case.audit_id].append(Prepared(case, persons, [], screenings[case.pk], case.pk in asked))
    return found


def people_of(services: Iterable[Service], role: str, on: date) -> dict[str, list[User]]:
    """Per service, the people who hold a role for it on a day, by name."""
    services = list(services)
    agencies = {service.agency_id for service in services}
    grants = Grant.objects.in_force(on).filter(role=role, agency__in=agencies, user__is_active=True)
    found: dict[str, dict[str, User]] = {service.pk: {} for service in services}
    for grant in grants.select_related("user").order_by("deputy", "user__name", "user_id"):
        for service in services:
            if grant.agency_id == service.agency_id and grant.service_id in (None, service.pk):
                found[service.pk].setdefault(grant.user_id, grant.user)
    return {pk: list(people.values()) for pk, people in found.items()}


def coordinators_of(audit: Audit, on: date) -> list[User]:
    """The people who run audits in this partnership."""
    return list(User.objects.holding(Role.COORDINATOR, partnership=audit.partnership_id, on=on))


def involvements(audit: Audit) -> QuerySet[Involvement]:
    """The answers about the cases that an audit still looks at."""
    return (
        Involvement.objects.filter(audit=audit, case__state=CaseState.ACTIVE)
        .select_related("case", "service__agency", "auditor", "authoriser")
        .order_by("case__number", "service__agency__name", "service__name", "pk")
    )


def owing(audit: Audit) -> QuerySet[Involvement]:
    """The answers that owe a return: known in the period, or wanted by the coordinator all the same."""
    return involvements(audit).filter(OWED)


def asked_cases(ask: Ask) -> list[AskedCase]:
    """The cases that an ask covers and that the audit still looks at, by number."""
    return list(
        AskedCase.objects.filter(ask=ask, case__state=CaseState.ACTIVE)
        .select_related("case__subject", "mentioned_by", "ask__service__agency", "ask__audit")
        .order_by("case__number", "pk")
    )


def answers_to(ask: Ask) -> dict[str, Involvement]:
    """What a service has answered about each case of an audit."""
    rows = Involvement.objects.filter(audit=ask.audit_id, service=ask.service_id, case__state=CaseState.ACTIVE)
    return {
        row.case_id: row for row in rows.select_related("case", "auditor", "authoriser").order_by("case__number", "pk")
    }


def owing_of(ask: Ask) -> list[Involvement]:
    """The answers of a service that owe a return, each with who completes it and who shares in it."""
    rows = [row for row in answers_to(ask).values() if row.owes]
    prefetch_related_objects(rows, "sharers")
    return rows


def screenings_of(ask: Ask) -> list[Screening]:
    """The cases that a service was asked to look at before others learn a name."""
    return list(
        Screening.objects.filter(ask=ask, case__state=CaseState.ACTIVE)
        .select_related("case__subject", "answered_by", "ask__service__agency", "ask__audit")
        .order_by("case__number", "pk")
    )


def unanswered(ask: Ask) -> list[Case]:
    """The cases about which a service has been asked and has said nothing."""
    answered = answers_to(ask)
    return [row.case for row in asked_cases(ask) if row.case_id not in answered]


def due_on(audit: Audit) -> date | None:
    """The day by which services answer."""
    return focus.due_on(audit, MilestoneKind.INVOLVEMENT)


def history(involvement: Involvement) -> list[object]:
    """What an answer said before, newest first."""
    return list(involvement.corrections.select_related("answered_by").order_by("-version", "pk"))


def addable_services(audit: Audit, on: date) -> list[Service]:
    """Services of the partnership's agencies that could be asked as well."""
    grouped = focus.services_by_agency(audit.partnership, on)
    return [service for _, services in grouped for service in services]


def live_asks(audit: Audit) -> list[Ask]:
    """The asks of an audit that have not been withdrawn, by agency and service."""
    return [ask for ask in all_asks(audit) if ask.state != State.WITHDRAWN]


def all_asks(audit: Audit) -> list[Ask]:
    """The asks of an audit, withdrawn ones too, by agency and service."""
    asks = Ask.objects.filter(audit=audit).select_related("service__agency")
    return list(asks.order_by("service__agency__name", "service__name", "pk"))


def ask_behind(involvement: Involvement) -> Ask:
    """The ask that an answer answers."""
    return Ask.objects.select_related("service", "audit").get(
        audit=involvement.audit_id, service=involvement.service_id
    )


@dataclass(frozen=True)
class Ready:
    """What can be done now with the cases of an audit: how many to screen, how many to ask about."""

    nameless: int
    to_screen: int
    to_ask: int
    screens: bool


def ready(audit: Audit, rows: list[Prepared]) -> Ready:
    """What can be done now with the cases of an audit."""
    screens = bool(screening_services(audit))
    new = [row for row in rows if not row.asked]
    return Ready(
        nameless=sum(1 for row in new if not row.persons),
        to_screen=sum(1 for row in new if screens and row.persons and not row.screenings),
        to_ask=sum(1 for row in new if row.cleared and (row.screenings or not screens)),
        screens=screens,
    )
