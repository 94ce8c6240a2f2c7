"""The documents of the tools that come with Candour, read from their files and checked. Knows no tables."""

from functools import cache
from pathlib import Path
from typing import Any

from candour.tools import basis
from candour.tools.format import KEY, faults

LIBRARY = Path(__file__).parent / "library"


class Faulty(ValueError):
    """A document that may not be published, with its faults."""


def parse(text: str) -> dict[str, Any]:
    """A tool's whole document from YAML, or Faulty with every fault in a sentence."""
    raw = _yaml(text)
    if isinstance(raw, dict) and "based_on" in raw:
        raw = _built(raw)
    if found := faults(raw):
        raise Faulty("\n".join(found))
    return dict(raw)


def _yaml(text: str) -> Any:
    import yaml  # noqa: PLC0415 - tools are read after a migration, never while serving

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Faulty(f"This is not YAML: {' '.join(str(error).split())}") from error


def _built(raw: dict[str, Any]) -> dict[str, Any]:
    """A tool that is written as changes to another in the library, made whole."""
    code = str(raw["based_on"])
    path = LIBRARY / f"{code}.yaml"
    if not KEY.fullmatch(code) or not path.is_file():
        raise Faulty(f"The tool is based on “{code}”, which is not in the library.")
    base = _yaml(path.read_text(encoding="utf-8"))
    if "based_on" in base:
        raise Faulty(f"The tool is based on “{code}”, which is itself based on another; name that one.")
    if found := basis.faults(raw, base):
        raise Faulty("\n".join(found))
    return basis.whole(raw, base)


@cache
def documents() -> tuple[dict[str, Any], ...]:
    """Every document in the library, by file name."""
    return tuple(parse(path.read_text(encoding="utf-8")) for path in sorted(LIBRARY.glob("*.yaml")))
