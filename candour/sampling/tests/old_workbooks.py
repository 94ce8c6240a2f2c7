"""Makes legacy (.xls), binary (.xlsb) and OpenDocument (.ods) workbooks, as small as they can be."""

import io
import struct
import zipfile
from datetime import date
from xml.sax.saxutils import escape

SECTOR = 512
ERROR = object()  # a cell whose formula went wrong
_EPOCH = date(1899, 12, 30)


def _number(cell):
    return float((cell - _EPOCH).days if isinstance(cell, date) else cell)


# .xls -----------------------------------------------------------------------------------------


def record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def _wide(said, size="<H"):
    return struct.pack(size, len(said)) + b"\x01" + said.encode("utf-16-le")


def old_cell(row, place, cell):
    at = struct.pack("<HHH", row, place, 0)
    if cell is ERROR:
        return record(0x0205, at + b"\x2a\x01")
    if isinstance(cell, str):
        return record(0x0204, at + _wide(cell))
    return record(0x0203, at + struct.pack("<d", _number(cell)))


def xls_stream(sheets):
    """Make the records of a legacy workbook; a sheet is rows, or ready records."""
    begin, end = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)), record(0x000A)
    parts = []
    for rows in sheets.values():
        cells = [rows] if isinstance(rows, bytes) else [
            old_cell(number, place, cell)
            for number, row in enumerate(rows)
            for place, cell in enumerate(row)
            if cell not in ("", None)
        ]  # fmt: skip
        parts.append(record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + b"".join(cells) + end)
    named = [_wide(name.replace("_", " "), "<B") for name in sheets]
    at = len(begin) + sum(len(name) + 10 for name in named) + len(end)
    head = begin
    for name, part in zip(named, parts, strict=True):
        head += record(0x0085, struct.pack("<IBB", at, 0, 0) + name)
        at += len(part)
    return head + end + b"".join(parts)


def container(stream, name="Workbook"):
    """Put one stream into the old container format."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // SECTOR)
    tables = -(-(sectors + 2) // 127)
    chain = [0xFFFFFFFD] * tables + [0xFFFFFFFE] + [tables + 2 + n for n in range(sectors - 1)] + [0xFFFFFFFE]
    table = struct.pack(f"<{tables * 128}I", *chain, *[0xFFFFFFFF] * (tables * 128 - len(chain)))
    first = [*range(tables), *[0xFFFFFFFF] * (109 - tables)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    entries = b"".join(
        said.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBIII", len(said) * 2 + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, below)
        + bytes(36)
        + struct.pack("<IQ", start, size)
        for said, kind, below, start, size in (
            ("Root Entry", 5, 1, 0xFFFFFFFE, 0),
            (name, 2, 0xFFFFFFFF, tables + 1, len(stream)),
        )
    )
    return (
        head
        + struct.pack("<109I", *first)
        + table
        + entries.ljust(SECTOR, b"\0")
        + stream.ljust(sectors * SECTOR, b"\0")
    )


def xls(**sheets):
    """Make a legacy workbook."""
    return container(xls_stream(sheets))


# .xlsb ----------------------------------------------------------------------------------------


def _part(kind, body=b""):
    head, size = b"", len(body)
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    while True:
        head += bytes([size & 127 | (128 if size > 127 else 0)])
        size >>= 7
        if not size:
            return head + body


def _long(said):
    return struct.pack("<I", len(said)) + said.encode("utf-16-le")


def binary_cell(place, cell):
    """Make one cell of a binary workbook."""
    at = struct.pack("<II", place, 0)
    if cell is ERROR:
        return _part(3, at + b"\x2a")
    return _part(6, at + _long(cell)) if isinstance(cell, str) else _part(5, at + struct.pack("<d", _number(cell)))


def binary_row(number):
    """Begin a row of a binary workbook."""
    return _part(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))


def xlsb(**sheets):
    """Make a binary workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        bundle, rels = b"", ""
        for number, (name, rows) in enumerate(sheets.items(), 1):
            cells = rows if isinstance(rows, bytes) else b"".join(
                binary_row(n) + b"".join(binary_cell(p, c) for p, c in enumerate(row) if c not in ("", None))
                for n, row in enumerate(rows)
            )  # fmt: skip
            range_ = _part(148, struct.pack("<IIII", 0, 0, 0, 0))
            sheet = _part(129) + range_ + _part(145) + cells + _part(146) + _part(130)
            archive.writestr(f"xl/worksheets/sheet{number}.bin", sheet)
            bundle += _part(156, struct.pack("<II", 0, number) + _long(f"rId{number}") + _long(name.replace("_", " ")))
            rels += (
                f'<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
                f'relationships/worksheet" Target="worksheets/sheet{number}.bin"/>'
            )
        archive.writestr("xl/workbook.bin", _part(131) + _part(143) + bundle + _part(144) + _part(132))
        around = "http://schemas.openxmlformats.org/package/2006/relationships"
        archive.writestr("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{around}">{rels}</Relationships>')
    return out.getvalue()


# .ods -----------------------------------------------------------------------------------------


def open_cell(cell):
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'


def ods(**sheets):
    """Make an OpenDocument workbook; a sheet is rows, or ready XML."""
    spaces = " ".join(
        f'xmlns:{word}="urn:oasis:names:tc:opendocument:xmlns:{word}:1.0"' for word in ("office", "table", "text")
    )
    body = ""
    for name, rows in sheets.items():
        inside = rows if isinstance(rows, str) else "".join(
            f"<table:table-row>{''.join(map(open_cell, row))}</table:table-row>" for row in rows
        )  # fmt: skip
        body += f'<table:table table:name="{name.replace("_", " ")}">{inside}</table:table>'
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", f'<?xml version="1.0"?>{content}</office:document-content>')
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()
