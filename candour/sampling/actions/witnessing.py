"""Dice thrown before witnesses: each types what they threw, from their own sign-in, once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from candour.access.policy import Can, demand
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.sampling import draw, queries
from candour.sampling.flow import CommitmentState
from candour.sampling.models import Commitment, Throw
from candour.trail.act import act, record

if TYPE_CHECKING:
    from candour.people.models import Partnership, User

MOST_WITNESSES = 4


def named_witnesses(partnership: Partnership, witnesses: Sequence[str], at: datetime) -> dict[str, str]:
    """The names of those who shall type what they throw, in their turn; refused where somebody cannot."""
    if len(witnesses) > MOST_WITNESSES:
        raise Refused(f"Name {MOST_WITNESSES} witnesses at most.")
    known = queries.possible_witnesses(partnership, today(at))
    if not set(witnesses) <= set(known):
        raise Refused("A witness must be able to sign in and hold a role in this partnership.")
    return {pk: name for pk, name in known.items() if pk in set(witnesses)}


def name_witnesses(fixed: Commitment, witnesses: Sequence[str]) -> None:
    """Write down whose dice make the number, and how many each throws at least."""
    bits = draw.bits_needed(queries.counts(fixed), draw.read_plan(fixed.plan.encode()))
    dice = math.ceil(draw.dice_needed(bits) / max(len(witnesses), 1)) or 1
    for number, witness in enumerate(witnesses, 1):
        Throw.objects.create(
            partnership_id=fixed.partnership_id, commitment=fixed, number=number, witness_id=witness, dice=dice
        )


@act
def throw_dice(*, throw: Throw, digits: str, by: User, at: datetime) -> Throw:
    """Type what one threw as a named witness; it stands, and is shown only once every witness has typed theirs."""
    demand(by, Can.THROW_DICE, throw)
    fixed = Commitment.objects.select_for_update(of=("self",)).get(pk=throw.commitment_id)
    throw = Throw.objects.select_for_update(of=("self",)).get(pk=throw.pk)
    if fixed.state == CommitmentState.PROPOSED:
        raise Refused("A second person has to confirm the fixed list before the dice are thrown.")
    if fixed.state != CommitmentState.CONFIRMED:
        raise Refused("This list is not waiting for dice any more.")
    if throw.thrown_at:
        raise Refused("You have typed your dice already; what was typed stands.")
    if not (digits.isascii() and digits.isdigit()) or not throw.dice <= len(digits) <= 200:
        raise Refused(f"Type at least {throw.dice} digits, and nothing else.")
    throw.digits, throw.thrown_at = digits, at
    throw.save(update_fields=["digits", "thrown_at"])
    record("throw dice", on=throw, by=by, at=at, detail={"digits": digits, "turn": throw.number})
    return throw
