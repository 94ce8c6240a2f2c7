"""What needs no server, each measured in a process of its own: `python -m bench.alone draw` prints one line of JSON.

Django's settings are not loaded: these parts of Candour read bytes and give bytes.
"""

import csv
import hashlib
import json
import resource
import sys
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

MILLION = 1_000_000
LONG_LIST = 200_000
CENSUS = 100_000
HEADINGS = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)", "CIN Start Date",
            "Primary Need Code", "CIN Closure Date", "Reason for Closure", "Case status"]  # fmt: skip


def timed(function: Callable[[], object]) -> float:
    """How long a call takes, in seconds."""
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


def peak() -> float:
    """The most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def draw() -> dict[str, float]:
    """A draw of twenty from a million, with all the rest in order; the floor is hashing and sorting alone."""
    from candour.sampling import draw as drawing  # noqa: PLC0415 - measured apart

    cohort = "".join(f"all\tCASE-{number:07}\n" for number in range(MILLION)).encode()
    plan = f"all\t20\t{MILLION - 20}\n".encode()
    source = "dice:" + "7302915846" * 12
    key = drawing.key_of(cohort, plan, source)

    def floor() -> None:
        refs = [line[4:] for line in cohort.decode().splitlines()]
        refs.sort(key=lambda ref: hashlib.sha256((key + ref).encode()).digest())

    return {"floor": timed(floor), "seconds": timed(lambda: drawing.draw(cohort, plan, source))}


def case_list(file: Path) -> None:
    """A workbook in Annex A's layout with two hundred thousand children in need."""
    import xlsxwriter  # noqa: PLC0415 - measured apart

    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(str(file), options) as book:
        sheet = book.add_worksheet("List 6")
        sheet.write_row(0, 0, HEADINGS)
        for number in range(1, LONG_LIST + 1):
            born, began = date(2009 + number % 15, 1 + number % 12, 1 + number % 28), date(2026, 1 + number % 9, 5)
            row = [number, "a) Male" if number % 2 else "b) Female", "a) WBRI", born, number % 16, began]
            sheet.write_row(number, 0, [*row, "N1 - Abuse or neglect", "", "", "c) Child in need plan"])


def csv_list(file: Path) -> None:
    """The same two hundred thousand children as a CSV file."""
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEADINGS)
        for number in range(1, LONG_LIST + 1):
            born = f"{1 + number % 28:02}/{1 + number % 12:02}/{2009 + number % 15}"
            sex = "a) Male" if number % 2 else "b) Female"
            row = [number, sex, "a) WBRI", born, number % 16, f"05/{1 + number % 9:02}/2026", "N1 - Abuse or neglect"]
            writer.writerow([*row, "", "", "c) Child in need plan"])


def census(file: Path) -> None:
    """A children in need census of a hundred thousand children, one episode each, every third with a plan."""
    plan = "<ChildProtectionPlans><CPPstartDate>2026-02-01</CPPstartDate></ChildProtectionPlans>"
    with file.open("w", encoding="utf-8") as out:
        out.write("<Message><Header><CollectionDetails><Collection>CIN</Collection>")
        out.write("<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails></Header><Children>")
        for number in range(1, CENSUS + 1):
            born = f"{2009 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}"
            out.write(
                f"<Child><ChildIdentifiers><LAchildID>{number:09}</LAchildID><UPN>B801200005001</UPN>"
                f"<PersonBirthDate>{born}</PersonBirthDate><Sex>{'MF'[number % 2]}</Sex></ChildIdentifiers>"
                "<ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics><CINdetails>"
                f"<CINreferralDate>2026-0{1 + number % 3}-05</CINreferralDate><ReferralSource>6</ReferralSource>"
                f"<PrimaryNeedCode>N1</PrimaryNeedCode><ReferralNFA>0</ReferralNFA>{'' if number % 3 else plan}"
                "</CINdetails></Child>\n"
            )
        out.write("</Children></Message>")


def lines(file: str) -> dict[str, float]:
    """The bare reader of CSV over a file."""

    def read() -> None:
        with open(file, newline="", encoding="utf-8") as text:
            deque(csv.reader(text), maxlen=0)

    return {"seconds": timed(read)}


def elements(file: str) -> dict[str, float]:
    """The bare, safe reader of XML over a file, letting each child go once it is read."""
    from defusedxml import ElementTree  # noqa: PLC0415 - measured apart

    def read() -> None:
        for _, element in ElementTree.iterparse(file, forbid_dtd=True):
            if element.tag == "Child":
                element.clear()

    return {"seconds": timed(read)}


def understood(file: str) -> dict[str, float]:
    """A case list read into children, as the upload and `candour frame` read it."""
    from candour.sampling import readers  # noqa: PLC0415 - measured apart

    found: list[dict[str, object]] = []
    files = [(Path(file).name, Path(file).read_bytes())]
    seconds = timed(lambda: found.append(readers.report(files, date(2026, 10, 1))[0]))
    return {"seconds": seconds, "children": float(str(found[0]["children"]))}


def cells(file: str) -> dict[str, float]:
    """The bare reader of cells over a workbook: the floor under reading a case list."""
    import python_calamine  # noqa: PLC0415 - measured apart

    def read() -> None:
        book = python_calamine.CalamineWorkbook.from_path(file)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()

    return {"seconds": timed(read)}


def briefing() -> dict[str, float]:
    """A briefing as PDF/UA, the first and later; the floor is the same printer with one line of text."""
    import typst  # noqa: PLC0415 - measured apart

    from candour.learning import paper  # noqa: PLC0415

    words = "Practitioners told us that the strategy discussion came late, and that health was not always there. " * 4
    body = {key: "\n\n".join([words] * 3) for key, _, layout in paper.PARTS if layout not in ("by domain", "table")}
    body |= {"title": "How well do we respond to physical abuse?", "lead": words[:180], "messages": {"impact": words}}
    document = paper.compose(
        body=body,
        partnership="Northmere Safeguarding Children Partnership",
        short_name="Northmere",
        about=["Multi-agency audit 2025-02", "12 February 2026"],
        domains={"impact": "Impact"},
        actions=[(words[:80], "Children's social care", "March 2026")] * 12,
        foot=["Two people checked this page before it was published."],
    )
    at = datetime(2026, 2, 12, tzinfo=UTC)
    first = timed(lambda: paper.print_pdf(document, at=at))
    line = b'#set document(title: "One")\n#set text(lang: "en")\n= One\nOne line.'
    typst.compile(line, format="pdf", pdf_standards=["ua-1"])
    floor = timed(lambda: typst.compile(line, format="pdf", pdf_standards=["ua-1"]))
    return {"seconds": first, "floor": floor, "later": timed(lambda: paper.print_pdf(document, at=at))}


def make(file: str) -> dict[str, float]:
    """The list itself, for the others to read: a workbook, a CSV file or a census, by what the file is called."""
    write = {".csv": csv_list, ".xml": census}.get(Path(file).suffix, case_list)
    return {"seconds": timed(lambda: write(Path(file)))}


MEASURES: dict[str, Callable[..., dict[str, float]]] = {
    "draw": draw,
    "make": make,
    "cells": cells,
    "lines": lines,
    "elements": elements,
    "understood": understood,
    "briefing": briefing,
}

if __name__ == "__main__":
    found = MEASURES[sys.argv[1]](*sys.argv[2:])
    print(json.dumps({"mb": peak(), **found}))
