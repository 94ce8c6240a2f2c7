"""Opens what was uploaded, whatever it is called: tables out of spreadsheets, text and zips; XML apart."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from defusedxml import ElementTree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from candour.sampling.readers import binary, safety
from candour.sampling.readers.cells import ERROR
from candour.sampling.readers.found import NotUsable

LARGEST_FILE = 80 * safety.MEGA
MOST_FILES = 40
Row = list[Any]

_SIGNS = (
    (b"%PDF", "This is a PDF, whatever its name says. What is needed is the spreadsheet or CSV file itself."),
    (b"{\\rtf", "This is a text document. What is needed is a spreadsheet or CSV file."),
    (b"\x89PNG", "This is a picture. What is needed is a spreadsheet or CSV file."),
    (b"\xff\xd8\xff", "This is a picture. What is needed is a spreadsheet or CSV file."),
    (b"GIF8", "This is a picture. What is needed is a spreadsheet or CSV file."),
    (b"\x1f\x8b", "This is a packed file of a kind that is not read. Unpack it first."),
    (b"Rar!", "This is a packed file of a kind that is not read. Unpack it first."),
    (b"7z\xbc\xaf", "This is a packed file of a kind that is not read. Unpack it first."),
    (b"MZ", "This is a program, not a list."),
    (b"\x7fELF", "This is a program, not a list."),
    (b"SQLite format", "This is a database file. What is needed is a spreadsheet or CSV file."),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EMPTY = "This file is empty."
_NOT_TEXT = "This is not a spreadsheet, CSV or XML file that can be read."


@dataclass
class Table:
    """One table of an upload: a sheet, or a text file. Its rows can be gone through again."""

    file: str
    sheet: str
    again: Callable[[], Iterator[tuple[int, Row]]]
    notes: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Give the rows with their numbers, from 1, blank ones left out."""
        return ((number, row) for number, row in self.again() if any(row))


@dataclass
class Xml:
    """One XML file of an upload."""

    file: str
    content: bytes


@dataclass
class Opened:
    """Everything that an upload holds."""

    tables: list[Table] = field(default_factory=list)
    documents: list[Xml] = field(default_factory=list)


def open_all(files: Sequence[tuple[str, bytes]]) -> Opened:
    """Open all the files of an upload."""
    if not files:
        raise NotUsable("No file was given.")
    if len(files) > MOST_FILES:
        raise NotUsable(f"More than {MOST_FILES} files at once are not read.")
    opened = Opened()
    for number, (name, content) in enumerate(files, 1):
        try:
            _open(name, content, opened)
        except NotUsable as problem:
            raise NotUsable(f"File {number}: {problem}" if len(files) > 1 else str(problem)) from None
    return opened


def _open(name: str, content: bytes, opened: Opened, inside_zip: bool = False) -> None:
    if len(content) > LARGEST_FILE:
        raise NotUsable(safety.TOO_LARGE)
    if not content.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        raise NotUsable(_EMPTY)
    for sign, sentence in _SIGNS:
        if content.startswith(sign):
            raise NotUsable(sentence)
    if content.startswith(b"PK"):
        _open_zip(name, content, opened, inside_zip)
    elif content.startswith(_OLD_EXCEL):
        opened.tables += _workbook(name, content, binary.look_over_xls(content))
    elif (start := content[:2000].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")).startswith(b"<"):
        if b"<html" in start.lower() or b"<!doctype html" in start.lower() or b"<table" in start.lower():
            raise NotUsable("This is a web page under a spreadsheet's name. Open it in Excel and save it as .xlsx.")
        opened.documents.append(Xml(name, content))
    elif start[:1] in (b"{", b"[") and b'"' in start[:40]:
        raise NotUsable("This is a data feed (JSON), not a list. What is needed is a spreadsheet or CSV file.")
    else:
        opened.tables.append(read_text(name, content))


def _open_zip(name: str, content: bytes, opened: Opened, inside_zip: bool) -> None:
    with safety.open_zip(content) as archive:
        names = {member.filename: member for member in archive.infolist() if not member.is_dir()}
        if any(member.startswith("xl/") for member in names):
            opened.tables += _workbook(name, content, _look_over_workbook(archive, content))
        elif any(member.startswith(("word/", "ppt/")) for member in names):
            raise NotUsable("This is a Word or PowerPoint document. What is needed is a spreadsheet or CSV file.")
        elif "content.xml" in names:
            safety.look_over_ods(safety.unpack(archive, content, names["content.xml"]))
            opened.tables += _workbook(name, content, {})
        elif inside_zip:
            raise NotUsable("This zip has another zip in it. Unpack it first.")
        else:
            _open_members(archive, content, names, opened)


def _open_members(archive: zipfile.ZipFile, content: bytes, names: dict[str, zipfile.ZipInfo], opened: Opened) -> None:
    wanted = sorted(name for name in names if not name.startswith("__MACOSX") and not name.endswith(".DS_Store"))
    if not wanted:
        raise NotUsable("There is nothing in this zip.")
    if len(wanted) > MOST_FILES:
        raise NotUsable(f"More than {MOST_FILES} files in one zip are not read.")
    if sum(names[name].file_size for name in wanted) > 2 * LARGEST_FILE:
        raise NotUsable(safety.TOO_LARGE)
    for name in wanted:
        inner = b"".join(safety.unpack(archive, content, names[name]))
        if inner.strip():
            _open(name.rsplit("/", 1)[-1], inner, opened, inside_zip=True)


# Spreadsheets ---------------------------------------------------------------------------------


Errors = dict[str, set[tuple[int, int]]]


def _look_over_workbook(archive: zipfile.ZipFile, content: bytes) -> Errors:
    errors = {}
    for member in archive.infolist():
        if member.is_dir() or not member.file_size:
            continue
        pieces = safety.unpack(archive, content, member)
        if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".bin"):
            errors[member.filename] = binary.look_over_xlsb(pieces)
        elif not member.filename.endswith(("sharedStrings.xml", "styles.xml", "theme1.xml", ".bin")):
            errors[member.filename] = safety.look_over_sheet(pieces, member.file_size)
        else:
            for _ in pieces:
                pass
    try:
        return {name: errors[path] for name, path in _sheet_paths(archive, content) if errors.get(path)}
    except (KeyError, ElementTree.ParseError, ValueError, zipfile.BadZipFile, NotUsable):
        return {}


