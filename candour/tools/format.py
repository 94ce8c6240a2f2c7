"""What a tool's document must be like; each fault is a sentence for the person who wrote it, with its line if known."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from candour.kernel.plain import NO_TEXT
from candour.people.roles import ServiceKind
from candour.tools.document import DOMAINS, GRADES, TYPES, Document, Question, read

MOST = {"": 30, ServiceKind.SCHOOL: 15, ServiceKind.GP: 15}
MOST_BRIEF = 6
FORMAT = 1
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
ENDINGS = ("-grade", "-good", "-develop", "-recommend")
RATED = tuple(grade for grade in GRADES if grade != "not-enough")
USES = {"return": "a service's return", "views": "what a person says about the help, of their own free will"}
LENGTHS = {"code": 40, "name": 120, "section": 40, "question": 60, "option": 20, "text": 2000}
PARTS = {
    "tool": {"format", "code", "name", "number", "minutes", "about", "use", "sections", "variants", "brief"},
    "section": {"key", "title", "domain", "guidance", "questions", "grade", "when"},
    "question": {"key", "ask", "type", "hint", "options", "optional", "unit", "when", "retired"},
    "option": {"key", "label", "hint", "retired"},
    "grade": {"ask", "hint", "descriptors"},
    "variant": {"drop", "add"},
    "when": {"question", "is"},
}
MOST_SECTIONS = 30
MOST_QUESTIONS = 300


def faults(raw: Any) -> list[str]:
    """What is wrong with a document, in the order in which to put it right; none, and it may be published."""
    if not isinstance(raw, Mapping):
        return ["A tool is a set of named parts: code, name, number, minutes, about, sections."]
    if not _writable(raw):
        return ["The tool holds a character that is no text."]
    found = [*_head(raw), *_sections(raw.get("sections")), *_shape(raw)]
    if found:
        return found
    found = [*_variants(raw), *_twice(raw)]
    if found:
        return found
    document = read(raw)
    return [*_brief(document), *_conditions(document), *_too_long(document)]


def _writable(part: Any) -> bool:
    """Whether every text in a document can be stored: no half of a character, no character of nothing."""
    if isinstance(part, Mapping):
        return all(_writable(one) for pair in part.items() for one in pair)
    if isinstance(part, list):
        return all(_writable(one) for one in part)
    return not isinstance(part, str) or not NO_TEXT.search(part)


def _at(thing: Any) -> str:
    line = getattr(thing, "line", 0)
    return f" (line {line})" if line else ""


def _is_text(thing: Any) -> bool:
    return isinstance(thing, str) and bool(thing.strip()) and len(thing) <= LENGTHS["text"]


def _is_key(key: Any, what: str) -> bool:
    return isinstance(key, str) and len(key) <= LENGTHS[what] and bool(KEY.fullmatch(key))


def _strange(name: str, thing: Mapping[str, Any], what: str) -> Iterator[str]:
    """Parts that mean nothing, and optional texts that are no text."""
    yield from (f"{name} has a part “{part}” that means nothing here." for part in thing if part not in PARTS[what])
    for part in {"hint", "guidance", "unit"} & PARTS[what] & thing.keys():
        if thing[part] is not None and thing[part] != "" and not _is_text(thing[part]):
            yield f"The {part} of {name[0].lower()}{name[1:]} must be text, {LENGTHS['text']:,} characters at most."


def _head(raw: Mapping[str, Any]) -> Iterator[str]:
    for part in ("code", "name", "about"):
        if not isinstance(raw.get(part), str) or not raw[part].strip():
            yield f"The tool has no {part}."
        elif len(raw[part]) > LENGTHS.get(part, LENGTHS["text"]):
            yield f"The tool's {part} may have {LENGTHS.get(part, LENGTHS['text'])} characters at most."
    for part, most in (("number", 9999), ("minutes", 600)):
        if type(raw.get(part)) is not int or not 1 <= raw[part] <= most:
            yield f"The tool's {part} must be a whole number, 1 or more."
    if isinstance(raw.get("code"), str) and raw["code"].strip() and not KEY.fullmatch(raw["code"]):
        yield f"The code “{raw['code']}” may hold small letters, figures and single hyphens only."
    if raw.get("format", FORMAT) != FORMAT:
        yield f"The tool is written in format {str(raw['format'])[:20]}; this Candour reads format {FORMAT}."
    if raw.get("use", "return") not in list(USES):
        yield f"The tool's use must be one of {', '.join(USES)}."
    yield from (f"The tool has a part “{part}” that means nothing here." for part in raw if part not in PARTS["tool"])


def _sections(sections: Any) -> Iterator[str]:
    if not isinstance(sections, list) or not sections:
        yield "The tool has no sections."
        return
    if len(sections) > MOST_SECTIONS:
        yield f"The tool has {len(sections)} sections; {MOST_SECTIONS} at most."
        return
    for place, section in enumerate(sections, 1):
        name = f"Section {place}{_at(section)}"
        if not isinstance(section, Mapping):
            yield f"{name} must have a key, a title, a domain and questions."
            continue
        yield from _section(name, f"section {place}", section)


def _section(name: str, short: str, section: Mapping[str, Any]) -> Iterator[str]:
    if not _is_key(section.get("key"), "section"):
        yield f"{name} needs a key of small letters, figures and single hyphens."
    if not _is_text(section.get("title")):
        yield f"{name} has no title."
    if section.get("domain") not in list(DOMAINS):
        yield f"{name} must name its domain: one of {', '.join(DOMAINS)}."
    yield from _strange(name, section, "section")
    yield from _when(name, section)
    questions = section.get("questions") or []
    if not isinstance(questions, list):
        yield f"The questions of {short} must be a list."
        return
    if not questions and not section.get("grade"):
        yield f"{name} asks nothing."
    for number, question in enumerate(questions, 1):
        yield from _question(f"Question {number} of {short}{_at(question)}", question)
    if section.get("grade"):
        yield from _grade(name, section["grade"])


def _question(name: str, question: Any) -> Iterator[str]:
    if not isinstance(question, Mapping):
        yield f"{name} must have a key, what it asks, and a type."
        return
    if not _is_key(question.get("key"), "question"):
        yield f"{name} needs a key of small letters, figures and single hyphens."
    elif str(question["key"]).endswith(ENDINGS):
        yield f"{name} has a key that ends like those of a grade or a list; choose another."
    if not _is_text(question.get("ask")):
        yield f"{name} asks nothing."
    if question.get("type") not in TYPES:
        yield f"{name} must have a type: one of {', '.join(TYPES)}."
    for part in ("optional", "retired"):
        if not isinstance(question.get(part, False), bool):
            yield f"{name} must say true or false for “{part}”."
    spare = {part for part in question if part not in PARTS["question"] | {"section"}}
    yield from _strange(name, {part: text for part, text in question.items() if part != "section"}, "question")
    if not spare:
        yield from _options(name, question)
    yield from _when(name, question)


def _options(name: str, question: Mapping[str, Any]) -> Iterator[str]:
    options = question.get("options") or []
    if not isinstance(options, list) or any(
        not isinstance(o, Mapping) or not _is_key(o.get("key"), "option") or not _is_text(o.get("label"))
        for o in options
    ):
        yield f"{name} has an answer without a key or without its words."
        return
    for option in options:
        yield from _strange(f"An answer of {name[0].lower()}{name[1:]}", option, "option")
    yield from (
        f"{name} has two answers with the key “{key}”."
        for key, count in Counter(o["key"] for o in options).items()
        if count > 1
    )
    live = [option for option in options if not option.get("retired")]
    if question.get("type") in ("choice", "multi-choice") and len(live) < 2:
        yield f"{name} offers a choice of fewer than two answers."
    if options and question.get("type") in TYPES and question["type"] not in ("choice", "multi-choice"):
        yield f"{name} has answers to choose from, which only a choice or a multi-choice has."


def _when(name: str, thing: Mapping[str, Any]) -> Iterator[str]:
    when = thing.get("when")
    if when is None:
        return
    if not isinstance(when, Mapping) or set(when) != PARTS["when"] or not isinstance(when["question"], str):
        yield f"The condition of {name[0].lower()}{name[1:]} must name a question and, under “is”, its answers."
    elif not isinstance(when["is"], list) or not when["is"] or not all(isinstance(key, str) for key in when["is"]):
        yield f"The condition of {name[0].lower()}{name[1:]} must list the answers under “is”, by their keys."


def _grade(name: str, grade: Any) -> Iterator[str]:
    low = f"{name[0].lower()}{name[1:]}"
    if not isinstance(grade, Mapping) or not _is_text(grade.get("ask")):
        yield f"The grade of {low} does not say what it asks."
        return
    told = grade.get("descriptors") or {}
    missing = [GRADES[key] for key in RATED if not isinstance(told, Mapping) or not _is_text(told.get(key))]
    if missing:
        yield f"The grade of {low} does not say what is meant by {', '.join(missing)}."
    else:
        yield from (f"The grade of {low} describes “{key}”, which is no grade." for key in told if key not in GRADES)
    yield from _strange(f"The grade of {low}", grade, "grade")


def _shape(raw: Mapping[str, Any]) -> Iterator[str]:
    """Whether variants and brief are what can be looked into at all."""
    variants = raw.get("variants") or {}
    if not isinstance(variants, Mapping) or not all(isinstance(v or {}, Mapping) for v in variants.values()):
        yield "The variants must be named by the kind of service, each with drop, add or both."
        return
    for kind, variant in variants.items():
        for part in variant or {}:
            if part not in PARTS["variant"]:
                yield f"The variant for {kind} has a part “{part}” that means nothing here."
            elif not isinstance(variant[part] or [], list) or (part == "drop" and not _keys(variant[part])):
                yield f"The variant for {kind} must give “{part}” as a list."
    brief = raw.get("brief") or {}
    if not isinstance(brief, Mapping) or set(brief) - {"keep"} or not _keys(brief.get("keep")):
        yield "The brief variant must list, under “keep”, the keys of what it asks."


def _keys(thing: Any) -> bool:
    return thing is None or (isinstance(thing, list) and all(isinstance(one, str) for one in thing))


def _variants(raw: Mapping[str, Any]) -> Iterator[str]:
    sections = [section["key"] for section in raw["sections"]]
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
            name = f"Added question {number} for {kind}{_at(question)}"
            yield from _question(name, question)
            if isinstance(question, Mapping) and question.get("section") not in sections:
                yield f"{name} must name the section that it belongs to."


def _twice(raw: Mapping[str, Any]) -> Iterator[str]:
    keys = [q.get("key") for section in raw["sections"] for q in section.get("questions") or ()]
    for variant in (raw.get("variants") or {}).values():
        keys += [q.get("key") for q in (variant or {}).get("add") or () if isinstance(q, Mapping)]
    if len(keys) > MOST_QUESTIONS:
        yield f"The tool holds {len(keys)} questions; {MOST_QUESTIONS} at most, with all kinds of service together."
    for what, names in (("question", keys), ("section", [section["key"] for section in raw["sections"]])):
        for key, count in Counter(names).items():
            if count > 1:
                yield f"The key “{key}” stands for more than one {what}."


def _brief(document: Document) -> Iterator[str]:
    every = {question.key for section in document.whole for question in section.questions if not question.retired}
    for key in sorted(document.brief - every):
        yield f"The brief variant keeps “{key}”, which is no question of this tool."
    if not document.brief and document.use == "return":
        yield "The tool does not say what is asked after a brief contact: list it under brief, keep."


def _conditions(document: Document) -> Iterator[str]:
    """A condition looks back, at a question that can be answered so, and that whoever meets this one meets too."""
    before: dict[str, Question] = {}
    for section in document.whole:
        for question in section.questions:
            for when in question.when:
                yield from _condition(question, when.question, when.among, before)
            before[question.key] = question
    lost: dict[tuple[str, str], list[str]] = {}
    for kind, brief in [*((kind, False) for kind in ServiceKind.values), ("", True)]:
        asked = document.questions(kind, brief=brief)
        keys = {question.key for question in asked}
        for question in (q for q in asked if not q.points):
            for when in question.when:
                if when.question in before and when.question not in keys:
                    lost.setdefault((question.key, when.question), []).append(kind or "a service after a brief contact")
    for (key, gate), kinds in lost.items():
        yield f"“{key}” waits for the answer to “{gate}”, which is not asked of {', '.join(kinds)}."


def _condition(question: Question, gate: str, among: frozenset[str], before: Mapping[str, Question]) -> Iterator[str]:
    found = before.get(gate)
    if found is None:
        yield f"“{question.key}” is asked depending on “{gate}”, which is no question before it."
        return
    for key in sorted(among - {option.key for option in (*found.options, *found.past)}):
        yield f"“{question.key}” waits for “{gate}” to be answered “{key}”, which is none of its answers."


def _too_long(document: Document) -> Iterator[str]:
    for kind in ServiceKind.values:
        most = MOST.get(kind, MOST[""])
        length = document.length(kind)
        if length > most:
            label = ServiceKind(kind).label
            yield f"A return from {label} would have {length} questions; at most {most} can be asked."
        if not length:
            yield f"A return from {ServiceKind(kind).label} would ask nothing."
    if document.length("", brief=True) > MOST_BRIEF:
        yield f"A brief return may have {MOST_BRIEF} questions at most."
