"""Grants come and go, agencies join and leave, returns are sent in, packs open and close: after every step the rows
that each person finds are those of a plain model of the design's rules, written here without any query."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from candour.access.scope import visible
from candour.appraisal.models import Connection, Release, Return
from candour.focus.models import Audit
from candour.involvement.models import Ask, AskedCase, Involvement, Sharer
from candour.kernel import vault
from candour.kernel.ids import new_id
from candour.kernel.models import KeyKind
from candour.people.models import AGENCY_ROLES, PARTNERSHIP_ROLES, Grant, Membership, Partnership, Role, User
from candour.people.tests.factories import AT, BEGAN, grant, partnership, service, sign_in, user
from candour.sampling.models import Case

WORKING = {Role.CONTACT, Role.AUDITOR, Role.AUTHORISER}
STAFF = {Role.COORDINATOR, Role.SECOND, Role.CHAIR, Role.SCRUTINEER, Role.EXECUTIVE}
NUMBER = st.integers(min_value=0, max_value=3)


class Everything:
    """All that there is, read once a step."""

    def __init__(self):
        self.grants, self.members = list(Grant.objects.all()), list(Membership.objects.all())
        self.rows = {
            Audit: list(Audit.objects.prefetch_related("expected__service", "asks__service")),
            Ask: list(Ask.objects.select_related("service")),
            Return: list(Return.objects.select_related("involvement", "service")),
        }
        self.connected = set(Connection.objects.values_list("case", "user"))
        self.sharing = set(Sharer.objects.values_list("involvement", "user"))
        self.releases = {release.audit_id: release for release in Release.objects.all()}


class Reference:
    """The design's rules about one person, in plain Python over everything that there is."""

    def __init__(self, person, day, all_there_is):
        def holds(span):
            return span.starts_on <= day and (span.ends_on is None or span.ends_on >= day)

        self.person, self.all = person, all_there_is
        own = (g for g in self.all.grants if g.user_id == person.pk)
        self.grants = [g for g in own if holds(g) and g.withdrawn_at is None]
        self.members = {(m.agency_id, m.partnership_id) for m in self.all.members if holds(m)}

    def leads(self, home, *roles):
        return any(g.partnership_id == home and g.role in roles for g in self.grants)

    def serves(self, service, home, *roles):
        mine = (g for g in self.grants if g.agency_id == service.agency_id and g.service_id in (None, service.pk))
        return (service.agency_id, home) in self.members and any(g.role in (roles or WORKING) for g in mine)

    def audit(self, audit):
        tied = {row.service for row in audit.expected.all()} | {ask.service for ask in audit.asks.all()}
        served = any(self.serves(service, audit.partnership_id) for service in tied)
        return self.leads(audit.partnership_id, *STAFF) or served

    def ask(self, ask):
        own = self.serves(ask.service, ask.partnership_id)
        return own or self.leads(ask.partnership_id, Role.COORDINATOR)

    def own_return(self, ret):
        named = self.person.pk in (ret.involvement.auditor_id, ret.involvement.authoriser_id)
        answers_for = self.serves(ret.service, ret.partnership_id, Role.CONTACT)
        connected = (ret.case_id, self.person.pk) in self.all.connected
        shared = (ret.involvement_id, self.person.pk) in self.all.sharing
        shares = shared and self.serves(ret.service, ret.partnership_id, Role.AUDITOR)
        return self.serves(ret.service, ret.partnership_id) and (named or answers_for or shares) and not connected

    def ret(self, ret):
        sent, release = ret.state == "submitted", self.all.releases.get(ret.audit_id)
        if self.own_return(ret):
            return True
        if not sent or (ret.case_id, self.person.pk) in self.all.connected:
            return False
        if self.leads(ret.partnership_id, Role.COORDINATOR):
            return True
        if not release:
            return False
        returns = (other for other in self.all.rows[Return] if other.case_id == ret.case_id and other.pk != ret.pk)
        beside = [other for other in returns if other.state == "submitted"]
        returned = release.closed_at is None and any(self.own_return(other) for other in beside)
        return returned or self.leads(ret.partnership_id, Role.CHAIR, Role.SCRUTINEER)