def _sheet_paths(archive: zipfile.ZipFile, content: bytes) -> Iterator[tuple[str, str]]:
    old = "xl/workbook.bin" in archive.namelist()
    rels = archive.read(f"xl/_rels/workbook.{'bin' if old else 'xml'}.rels")
    targets = {rel.get("Id"): str(rel.get("Target")) for rel in ElementTree.fromstring(rels, forbid_dtd=True)}
    if old:
        named = list(binary.xlsb_sheets(safety.unpack(archive, content, archive.getinfo("xl/workbook.bin"))))
    else:
        sheets = ElementTree.fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True).iter()
        named = [
            (str(sheet.get("name")), next((value for name, value in sheet.attrib.items() if name.endswith("}id")), ""))
            for sheet in sheets
            if sheet.tag.endswith("}sheet")
        ]
    for name, key in named:
        yield name, f"xl/{targets.get(key, '').removeprefix('/xl/').removeprefix('xl/')}"


def _workbook(name: str, content: bytes, errors: Errors | list[set[tuple[int, int]]]) -> list[Table]:
    book = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)))
    tables = []
    if isinstance(errors, list):
        errors = dict(zip(book.sheet_names, errors, strict=False))
    for sheet in book.sheet_names:
        tables.append(Table(name, sheet, _rows_of(book, sheet, errors.get(sheet, set()))))
    if not tables:
        raise NotUsable("There is no sheet in this workbook.")
    return tables


def _rows_of(
    book: CalamineWorkbook, name: str, errors: set[tuple[int, int]]
) -> Callable[[], Iterator[tuple[int, Row]]]:
    kept: list[Any] = []
    wrong: dict[int, list[int]] = {}
    for row_number, column in errors:
        wrong.setdefault(row_number, []).append(column)

    def again() -> Iterator[tuple[int, Row]]:
        if not kept:
            kept.append(_guarded(lambda: book.get_sheet_by_name(name)))
        sheet = kept[0]
        start = sheet.start or (0, 0)
        if (sheet.end or (0, 0))[0] >= safety.MOST_ROWS:
            raise NotUsable(safety.MANY_ROWS)
        for number, row in enumerate(sheet.iter_rows(), 1):
            for column in wrong.get(number, ()):
                if 0 <= (place := column - 1 - start[1]) < len(row):
                    row[place] = ERROR
            yield number, row

    return again


def _guarded(opening: Callable[[], Any]) -> Any:
    """Whatever goes wrong in the reading library, a panic of its own included, is one sentence."""
    try:
        return opening()
    except PasswordError:
        raise NotUsable(safety.PROTECTED) from None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except (CalamineError, OSError, ValueError):
        raise NotUsable(safety.DAMAGED) from None
    except BaseException as problem:
        if isinstance(problem, Exception) or type(problem).__name__ == "PanicException":
            raise NotUsable(safety.DAMAGED) from None
        raise


# Text -----------------------------------------------------------------------------------------

_ENCODINGS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = "\t,;|"


def read_text(name: str, content: bytes) -> Table:
    """Read pasted or uploaded text as a table: its encoding and its delimiter are found out."""
    encoding = next((encoding for bom, encoding in _ENCODINGS if content.startswith(bom)), "")
    if not encoding:
        encoding = "utf-8" if _decodes(content, "utf-8") else "cp1252"
    elif not _decodes(content, encoding):
        raise NotUsable(safety.DAMAGED)
    head = content[:65536].decode(encoding, errors="replace")
    if "\x00" in head or sum(head.count(sign) for sign in map(chr, range(1, 9))) > 5:
        raise NotUsable(_NOT_TEXT)
    delimiter = _delimiter(head)

    def again() -> Iterator[tuple[int, Row]]:
        lines = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors="replace", newline="")
        reader = csv.reader(lines, delimiter=delimiter)
        number = 0
        try:
            for number, row in enumerate(reader, 1):
                if number > 2 * safety.MOST_ROWS:
                    raise NotUsable(safety.MANY_ROWS)
                yield number, row
        except csv.Error:
            raise NotUsable(
                f"Line {number + 1} of this file cannot be read: a quotation mark may not be closed."
            ) from None

    note = "The file is not in UTF-8; it was read as Windows-1252." if encoding == "cp1252" else ""
    return Table(name, "", again, [note] if note else [])


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), safety.MEGA):
            decoder.decode(content[start : start + safety.MEGA])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _delimiter(head: str) -> str:
    lines = [line for line in re.sub(r'"[^"]*"', "", head).splitlines()[:30] if line.strip()]
    counts = {sign: [line.count(sign) for line in lines] for sign in _DELIMITERS}
    return max(_DELIMITERS, key=lambda sign: (sum(1 for count in counts[sign] if count), max(counts[sign], default=0)))
