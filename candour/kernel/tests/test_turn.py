"""One writes at a time, in the order in which they came; and a statement is worded once for equal values."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from candour.kernel import turn, wording
from candour.kernel.models import Key


class OnSQLite:
    """As much of a connection as a turn looks at."""

    vendor = "sqlite"
    in_atomic_block = False

    def __init__(self, path):
        self.settings_dict = {"NAME": path}


def test_a_second_waits_until_the_first_is_done(tmp_path, monkeypatch):
    monkeypatch.setattr(turn, "connection", OnSQLite(tmp_path / "some.sqlite3"))
    told, begun, second = [], threading.Event(), threading.Event()

    def write():
        begun.set()
        with turn.taken():
            told.append("second")
            second.set()

    with turn.taken():
        other = threading.Thread(target=write)
        other.start()
        assert begun.wait(20)
        assert not second.wait(0.05)
        told.append("first")
    assert second.wait(20)
    other.join()
    assert told == ["first", "second"]


@pytest.mark.django_db
def test_within_a_transaction_nobody_waits_for_themselves():
    with turn.taken(), turn.taken():
        assert connection.in_atomic_block


def _wrapped(owner):
    return Key.objects.filter(owner=owner).values_list("wrapped")


def _never(owner):
    return Key.objects.none().values_list("owner")


@pytest.mark.django_db
def test_a_statement_is_worded_once_and_finds_what_is_there_now():
    assert wording.rows(_wrapped, "a" * 16) == []
    Key.objects.create(owner="a" * 16, kind="other", wrapped="sealed", made_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert wording.rows(_wrapped, "a" * 16) == [("sealed",)]
    assert wording.statement(_wrapped, "a" * 16) is wording.statement(_wrapped, "a" * 16)


@pytest.mark.django_db
def test_a_query_that_can_find_nothing_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert wording.rows(_never, "a" * 16) == []
