"""Reads case lists of every kind that children's services have; what a file is, its content says, not its name.

One registry: a reader says whether it claims what was uploaded, and reads it. The plain table comes last.
"""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from candour.sampling.readers import (
    annex_a,
    areas,
    cin_census,
    cin_tables,
    codes,
    safeguarding,
    safety,
    ssda903,
    ssda903_xml,
    table,
    wrong,
)
from candour.sampling.readers.found import FLAGS, Child, NeedsColumns, NotUsable, Preview, Reading
from candour.sampling.readers.opening import open_all

__all__ = [
    "FLAGS",
    "READERS",
    "Child",
    "NeedsColumns",
    "NotUsable",
    "Preview",
    "Reading",
    "areas",
    "codes",
    "preview",
    "print_report",
    "read",
    "report",
    "table",
]  # fmt: skip

READERS = (safeguarding, cin_tables, annex_a, ssda903)  # of tables; what none of them claims is a plain table
Columns = Mapping[str, Mapping[int, str]]
Tell = Callable[[int], None]


def read(
    files: Sequence[tuple[str, bytes]],
    on: date,
    columns: Columns | None = None,
    tell: Tell | None = None,
    rules: Sequence[areas.Area] = areas.AREAS,
    spellings: codes.Spellings = codes.NONE,
) -> Reading:
    """Read an upload of one or several files as one list, on a day; raises NotUsable with the one sentence why not."""
    try:
        reading = _read(files, on, columns, tell, rules, spellings)
    except MemoryError:
        raise NotUsable(safety.TOO_LARGE) from None
    reading.files = len({sheet["file"] for sheet in reading.sheets}) or 1
    return reading


def _read(
    files: Sequence[tuple[str, bytes]],
    on: date,
    columns: Columns | None,
    tell: Tell | None,
    rules: Sequence[areas.Area],
    spellings: codes.Spellings,
) -> Reading:
    opened = open_all(files)
    returns = [document for document in opened.documents if ssda903_xml.claims(document)]
    if opened.documents and (opened.tables or len(returns) not in (0, len(opened.documents))):
        raise NotUsable("These files are of different kinds. Give those of one kind at a time.")
    if returns:
        found = [one for document in returns for one in ssda903_xml.tables(document)]
        return ssda903.read(found, on, tell, rules, spellings)
    if opened.documents:
        return cin_census.read(opened.documents, on, rules, spellings)
    if columns:
        return table.read(opened.tables, on, columns, tell, rules, spellings)
    if reader := next((one for one in READERS if one.claims(opened.tables)), None):
        return reader.read(opened.tables, on, tell, rules, spellings)
    wrong.refuse(opened.tables)
    return table.read(opened.tables, on, None, tell, rules, spellings)


def preview(files: Sequence[tuple[str, bytes]], columns: Columns | None = None) -> list[Preview]:
    """Show the tables of an upload for the page that maps their columns."""
    return table.preview(open_all(files).tables, columns)


def report(files: Sequence[tuple[str, bytes]], on: date) -> tuple[dict[str, Any], int]:
    """Read files as the upload would; give what `candour frame --json` prints, and the exit code."""
    try:
        return read(files, on).as_json(), 0
    except NotUsable as problem:
        return {"error": str(problem)}, 1


def print_report(found: Mapping[str, Any]) -> str:
    """Write a report as `candour frame` prints it without --json."""
    if "error" in found:
        return f"{found['error']}\n"
    lines = [
        f"Kind           {found['kind']}",
        f"Rows read      {found['rows_read']}",
        f"     used      {found['rows_used']}",
        f"     refused   {found['rows_refused']}",
        f"Children       {found['children']}",
        *(f"  {name:<28}{count:>7}" for name, count in found["areas"].items()),
    ]
    for refusal in found["refusals"][:200]:
        where = [refusal["file"], refusal["sheet"], f"row {refusal['row']}", refusal["column"]]
        lines.append(f"Refused: {', '.join(part for part in where if part)}: {refusal['reason']}")
    if len(found["refusals"]) > 200:
        lines.append(f"and {len(found['refusals']) - 200} more rows refused; --json lists them all.")
    lines += [f"Warning: {warning}" for warning in found["warnings"]]
    return "\n".join(lines) + "\n"


def pack(children: Sequence[Child]) -> bytes:
    """Pack some children's rows for keeping; each row as the bytes that were read."""
    return gzip.compress(json.dumps([[row.decode() for row in child.rows] for child in children]).encode(), 6, mtime=0)


def unpack(body: bytes) -> list[list[bytes]]:
    """Give the rows of packed children, as they were read."""
    return [[row.encode() for row in rows] for rows in json.loads(gzip.decompress(body))]
