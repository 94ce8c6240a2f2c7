"""Every kind of list that children's services have is known by its content; the wrong ones are refused by name."""

import csv
import io

import pytest

from candour.sampling import readers
from candour.sampling.tests import files as f
from candour.sampling.tests import old_workbooks as old


def found(*tables, names=(), on=f.ON):
    """Read tables (rows, or bytes as they are) as files of one upload; rows always add up."""
    files = [
        (names[n] if n < len(names) else f"file{n}.dat", table if isinstance(table, bytes) else f.text(table))
        for n, table in enumerate(tables)
    ]
    report, code = readers.report(files, on)
    if code == 0:
        assert report["rows_read"] == report["rows_used"] + report["rows_refused"]
        assert len(report["refusals"]) == report["rows_refused"]
        assert sum(report["areas"].values()) == report["children"]
    return report


def rows(said):
    return list(csv.reader(io.StringIO(said.strip().replace(" ", ""))))


# Workbooks of every make ----------------------------------------------------------------------


@pytest.mark.parametrize("make", [f.book, old.xls, old.xlsb, old.ods])
def test_annex_a_in_every_make_of_workbook(make):
    sheets = {
        "Cover": [["Annex A"], ["Northmere"]],
        "List_6": [["List 6: Children in Need"], f.LIST_6, f.need(1001.0), f.need("0012")],
        "List_7": [f.LIST_7, ["0012", "Male", "WBRI", f.BORN, 11, "01/03/2026", "Neglect", ""]],
        "List_8": [f.LIST_8],
    }
    report = found(make(**sheets))
    assert report["kind"] == "annex-a"
    assert report["areas"] == {"Child protection": 1, "Child in need": 1}


@pytest.mark.parametrize("make", [old.xls, old.xlsb])
def test_error_cells_of_old_workbooks_are_seen(make):
    report = found(make(Cover=[["x"]], List_6=[f.LIST_6, f.need(1), f.need(old.ERROR), f.need(3, need=old.ERROR)]))
    (refusal,) = report["refusals"]
    assert (refusal["row"], refusal["column"]) == (3, "Child Unique ID")
    assert any("Primary Need Code, row 4: A cell holds an error" in said for said in report["warnings"])


def test_a_large_legacy_workbook_with_more_than_one_table_of_sectors():
    report = found(old.xls(List_6=[f.LIST_6, *[f.need(n) for n in range(2000)]]))
    assert report["children"] == 2000


def test_headings_merged_over_two_rows_and_numbers_beside_them():
    upper = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age", "Child in need", "", "", "", "", 2026]
    lower = ["", "", "", "", "", "CIN Start Date", "Primary Need Code", "CIN Closure Date", "Reason", "Case status", ""]
    report = found(f.book(List_6=[["Northmere"], upper, lower, f.need(1), f.need(2)]))
    assert report["kind"] == "annex-a"
    assert report["areas"] == {"Child in need": 2}


def test_a_list_that_lacks_a_date_column_says_so():
    report = found([[*f.CORE, "Child Protection Plan Start Date", "Latest Category of Abuse", "Allocated Team"],
                    ["1", "F", "WBRI", "12/03/2015", "11", "01/03/2026", "Neglect", ""]])  # fmt: skip
    assert report["areas"] == {"Child protection": 1}
    assert any("no column “Child Protection Plan End Date”" in said for said in report["warnings"])


# The census as tables -------------------------------------------------------------------------

IDENTIFIERS = """
LAchildID,UPN,PersonBirthDate,GenderCurrent,PersonDeathDate
C1,UN4,2015-03-12,1,
C2,A801200005001,2014-01-01,2,
C3,,2013-01-01,F,2026-01-01
C4,,2012-01-01,0,
C5,,31/02/2012,0,
"""
DETAILS = """
LAchildID,CINdetailsID,CINreferralDate,PrimaryNeedCode,CINclosureDate,ReferralNFA
C1,1,2026-01-05,N1,,false
C2,1,2026-01-05,N1,,0
C3,1,2025-01-05,N4,2025-06-01,0
C4,1,2026-02-01,,,true
C1,2,2024-01-05,N1,2024-06-01,0
"""
PLANS = "LAchildID,CINdetailsID,CPPstartDate,CPPendDate\nC1,1,2026-02-01,\nC3,1,2025-02-01,\n"
ASSESSED = "LAchildID,CINdetailsID,AssessmentActualStartDate,AssessmentAuthorisationDate,AssessmentFactors\n"
ASSESSED += "C2,1,2026-01-06,,1A 16A\n"
CHARACTERISTICS = "LAchildID,Ethnicity\nC1,WBRI\nC2,MWBC\n"
HEADER = "Collection,Year,ReferenceDate\nCIN,2026,2026-03-31\n"


