"""A queued job has the rights of whoever asked for it, as they are when it runs."""

import pytest

from candour.access.acting import acting
from candour.access.policy import Can
from candour.kernel.errors import Refused
from candour.people.models import Partnership
from candour.people.tests.factories import AT, other_world, world

pytestmark = pytest.mark.django_db


def test_a_job_acts_while_the_grant_lasts_and_no_longer():
    w, other = world(), other_world()
    asked = (Can.MANAGE_PEOPLE, Partnership, w.partnership.pk)
    assert acting(w.coordinator.pk, *asked) == (w.coordinator, w.partnership)
    for somebody in (w.chair, other.coordinator):
        with pytest.raises(Refused):
            acting(somebody.pk, *asked)
    w.coordinator.grants.update(withdrawn_at=AT, withdrawn_by=w.chair)
    for nobody in (w.coordinator.pk, "gone"):
        with pytest.raises(Refused):
            acting(nobody, *asked)
