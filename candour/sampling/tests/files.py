"""Makes the files that the readers' tests read: good ones, strange ones, hostile ones."""

import csv
import io
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

ON = date(2026, 10, 1)
SHARED = Path(os.environ.get("CANDOUR_SHARED_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))
CORE = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)"]
LIST_1 = [*CORE, "Date of Contact", "Contact Source"]
LIST_3 = [*CORE, "Date of referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months"]
LIST_4 = [*CORE, "Continuous Assessment Start Date", "Child Seen During Continuous Assessment",
          "Continuous Assessment Date of Authorisation"]  # fmt: skip
LIST_6 = [*CORE, "CIN Start Date", "Primary Need Code", "CIN Closure Date", "Reason for Closure", "Case status"]
LIST_7 = [*CORE, "Child Protection Plan Start Date", "Latest Category of Abuse", "Child Protection Plan End Date"]
LIST_8 = [*CORE, "Date Started to be Looked After", "Child's Category of Need", "Date Ceased to be Looked After "]
BORN = date(2015, 3, 12)


def shared(path: str) -> list[tuple[str, bytes]]:
    """Give a shared sample file, or skip the test where it is not."""
    if not (SHARED / path).exists():
        pytest.skip("the shared sample data is not here")
    return [(Path(path).name, (SHARED / path).read_bytes())]


def book(**sheets) -> bytes:
    """Make a workbook of sheets (underscores in their names stand for spaces) and rows."""
    out = io.BytesIO()
    options = {"default_date_format": "dd/mm/yyyy", "strings_to_formulas": False}
    with xlsxwriter.Workbook(out, options) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name.replace("_", " "))
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, tuple):
                        sheet.write_formula(number, place, *cell)
                    else:
                        sheet.write(number, place, cell)
    return out.getvalue()


def need(number, status="c) Child in need plan", **over):
    """Make a row of List 6."""
    row = {"id": number, "sex": "a) Male", "ethnic": "a) WBRI", "born": BORN, "age": 11, "start": date(2026, 1, 5),
           "need": "N1 - Abuse or neglect", "end": "", "reason": "", "status": status}  # fmt: skip
    return list((row | over).values())


def text(rows, delimiter=",", encoding="utf-8") -> bytes:
    """Make a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def zipped(**members) -> bytes:
    """Make a zip; dots in names are written as two underscores, slashes as three."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("___", "/").replace("__", "."), content)
    return out.getvalue()
