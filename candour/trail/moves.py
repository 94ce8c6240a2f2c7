"""A state machine is a table of moves. The same `why_not` decides the button and the request."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from candour.access.policy import Can, allows

Objection = tuple[Callable[[Any], bool], str]


@dataclass(frozen=True)
class Move:
    """One move: from which states, to which, who may (None: only the system), and what else stands in its way."""

    name: str
    of: frozenset[Any]
    to: Any
    needs: Can | None
    unless: tuple[Objection, ...] = ()

    def why_not(self, state: Any, by: Any, thing: Any) -> str:
        """Empty where the move may be made; else a sentence saying why not."""
        if state not in self.of:
            now = getattr(thing, "get_state_display", lambda: str(state))()
            return f"“{self.name.capitalize()}” is not possible: it is {now.lower()}."
        if (self.needs is None) != (by is None):
            return (
                f"“{self.name.capitalize()}” is what Candour does by itself."
                if by
                else "Nobody is named who does this."
            )
        if self.needs is not None and not allows(by, self.needs, thing):
            return f"You do not hold a role that may {self.needs.value}."
        return next((reason for stands, reason in self.unless if stands(thing)), "")


def offers(moves: Iterable[Move], thing: Any, by: Any) -> set[str]:
    """The names of the moves that this person can make now, for buttons."""
    return {move.name for move in moves if not move.why_not(thing.state, by, thing)}
