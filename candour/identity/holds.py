"""What must be kept although its date has come: a later step registers, at start-up, how to ask for a legal hold."""

from collections.abc import Callable
from typing import Any

Holder = Callable[..., bool]
HELD = "A legal hold keeps this. It can be erased when the hold is lifted."
_holders: list[Holder] = []


def register_holder(function: Holder) -> None:
    """Have `function(audit=…)` or `function(subject=…)` asked before anything of an audit or a file is erased."""
    if function not in _holders:
        _holders.append(function)


def is_held(**of: Any) -> bool:
    """Whether somebody holds this."""
    return any(held(**of) for held in _holders)
