from itertools import product

import pytest

from candour.appraisal import flow
from candour.appraisal.flow import (
    HAND_OVER,
    MOVES,
    REOPEN,
    SEND_BACK,
    SUBMIT,
    SUBMIT_ALONE,
    TAKE_BACK,
    VOID,
    State,
)
from candour.trail.moves import Move

ALLOWED = {
    (HAND_OVER, State.DRAFT),
    (SUBMIT_ALONE, State.DRAFT),
    (VOID, State.DRAFT),
    (TAKE_BACK, State.WITH_AUTHORISER),
    (SEND_BACK, State.WITH_AUTHORISER),
    (SUBMIT, State.WITH_AUTHORISER),
    (VOID, State.WITH_AUTHORISER),
    (REOPEN, State.SUBMITTED),
    (VOID, State.SUBMITTED),
    (REOPEN, State.VOID),
}


@pytest.mark.parametrize(("move", "state"), list(product(MOVES, State)))
def test_only_the_listed_moves_exist(move, state):
    assert (state in move.of) == ((move, state) in ALLOWED)


def test_every_move_is_in_the_table():
    assert set(MOVES) == {move for move in vars(flow).values() if isinstance(move, Move)}


def test_what_comes_too_late_is_refused_in_a_sentence():
    refused = [move.why_not(State.SUBMITTED, None, None) for move in (flow.SUBMIT_ALONE, flow.SEND_BACK)]
    assert refused == [
        "“Submit without an authoriser” is not possible: it is submitted.",
        "“Send back” is not possible: it is submitted.",
    ]
