"""What an answer to each type of question looks like once it is kept, whether it is whole, and how it reads.

yes-partly-no and choice: {"choice", "note"}; date: {"date"} or {"choice"}; text and points: {"text"};
grade: {"grade", "reason"}. Empty parts are left out, and an answer with nothing in it is None.
"""

from collections.abc import Mapping
from datetime import date

from candour.tools.document import GRADES, Question, label_of

Value = dict[str, str]


def kept(parts: Mapping[str, str]) -> Value | None:
    """An answer as it is kept: trimmed, without its empty parts; None where nothing is left."""
    tidy = {name: text.replace("\r\n", "\n").strip() for name, text in parts.items() if text and text.strip()}
    return tidy or None


def whole(question: Question, value: Value | None) -> bool:
    """Whether a question needs nothing more: a grade needs its reason, a list nothing at all."""
    if question.points or question.optional:
        return True
    if not value:
        return False
    if question.type == "grade":
        graded = not question.options or bool(value.get("grade"))
        return graded and (bool(value.get("reason")) or value.get("grade") == "not-enough")
    return any(value.get(part) for part in ("choice", "date", "text"))


def lines(value: Value | None) -> list[str]:
    """The points of a list, one a line, without the bullets that people type before them."""
    rows = (row.strip().lstrip("-•*–").strip() for row in (value or {}).get("text", "").splitlines())
    return [row for row in rows if row]


def headline(question: Question, value: Value | None) -> str:
    """The chosen part of an answer in words: “Partly”, “3 March 2026”, “Good”."""
    if not value:
        return ""
    if value.get("date"):
        day = date.fromisoformat(value["date"])
        return f"{day.day} {day:%B %Y}"
    if value.get("grade"):
        return GRADES.get(value["grade"], value["grade"])
    return label_of(question, value["choice"]) if value.get("choice") else ""


def prose(value: Value | None) -> str:
    """The written part of an answer: its text, its reason or its note."""
    return next((text for part in ("text", "reason", "note") if (text := (value or {}).get(part))), "")


def both(first: Value | None, second: Value | None) -> Value | None:
    """Two answers made one: what was chosen second, and what was written in both, one after the other."""
    joined = {**(first or {}), **(second or {})}
    for part in ("text", "reason", "note"):
        said = [text for value in (first, second) if (text := (value or {}).get(part))]
        if said:
            joined[part] = "\n\n".join(dict.fromkeys(said))
    if (second or {}).get("choice") and "date" not in (second or {}):
        joined.pop("date", None)
    elif (second or {}).get("date"):
        joined.pop("choice", None)
    return joined or None
