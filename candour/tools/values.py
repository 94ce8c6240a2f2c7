"""What an answer to each type of question looks like once it is kept, whether it is whole, and how it reads.

yes-partly-no and choice: {"choice", "note"}; multi-choice: {"choices", "note"}, the keys with spaces between;
date: {"date"} or {"choice"}; number: {"number"} or {"choice"}; text and points: {"text"}; grade: {"grade",
"reason"}. Any but a list may say where in the record: {"record", "dated"}, and what differs for another child whom the
return covers too: {"of.<what the child is called>"}. Empty parts are left out, and an answer with nothing in it is None.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from candour.tools.document import GRADES, Question, label_of

Value = dict[str, str]
NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,4})?")
SET = ("date", "number")
POINTER = ("record", "dated")
OF = "of."


def number(text: str) -> str:
    """A number as it is kept, from what somebody typed (“1,200”, “3.50 ”); empty where it is none."""
    plain = text.strip().replace(",", "").replace(" ", "")
    if not NUMBER.fullmatch(plain):
        return ""
    whole_part, _, rest = plain.partition(".")
    rest = rest.rstrip("0")
    return str(int(whole_part)) + (f".{rest}" if rest else "")


def chosen(value: Value | None) -> frozenset[str]:
    """The options that an answer holds."""
    value = value or {}
    return frozenset(key for part in ("choices", "choice", "grade") for key in value.get(part, "").split())


def asked(questions: Sequence[Question], answers: Mapping[str, Value | None]) -> frozenset[str]:
    """The keys of the questions that are asked, with what has been answered so far.

    A question with a condition is asked only when the earlier question is itself asked and was answered so. Give all
    that this service is asked, in order, and at least the answers to the questions that a condition names.
    """
    found: set[str] = set()
    for question in questions:
        if all(one.question in found and one.among & chosen(answers.get(one.question)) for one in question.when):
            found.add(question.key)
    return frozenset(found)


def gates(questions: Sequence[Question]) -> frozenset[str]:
    """The keys of the questions whose answers decide whether another is asked."""
    return frozenset(one.question for question in questions for one in question.when)


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
    return any(value.get(part) for part in ("choice", "choices", "text", *SET))


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
    if value.get("number"):
        return f"{value['number']} {question.unit}".strip()
    if value.get("choices"):
        return "; ".join(label_of(question, key) for key in value["choices"].split())
    return label_of(question, value["choice"]) if value.get("choice") else ""


def prose(value: Value | None) -> str:
    """The written part of an answer: its text, its reason or its note, then what differs for another child, then where
    in the record it stands."""
    value = value or {}
    said = next((text for part in ("text", "reason", "note") if (text := value.get(part))), "")
    others = [f"{label}: {text}" for label, text in of_others(value).items()]
    where = ", ".join(value[part] for part in POINTER if value.get(part))
    return "\n\n".join(filter(None, [said, *others, f"In the record: {where}" if where else ""]))


def of_others(value: Value | None) -> dict[str, str]:
    """What an answer says of the other children whom a return covers, by what each is called."""
    return {part.removeprefix(OF): text for part, text in (value or {}).items() if part.startswith(OF)}


def carried(held: Value | None, new: Value | None) -> Value | None:
    """A new answer with what the old one said that a Word form has no room for: where in the record, other children."""
    extra = {part: text for part, text in (held or {}).items() if part in POINTER or part.startswith(OF)}
    return {**extra, **new} if new else new


def both(first: Value | None, second: Value | None) -> Value | None:
    """Two answers made one: what was chosen second, and what was written in both, one after the other."""
    joined = {**(first or {}), **(second or {})}
    for part in ("text", "reason", "note", *(part for part in joined if part.startswith(OF))):
        said = [text for value in (first, second) if (text := (value or {}).get(part))]
        if said:
            joined[part] = "\n\n".join(dict.fromkeys(said))
    if (second or {}).get("choice"):
        joined = {part: text for part, text in joined.items() if part not in SET or part in (second or {})}
    elif any((second or {}).get(part) for part in SET):
        joined.pop("choice", None)
    return joined or None
