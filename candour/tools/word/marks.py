"""What a Word form says before it is filled, by which it is known again, and what it is filled with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from candour.tools.values import Value

HERE = "Write here"
CHOOSE = "Choose an answer"
DATE = "Day month year, such as 3 June 2026"
NUMBER = "A number"
ABOUT = "candour"
MINE = "candour.return"
ON, OFF = "☒", "☐"


@dataclass(frozen=True)
class Given:
    """What a form is filled with: the return that it is of, in words and by its id, its answers, and as of when."""

    ret: str
    about: str
    taken: datetime
    answers: Mapping[str, Value] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """The line by which a form is known again."""
        return f"Return {self.ret} · answers as they stood at {self.taken.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
