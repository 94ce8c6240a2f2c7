"""Changes to a tool that is being written: each gives a new document and leaves the old one as it was."""

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from typing import Any

from candour.kernel.errors import Refused
from candour.tools.document import NO_DATE, YES_PARTLY_NO

Raw = dict[str, Any]
GONE = "What you were changing is no longer in this tool: somebody took it out meanwhile."
WORDS = re.compile(r"[a-z0-9]+")
SMALL = frozenset(
    (
        "a", "an", "and", "are", "at", "be", "by", "did", "do", "does", "for", "from", "has", "have", "how", "in",
        "is", "it", "its", "of", "on", "or", "the", "their", "this", "to", "was", "were", "what", "when", "where",
        "which", "who", "why", "with", "you", "your",
    )
)  # fmt: skip
HEAD = ("name", "about", "minutes")
SECTION = ("title", "domain", "guidance", "grade")
ANSWERS = {"yes-partly-no": YES_PARTLY_NO, "date": NO_DATE, "number": NO_DATE}


def normal(raw: Mapping[str, Any]) -> Raw:
    """A copy in which nothing that may be changed is missing."""
    made = deepcopy(dict(raw))
    made["variants"] = {kind: dict(variant or {}) for kind, variant in (made.get("variants") or {}).items()}
    made["brief"] = {"keep": list((made.get("brief") or {}).get("keep") or [])}
    return made


def section(raw: Raw, key: str) -> Raw:
    """A section by its key."""
    for one in raw["sections"]:
        if one["key"] == key:
            found: Raw = one
            return found
    raise Refused(GONE)


def lists(raw: Raw) -> Iterator[tuple[list[Raw], str]]:
    """Every list of questions, with the kind of service that alone is asked them."""
    for one in raw["sections"]:
        yield one.setdefault("questions", []), ""
    for kind, variant in (raw.get("variants") or {}).items():
        yield variant.setdefault("add", []), kind


def told(held: Mapping[str, Any]) -> Raw:
    """What a section says of itself, its questions left out."""
    return {part: held.get(part) for part in SECTION}


def question(raw: Raw, key: str) -> Raw:
    """A question by its key, with the `section` that it stands in and the `only` kind of service that is asked it."""
    for one in raw["sections"]:
        for asked in one.get("questions") or ():
            if asked["key"] == key:
                return {**asked, "section": one["key"], "only": ""}
    for kind, variant in (raw.get("variants") or {}).items():
        for asked in (variant or {}).get("add") or ():
            if asked["key"] == key:
                return {**asked, "only": kind}
    raise Refused(GONE)


def questions(raw: Mapping[str, Any]) -> list[Raw]:
    """Every question that somebody is asked, in the order of the sections."""
    found: list[Raw] = []
    for one in raw["sections"]:
        found += one.get("questions") or []
        for variant in (raw.get("variants") or {}).values():
            found += [asked for asked in (variant or {}).get("add") or () if asked["section"] == one["key"]]
    return found


def answers(asked: Mapping[str, Any]) -> dict[str, str]:
    """What a question can be answered by, if there is a choice: key and words."""
    if asked.get("options"):
        return {option["key"]: option["label"] for option in asked["options"]}
    return dict(ANSWERS.get(asked["type"], {}))


def new_key(raw: Raw, text: str, start: str = "", most: int = 40) -> str:
    """A key that nothing in the tool has, made of what the text says."""
    said = [word for word in WORDS.findall(text.lower()) if word not in SMALL][:4] or ["part"]
    stem = "-".join(filter(None, [start, *said]))[:most].strip("-")
    stem = stem if stem[0].isalpha() else f"q-{stem}"
    taken = {one["key"] for one in (*raw["sections"], *questions(raw))}
    for place in range(1, len(taken) + 2):
        key = stem if place == 1 else f"{stem}-{place}"
        if key not in taken and not key.endswith(("-grade", "-good", "-develop", "-recommend")):
            return key
    return f"{stem}-q"


def tidy(parts: Mapping[str, Any]) -> Raw:
    """The parts that say something."""
    return {name: value for name, value in parts.items() if value not in (None, "", [], {}, False)}


def with_head(raw: Raw, parts: Mapping[str, Any]) -> Raw:
    """Another title, opening paragraph or time."""
    return {**deepcopy(raw), **parts}


def with_section(raw: Raw, key: str, parts: Mapping[str, Any]) -> tuple[Raw, str]:
    """A section changed or, without a key, added at the end; and its key."""
    made = deepcopy(raw)
    if not key:
        key = new_key(made, parts["title"])
        made["sections"].append({"key": key, "questions": []})
    held = section(made, key)
    for part in SECTION:
        held.pop(part, None)
    held.update(tidy(parts))
    return made, key


