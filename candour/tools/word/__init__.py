"""A return as a Word form: written blank or with its answers, read back filled. One table row per question, with its
visible number, so that a form is understood even where an editor has lost the tags of its controls."""

from candour.tools.word.opening import DAMAGE, MOST_FILE, PART, Unreadable, contents, opened
from candour.tools.word.reading import Form, read, whose
from candour.tools.word.writing import Given, write

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
