"""The moves of an action and of a sense check, against tables written by hand."""

from itertools import product

import pytest

from candour.impact import flow
from candour.impact.flow import (
    BEGIN,
    BEGIN_CHECK,
    CHECK_MOVES,
    CONCLUDE,
    CONFIRM,
    DROP,
    FINISH,
    MOVES,
    REOPEN,
    ActionState,
    CheckState,
)
from candour.trail.moves import Move

OPEN, UNDER_WAY, DONE, DROPPED = ActionState
ALLOWED = {
    (BEGIN, OPEN),
    (FINISH, OPEN),
    (FINISH, UNDER_WAY),
    (DROP, OPEN),
    (DROP, UNDER_WAY),
    (CONFIRM, OPEN),
    (CONFIRM, UNDER_WAY),
    (REOPEN, DONE),
    (REOPEN, DROPPED),
}
CHECKED = {(BEGIN_CHECK, CheckState.PLANNED), (CONCLUDE, CheckState.UNDER_WAY)}


@pytest.mark.parametrize(("move", "state"), list(product(MOVES, ActionState)))
def test_only_the_listed_moves_of_an_action_exist(move, state):
    assert (state in move.of) == ((move, state) in ALLOWED)


@pytest.mark.parametrize(("move", "state"), list(product(CHECK_MOVES, CheckState)))
def test_only_the_listed_moves_of_a_sense_check_exist(move, state):
    assert (state in move.of) == ((move, state) in CHECKED)


def test_every_move_is_listed():
    assert {value for value in vars(flow).values() if isinstance(value, Move)} == {*MOVES, *CHECK_MOVES}
