"""Reading case lists: what every kind gives, and that rows always add up."""

import json
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from candour.sampling import readers
from candour.sampling.readers.cells import a_date, identifier
from candour.sampling.readers.codes import band, ethnicity, need, sex
from candour.sampling.readers.identifiers import nhs_problem, upn_problem
from candour.sampling.tests import files as f


def read(content, name="list.xlsx", **more):
    reading = readers.read([(name, content)], f.ON, **more)
    assert reading.rows_read == reading.rows_used + reading.rows_refused
    assert sum(reading.areas().values()) == len(reading.children)
    return reading


def areas(reading):
    return reading.as_json()["areas"]


def warnings(reading):
    return "\n".join(reading.as_json()["warnings"])


def test_the_sample_workbook_of_2024():
    (name, content), *_ = f.shared("liia-annex-a-2024/Annex_A_2024_Jan.xlsx")
    reading = read(content, name)
    assert (reading.kind, reading.rows_read, reading.rows_used, len(reading.children)) == ("annex-a", 59, 54, 48)
    assert {refusal.sheet for refusal in reading.refusals} == {"List 11"}
    assert areas(reading)["Looked after"] == 4
    assert "two different dates of birth" in warnings(reading)


def test_the_blank_template_of_2019():
    with pytest.raises(readers.NotUsable, match="there are no children in it"):
        readers.read(f.shared("ofsted-annex-a-template-2019/annex_a_template_2019-08.xlsx"), f.ON)


def test_the_census_sample():
    (name, content), *_ = f.shared("d2i-cin-census-332/fake_CIN_data.xml")
    reading = read(content, name)
    assert (reading.kind, reading.rows_read, len(reading.children)) == ("cin-census", 402, 332)


def test_the_ssda903_sample():
    names = ("header", "episodes", "oc3", "uasc", "reviews")
    reading = readers.read([f.shared(f"d2i-ssda903-2675/{name}.csv")[0] for name in names], f.ON)
    assert (areas(reading)["Looked after"], reading.rows_read) == (1408, 2675 + 5050 + 53 + 132)
    assert reading.rows_read == reading.rows_used + reading.rows_refused


def whole():
    return f.book(
        Cover=[["Annex A"], ["Northmere"]],
        List_1=[f.LIST_1, [1, "Male", "WBRI", f.BORN, 11, date(2026, 9, 1), "6: Police"],
                [8, "Male", "WBRI", f.BORN, 11, date(2026, 9, 1), "6: Police"]],
        List_3=[f.LIST_3, [2, "b) Female", "WBRI", f.BORN, 11, date(2026, 9, 1), "6", "b) No", 1],
                [3, "b) Female", "WBRI", f.BORN, 11, date(2026, 9, 1), "6", "a) Yes", 1]],
        List_4=[f.LIST_4, [4, "Male", "WBRI", f.BORN, 11, date(2026, 9, 1), "Yes", ""],
                [9, "Male", "WBRI", f.BORN, 11, date(2026, 8, 1), "Yes", date(2026, 9, 1)]],
        List_6=[["List 6: Children in Need"], f.LIST_6, f.need(5), f.need(6, "b) Child Protection plan"),
                f.need(7, "a) Looked after child"), f.need(8, "e) Closed episode", end=date(2026, 8, 1))],
        List_7=[f.LIST_7, [6, "Male", "WBRI", f.BORN, 11, date(2026, 3, 1), "Neglect", ""],
                [7, "Male", "WBRI", f.BORN, 11, date(2026, 3, 1), "Neglect", ""]],
        List_8=[f.LIST_8, [7, "Male", "WBRI", f.BORN, 11, date(2026, 4, 1), "N1", ""]],
    )  # fmt: skip


