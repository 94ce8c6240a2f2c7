"""Damaged and hostile Word files end in a form or a sentence, ask nobody outside, and take little memory."""

import zipfile

import pytest

from candour.tools.tests import hostile

EACH = 4
LARGE = "This file would be larger than a return can be"
COUNT = EACH * len(hostile.HARM)


@pytest.mark.parametrize("kind", range(len(hostile.HARM)))
def test_every_kind_of_harm_ends_in_a_form_or_a_sentence(kind):
    for number in range(kind, COUNT, len(hostile.HARM)):
        with hostile.listening() as (door, came):
            assert hostile.outcome(hostile.file(number, door)).endswith((".", "read"))
        assert not came


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (lambda: hostile.form(method=zipfile.ZIP_LZMA), "This file is damaged"),
        (lambda: hostile.form(**{f"f{number}": b"" for number in range(6_000)}), LARGE),
        (lambda: hostile.form(hostile.BODY + b" " * 11_000_000), LARGE),
        (lambda: hostile.form(b"<a>" + b"<a/>" * 160_000 + b"</a>"), LARGE),
    ],
)
def test_what_is_too_much_is_refused_before_it_is_read(raw, sentence):
    assert hostile.outcome(raw()).startswith(sentence)


def test_reading_them_all_asks_nobody_and_takes_little_memory():
    found = hostile.measured(COUNT)
    assert sum(found["said"].values()) == COUNT
    assert found["connections"] == 0
    assert found["peak"] < hostile.MOST_MEMORY


def test_whoever_does_come_is_seen():
    with hostile.listening() as (door, came):
        hostile.socket.create_connection(("127.0.0.1", int(door.rsplit(":", 1)[1]))).close()
        for _ in range(100):
            if came:
                break
            hostile.time.sleep(0.02)
    assert came
