"""Who may be drawn: filters with their effect, families, children audited lately; figures beside; groups with a floor."""

import pytest
from django.urls import reverse

from candour.identity.actions import add_person
from candour.kernel.errors import Refused
from candour.people.models import ServiceKind
from candour.people.tests.factories import service, sign_in, world
from candour.sampling import actions, jobs, queries
from candour.sampling.models import CaseList
from candour.sampling.tests import files as f
from candour.sampling.tests.factories import AT, a_list, an_audit, some_cases

pytestmark = pytest.mark.django_db
HEADS = ["Child ID", "Forename", "Surname", "DOB", "Gender", "Need", "Team", "Household ID", "Factors", "Start date"]


@pytest.fixture
def w():
    return world()


def row(n):
    """Make a child: brothers and sisters in threes, girls and boys in turn, two teams, every other one neglected."""
    return [
        f"C{n:03}", "Vega", f"Invented{n}", f"12/03/{2010 + n % 12}", "FM"[n % 2], "NEG" if n % 2 else "N5",
        "East" if n < 6 else "West", f"H{n // 3}" if n < 12 else "", "16A" if n % 4 == 0 else "",
        f"0{1 + n % 6}/0{1 + n % 9}/2026",
    ]  # fmt: skip


def table(children=24):
    return f.text([HEADS, *map(row, range(children))])


def given(w, **more):
    return a_list(w, content=table(), **more)


def narrowed(w, case_list, **narrowing):
    actions.set_scope(
        case_list=case_list, areas=list(case_list.areas), rules=[], narrowing=narrowing, by=w.coordinator, at=AT
    )
    case_list.refresh_from_db()
    return queries.eligible(case_list)


def test_each_filter_says_how_many_remain_after_it(w):
    found = narrowed(w, given(w), needs=["NEG"], factors=["16A"], oldest=14)
    assert found.steps[0] == ("In the list", 24)
    assert [words for words, _ in found.steps[1:]] == [
        "Need or kind of abuse: neglect", "Assessment factor: neglect", "Aged up to 14",
    ]  # fmt: skip
    assert [left for _, left in found.steps[1:]] == [12, 0, 0]


def test_dates_in_the_period_narrow_by_what_happened_then(w):
    case_list = given(w)
    whole = narrowed(w, case_list, moments=["start"], first="2026-01-01", last="2026-12-31")
    assert whole.count == 24
    march = narrowed(w, case_list, moments=["start"], first="2026-03-01", last="2026-03-31")
    assert march.steps[1] == ("Began, from 1 March 2026 to 31 March 2026", march.count)
    assert march.count == sum(1 for n in range(24) if 1 + n % 9 == 3)


def test_one_child_of_a_family_is_left_and_nobody_chooses_which(w):
    case_list = given(w)
    found = narrowed(w, case_list, family=True)
    assert found.count == 4 + 12
    assert found.by_reason == {"family": 8}
    assert queries.eligible(CaseList.objects.get(pk=case_list.pk)).places == found.places


def test_children_audited_in_the_last_twelve_months_are_left_out_without_being_named(client, w):
    earlier = some_cases(w, an_audit(w, "2026-01"), places=2)
    for case, n in zip(earlier, (3, 5), strict=True):
        values = {"given_names": "Vega", "family_name": f"Invented{n}", "born_on": f"{2010 + n % 12}-03-12"}
        add_person(subject=case.subject, relation="child", values=values, by=w.coordinator, at=AT)
    case_list = given(w)
    assert queries.scope(case_list)["offers"]["recent"].startswith("2 were")
    found = narrowed(w, case_list, recent=True)
    assert (found.count, found.by_reason) == (22, {"recent": 2})
    assert {3, 5}.isdisjoint(found.places)
    page = sign_in(client, w.coordinator).get(reverse("sampling:children", args=[case_list.pk])).text
    assert "Without those audited in the last twelve months" in page
    assert "Invented" not in page


def audited(w, *numbers):
    """Children of whom another audit knows the councils' numbers alone."""
    for case, number in zip(some_cases(w, an_audit(w, "2026-01"), places=len(numbers)), numbers, strict=True):
        values = {"council_number": number}
        add_person(subject=case.subject, relation="child", values=values, by=w.coordinator, at=AT)


def test_the_number_of_another_councils_child_leaves_nobody_out_who_is_named_in_the_list(w):
    service("Eastfield Council", "Children's services", ServiceKind.SOCIAL_CARE, w.partnership)
    audited(w, "Eastfield Council: C003")
    assert narrowed(w, given(w), recent=True).count == 24
    nameless = f.text([["Child ID", "Gender"], *([f"C{n:03}", "F"] for n in range(12))])
    assert narrowed(w, a_list(w, an_audit(w, "2026-04"), content=nameless), recent=True).count == 11


def test_the_number_of_the_only_council_says_who_a_child_is(w):
    audited(w, "C003")
    found = narrowed(w, given(w), recent=True)
    assert (found.count, 3 in found.places) == (23, False)