def test_a_child_stands_once_in_the_first_area_that_applies():
    reading = read(whole())
    assert areas(reading) == {
        "Looked after": 1, "Child protection": 1, "Child in need": 1, "s47 or assessment": 1, "Referral": 1,
        "Referral, no further action": 1, "Contact only": 1, "Closed in period": 2,
    }  # fmt: skip
    assert len(reading.children) == 9
    assert warnings(reading) == "Cover: This sheet is not one of the lists; its 2 lines were not read."


def test_one_csv_for_each_list_and_a_zip_of_them():
    six = f.text([f.LIST_6, f.need("0012"), f.need("0013")])
    seven = f.text([f.LIST_7, ["0012", "Male", "WBRI", "12/03/2015", 11, "01/03/2026", "Neglect", ""]])
    for upload in ([("a.csv", six), ("b.csv", seven)], [("all.zip", f.zipped(a__csv=six, b__csv=seven))]):
        assert areas(readers.read(upload, f.ON)) == {"Child protection": 1, "Child in need": 1}


def test_status_and_lists_that_disagree_are_said_and_not_guessed():
    reading = read(f.book(List_6=[f.LIST_6, f.need(1, "a) Looked after child")], List_8=[f.LIST_8]))
    assert "List 6, Case status, row 2: The status says looked after" in warnings(reading)
    assert areas(reading) == {"Closed in period": 1}


HEADINGS = [
    ["Child ID", "Sex", "Ethnicity ", "DOB", "Age", "CIN start date", "Primary need", "CIN closure date", "x", "Status"],
    ["CHILD UNIQUE ID", "gender", "ETHNICITY", "Date of Birth ", "", "Cin Start Date", "Primary Need code",
     "CIN Closure  Date", "Reason for closure", "Case Status"],
]  # fmt: skip


@pytest.mark.parametrize("headings", HEADINGS)
def test_drifting_headings_are_known(headings):
    reading = read(f.book(**{"My sheet": [["Title", "", ""], [], headings, f.need(1001.0), f.need("1002")]}))
    assert (reading.kind, list(reading.children)) == ("annex-a", ["1001", "1002"])


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "is blank"),
        ("NULL", "has an error or says that nothing is known"),
        (("=NA()", None, "#N/A"), "has an error"),
        (1001.5, "is not a whole number"),
        ("1.2E+07", "digits the spreadsheet has cut off"),
        (date(2026, 1, 1), "is not a child's number"),
        ("Total", "is a total"),
        ("--/--", "is not a child's number"),
    ],
)
def test_a_row_without_a_childs_number_is_refused_where_it_stands(cell, reason):
    reading = read(f.book(List_6=[f.LIST_6, f.need(1), f.need(cell), f.need(3)]))
    (refusal,) = reading.refusals
    assert (refusal.sheet, refusal.row, refusal.column) == ("List 6", 3, "Child Unique ID")
    assert reason in refusal.reason
    assert reading.rows_used == 2


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("03/04/15", "two digits"),
        ("12-Mar-15", "two digits"),
        ("some time in 2015", "not a date"),
        ("31/02/2015", "does not exist"),
        ("12/25/2015", "month before the day"),
        (True, "not a date"),
    ],
)
def test_a_date_that_cannot_be_read_refuses_the_row(cell, reason):
    reading = read(f.book(List_6=[f.LIST_6, f.need(1), f.need(2, born=cell)]))
    (refusal,) = reading.refusals
    assert (refusal.row, refusal.column) == (3, "Date of Birth")
    assert reason in refusal.reason
    assert str(cell) not in refusal.reason


def test_one_date_with_the_month_first_makes_its_column_ambiguous():
    rows = [f.need(n, born=born) for n, born in enumerate(["03/04/2015", "04/04/2015", "12/25/2015", "25/12/2015"])]
    reading = read(f.book(List_6=[f.LIST_6, *rows]))
    assert [refusal.row for refusal in reading.refusals] == [2, 4]
    assert "could be read day first or month first" in reading.refusals[0].reason


