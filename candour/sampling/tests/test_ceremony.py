"""The ceremony: dice that named witnesses type from their own sign-in, the countdown, the result one by one."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from candour.focus.models import ExpectedService
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.people.tests.factories import other_world, sign_in, world
from candour.sampling import actions, draw, jobs, queries
from candour.sampling.models import Draw, Throw
from candour.sampling.tests.factories import AT, DICE, a_list, an_audit, drawn, fixed

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world()


def witnessed(w, confirm=True):
    """Fix a list with two named witnesses."""
    return fixed(w, witnesses=[w.chair.pk, w.scrutineer.pk], thrown_when="now", confirm=confirm)


def throws(made):
    return list(Throw.objects.filter(commitment=made).order_by("number"))


def thrown(throw, digits="314159", by=None):
    return actions.throw_dice(throw=throw, digits=digits, by=by or throw.witness, at=AT + timedelta(minutes=2))


def test_two_witnesses_throw_and_only_their_dice_draw(w):
    made = witnessed(w)
    first, second = throws(made)
    names = [str(first.witness), str(second.witness)]
    assert made.thrown_by == ", then ".join(names)
    assert f'"{names[0]}"' in made.document
    given = {"fixed": made, "by": w.coordinator, "at": AT + timedelta(minutes=5)}
    for source in (DICE, "dice:314159"):
        with pytest.raises(Refused, match="what its witnesses threw"):
            jobs.draw_cases(source=source, **given)
    thrown(first)
    assert queries.thrown(throws(made)) == ""
    thrown(second, "265358")
    assert queries.thrown(throws(made)) == "dice:314159265358"
    found = jobs.draw_cases(source="dice:314159265358", **given)
    assert found.source == "dice:314159265358"
    assert draw.verify_receipt(queries.receipt(found))


def test_dice_are_typed_once_by_whoever_was_named_after_the_second_person(w):
    made = witnessed(w, confirm=False)
    first, second = throws(made)
    with pytest.raises(Refused, match="second person has to confirm"):
        thrown(first)
    actions.confirm_list(fixed=made, by=w.second, at=AT)
    with pytest.raises(Refused, match="throw dice"):
        thrown(first, by=w.coordinator)
    with pytest.raises(Refused, match="at least"):
        thrown(first, "1")
    thrown(first)
    with pytest.raises(Refused, match="already"):
        thrown(first, "999999")
    made.refresh_from_db()
    actions.withdraw_list(fixed=made, by=w.coordinator, at=AT)
    with pytest.raises(Refused, match="not waiting"):
        thrown(second)


def test_only_people_of_the_partnership_are_witnesses(w):
    case_list = a_list(w)
    assert w.chair.pk in queries.possible_witnesses(w.partnership, today(AT))
    for stranger in (other_world().chair, w.contact_police):
        with pytest.raises(Refused, match="hold a role"):
            fixed(w, case_list, witnesses=[stranger.pk], thrown_when="now")


def test_a_witness_types_on_a_page_of_their_own_and_others_see_no_digit_before(client, w):
    made = witnessed(w)
    first, second = throws(made)
    assert [task.url for task in queries.tasks(first.witness, today(AT))] == [
        reverse("sampling:throw", args=[first.pk])
    ]
    one = sign_in(client, first.witness)
    where = reverse("sampling:throw", args=[first.pk])
    assert "Enter digits only" in one.post(where, {"digits": "31 41 x"}).text
    assert "It stands." in one.post(where, {"digits": "31 41 59"}, follow=True).text
    lead = sign_in(client, w.coordinator)
    assert "314159" not in lead.get(reverse("sampling:draw", args=[made.pk])).text
    assert "314159" not in lead.get(reverse("sampling:fixed", args=[made.pk])).text
    thrown(second, "265358")
    assert "314159265358" in lead.get(reverse("sampling:draw", args=[made.pk])).text
    lead.post(reverse("sampling:draw", args=[made.pk]))
    assert Draw.objects.get().source == "dice:314159265358"


def test_the_page_says_to_whom_the_fingerprint_went(client, w):
    audit = an_audit(w)
    where = reverse("sampling:fixed", args=[fixed(w, a_list(w, audit)).pk])
    lead = sign_in(client, w.coordinator)
    assert "To nobody: no service is expected in this audit yet" in lead.get(where).text
    other = an_audit(w, "2026-04")
    ExpectedService.objects.create(partnership=w.partnership, audit=other, service=w.police)
    made = fixed(w, a_list(w, other), confirm=False)
    where = reverse("sampling:fixed", args=[made.pk])
    assert "When the second person confirms" in lead.get(where).text
    actions.confirm_list(fixed=made, by=w.second, at=AT)
    assert "To 1 person in the agencies: 1 queued" in lead.get(where).text


def test_the_wait_for_the_public_number_is_counted_down(client, w):
    round_number = draw.round_at(AT + timedelta(minutes=20))
    made = fixed(w, beacon_round=round_number)
    lead = sign_in(client, w.coordinator)
    with time_machine.travel(AT + timedelta(minutes=10), tick=False):
        page = lead.get(reverse("sampling:fixed", args=[made.pk])).text
    seconds = int((draw.round_time(round_number) - AT - timedelta(minutes=10)).total_seconds())
    assert f'data-seconds="{seconds}"' in page
    assert "sampling/countdown" in page


def test_the_result_is_shown_one_by_one(client, w):
    found = drawn(w)
    room = sign_in(client, w.chair)
    where = reverse("sampling:present", args=[found.pk])
    page = room.get(where).text
    assert "Show the first one" in page
    assert "Case 1" not in page
    page = room.get(where, {"shown": "2"}).text
    assert "2 of 4" in page
    assert page.index("Case 2") < page.index("Case 1")
    assert "Case 3" not in page
    page = room.get(where, {"shown": "4"}).text
    assert "To the whole result" in page
    assert room.get(where, {"shown": "nonsense"}).status_code == 200
