"""Who completes a return and who checks it; and a return wanted of a service that owes none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from candour.access.policy import Can, demand
from candour.involvement import queries
from candour.involvement.actions.posting import returns_day
from candour.involvement.models import Ask, Involvement, Known
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.notices import actions as notices
from candour.people.models import Role, User
from candour.trail.act import act, record


@dataclass(frozen=True)
class Named:
    """Who completes the return of one case, and who checks it or that there is nobody independent to."""

    auditor: User | None = None
    authoriser: User | None = None
    no_authoriser: bool = False


@act
def name_people(*, ask: Ask, named: Mapping[str, Named], by: User, at: datetime) -> int:
    """Name auditor and authoriser for several cases of a service, all or none; naming others keeps the draft."""
    demand(by, Can.NAME_AUDITOR, ask)
    ask = Ask.objects.select_for_update(of=("self",)).select_related("audit", "service", "partnership").get(pk=ask.pk)
    day = today(at)
    auditors = {user.pk for user in queries.people_of([ask.service], Role.AUDITOR, day)[ask.service_id]}
    authorisers = {user.pk for user in queries.people_of([ask.service], Role.AUTHORISER, day)[ask.service_id]}
    answers = queries.answers_to(ask)
    changed = 0
    for case_id, names in named.items():
        row = answers.get(case_id)
        if row is None:
            raise Refused("One of these cases has no answer yet. Load the page again.")
        _check(row, names, auditors, authorisers)
        changed += _name(ask, row, names, by, at)
    return changed


@act
def want_return(*, involvement: Involvement, wanted: bool, by: User, at: datetime) -> Involvement:
    """Ask a service for a return although it did not know the child in the period, or no longer."""
    demand(by, Can.ASK_SERVICE, involvement)
    row = Involvement.objects.select_for_update().get(pk=involvement.pk)
    if row.answer == Known.KNOWN:
        raise Refused("This service knew the child in the period: its return is owed anyway.")
    if row.return_wanted != wanted:
        row.return_wanted = wanted
        row.save(update_fields=["return_wanted"])
        verb = "asked for a return" if wanted else "no longer asks for a return"
        record(verb, on=row, by=by, at=at, key=row.case_id)
    return row


def _check(row: Involvement, names: Named, auditors: set[str], authorisers: set[str]) -> None:
    auditor, authoriser = names.auditor, names.authoriser
    if auditor and auditor.pk != row.auditor_id and auditor.pk not in auditors:
        raise Refused(f"{row.case}: choose an auditor who holds that role in your service.")
    if authoriser and authoriser.pk != row.authoriser_id and authoriser.pk not in authorisers:
        raise Refused(f"{row.case}: choose an authoriser who holds that role in your service.")
    if auditor and authoriser and auditor.pk == authoriser.pk:
        raise Refused(f"{row.case}: whoever completes the return does not check it too.")
    if authoriser and names.no_authoriser:
        raise Refused(f"{row.case}: name an authoriser, or say that there is none; not both.")


def _name(ask: Ask, row: Involvement, names: Named, by: User, at: datetime) -> int:
    now = (row.auditor_id, row.authoriser_id, row.no_authoriser)
    new = (_pk(names.auditor), _pk(names.authoriser), names.no_authoriser)
    if now == new:
        return 0
    row.auditor, row.authoriser, row.no_authoriser = names.auditor, names.authoriser, names.no_authoriser
    row.save(update_fields=["auditor", "authoriser", "no_authoriser"])
    detail = {"auditor": new[0] or "", "authoriser": new[1] or "", "none": new[2]}
    record("named auditor and authoriser", on=row, by=by, at=at, detail=detail, key=row.case_id)
    told = [names.auditor] if names.auditor and names.auditor.pk != now[0] and names.auditor.pk != by.pk else []
    days = returns_day(ask.audit, told, at)
    for person in told:
        notices.post(
            key=f"named:{row.pk}:{person.pk}",
            to=person,
            subject=f"{ask.partnership.short_name}: you complete a return for audit {ask.audit.code}",
            body=f"You have been named to complete your service’s return about {row.case}. You need not do it in one go.",
            path=queries.return_page(row),
            partnership=ask.partnership,
            calendar=days.get(person.pk, ""),
            duty=(Role.AUDITOR, ask.service_id),
            at=at,
        )
    return 1


def _pk(user: User | None) -> str | None:
    return user.pk if user else None