class Changing(RuleBasedStateMachine):
    """Two partnerships, three agencies of which one belongs to both, four people of whom one works for
    two agencies, one case each."""

    @initialize()
    def begin(self):
        self.clock = time_machine.travel(AT, tick=False)
        self.travel = self.clock.start()
        self.day = AT.date()
        self.homes = [partnership("Alderby"), partnership("Birchford")]
        self.services = [
            service("Alder Police", "Police", "police", self.homes[0]),
            service("Mere Trust", "Health visiting", "health-visiting", self.homes[0]),
            service("Birch Council", "Social care", "social-care", self.homes[1]),
        ]
        Membership.objects.create(partnership=self.homes[1], agency=self.services[1].agency, starts_on=BEGAN)
        self.people = [user(f"person {number}") for number in range(4)]
        for number, home in enumerate(self.homes):
            self.furnish(home, self.people[number])
        for served in self.services[:2]:
            grant(self.people[0], Role.CONTACT, agency=served.agency)

    def furnish(self, home, by):
        audit = Audit(
            **{
                name: getattr(self.template(home, by), name)
                for name in ("partnership", "code", "title", "who", "review_from", "review_to", "starts_on")
            },
            decided_on=self.day,
            decided_by="Group",
            state="under-way",
            opened_at=AT,
        )
        audit.save()
        case = Case(
            id=new_id(), partnership=home, audit=audit, number=1, ref=new_id().upper(), random=False, made_at=AT
        )
        vault.make_key(case.pk, KeyKind.CASE, AT)
        case.save(force_insert=True)
        for served in self.services:
            if not Membership.objects.filter(agency=served.agency, partnership=home).exists():
                continue
            ask = Ask.objects.create(partnership=home, audit=audit, service=served)
            AskedCase.objects.create(partnership=home, ask=ask, case=case, asked_at=AT)
            known = Involvement.objects.create(
                partnership=home,
                audit=audit,
                case=case,
                service=served,
                answer="known",
                auditor=self.people[2],
                authoriser=self.people[3],
                answered_by=by,
                answered_at=AT,
            )
            Return.objects.create(
                partnership=home,
                audit=audit,
                case=case,
                service=served,
                involvement=known,
                started_by=by,
                started_at=AT,
            )

    def template(self, home, by):
        return Audit(
            partnership=home,
            code="2026-01",
            title="How well?",
            who="Children",
            review_from=BEGAN,
            review_to=self.day,
            starts_on=BEGAN,
        )

    @rule(
        person=NUMBER, home=st.integers(0, 1), role=st.sampled_from(sorted(PARTNERSHIP_ROLES)), days=st.integers(0, 9)
    )
    def give_in_partnership(self, person, home, role, days):
        ends = self.day + timedelta(days=days) if days else None
        grant(self.people[person], role, partnership=self.homes[home], ends_on=ends, starts_on=self.day)

    @rule(person=NUMBER, served=st.integers(0, 2), role=st.sampled_from(sorted(AGENCY_ROLES)), narrow=st.booleans())
    def give_in_agency(self, person, served, role, narrow):
        chosen = self.services[served]
        extra = {"service": chosen} if narrow else {}
        grant(self.people[person], role, agency=chosen.agency, starts_on=self.day, **extra)

    @rule(which=st.integers(0, 30))
    def withdraw(self, which):
        held = list(Grant.objects.filter(withdrawn_at__isnull=True).order_by("id"))
        if held:
            Grant.objects.filter(pk=held[which % len(held)].pk).update(withdrawn_at=AT)

    @rule(which=st.integers(0, 3))
    def leave_or_return(self, which):
        member = Membership.objects.order_by("agency__name", "partnership__name")[which]
        member.ends_on = None if member.ends_on else self.day - timedelta(days=1)
        member.save()

    @rule(days=st.integers(1, 5))
    def let_days_pass(self, days):
        self.day += timedelta(days=days)
        self.travel.shift(timedelta(days=days))

    @rule(which=st.integers(0, 3))
    def send_in(self, which):
        ret = Return.objects.order_by("service__name", "partnership__name")[which]
        Return.objects.filter(pk=ret.pk).update(
            state="submitted", submitted_at=AT, submitted_by=self.people[3], digest="0" * 64
        )

    @rule(which=st.integers(0, 3), person=st.integers(0, 1))
    def share_or_share_no_more(self, which, person):
        answer = Involvement.objects.order_by("service__name", "partnership__name")[which]
        named = {"partnership": answer.partnership, "named_by": self.people[0], "named_at": AT}
        one, fresh = Sharer.objects.get_or_create(involvement=answer, user=self.people[person], defaults=named)
        if not fresh:
            one.delete()

    @rule(home=st.integers(0, 1))
    def release(self, home):
        audit = Audit.objects.get(partnership=self.homes[home])
        Release.objects.get_or_create(
            audit=audit, defaults={"partnership": audit.partnership, "at": AT, "by": self.people[0]}
        )

    @rule(home=st.integers(0, 1))
    def close(self, home):
        Release.objects.filter(partnership=self.homes[home]).update(closed_at=AT, closed_by=self.people[0])

    @rule(person=NUMBER, home=st.integers(0, 1))
    def declare_a_connection(self, person, home):
        case = Case.objects.get(partnership=self.homes[home])
        served = case.returns.order_by("id").first().service
        Connection.objects.get_or_create(
            case=case,
            user=self.people[person],
            defaults={"partnership": case.partnership, "service": served, "at": AT},
        )

    @invariant()
    def everybody_finds_what_the_rules_say(self):
        if not hasattr(self, "people"):
            return
        all_there_is = Everything()
        for person in self.people:
            fresh = User.objects.get(pk=person.pk)
            rules = Reference(fresh, self.day, all_there_is)
            for model, may in ((Audit, rules.audit), (Ask, rules.ask), (Return, rules.ret)):
                written = {row.pk for row in all_there_is.rows[model] if may(row)}
                assert set(visible(model, fresh).values_list("pk", flat=True)) == written, (model, fresh.name)

    def teardown(self):
        if hasattr(self, "clock"):
            self.clock.stop()