@pytest.mark.parametrize(
    "cell",
    [f.BORN, datetime.combine(f.BORN, time(9, 30)), 42075, "42075", "2015-03-12", "12/03/2015", "12.3.2015",
     "2015-03-12T00:00:00",
     "12 March 2015", "12th Mar 2015", "March 12, 2015", "20150312", 20150312, "Thursday, 12 March 2015", " 12/03/2015 ",
     ("=DATE(2015,3,12)", None, 42075)],
)  # fmt: skip
def test_one_day_in_every_form(cell):
    (child,) = read(f.book(List_6=[f.LIST_6, f.need(1, born=cell)])).children.values()
    assert child.born == f.BORN


@pytest.mark.parametrize("cell", ["", "Unknown", "..", "-", "N/A", " ", "#N/A"])
def test_nothing_known_is_no_date_and_no_refusal(cell):
    (child,) = read(f.book(List_6=[f.LIST_6, f.need(1, born=cell)])).children.values()
    assert child.born is None


def test_numbers_stay_text_and_lost_zeros_are_said():
    reading = read(f.book(List_6=[f.LIST_6, f.need("00123"), f.need(123), f.need(" AB\u00a01 ")]))
    assert list(reading.children) == ["00123", "123", "AB 1"]
    assert "differs from another one in the list only by leading zeros" in warnings(reading)


def test_duplicates_are_merged_and_contradictions_said():
    rows = [
        f.need(1),
        f.need(1),
        f.need(1, sex="b) Female"),
        f.need(1, born=date(2014, 1, 1)),
        f.need(1, ethnic="MWBC"),
    ]
    reading = read(f.book(List_6=[f.LIST_6, *rows]))
    (child,) = reading.children.values()
    assert (child.sex, child.born, child.ethnicity, reading.rows_used) == ("", None, "", 5)
    said = warnings(reading)
    assert "row 3: This row says the same as an earlier one" in said
    assert "Gender, row 4: This child has two different sexes" in said
    assert "Date of Birth, row 5: This child has two different dates" in said


def test_impossible_order_days_to_come_adults_and_the_unborn():
    reading = read(f.book(List_6=[
        f.LIST_6, f.need(1, start=date(2026, 3, 1), end=date(2026, 2, 1)), f.need(2, start=date(2027, 1, 1)),
        f.need(3, age=19), f.need(4, age=-1, born=date(2026, 12, 1)), f.need(5, "e) Closed episode", reason="RC2"),
    ]))  # fmt: skip
    said = warnings(reading)
    for sentence in ("impossible order", "lies after the day of reading", "1 child is 18 or over",
                     "1 child is not yet born", "1 child is marked as having died"):  # fmt: skip
        assert sentence in said
    assert [child.flags for child in reading.children.values()] == [0, 0, 1, 2, 4]


def test_no_value_of_a_row_is_ever_said():
    secret = "Zebedee-Canary"
    row = [secret.replace("-", "\n"), *[secret] * 9]
    rows = [f.need(1, sex=secret, ethnic=secret, need=secret, status=secret, age=secret), row, f.need(secret * 5)]
    reading = read(f.book(List_6=[f.LIST_6, *rows]))
    assert "Zebedee" not in json.dumps(reading.as_json())
    assert reading.rows_refused == 2


def test_headings_met_again_are_refused():
    reading = read(f.book(List_6=[f.LIST_6, f.need(1), f.LIST_6, f.need(2)]))
    assert reading.refusals[0].reason == "This row is the headings again."


# Plain tables ---------------------------------------------------------------------------------

TABLE = [["Case ID", "DOB", "Gender", "Ethnic group", "Service", "NHS number", "UPN"],
         ["007", "12/03/2015", "F", "White British", "CIN", "943 476 5919", "B801200005001"],
         ["008", "13/03/2015", "Boy", "Any other", "LAC", "943 476 5910", "A801200005001"]]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_plain_table_of_text(delimiter, encoding):
    rows = [*TABLE, ["009", "14/03/2015", "U", "Not stated – é", "Early Help", "", ""]]
    reading = read(f.text(rows, delimiter, encoding), "list.txt")
    assert (reading.kind, list(reading.children)) == ("table", ["007", "008", "009"])
    assert areas(reading) == {"Child in need": 1, "Looked after": 1, "Early help": 1}
    assert "NHS number, row 3: This NHS number does not pass its check digit" in warnings(reading)
    assert "UPN, row 3: This UPN does not pass its check letter" in warnings(reading)


