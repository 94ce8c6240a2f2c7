"""Tools as text: read from YAML or JSON, checked, and written again; and those that come with Candour. No tables."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from candour.tools import basis
from candour.tools.format import FORMAT, KEY, faults

LIBRARY = Path(__file__).parent / "library"
EARLIER = LIBRARY / "earlier"
VIEWS = LIBRARY / "views"
MOST = 500_000
ORDER = (
    "format", "key", "code", "name", "number", "minutes", "use", "section", "title", "domain", "ask", "type", "unit",
    "about", "guidance", "hint", "optional", "retired", "when", "question", "is", "options", "label", "questions", "grade",
    "descriptors", "outstanding", "good", "requires-improvement", "inadequate", "not-enough", "sections", "drop", "add",
    "variants", "brief",
)  # fmt: skip


class Faulty(ValueError):
    """A document that may not be published, with its faults, one a line."""


class Lined(dict[str, Any]):
    """A set of named parts that knows the line on which it began."""

    line = 0


def parse(text: str, library: Path = LIBRARY) -> dict[str, Any]:
    """A tool's whole document from YAML or JSON, or Faulty with every fault in a sentence."""
    raw = load(text)
    if isinstance(raw, dict) and "based_on" in raw:
        raw = _built(raw, library)
    if found := faults(raw):
        raise Faulty("\n".join(found))
    plain: dict[str, Any] = json.loads(json.dumps(raw))
    plain.pop("format", None)
    return plain


def load(text: str) -> Any:
    """What stands in the text, read as data alone: nothing in it is run, and no part may stand for another."""
    if len(text) > MOST:
        raise Faulty(f"This is longer than a tool can be: {MOST:,} characters at most.")
    try:
        return json.loads(text) if text.lstrip().startswith("{") else _yaml(text)
    except json.JSONDecodeError as error:
        raise Faulty(f"This is not JSON: line {error.lineno}, column {error.colno}: {error.msg}.") from error
    except (RecursionError, ValueError) as error:
        if isinstance(error, Faulty):
            raise
        raise Faulty("This text is too deep or too odd to be a tool.") from error


def _yaml(text: str) -> Any:
    from yaml import YAMLError  # noqa: PLC0415 - as in `yaml_text`: few pages read or write a tool as text

    from candour.tools.yaml_text import Reader  # noqa: PLC0415

    reader = None
    try:
        reader = Reader(text)
        return reader.get_single_data()
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}, column {mark.column + 1}:" if mark else ""
        problem = " ".join(str(getattr(error, "problem", "") or error).split())
        raise Faulty(f"This is not YAML:{where} {problem}.") from error
    finally:
        if reader is not None:
            reader.dispose()


def dump(document: dict[str, Any]) -> str:
    """A document as YAML that `parse` reads as the same, its parts in the order in which one writes them."""
    from candour.tools.yaml_text import write  # noqa: PLC0415

    return write(ordered({"format": FORMAT, **document}))


def ordered(part: Any) -> Any:
    """The same document with its named parts in one order: a database keeps none."""
    if isinstance(part, list):
        return [ordered(one) for one in part]
    if not isinstance(part, dict):
        return part
    names = sorted(part, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    return {name: ordered(part[name]) for name in names}


def _built(raw: dict[str, Any], library: Path) -> dict[str, Any]:
    """A tool that is written as changes to another in the library, made whole."""
    code = str(raw["based_on"])
    path = library / f"{code}.yaml"
    if not KEY.fullmatch(code) or not path.is_file():
        raise Faulty(f"The tool is based on “{code}”, which is not in the library.")
    base = load(path.read_text(encoding="utf-8"))
    if "based_on" in base:
        raise Faulty(f"The tool is based on “{code}”, which is itself based on another; name that one.")
    if found := basis.faults(raw, base):
        raise Faulty("\n".join(found))
    return basis.whole(raw, base)


@cache
def documents() -> tuple[dict[str, Any], ...]:
    """The newest version of every tool in the library, by file name."""
    return tuple(parse(path.read_text(encoding="utf-8")) for path in sorted(LIBRARY.glob("*.yaml")))


@cache
def views() -> tuple[dict[str, Any], ...]:
    """The short voluntary questionnaires for a child, a parent and a worker."""
    return tuple(parse(path.read_text(encoding="utf-8")) for path in sorted(VIEWS.glob("*.yaml")))


@cache
def earlier() -> tuple[dict[str, Any], ...]:
    """The versions that came with Candour before, whose answers stay as they were asked: one folder for each round."""
    return tuple(parse(path.read_text(encoding="utf-8"), path.parent) for path in sorted(EARLIER.glob("*/*.yaml")))
