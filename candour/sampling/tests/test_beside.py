"""One case chosen for a reason beside those drawn: marked everywhere as not random, and in no figure of the sample."""

from datetime import timedelta

import pytest
from django.urls import reverse

from candour.kernel.errors import Refused
from candour.people.tests.factories import sign_in, world
from candour.sampling import actions, queries
from candour.sampling.flow import CaseState
from candour.sampling.models import Case
from candour.sampling.tests.factories import AT, an_audit, drawn

pytestmark = pytest.mark.django_db
WHY = "A near miss that the hospital asked us to learn from"


@pytest.fixture
def w():
    return world()


def chosen(w, found, **over):
    given = {"audit": found.audit, "because": WHY, "area": "Child in need", "by": w.coordinator, "at": AT} | over
    return actions.choose_case(**given)


def test_a_chosen_case_is_marked_wherever_it_is_named(client, w):
    found = drawn(w)
    case = chosen(w, found)
    assert str(case) == "Case 5 (not random)"
    assert (case.random, case.purposive, case.place) == (False, True, None)
    assert "chosen for a reason, not drawn at random" in queries.sampling_note(found.audit)
    assert "given" not in queries.sampling_note(found.audit)
    assert queries.stage(found.audit).figures == "4 of 20 children, drawn at random; one chosen for a reason"
    lead = sign_in(client, w.coordinator)
    page = lead.get(reverse("sampling:drawn", args=[found.pk])).text
    assert "Case 5 (not random)" in page
    assert "Add one case for a reason" not in page
    page = lead.get(case.get_absolute_url()).text
    assert "chosen for a reason" in page
    assert "given to us" not in page.lower()
    assert WHY in page


def test_a_chosen_case_counts_in_no_figure_about_the_sample(w):
    found = drawn(w)
    before = [(figure.name, figure.rows) for figure in queries.figures(found)]
    chosen(w, found)
    assert [(figure.name, figure.rows) for figure in queries.figures(found)] == before


def test_one_case_is_chosen_on_the_page_after_the_draw(client, w):
    audit = an_audit(w)
    lead = sign_in(client, w.coordinator)
    where = reverse("sampling:choose", args=[audit.pk])
    assert "Draw the cases first" in lead.post(where, {"because": WHY, "area": ""}, follow=True).text
    found = drawn(w, audit)
    assert "Add one case for a reason" in lead.get(reverse("sampling:drawn", args=[found.pk])).text
    assert "govuk-error-summary" in lead.post(where, {"because": " ", "area": ""}).text
    assert "marked everywhere" in lead.post(where, {"because": WHY, "area": ""}, follow=True).text
    assert "One case was chosen already" in lead.post(where, {"because": WHY, "area": ""}, follow=True).text


def test_choosing_is_refused_without_right_or_reason(w):
    found = drawn(w)
    with pytest.raises(Refused, match="may choose a case"):
        chosen(w, found, by=w.second)
    with pytest.raises(Refused, match="Say why"):
        chosen(w, found, because="  ")


def test_a_voided_draw_takes_the_chosen_case_along(w):
    found = drawn(w)
    case = chosen(w, found)
    actions.void_draw(found=found, reason="wrong-list", by=w.coordinator, at=AT + timedelta(hours=1))
    case.refresh_from_db()
    assert case.state == CaseState.VOID
    assert not Case.objects.filter(state=CaseState.ACTIVE).exists()
