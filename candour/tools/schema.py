"""The format of a tool as a JSON Schema, for editors that check while one types; `format.faults` says more."""

from typing import Any

from candour.people.roles import ServiceKind
from candour.tools.document import DOMAINS, GRADES, TYPES
from candour.tools.format import FORMAT, KEY, LENGTHS, MOST_QUESTIONS, MOST_SECTIONS, PARTS, RATED, USES

ABOUT = {
    "format": "The number of this format.",
    "code": "The tool's short name.",
    "name": "Its title.",
    "number": "The version. A published version never changes.",
    "minutes": "How long a return may take, with reading the record.",
    "about": "One paragraph on the first page.",
    "use": "; ".join(f"{key}: {told}" for key, told in USES.items()),
    "variants": "What a kind of service is not asked (drop), and what only it is asked (add).",
    "brief": "What is asked of any service after a brief contact (keep).",
    "when": "Asked only when an earlier question was answered by one of these.",
    "retired": "Asked of nobody any more; what was answered stays readable.",
}


def schema() -> dict[str, Any]:
    """The whole schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A Candour audit tool, format {FORMAT}",
        **_parts("tool", _tool(), ("code", "name", "number", "minutes", "about", "sections")),
        "$defs": {
            "key": {"type": "string", "pattern": f"^{KEY.pattern}$"},
            "text": {"type": "string", "minLength": 1, "maxLength": LENGTHS["text"]},
            "keys": {"type": "array", "items": {"$ref": "#/$defs/key"}},
            "when": _parts(
                "when", {"question": _ref("key"), "is": {**_ref("keys"), "minItems": 1}}, ("question", "is")
            ),
            "option": _parts("option", _option(), ("key", "label")),
            "question": _parts("question", _question(), ("key", "ask", "type")),
            "added": _parts(
                "question", {**_question(), "section": _ref("key")}, ("section", "key", "ask", "type"), {"section"}
            ),
            "grade": _parts("grade", _grade(), ("ask", "descriptors")),
            "section": _parts("section", _section(), ("key", "title", "domain")),
            "variant": _parts("variant", {"drop": _ref("keys"), "add": _list("added")}, ()),
        },
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _list(name: str, most: int = MOST_QUESTIONS) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name), "maxItems": most}


def _parts(
    name: str, parts: dict[str, Any], needed: tuple[str, ...], more: frozenset[str] | set[str] = frozenset()
) -> Any:
    """A set of named parts; those that the checker knows and no others."""
    if parts.keys() != PARTS[name] | more:
        raise ValueError(f"The schema of {name} and its checker know other parts.")
    told = {part: {"description": ABOUT[part], **rule} if part in ABOUT else rule for part, rule in parts.items()}
    return {"type": "object", "properties": told, "required": list(needed), "additionalProperties": False}


def _tool() -> dict[str, Any]:
    return {
        "format": {"const": FORMAT},
        "code": {**_ref("key"), "maxLength": LENGTHS["code"]},
        "name": {"type": "string", "minLength": 1, "maxLength": LENGTHS["name"]},
        "number": {"type": "integer", "minimum": 1, "maximum": 9999},
        "minutes": {"type": "integer", "minimum": 1, "maximum": 600},
        "about": _ref("text"),
        "use": {"enum": list(USES)},
        "sections": {**_list("section", MOST_SECTIONS), "minItems": 1},
        "variants": {
            "type": "object",
            "properties": {str(kind): _ref("variant") for kind in ServiceKind.values},
            "additionalProperties": False,
        },
        "brief": {"type": "object", "properties": {"keep": _ref("keys")}, "additionalProperties": False},
    }


def _section() -> dict[str, Any]:
    return {
        "key": {**_ref("key"), "maxLength": LENGTHS["section"]},
        "title": _ref("text"),
        "domain": {"enum": list(DOMAINS)},
        "guidance": _ref("text"),
        "when": _ref("when"),
        "questions": _list("question"),
        "grade": _ref("grade"),
    }


def _question() -> dict[str, Any]:
    return {
        "key": {**_ref("key"), "maxLength": LENGTHS["question"]},
        "ask": _ref("text"),
        "type": {"enum": list(TYPES)},
        "hint": _ref("text"),
        "unit": _ref("text"),
        "optional": {"type": "boolean"},
        "retired": {"type": "boolean"},
        "when": _ref("when"),
        "options": _list("option"),
    }


def _option() -> dict[str, Any]:
    key = {**_ref("key"), "maxLength": LENGTHS["option"]}
    return {"key": key, "label": _ref("text"), "hint": _ref("text"), "retired": {"type": "boolean"}}


def _grade() -> dict[str, Any]:
    told = {"properties": {key: _ref("text") for key in GRADES}, "required": list(RATED), "additionalProperties": False}
    return {"ask": _ref("text"), "hint": _ref("text"), "descriptors": {"type": "object", **told}}
