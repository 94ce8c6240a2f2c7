"""The same form sent by many hands at once has one effect."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from candour.concerns.models import Concern
from candour.concerns.tests.test_concerns import case_of
from candour.notices.models import Message
from candour.people.tests.factories import sign_in, world

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 8


def test_a_child_unsafe_is_written_down_once_and_its_manager_is_told_once():
    w = world()
    url = reverse("concerns:unsafe", args=[case_of(w).pk])
    call = {"phoned_on_day": "1", "phoned_on_month": "11", "phoned_on_year": "2026", "phoned_time": "9:00"}
    call |= {"told_whom": "Duty desk", "text": "A burn"}
    clients = [sign_in(Client(), w.coordinator) for _ in range(HANDS)]

    def send(client):
        try:
            return client.post(url, call)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as hands:
        led_to = set(hands.map(send, clients))
    concern = Concern.objects.get()
    assert led_to == {reverse("concerns:show", args=[concern.pk])}
    assert Message.objects.filter(key__startswith="concern:").count() == 1
