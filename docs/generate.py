"""Make what stands in docs/reference – flows, access, the format of a tool – from what the product runs on."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
APPS = (
    "focus", "sampling", "involvement", "appraisal", "discussion", "learning", "impact", "concerns", "families", "retention",
    "tools", "identity", "members", "notices",
)  # fmt: skip
NOTE = "<!-- Made by `make docs`; `make check` compares. -->\n"


def machines(moves: Iterable) -> dict[type, list]:
    """The moves by the kind of state that they lead to."""
    found: dict[type, list] = {}
    for move in moves:
        found.setdefault(type(move.to), []).append(move)
    return found


def label(state) -> str:
    """A state as a page shows it."""
    return str(getattr(state, "label", state))


def table(moves: list) -> Iterator[str]:
    """The moves as rows: what, from, to, by whom, and what stands in the way."""
    yield "| Move | From | To | Who may | Not while |"
    yield "|---|---|---|---|---|"
    for move in moves:
        order = {state: place for place, state in enumerate(type(move.to))}
        states = ", ".join(label(state) for state in sorted(move.of, key=lambda state: order.get(state, 99)))
        who = move.needs.value if move.needs else "Candour itself"
        reasons = " ".join(reason for _, reason in move.unless) or "–"
        yield f"| {move.name} | {states} | {label(move.to)} | {who} | {reasons} |"


def picture(kind: type, moves: list) -> Iterator[str]:
    """The moves as a Mermaid state diagram."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in kind:
        yield f"    {state.name}: {label(state)}"
    for move in moves:
        for state in kind:
            if state in move.of:
                yield f"    {state.name} --> {move.to.name}: {move.name}"
    yield "```"


def flows() -> str:
    """The whole of flows.md."""
    lines = [NOTE, "# Flows", "", "Every state that anything can be in, and every way from one to another."]
    for app in APPS:
        if find_spec(f"candour.{app}.flow") is None:
            continue
        flow = import_module(f"candour.{app}.flow")
        for kind, moves in machines(flow.MOVES).items():
            about = (kind.__doc__ or "").strip().splitlines()
            title = app.capitalize() if kind.__name__ == "State" else f"{app.capitalize()}: {kind.__name__}"
            lines += ["", f"## {title}", ""]
            lines += [about[0], ""] if about and not about[0].startswith("An enumeration") else []
            lines += [*table(moves), "", *picture(kind, moves)]
    return "\n".join(lines) + "\n"


def plain(rule) -> str:
    """A rule in words, its alternatives flat beside each other."""
    return "; ".join(worded(part) for part in parts(str(rule.name), " | "))


def worded(text: str) -> str:
    """One alternative: what must hold together, an alternative inside it in brackets."""
    held = parts(text, " & ")
    if len(held) == 1:
        return held[0]
    return ", and ".join(" or ".join(parts(each, " | ")) for each in held)


def parts(text: str, sign: str) -> list[str]:
    """The pieces between the signs of one kind, however they were bracketed."""
    while text.startswith("(") and wraps_all(text):
        text = text[1:-1]
    depth, begun, found = 0, 0, []
    for place, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0 and text.startswith(sign, place):
            found += parts(text[begun:place], sign)
            begun = place + len(sign)
    return [*found, *parts(text[begun:], sign)] if found else [text]


def wraps_all(text: str) -> bool:
    """Whether the first bracket closes with the last character."""
    depth = 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            return place == len(text) - 1
    return False


def access() -> str:
    """The whole of access.md."""
    policy = import_module("candour.access.policy")
    rows = import_module("candour.access.rows")
    lines = [NOTE, "# Access", "", "What is not in these tables is refused.", "", "## Who may do what", ""]
    lines += ["| To | Who may |", "|---|---|"]
    lines += [f"| {can.value} | {plain(policy.POLICY[can])} |" for can in policy.Can]
    lines += ["", "## Which rows exist for whom", "", "A table that is not listed here has no rows for anybody.", ""]
    lines += ["| Table | Rows that a person may know of |", "|---|---|"]
    lines += [f"| `{name}` | {scope_words(scope)} |" for name, scope in sorted(rows.SCOPES.items())]
    return "\n".join(lines) + "\n"


def scope_words(scope) -> str:
    """A row scope in words: its own sentence."""
    return " ".join((scope.__doc__ or "see `candour/access/rows.py`").split())


def tool_format() -> str:
    """The whole of tool.schema.json."""
    return json.dumps(import_module("candour.tools.schema").schema(), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the pages, or with --check only say which would change."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "candour.config.testing")
    import_module("django").setup()
    stale = []
    made = {"flows.md": flows(), "access.md": access(), "tool.schema.json": tool_format()}
    for name, text in made.items():
        file = REFERENCE / name
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            REFERENCE.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
    if check and stale:
        print(f"docs/reference: {' and '.join(stale)} no longer tell what the code does. Run `make docs`.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
