"""What learning tells an earlier step of what was recommended to an agency."""

import pytest

from candour.focus.tests.factories import under_way
from candour.learning import queries
from candour.learning.tests.factories import cleared, looked_at, published, recommended
from candour.people.tests.factories import world

pytestmark = pytest.mark.django_db


def test_an_agency_is_told_in_its_next_audit_what_was_published_for_it():
    w = world()
    old, now = looked_at(w, code="2025-01"), under_way(w, "2026-03")
    recommended(w, old, "Invite health to every strategy meeting")
    assert list(queries.recommended(now, w.police.agency)) == []
    publication = published(w, old)
    told = list(queries.recommended(now, w.police.agency))
    assert [(one.text, one.year) for one in told] == [
        ("Invite health to every strategy meeting", publication.published_at.year)
    ]
    assert list(queries.recommended(now, w.gp.agency)) == []
    assert list(queries.recommended(old, w.police.agency)) == []


def test_what_is_cleared_but_not_published_is_told_to_nobody():
    w = world()
    old, now = looked_at(w, code="2025-01"), under_way(w, "2026-03")
    recommended(w, old)
    cleared(w, old)
    assert list(queries.recommended(now, w.police.agency)) == []
