"""Roles are given, limited and withdrawn; agencies join and leave."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from candour.kernel.errors import Refused
from candour.members import actions, jobs
from candour.notices.models import Message
from candour.people.models import Agency, Grant, Membership, Role, Service
from candour.people.tests import factories
from candour.people.tests.factories import AT
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    with time_machine.travel(AT, tick=False):
        yield factories.world()


def test_the_coordinator_sees_everybody_of_the_partnership_and_no_more(w, client: Client) -> None:
    other = factories.other_world()
    factories.sign_in(client, w.coordinator)
    page = client.get("/people/").content.decode()
    assert all(person.email in page for person in w.users.values())
    assert not any(person.email in page for person in other.users.values())
    assert client.get(f"/people/?in={other.partnership.slug}").status_code == 404
    assert client.get(f"/people/{other.chair.pk}/").status_code == 404
    assert client.get(f"/people/agencies/{other.police.agency.pk}/").status_code == 404
    assert client.post(f"/people/roles/{other.chair.grants.get().pk}/withdraw/").status_code == 404


@pytest.mark.parametrize("where", ["/people/", "/people/invite/", "/people/agencies/new/"])
def test_a_partnership_that_no_address_can_name_is_no_page(w, client: Client, where: str) -> None:
    factories.sign_in(client, w.coordinator)
    assert client.get(where, {"in": "\0"}).status_code == 404


def test_a_contact_sees_the_own_agency(w, client: Client) -> None:
    factories.sign_in(client, w.contact_police)
    page = client.get("/people/").content.decode()
    assert w.auditor_police.email in page
    assert w.auditor_acute.email not in page
    assert w.coordinator.email not in page
    assert client.get(f"/people/agencies/{w.police.agency.pk}/").status_code == 200
    assert client.get("/people/agencies/new/").status_code == 403


def test_others_do_not_see_people(w, client: Client) -> None:
    factories.sign_in(client, w.auditor_police)
    assert client.get("/people/").status_code == 403


@pytest.mark.parametrize("more", [1, 3])
def test_the_list_asks_a_fixed_number_of_questions(w, client: Client, more: int, django_assert_num_queries) -> None:
    for number in range(more):
        person = factories.user(f"extra {number}")
        factories.grant(person, Role.AUDITOR, agency=w.police.agency, service=w.police)
        factories.service(f"Agency {number}", "Team", "gp", w.partnership)
        actions.invite(partnership=w.partnership, email=f"{number}@example.org", name="New", role=Role.CHAIR,
                       by=w.coordinator, at=AT)  # fmt: skip
    factories.sign_in(client, w.coordinator)
    with django_assert_num_queries(10):
        assert client.get("/people/").status_code == 200


def test_a_role_is_given_and_not_twice(w, client: Client) -> None:
    factories.sign_in(client, w.coordinator)
    url = f"/people/{w.chair.pk}/"
    assert client.post(url, {"role": "scrutineer"}).status_code == 302
    assert client.post(url, {"role": "scrutineer"}).status_code == 200
    assert w.chair.grants.filter(role=Role.SCRUTINEER).count() == 1
    assert client.post(url, {"role": "owner", "place": w.police.agency.pk}).status_code == 302


def test_a_last_day_counts_until_its_end(w, client: Client) -> None:
    grant = w.chair.grants.get()
    factories.sign_in(client, w.coordinator)
    url = f"/people/roles/{grant.pk}/end/"
    past = {"ends_on_day": "1", "ends_on_month": "11", "ends_on_year": "2026"}
    assert "cannot be in the past" in client.post(url, past, follow=True).content.decode()
    day = {"ends_on_day": "30", "ends_on_month": "11", "ends_on_year": "2026"}
    assert client.post(url, day).status_code == 302
    grant.refresh_from_db()
    assert grant.ends_on == date(2026, 11, 30)
    assert client.get(f"/people/{w.chair.pk}/").status_code == 200
    assert Entry.objects.filter(verb="role given an end", chain__partnership=w.partnership).exists()


def test_a_withdrawn_role_stays_on_the_page_and_the_record(w, client: Client) -> None:
    factories.sign_in(client, w.coordinator)
    grant = w.auditor_police.grants.get()
    assert client.post(f"/people/roles/{grant.pk}/withdraw/").status_code == 302
    grant.refresh_from_db()
    assert grant.withdrawn_by == w.coordinator
    assert "Withdrawn" in client.get(f"/people/{w.auditor_police.pk}/").content.decode()
    assert Entry.objects.filter(verb="role withdrawn", chain__partnership=w.partnership).exists()
    with pytest.raises(Refused):
        actions.withdraw_role(grant=grant, partnership=w.partnership, by=w.coordinator, at=AT)


def test_the_only_coordinator_stays(w) -> None:
    facts = {"partnership": w.partnership, "by": w.coordinator, "at": AT}
    own, soon = w.coordinator.grants.get(), AT.date() + timedelta(days=30)
    with pytest.raises(Refused, match="only coordinator"):
        actions.withdraw_role(grant=own, **facts)
    with pytest.raises(Refused, match="only coordinator"):
        actions.end_role(grant=own, last_day=soon, **facts)
    other = factories.grant(w.second, Role.COORDINATOR, partnership=w.partnership, ends_on=soon)
    with pytest.raises(Refused, match="only coordinator"):
        actions.end_role(grant=own, last_day=soon, **facts)
    actions.end_role(grant=own, last_day=soon - timedelta(days=1), **facts)
    actions.withdraw_role(grant=other, **facts)


def test_nobody_withdraws_what_is_not_theirs_to_give(w) -> None:
    other = factories.other_world()
    facts = {"at": AT, "partnership": w.partnership}
    with pytest.raises(Refused):
        actions.withdraw_role(grant=w.chair.grants.get(), by=other.coordinator, **facts)
    with pytest.raises(Refused):
        actions.withdraw_role(grant=other.chair.grants.get(), by=w.coordinator, **facts)
    with pytest.raises(Refused):
        actions.withdraw_role(grant=w.contact_police.grants.get(), by=w.contact_police, **facts)
    actions.withdraw_role(grant=w.auditor_police.grants.get(), by=w.contact_police, **facts)


def test_sessions_end_where_no_role_is_left_also_by_date(w, client: Client) -> None:
    factories.sign_in(client, w.chair)
    UserSession.objects.create(user=w.chair, session_key=client.session.session_key, ip="127.0.0.1")
    w.chair.grants.update(ends_on=date(2026, 11, 22))
    jobs.end_leavers_sessions(AT)
    assert not UserSession.objects.exists()
    assert client.get("/account/").status_code == 302


def test_an_agency_joins_with_its_services_and_leaves(w, client: Client) -> None:
    factories.sign_in(client, w.coordinator)
    fields = {"name": "Mere Housing", "kind": "housing", "services": "Homelessness\nTenancies\n"}
    assert client.post("/people/agencies/new/", fields).status_code == 302
    agency = Agency.objects.get(name="Mere Housing")
    assert agency.services.count() == 2
    assert "belongs to the partnership already" in client.post("/people/agencies/new/", fields).content.decode()
    twice = {**fields, "services": "One\none"}
    assert "stands here twice" in client.post("/people/agencies/new/", twice).content.decode()
    url = f"/people/agencies/{agency.pk}/"
    assert client.post(url, {"name": "Support", "kind": "housing"}).status_code == 302
    assert client.post(url, {"name": "support", "kind": "housing"}).status_code == 200
    assert Service.objects.filter(agency=agency).count() == 3
    day = {"ends_on_day": "30", "ends_on_month": "11", "ends_on_year": "2026"}
    assert client.get(f"{url}end/").status_code == 200
    assert client.post(f"{url}end/", day).status_code == 302
    assert Membership.objects.get(agency=agency).ends_on == date(2026, 11, 30)


def test_roles_given_by_a_stranger_are_refused(w) -> None:
    other = factories.other_world()
    with pytest.raises(Refused):
        actions.give_role(person=w.chair, role=Role.SCRUTINEER, partnership=w.partnership, by=other.coordinator, at=AT)
    with pytest.raises(Refused):
        actions.add_agency(partnership=w.partnership, name="X", services=[], by=w.contact_police, at=AT)
    assert not Grant.objects.filter(user=w.chair, role=Role.SCRUTINEER).exists()


def test_a_lost_second_step_is_reset_by_the_coordinator_and_told(w, client: Client) -> None:
    other = factories.other_world()
    for person in (w.chair, w.coordinator):
        Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    factories.sign_in(client, w.coordinator)
    assert "lost their second step" in client.get(f"/people/{w.chair.pk}/").content.decode()
    assert client.post(f"/people/{w.chair.pk}/second-factor/").status_code == 302
    assert not Authenticator.objects.filter(user=w.chair).exists()
    assert Message.objects.get(to_address=w.chair.email).subject == "Your second step has been reset"
    assert Entry.objects.filter(verb="second factor reset", chain__partnership=w.partnership).exists()
    for person, by in ((w.coordinator, w.coordinator), (w.coordinator, other.coordinator)):
        with pytest.raises(Refused):
            actions.reset_second_factor(person=person, partnership=w.partnership, by=by, at=AT)
    assert client.post(f"/people/{other.chair.pk}/second-factor/").status_code == 404


def test_the_second_step_of_somebody_who_is_no_longer_here_is_left_alone(w, client: Client) -> None:
    Authenticator.objects.create(user=w.auditor_police, type="totp", data={"secret": "x"})
    w.police.agency.memberships.update(ends_on=AT.date() - timedelta(days=1))
    factories.sign_in(client, w.coordinator)
    client.post(f"/people/{w.auditor_police.pk}/second-factor/")
    with pytest.raises(Refused, match="no role in this partnership"):
        actions.reset_second_factor(person=w.auditor_police, partnership=w.partnership, by=w.coordinator, at=AT)
    assert Authenticator.objects.filter(user=w.auditor_police).exists()


def test_an_agency_that_has_left_takes_its_people_out_of_the_coordinators_sight(w, client: Client) -> None:
    factories.sign_in(client, w.coordinator)
    Membership.objects.filter(agency=w.police.agency).update(ends_on=AT.date() - timedelta(days=1))
    assert w.auditor_police.email not in client.get("/people/").content.decode()
    assert client.get(f"/people/{w.auditor_police.pk}/").status_code == 404
    assert client.get(f"/people/agencies/{w.police.agency.pk}/").status_code == 404
    grant = Grant.objects.get(user=w.auditor_police)
    assert client.post(f"/people/roles/{grant.pk}/withdraw/").status_code == 404
    Membership.objects.filter(agency=w.police.agency).update(ends_on=AT.date())
    assert client.get(f"/people/{w.auditor_police.pk}/").status_code == 200
