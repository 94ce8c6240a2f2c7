"""Walks the records of legacy (.xls) and binary (.xlsb) workbooks before anything else reads them.

It finds cells set far apart to exhaust memory, the cells that hold an error, passwords, and what is no workbook.
"""

from collections.abc import Iterable, Iterator
from struct import error, unpack_from

from candour.sampling.readers import safety
from candour.sampling.readers.found import NotUsable

Places = set[tuple[int, int]]  # row and column, from 1
_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_SMALL = 4096
_XLS_CELLS = {0x0006, 0x0203, 0x0204, 0x00FD, 0x027E, 0x0205, 0x00D6, 0x0003, 0x0004, 0x0002, 0x0406, 0x0206}
_XLS_SEVERAL = {0x00BD, 0x00BE}
_NUMBER_ERROR = b"\x02\x00"


class _Sheet:
    """How far the cells of one sheet lie apart."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.last = self.right = self.count = 0
        self.first = self.left = 1 << 30
        self.errors: Places = set()

    def cell(self, row: int, left: int, right: int) -> None:
        """Take in one cell, or several side by side."""
        self.first, self.last = min(self.first, row), max(self.last, row)
        self.left, self.right = min(self.left, left), max(self.right, right)
        self.count += right - left + 1

    def check(self) -> None:
        """Refuse a sheet that would fill memory with nothing."""
        if not self.count:
            return
        area = (self.last - self.first + 1) * (self.right - self.left + 1)
        if self.last >= 1_048_576 or self.right >= 16_384 or area > max(safety.FREE_CELLS, 4 * self.count):
            raise NotUsable(safety.FAR_APART)


# .xls -----------------------------------------------------------------------------------------


def look_over_xls(content: bytes) -> list[Places]:
    """Refuse what is no workbook, or one that would fill memory; give the error cells of each sheet in turn."""
    try:
        stream = _workbook_stream(content)
    except (error, IndexError, ValueError, OverflowError):
        raise NotUsable(safety.DAMAGED) from None
    sheets: list[_Sheet] = []
    begun: dict[int, _Sheet] = {}
    order: list[int] = []
    for at, kind, body in _xls_records(stream):
        if kind == 0x2F:
            raise NotUsable(safety.PROTECTED)
        if kind == 0x85 and len(body) >= 4:
            order.append(unpack_from("<I", body)[0])
        elif kind in (0x0809, 0x0009, 0x0209, 0x0409):
            sheets.append(begun.setdefault(at, _Sheet()))
        elif sheets and len(body) >= 6 and kind in _XLS_CELLS:
            row, column = unpack_from("<HH", body)
            sheets[-1].cell(row, column, column)
            if _is_xls_error(kind, body):
                sheets[-1].errors.add((row + 1, column + 1))
        elif sheets and len(body) >= 6 and kind in _XLS_SEVERAL:
            row, column = unpack_from("<HH", body)
            sheets[-1].cell(row, column, max(unpack_from("<H", body, len(body) - 2)[0], column))
    for sheet in sheets:
        sheet.check()
    return [begun[at].errors if at in begun else set() for at in order]


def _is_xls_error(kind: int, body: bytes) -> bool:
    if kind == 0x0205:
        return len(body) >= 8 and body[7] == 1
    return (
        kind in (0x0006, 0x0206, 0x0406)
        and len(body) >= 14
        and body[6:8] == _NUMBER_ERROR
        and body[12:14] == b"\xff\xff"
    )


def _xls_records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at, end = 0, len(stream)
    while at + 4 <= end:
        kind, size = unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _workbook_stream(content: bytes) -> bytes:
    """Give the stream that holds the workbook, out of the old container format."""
    shift, small_shift = unpack_from("<HH", content, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise ValueError
    size = 1 << shift
    directory, cutoff, small_table = unpack_from("<I", content, 48)[0], *unpack_from("<II", content, 56)
    table = _allocation(content, size)

    def chain(start: int) -> bytes:
        parts: list[bytes] = []
        at = start
        for _ in range(len(table) + 1):
            if at >= _END:
                return b"".join(parts)
            parts.append(content[(at + 1) * size : (at + 2) * size])
            at = table[at]
        raise ValueError

    names: dict[str, tuple[int, int]] = {}
    entries = chain(directory)
    for at in range(0, len(entries) - 127, 128):
        length = min(unpack_from("<H", entries, at + 64)[0], 64)
        name = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace").casefold()
        if name:
            names.setdefault(name, (*unpack_from("<I", entries, at + 116), *unpack_from("<I", entries, at + 120)))
    found = names.get("workbook") or names.get("book")
    if found is None:
        raise NotUsable(_not_a_workbook(names))
    start, length = found
    if length >= (cutoff or _SMALL):
        return chain(start)[:length]
    root, links = chain(names["root entry"][0]), chain(small_table)
    parts: list[bytes] = []
    at = start
    for _ in range(len(links) // 4 + 1):
        if at >= _END:
            return b"".join(parts)[:length]
        parts.append(root[at * 64 : at * 64 + 64])
        at = unpack_from("<I", links, at * 4)[0]
    raise ValueError


def _allocation(content: bytes, size: int) -> list[int]:
    """Give the table that says which sector follows which."""
    sectors = [one for one in unpack_from("<109I", content, 76) if one < _END]
    more, count = unpack_from("<II", content, 68)
    for _ in range(min(count, len(content) // size + 1)):
        if more >= _END:
            break
        words = unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        sectors += [one for one in words[:-1] if one < _END]
        more = words[-1]
    table: list[int] = []
    for sector in sectors[: len(content) // size + 1]:
        table += unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    return table


def _not_a_workbook(names: Iterable[str]) -> str:
    if any("encrypt" in name for name in names):
        return safety.PROTECTED
    if "worddocument" in names or "powerpoint document" in names:
        return "This is a Word or PowerPoint document. What is needed is a spreadsheet or CSV file."
    if any(name.startswith("__") for name in names):
        return "This is an e-mail. What is needed is the spreadsheet or CSV file that came with it."
    return safety.DAMAGED


# .xlsb ----------------------------------------------------------------------------------------


def look_over_xlsb(pieces: Iterator[bytes]) -> Places:
    """Refuse a sheet of a binary workbook whose cells lie far apart; give its error cells."""
    sheet, row = _Sheet(), 0
    for kind, body in _xlsb_records(pieces):
        if kind == 0 and len(body) >= 4:
            row = unpack_from("<I", body)[0]
        elif 1 <= kind <= 11 and len(body) >= 4:
            column = unpack_from("<I", body)[0]
            sheet.cell(row, column, column)
            if kind in (3, 11):
                sheet.errors.add((row + 1, column + 1))
    if sheet.last - sheet.first >= safety.MOST_ROWS and sheet.count:
        raise NotUsable(safety.MANY_ROWS)
    sheet.check()
    return sheet.errors


def _xlsb_records(pieces: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Give the records; a number is written in as many groups of seven bits as it needs."""
    held, at = b"", 0
    for piece in pieces:
        held, at = held[at:] + piece, 0
        while True:
            place, numbers = at, []
            for most in (2, 4):
                number = shift = 0
                for _ in range(most):
                    if place >= len(held):
                        break
                    sign = held[place]
                    place += 1
                    number |= (sign & 127) << shift
                    shift += 7
                    if sign < 128:
                        numbers.append(number)
                        break
                else:
                    numbers.append(number)
            if len(numbers) < 2 or place + numbers[1] > len(held):
                break
            yield numbers[0], held[place : place + numbers[1]]
            at = place + numbers[1]


def xlsb_sheets(pieces: Iterator[bytes]) -> Iterator[tuple[str, str]]:
    """Give the sheets that a binary workbook names: each with the key of its part."""
    for kind, body in _xlsb_records(pieces):
        if kind == 156:
            words: list[str] = []
            at = 8
            while len(words) < 2 and at + 4 <= len(body):
                length = unpack_from("<I", body, at)[0] * 2
                words.append(body[at + 4 : at + 4 + length].decode("utf-16-le", "replace"))
                at += 4 + length
            if len(words) == 2:
                yield words[1], words[0]
