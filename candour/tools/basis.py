"""A themed tool written as what it changes in another, made whole. The stored document never refers to another."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

HEAD = ("code", "name", "about", "number", "minutes", "brief")
SECTION = {"key", "title", "guidance", "drop", "questions", "grade"}
VARIANT = {"drop", "keep", "add"}
Raw = Mapping[str, Any]


def faults(raw: Raw, base: Raw) -> list[str]:
    """What is wrong with the way a tool builds on another; none, and the two can be made one."""
    known = {*HEAD, "format", "based_on", "sections", "variants"}
    found = [f"A tool based on another has no part “{part}”." for part in raw if part not in known]
    if not isinstance(raw.get("sections", []), list) or not isinstance(raw.get("variants", {}), Mapping):
        return [*found, "Its sections must be a list, and its variants must be named by the kind of service."]
    sections = {section["key"]: section for section in base["sections"]}
    for place, section in enumerate(raw.get("sections", []), 1):
        found += _section(place, section, sections, base["code"])
    for kind, variant in raw.get("variants", {}).items():
        found += _variant(kind, variant or {}, raw, base)
    return found


def _section(place: int, section: Any, sections: Mapping[str, Raw], code: str) -> Iterator[str]:
    if not isinstance(section, Mapping) or section.get("key") not in sections:
        yield f"Section {place} is no section of the tool “{code}” that this one is based on."
        return
    yield from (f"Section “{section['key']}” cannot change its “{part}”." for part in section if part not in SECTION)
    asked = _keys(sections[section["key"]].get("questions"))
    for key in section.get("drop") or ():
        if key not in asked:
            yield f"Section “{section['key']}” drops “{key}”, which the tool “{code}” does not ask there."


def _variant(kind: str, variant: Any, raw: Raw, base: Raw) -> Iterator[str]:
    if not isinstance(variant, Mapping) or set(variant) - VARIANT:
        yield f"The variant for {kind} may hold drop or keep, and add."
        return
    if "keep" in variant and "drop" in variant:
        yield f"The variant for {kind} may drop questions or keep some alone, and not both."
    asked = set(_keys(_shared(raw, base))) | set(_keys(_inherited(kind, base).get("add")))
    for key in variant.get("keep") or ():
        if key not in asked:
            yield f"The variant for {kind} keeps “{key}”, which is no question of this tool."


def whole(raw: Raw, base: Raw) -> dict[str, Any]:
    """The tool in full: its own head, and the sections and variants of its base with what it changes in them."""
    changes = {section["key"]: section for section in raw.get("sections", [])}
    made: dict[str, Any] = {part: raw[part] for part in HEAD if part in raw}
    made.setdefault("brief", base.get("brief") or {})
    made["sections"] = [_changed(section, changes.get(section["key"], {})) for section in base["sections"]]
    shared = _keys([q for section in made["sections"] for q in section["questions"]])
    own = raw.get("variants") or {}
    kinds = dict.fromkeys([*(base.get("variants") or {}), *own])
    made["variants"] = {kind: _joined(_inherited(kind, base), own.get(kind) or {}, shared) for kind in kinds}
    return deepcopy(made)


def _changed(section: Raw, change: Raw) -> dict[str, Any]:
    gone = change.get("drop") or ()
    stay = [question for question in section.get("questions") or () if question["key"] not in gone]
    plain = {part: change[part] for part in ("title", "guidance", "grade") if part in change}
    return {**section, **plain, "questions": [*(change.get("questions") or ()), *stay]}


def _joined(base: Raw, own: Raw, shared: list[str]) -> dict[str, Any]:
    """One kind's variant: what the base drops and adds, where it still exists, then what the tool itself does."""
    added, drop = base.get("add") or [], [key for key in base.get("drop") or () if key in shared]
    if "keep" in own:
        drop = [key for key in shared if key not in own["keep"]]
        added = [question for question in added if question["key"] in own["keep"]]
    gone = own.get("drop") or ()
    theirs = _keys(added)
    drop += [key for key in gone if key not in theirs and key not in drop]
    return {"drop": drop, "add": [*(q for q in added if q["key"] not in gone), *(own.get("add") or ())]}


def _inherited(kind: str, base: Raw) -> Raw:
    return (base.get("variants") or {}).get(kind) or {}


def _shared(raw: Raw, base: Raw) -> list[Any]:
    changes = {s["key"]: s for s in raw.get("sections", []) if isinstance(s, Mapping) and "key" in s}
    return [q for s in base["sections"] for q in _changed(s, changes.get(s["key"], {}))["questions"]]


def _keys(questions: Any) -> list[str]:
    return [q["key"] for q in questions or () if isinstance(q, Mapping) and "key" in q]
