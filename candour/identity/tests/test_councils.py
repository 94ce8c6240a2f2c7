"""A child whom two councils know bears the number of each, with its dates; each council sees its own alone."""

import pytest
from django.urls import reverse

from candour.identity import actions, checks, queries
from candour.identity.models import IndexEntry, IndexKind, Opening, Person, Reveal
from candour.identity.tests.factories import CHILD, family, person, subject
from candour.kernel.errors import Refused
from candour.people.models import Role, ServiceKind
from candour.people.tests.factories import AT, grant, service, sign_in, world

pytestmark = pytest.mark.django_db
BOTH = "northmere council: NM-0077123, until July 2026\r\nEastfield Council:E 40, from July 2026"


def with_eastfield(made):
    made.services["eastfield"] = service(
        "Eastfield Council", "Children's services", ServiceKind.SOCIAL_CARE, made.partnership
    )
    made.users["contact_eastfield"] = grant(
        made.second, Role.CONTACT, agency=made.services["eastfield"].agency
    ).user  # fmt: skip
    return made


@pytest.fixture
def w():
    return with_eastfield(world())


def opened_by(w, child, key, person):
    opening = actions.grant_opening(subject=child, service=w.services[key], until=AT, by=w.coordinator, at=AT)
    shown = actions.open_list(openings=[opening], purpose="match", by=person, at=AT)[0]
    return dict(shown.persons[0].rows).get("Council’s number")


def test_each_council_sees_its_own_number_and_nobody_else_any(w):
    child = family(w, council_number=BOTH)
    assert opened_by(w, child, "social_care", w.contact_sc) == "NM-0077123, until July 2026"
    assert opened_by(w, child, "eastfield", w.users["contact_eastfield"]) == "E 40, from July 2026"
    assert opened_by(w, child, "police", w.contact_police) is None
    whole = actions.reveal_subject(subject=child, purpose="correct", by=w.coordinator, at=AT)
    assert "E 40" in dict(whole.persons[0].rows)["Council’s number"]


def test_that_another_council_has_a_number_is_not_told(w):
    child = family(w, council_number="Eastfield Council: E 40")
    assert opened_by(w, child, "social_care", w.contact_sc) is None
    assert "council_number" not in Reveal.objects.get().fields
    for key, told in (("social_care", False), ("eastfield", True)):
        bounds = queries.bounds_to(w.services[key], w.partnership.pk)
        held = queries.masked_by_subject([child.pk], bounds)[child.pk][0].held
        assert ("Council’s number" in held) == told
    assert "Council’s number" in queries.persons_masked(child)[0].held


def test_a_number_without_a_council_goes_to_the_only_one_there_is():
    w = world()
    child = family(w)
    assert queries.bounds_to(w.social_care, w.partnership.pk).only
    assert opened_by(w, child, "social_care", w.contact_sc) == CHILD["council_number"]


def test_a_youth_justice_service_of_its_own_is_no_council_and_knows_the_number_of_the_only_one():
    w = world()
    child = family(w)
    w.services["youth"] = service("Northmere Youth Justice", "Youth justice", ServiceKind.YOUTH_JUSTICE, w.partnership)
    worker = grant(w.second, Role.CONTACT, agency=w.services["youth"].agency).user
    assert queries.councils(w.partnership.pk) == ["Northmere Council"]
    assert opened_by(w, child, "social_care", w.contact_sc) == CHILD["council_number"]
    assert opened_by(w, child, "youth", worker) == CHILD["council_number"]
    assert opened_by(w, child, "police", w.contact_police) is None
    with_eastfield(w)
    assert opened_by(w, child, "youth", worker) is None
    named = family(w, "Case 2 of audit 2026-03", council_number=BOTH)
    assert opened_by(w, named, "youth", worker) is None
    assert opened_by(w, named, "social_care", w.contact_sc) == "NM-0077123, until July 2026"


def test_a_number_without_a_council_is_refused_where_there_are_several(w):
    with pytest.raises(Refused, match="the council’s name, Eastfield Council or Northmere Council, and a colon"):
        family(w)


@pytest.mark.parametrize("held", ["NM-0077123", "LCS: 12345"])
def test_a_number_from_before_goes_whole_to_the_only_council_and_to_none_of_several(held):
    w = world()
    child = family(w)
    stored = Person.objects.get(subject=child, relation="child")
    stored.council_number = held
    stored.save()
    assert opened_by(w, child, "social_care", w.contact_sc) == held
    with_eastfield(w)
    for key, somebody in (("social_care", w.contact_sc), ("eastfield", w.users["contact_eastfield"])):
        bounds = queries.bounds_to(w.services[key], w.partnership.pk)
        assert "Council’s number" not in queries.masked_by_subject([child.pk], bounds)[child.pk][0].held
        assert opened_by(w, child, key, somebody) is None
    whole = actions.reveal_subject(subject=child, purpose="correct", by=w.coordinator, at=AT)
    assert dict(whole.persons[0].rows)["Council’s number"] == held


