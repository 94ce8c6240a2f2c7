"""A second list joined to the first: sure pairs together, doubtful ones looked at by name on the record, then narrowed."""

import pytest
from django.urls import reverse

from candour.kernel.errors import Refused
from candour.people.tests.factories import sign_in, world
from candour.sampling import actions, jobs, queries
from candour.sampling.models import Match
from candour.sampling.tests import files as f
from candour.sampling.tests.factories import AT, a_list
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
HEADS = ["Child ID", "Forename", "Surname", "DOB", "NHS number"]
FIRST = [
    ["C1", "Vega", "Invented", "12/03/2012", ""], ["C2", "Rigel", "Fictitious", "01/02/2011", "999 000 0018"],
    ["C3", "Mira", "Madeup", "05/06/2010", ""], ["C4", "Altair", "Nobody", "07/08/2009", ""],
]  # fmt: skip
SECOND = [
    ["Y9", "VEGA", "Invented", "12/03/2012", ""],  # the same name and day
    ["Y8", "Regulus", "Else", "01/02/2011", "9990000018"],  # the same NHS number
    ["Y7", "Mira", "Madeup", "06/05/2010", ""],  # day and month exchanged
    ["Y6", "Somebody", "Else", "01/01/2010", ""],  # in no other list
]


@pytest.fixture
def w():
    return world()


def joined(w):
    """Give a list and a second one beside it, both kept."""
    first = a_list(w, content=f.text([HEADS, *FIRST]))
    files = [("youth justice.csv", f.text([HEADS, *SECOND]))]
    second = actions.give_list(audit=first.audit, files=files, beside=first, by=w.coordinator, at=AT)
    jobs.read_list(second.pk)
    second.refresh_from_db()
    return first, actions.keep_list(case_list=second, by=w.coordinator, at=AT)


def test_pairs_are_sure_or_wait_for_somebody_who_looks(w):
    _, second = joined(w)
    found = [(row.child, row.other, row.why, row.sure) for row in Match.objects.order_by("child")]
    assert found == [(0, 0, "name", True), (1, 1, "nhs", True), (2, 2, "nearly-born", False)]
    assert Match.objects.filter(same__isnull=False).count() == 0
    assert queries.matching(second)["alone"] == 4


def test_names_are_shown_by_a_recorded_act_only_and_decide_who_may_be_drawn(client, w):
    first, second = joined(w)
    lead = sign_in(client, w.coordinator)
    where = reverse("sampling:matching", args=[second.pk])
    page = lead.get(where).text
    assert "2 sure pairs" in page
    assert "Mira" not in page
    assert (
        "The sure pairs are confirmed"
        in lead.post(reverse("sampling:confirm_sure", args=[second.pk]), follow=True).text
    )
    page = lead.post(reverse("sampling:pairs", args=[second.pk])).text
    assert "Mira Madeup, born 5 June 2010" in page
    assert Entry.objects.filter(verb="show pairs of two lists").count() == 1
    doubtful = Match.objects.get(sure=False)
    lead.post(reverse("sampling:decide", args=[second.pk]), {doubtful.pk: "different"})
    for narrowing, left in (({"second": "both"}, 2), ({"second": "here"}, 2)):
        actions.set_scope(
            case_list=first, areas=list(first.areas), rules=[], narrowing=narrowing, by=w.coordinator, at=AT
        )
        first.refresh_from_db()
        assert queries.eligible(first).count == left
    lead.post(reverse("sampling:decide", args=[second.pk]), {doubtful.pk: "open"})
    doubtful.refresh_from_db()
    assert (doubtful.same, doubtful.decided_by) == (None, None)


def test_a_second_list_makes_no_difference_before_it_is_kept_and_goes_with_the_first(w):
    first, second = joined(w)
    with pytest.raises(Refused, match="may fix a case list"):
        actions.decide_sure(case_list=second, by=w.second, at=AT)
    actions.decide_sure(case_list=second, by=w.coordinator, at=AT)
    with pytest.raises(Refused, match="no sure pair left"):
        actions.decide_sure(case_list=second, by=w.coordinator, at=AT)
    actions.set_aside(case_list=first, by=w.coordinator, at=AT)
    second.refresh_from_db()
    assert (second.state, Match.objects.count()) == ("left", 0)


def test_two_children_of_one_name_and_day_are_never_a_sure_pair(w):
    twice = [*FIRST, ["C5", "Vega", "Invented", "12/03/2012", ""]]
    first = a_list(w, content=f.text([HEADS, *twice]))
    second = actions.give_list(
        audit=first.audit, files=[("x.csv", f.text([HEADS, SECOND[0]]))], beside=first, by=w.coordinator, at=AT
    )
    jobs.read_list(second.pk)
    assert [(row.child, row.sure) for row in Match.objects.order_by("child")] == [(0, False), (4, False)]
