"""Lists as understood, and who of them may be drawn."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from candour.sampling import draw, readers
from candour.sampling.models import CaseList, CodeMap, ColumnMap
from candour.sampling.queries.index import area_names, in_order

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.people.models import Partnership

MOST_SHEETS = 40
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}(\d{1,7})"')


def areas_of(case_list: CaseList) -> list[tuple[str, str, int]]:
    """A list's areas with their children: code, name, count."""
    names = area_names(case_list)
    return in_order(case_list.areas, names)


def rows_of(case_list: CaseList) -> Iterator[tuple[int, bytes]]:
    """Each child's position and the bytes of its rows as read."""
    for block in case_list.blocks.order_by("first").iterator(chunk_size=4):
        for place, rows in enumerate(readers.unpack(block.body), block.first):
            yield place, b"\n".join(rows)


def rows_at(case_list: CaseList, place: int) -> list[bytes]:
    """The rows of one child, as read."""
    block = case_list.blocks.filter(first__lte=place).order_by("-first").first()
    return readers.unpack(block.body)[place - block.first] if block else []


def remembered(partnership: Partnership, previews: Iterable[readers.Preview]) -> dict[str, dict[int, str]]:
    """How this partnership mapped the columns of tables with the same headings before."""
    prints = {preview.key: headings_print(preview.headings) for preview in previews}
    found = {
        row.headings: {int(place): role for place, role in row.columns.items()}
        for row in ColumnMap.objects.filter(partnership=partnership, headings__in=prints.values())
    }
    return {key: found[known] for key, known in prints.items() if known in found}


def spellings(partnership_id: str) -> dict[str, str]:
    """What this partnership said before that spellings in columns of codes mean, by their fingerprint."""
    return dict(CodeMap.objects.filter(partnership=partnership_id).values_list("spelling", "code"))


def unknown_spellings(case_list: CaseList) -> list[dict[str, Any]]:
    """The spellings of a list that were not understood, each with the fingerprint under which its meaning is kept."""
    found = (case_list.report or {}).get("unknown", [])
    return [{**one, "print": readers.codes.printed(one["field"], one["said"])} for one in found]


def headings_print(headings: Iterable[str]) -> str:
    """A fingerprint by which the same headings are known again."""
    return draw.fingerprint("\t".join(headings).encode())


def rows_expected(files: Iterable[tuple[str, bytes]]) -> int:
    """How many rows some files say that they have, for a progress bar; 0 where one of them does not say."""
    counts = [_said_rows(content) for _, content in files]
    return sum(counts) if counts and all(counts) else 0


def _said_rows(content: bytes) -> int:
    if not content.startswith(b"PK"):
        return 0 if content[:200].lstrip().startswith(b"<") else content.count(b"\n")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheets = [
                name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")
            ]
            heads = [_head(archive, name) for name in sheets[:MOST_SHEETS]]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return 0
    return sum(int(found[1]) for head in heads if (found := _DIMENSION.search(head)))


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as sheet:
        return sheet.read(2000)


def current_list(audit: Audit) -> CaseList | None:
    """The list that the audit works with now."""
    return CaseList.objects.filter(audit=audit, beside=None).in_hand().newest_first().first()


def report_lines(case_list: CaseList) -> dict[str, Any]:
    """What the page about a list shows of its report: refusals, warnings, sheets, previews."""
    report = case_list.report or {}
    return {
        "refusals": report.get("refusals", [])[:200],
        "more_refusals": max(case_list.rows_refused - 200, 0),
        "warnings": report.get("warnings", []),
        "sheets": report.get("sheets", []),
        "previews": report.get("previews", []),
        "unknown": len(report.get("unknown", [])),
        "kind": report.get("kind_name", ""),
    }
