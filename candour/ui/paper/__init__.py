"""Paper: a document of plain pieces, made into a tagged PDF that screen readers can follow."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import font_source_sans_pro
from django.http import HttpResponse

from candour.ui.paper.printable import tidy, without

__all__ = ["letter", "mark", "pages", "pdf_response", "print_pdf"]

ROOT = Path(__file__).parents[2]
FONTS = Path(font_source_sans_pro.__file__).parent / "files"


def print_pdf(template: Path, document: Mapping[str, Any], *, at: datetime) -> bytes:
    """The document as PDF/UA-1, the same bytes for the same words and time; what is not accessible is refused. Letters
    that the typefaces lack are shown as �."""
    import typst  # noqa: PLC0415 - only whoever prints waits for it

    said = tidy(document)
    while True:
        try:
            return _compiled(template, said, at)
        except typst.TypstError as trouble:
            left = without(said, str(trouble))
            if left in (None, said):
                raise
            said = left


def _compiled(template: Path, document: Any, at: datetime) -> bytes:
    import typst  # noqa: PLC0415 - as above

    pdf = typst.compile(
        template,
        root=ROOT,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("A document prints to one file.")
    return pdf


def pages(pdf: bytes) -> int:
    """How many pages a printed document has."""
    return len(re.findall(rb"/Type ?/Page\b", pdf))


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    """A PDF that opens in the browser under a name that says what it is."""
    head = {"Content-Disposition": f'inline; filename="{name}"', "X-Robots-Tag": "noindex"}
    return HttpResponse(bytes(pdf), content_type="application/pdf", headers=head)


def letter(short_name: str) -> str:
    """The letter of a partnership's mark."""
    return next((c for c in short_name.upper() if c.isascii() and c.isalpha()), "C")


def mark(short_name: str) -> str:
    """A partnership's mark as SVG: its first letter on the house's colour."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48">'
        '<path fill="#0c5c58" d="M0 0h48v34a14 14 0 0 1-14 14H0z"/><path fill="#9fe0d8" d="M34 48a14 14 0 0 0 14-14H34z"/>'
        '<text x="22" y="32" font-family="Source Sans Pro" font-size="26" font-weight="600" fill="#fff" '
        f'text-anchor="middle">{letter(short_name)}</text></svg>'
    )
