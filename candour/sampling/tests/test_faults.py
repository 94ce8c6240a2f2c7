"""Lists with every fault that councils' files have, made at random: what is refused, where, and that rows add up."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candour.sampling import readers
from candour.sampling.readers.cells import UNKNOWN
from candour.sampling.tests import files as f
from candour.sampling.tests import old_workbooks as old
from candour.sampling.tests.test_kinds import (
    ASSESSED,
    DATASET,
    DETAILS,
    IDENTIFIERS,
    PLANS,
    RETURN,
    census,
    child,
    rows,
)

# The same examples in every run: `--hypothesis-seed` with derandomize off looks for new ones.
some = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
HEADS = {
    "Child Unique ID": ["Child ID", "Child id", "CHILD UNIQUE ID ", " Child  Unique ID", "Child's Unique ID",
                        "Child’s unique ID"],
    "Age of Child (Years)": ["Age", "Age of Child", "Age of child (years) "],
    "Date of Birth": ["DOB", "Date of birth\n", "Date of Birth "],
    "Case status": ["Case Status", "Status", "CASE STATUS."],
    "Primary Need Code": ["Primary need", "Primary Need code"],
}  # fmt: skip
WHOLE = [
    lambda n: (n, str(n)), lambda n: (float(n), str(n)), lambda n: (f"{n}.0", str(n)), lambda n: (f"\u00a0{n} ", str(n)),
    lambda n: (f"0{n}", f"0{n}"), lambda n: (f"LA-{n}/x", f"LA-{n}/x"), lambda n: (f'="00{n}"', f"00{n}"),
    lambda n: (f"'0{n}", f"0{n}"),
]  # fmt: skip
NO_NUMBER = ["", "NULL", "N/A", "#N/A", "-", "..", "Unknown", "Total", "1.5E+09", 12.5, "Data as at 1 October"]
BORN = [
    f.BORN,
    "2015-03-12",
    "12/03/2015",
    "12.03.2015",
    "12 March 2015",
    "2015-03-12 00:00:00",
    42075,
    "42075",
    "12-Mar-2015",
]
NO_DATE = ["03/04/15", "sometime in spring", "31/02/2015", "2015", "12/13/2015x", 2015, -3.0]
NOTHING = [*sorted(word for word in UNKNOWN if not word.startswith("=")), "Not Known", "31/12/9999", "9999-12-31"]
MAKERS = [lambda **sheets: f.text(next(iter(sheets.values()))), f.book, old.xls, old.xlsb, old.ods]


@st.composite
def a_list(draw):
    """Make List 6 with faults: its rows, and what is expected of it."""
    titles = draw(
        st.lists(st.sampled_from([["List 6: Children in Need"], ["Northmere", "", "2026"], [" ", ""]]), max_size=3)
    )
    heads = [draw(st.sampled_from([head, *HEADS.get(head, [])])) for head in f.LIST_6]
    made, refused, numbers = [*titles, heads], {}, set()
    for n in range(1001, 1001 + draw(st.integers(1, 12))):
        fault = draw(st.sampled_from(["none", "none", "number", "date", "unknown", "again"]))
        cell, number = draw(st.sampled_from(WHOLE))(n)
        row = f.need(cell, born=draw(st.sampled_from(BORN)), age="")
        if fault == "number":
            row[0] = draw(st.sampled_from(NO_NUMBER))
            if str(row[0]).startswith("Data as at"):
                row[1:] = [""] * (len(row) - 1)
            refused[len(made) + 1] = "ID"
        elif fault == "date":
            row[3] = draw(st.sampled_from(NO_DATE))
            refused[len(made) + 1] = "B"
        else:
            numbers.add(number)
        if fault == "unknown":
            row[3] = draw(st.sampled_from(NOTHING))
        made.append(row)
        if fault == "again":
            made.append(list(row))
    return made, refused, numbers


@some
@given(a_list(), st.sampled_from(MAKERS), st.sampled_from(["List_6", "List 6", "Sheet1", "LIST6 (final)"]))
def test_just_the_rows_with_a_fault_are_refused_and_said_where(made, maker, name):
    table, refused, numbers = made
    report, code = readers.report([("list.dat", maker(**{name: table}))], f.ON)
    if not numbers:
        assert (code, list(report)) == (1, ["error"])
        return
    assert code == 0, report
    assert report["kind"] == "annex-a"
    assert report["rows_read"] == report["rows_used"] + report["rows_refused"]
    assert {refusal["row"] for refusal in report["refusals"]} == set(refused)
    for refusal in report["refusals"]:
        heading = refusal["column"].upper().replace("\n", "")
        assert ("ID" in heading) == (refused[refusal["row"]] == "ID"), refusal
    assert report["children"] == len(numbers)


@some
@given(st.permutations(["one", "two", "six", "seven", "eight"]), st.booleans())
def test_the_order_of_files_changes_no_area(order, packed):
    tables = {
        "one": [f.LIST_1, ["1", "M", "WBRI", "12/03/2015", "", "01/09/2026", "6"], ["5", "M", "", "12/03/2015", "", "", ""]],
        "two": [[*f.CORE, "Assessment start date", "Assessment completion date", "Organisation completing assessment"],
                ["5", "M", "", "12/03/2015", "", "01/09/2026", "", "x"]],
        "six": [f.LIST_6, f.need("1"), f.need("2"), f.need("3")], "seven": [f.LIST_7, ["2", *[""] * 7]],
        "eight": [f.LIST_8, ["3", *[""] * 7]],
    }  # fmt: skip
    files = [(f"{name}.csv", f.text(tables[name])) for name in order]
    if packed:
        files = [("all.zip", f.zipped(**{name.replace(".", "__"): body for name, body in files}))]
    report, _ = readers.report(files, f.ON)
    assert report["areas"] == {"Looked after": 1, "Child protection": 1, "Child in need": 1, "Early help": 1}


SPOILT = st.sampled_from(["", "NULL", "#N/A", "=1+1", "12/25/2015", "31/02/2015", "true", "x" * 300, "1001.0", "0", "9",
                          "Withheld", "\x92curly\x93", "1E+12", "-1", "2026-02-30", "Total", "10/11/12"])  # fmt: skip
SETS = [
    [IDENTIFIERS, DETAILS, PLANS, ASSESSED], list(DATASET.values()),
    ["CHILD,DECOM,DEC,LS\n1,01/03/2026,,C2\n2,01/03/2025,01/06/2025,V4\n",
     "CHILD,SEX,DOB,ETHNIC,UPN\n1,1,12/03/2015,WBRI,UN1\n"],
    ["Child ID,DOB,Sex,Ethnic group,Status,Start date,End date,NHS number\n1,12/03/2015,F,W1,CIN,01/03/2026,,9990000018\n"],
]  # fmt: skip


@some
@given(st.data(), st.sampled_from(SETS))
def test_spoilt_cells_of_any_kind_add_up_and_are_never_said(data, tables):
    files = []
    for number, said in enumerate(tables):
        table = rows(said)
        for row in table[1:]:
            for place in range(len(row)):
                if data.draw(st.integers(0, 5)) == 0:
                    row[place] = data.draw(SPOILT)
        files.append((f"{number}.csv", f.text(table)))
    report, code = readers.report(files, f.ON)
    if code:
        assert report["error"].endswith(".")
        return
    assert (
        report["rows_read"]
        == report["rows_used"] + report["rows_refused"]
        == report["rows_used"] + len(report["refusals"])
    )
    assert sum(report["areas"].values()) == report["children"]
    assert "xxxxxxxx" not in str(report)
    assert "curly" not in str(report)


@some
@given(st.data())
def test_xml_with_blocks_missing_or_spoilt_adds_up(data):
    inside = "<Assessments><AssessmentActualStartDate>2026-02-01</AssessmentActualStartDate></Assessments>"
    whole = data.draw(
        st.sampled_from([census(child(1, inside), child(2, inside, nfa="false"), child(3)), RETURN])
    ).decode()
    for _ in range(data.draw(st.integers(1, 4))):
        parts = whole.split("<")
        place = data.draw(st.integers(2, len(parts) - 2))
        change = data.draw(st.sampled_from(["cut", "text", "double"]))
        if change == "cut":
            del parts[place]
        elif change == "double":
            parts.insert(place, parts[place])
        else:
            parts[place] = parts[place].split(">")[0] + ">" + data.draw(SPOILT).replace("&", "")
        whole = "<".join(parts)
    report, code = readers.report([("x.xml", whole.encode())], f.ON)
    if code:
        assert report["error"].endswith(".")
    else:
        assert report["rows_read"] == report["rows_used"] + len(report["refusals"])


@given(st.dates(date(2000, 1, 1), date(2029, 12, 31)), st.dates(date(2000, 1, 1), date(2029, 12, 31)))
@some
def test_a_column_with_the_month_first_is_never_guessed(first, then):
    """One date that can only be month first makes each that could be either ambiguous; no birth date is ever swapped."""
    said = [f"{day.month:02}/{day.day:02}/{day.year}" for day in (first, then)]
    reading_of = [
        ("x.csv", f.text([f.LIST_6, *[f.need(n, born=cell) for n, cell in enumerate([*said, "2015-03-12"])]]))
    ]
    reading = readers.read(reading_of, f.ON)
    sure = first.day > 12 or then.day > 12
    for number, day in enumerate((first, then)):
        read = reading.children.get(str(number))
        if read is None:
            assert day.day > 12 or (sure and day.day != day.month)
        elif not sure:
            assert (read.born.day, read.born.month) == (day.month, day.day)  # read day first, as English councils write
        else:
            assert read.born == day


@pytest.mark.parametrize(
    ("rows_of", "sentence"),
    [
        ([f.need(1, sex="Male"), f.need(1, sex="Female")], "two different sexes"),
        ([f.need(1, ethnic="WBRI"), f.need(1, ethnic="Pakistani")], "two different ethnic groups"),
        ([f.need(1), f.need(1, born=date(2014, 1, 1))], "two different dates of birth"),
        ([f.need(1), f.need(1)], "says the same as an earlier one; the two were merged"),
        ([f.need("007"), f.need("7")], "only by leading zeros"),
        ([f.need(1, start=date(2026, 3, 2), end=date(2026, 3, 1))], "impossible order"),
        ([f.need(1, age="11.7")], ""),
        ([f.need(1, age="old", born="")], "This age is not a number"),
    ],
)  # fmt: skip
def test_what_is_odd_is_warned_of_and_the_row_is_used(rows_of, sentence):
    report, code = readers.report([("x.xlsx", f.book(List_6=[f.LIST_6, *rows_of]))], f.ON)
    assert (code, report["rows_refused"]) == (0, 0)
    assert sentence in " ".join(report["warnings"])
