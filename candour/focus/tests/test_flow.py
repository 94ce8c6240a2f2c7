"""The moves of an audit, against a table written by hand."""

from itertools import product

import pytest

from candour.focus import flow
from candour.focus.flow import BEGIN, CLOSE, MOVES, REOPEN, State
from candour.trail.moves import Move

ALLOWED = {(BEGIN, State.PLANNED), (CLOSE, State.UNDER_WAY), (REOPEN, State.CLOSED)}


@pytest.mark.parametrize(("move", "state"), list(product(MOVES, State)))
def test_only_the_listed_moves_exist(move, state):
    assert (state in move.of) == ((move, state) in ALLOWED)


def test_every_move_is_listed():
    assert {value for value in vars(flow).values() if isinstance(value, Move)} == set(MOVES)
