"""The pages of the first step: who sees them, what they show, what they cost."""

from datetime import date

import pytest
from django.urls import reverse

from candour.focus import queries
from candour.focus.flow import MilestoneKind, State
from candour.focus.models import Audit
from candour.focus.tests.factories import planned, ready, tool_version, under_way
from candour.people.roles import Role
from candour.people.tests.factories import grant, other_world, sign_in, world

pytestmark = pytest.mark.django_db

QUESTION = {
    "code": "2026-07",
    "title": "Do we hear babies?",
    "who": "Babies under one",
    "cases_from": "drawn",
    "pace": "ordinary",
    "lines": "Who saw the baby awake?\nWho spoke to the father?",
}


def dates(**days: date) -> dict[str, int]:
    return {f"{name}_{part}": getattr(day, part) for name, day in days.items() for part in ("day", "month", "year")}


@pytest.fixture
def w():
    return world()


@pytest.fixture
def lead(client, w):
    return sign_in(client, w.coordinator)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("page", "queries_made"), [("audits", 8), ("programme", 7)])
def test_lists_cost_the_same_however_long(lead, w, count, page, queries_made, django_assert_max_num_queries):
    for number in range(count):
        under_way(w, f"2026-1{number}")
    with django_assert_max_num_queries(queries_made):
        text = lead.get(reverse(f"focus:{page}")).text
    assert text.count("How well do we respond") == count


def test_an_audit_is_started_and_planned_in_the_browser(lead, w):
    period = dates(review_from=date(2026, 4, 1), review_to=date(2026, 9, 30), starts_on=date(2026, 10, 5))
    assert lead.post(reverse("focus:start"), QUESTION | period).status_code == 302
    audit = Audit.objects.get(code="2026-07")
    assert audit.enquiry == ["Who saw the baby awake?", "Who spoke to the father?"]
    step = lambda name: reverse(f"focus:{name}", args=[audit.pk])  # noqa: E731
    assert "at least one source" in lead.get(step("show")).text
    lead.post(step("sources"), {"data": "Contacts about babies rose by a third."})
    lead.post(step("services"), {"services": [w.police.pk, w.gp.pk], "keep": "on"})
    lead.post(step("tool"), {"tool": tool_version().pk, "graded": "yes", "lawful_basis": "Public task"})
    assert queries.core_services(w.partnership) == {w.police.pk, w.gp.pk}
    page = lead.get(step("show")).text
    assert "the plan is complete" in page
    decision = {"decided_by": "Practice subgroup"} | dates(decided_on=date(2026, 10, 1))
    assert lead.post(step("decide"), decision)["Location"] == f"/audits/{audit.pk}/"
    assert Audit.objects.get(pk=audit.pk).state == State.UNDER_WAY


def test_the_audit_tools_are_offered_by_name_with_the_core_tool_chosen_until_another_is(lead, w):
    audit = planned(w)
    there = reverse("focus:tool", args=[audit.pk])
    form = lead.get(there).context["form"]
    labels = [label for _pk, label in form.fields["tool"].choices]
    assert labels[0] == "Core audit tool (version 1)"
    assert "Physical abuse (version 1)" in labels
    assert form["tool"].value() == tool_version().pk
    themed = form.fields["tool"].choices[1][0]
    lead.post(there, {"tool": themed, "graded": "yes", "lawful_basis": ""})
    assert lead.get(there).context["form"]["tool"].value() == themed


def test_dates_are_changed_row_by_row_and_proposed_again(lead, w):
    audit = ready(w)
    there = reverse("focus:timetable", args=[audit.pk])
    kept = {row.kind: row.due_on for row in queries.timetable(audit)}
    moved = kept | {MilestoneKind.BRIEFING: date(2027, 1, 8)}
    assert lead.post(there, dates(**moved)).status_code == 302
    crooked = kept | {MilestoneKind.PACK: date(2026, 9, 1)}
    assert "falls before" in lead.post(there, dates(**crooked)).text
    again = {f"again-{name}": value for name, value in dates(starts_on=date(2026, 11, 2)).items()}
    lead.post(reverse("focus:propose", args=[audit.pk]), again | {"again-pace": "compressed"})
    assert queries.due_on(Audit.objects.get(pk=audit.pk), MilestoneKind.DISCUSSION) == date(2026, 11, 16)
    assert lead.post(reverse("focus:propose", args=[audit.pk]), {}).status_code == 200


def test_school_holidays_are_added_and_removed(lead, w):
    there = reverse("focus:holidays", args=[w.partnership.pk])
    lead.post(there, dates(first=date(2026, 10, 26), last=date(2026, 10, 30)))
    assert "26 October 2026" in lead.get(there).text
    lead.post(reverse("focus:drop_holiday", args=[w.partnership.pk]), {"first": "2026-10-26"})
    assert "No school holidays" in lead.get(there).text


def test_the_question_is_changed_and_a_crooked_period_comes_back(lead, w):
    audit = planned(w)
    there = reverse("focus:question", args=[audit.pk])
    period = dates(review_from=date(2026, 4, 1), review_to=date(2026, 9, 30))
    assert lead.post(there, QUESTION | period).status_code == 302
    assert Audit.objects.get(pk=audit.pk).title == "Do we hear babies?"
    crooked = dates(review_from=date(2026, 10, 1), review_to=date(2026, 9, 30))
    assert "ends before it begins" in lead.post(there, QUESTION | crooked).text
    planned(w, "2026-09")
    taken = lead.post(there, QUESTION | period | {"code": "2026-09"})
    assert "already has the code" in taken.text
    empty = lead.post(reverse("focus:sources", args=[audit.pk]), {"data": " "})
    assert "at least one source" in empty.text


def test_who_coordinates_two_partnerships_says_for_which_the_audit_is(client, w):
    other = other_world()
    grant(w.coordinator, Role.COORDINATOR, partnership=other.partnership)
    sign_in(client, w.coordinator)
    period = dates(review_from=date(2026, 4, 1), review_to=date(2026, 9, 30), starts_on=date(2026, 10, 5))
    assert "Southmere" in client.get(reverse("focus:start")).text
    assert client.post(reverse("focus:start"), QUESTION | period).status_code == 200
    client.post(reverse("focus:start"), QUESTION | period | {"partnership": other.partnership.pk})
    assert Audit.objects.get().partnership == other.partnership


def test_an_audit_is_closed_and_opened_again(lead, w):
    audit = under_way(w)
    lead.post(reverse("focus:close", args=[audit.pk]))
    assert Audit.objects.get(pk=audit.pk).state == State.CLOSED
    lead.post(reverse("focus:reopen", args=[audit.pk]))
    assert Audit.objects.get(pk=audit.pk).state == State.UNDER_WAY


def test_a_service_sees_an_audit_once_it_is_under_way_and_plans_nothing(client, w):
    audit = ready(w)
    sign_in(client, w.contact_police)
    assert client.get(reverse("focus:show", args=[audit.pk])).status_code == 404
    begun = under_way(w, "2026-08")
    page = client.get(reverse("focus:show", args=[begun.pk]))
    assert page.status_code == 200
    assert "Change" not in page.text
    assert client.get(reverse("focus:question", args=[begun.pk])).status_code == 403
    assert "Start an audit" not in client.get(reverse("focus:audits")).text


def test_another_partnerships_audit_is_no_page(lead):
    foreign = planned(other_world())
    for name in ("show", "question", "sources", "services", "tool", "timetable", "decide"):
        assert lead.get(reverse(f"focus:{name}", args=[foreign.pk])).status_code == 404
