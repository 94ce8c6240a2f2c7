"""Audits at each stage of involvement, walked there by the real actions."""

from datetime import timedelta

from candour.focus.models import Audit
from candour.focus.tests.factories import under_way
from candour.identity.tests import factories as identities
from candour.involvement import actions, queries
from candour.involvement.models import Ask, Known, Outcome
from candour.kernel import vault
from candour.kernel.models import KeyKind
from candour.people.models import Role, Service, User
from candour.people.tests.factories import AT, World, grant
from candour.sampling.models import Case

LATER = AT + timedelta(hours=1)


def case(w: World, audit: Audit, number: int) -> Case:
    """One case given to the partnership."""
    made = Case.objects.create(
        partnership=w.partnership,
        audit=audit,
        number=number,
        ref=f"{audit.pk}-{number}"[-20:],
        random=False,
        made_at=AT,
    )
    vault.make_key(made.pk, KeyKind.CASE, AT)
    return made


def drawn(w: World, cases: int = 2, code: str = "2026-03") -> Audit:
    """An audit under way with so many cases, nothing known of them yet."""
    audit = under_way(w, code)
    for number in range(1, cases + 1):
        case(w, audit, number)
    return audit


def identified(w: World, cases: int = 2, code: str = "2026-03") -> Audit:
    """With the child and a parent entered for each case; the first one bears the canaries."""
    audit = drawn(w, cases, code)
    for one in queries.cases_of(audit):
        subject = actions.begin_identities(case=one, by=w.coordinator, at=AT)
        more = {
            "nhs_number": "",
            "upn": "",
            "council_number": f"{code}-{one.number}",
            "born_on": f"2019-05-{one.number + 2:02d}",
        }
        identities.person(w, subject, **({} if one.number == 1 else more))
        identities.person(w, subject, "parent", given_names=f"Ottoline {one.number}")
    return audit


def screening(w: World, cases: int = 2, code: str = "2026-03") -> Audit:
    """Waiting for social care and the police."""
    audit = identified(w, cases, code)
    actions.start_screening(audit=audit, by=w.coordinator, at=AT)
    return audit


def screened(w: World, cases: int = 2, code: str = "2026-03") -> Audit:
    """Social care and the police have said that nothing stands in the way."""
    audit = screening(w, cases, code)
    for service, contact in ((w.social_care, w.contact_sc), (w.police, w.contact_police)):
        ask = ask_of(audit, service)
        looked = {row.case_id: actions.Looked(Outcome.CLEAR) for row in queries.screenings_of(ask)}
        actions.screen(ask=ask, looked=looked, by=contact, at=AT)
    return audit


def asked(w: World, cases: int = 2, code: str = "2026-03") -> Audit:
    """Every expected service has been asked."""
    audit = screened(w, cases, code)
    actions.ask_services(audit=audit, by=w.coordinator, at=AT)
    return audit


def ask_of(audit: Audit, service) -> Ask:  # type: ignore[no-untyped-def]
    """The ask of one service."""
    return Ask.objects.get(audit=audit, service=service)


def known(w: World, audit: Audit, service, contact, **more) -> Ask:  # type: ignore[no-untyped-def]
    """A service that knows every case."""
    ask = ask_of(audit, service)
    given = {row.case_id: actions.Given(Known.KNOWN, **more) for row in queries.asked_cases(ask)}
    actions.answer(ask=ask, given=given, by=contact, at=AT)
    return ask


def grant_contact(person: User, service: Service) -> None:
    """Let somebody answer for one more service."""
    grant(person, Role.CONTACT, agency=service.agency)
