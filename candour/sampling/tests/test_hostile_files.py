"""Files that mean harm, or are merely broken: one clear sentence each, never a traceback, within bounds."""

import io
import random
import re
import resource
import time
import zipfile

import pytest

from candour.sampling import readers
from candour.sampling.tests import files as f
from candour.sampling.tests import old_workbooks as old
from candour.sampling.tests.test_readers import whole

MEGA = 1024 * 1024
FAR = ("A1", "XFD1048576")


def refused(content, name="list.xlsx"):
    found, code = readers.report([(name, content)], f.ON)
    assert (code, set(found)) == (1, {"error"})
    assert found["error"].endswith(".")
    return found["error"]


def sheet_with(*cells):
    """Make a workbook whose only sheet has text in just these cells."""
    good = f.book(List_6=[f.LIST_6, f.need(1)])
    rows = "".join(f'<row><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row>' for cell in cells)
    return rewritten(
        good,
        "xl/worksheets/sheet1.xml",
        f"""<?xml version="1.0"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>
""".encode(),
    )


def rewritten(content, member, body):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, body if name == member else old.read(name))
    return out.getvalue()


def ole(content=b""):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b" \r\n\x00\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "This is a PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"PK\x03\x04", "damaged"),
        (b"PK\x05\x06" + bytes(18), "nothing in this zip"),
        (ole(bytes(600)), "damaged"),
        (b"<html><table><tr><td>Child ID</td></tr></table>", "web page"),
        (b"<?xml version='1.0'?><a>", "damaged"),
        (b"<?xml version='1.0'?><a/>", "not one that is known"),
        (bytes(range(256)) * 40, "not a spreadsheet"),
        (b"Hello", "No row of headings"),
        (b'Child ID,DOB\n1,"' + b"x\n" * 100000, "quotation mark"),
        (f.zipped(word___document__xml=b"<w/>"), "Word"),
        (f.zipped(a__zip=f.zipped(b__csv=b"x")), "another zip"),
        (f.zipped(xl___workbook__bin=b"x"), "damaged"),
        (f.zipped(xl___workbook__xml=b"x"), "damaged"),
        (f.zipped(a__csv=b""), "No row of headings|no children|No file"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(content, sentence):
    assert re.search(sentence, refused(content))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    bomb = f.zipped(xl___workbook__xml=b"x", xl___worksheets___sheet1__xml=bytes(250 * MEGA))
    packed = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "far larger inside" in refused(bomb)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - packed < 20 * 1024
    assert time.monotonic() - started < 10
    assert before


def test_a_zip_that_lies_about_its_size_is_refused_as_it_comes_out():
    bomb = bytearray(f.zipped(xl___workbook__xml=b"x", xl___worksheets___sheet1__xml=bytes(40 * MEGA)))
    true, lie = (40 * MEGA).to_bytes(4, "little"), (4000).to_bytes(4, "little")
    assert bomb.count(true) == 2
    assert "larger inside than it says" in refused(bytes(bomb.replace(true, lie)))


@pytest.mark.parametrize("cells", [FAR, ("A1", "A1048576", "ZZ5"), ("A1", "AAAA1"), ("A1", "B9999999")])
def test_cells_set_far_apart_do_not_exhaust_memory(cells):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "far from its table" in refused(sheet_with(*cells))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


FAR_XLS = old.old_cell(0, 0, "Child Unique ID") + old.old_cell(65535, 255, "x")
FAR_XLSB = old.binary_row(0) + old.binary_cell(0, "x") + old.binary_row(200_000) + old.binary_cell(16383, "x")
REPEATED = '<table:table-row table:number-rows-repeated="1048576">{}</table:table-row>'.format(old.open_cell("x"))


@pytest.mark.parametrize("content", [old.xls(A=FAR_XLS), old.xlsb(A=FAR_XLSB), old.ods(A=REPEATED)])
def test_far_cells_of_other_workbooks_do_not_exhaust_memory_either(content):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "far from its table" in refused(content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("EncryptedPackage", "protected with a password"), ("WordDocument", "Word"), ("__properties_version1.0", "e-mail"),
     ("Nothing", "damaged")],
)  # fmt: skip
def test_what_else_comes_in_the_old_container_is_said_by_name(name, sentence):
    assert sentence in refused(old.container(b"x", name))


def test_a_legacy_workbook_with_a_password_is_said_so():
    assert "protected with a password" in refused(old.xls(A=old.record(0x2F, bytes(8))))


def test_entities_and_outside_references_in_xml_are_refused():
    laughs = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><Message>&c;</Message>"""
    outside = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Message>&b;</Message>"""
    returned = outside.replace(b"<Message>&b;", b"<SSDA903><CHILD><CHILDID>&b;").replace(b"</Message>", b"</CHILDID>")
    for content in (laughs, outside, laughs.replace(b"&c;", b""), returned):
        assert "declarations" in refused(content, "x.xml")


def test_xml_nested_without_end_is_refused():
    assert "damaged" in refused(b"<Message>" + b"<a>" * 100000, "x.xml")


def test_a_sheet_of_a_million_rows_is_refused():
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 400_001))
    content = rewritten(
        f.book(List_6=[f.LIST_6]), "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + rows
        + b"</sheetData></worksheet>",
    )  # fmt: skip
    assert "." in refused(content)


def test_several_files_say_which_one():
    found, _ = readers.report([("a.csv", f.text([f.LIST_6, f.need(1)])), ("b.csv", b"")], f.ON)
    assert found == {"error": "File 2: This file is empty."}
    assert readers.report([], f.ON)[0] == {"error": "No file was given."}
    assert "different kinds" in readers.report([("a", b"a,b\n1,2"), ("b", b"<a/>")], f.ON)[0]["error"]


SIX = [f.LIST_6, *[f.need(n) for n in range(30)]]


@pytest.mark.parametrize(
    "make",
    [
        whole,
        lambda: f.text(SIX),
        lambda: old.xls(List_6=SIX),
        lambda: old.xlsb(List_6=SIX),
        lambda: old.ods(List_6=SIX),
    ],
)
def test_flipped_bits_never_end_in_a_traceback(make, capfd):
    content, dice = make(), random.Random(7)
    for _ in range(60):
        broken = bytearray(content)
        for _ in range(dice.randint(1, 4)):
            broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
        found, code = readers.report([("list.xlsx", bytes(broken))], f.ON)
        assert code == 1 or found["rows_read"] == found["rows_used"] + found["rows_refused"]
