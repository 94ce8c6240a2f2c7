"""What a step tells about itself to whoever shows it: the work it leaves with a person, and how far it is."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Task:
    """One thing that a person must do, or may like to know, with the day it is wanted by."""

    title: str
    url: str
    due: date | None = None
    note: str = ""
    partnership: str = ""
    tag: str = ""
    tone: str = "grey"


@dataclass(frozen=True)
class Stage:
    """How far one step of an audit is, in figures, and the one next act where there is one."""

    state: Literal["todo", "now", "done"]
    figures: str = ""
    next_text: str = ""
    next_url: str = ""
    url: str = ""
