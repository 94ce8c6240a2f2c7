"""The briefing on paper: one document, made into a tagged PDF that screen readers can follow."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from candour.learning.paper.document import (
    LABELS,
    NEEDED,
    PARTS,
    blocks,
    compose,
    missing,
    places,
    plain,
    runs,
)
from candour.ui import paper as house
from candour.ui.paper import letter, mark, pages

__all__ = [
    "LABELS",
    "NEEDED",
    "PARTS",
    "blocks",
    "compose",
    "letter",
    "mark",
    "missing",
    "pages",
    "places",
    "plain",
    "print_pdf",
    "runs",
]

TEMPLATE = Path(__file__).with_name("briefing.typ")


def print_pdf(document: Mapping[str, Any], *, at: datetime) -> bytes:
    """The document as PDF/UA-1, the same bytes for the same words and time; what is not accessible is refused."""
    return house.print_pdf(TEMPLATE, document, at=at)
