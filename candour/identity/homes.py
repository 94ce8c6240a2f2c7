"""Where a file belongs: a step registers, at start-up, how to find the page it came from."""

from collections.abc import Callable
from typing import NamedTuple

from candour.identity.models import Subject


class Home(NamedTuple):
    """The page a file belongs to: where it is and what it is called."""

    url: str
    text: str


_homes: list[Callable[[Subject], Home | None]] = []


def register_home(find: Callable[[Subject], Home | None]) -> None:
    """Let a later step say where its files belong, so that identity need not know the step."""
    if find not in _homes:
        _homes.append(find)


def home_of(subject: Subject) -> Home | None:
    """The page this file belongs to, where a step knows one."""
    return next((home for find in _homes if (home := find(subject))), None)