@pytest.mark.django_db
def test_rows_follow_the_rules_through_every_change(django_db_blocker):
    from django.db import transaction  # noqa: PLC0415 - the machine is run inside the test's own transaction

    class Isolated(Changing):
        def __init__(self):
            super().__init__()
            self.sid = transaction.savepoint()

        def teardown(self):
            super().teardown()
            transaction.savepoint_rollback(self.sid)

    few = settings(
        max_examples=20,
        stateful_step_count=15,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Isolated, settings=few)


@pytest.mark.django_db
def test_the_list_of_audits_offers_what_opens():
    """Over HTTP as well: what a list offers opens, and what it does not offer is missing."""
    home, other = partnership("Alderby"), partnership("Birchford")
    person = user("coordinator of one")
    grant(person, Role.COORDINATOR, partnership=home)
    client = sign_in(Client(), person)
    machine = Changing()
    machine.day, machine.services, machine.people = AT.date(), [], [person] * 4
    for each in (home, other):
        machine.furnish(each, person)
    page = client.get("/audits/").content.decode()
    for audit in Audit.objects.all():
        offered = f"/audits/{audit.pk}/" in page
        assert offered == (audit.partnership_id == home.pk)
        assert client.get(f"/audits/{audit.pk}/focus/").status_code == (200 if offered else 404)
    assert Partnership.objects.count() == 2