def test_a_renamed_council_sees_no_number_rather_than_anothers(w):
    child = family(w, council_number=BOTH)
    w.services["eastfield"].agency.name = "Eastfield and Westfield Council"
    w.services["eastfield"].agency.save()
    assert opened_by(w, child, "eastfield", w.users["contact_eastfield"]) is None


@pytest.mark.parametrize("said", ["12345\n67890", "Eastfeld Council: 12", "Northmere Council: 1\n2"])
def test_whose_number_it_is_has_to_be_told(w, said):
    with pytest.raises(Refused, match="The councils of this partnership: Eastfield Council or Northmere Council"):
        family(w, council_number=said)
    assert not Person.objects.exists()


def test_either_number_finds_the_child_again(w):
    child = family(w, council_number=BOTH)
    kinds = IndexEntry.objects.filter(person__subject=child, kind=IndexKind.COUNCIL)
    assert kinds.count() == 2
    assert queries.held_in(child.pk, w.partnership.pk, {**dict.fromkeys(CHILD, ""), "council_number": BOTH})
    other = subject(w, "Case 2 of audit 2026-04")
    found = {"nhs_number": "", "upn": "", "family_name": "Otherwise", "council_number": "Eastfield Council: e40"}
    person(w, other, **found)
    assert [one.elsewhere for one in queries.matches(other)] == [child.label]


BARE = {"nhs_number": "", "upn": "", "born_on": ""}


def numbered(w, label, number, relation="child", **values):
    of = subject(w, label)
    person(w, of, relation, **BARE, **values, council_number=number)
    return of


def test_the_same_number_of_two_councils_is_not_the_same_child(w):
    one = numbered(w, "One", "Northmere Council: 12345")
    other = numbered(w, "Other", "Eastfield Council: 12345")
    assert queries.matches_by_subject([one.pk, other.pk]) == {}
    values = {**dict.fromkeys(CHILD, ""), "council_number": "Eastfield Council: 12345"}
    assert not queries.held_in(one.pk, w.partnership.pk, values)
    assert queries.held_in(other.pk, w.partnership.pk, values)
    actions.keep_apart(subject=other, by=w.coordinator, at=AT)
    again = numbered(w, "Again", "Northmere Council: 12345")
    assert [found.subject_id for found in queries.matches(again)] == [one.pk]
    assert len(queries.child_digests([one.pk])) == 2, "a new list still finds the other child, who is nobody's concern"


def test_a_number_from_before_is_found_though_nobody_said_whose_it_is():
    w = world()
    before = numbered(w, "Before", "12345")
    with_eastfield(w)
    now = numbered(w, "Now", "Northmere Council: 12345")
    assert [(found.kind, found.subject_id) for found in queries.matches(now)] == [("council’s number", before.pk)]
    actions.keep_apart(subject=now, by=w.coordinator, at=AT)
    assert queries.child_digests([before.pk, now.pk]) == set(), "it may be the same child, and nothing may lead across"


def test_whoever_is_kept_apart_leaves_an_adult_of_the_same_number_in_the_index(w):
    adult = numbered(w, "Adult", "Northmere Council: 12345", "parent")
    sister = numbered(w, "Sister", "Northmere Council: 12345", "sibling")
    child = numbered(w, "Child", "Northmere Council: 12345")
    actions.keep_apart(subject=child, by=w.coordinator, at=AT)
    left = IndexEntry.objects.values_list("person__subject", flat=True)
    assert set(left) == {adult.pk}, "a number of the whole family stays; the same child as somebody's sister does not"
    assert sister.pk not in left


def test_the_check_before_publication_looks_for_each_number_by_itself(w):
    child = family(w, council_number=BOTH)
    held = actions.read_for_disclosure_check(partnership=w.partnership, subjects=[child], by=None, at=AT)
    assert [one.value for one in held if one.field == "council_number"] == ["NM-0077123", "E 40"]


def test_the_page_takes_both_and_says_what_is_wrong(w, client):
    child = subject(w)
    sign_in(client, w.coordinator)
    url = reverse("identity:add", args=[child.pk])
    page = client.post(url, {"relation": "child", "given_names": "Zebedee", "council_number": "1\n2"})
    assert "Write one number a line" in page.text
    client.post(url, {"relation": "child", "given_names": "Zebedee", "council_number": BOTH})
    assert checks.number_of(Person.objects.get().council_number, "Eastfield Council") == "E 40, from July 2026"
    assert "council_number of" not in client.get(reverse("identity:show", args=[child.pk])).text
    assert not Opening.objects.exists()