def test_the_narrowing_is_fixed_with_the_list_and_what_changes_meanwhile_is_refused(w):
    case_list = given(w)
    narrowed(w, case_list, needs=["NEG"])
    ready = queries.ready(case_list, queries.Plan(4), {})
    assert ready.inclusion[-1] == {"rule": "Need or kind of abuse: neglect", "children": 12}
    actions.exclude_child(case_list=case_list, number="C001", reason="moved", by=w.coordinator, at=AT)
    dice = {"thrown_by": "the chair", "thrown_when": "now"}
    with pytest.raises(Refused, match="changed who may be drawn meanwhile"):
        actions.fix_list(case_list=case_list, places=4, prepared=ready, **dice, by=w.coordinator, at=AT)


def test_groups_cross_two_attributes_give_each_a_floor_and_warn_of_small_ones(w):
    case_list = given(w)
    plan = queries.Plan(12, "proportional", "sex", "team", 2)
    groups = queries.ready(case_list, plan, {}).groups
    assert [(group.name, group.children) for group in groups] == [
        ("Male · East", 3), ("Male · West", 9), ("Female · East", 3), ("Female · West", 9),
    ]  # fmt: skip
    assert [group.places for group in groups] == [2, 4, 2, 4]
    assert [group.small for group in groups] == [True] * 4
    with pytest.raises(Refused, match="At least 4 for each group"):
        queries.ready(case_list, queries.Plan(10, "equal", "sex", "team", 4), {})
    with pytest.raises(Refused, match="from 10 places on"):
        queries.ready(case_list, queries.Plan(9, "equal", "sex"), {})


def test_the_page_shows_groups_before_the_list_is_fixed_and_warns(client, w):
    lead = sign_in(client, w.coordinator)
    case_list = given(w)
    where = reverse("sampling:fix", args=[case_list.pk])
    how = {"places": 12, "grouping": "hand", "group_by": "team", "cross_by": "", "floor": ""}
    page = lead.post(where, how | {"look": "1"}).text
    assert "One group has fewer than ten children" in page
    assert 'name="hand-East"' in page
    assert "The places by hand add up to 0, not to 12." in page
    dice = {"source": "dice", "thrown_by": "the chair", "thrown_when": "now"}
    page = lead.post(where, how | dice | {"hand-East": "2", "hand-West": "10"}, follow=True).text
    assert "a second person confirms" in page
    assert "East" in page


def test_the_councils_own_figures_stand_beside_and_a_difference_is_explained(client, w):
    case_list = given(w)
    figures = {"East": (7, ""), "West": (18, "")}
    with pytest.raises(Refused, match="differs from the list: say why"):
        actions.say_figures(case_list=case_list, attribute="team", figures=figures, by=w.coordinator, at=AT)
    lead = sign_in(client, w.coordinator)
    where = reverse("sampling:figures", args=[case_list.pk, "team"])
    said = {"figure-0": 7, "why-0": "One moved teams on the day", "figure-1": 18, "why-1": ""}
    assert "East: 1 fewer in the list. One moved teams on the day" in lead.post(where, said, follow=True).text
    assert "say why the council’s 7 is not 6" in lead.post(where, said | {"why-0": ""}).text


@pytest.mark.parametrize("children", [4, 24])
def test_list_pages_cost_the_same_however_many_children(client, w, children, django_assert_max_num_queries):
    lead, case_list = sign_in(client, w.coordinator), a_list(w, content=table(children))
    jobs.count_again(case_list.pk)
    for page in ("counts", "children", "fix"):
        with django_assert_max_num_queries(15):
            assert lead.get(reverse(f"sampling:{page}", args=[case_list.pk])).status_code == 200


def test_a_partnership_names_its_areas_as_its_case_system_does(client, w):
    lead = sign_in(client, w.coordinator)
    where = reverse("sampling:new_area", args=[w.partnership.pk])
    said = {"name": "Edge of care", "position": 5, "words": "edge of care\nEOC", "teams": "", "used": "on"}
    assert "Edge of care" in lead.post(where, said, follow=True).text
    with pytest.raises(Refused, match="Another service area has this name"):
        actions.keep_area(partnership=w.partnership, code="", **(said | {"used": True}), by=w.coordinator, at=AT)
    rows = [["Child ID", "DOB", "Status"], ["1", "2015-03-12", "EOC"], ["2", "2015-03-12", "child in need"]]
    case_list = a_list(w, content=f.text(rows))
    assert [name for _, name, _ in queries.areas_of(case_list)] == ["Edge of care", "Child in need"]


def test_a_second_count_within_the_same_version_is_not_made(w, monkeypatch):
    case_list = given(w)
    jobs.count_again(case_list.pk)
    case_list.refresh_from_db()
    assert case_list.settled["version"] == case_list.version
    monkeypatch.setattr(queries, "eligible", lambda *_: pytest.fail("counted again"))
    jobs.count_again(case_list.pk)
    assert queries.counted(case_list).count == 24
