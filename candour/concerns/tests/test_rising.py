"""A concern that nobody takes up rises, by the partnership’s own rule and hours."""

from datetime import datetime, timedelta

import pytest

from candour.concerns import actions, jobs, queries
from candour.concerns.flow import rises_after
from candour.concerns.tests.test_concerns import CONTACTS, case_of, unsafe
from candour.notices.models import Message
from candour.people.models import Grant, Role
from candour.people.tests.factories import AT, grant, user, world

pytestmark = pytest.mark.django_db


def test_one_that_nobody_takes_up_rises_by_the_partnerships_own_rule():
    w = world()
    above = user("deputy manager")
    grant(above, Role.CONCERNS, partnership=w.partnership)
    rule = {"manager": w.concerns, "rises_to": above, "hours": 2, "office_hours": False}
    actions.keep_rule(partnership=w.partnership, contacts=CONTACTS, rule=rule, by=w.coordinator, at=AT)
    concern = unsafe(w, case_of(w))
    assert (concern.owner, concern.rises_at) == (w.concerns, AT + timedelta(hours=2))
    assert queries.tasks(above, AT.date()) == []
    jobs.rise_overdue(AT + timedelta(minutes=119))
    concern.refresh_from_db()
    assert concern.risen == 0
    for _ in range(2):
        jobs.rise_overdue(AT + timedelta(hours=2))
    concern.refresh_from_db()
    assert (concern.risen, concern.owner, concern.rises_at) == (1, above, AT + timedelta(hours=4))
    assert told("rose-1") == {above.pk}
    assert len(queries.tasks(above, AT.date())) == len(queries.tasks(w.concerns, AT.date())) == 1
    jobs.rise_overdue(AT + timedelta(hours=4))
    assert told("rose-2") == {above.pk, w.concerns.pk}
    assert told("untaken-2") == {w.coordinator.pk}
    assert not [one for one in Message.objects.filter(key__startswith="concern:") if "Case 1" in one.body]
    actions.acknowledge(concern=concern, by=w.concerns, at=AT + timedelta(hours=5))
    jobs.rise_overdue(AT + timedelta(days=30))
    concern.refresh_from_db()
    assert (concern.risen, concern.owner) == (2, w.concerns)


def told(what):
    return set(Message.objects.filter(key__contains=f":{what}:").values_list("to_user", flat=True))


@pytest.mark.parametrize(
    ("raised", "hours", "office", "rises"),
    [
        ("2026-11-23T16:00Z", 4, False, "2026-11-23T20:00Z"),
        ("2026-11-23T16:00Z", 4, True, "2026-11-24T12:00Z"),
        ("2026-11-27T20:00Z", 2, True, "2026-11-30T11:00Z"),  # a Friday night
        ("2026-12-24T16:30Z", 1, True, "2026-12-29T09:30Z"),  # Christmas, a weekend and its substitute day
        ("2027-03-27T23:00Z", 4, False, "2027-03-28T03:00Z"),  # the clocks go forward
        ("2027-03-26T16:00Z", 9, True, "2027-03-31T09:00Z"),  # Good Friday to Easter Monday, then summer time
    ],
)
def test_which_hours_count(raised, hours, office, rises):
    assert rises_after(datetime.fromisoformat(raised), hours, office_hours=office) == datetime.fromisoformat(rises)


def test_a_concern_whose_manager_has_gone_is_everybody_elses_work():
    w = world()
    above = user("deputy manager")
    grant(above, Role.CONCERNS, partnership=w.partnership)
    concern = unsafe(w, case_of(w))
    actions.acknowledge(concern=concern, by=w.concerns, at=AT)
    assert queries.tasks(above, AT.date()) == []
    Grant.objects.filter(user=w.concerns).update(withdrawn_at=AT)
    assert len(queries.tasks(above, AT.date())) == 1
