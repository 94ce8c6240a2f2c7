"""Whoever is away while something is wanted of them, with nobody standing in: the coordinator is prompted."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from candour.focus.flow import State as AuditState
from candour.involvement.flow import State
from candour.involvement.models import Ask, Involvement
from candour.involvement.queries.onward import given_returns
from candour.involvement.queries.rows import OWED, people_of
from candour.kernel.tasks import Task
from candour.notices import absences
from candour.people.models import Absence, Role
from candour.sampling.flow import CaseState

if TYPE_CHECKING:
    from collections.abc import Collection

    from candour.people.models import Partnership


def alone(mine: Collection[str], on: date) -> list[Task]:
    """What to do for the people of these partnerships' services who are away on a day without anybody standing in."""
    if not mine:
        return []
    here = Absence.objects.on(on).filter(user__grants__agency__memberships__partnership__in=mine)
    gone = absences.away(here.order_by("user_id").values_list("user_id", flat=True).distinct(), on)
    if not gone:
        return []
    running = {"audit__state": AuditState.UNDER_WAY, "audit__asking_closed__isnull": True, "partnership__in": mine}
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    homes: dict[str, Partnership] = {}
    for person, role, service, home in [*_contacts(running, gone, on), *_named(running, gone)]:
        if (role, service.pk) in gone[person].duties and not gone[person].stands_in((role, service.pk)):
            places[person, home.pk].add(str(service))
            homes[home.pk] = home
    return [_task(gone[person], homes[home], services) for (person, home), services in sorted(places.items())]


def _contacts(running: dict[str, Any], gone: dict[str, absences.Away], on: date) -> list[Any]:
    """Contacts of services that are asked, where no other contact is there."""
    asks = Ask.objects.filter(state=State.OPEN, **running).select_related("service", "partnership").order_by("pk")
    rows = list(asks)
    contacts = people_of([ask.service for ask in rows], Role.CONTACT, on)
    silent = [
        ask for ask in rows if contacts[ask.service_id] and all(one.pk in gone for one in contacts[ask.service_id])
    ]
    return [(one.pk, Role.CONTACT, ask.service, ask.partnership) for ask in silent for one in contacts[ask.service_id]]


def _named(running: dict[str, Any], gone: dict[str, absences.Away]) -> list[Any]:
    """Whoever completes or checks a return that is not in."""
    theirs = Q(auditor__in=gone) | Q(authoriser__in=gone)
    rows = Involvement.objects.filter(OWED, theirs, case__state=CaseState.ACTIVE, **running)
    found = list(rows.select_related("service", "partnership", "audit").order_by("pk"))
    given = {pk for audit in {row.audit for row in found} for pk in given_returns(audit)}
    return [
        (person, role, row.service, row.partnership)
        for row in found
        for person, role in ((row.auditor_id, Role.AUDITOR), (row.authoriser_id, Role.AUTHORISER))
        if person in gone and row.pk not in given
    ]


def _task(one: absences.Away, home: Partnership, services: set[str]) -> Task:
    return Task(
        f"{one.user} is {one.back} and nobody stands in",
        f"{reverse('members:away_of', args=[one.user.pk])}?in={home.slug}",
        note=f"{', '.join(sorted(services))}: name somebody, or have their work given to others.",
        partnership=home.short_name,
        tag="Away",
        tone="amber",
    )
