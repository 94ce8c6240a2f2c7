"""Somebody without an account is called in for one case, by a link and a code, and leaves when the return is in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from candour.access.policy import Can, demand
from candour.involvement import queries
from candour.involvement.actions.naming import demand_fresh_eyes
from candour.involvement.actions.posting import closing_day, held, returns_day, tell_coordinators
from candour.involvement.flow import State
from candour.involvement.models import Ask, Ended, Involvement, Known, Visit
from candour.kernel import codes
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.kernel.ids import new_id
from candour.notices import actions as notices
from candour.notices.numbers import as_mobile
from candour.notices.senders import can_text
from candour.people.models import Grant, Role, User
from candour.sampling.models import Case
from candour.trail.act import act, record

BODY = """Dear {name},

{partnership} is looking at how well agencies work together for children. {by} asks {service} to complete one short \
return from its own records{due}, and asks you to do it.

You need no account. Open the link below and type the code that {how}. You can stop at any time: what you have \
written is kept, and the same link and code bring you back to it until your return is in.

This message names no child. {by} can tell you more."""
PAUSE = timedelta(minutes=1)
NOBODY = "Somebody called in once"
"""What a return says of who wrote it, once that is kept no longer."""


@dataclass(frozen=True)
class Called:
    """Somebody called in, and the code to read out to them; empty where it went by text message."""

    visit: Visit
    code: str = ""


@act
def call_in(
    *,
    ask: Ask,
    case: Case,
    name: str,
    email: str,
    by_text: bool,
    mobile: str,
    authoriser: User | None,
    by: User,
    at: datetime,
) -> Called:
    """Call somebody in to complete the return of one case; they hold a role for that case alone, until it is in."""
    demand(by, Can.ASK_SERVICE, ask)
    audit = held(ask.audit)
    ask = Ask.objects.select_for_update(of=("self",)).select_related("audit", "service", "partnership").get(pk=ask.pk)
    if ask.state != State.OPEN:
        raise Refused("This service has not been asked yet, or its ask was withdrawn. Ask it first.")
    if case.pk not in {one.pk for one in queries.callable_cases(ask)}:
        raise Refused(f"{case}: somebody completes this return already, or the service does not know the child.")
    if by_text and not as_mobile(mobile):
        raise Refused("This is not a mobile number. Write it like 07700 900123, or with + and the country’s code.")
    answer = _answer(ask, case, by, at)
    if authoriser:
        demand_fresh_eyes(answer, authoriser, queries.bars([answer])[answer.pk])
    until = closing_day(audit, at)
    person = User(email=f"{new_id()}@once.invalid", name=name.strip(), mail_to=email.strip().lower(), joined_at=at)
    person.set_unusable_password()
    person.save(force_insert=True)
    grant = Grant.objects.create(
        user=person, role=Role.ONCE, agency=ask.service.agency, service=ask.service, starts_on=today(at),
        ends_on=until, given_by=by,
    )  # fmt: skip
    answer.auditor, answer.authoriser, answer.no_authoriser = person, authoriser, authoriser is None
    answer.save(update_fields=["auditor", "authoriser", "no_authoriser"])
    visit = Visit.objects.create(
        partnership_id=ask.partnership_id, audit_id=ask.audit_id, case=case, service=ask.service, involvement=answer,
        user=person, grant=grant, by_text=by_text, mobile=as_mobile(mobile) if by_text else "", until=until,
        called_by=by, called_at=at,
    )  # fmt: skip
    detail = {"person": person.pk, "until": until, "code": "text" if by_text else "read out"}
    record("called somebody in for one case", on=visit, by=by, at=at, detail=detail, key=case.pk)
    _post_link(visit, at)
    return _new_code(visit, at)


def _answer(ask: Ask, case: Case, by: User, at: datetime) -> Involvement:
    """The answer that owes the return; where the service gave none, the mention of it stands for one."""
    answer = queries.answers_to(ask).get(case.pk)
    if answer is None:
        answer = Involvement(
            partnership_id=ask.partnership_id, audit_id=ask.audit_id, case_id=case.pk, service_id=ask.service_id,
            answer=Known.KNOWN, answered_by=by, answered_at=at,
            note="Taken down by the coordinator, who called somebody in for this case.",
        )  # fmt: skip
        answer.save(force_insert=True)
        record("answered for a case", on=answer, by=by, at=at, detail={"answer": answer.answer}, key=case.pk)
    elif not answer.owes:
        answer.return_wanted = True
        answer.save(update_fields=["return_wanted"])
        record("asked for a return", on=answer, by=by, at=at, key=case.pk)
    return answer


@act
def call_again(*, visit: Visit, by: User, at: datetime) -> Called:
    """Send a new link and make a new code; the old ones open nothing any more."""
    demand(by, Can.ASK_SERVICE, visit)
    visit = _live(visit)
    visit.link += 1
    visit.save(update_fields=["link"])
    record("sent a new link for one case", on=visit, by=by, at=at, key=visit.case_id)
    _post_link(visit, at)
    return _new_code(visit, at)


@act
def send_code(*, visit: Visit, at: datetime) -> Called:
    """Send somebody who stands at the door a new code by text message, not more often than once a minute."""
    visit = _live(visit)
    if not visit.by_text:
        raise Refused(f"The code is read out to you. Ask {visit.called_by} for a new one.")
    if visit.code_at and at < visit.code_at + PAUSE:
        raise Refused("A code was sent to you a moment ago. Wait a minute before you ask for another.")
    return _new_code(visit, at)


@act
def come_in(*, visit: Visit, code: str, at: datetime) -> User | None:
    """Let somebody in who types the right code; a wrong one is counted, and after five the code is worth nothing."""
    visit = _live(visit)
    if not codes.is_code(code, visit.code_hash, visit.wrong):
        visit.wrong = codes.one_more(visit.wrong)
        visit.save(update_fields=["wrong"])
        return None
    first = visit.came_at is None
    visit.came_at, visit.wrong = at, 0
    visit.save(update_fields=["came_at", "wrong"])
    verb = "came in for one case" if first else "came back for one case"
    record(verb, on=visit, by=visit.user, at=at, key=visit.case_id)
    return visit.user


@act
def withdraw_visit(*, visit: Visit, by: User, at: datetime) -> None:
    """Take the link back before the return is in; what was written stays for whoever completes it."""
    demand(by, Can.ASK_SERVICE, visit)
    held = Visit.objects.select_for_update().get(pk=visit.pk)
    if held.ended_at:
        raise Refused("This link no longer opens anything.")
    _end(held, Ended.WITHDRAWN, by, at)


@act
def forget_visitor(*, visit: Visit, at: datetime) -> None:
    """Keep no longer who was called in: their name and address go, and the messages that went there."""
    visit = Visit.objects.select_for_update(of=("self",)).select_related("user").get(pk=visit.pk)
    if not visit.ended_at:
        _end(visit, Ended.CLOSED, None, at)
    notices.forget_person(user=visit.user, texts=_code_key(visit), at=at)
    visit.user.name, visit.user.mail_to, visit.user.is_active = NOBODY, "", False
    visit.user.save(update_fields=["name", "mail_to", "is_active"])
    record("removed who was called in for one case", on=visit, by=None, at=at)


@act
def end_visits(*, involvement: Involvement, because: str, by: User, at: datetime) -> int:
    """End what somebody was called in for, because the return is in or no longer theirs to write."""
    visits = list(Visit.objects.select_for_update().filter(involvement=involvement, ended_at__isnull=True))
    for visit in visits:
        _end(visit, because, by, at)
        if because == Ended.CONNECTED:
            _tell_connected(visit, at)
    return len(visits)


@act
def end_visits_to(*, ask: Ask, by: User, at: datetime) -> None:
    """End every visit of a service from which nothing is wanted any more."""
    live = Visit.objects.select_for_update().filter(audit=ask.audit_id, service=ask.service_id, ended_at__isnull=True)
    for visit in live.order_by("pk"):
        _end(visit, Ended.CLOSED, by, at)


def _end(visit: Visit, because: str, by: User | None, at: datetime) -> None:
    visit.ended_at, visit.ended, visit.code_hash, visit.mobile = at, because, "", ""
    visit.save(update_fields=["ended_at", "ended", "code_hash", "mobile"])
    Grant.objects.filter(pk=visit.grant_id, withdrawn_at__isnull=True).update(withdrawn_at=at, withdrawn_by=by)
    detail = {"because": str(because)}
    record("ended what one was called in for", on=visit, by=by, at=at, detail=detail, key=visit.case_id)


def _live(visit: Visit) -> Visit:
    rows = Visit.objects.select_for_update(of=("self",)).select_related("partnership", "audit", "service", "user")
    visit = rows.get(pk=visit.pk)
    if not queries.standing(visit):
        raise Refused("This link no longer opens anything: the return is in, or the link was taken back.")
    return visit


def _new_code(visit: Visit, at: datetime) -> Called:
    if visit.code_number >= queries.CODES:
        raise Refused("So many codes have been made for this case that no more are. Take the link back and begin anew.")
    code, visit.code_hash = codes.new_code()
    visit.code_at, visit.wrong = at, 0
    visit.code_number += 1
    visit.save(update_fields=["code_hash", "code_at", "wrong", "code_number"])
    if not visit.by_text:
        return Called(visit, codes.spoken(code))
    if not can_text():
        raise Refused("This installation cannot send text messages. Choose to read the code out.")
    notices.post_text(
        key=f"{_code_key(visit)}{visit.code_number}",
        number=visit.mobile,
        label=f"Code for a return in audit {visit.audit.code}",
        body=f"{visit.partnership.short_name}: your code is {code}. Type it on the page that our link opened.",
        partnership=visit.partnership,
        private=True,
        at=at,
    )
    return Called(visit)


def _code_key(visit: Visit) -> str:
    """With what the key of each message begins that bore a code of this visit."""
    return f"visit-code:{visit.pk}:"


def _post_link(visit: Visit, at: datetime) -> None:
    due = queries.returns_due(visit.audit)
    said = {
        "name": visit.user.name,
        "partnership": visit.partnership.name,
        "service": visit.service.name,
        "by": visit.called_by,
        "due": f" by {due:%A} {due.day} {due:%B}" if due and due >= today(at) else "",
        "how": "comes by text message" if visit.by_text else f"{visit.called_by} reads out to you",
    }
    notices.post(
        key=f"visit:{visit.pk}:{visit.link}",
        to=visit.user,
        subject=f"{visit.partnership.short_name}: please complete one return, audit {visit.audit.code}",
        body=BODY.format(**said),
        path=queries.link(visit),
        partnership=visit.partnership,
        private=True,
        calendar=returns_day(visit.audit, [visit.user], at).get(visit.user_id, ""),
        at=at,
    )


def _tell_connected(visit: Visit, at: datetime) -> None:
    ask = queries.ask_behind(visit.involvement)
    tell_coordinators(
        ask,
        f"connected:{visit.pk}",
        f"{visit.audit.code}: please call in somebody else",
        f"{visit.user} of {visit.service} has declared a connection to the family of {visit.case}, so that it is closed "
        "to them. Please call in somebody else there.",
        f"/asks/{ask.pk}/once/",
        at,
    )
