"""What can come of an attempt to send a message."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trouble:
    """Why a message did not go: the server's words, whether to try again, whether the server itself is at fault.

    `doubtful`: nobody can say whether it went, because the connection was lost after the message had been given.
    """

    words: str
    again: bool = True
    server: bool = False
    doubtful: bool = False


@dataclass(frozen=True)
class Handed:
    """Taken by a service that delivers it and is asked, under this reference, how it went."""

    reference: str


Outcome = Trouble | Handed | None
"""None: the message has gone."""
