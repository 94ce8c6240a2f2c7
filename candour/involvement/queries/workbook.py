"""What is taken away as a workbook, every cell a text or a number so that nothing in it runs: the grid in case numbers
and words; and a service's list of children, locked, for records that stand on another network."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from candour.identity.bounds import LABELS
from candour.kernel.clock import local

if TYPE_CHECKING:
    from collections.abc import Iterable

    from candour.focus.models import Audit
    from candour.identity.queries import Shown
    from candour.involvement.queries.grid import Cell, Grid, Line

SHEET = "Who knows these children"
FIXED = ("Agency", "Service", "Asked", "Answered", "Answer due", "Message", "Returns owed", "Returns in", "Late")
TO_FILL_IN = ("Known? (for you to note)", "First contact", "Last contact", "Team")
INERT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(audit: Audit, grid: Grid, on: date) -> bytes:
    """The grid of an audit as an Excel file, without a formula or a link."""
    import xlsxwriter  # noqa: PLC0415 - only making a file pays for it

    out = BytesIO()
    with xlsxwriter.Workbook(out, INERT) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet(SHEET)
        page.write_string(0, 0, f"{audit.partnership}: audit {audit.code}, as of {on:%d/%m/%Y}", bold)
        page.write_string(1, 0, _sums(grid))
        for column, text in enumerate([*FIXED, *map(str, grid.cases)]):
            page.write_string(3, column, text, bold)
        for row, line in enumerate(grid.lines, start=4):
            for column, value in enumerate(_row(line)):
                if isinstance(value, int):
                    page.write_number(row, column, value, wrap)
                else:
                    page.write_string(row, column, value, wrap)
        page.set_column(0, 1, 28)
        page.set_column(2, len(FIXED) + len(grid.cases), 16)
        page.freeze_panes(4, 2)
        page.set_landscape()
        page.repeat_rows(3)
        page.fit_to_pages(1, 0)
    return out.getvalue()


def locked_list(audit: Audit, children: Iterable[tuple[str, Iterable[Shown]]], password: str) -> bytes:
    """The children that a service was asked about, as an Excel file that opens with a password only."""
    import xlsxwriter  # noqa: PLC0415 - only making a file pays for it
    from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415 - as above

    rows = [(case, person.relation, dict(person.rows)) for case, persons in children for person in persons]
    columns = [label for label in LABELS.values() if any(label in values for _, _, values in rows)]
    out, plain = BytesIO(), BytesIO()
    with xlsxwriter.Workbook(plain, INERT) as book:
        bold, wrap = (book.add_format({"bold": one, "text_wrap": True, "valign": "top"}) for one in (True, False))
        page = book.add_worksheet("Children")
        title = f"{audit.partnership}: audit {audit.code}, {audit.review_from:%d/%m/%Y} to {audit.review_to:%d/%m/%Y}"
        page.write_string(0, 0, f"{title}. Destroy this file when you have answered.")
        for column, text in enumerate(("Case", "Who", *columns, *TO_FILL_IN)):
            page.write_string(2, column, text, bold)
        for row, (case, who, values) in enumerate(rows, start=3):
            for column, text in enumerate((case, who, *(values.get(label, "") for label in columns))):
                page.write_string(row, column, text, wrap)
        page.set_column(0, 1 + len(columns) + len(TO_FILL_IN), 18)
        page.freeze_panes(3, 2)
        page.set_landscape()
        page.fit_to_pages(1, 0)
    plain.seek(0)
    OOXMLFile(plain).encrypt(password, out)
    return out.getvalue()


def _sums(grid: Grid) -> str:
    due = f" Returns are due by {grid.returns_due:%d/%m/%Y}." if grid.returns_due else ""
    return f"{grid.answered} of {grid.asked} answers are in. {grid.given} of {grid.owed} returns are in.{due}"


def _row(line: Line) -> list[str | int]:
    due = f"{line.ask.due_on:%d/%m/%Y}" if line.ask.due_on else ""
    said = f"; reminded {local(line.ask.reminded_at):%d/%m/%Y}" if line.ask.reminded_at else ""
    fixed: list[str | int] = [
        str(line.ask.service.agency),
        line.ask.service.name,
        line.asked,
        line.answered,
        due,
        ". ".join(
            (f"{line.message}{said}", *(one.undelivered for one in line.failing), *(one.text for one in line.away))
        ),
        line.owed,
        line.given,
        "late" if line.late else "",
    ]
    return fixed + [_words(cell) for cell in line.cells]


def _words(cell: Cell) -> str:
    if not cell.answer_id:
        return cell.note or cell.text
    parts = (cell.text, cell.note, f"return {cell.ret}" if cell.ret else "", "late" if cell.late else "")
    return "; ".join(part for part in parts if part)
