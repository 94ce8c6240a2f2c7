"""Eight auditors save at once: nothing fails, and what was acknowledged survives the end of the server's life."""

import http.client
import random
import sqlite3
import sys
import threading
import time
from pathlib import Path

import pytest

from bench import saving, serving

EIGHT = 8
# `make bench` does the full ten thousand, also while a list of 200,000 is read.
SAVES = 800

pytestmark = pytest.mark.faults


def whole(env) -> bool:
    """Whether the file of a SQLite database is sound."""
    if env["CANDOUR_DATABASE"]:
        return True
    with sqlite3.connect(Path(env["CANDOUR_DATA"]) / "candour.sqlite3") as connection:
        return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def assert_kept(auditors: list[saving.Auditor], found: dict) -> None:
    """Every acknowledged answer is there, in order; beyond them at most the one that was on its way; none half."""
    for auditor in auditors:
        for _, key, _ in auditor.questions:
            sent, acknowledged = auditor.sent.get(key, []), auditor.acknowledged.get(key, [])
            kept = found[auditor.ret].get(key)
            if kept is None:
                assert acknowledged == []
                continue
            assert len(acknowledged) <= kept["version"] <= len(sent) <= len(acknowledged) + 1
            assert kept["before"] == sent[: kept["version"]]
            assert kept["said"] == kept["before"][-1]


def test_eight_at_once_fail_never_and_what_was_acknowledged_survives_the_kill_of_the_server(place):
    stage = saving.staged(place, "returns", EIGHT, 0)
    port = serving.free_port()
    command = [sys.executable, "-m", "candour.config.cli", "serve", "--port", str(port)]
    server = serving.start(command, port, place, "/account/login/")
    with saving.auditors(port, stage) as auditors:
        times = serving.closed_loop(auditors, saving.Auditor.save, SAVES // EIGHT)
        assert times.failed == 0
        assert len(times.taken) == SAVES
        assert_kept(auditors, saving.staged(place, "kept"))
        before = acknowledged(auditors)
        kill_in_the_middle(server, auditors)
    assert acknowledged(auditors) > before + EIGHT
    assert whole(place)
    assert_kept(auditors, saving.staged(place, "kept"))


def acknowledged(auditors: list[saving.Auditor]) -> int:
    return sum(len(said) for auditor in auditors for said in auditor.acknowledged.values())


def kill_in_the_middle(server: serving.Server, auditors: list[saving.Auditor]) -> None:
    """All save as fast as they can, until the server is killed."""

    def work(auditor: saving.Auditor) -> None:
        while True:
            try:
                assert auditor.save()
            except (OSError, http.client.HTTPException):
                return

    threads = [threading.Thread(target=work, args=(auditor,)) for auditor in auditors]
    for thread in threads:
        thread.start()
    time.sleep(1.5 + random.random())
    server.kill()
    for thread in threads:
        thread.join(60)