def test_a_plain_workbook():
    assert read(f.book(Sheet1=[["Youth justice"], [], *TABLE])).kind == "table"


def test_a_table_without_areas_is_one_group():
    assert areas(read(f.text([["Child ID", "DOB"], ["1", "2015-01-01"]]))) == {"All children": 1}


def test_own_areas_are_kept_where_few_and_plain_and_never_otherwise():
    rows = [[str(n), "2015-01-01", "Exploitation" if n % 2 else "Robbery"] for n in range(20)]
    assert areas(read(f.text([["Child ID", "DOB", "Service"], *rows]))) == {"Robbery": 10, "Exploitation": 10}
    rows = [[str(n), "2015-01-01", f"Name{n}"] for n in range(20)]
    assert areas(read(f.text([["Child ID", "DOB", "Service"], *rows]))) == {"Not understood": 20}


def test_columns_can_be_mapped():
    content = f.text([["Code name", "When"], ["a1", "2015-01-01"], ["a2", "2016-01-01"]])
    with pytest.raises(readers.NeedsColumns) as needed:
        readers.read([("x.csv", content)], f.ON)
    assert needed.value.tables[0].headings == ["Code name", "When"]
    reading = read(content, columns={"0": {0: "number", 1: "born"}})
    assert [child.born.year for child in reading.children.values()] == [2015, 2016]
    assert readers.preview([("x.csv", content)])[0].rows == [["a1", "2015-01-01"], ["a2", "2016-01-01"]]


@pytest.mark.parametrize(
    ("headings", "sentence"),
    [
        (["UPN", "SEN Type", "EHCP"], "special educational needs"),
        (["Individual adopter identifier", "Date enquiry received", "Date Stage 1 started"], "adopters"),
        (["CHILD", "SEX", "DOB", "ETHNIC", "UPN"], "without its episodes"),
        (["Child ID", "DOB"], "headings only"),
    ],
)  # fmt: skip
def test_the_wrong_list_is_refused_by_name(headings, sentence):
    rows = [] if sentence == "headings only" else [["1"] * len(headings)]
    with pytest.raises(readers.NotUsable, match=sentence):
        readers.read([("x.csv", f.text([headings, *rows]))], f.ON)


def test_xml_of_another_return_is_refused_by_name():
    for collection, sentence in (("CLA", "SSDA903"), ("SchoolCensus", "a school census"), ("X", "another return")):
        xml = f"<Message><Header><Collection>{collection}</Collection></Header><Children/></Message>"
        with pytest.raises(readers.NotUsable, match=sentence):
            readers.read([("x.xml", xml.encode())], f.ON)


def test_a_census_with_plans_assessments_and_trouble():
    xml = b"""<Message><Header><Collection>CIN</Collection><ReferenceDate>2026-03-31</ReferenceDate></Header><Children>
    <Child><ChildIdentifiers><LAchildID>A1</LAchildID><PersonBirthDate>2015-03-12</PersonBirthDate><Sex>F</Sex>
     </ChildIdentifiers><CINdetails><CINreferralDate>2026-01-01</CINreferralDate><ReferralNFA>0</ReferralNFA>
     <ChildProtectionPlans><CPPstartDate>2026-02-01</CPPstartDate></ChildProtectionPlans></CINdetails></Child>
    <Child><ChildIdentifiers><LAchildID>A2</LAchildID><PersonBirthDate>2015-03-12</PersonBirthDate></ChildIdentifiers>
     <CINdetails><ReferralNFA>1</ReferralNFA></CINdetails></Child>
    <Child><ChildIdentifiers><LAchildID>A3</LAchildID></ChildIdentifiers><CINdetails><ReferralNFA>0</ReferralNFA>
     <CINclosureDate>2026-01-01</CINclosureDate></CINdetails></Child>
    <Child><ChildIdentifiers><LAchildID/></ChildIdentifiers><CINdetails/><CINdetails/></Child>
    </Children></Message>"""
    reading = read(xml, "x.dat")
    assert areas(reading) == {"Child protection": 1, "Referral, no further action": 1, "Closed in period": 1}
    assert (reading.rows_read, [refusal.row for refusal in reading.refusals]) == (5, [4, 4])


