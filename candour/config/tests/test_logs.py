"""What a log says of an error."""

import logging
import sys

from candour.config.logs import Quiet


def told(raised):
    try:
        raised()
    except Exception:
        return Quiet().format(logging.LogRecord("x", logging.ERROR, "", 0, "It failed", (), sys.exc_info()))
    raise AssertionError


def test_an_error_is_told_by_its_kind_and_place_and_not_by_its_words():
    def first():
        int("Canary")

    def second():
        try:
            first()
        except ValueError as problem:
            raise KeyError("Canary too") from problem

    said = told(second)
    assert "Canary" not in said.replace('int("Canary")', "").replace('KeyError("Canary too")', "")
    assert "ValueError" in said
    assert "KeyError" in said
    assert "in second" in said
    assert "It failed" in said
