"""Eight at once: no save fails, and one and the same sent eight times is one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from candour.appraisal.models import Answer, Revision
from candour.appraisal.tests import factories as make
from candour.people.tests.factories import sign_in, world
from candour.tools.shipped import put_on_the_shelf

pytestmark = pytest.mark.django_db(transaction=True)
EIGHT = range(8)


@pytest.fixture
def rets():
    put_on_the_shelf()
    w = world()
    on = make.audit(w, len(EIGHT))
    return [make.draft(w, on, w.health_visiting, number + 1) for number in EIGHT]


@pytest.fixture
def clients(rets):
    return [sign_in(Client(), rets[0].auditor) for _ in EIGHT]


def save(client, ret, said, seen):
    data = {"q.context-work.seen": str(seen), "q.context-work": said}
    try:
        return client.post(f"/returns/{ret.pk}/section/context/", data, headers={"Accept": "application/json"})
    finally:
        connection.close()


def at_once(what):
    with ThreadPoolExecutor(len(EIGHT)) as eight:
        return list(eight.map(what, EIGHT))


def test_no_save_fails(rets, clients):
    def write(one):
        told = [save(clients[one], rets[one], f"Text {turn}", turn) for turn in range(12)]
        return [answer.status_code for answer in told]

    assert at_once(write) == [[200] * 12] * 8
    assert Revision.objects.count() == 12 * 8
    assert {answer.value["text"] for answer in Answer.objects.all()} == {"Text 11"}


def test_one_and_the_same_sent_eight_times_is_saved_once(rets, clients):
    assert at_once(lambda one: save(clients[one], rets[0], "Once.", 0).status_code) == [200] * 8
    assert Revision.objects.count() == 1


def test_of_eight_different_answers_one_stands_and_seven_are_put_aside(rets, clients):
    told = at_once(lambda one: save(clients[one], rets[0], f"Mine {one}", 0).status_code)
    assert sorted(told) == [200] + [409] * 7
    assert {row.value["text"] for row in Revision.objects.all()} == {f"Mine {one}" for one in EIGHT}
