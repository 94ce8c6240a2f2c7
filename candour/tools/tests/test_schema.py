import json
import re
from pathlib import Path

import pytest

from candour.tools.documents import documents, dump, parse, views
from candour.tools.format import FORMAT, PARTS, faults
from candour.tools.schema import schema

SCHEMA = schema()


def held(rule, thing):
    """The parts of JSON Schema that the format uses, checked; yields the places that break a rule."""
    if "$ref" in rule:
        yield from held(SCHEMA["$defs"][rule["$ref"].removeprefix("#/$defs/")], thing)
    if ("enum" in rule and thing not in rule["enum"]) or ("const" in rule and thing != rule["const"]):
        yield thing
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    if "type" in rule and type(thing) is not kinds[rule["type"]]:
        yield thing
        return
    if "pattern" in rule and not re.search(rule["pattern"], thing):
        yield thing
    if isinstance(thing, dict) and "properties" in rule:
        yield from (part for part in rule.get("required", ()) if part not in thing)
        for name, part in thing.items():
            yield from held(rule["properties"][name], part) if name in rule["properties"] else [name]
    if isinstance(thing, list) and "items" in rule:
        for one in thing:
            yield from held(rule["items"], one)


@pytest.mark.parametrize("raw", [*documents(), *views()], ids=lambda raw: raw["code"])
def test_every_shipped_tool_holds_to_the_schema(raw):
    assert list(held(SCHEMA, {"format": FORMAT, **raw})) == []


@pytest.mark.parametrize(
    ("name", "value"), [("colour", "green"), ("code", "A B"), ("minutes", "long"), ("use", "play"), ("format", 2)]
)
def test_the_schema_finds_what_the_checker_finds(name, value):
    raw = documents()[0] | {name: value}
    assert list(held(SCHEMA, raw))
    assert faults(raw)


def test_the_schema_that_is_written_down_is_the_one_in_use():
    root = Path(__file__).parents[3]
    assert json.loads((root / "docs/reference/tool.schema.json").read_text()) == json.loads(json.dumps(SCHEMA))
    told = (root / "candour/tools/library/README.md").read_text()
    assert [part for part in PARTS["tool"] | PARTS["question"] if f"`{part}" not in told] == []


def test_a_written_tool_says_its_format_and_one_of_another_is_refused():
    text = dump(documents()[0])
    assert text.startswith("format: 1\n")
    assert parse(text) == documents()[0]
    assert faults(documents()[0] | {"format": 2}) == ["The tool is written in format 2; this Candour reads format 1."]
