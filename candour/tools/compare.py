"""What changed from one version of a tool to another, in sentences under the section that each belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from candour.people.roles import ServiceKind
from candour.tools.document import DOMAINS, GRADES

Raw = Mapping[str, Any]
WHOLE = "The tool as a whole"
HEAD = {"name": "title", "about": "opening paragraph", "minutes": "minutes"}
TEXTS = {"ask": "wording", "hint": "hint", "unit": "unit", "type": "type of answer"}


@dataclass(frozen=True)
class Change:
    """One change: where, what, and the two texts where a text changed."""

    where: str
    said: str
    before: str = ""
    after: str = ""


def changes(old: Raw, new: Raw) -> list[Change]:
    """Everything that differs, in the order of the newer version."""
    return [*_head(old, new), *_sections(old, new), *_variants(old, new), *_brief(old, new)]


def _head(old: Raw, new: Raw) -> Iterator[Change]:
    for part, called in HEAD.items():
        if old.get(part) != new.get(part):
            yield Change(WHOLE, f"The {called} changed.", str(old.get(part, "")), str(new.get(part, "")))


def _by_key(rows: Sequence[Raw] | None) -> dict[str, Raw]:
    return {row["key"]: row for row in rows or ()}


def _sections(old: Raw, new: Raw) -> Iterator[Change]:
    before, after = _by_key(old["sections"]), _by_key(new["sections"])
    for key, section in after.items():
        if key not in before:
            yield Change(section["title"], "This section is new.")
        yield from _section(before.get(key, {"key": key, "questions": []}), section)
    for key, section in before.items():
        if key not in after:
            yield Change(section["title"], "This section is gone.")
    for key in _moved(list(before), list(after)):
        yield Change(after[key]["title"], "This section stands at another place.")


def _moved(before: list[str], after: list[str]) -> list[str]:
    """Which of those that stand in both stand in another order: as few as tell it."""
    old, new = [key for key in before if key in after], [key for key in after if key in before]
    kept = {
        key
        for block in SequenceMatcher(None, old, new, False).get_matching_blocks()
        for key in new[block.b :][: block.size]
    }
    return [key for key in new if key not in kept]


def _section(old: Raw, new: Raw) -> Iterator[Change]:
    where = new["title"]
    if "title" in old:
        for part in ("title", "guidance"):
            if (old.get(part) or "") != (new.get(part) or ""):
                yield Change(where, f"Its {part} changed.", old.get(part) or "", new.get(part) or "")
        if old["domain"] != new["domain"]:
            yield Change(where, "It belongs to another domain.", DOMAINS[old["domain"]], DOMAINS[new["domain"]])
        yield from _when(where, "The section", old, new)
        yield from _grade(where, old.get("grade") or {}, new.get("grade") or {})
    yield from _questions(where, old.get("questions"), new.get("questions"))


def _grade(where: str, old: Raw, new: Raw) -> Iterator[Change]:
    if bool(old) != bool(new):
        yield Change(where, "It is now graded." if new else "It is no longer graded.")
        return
    for part in ("ask", "hint"):
        if (old.get(part) or "") != (new.get(part) or ""):
            yield Change(where, f"The {TEXTS[part]} of the grade changed.", old.get(part) or "", new.get(part) or "")
    told, tells = old.get("descriptors") or {}, new.get("descriptors") or {}
    for key, label in GRADES.items():
        if told.get(key) != tells.get(key):
            yield Change(where, f"What “{label}” means changed.", told.get(key) or "", tells.get(key) or "")


def _questions(where: str, old: Sequence[Raw] | None, new: Sequence[Raw] | None) -> Iterator[Change]:
    before, after = _by_key(old), _by_key(new)
    for key, question in after.items():
        if key not in before:
            yield Change(where, "A new question.", "", question["ask"])
        else:
            yield from _question(where, before[key], question)
    for key, question in before.items():
        if key not in after:
            yield Change(where, "A question is gone.", question["ask"], "")
    for key in _moved(list(before), list(after)):
        yield Change(where, f"“{after[key]['ask']}” stands at another place.")


def _question(where: str, old: Raw, new: Raw) -> Iterator[Change]:
    called = f"“{new['ask']}”"
    if bool(old.get("retired")) != bool(new.get("retired")):
        yield Change(where, f"{called} {'is asked no more' if new.get('retired') else 'is asked again'}.")
    for part, name in TEXTS.items():
        if (old.get(part) or "") != (new.get(part) or ""):
            said = "The wording of a question changed." if part == "ask" else f"{called}: the {name} changed."
            yield Change(where, said, old.get(part) or "", new.get(part) or "")
    if bool(old.get("optional")) != bool(new.get("optional")):
        yield Change(where, f"{called} {'may now be left empty' if new.get('optional') else 'now needs an answer'}.")
    yield from _when(where, called, old, new)
    yield from _options(where, called, _by_key(old.get("options")), _by_key(new.get("options")))


def _when(where: str, called: str, old: Raw, new: Raw) -> Iterator[Change]:
    if (old.get("when") or {}) != (new.get("when") or {}):
        yield Change(where, f"{called}: when it is asked changed.", _condition(old), _condition(new))


def _condition(part: Raw) -> str:
    when = part.get("when")
    return f"only if “{when['question']}” is answered {' or '.join(when['is'])}" if when else "always"


def _options(where: str, called: str, old: Mapping[str, Raw], new: Mapping[str, Raw]) -> Iterator[Change]:
    for key, option in new.items():
        was = old.get(key)
        if was is None:
            yield Change(where, f"{called}: a new answer.", "", option["label"])
        elif bool(was.get("retired")) != bool(option.get("retired")):
            said = "an answer is offered no more" if option.get("retired") else "an answer is offered again"
            yield Change(where, f"{called}: {said}.", "", option["label"])
        elif (was["label"], was.get("hint") or "") != (option["label"], option.get("hint") or ""):
            yield Change(where, f"{called}: the words of an answer changed.", _words(was), _words(option))
    for key, option in old.items():
        if key not in new:
            yield Change(where, f"{called}: an answer is gone.", option["label"], "")
    if _moved(list(old), list(new)):
        yield Change(where, f"{called}: its answers stand in another order.")


def _words(option: Raw) -> str:
    return f"{option['label']} – {option['hint']}" if option.get("hint") else str(option["label"])


def _variants(old: Raw, new: Raw) -> Iterator[Change]:
    asked = {
        q["key"]: q["ask"] for raw in (old, new) for section in raw["sections"] for q in section.get("questions") or ()
    }
    for kind, label in ServiceKind.choices:
        was, now = ((raw.get("variants") or {}).get(kind) or {} for raw in (old, new))
        before, after = set(was.get("drop") or ()), set(now.get("drop") or ())
        where = f"As asked of: {label}"
        yield from (Change(where, f"No longer asked: “{asked.get(key, key)}”") for key in sorted(after - before))
        yield from (
            Change(where, f"Asked again: “{asked.get(key, key)}”") for key in sorted(before - after) if key in asked
        )
        yield from _questions(where, was.get("add"), now.get("add"))


def _brief(old: Raw, new: Raw) -> Iterator[Change]:
    was, now = (set((raw.get("brief") or {}).get("keep") or ()) for raw in (old, new))
    if was != now:
        told = {q["key"]: q["ask"] for raw in (old, new) for s in raw["sections"] for q in s.get("questions") or ()}
        before, after = ("; ".join(told.get(key, key) for key in sorted(keys)) for keys in (was - now, now - was))
        yield Change(WHOLE, "What is asked after a brief contact changed.", before, after)
