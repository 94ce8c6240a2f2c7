"""How a status, a tone and a grade look: always a word, a shape and only then a colour."""

from dataclasses import dataclass

TONES = ("grey", "teal", "amber", "red", "blue")
_TONE_OF = {
    "": "grey",
    "off": "grey",
    "info": "blue",
    "ok": "teal",
    "done": "teal",
    "good": "teal",
    "wait": "amber",
    "waiting": "amber",
    "warning": "amber",
    "late": "red",
    "overdue": "red",
    "urgent": "red",
}


def tone(name: str) -> str:
    """The colour that a word for a tone stands for; a word nobody knows is grey."""
    return name if name in TONES else _TONE_OF.get(name, "grey")


@dataclass(frozen=True)
class Look:
    """A grade as it is shown: its word, its letters, the shape of its badge."""

    text: str
    letters: str
    shape: str


GRADES = {
    "outstanding": Look("Outstanding", "O", "outstanding"),
    "good": Look("Good", "G", "good"),
    "requires-improvement": Look("Requires improvement", "RI", "requires"),
    "inadequate": Look("Inadequate", "I", "inadequate"),
    "not-enough": Look("Not enough involvement to grade", "–", "none"),
    "": Look("Not graded", "–", "none"),
}


def grade_look(grade: str) -> Look:
    """The look of a grade; a grade of a partnership's own scale shows its own word and first letters."""
    if grade in GRADES:
        return GRADES[grade]
    words = grade.replace("-", " ").split()
    return Look(" ".join(words).capitalize(), "".join(word[0] for word in words[:2]).upper(), "own")
