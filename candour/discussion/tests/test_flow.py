"""The moves of a discussion and of its cases, against a table written by hand."""

from itertools import product

import pytest

from candour.discussion import flow
from candour.discussion.flow import AGREE_CASE, CLOSE, MOVES, OPEN, REOPEN, REOPEN_CASE, CaseState, State
from candour.trail.moves import Move

ALLOWED = {
    (OPEN, State.PLANNED),
    (CLOSE, State.OPEN),
    (REOPEN, State.CLOSED),
    (AGREE_CASE, CaseState.OPEN),
    (REOPEN_CASE, CaseState.AGREED),
}
STATES = [(move, state) for move, state in product((OPEN, CLOSE, REOPEN), State)]
CASE_STATES = [(move, state) for move, state in product((AGREE_CASE, REOPEN_CASE), CaseState)]


@pytest.mark.parametrize(("move", "state"), STATES + CASE_STATES)
def test_only_the_listed_moves_exist(move, state):
    assert (state in move.of) == ((move, state) in ALLOWED)


def test_every_move_is_listed():
    assert {value for value in vars(flow).values() if isinstance(value, Move)} == set(MOVES)
