"""Many moves at once: one chain, no deadlock, nothing lost."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from candour.focus import actions
from candour.focus.models import Audit
from candour.focus.tests.factories import under_way
from candour.people.tests.factories import AT, world
from candour.trail.models import Chain, Entry

EIGHT = 8
EACH = 100

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def close_and_reopen(audit: Audit, by, times: int) -> None:
    """Move one audit to and fro; each move ends in the partnership's one chain."""
    try:
        for number in range(times):
            action = actions.reopen_audit if number % 2 else actions.close_audit
            action(audit=audit, by=by, at=AT + timedelta(seconds=number))
    finally:
        connection.close()


def test_eight_hundred_moves_at_once_end_in_one_whole_chain():
    w = world()
    audits = [under_way(w, f"2026-{number:02}") for number in range(1, EIGHT + 1)]
    before = Chain.objects.get(partnership=w.partnership).length
    with ThreadPoolExecutor(EIGHT) as pool:
        done = [pool.submit(close_and_reopen, audit, w.coordinator, EACH) for audit in audits]
    for one in done:
        one.result()
    chain = Chain.objects.get(partnership=w.partnership)
    first_closes = EIGHT  # the first close of each audit also ends its asking, on the record
    assert chain.length == before + EIGHT * EACH + first_closes
    entries = list(Entry.objects.filter(chain=chain).order_by("seq"))
    assert [entry.seq for entry in entries] == list(range(1, chain.length + 1))
    assert all(later.previous == earlier.leaf for earlier, later in itertools.pairwise(entries))
    assert {audit.state for audit in Audit.objects.all()} == {"under-way"}