# Cells ----------------------------------------------------------------------------------------


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_back_from_its_unambiguous_forms(day):
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%Y%m%d"):
        if form != "%Y%m%d" or day.year < 2100:
            assert a_date(f"{day.year:04d}".join(day.strftime(form.replace("%Y", "§")).split("§"))) == (day, "")


@settings(max_examples=300)
@given(
    st.one_of(st.text(max_size=60), st.floats(), st.integers(), st.booleans(), st.none(), st.datetimes(), st.times())
)
def test_no_cell_breaks_a_reader(cell):
    a_date(cell)
    identifier(cell)
    for understand in (sex, ethnicity, need):
        understand(cell)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.text("0123456789/-abcAB \n\"',;#", max_size=12), min_size=1, max_size=10), max_size=25))
def test_rows_of_any_table_add_up(rows):
    found, code = readers.report([("x.csv", f.text([f.LIST_6, f.need(1), *rows]))], f.ON)
    assert code == 0, found
    assert (
        found["rows_read"] == found["rows_used"] + found["rows_refused"] == found["rows_used"] + len(found["refusals"])
    )
    assert sum(found["areas"].values()) == found["children"]


@pytest.mark.parametrize(
    ("said", "code"),
    [("a) Male", "M"), ("b) Female", "F"), ("2", "F"), ("c) Not stated/recorded", ""), ("d) Neither", "O")],
)
def test_sexes(said, code):
    assert sex(said) == (code, True)


@pytest.mark.parametrize(
    ("said", "code"),
    [("s) NOBT", ""), ("s) REFU", ""), ("k) APKN", "asian"), ("White and Black Caribbean", "mixed"), ("wbri", "white")],
)
def test_ethnic_groups_never_hang_on_the_letter(said, code):
    assert ethnicity(said) == (code, True)


def test_needs_and_bands():
    assert need("N1 - Abuse or neglect") == ("N1", True)
    assert need("Emotional, Neglect") == ("MUL", True)
    assert need("c) Sexual") == ("SAB", True)
    assert need("PSRMEM - Support with memory")[1] is False
    ages = (-1, 0, 1, 9, 10, 17, 40, None)
    assert [band(age) for age in ages] == [
        "Unborn", "Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and 17", "18 and over", "Not known",
    ]  # fmt: skip


def test_check_digits():
    for good in ("943 476 5919", "9876543210", "999 000 0018", "999-000-0026"):
        assert nhs_problem(good) == ""
    for bad in ("123 456 7890", "112 233 4455", "999 123 4560", "111 111 1111", "12", "٣٤٣٤٧٦٥٩١٩"):
        assert nhs_problem(bad)
    for good in ("B801200005001", "R201100018042", "T20110001804V", "A950000178301", "h243278544154"):
        assert upn_problem(good) == ""
    for bad in ("A801200005001", "R247962919251", "X428558133462", "B80120000500", "I801200005001", "B80120000500I"):
        assert upn_problem(bad)


def test_rows_are_packed_and_given_back_as_read():
    children = list(read(whole()).children.values())
    assert readers.unpack(readers.pack(children)) == [child.rows for child in children]


def test_the_printed_report():
    found, _ = readers.report([("list.xlsx", whole())], f.ON)
    assert "Looked after                      1" in readers.print_report(found)
    assert readers.print_report({"error": "No."}) == "No.\n"