def test_the_census_as_tables_in_any_order():
    tables = [CHARACTERISTICS, IDENTIFIERS, PLANS, HEADER, ASSESSED, DETAILS]
    report = found(*[rows(said) for said in tables])
    assert report["kind"] == "cin-census"
    assert report["areas"] == {
        "Child protection": 1, "s47 or assessment": 1, "Referral, no further action": 1, "Closed in period": 1,
    }  # fmt: skip
    assert report["rows_read"] == 2 + 5 + 2 + 1 + 5
    assert [(refusal["file"], refusal["row"], refusal["column"]) for refusal in report["refusals"]] == [
        ("file1.dat", 6, "PersonBirthDate")
    ]
    said = " ".join(report["warnings"])
    assert "UPN, row 3: This UPN does not pass" in said
    assert "1 child is marked as having died" in said


def test_the_census_flattened_into_one_table():
    flat = "LAchildID,PersonBirthDate,Sex,CINreferralDate,CINclosureDate,ReferralNFA,CPPstartDate\n"
    flat += "C1,2015-03-12,F,2026-01-05,,0,\n"
    assert found(rows(flat))["areas"] == {"Child in need": 1}


def test_part_of_the_census_is_refused_by_name():
    assert "without its episodes" in found(rows(IDENTIFIERS))["error"]
    assert "headings only" in found([rows(DETAILS)[0]])["error"]


# The census as XML ----------------------------------------------------------------------------


def census(*children, header="<Collection>CIN</Collection><ReferenceDate>2026-03-31</ReferenceDate>"):
    around = f"<Message><Header><CollectionDetails>{header}</CollectionDetails></Header><Children>"
    return (around + "".join(children) + "</Children></Message>").encode()


def child(number, inside="", about="<GenderCurrent>2</GenderCurrent>", nfa="0"):
    return (
        f"<Child>stray<ChildIdentifiers><LAchildID>{number}</LAchildID><PersonBirthDate>2015-03-12</PersonBirthDate>{about}"
        f"</ChildIdentifiers><CINdetails><CINreferralDate>2026-01-01</CINreferralDate><ReferralNFA>{nfa}</ReferralNFA>{inside}"
        "</CINdetails></Child>"
    )


def test_the_census_of_every_year():
    report = found(
        census(
            child(1, "<CINPlanDates><CINPlanStartDate>2026-02-01</CINPlanStartDate></CINPlanDates>"),
            child(2, "<Assessments><AssessmentActualStartDate>2026-02-01</AssessmentActualStartDate></Assessments>"),
            child(3, "<Section47><S47ActualStartDate>2026-02-01</S47ActualStartDate></Section47>", "<Sex>F</Sex>", "false"),
            child(4, "<ChildProtectionPlans><CPPstartDate>2026-02-01</CPPstartDate></ChildProtectionPlans>", "<Sex>U</Sex>"),
            child(5, "<ChildProtectionPlans><CPPstartDate>2026-02-02</CPPstartDate><CPPendDate>2026-02-01</CPPendDate>"
                     "</ChildProtectionPlans>"),
            child(6, nfa="true"),
            child(4, about="<Sex>M</Sex>"),
            "<Child><ChildIdentifiers/></Child>",
        )
    )  # fmt: skip
    assert report["areas"] == {
        "Child protection": 1, "Child in need": 2, "s47 or assessment": 2, "Referral, no further action": 1,
    }  # fmt: skip
    said = " ".join(report["warnings"])
    assert "impossible order" in said
    assert "The schema wants 0 or 1" in said
    assert report["rows_refused"] == 1


@pytest.mark.parametrize(
    "header", ["", "<Collection/>", "<Collection> cin </Collection><ReferenceDate>?</ReferenceDate>"]
)
def test_a_header_with_faults_is_no_hindrance(header):
    if header == "<Collection/>":
        assert "another return" in found(census(child(1), header=header))["error"]
    else:
        assert found(census(child(1), header=header))["children"] == 1


def test_one_child_described_in_two_ways_is_shown_and_not_guessed():
    reading = readers.read([("x", census(child(1), child(1, about="<Sex>M</Sex>")))], f.ON)
    assert reading.children["1"].sex == ""
    assert "described in two different ways" in " ".join(reading.as_json()["warnings"])


# SSDA903 --------------------------------------------------------------------------------------