def with_question(raw: Raw, key: str, parts: Mapping[str, Any]) -> tuple[Raw, str]:
    """A question changed or, without a key, added at the end of its section; and its key.

    `parts` holds its `section`, the `only` kind of service that is asked it, and what it asks.
    """
    made = deepcopy(raw)
    told = tidy({part: value for part, value in parts.items() if part not in ("section", "only")})
    if not key:
        key = new_key(made, parts["ask"], parts["section"])
        where, place = _home(made, parts["section"], parts["only"]), None
        held: Raw = {"key": key}
    else:
        held = question(made, key)
        where, place = _take_out(made, key)
        if (held.pop("section"), held.pop("only")) != (parts["section"], parts["only"]):
            where, place = _home(made, parts["section"], parts["only"]), None
    stays = {part: held[part] for part in ("key", "when", "retired") if part in held}
    home = {"section": parts["section"]} if parts["only"] else {}
    where.insert(len(where) if place is None else place, {**home, **stays, **told})
    return made, key


def _home(raw: Raw, key: str, only: str) -> list[Raw]:
    held = section(raw, key)
    if not only:
        found: list[Raw] = held.setdefault("questions", [])
        return found
    variant = raw.setdefault("variants", {}).setdefault(only, {})
    added: list[Raw] = variant.setdefault("add", [])
    return added


def _take_out(raw: Raw, key: str) -> tuple[list[Raw], int]:
    for rows, _ in lists(raw):
        for place, asked in enumerate(rows):
            if asked["key"] == key:
                del rows[place]
                return rows, place
    raise Refused(GONE)


def without(raw: Raw, what: str, key: str, answered: Collection[str]) -> Raw:
    """A question or a section taken out; a question that was once asked is only asked no more."""
    made = deepcopy(raw)
    if what == "section":
        gone = [asked["key"] for asked in questions(made) if _stands_in(made, asked["key"], key)]
        made["sections"].remove(section(made, key))
        for rows, _ in lists(made):
            rows[:] = [asked for asked in rows if asked["key"] not in gone]
        return _forget(made, {*gone, *(f"{key}-{end}" for end in ("grade", "good", "develop", "recommend"))})
    if key not in answered:
        _take_out(made, key)
        return _forget(made, {key})
    _held(made, key)["retired"] = True
    return _forget(made, {key}, drop=False)


def _stands_in(raw: Raw, key: str, where: str) -> bool:
    return bool(question(raw, key)["section"] == where)


def _held(raw: Raw, key: str) -> Raw:
    for rows, _ in lists(raw):
        for asked in rows:
            if asked["key"] == key:
                return asked
    raise Refused(GONE)


def _forget(raw: Raw, keys: Collection[str], *, drop: bool = True) -> Raw:
    """Leave what is gone out of the lists that name it."""
    for variant in (raw.get("variants") or {}).values():
        if drop and variant.get("drop"):
            variant["drop"] = [key for key in variant["drop"] if key not in keys]
    keep = (raw.get("brief") or {}).get("keep") or []
    raw["brief"] = {"keep": [key for key in keep if key not in keys]}
    return raw


def asked_again(raw: Raw, key: str) -> Raw:
    """A question that was asked no more, asked again."""
    made = deepcopy(raw)
    _held(made, key).pop("retired", None)
    return made


def moved(raw: Raw, what: str, key: str, by: int) -> Raw:
    """A section or a question one place up or down among its own; at the end it stays where it is."""
    made = deepcopy(raw)
    rows = made["sections"] if what == "section" else next((r for r, _ in lists(made) if _at(r, key) >= 0), [])
    place = _at(rows, key)
    if place < 0:
        raise Refused(GONE)
    only = what == "question" and rows[place].get("section")
    other = place + by
    while only and 0 <= other < len(rows) and rows[other]["section"] != only:
        other += by
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return made


def _at(rows: list[Raw], key: str) -> int:
    return next((place for place, row in enumerate(rows) if row["key"] == key), -1)


def option_moved(raw: Raw, key: str, option: str, by: int) -> Raw:
    """An answer of a question one place up or down."""
    made = deepcopy(raw)
    rows = _held(made, key).get("options") or []
    place = _at(rows, option)
    if place >= 0 and 0 <= place + by < len(rows):
        rows[place], rows[place + by] = rows[place + by], rows[place]
    return made


def with_when(raw: Raw, what: str, key: str, when: Mapping[str, Any] | None) -> Raw:
    """A question or a section asked only when, or, without a condition, always."""
    made = deepcopy(raw)
    held = section(made, key) if what == "section" else _held(made, key)
    held.pop("when", None)
    if when:
        held["when"] = dict(when)
    return made


def with_kind(raw: Raw, kind: str, dropped: Collection[str]) -> Raw:
    """What a kind of service is not asked of the questions for everybody."""
    made = deepcopy(raw)
    shared = [key for one in made["sections"] for key in keys_of(one)]
    variant = made.setdefault("variants", {}).setdefault(kind, {})
    variant["drop"] = [key for key in shared if key in dropped]
    return made


def with_brief(raw: Raw, kept: Collection[str]) -> Raw:
    """What is asked of any service after a brief contact."""
    made = deepcopy(raw)
    shared = [key for one in made["sections"] for key in keys_of(one)]
    made["brief"] = {"keep": [key for key in shared if key in kept]}
    return made


def keys_of(one: Mapping[str, Any]) -> list[str]:
    """The keys of what a section asks of everybody, its grade with them."""
    asked = [row["key"] for row in one.get("questions") or () if not row.get("retired")]
    return [*asked, *([f"{one['key']}-grade"] if one.get("grade") else [])]
