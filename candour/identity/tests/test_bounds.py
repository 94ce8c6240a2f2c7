"""What a partnership lets each kind of service see, between the least and the most that is ever allowed."""

import pytest
from django.urls import reverse

from candour.identity import actions, queries
from candour.identity.bounds import BOUNDS, CEILINGS, NARROWEST, within
from candour.identity.models import Opening, SetBounds
from candour.identity.tests.factories import person
from candour.kernel.errors import Refused
from candour.people.models import ServiceKind
from candour.people.tests.factories import AT, other_world, sign_in, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ServiceKind.values)
def test_what_candour_proposes_lies_within_what_is_allowed(kind):
    most, usual = CEILINGS[kind], BOUNDS[kind]
    assert set(NARROWEST.fields) <= set(usual.fields) <= set(most.fields)
    assert {"child"} <= set(usual.relations) <= set(most.relations)


def test_numbers_stay_with_those_whose_numbers_they_are():
    having = {name: {kind for kind in ServiceKind if name in CEILINGS[kind].fields} for name in ("nhs_number", "upn")}
    assert having["upn"] == {ServiceKind.SCHOOL}
    assert having["nhs_number"] == {
        ServiceKind.HEALTH_VISITING, ServiceKind.ACUTE, ServiceKind.GP, ServiceKind.MENTAL_HEALTH,
    }  # fmt: skip
    everything = ("nhs_number", "upn", "council_number", "address")
    assert within(ServiceKind.POLICE, everything, ["sibling"]).fields == (*NARROWEST.fields, "address")
    assert within("nobody wrote this", everything, ["parent"]) == NARROWEST


def opened(w):
    subject = actions.add_subject(partnership=w.partnership, label="Case 1 of audit 2026-03", by=w.coordinator, at=AT)
    person(w, subject)
    person(w, subject, "parent", given_names="Ottoline")
    return subject


def test_a_choice_counts_at_once_for_files_that_are_open():
    w = world()
    subject = opened(w)
    opening = actions.grant_opening(subject=subject, service=w.police, until=AT, by=w.coordinator, at=AT)
    fields = ["address", "nhs_number"]
    setting = {"partnership": w.partnership, "kind": "police", "fields": fields, "relations": []}
    actions.set_bounds(**setting, by=w.coordinator, at=AT)
    opening.refresh_from_db()
    assert opening.relations == ["child"]
    assert opening.fields == [*NARROWEST.fields, "address"]
    shown = actions.open_list(openings=Opening.objects.all(), purpose="match", by=w.contact_police, at=AT)
    assert [one.relation for one in shown[0].persons] == ["Child"]
    later = actions.grant_opening(subject=subject, service=w.police, until=AT, by=w.coordinator, at=AT)
    assert later.relations == ["child"]
    assert Entry.objects.filter(verb="set what a kind of service sees").count() == 1
    assert queries.bounds_for(other_world().partnership.pk, "police") == BOUNDS[ServiceKind.POLICE]
    with pytest.raises(Refused, match="do not hold a role"):
        actions.set_bounds(**setting, by=w.contact_police, at=AT)


def test_the_coordinator_chooses_on_a_page_and_nothing_beyond_is_offered(client):
    w = world()
    sign_in(client, w.coordinator)
    every = reverse("identity:bounds", args=[w.partnership.pk])
    page = client.get(every).content.decode()
    assert "could be added: School, Parent, Carer" in page
    one = reverse("identity:set_bounds", args=[w.partnership.pk, "health-visiting"])
    form = client.get(one).content.decode()
    assert "NHS number" in form
    assert "UPN" not in form
    assert "Brother or sister" not in form
    page = client.post(one, {"fields_shown": ["nhs_number"], "people_shown": ["parent"]}, follow=True).content.decode()
    assert "set by Coordinator" in page
    row = SetBounds.objects.get()
    assert (row.fields, row.relations) == ([*NARROWEST.fields, "nhs_number"], ["child", "parent"])
    assert "This choice is not in the list" in client.post(one, {"people_shown": ["sibling"]}).content.decode()
    assert client.get(one.replace("health-visiting", "circus")).status_code == 404
    school = client.get(one.replace("health-visiting", "school")).content.decode()
    assert "Whom it sees besides the child" not in school


@pytest.mark.parametrize("kinds", [1, 3])
def test_queries_of_the_page(client, kinds, django_assert_num_queries):
    w = world()
    for kind in list(ServiceKind)[:kinds]:
        actions.set_bounds(partnership=w.partnership, kind=kind, fields=[], relations=[], by=w.coordinator, at=AT)
    sign_in(client, w.coordinator)
    client.get(reverse("identity:bounds", args=[w.partnership.pk]))
    with django_assert_num_queries(6):
        assert "set by" in client.get(reverse("identity:bounds", args=[w.partnership.pk])).content.decode()
