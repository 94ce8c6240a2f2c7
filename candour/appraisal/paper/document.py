"""From a return's sections to one document of plain pieces."""

from collections.abc import Iterable
from typing import Any

from candour.ui.paper import mark

PRIVATE = "Only for the coordinator and the chair."
UNASKED = "Not asked any more: another answer has changed since."


def compose(
    *, title: str, lead: str, about: str, partnership: str, short_name: str, pages: Iterable[Any], foot: Iterable[str]
) -> dict[str, Any]:
    """The document of a return: its sections, and in each every question with its answer."""
    return {
        "title": title,
        "lead": lead,
        "about": about,
        "partnership": partnership,
        "mark": mark(short_name),
        "keywords": ["multi-agency case audit", "return"],
        "sections": [
            {
                "heading": f"{page.section.number}. {page.section.title}",
                "questions": [_question(one) for one in page.filled],
            }
            for page in pages
        ],
        "foot": list(foot),
    }


def _question(one: Any) -> dict[str, Any]:
    listed = bool(one.question.points)
    prose = "" if listed else one.prose
    return {
        "heading": f"{one.question.number} {one.question.prompt}".strip(),
        "chosen": one.headline,
        "paragraphs": [line.strip() for line in prose.splitlines() if line.strip()],
        "points": one.lines if listed else [],
        "note": _note(one),
    }


def _note(one: Any) -> str:
    if not one.value:
        return "Nothing written."
    return " ".join([*([UNASKED] if not one.asked else []), *([PRIVATE] if one.private else [])])
