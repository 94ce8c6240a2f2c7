"""Taking the trail away is itself on the record."""

import json

import pytest

from candour.kernel.errors import Refused
from candour.people.tests.factories import AT, other_world, world
from candour.trail import actions, checkpoints, queries
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


def test_an_export_holds_the_entry_that_says_so():
    w = world()
    actions.take_export(partnership=w.partnership, by=w.coordinator, at=AT)
    chain = queries.chain_of(w.partnership.pk)
    rows = [json.loads(line) for line in queries.export(chain)]
    assert [(row["verb"], row["actor"]) for row in rows] == [("export the trail", w.coordinator.pk)]
    assert chain.length == 1


@pytest.mark.parametrize("who", ["executive", "contact_police", "second"])
def test_others_are_refused_and_leave_no_entry(who):
    w = world()
    with pytest.raises(Refused):
        actions.take_export(partnership=w.partnership, by=getattr(w, who), at=AT)
    assert not Entry.objects.exists()


def test_another_partnerships_coordinator_is_refused():
    w, stranger = world(), other_world()
    with pytest.raises(Refused):
        actions.take_export(partnership=w.partnership, by=stranger.coordinator, at=AT)


def test_the_last_checkpoint_is_the_longest():
    w = world()
    actions.take_export(partnership=w.partnership, by=w.coordinator, at=AT)
    chain = queries.chain_of(w.partnership.pk)
    assert queries.last_checkpoint(chain) is None
    checkpoints.take(chain, reason="daily", at=AT)
    actions.take_export(partnership=w.partnership, by=w.coordinator, at=AT)
    second = checkpoints.take(chain, reason="daily", at=AT)
    assert queries.last_checkpoint(chain) == second
    assert second.length == 2
