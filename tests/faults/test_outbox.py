"""Workers that share an outbox, and one that is ended in the middle of sending."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from candour.kernel.clock import now
from candour.notices import actions
from candour.notices.models import LEASE, Message
from candour.notices.tests.smtp import mail_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def post(count: int) -> None:
    for number in range(count):
        actions.post(
            key=f"m{number}", to="ruth@example.org", subject=f"Number {number}", body="There is work.", at=now()
        )


def test_four_workers_take_each_message_once() -> None:
    post(40)
    taken: Counter[str] = Counter()
    start = Barrier(4)

    def work() -> None:
        start.wait()
        while message := Message.objects.claim(now()):
            taken[message.pk] += 1
        connections.close_all()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(taken) == 40
    assert set(taken.values()) == {1}


WORKER = """
import django, sys
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.EMAIL_BACKEND = "candour.notices.senders.smtp.Backend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[2])
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from candour.notices import jobs
jobs._mark = lambda *_: __import__("time").sleep(60)
jobs.send_due()
"""


def test_a_worker_killed_between_sending_and_marking_costs_one_repeat(settings, monkeypatch) -> None:
    post(1)
    name = str(connection.settings_dict["NAME"])
    with mail_server() as server:
        command = [sys.executable, "-c", WORKER, name, str(server.port)]
        worker = subprocess.Popen(command, env=os.environ | {"DJANGO_SETTINGS_MODULE": "candour.config.testing"})
        until = time.monotonic() + 30
        while not server.letters and time.monotonic() < until and worker.poll() is None:
            time.sleep(0.05)
        time.sleep(0.2)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert len(server.letters) == 1
        message = Message.objects.get()
        assert message.sent_at is None, "nobody lived to mark it"
        settings.EMAIL_BACKEND = "candour.notices.senders.smtp.Backend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        from candour.notices import jobs  # noqa: PLC0415 - after the settings above

        assert jobs.send_due() == 0, "the lease still holds"
        Message.objects.update(leased_until=now() - LEASE)
        assert jobs.send_due() == 1
        assert jobs.send_due() == 0
    ids = {line for letter in server.letters for line in letter.splitlines() if line.startswith("Message-ID")}
    assert (len(server.letters), len(ids)) == (2, 1)
