"""A service's own papers: its copy of a return, and what its returns say over the years, as tagged PDF."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from candour.appraisal.paper.document import compose
from candour.ui.paper import print_pdf

__all__ = ["compose", "print_return"]

RETURN = Path(__file__).with_name("return.typ")


def print_return(document: Mapping[str, Any], *, at: datetime) -> bytes:
    """A return as PDF/UA-1."""
    return print_pdf(RETURN, document, at=at)
