"""What a tool's document must be like; each fault is a sentence for the person who wrote it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from candour.people.roles import ServiceKind
from candour.tools.document import DOMAINS, GRADES, TYPES, Document, read

MOST = {"": 30, ServiceKind.SCHOOL: 15, ServiceKind.GP: 15}
MOST_BRIEF = 6
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
ENDINGS = ("-grade", "-good", "-develop", "-recommend")
RATED = tuple(grade for grade in GRADES if grade != "not-enough")


def faults(raw: Any) -> list[str]:
    """What is wrong with a document, in the order in which to put it right; none, and it may be published."""
    if not isinstance(raw, Mapping):
        return ["A tool is a set of named parts: code, name, number, minutes, about, sections."]
    found = [*_head(raw), *_sections(raw.get("sections"))]
    if found:
        return found
    found = [*_variants(raw), *_twice(raw)]
    return found or [*_brief(raw), *_too_long(read(raw))]


def _head(raw: Mapping[str, Any]) -> Iterator[str]:
    for part in ("code", "name", "about"):
        if not isinstance(raw.get(part), str) or not raw[part].strip():
            yield f"The tool has no {part}."
    for part in ("number", "minutes"):
        if not isinstance(raw.get(part), int) or raw[part] < 1:
            yield f"The tool's {part} must be a whole number, 1 or more."
    if isinstance(raw.get("code"), str) and not KEY.fullmatch(raw["code"]):
        yield f"The code “{raw['code']}” may hold small letters, figures and single hyphens only."
    known = {"code", "name", "number", "minutes", "about", "sections", "variants", "brief"}
    yield from (f"The tool has a part “{part}” that means nothing here." for part in raw if part not in known)


def _sections(sections: Any) -> Iterator[str]:
    if not isinstance(sections, list) or not sections:
        yield "The tool has no sections."
        return
    for place, section in enumerate(sections, 1):
        name = f"Section {place}"
        if not isinstance(section, Mapping):
            yield f"{name} must have a key, a title, a domain and questions."
            continue
        yield from _section(name, section)


def _section(name: str, section: Mapping[str, Any]) -> Iterator[str]:
    if not _is_key(section.get("key")):
        yield f"{name} needs a key of small letters, figures and single hyphens."
    if not section.get("title"):
        yield f"{name} has no title."
    if section.get("domain") not in DOMAINS:
        yield f"{name} must name its domain: one of {', '.join(DOMAINS)}."
    questions = section.get("questions") or []
    if not isinstance(questions, list):
        yield f"The questions of {name.lower()} must be a list."
        return
    if not questions and not section.get("grade"):
        yield f"{name} asks nothing."
    for number, question in enumerate(questions, 1):
        yield from _question(f"Question {number} of {name.lower()}", question)
    if section.get("grade"):
        yield from _grade(name, section["grade"])


def _question(name: str, question: Any) -> Iterator[str]:
    if not isinstance(question, Mapping):
        yield f"{name} must have a key, what it asks, and a type."
        return
    if not _is_key(question.get("key")):
        yield f"{name} needs a key of small letters, figures and single hyphens."
    elif str(question["key"]).endswith(ENDINGS):
        yield f"{name} has a key that ends like those of a grade or a list; choose another."
    if not question.get("ask"):
        yield f"{name} asks nothing."
    if question.get("type") not in TYPES:
        yield f"{name} must have a type: one of {', '.join(TYPES)}."
    options = question.get("options") or []
    if question.get("type") == "choice" and len(options) < 2:
        yield f"{name} offers a choice of fewer than two answers."
    if any(not isinstance(o, Mapping) or not _is_key(o.get("key")) or not o.get("label") for o in options):
        yield f"{name} has an answer without a key or without its words."


def _grade(name: str, grade: Any) -> Iterator[str]:
    if not isinstance(grade, Mapping) or not grade.get("ask"):
        yield f"The grade of {name.lower()} does not say what it asks."
        return
    missing = [GRADES[key] for key in RATED if not (grade.get("descriptors") or {}).get(key)]
    if missing:
        yield f"The grade of {name.lower()} does not say what is meant by {', '.join(missing)}."


def _variants(raw: Mapping[str, Any]) -> Iterator[str]:
    sections = {section["key"] for section in raw["sections"]}
    base = {q["key"] for section in raw["sections"] for q in section.get("questions") or ()}
    base |= {f"{s['key']}{ending}" for s in raw["sections"] if s.get("grade") for ending in ENDINGS}
    for kind, variant in (raw.get("variants") or {}).items():
        if kind not in ServiceKind.values:
            yield f"“{kind}” is no kind of service; there are {', '.join(ServiceKind.values)}."
            continue
        for key in (variant or {}).get("drop") or ():
            if key not in base:
                yield f"The variant for {kind} drops “{key}”, which is no question of this tool."
        for number, question in enumerate((variant or {}).get("add") or (), 1):
            name = f"Added question {number} for {kind}"
            yield from _question(name, question)
            if isinstance(question, Mapping) and question.get("section") not in sections:
                yield f"{name} must name the section that it belongs to."


def _twice(raw: Mapping[str, Any]) -> Iterator[str]:
    keys = [q.get("key") for section in raw["sections"] for q in section.get("questions") or ()]
    for variant in (raw.get("variants") or {}).values():
        keys += [q.get("key") for q in (variant or {}).get("add") or () if isinstance(q, Mapping)]
    for what, names in (("question", keys), ("section", [section["key"] for section in raw["sections"]])):
        for key, count in Counter(names).items():
            if count > 1:
                yield f"The key “{key}” stands for more than one {what}."


def _brief(raw: Mapping[str, Any]) -> Iterator[str]:
    document = read(raw)
    every = {question.key for question in document.questions()}
    for key in sorted(document.brief - every):
        yield f"The brief variant keeps “{key}”, which is no question of this tool."


def _too_long(document: Document) -> Iterator[str]:
    for kind in ServiceKind.values:
        most = MOST.get(kind, MOST[""])
        length = document.length(kind)
        if length > most:
            yield f"A return from {kind} would have {length} questions; at most {most} can be asked."
    if document.length("", brief=True) > MOST_BRIEF:
        yield f"A brief return may have {MOST_BRIEF} questions at most."


def _is_key(key: Any) -> bool:
    return isinstance(key, str) and bool(KEY.fullmatch(key))
