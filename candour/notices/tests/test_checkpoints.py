"""Checkpoints leave the installation, once a day and only where there is something new."""

import pytest

from candour.notices.checkpoints import holders, send_daily
from candour.notices.models import Message
from candour.notices.registry import daily_functions
from candour.people.tests.factories import AT, other_world, world
from candour.trail import queries, verify
from candour.trail.act import act, record
from candour.trail.models import Checkpoint

pytestmark = pytest.mark.django_db


@act
def note(*, on, at):
    record("noted", on=on, by=None, at=at)


def test_the_coordinator_and_two_agencies_hold_it():
    here = world()
    other_world()
    people = holders(here.partnership, AT)
    assert people[0] == here.coordinator
    assert len(people) == 3
    assert len({person.grants.get().agency_id for person in people[1:]}) == 2


def test_what_is_sent_verifies_the_export():
    here = world()
    note(on=here.partnership, at=AT)
    send_daily(AT)
    letter = Message.objects.filter(to_user=here.coordinator).get()
    sent = verify.read_note(letter.body[letter.body.index("candour/") :])
    lines = list(queries.export(queries.chain_of(here.partnership.pk)))
    assert verify.verify(lines, [sent]) == []
    assert verify.verify([], [sent]) == ["Rows 1 to 1 are missing: a checkpoint counted 1."]


def test_a_day_on_which_nothing_happened_sends_nothing():
    here = world()
    note(on=here.partnership, at=AT)
    send_daily(AT)
    send_daily(AT)
    assert Checkpoint.objects.count() == 1


def test_it_is_among_the_daily_work():
    assert "candour.notices.checkpoints.send_daily" in daily_functions()
