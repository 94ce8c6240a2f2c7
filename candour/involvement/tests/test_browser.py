"""A contact's answers in Chromium: typed text outlives opening the list, with script and without."""

from datetime import date, datetime
from io import BytesIO

import pytest
import time_machine
import xlsxwriter
from django.test import Client
from playwright.sync_api import expect

from candour.identity.models import Person
from candour.involvement import queries
from candour.involvement.models import Involvement, Known
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import LATER, ask_of
from candour.people.tests.factories import sign_in, world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(LATER):
        yield


def enter(page, url, person):
    """Come in as somebody, with the session that the test client makes."""
    cookie = sign_in(Client(), person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


def answers(page, live_server, accessible=lambda page: None):
    w = world()
    audit = stage.asked(w, 2)
    ask = ask_of(audit, w.health_visiting)
    one, two = queries.cases_of(audit)
    enter(page, live_server.url, w.contact_hv)
    page.goto(f"{live_server.url}/asks/{ask.pk}/")
    accessible(page)
    expect(page.get_by_text("Zebedee")).to_have_count(0)
    page.get_by_role("group", name="Case 1").get_by_label("Known in the period").check()
    page.locator(f"#case-{one.pk} ~ details summary").click()
    page.locator(f"[name='{one.pk}-team']").fill("North team")
    page.get_by_role("button", name="Open the list").click()
    expect(page.get_by_text("Zebedee").first).to_be_visible()
    expect(page.locator(f"[name='{one.pk}-team']")).to_have_value("North team")
    accessible(page)
    page.get_by_role("button", name="“not known” for the rest").click()
    expect(page.get_by_text("Zebedee")).to_have_count(0)
    page.get_by_role("button", name="Yes, not known").click()
    expect(page.get_by_text("2 of 2")).to_be_visible()
    found = {row.case_id: row for row in Involvement.objects.all()}
    assert (found[one.pk].answer, found[one.pk].team) == (Known.KNOWN, "North team")
    assert found[two.pk].answer == Known.NOT_KNOWN


def test_a_contact_answers(page, live_server, accessible):
    answers(page, live_server, accessible)


def test_a_contact_answers_without_script(page_without_script, live_server):
    answers(page_without_script, live_server)


def test_what_is_wrong_is_named_and_leads_to_its_field(page, live_server, accessible):
    w = world()
    audit = stage.asked(w, 2)
    case = queries.cases_of(audit).last()
    enter(page, live_server.url, w.contact_gp)
    page.goto(f"{live_server.url}/asks/{ask_of(audit, w.gp).pk}/")
    page.get_by_role("group", name="Case 2").get_by_label("Only a sibling").check()
    page.get_by_role("button", name="Save answers", exact=True).click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_text("Case 2: say who is known").click()
    expect(page.locator(f"[name='{case.pk}-relation']")).to_be_focused()
    accessible(page)


def test_the_grid_on_a_phone_stays_within_the_page(page, live_server, accessible):
    w = world()
    audit = stage.asked(w, 6)
    stage.known(w, audit, w.police, w.contact_police)
    enter(page, live_server.url, w.coordinator)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{live_server.url}/audits/{audit.pk}/involvement/")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    region = page.get_by_role("region")
    region.evaluate("frame => { frame.scrollLeft = 400; }")
    first = page.get_by_role("rowheader").first
    assert first.bounding_box()["x"] >= 0


OWN_LIST = """Ref;Surname;Forename;Born;NHS
17;Quillfeather;Zebedee;01/01/2001;
18;Other;Child;02/02/2012;
19;Nobody;At all;;{number}
"""


def test_a_list_of_ones_own_is_compared_in_the_browser_and_goes_nowhere(page, live_server, fits):
    w = world()
    audit = stage.asked(w, 2)
    child = Person.objects.get(subject=queries.cases_of(audit).first().subject, relation="child")
    enter(page, live_server.url, w.contact_hv)
    page.goto(f"{live_server.url}/asks/{ask_of(audit, w.health_visiting).pk}/")
    expect(page.get_by_text("Find them in a list of your own")).to_have_count(0)
    page.get_by_role("button", name="Open the list").click()
    expect(page.get_by_text("Find them in a list of your own")).to_be_visible()
    fits(page)
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    born = date.fromisoformat(child.born_on)
    csv = f'Ref,Name,Born\n7,"{child.family_name}, {child.given_names}",{born:%d/%m/%Y}\n8,Someone Else,01/01/2011\n'
    file = {"name": "own.csv", "mimeType": "text/csv", "buffer": csv.encode()}
    page.get_by_label("Your list").set_input_files(file)
    first = page.locator("[data-match-for]").first
    expect(first.get_by_text("Likely", exact=True)).to_be_visible()
    expect(first.get_by_text("row 2 of your list, the same name and date of birth")).to_be_visible()
    page.get_by_label("Or paste rows here").fill(OWN_LIST.format(number=child.nhs_number))
    page.get_by_role("button", name="Compare").click()
    expect(first.get_by_text("row 4 of your list, the same NHS number")).to_be_visible()
    expect(page.get_by_text("4 rows read: something like 1 of 2 children.")).to_be_visible()
    expect(page.get_by_label("Or paste rows here")).to_have_value("")
    page.get_by_label("Your list").set_input_files({**file, "buffer": a_workbook(child, born)})
    expect(first.get_by_text("row 1 of your list, the same name and date of birth")).to_be_visible()
    fits(page)
    assert sent == []


def a_workbook(child, born):
    """The same child in an Excel file, with a date as Excel keeps it."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [child.family_name, child.given_names])
        sheet.write_datetime(0, 2, datetime(born.year, born.month, born.day), book.add_format({"num_format": "d/m/yy"}))  # noqa: DTZ001
    return out.getvalue()