def test_the_903_under_any_names_and_headings():
    episodes = [["CHILD", "DECOM", "RNE", "LS", "CIN", "DEC", "REC"], ["0011", "01/03/2026", "S", "C2", "N1", "", ""],
                ["0012", "01/03/2025", "S", "V4", "N1", "01/09/2025", "E2"]]  # fmt: skip
    header = [["child", "Sex", "dob", "Ethnic", "UPN"], ["0011", "1", "12/03/2015", "WBRI", "UN1"],
              ["0099", "2", "12/03/2015", "WBRI", ""]]  # fmt: skip
    leavers = [["CHILD", "DOB", "IN_TOUCH", "ACTIV", "ACCOM"], ["0012", "12/03/2007", "YES", "F1", "B"]]
    report = found(header, leavers, episodes, names=("CLA_hdr_2024.csv", "oc3 final.csv", "EPI.csv"))
    assert (report["kind"], report["areas"]) == ("ssda903", {"Looked after": 1, "Care leaver": 1})
    assert report["refusals"][0]["reason"].startswith("This child has no episode")


RETURN = b"""<?xml version="1.0"?><SSDA903><CHILD><HEADER><CHILDID>0011</CHILDID><SEX>2</SEX><DOB>12/03/2015</DOB>
<ETHNIC>WBRI</ETHNIC><UPN>UN1</UPN><AREVIEW><REVIEW>01/01/2026</REVIEW></AREVIEW></HEADER><EPISODE><DECOM>01/03/2026</DECOM>
<RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U1</PL></EPISODE><EPISODE><DECOM>01/03/2025</DECOM><DEC>01/06/2025</DEC></EPISODE>
</CHILD><CHILD><HEADER><CHILDID>0012</CHILDID><SEX>1</SEX><DOB>12/03/2007</DOB><OC3><IN_TOUCH>YES</IN_TOUCH><ACTIV>F1</ACTIV>
<ACCOM>B</ACCOM></OC3></HEADER></CHILD><CHILD><HEADER><CHILDID>0013</CHILDID></HEADER></CHILD></SSDA903>"""


def test_the_903_as_xml():
    report = found(RETURN, names=("return.xml",))
    assert (report["kind"], report["areas"]) == ("ssda903", {"Looked after": 1, "Care leaver": 1})
    assert (report["rows_read"], report["rows_refused"]) == (6, 1)
    assert (report["refusals"][0]["sheet"], report["refusals"][0]["row"]) == ("header", 3)
    assert "damaged" in found(RETURN[:400])["error"]
    assert "different kinds" in found(RETURN, census(child(1)))["error"]


# The Standard Safeguarding Dataset ------------------------------------------------------------

DATASET = {
    "ssd_person": "pers_person_id,pers_upn,pers_forename,pers_surname,pers_sex,pers_ethnicity,pers_dob,pers_common_child_id,"
                  "pers_death_date\nP1,,Ada,One,F,WBRI,2015-03-12,9990000018,\nP2,,Bo,Two,M,MWBC,2014-03-12,9990000019,\n"
                  "P3,,Cy,Three,M,,2013-03-12,,2026-01-01\nP9,,No,Body,F,,1980-01-01,,\nP4,,,,,,,,\nP5,,,,,,,,\nP6,,,,,,,,\n"
                  "P7,,,,,,,,\n",
    "ssd_contacts": "cont_contact_id,cont_person_id,cont_contact_date\n1,P7,2026-09-01\n",
    "ssd_early_help_episodes": "earl_episode_id,earl_person_id,earl_episode_start_date,earl_episode_end_date\n"
                               "1,P6,2026-09-01,\n",
    "ssd_cin_episodes": "cine_referral_id,cine_person_id,cine_referral_date,cine_cin_primary_need_code,cine_referral_nfa,"
                        "cine_close_date,cine_referral_team\n1,P1,2026-01-01,N1,N,,North\n2,P2,2026-01-01,N1,N,,North\n"
                        "3,P3,2025-01-01,N1,N,2025-05-01,South\n4,P4,2026-01-01,N1,N,,\n5,P5,2026-01-01,,Y,,\n",
    "ssd_cin_assessments": "cina_assessment_id,cina_person_id,cina_assessment_start_date,cina_assessment_auth_date\n"
                           "A1,P2,2026-01-02,\n",
    "ssd_assessment_factors": 'cinf_table_id,cinf_assessment_id,cinf_assessment_factors_json\n'
                              '1,A1,"{""1A"":""Yes"",""2A"":""No""}"\n',
    "ssd_cla_episodes": "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,clae_cla_episode_ceased_date\n"
                        "1,P1,2026-02-01,\n",
    "ssd_s47_enquiry": "s47e_s47_enquiry_id,s47e_person_id,s47e_s47_start_date,s47e_s47_end_date\nS1,P1,2026-01-10,\n",
    "ssd_initial_cp_conference": "icpc_icpc_id,icpc_s47_enquiry_id,icpc_person_id,icpc_icpc_date\nI1,S1,P1,2026-01-20\n",
    "ssd_family": "fami_table_id,fami_family_id,fami_person_id\n1,F1,P1\n2,F1,P2\n",
    "ssd_address": "addr_table_id,addr_person_id,addr_address_type\n1,P1,Home\n",
}  # fmt: skip


