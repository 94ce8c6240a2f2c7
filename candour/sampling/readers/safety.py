"""What a zip is checked for before anything unpacks it: its true size, and cells set far apart to exhaust memory."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from candour.sampling.readers.found import NotUsable

MEGA = 1024 * 1024
LARGEST_UNPACKED = 300 * MEGA
LARGEST_STRINGS = 100 * MEGA
HIGHEST_RATIO = 150  # a spreadsheet packs some ten to thirty times
MOST_ROWS = 300_000
FREE_CELLS = 3_000_000  # may be empty in a sheet without further question
_PRECISE = 8 * MEGA
_FAR = re.compile(rb"""r\s*=\s*["'](?:[A-Za-z]{3,}\d|[B-Zb-z][A-Za-z]\d|[A-Za-z]{1,2}(?:\d{7}|[3-9]\d{5}))""")
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,7})(\d{1,9})["']""")
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c [^>]{0,200}t=["']e["'][^>]{0,200}>""")
_CHUNK = 4 * MEGA

PROTECTED = "This file is protected with a password. Save it without one."
TOO_LARGE = "This file is far larger inside than a list of children can be. Nothing of it was read."
DAMAGED = "This file is damaged and cannot be read. Save it again from the program that made it."
FALSE_SIZE = "This file is damaged, or made to mislead: it is larger inside than it says. Nothing of it was read."
FAR_APART = (
    f"A sheet of this file has more than {MOST_ROWS:,} rows, or something in a cell very far from its table. Delete"
    " the empty rows and columns around the table and save it again."
)
MANY_ROWS = f"A sheet of this file has more than {MOST_ROWS:,} rows, more than a list of children can have."


def open_zip(content: bytes) -> zipfile.ZipFile:
    """Open a zip whose declared sizes are within bounds."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, UnicodeDecodeError, IndexError):
        raise NotUsable(DAMAGED) from None
    if len(members) > 2000 or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise NotUsable(TOO_LARGE)
    for member in members:
        if member.file_size > 5 * MEGA and member.file_size > HIGHEST_RATIO * max(member.compress_size, 1):
            raise NotUsable(TOO_LARGE)
        if member.flag_bits & 1:
            raise NotUsable(PROTECTED)
        if member.filename.endswith("sharedStrings.xml") and member.file_size > LARGEST_STRINGS:
            raise NotUsable(TOO_LARGE)
    return archive


def unpack(archive: zipfile.ZipFile, content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack one member piece by piece; its declared size may lie, so what comes out is counted."""
    start = member.header_offset
    if content[start : start + 4] != b"PK\x03\x04":
        raise NotUsable(DAMAGED)
    start += 30 + int.from_bytes(content[start + 26 : start + 28], "little")
    start += int.from_bytes(content[member.header_offset + 28 : member.header_offset + 30], "little")
    packed = memoryview(content)[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotUsable(DAMAGED)
    machine, given = zlib.decompressobj(-15), 0
    rest: bytes | memoryview = packed
    while not machine.eof:
        try:
            piece = machine.decompress(rest, _CHUNK)
        except zlib.error:
            raise NotUsable(DAMAGED) from None
        rest = machine.unconsumed_tail
        given += len(piece)
        if given > member.file_size or not (piece or rest or machine.eof):
            raise NotUsable(FALSE_SIZE if given > member.file_size else DAMAGED)
        yield piece
    if given != member.file_size:
        raise NotUsable(DAMAGED)


def look_over_sheet(pieces: Iterator[bytes], size: int) -> set[tuple[int, int]]:
    """Refuse a sheet whose cells lie far apart; give the positions (row, column) of its error cells."""
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    errors: set[tuple[int, int]] = set()
    tail = b""
    far = False
    for piece in pieces:
        piece = tail + piece
        tail = piece[-300:]
        if size <= _PRECISE:
            found = _CELL.findall(piece)
            columns.update(column for column, _ in found)
            rows.update(row for _, row in found)
        elif not far:
            far = any(piece[found.start() - 1 : found.start()].isspace() for found in _FAR.finditer(piece))
        if b't="e"' in piece or b"t='e'" in piece:
            errors.update(_positions(piece))
    if far:
        raise NotUsable(FAR_APART)
    last, width = max(map(int, rows), default=0), max(map(_number, columns), default=0)
    if last > 1_048_576 or width > 16_384 or last * width > max(FREE_CELLS, size // 3):
        raise NotUsable(FAR_APART)
    if len(rows) > MOST_ROWS:
        raise NotUsable(MANY_ROWS)
    return errors


def _positions(piece: bytes) -> Iterator[tuple[int, int]]:
    for cell in _ERROR_CELL.findall(piece):
        if found := _CELL.search(cell):
            yield int(found[2]), _number(found[1])


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


_ROW = re.compile(
    rb'<table:table-row[^>]*number-rows-repeated="(\d{4,9})"[^>]*>(.{0,20000}?)</table:table-row>', re.DOTALL
)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell[^>]{0,600}>")
_REPEATED = re.compile(rb'number-columns-repeated="(\d{3,9})"')
_LONGEST_ROW = 24_000


def look_over_ods(pieces: Iterator[bytes]) -> None:
    """Refuse an OpenDocument sheet that repeats filled rows or cells a great many times."""
    tail = b""
    for piece in pieces:
        piece = tail + piece
        tail = piece[-_LONGEST_ROW:]
        if b"number-rows-repeated" in piece:
            for row in _ROW.finditer(piece):
                if b"office:value" in row[2] or b"<text:p" in row[2]:
                    raise NotUsable(FAR_APART)
        if b"number-columns-repeated" in piece:
            for cell in _ODS_CELL.finditer(piece):
                repeated = _REPEATED.search(cell[0])
                if repeated and int(repeated[1]) > 300 and b"office:value" in cell[0]:
                    raise NotUsable(FAR_APART)
