"""What grants give: from, until (inclusive), withdrawn, through an agency's membership."""

from datetime import date, timedelta

import pytest

from candour.access.viewer import NOBODY, viewer_of, viewer_on
from candour.people.models import Membership, Role
from candour.people.tests.factories import AT, BEGAN, grant, other_world, user, world

pytestmark = pytest.mark.django_db
DAY = AT.date()


def test_a_partnership_role_ties_to_that_partnership_only():
    here, there = world(), other_world()
    viewer = viewer_on(here.coordinator, DAY)
    assert viewer.coordinates == {here.partnership.pk}
    assert there.partnership.pk not in viewer.partnerships
    assert viewer.services == frozenset()


def test_an_agency_role_ties_to_all_its_services_and_their_partnerships():
    here = world()
    viewer = viewer_on(here.contact_police, DAY)
    assert viewer.services == {here.police.pk}
    assert viewer.partnerships == {here.partnership.pk}
    assert viewer.partnerships_as(Role.CONTACT) == {here.partnership.pk}
    assert viewer.coordinates == frozenset()


def test_a_role_for_one_service_is_for_no_other_of_the_agency():
    here = world()
    sister = here.police.agency.services.create(name="Missing persons team", kind="police")
    person = user("Only One")
    grant(person, Role.AUDITOR, agency=here.police.agency, service=sister)
    assert viewer_on(person, DAY).services == {sister.pk}


@pytest.mark.parametrize(("day", "held"), [(-1, False), (0, True), (30, True), (31, False)])
def test_from_and_until_are_inclusive(day, held):
    person = user("For A Month")
    grant(person, Role.CHAIR, partnership=world().partnership, ends_on=BEGAN + timedelta(days=30))
    assert viewer_on(person, BEGAN + timedelta(days=day)).has(Role.CHAIR) is held


def test_a_withdrawn_grant_gives_nothing():
    here = world()
    here.coordinator.grants.update(withdrawn_at=AT)
    assert viewer_on(here.coordinator, DAY).partnerships == frozenset()


def test_an_agency_that_left_takes_its_people_with_it():
    here = world()
    Membership.objects.filter(agency=here.police.agency).update(ends_on=date(2026, 10, 31))
    assert viewer_on(here.contact_police, DAY).partnerships == frozenset()


def test_a_closed_account_and_nobody_hold_nothing():
    here = world()
    here.chair.is_active = False
    assert viewer_on(here.chair, DAY) is NOBODY
    assert viewer_of(None) is NOBODY


def test_ties_are_asked_once_for_a_loaded_person(django_assert_num_queries):
    here = world()
    with django_assert_num_queries(3):
        viewer_of(here.auditor_hv)
        viewer_of(here.auditor_hv)


def test_an_agency_that_left_keeps_no_rows_for_somebody_who_stayed_through_another():
    here = world()
    person = user("Works For Two")
    for name in ("police", "acute"):
        grant(person, Role.AUDITOR, agency=here.services[name].agency)
    Membership.objects.filter(agency=here.police.agency).update(ends_on=date(2026, 10, 31))
    viewer = viewer_on(person, DAY)
    assert viewer.served() == {here.partnership.pk: {here.acute.pk}}
    assert viewer.services == {here.acute.pk, here.police.pk}
