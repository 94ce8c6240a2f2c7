"""What a reader keeps of a child beside area and codes: team, family, name, factors, dates; and areas as data."""

from dataclasses import replace
from datetime import date

from candour.sampling import readers
from candour.sampling.readers.areas import AREAS
from candour.sampling.tests import files as f

DAY = date(2026, 3, 1)


def only(content, **more):
    return readers.read([("list", content)], f.ON, **more).children


def test_annex_a_keeps_the_team_and_the_days_on_which_something_began():
    seven = [*f.LIST_7, "Allocated Team"]
    plan = [1, "", "", f.BORN, "", DAY, "Neglect", "", "North team"]
    child = only(f.book(List_6=[f.LIST_6, f.need(1)], List_7=[seven, plan]))["1"]
    assert child.team == "North team"
    assert child.dates == (("in-need", date(2026, 1, 5).toordinal()), ("plan", DAY.toordinal()))


def test_family_help_is_an_area_by_its_status_and_a_team_may_make_one():
    teams = [[*f.LIST_6, "Allocated Team"], [*f.need(1, "Family Help"), "East"], [*f.need(2), "MACPT North"]]
    found = only(f.book(List_6=teams))
    assert [found[number].area for number in "12"] == ["family-help", "child-in-need"]
    macpt = [replace(area, teams=("macpt",)) if area.code == "macpt" else area for area in AREAS]
    assert only(f.book(List_6=teams), rules=macpt)["2"].area == "macpt"
    table = f.text([["Child ID", "Status"], ["1", "Multi-agency child protection team"], ["2", "Family help"]])
    assert [child.area for child in only(table).values()] == ["macpt", "family-help"]


def test_a_plain_table_keeps_what_a_second_list_is_joined_on():
    heads = ["Child ID", "Forename", "Surname", "DOB", "Household ID", "Factors", "Start date", "NHS number"]
    row = ["1", "Vega", "Invented", "2015-03-12", "H7", "3B; 16A, 99Z", "01/03/2026", "999 000 0018"]
    child = only(f.text([heads, row]))["1"]
    assert (child.name, child.family, child.factors) == ("Vega Invented", "H7", ("16A", "3B"))
    assert (child.dates, child.nhs) == ((("start", DAY.toordinal()),), "999 000 0018")


def test_the_census_keeps_factors_and_days():
    episode = (
        "<CINdetails><CINreferralDate>2026-03-01</CINreferralDate><Assessments><FactorsIdentifiedAtAssessment>"
        "<AssessmentFactors>3A</AssessmentFactors><AssessmentFactors>18B</AssessmentFactors>"
        "</FactorsIdentifiedAtAssessment></Assessments></CINdetails>"
    )
    who = "<ChildIdentifiers><LAchildID>7</LAchildID></ChildIdentifiers>"
    content = f"<Message><Children><Child>{who}{episode}</Child></Children></Message>".encode()
    child = only(content)["7"]
    assert (child.factors, child.dates) == (("18B", "3A"), (("referral", DAY.toordinal()),))
