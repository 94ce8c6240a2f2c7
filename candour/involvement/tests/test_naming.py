"""The page that names who writes and checks: what it keeps, what it refuses, and who hears of it."""

from datetime import timedelta

import pytest
import time_machine

from candour.involvement import actions, queries
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import LATER
from candour.notices.models import Message
from candour.people.models import Role
from candour.people.tests.factories import AT, grant, user, world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def w():
    made = world()
    for name in ("second", "third"):
        made.users[f"{name}_hv"] = user(f"{name} auditor hv")
        grant(made.users[f"{name}_hv"], Role.AUDITOR, agency=made.health_visiting.agency)
    return made


@pytest.fixture
def ask(w):
    """Two cases that the health visitors know."""
    return stage.known(w, stage.asked(w, 2), w.health_visiting, w.contact_hv)


@pytest.fixture
def one(ask):
    return queries.cases_of(ask.audit).first()


def name(w, ask, case, auditor, *sharers, at=AT, by=None, **more):
    named = {case.pk: actions.Named(auditor, sharers=sharers, **more)}
    return actions.name_people(ask=ask, named=named, by=by or w.contact_hv, at=at)


def test_whoever_is_named_again_after_another_hears_of_it_again(w, ask, one):
    for day, person in enumerate((w.auditor_hv, w.second_hv, w.auditor_hv)):
        name(w, ask, one, person, at=AT + day * DAY)
    named = Message.objects.filter(key__startswith="named:", to_user=w.auditor_hv)
    assert named.count() == 2
    for day in (3, 4, 5):
        name(w, ask, one, w.auditor_hv, *([w.third_hv] if day != 4 else []), at=AT + day * DAY)
    assert Message.objects.filter(key__startswith="shares:", to_user=w.third_hv).count() == 2
