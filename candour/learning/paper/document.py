"""From what the editor holds to one document of plain pieces, from which page and PDF are both made."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from candour.ui.paper import mark

WORDS_A_MINUTE = 200

# The parts of a briefing in their order: key, heading, how it is laid out.
PARTS: tuple[tuple[str, str, str], ...] = (
    ("why", "Why we looked", "text"),
    ("method", "How we looked", "text"),
    ("works", "What works", "text"),
    ("needs_work", "What needs work", "text"),
    ("voice", "What children and families told us", "text"),
    ("messages", "Messages for practice", "by domain"),
    ("questions", "Ask in your team", "numbered"),
    ("actions", "What happens now", "table"),
    ("contacts", "Where to turn", "listed"),
)
NEEDED = ("title", "why", "works", "needs_work", "questions", "contacts")
LABELS = {"title": "Title", "lead": "One sentence under the title"} | {key: heading for key, heading, _ in PARTS}

Body = Mapping[str, Any]
_LINK = re.compile(r"https?://[^\s<>]+[^\s<>.,;:)?!'\"]|[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")


def runs(text: str) -> list[dict[str, str]]:
    """A line as pieces of text, addresses of pages and e-mail made into links."""
    parts, at = [], 0
    for match in _LINK.finditer(text):
        if match.start() > at:
            parts.append({"text": text[at : match.start()], "href": ""})
        address = match.group()
        parts.append({"text": address, "href": address if "://" in address else f"mailto:{address}"})
        at = match.end()
    if at < len(text) or not parts:
        parts.append({"text": text[at:], "href": ""})
    return parts


def blocks(text: str) -> list[dict[str, Any]]:
    """Paragraphs, lists (lines that begin with a dash) and quotations (lines that begin with a quotation mark)."""
    made: list[dict[str, Any]] = []
    for chunk in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        for line in filter(None, (line.strip() for line in chunk.split("\n"))):
            kind, words = _kind(line)
            if made and made[-1]["kind"] == kind and kind != "text":
                made[-1]["items"].append(runs(words))
            else:
                made.append({"kind": kind, "items": [runs(words)]})
    return made


def _kind(line: str) -> tuple[str, str]:
    if re.match(r"[-–•*] ", line):
        return "list", line[2:].strip()
    if line[0] in '“"‘>':
        return "quote", line.lstrip("> ").strip()
    return "text", line


def lines(text: str) -> list[str]:
    """The lines of a list that is written one a line, without dashes and numbers of their own."""
    found = (re.sub(r"^(?:[-–•*]|\d{1,2}[.)])\s+", "", line.strip()) for line in text.splitlines())
    return [line for line in found if line]


def missing(body: Body) -> list[str]:
    """The parts that every briefing has and this one lacks, by their headings."""
    return [LABELS[key] for key in NEEDED if not str(body.get(key, "")).strip()]


def places(body: Body, recommendations: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Every text of a briefing by its place, for the disclosure check."""
    found = {key: str(body.get(key) or "") for key in ("title", "lead")}
    for key, _, layout in PARTS:
        if layout == "by domain":
            found |= {f"messages.{domain}": text for domain, text in (body.get("messages") or {}).items()}
        elif layout != "table":
            found[key] = str(body.get(key) or "")
    found |= {f"recommendation.{pk}": text for pk, text in recommendations}
    return {place: text for place, text in found.items() if text.strip()}


def minutes(texts: Iterable[str]) -> int:
    """How long the briefing takes to read."""
    words = sum(len(text.split()) for text in texts)
    return max(1, round(words / WORDS_A_MINUTE))


def compose(
    *,
    body: Body,
    partnership: str,
    short_name: str,
    about: Sequence[str],
    domains: Mapping[str, str],
    actions: Iterable[tuple[str, str, str]],
    foot: Iterable[str],
) -> dict[str, Any]:
    """The document of a briefing: what stands on the page, in the order in which it stands there."""
    rows = [[runs(cell) for cell in row] for row in actions]
    texts = [str(body.get(key) or "") for key, _, layout in PARTS if layout not in ("by domain", "table")]
    texts += (body.get("messages") or {}).values()
    length = minutes([*texts, *("".join(run["text"] for cell in row for run in cell) for row in rows)])
    read = "1 minute to read" if length == 1 else f"{length} minutes to read"
    sections = [_section(key, heading, layout, body, domains, rows) for key, heading, layout in PARTS]
    return {
        "title": str(body.get("title") or "").strip(),
        "lead": str(body.get("lead") or "").strip(),
        "partnership": partnership,
        "mark": mark(short_name),
        "keywords": ["multi-agency case audit", "safeguarding children", partnership],
        "about": " · ".join([*about, read]),
        "sections": [s for s in sections if s["blocks"] or s["subs"] or s["rows"]],
        "foot": [runs(line) for line in foot],
    }


def _section(
    key: str, heading: str, layout: str, body: Body, domains: Mapping[str, str], rows: list[Any]
) -> dict[str, Any]:
    text: Any = body.get(key) or ""
    made: dict[str, Any] = {"key": key, "heading": heading, "blocks": [], "subs": [], "head": [], "rows": []}
    if layout == "by domain":
        told = [
            (code, domains.get(code, code), blocks(words)) for code, words in dict(text or {}).items() if words.strip()
        ]
        made["subs"] = [{"key": code, "heading": name, "blocks": parts} for code, name, parts in told]
    elif layout == "table":
        made["head"], made["rows"] = ["We will", "Who leads", "By"], rows
    elif layout == "text":
        made["blocks"] = blocks(text)
    elif items := [runs(line) for line in lines(text)]:
        made["blocks"] = [{"kind": "steps" if layout == "numbered" else "list", "items": items}]
    return made


def plain(document: Mapping[str, Any]) -> str:
    """All words of a document as one text, for finding it again."""

    def words(thing: Any) -> Iterable[str]:
        if isinstance(thing, dict):
            if set(thing) == {"text", "href"}:
                yield thing["text"]
            else:
                for name in ("heading", "blocks", "subs", "items", "rows"):
                    yield from words(thing.get(name) or [])
        elif isinstance(thing, list):
            for part in thing:
                yield from words(part)
        elif isinstance(thing, str):
            yield thing

    return " ".join([document["title"], document["lead"], *words(document["sections"])])
