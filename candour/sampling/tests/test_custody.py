"""Lists go on their date, whatever stands on them, and that they went is on the record."""

from datetime import timedelta

import pytest

from candour.kernel.errors import Refused
from candour.people.tests.factories import world
from candour.sampling import actions, jobs
from candour.sampling.models import Block, CaseList, Commitment, Upload
from candour.sampling.tests.factories import AT, DICE, fixed
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


def test_a_fixed_list_that_nobody_draws_from_does_not_keep_its_rows_for_ever():
    w = world()
    made = fixed(w)
    jobs.purge_lists(AT + timedelta(weeks=25))
    assert Upload.objects.exists()
    jobs.purge_lists(AT + timedelta(weeks=27))
    assert (CaseList.objects.get().state, Commitment.objects.get().state) == ("purged", "withdrawn")
    assert (Block.objects.count(), Upload.objects.count(), bytes(Commitment.objects.get().refs)) == (0, 0, b"")
    assert list(Entry.objects.order_by("seq").values_list("verb", flat=True))[-2:] == ["let lapse", "purge"]
    with pytest.raises(Refused, match="withdrawn"):
        actions.draw_cases(fixed=made, source=DICE, by=w.coordinator, at=AT + timedelta(weeks=28))
