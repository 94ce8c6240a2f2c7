"""Asking the services: all expected ones at once, others as they are named, and again where they are silent."""

from collections.abc import Iterable
from datetime import date, datetime

from candour.access.policy import Can, demand
from candour.focus import queries as focus
from candour.focus.models import Audit
from candour.identity import actions as identity
from candour.involvement import queries
from candour.involvement.actions.calling import end_visits_to
from candour.involvement.actions.posting import answer_day, ask_of, closing_day, file_of, held, tell_contacts
from candour.involvement.flow import ASK, ASK_AGAIN, WITHDRAW, State
from candour.involvement.models import Ask, AskedCase
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.people.models import Service, User
from candour.sampling.models import Case
from candour.trail.act import act, record
from candour.trail.make import make

Between = tuple[date | None, date | None]
BODY = (
    "Please say which of the children in this audit your service knows, by {due}. It takes a few minutes: "
    "sign in, open the list, answer for each child. “Not known” is an answer too."
)


@act
def ask_services(*, audit: Audit, by: User, at: datetime) -> int:
    """Ask every expected service about the cases that nothing stands in the way of."""
    demand(by, Can.ASK_SERVICE, audit)
    audit = held(audit)
    rows = [row for row in queries.preparation(audit) if not row.asked]
    must_screen = bool(queries.screening_services(audit))
    cases = [row.case for row in rows if row.cleared and (row.screenings or not must_screen)]
    if not cases:
        raise Refused("There is no case to ask about yet: enter the identities and wait for the screening.")
    for service in focus.expected_services(audit):
        ask = ask_of(audit, service, State.OPEN, at)
        if ask.state == State.WITHDRAWN:
            continue
        _cover(ask, cases, by, at)
    record("asked the services", on=audit, by=by, at=at, detail={"cases": [case.number for case in cases]})
    return len(cases)


@act
def add_service(
    *,
    audit: Audit,
    service: Service,
    cases: Iterable[Case],
    mention: str,
    by: User,
    at: datetime,
    mentioned_by: Service | None = None,
    between: Between = (None, None),
) -> Ask:
    """Ask one more service about some cases, with where the mention of it comes from, and for which part of the
    period where a child moved."""
    demand(by, Can.ASK_SERVICE, audit)
    audit = held(audit)
    if service not in queries.addable_services(audit, today(at)):
        raise Refused("This service’s agency does not belong to the partnership.")
    wanted = {case.pk for case in cases}
    ready = {row.case.pk: row.case for row in queries.preparation(audit) if row.asked or row.cleared}
    if not wanted or not wanted <= ready.keys():
        raise Refused("Choose cases that have their identities and have been screened.")
    ask = ask_of(audit, service, State.OPEN, at)
    if ask.state == State.WITHDRAWN:
        raise Refused("The ask to this service has been withdrawn. Ask it again first.")
    covered = {row.case_id for row in queries.asked_cases(ask)}
    new = [ready[pk] for pk in sorted(wanted - covered, key=lambda pk: ready[pk].number)]
    if not new:
        raise Refused("This service has been asked about these cases already.")
    _cover(ask, new, by, at, mentioned_by=mentioned_by, mention=mention.strip(), between=between)
    record(
        "asked one more service",
        on=ask,
        by=by,
        at=at,
        detail={"service": service.pk, "cases": [case.number for case in new], "mention": mention.strip()},
    )
    return ask


@act
def remind(*, audit: Audit, asks: Iterable[Ask], by: User, at: datetime) -> int:
    """Remind services that still have children to answer for, once a day at most."""
    demand(by, Can.ASK_SERVICE, audit)
    audit = held(audit)
    wanted = {ask.pk for ask in asks if ask.audit_id == audit.pk}
    told = 0
    for line in queries.grid(audit, today(at)).unfinished:
        ask = line.ask
        if ask.pk not in wanted or (ask.reminded_at and today(ask.reminded_at) == today(at)):
            continue
        missing = line.asked - line.answered
        tell_contacts(
            ask,
            "remind",
            f"{audit.partnership.short_name}: {missing} {'answer' if missing == 1 else 'answers'} still to come",
            f"{BODY.format(due=_said(ask))} {line.answered} of {line.asked} answers are in.",
            f"/asks/{ask.pk}/",
            at,
        )
        ask.reminded_at = at
        ask.save(update_fields=["reminded_at"])
        record("reminded a service", on=ask, by=by, at=at, detail={"missing": missing})
        told += 1
    if not told:
        raise Refused("These services have answered, or have been reminded today.")
    return told


@act
def follow_timetable(*, at: datetime) -> None:
    """Give each ask the day that its audit's timetable has now, where the coordinator has moved it."""
    for ask, day in queries.moved_asks(today(at)):
        Ask.objects.filter(pk=ask.pk).update(due_on=day)
        record("moved the day of an ask", on=ask, by=None, at=at, detail={"due": day, "was": ask.due_on})


@act
def note_export(*, audit: Audit, by: User, at: datetime) -> None:
    """Put on record that somebody took the grid away as a file."""
    demand(by, Can.SEE_GRID, audit)
    record("exported the grid", on=audit, by=by, at=at)


@act
def withdraw_ask(*, ask: Ask, by: User, at: datetime) -> Ask:
    """Withdraw an ask made in error; the service no longer opens anything."""
    made = make(WITHDRAW, ask, by=by, at=at)
    asked, shown_first = queries.asked_cases(made), queries.screenings_of(made)
    for case in [row.case for row in asked] + [row.case for row in shown_first]:
        if case.subject:
            identity.close_openings(subject=case.subject, service=made.service, by=by, at=at)
    end_visits_to(ask=made, by=by, at=at)
    return made


@act
def ask_again(*, ask: Ask, by: User, at: datetime) -> Ask:
    """Ask a service after all, about the same cases, those among them that it was still to look at first."""
    held(ask.audit)
    made = make(ASK_AGAIN, ask, by=by, at=at)
    until = closing_day(made.audit, at)
    cases = {row.case_id: row.case for row in queries.asked_cases(made)}
    cases |= {row.case_id: row.case for row in queries.screenings_of(made) if not row.outcome}
    for case in cases.values():
        if case.subject:
            identity.grant_opening(subject=case.subject, service=made.service, until=until, by=by, at=at)
    return made


def _cover(
    ask: Ask,
    cases: list[Case],
    by: User,
    at: datetime,
    *,
    mentioned_by: Service | None = None,
    mention: str = "",
    between: Between = (None, None),
) -> None:
    if ask.state == State.SCREENING:
        ask = make(ASK, ask, by=by, at=at)
    until = closing_day(ask.audit, at)
    for case in cases:
        AskedCase.objects.create(
            partnership_id=ask.partnership_id,
            ask=ask,
            case=case,
            mentioned_by=mentioned_by,
            mention=mention,
            from_on=between[0],
            until_on=between[1],
            asked_at=at,
        )
        identity.grant_opening(subject=file_of(case), service=ask.service, until=until, by=by, at=at)
    if ask.asked_at is None or ask.due_on is None or ask.due_on < today(at):
        ask.due_on = answer_day(ask.audit, at)
    ask.asked_at = ask.asked_at or at
    ask.save(update_fields=["asked_at", "due_on"])
    tell_contacts(
        ask,
        "ask",
        f"{ask.partnership.short_name}: do you know these children? Audit {ask.audit.code}",
        BODY.format(due=_said(ask)),
        f"/asks/{ask.pk}/",
        at,
    )


def _said(ask: Ask) -> str:
    return f"{ask.due_on.day} {ask.due_on:%B}" if ask.due_on else "the date on the page"
