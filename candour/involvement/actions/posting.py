"""What the acts of involvement share: the ask itself, the day on which files close, and the messages."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from candour.focus import queries as focus
from candour.focus.flow import MilestoneKind
from candour.focus.flow import State as AuditState
from candour.focus.models import Audit
from candour.identity.models import Subject
from candour.involvement import queries
from candour.involvement.models import Ask, Closing
from candour.kernel.clock import add_working_days, today
from candour.kernel.errors import Refused
from candour.notices import absences
from candour.notices import actions as notices
from candour.people.models import Role, Service, User
from candour.sampling.models import Case

AT_LEAST_OPEN = timedelta(days=30)
DAYS_TO_ANSWER = 5


def held(audit: Audit) -> Audit:
    """The audit, locked, so that two coordinators who press at once ask once; refused where it is not under way."""
    audit = Audit.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=audit.pk)
    if audit.state != AuditState.UNDER_WAY:
        raise Refused("This audit is not under way, so nobody can be asked in it.")
    if Closing.objects.filter(audit=audit).exists():
        raise Refused("The discussion has been closed: nobody can be asked any more, and no identity opens again.")
    return audit


def ask_of(audit: Audit, service: Service, state: str, at: datetime) -> Ask:
    """The one ask of a service in an audit, made where there is none yet."""
    ask, _ = Ask.objects.get_or_create(
        audit=audit,
        service=service,
        defaults={"partnership_id": audit.partnership_id, "state": state, "due_on": answer_day(audit, at)},
    )
    return ask


def answer_day(audit: Audit, at: datetime) -> date:
    """The day by which a service answers: the timetable's, or five working days where that has passed."""
    due, day = queries.due_on(audit), today(at)
    if due and due > day:
        return due
    return add_working_days(day, DAYS_TO_ANSWER, audit.partnership.pauses())


def closing_day(audit: Audit, at: datetime) -> date:
    """The day after which files no longer open, even if nobody closes them: the discussion's, or thirty days on."""
    meets = focus.due_on(audit, MilestoneKind.DISCUSSION)
    day = today(at)
    return meets if meets and meets > day else day + AT_LEAST_OPEN


def file_of(case: Case) -> Subject:
    """The identities of a case, without which nobody can be asked about it."""
    if case.subject is None:
        raise Refused(f"Enter the identities of {case} first.")
    return case.subject


def tell_contacts(ask: Ask, what: str, subject: str, body: str, path: str, at: datetime) -> int:
    """Put a message to each contact of a service, or whoever stands in, into the outbox; it tells nothing of a child.

    The first one brings the day by which an answer is wanted into their calendars.
    """
    contacts = queries.people_of([ask.service], Role.CONTACT, today(at))[ask.service_id]
    readers = absences.readers(contacts, (Role.CONTACT, ask.service_id), today(at))
    days = notices.tell_deadline(**queries.answers_deadline(ask), people=[person for person, _ in readers], at=at)
    for person, lead in readers:
        notices.post(
            key=f"involvement:{ask.audit_id}:{ask.pk}:{what}:{at:%Y%m%dT%H%M%S}:{person.pk}",
            to=person,
            subject=subject,
            body=f"{lead}{body}\n\nNothing about any child is in this message.",
            path=path,
            partnership=ask.partnership,
            calendar=days.get(person.pk, ""),
            at=at,
        )
    return len(contacts)


def tell_coordinators(ask: Ask, what: str, subject: str, body: str, path: str, at: datetime) -> None:
    """Put a message to each coordinator of the partnership into the outbox."""
    for person in queries.coordinators_of(ask.audit, today(at)):
        notices.post(
            key=f"coordinator:{ask.audit_id}:{ask.pk}:{what}:{at:%Y%m%dT%H%M%S}:{person.pk}",
            to=person,
            subject=subject,
            body=body,
            path=path,
            partnership=ask.partnership,
            at=at,
        )


def returns_day(audit: Audit, people: Iterable[User], at: datetime) -> dict[str, str]:
    """The day by which returns are wanted, as a file for the calendar of each who is written to about one."""
    said = queries.returns_deadline(audit)
    return notices.tell_deadline(**said, people=people, at=at) if said else {}