def test_the_safeguarding_datasets_tables():
    files = [(f"{name}.csv", said.encode()) for name, said in DATASET.items()]
    reading = readers.read(files, f.ON)
    report = found(*[said for _, said in files], names=[name for name, _ in files])
    assert report["kind"] == "safeguarding-dataset"
    assert report["areas"] == {
        "Looked after": 1, "s47 or assessment": 1, "Referral": 1, "Referral, no further action": 1, "Early help": 1,
        "Contact only": 1, "Closed in period": 1,
    }  # fmt: skip
    assert [(refusal["file"], refusal["row"]) for refusal in report["refusals"]] == [("ssd_person.csv", 5)]
    one, two, three = (reading.children[number] for number in ("P1", "P2", "P3"))
    assert (one.name, one.family, two.factors, three.flags) == ("Ada One", "F1", ("1A",), 4)
    said = " ".join(report["warnings"])
    assert "NHS number does not pass" in said
    assert "ssd_address.csv: This table says nothing that is needed; its 2 lines were not read." in said


def test_persons_alone_are_no_list():
    assert "without any that says which service" in found(rows(DATASET["ssd_person"]))["error"]
    assert "headings only" in found([rows(DATASET["ssd_cla_episodes"])[0]])["error"]


# Wrong lists, and tables that are none of the kinds -------------------------------------------


@pytest.mark.parametrize(
    ("headings", "sentence"),
    [
        (["Child Unique ID", "DOB", "EHC Plan start date", "EHCP type", "Primary need"], "SEND Annex A"),
        (["UPN", "DOB", "SEN Provision", "SEN Type"], "special educational needs"),
        (["pupilonrolltableid", "upn", "dob", "ncyearactual", "enrolstatus"], "a school census"),
        (["sen2tableid", "persontableid", "upn"], "SEN2 return"),
        (["Foster Carer ID", "Approval date", "Number of approved places"], "foster carers"),
        (["SWE number", "FTE", "Role start date"], "workforce census"),
        (["URN", "Setting name", "Provider type", "Registration status"], "homes or schools"),
        (["Adopter ID", "Date enquiry received", "Gender"], "adopters"),
    ],
)
def test_a_wrong_list_is_refused_by_name(headings, sentence):
    error = found([headings, ["1"] * len(headings)])["error"]
    assert error.startswith("This is")
    assert sentence in error
    assert "What is needed is" in error


def test_adopters_alone_in_annex_a_are_refused_by_name():
    headings = ["Individual adopter identifier", "Family identifier", "Date enquiry received", "Date Stage 1 started"]
    assert "adopters, who are adults" in found(f.book(List_11=[headings, ["1", "2", "", ""]]))["error"]


def test_one_column_about_school_does_not_make_a_send_list():
    report = found([["YP ID", "DOB", "Gender", "EHCP?", "Offence type"], ["77", "12/03/2010", "M", "No", "Robbery"]])
    assert (report["kind"], report["children"]) == ("table", 1)


@pytest.mark.parametrize(
    "headings",
    [["Patient's NHS Number", "Patient DOB", "Sex"], ["UPN", "Surname", "Forename"], ["Nominal URN", "D.O.B", "Gender"],
     ["YP ID", "Young person's date of birth", "Gender"], ["Pupil Number", "Date of Birth (dd/mm/yyyy)", "Sex"],
     ["Reference", "Date of brith", "Ethnicity"]],
)  # fmt: skip
def test_tables_of_other_services_are_known(headings):
    report = found([headings, ["9990000018", "12/03/2010", "M"], ["999 000 0026", "13/03/2010", "F"]])
    assert (report.get("kind"), report.get("children")) == ("table", 2)


def test_a_number_of_anything_is_no_childs_number():
    assert "No column was recognised" in found([["Id", "Data Source", "Title"], ["1", "Housing", "x"]])["error"]


def test_one_nhs_number_in_two_forms_is_one_child():
    report = found([["NHS number", "DOB"], ["999 000 0018", "2015-01-01"], ["9990000018", "2015-01-01"]])
    assert report["children"] == 1
    assert "the NHS number stands in its place" in report["warnings"][0]


def test_a_feed_of_json_is_refused():
    assert "JSON" in found(b'{"la_child_id": "1"}')["error"]
