"""The briefing on paper: one document, made into a tagged PDF that screen readers can follow."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import font_source_sans_pro

from candour.learning.paper.document import (
    LABELS,
    NEEDED,
    PARTS,
    blocks,
    compose,
    letter,
    mark,
    missing,
    places,
    plain,
    runs,
)

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
FONTS = Path(font_source_sans_pro.__file__).parent / "files"


def print_pdf(document: Mapping[str, Any], *, at: datetime) -> bytes:
    """The document as PDF/UA-1, the same bytes for the same words and time; what is not accessible is refused."""
    import typst  # noqa: PLC0415 - only whoever prints waits for it

    pdf = typst.compile(
        TEMPLATE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("A briefing prints to one file.")
    return pdf


def pages(pdf: bytes) -> int:
    """How many pages a printed briefing has."""
    return len(re.findall(rb"/Type ?/Page\b", pdf))
