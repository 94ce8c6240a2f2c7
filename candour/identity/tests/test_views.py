import pytest
from django.urls import reverse

from candour.identity import actions
from candour.identity.models import Erasure, Person, Reveal
from candour.identity.tests.factories import CANARIES, CHILD, family, person, subject
from candour.people.tests.factories import AT, other_world, sign_in, world

pytestmark = pytest.mark.django_db


def canaries_in(response):
    text = response.content.decode() + str(response.headers)
    return [canary for canary in CANARIES if canary in text]


def posted(**values):
    form = {name: value for name, value in CHILD.items() if name != "born_on"} | {"relation": "child"}
    return form | {"born_on_day": "3", "born_on_month": "5", "born_on_year": "2019"} | values


def test_the_file_is_masked_until_it_is_opened(client):
    w = world()
    of = family(w)
    sign_in(client, w.coordinator)
    page = client.get(reverse("identity:show", args=[of.pk]))
    assert canaries_in(page) == []
    assert "NHS number" in page.content.decode()
    opened = client.post(reverse("identity:open", args=[of.pk]))
    assert {"Zebedee", "999 000 0018", "3 May 2019", "Ottoline"} <= set(canaries_in(opened))
    assert "no-store" in opened.headers["Cache-Control"]
    assert Reveal.objects.get().by == w.coordinator
    assert canaries_in(client.get(reverse("identity:open", args=[of.pk]), follow=True)) == []


def test_a_person_is_entered_with_warnings_and_found_elsewhere(client):
    w = world()
    family(w, "Case 3 of audit 2025-02")
    of = subject(w)
    sign_in(client, w.coordinator)
    page = client.post(reverse("identity:add", args=[of.pk]), posted(upn="A801200005001"), follow=True)
    text = page.content.decode()
    assert "Child saved." in text
    assert "first letter of the UPN does not fit" in text
    assert "already held as the child in Case 3 of audit 2025-02" in text
    assert canaries_in(page) == []


def test_an_empty_person_is_refused_and_nothing_typed_is_lost(client):
    w = world()
    sign_in(client, w.coordinator)
    where = reverse("identity:add", args=[subject(w).pk])
    page = client.post(where, {"relation": "parent", "sex": "female"})
    assert "at least one thing" in page.content.decode()
    page = client.post(where, posted(given_names="Typed Already", born_on_month="14"))
    assert "Typed Already" in page.content.decode()
    assert not Person.objects.exists()


def test_a_correction_opens_the_form_on_record_and_refuses_a_stale_one(client):
    w = world()
    child = person(w, subject(w))
    sign_in(client, w.coordinator)
    form = client.post(reverse("identity:correct", args=[child.pk]))
    assert "Canarywell" in form.content.decode()
    assert Reveal.objects.filter(purpose="correct").count() == 1
    save = reverse("identity:save", args=[child.pk])
    assert client.post(save, posted(given_names="Zed", version="1")).status_code == 302
    stale = client.post(save, posted(given_names="Zeddy", version="1")).content.decode()
    assert "Somebody else corrected this person" in stale
    assert "Zeddy" in stale
    assert 'name="version" value="2"' in stale
    assert client.post(save, posted(given_names="Zeddy", version="2")).status_code == 302
    assert client.get(save).status_code == 302


def test_erased_pages_say_so(client):
    w = world()
    of = family(w)
    sign_in(client, w.coordinator)
    where = reverse("identity:erase", args=[of.pk])
    assert "cannot be undone" in client.get(where).content.decode()
    assert not Erasure.objects.exists()
    page = client.post(where, {"reason": "They were entered for the wrong child"}, follow=True)
    assert "Erased" in page.content.decode()
    assert canaries_in(page) == []
    assert "have been erased" in client.post(reverse("identity:open", args=[of.pk])).content.decode()


def test_the_scrutineer_opens_one_case_for_an_hour(client):
    w = world()
    of = family(w)
    sign_in(client, w.scrutineer)
    where = reverse("identity:scrutiny", args=[of.pk])
    assert canaries_in(client.get(where)) == []
    opened = client.post(where, {"why": "To trace the drawn case."})
    assert "Zebedee" in canaries_in(opened)
    again = client.get(where)
    assert canaries_in(again) == []
    assert "Open again" in again.content.decode()
    assert "Zebedee" in canaries_in(client.post(where))
    assert Reveal.objects.filter(purpose="scrutiny").count() == 2


@pytest.mark.parametrize("name", ["show", "open", "add", "erase", "scrutiny"])
def test_a_file_is_no_page_for_anybody_else(client, name):
    w, other = world(), other_world()
    of = family(w)
    for person_ in (w.contact_police, w.executive, w.chair, other.coordinator, other.scrutineer):
        sign_in(client, person_)
        assert client.get(reverse(f"identity:{name}", args=[of.pk])).status_code == 404
        assert client.post(reverse(f"identity:{name}", args=[of.pk])).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_queries_of_a_file(client, many, django_assert_num_queries):
    w = world()
    of = subject(w)
    for number in range(many):
        person(w, of, "child" if not number else "sibling", nhs_number="")
    for service in (w.police, w.acute, w.gp)[:many]:
        actions.grant_opening(subject=of, service=service, until=AT.date(), by=w.coordinator, at=AT)
    for _ in range(many):
        actions.reveal_subject(subject=of, purpose="correct", by=w.coordinator, at=AT)
    sign_in(client, w.coordinator)
    with django_assert_num_queries(11):
        assert "Identities of" in client.get(reverse("identity:show", args=[of.pk])).content.decode()
