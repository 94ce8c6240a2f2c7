"""Fifty equal submits at once have one effect, and nobody is told that theirs failed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.test import Client

from candour.involvement import queries
from candour.involvement.models import AskedCase, Correction, Involvement
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import LATER, ask_of
from candour.involvement.tests.test_pages import where
from candour.notices.models import Message
from candour.people.tests.factories import sign_in, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)
FIFTY, AT_ONCE = 50, 10


def fifty(person, url, data):
    """The same form sent fifty times by ten hands, as the status of each answer."""
    clients = [sign_in(Client(), person) for _ in range(AT_ONCE)]

    def send(number):
        try:
            return clients[number % AT_ONCE].post(url, data).status_code
        finally:
            connection.close()

    with time_machine.travel(LATER, tick=False), ThreadPoolExecutor(AT_ONCE) as hands:
        return set(hands.map(send, range(FIFTY)))


def test_services_are_asked_and_reminded_once_and_an_answer_is_taken_once():
    w = world()
    audit = stage.screened(w, 1)
    assert fifty(w.coordinator, where("ask_services", audit), {}) == {302}
    assert AskedCase.objects.count() == 6
    assert Message.objects.filter(key__contains=":ask:").count() == 6
    ask, case = ask_of(audit, w.police), queries.cases_of(audit).get()
    given = {f"{case.pk}-answer": "known", f"{case.pk}-team": "North", f"{case.pk}-version": "0"}
    assert fifty(w.contact_police, where("answer", ask), given) == {302}
    assert (Involvement.objects.count(), Correction.objects.count()) == (1, 0)
    assert Entry.objects.filter(verb="answered for a case").count() == 1
    assert fifty(w.coordinator, where("remind", audit), {}) == {302}
    assert Message.objects.filter(key__contains=":remind:").count() == 5
