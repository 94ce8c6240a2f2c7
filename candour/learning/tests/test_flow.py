"""The moves of a briefing, against a table written by hand."""

from itertools import product

import pytest

from candour.learning import flow
from candour.learning.flow import ASK, CLEAR, MOVES, PUBLISH, REWRITE, SEND_BACK, TAKE_BACK, WITHDRAW, State
from candour.trail.moves import Move

ALLOWED = {
    (ASK, State.DRAFT),
    (TAKE_BACK, State.TO_CLEAR),
    (TAKE_BACK, State.CLEARED),
    (SEND_BACK, State.TO_CLEAR),
    (CLEAR, State.TO_CLEAR),
    (PUBLISH, State.CLEARED),
    (WITHDRAW, State.PUBLISHED),
    (REWRITE, State.WITHDRAWN),
}


@pytest.mark.parametrize(("move", "state"), list(product(MOVES, State)))
def test_only_the_listed_moves_exist(move, state):
    assert (state in move.of) == ((move, state) in ALLOWED)


def test_every_move_is_listed():
    assert {value for value in vars(flow).values() if isinstance(value, Move)} == set(MOVES)
