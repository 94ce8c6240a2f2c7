"""A return as a Word form: written blank or with its answers, read back filled. One table row per question, with its
visible number, so that a form is understood even where an editor has lost the tags of its controls."""

from typing import TYPE_CHECKING, Any

from candour.tools.word.marks import Given
from candour.tools.word.opening import DAMAGE, MOST_FILE, PART, Unreadable, contents, opened
from candour.tools.word.reading import Form, read, whose

if TYPE_CHECKING:
    from candour.tools.word.writing import write

__all__ = [
    "DAMAGE",
    "MOST_FILE",
    "PART",
    "Form",
    "Given",
    "Unreadable",
    "contents",
    "opened",
    "read",
    "whose",
    "write",
]


def __getattr__(name: str) -> Any:
    """What makes a Word document is loaded when the first is made, not at start."""
    if name != "write":
        raise AttributeError(name)
    from candour.tools.word.writing import write  # noqa: PLC0415 - see above

    return write
