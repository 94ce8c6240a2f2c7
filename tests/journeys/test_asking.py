"""Asking who knows the children, in Chromium at both widths: the services' side, the grid, the late, and the one-off."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from candour.appraisal.models import Answer
from candour.involvement import queries
from candour.involvement.models import Ask, Involvement, Known, Visit
from candour.involvement.tests import factories as stage
from candour.notices.models import Message
from candour.people.models import Membership
from candour.people.tests.factories import world
from candour.tools.shipped import put_on_the_shelf
from tests.journeys.driver import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(stage.LATER) as clock:
        yield clock


@pytest.fixture
def w():
    put_on_the_shelf()
    return world()


@pytest.fixture
def audit(w):
    return stage.asked(w, 2)


def test_somebody_without_an_account_is_at_the_first_question_in_two_steps(page, live_server, fits, w, audit):
    person, ask = Person(page, live_server.url, fits), stage.ask_of(audit, w.school)
    person.is_(w.coordinator, f"/asks/{ask.pk}/once/")
    person.presses("Send the link").sees("There is a problem").holds()
    person.chooses(case=audit.cases.get(number=1).pk, how="read")
    person.writes(name="Imogen Thistlewood", email="head@eastfield.example.org").presses("Send the link")
    person.sees("Read this code out to them").holds()
    code = re.search(r"\b\d{3} \d{3}\b", page.inner_text("main"))[0]
    link = re.search(r"https?://[^/\s]+(/once/\S+)", Message.objects.get(key__startswith="visit:").body)[1]

    page.context.clear_cookies()
    person.goes(link)
    expect(page.get_by_role("banner")).to_have_text(re.compile("Northmere Safeguarding Children Partnership"))
    expect(page.get_by_role("link", name="Sign in")).to_have_count(0)
    person.writes(code="000 000").presses("Go on to the return").sees("This is not the code")
    person.holds()
    person.writes(code=code).presses("Go on to the return")
    person.chooses(independence="none", contact="full").presses("Begin")
    page.locator("textarea").first.fill("We saw her every day.")
    person.presses("Save and see All sections")
    expect(page).not_to_have_url(re.compile("/section/"))
    assert Answer.objects.get().value["text"] == "We saw her every day."

    page.context.clear_cookies()
    person.goes(link).writes(code=code).presses("Go on to the return").follows("1. Context")
    expect(page.locator("textarea").first).to_have_value("We saw her every day.")

    person.is_(w.coordinator, f"/asks/{ask.pk}/once/").sees("Last here").holds().presses("Take the link back")
    expect(page.get_by_role("button", name="Take the link back")).to_have_count(0)
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link opens nothing any more")
    fits(page)
    assert Visit.objects.get().ended == "withdrawn"


def test_an_encrypted_list_and_not_known_for_the_rest(page, live_server, fits, w, audit):
    person, ask = Person(page, live_server.url, fits), stage.ask_of(audit, w.gp)
    first, second = queries.cases_of(audit)
    person.is_(w.contact_gp, f"/asks/{ask.pk}/").follows("Our records stand on another network")
    person.presses("Go on").holds()
    assert re.fullmatch(r"([a-z2-9]{4}-){4}[a-z2-9]{4}", page.locator("#password").inner_text())
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take the encrypted file").click()
    assert taken.value.suggested_filename == "children-2026-03.xlsx"
    person.goes(f"/asks/{ask.pk}/").chooses(**{f"{first.pk}-answer": "known"})
    person.presses("“not known” for the rest").sees("1 case?").follows("No, back to the list")
    person.presses("“not known” for the rest").presses("Yes, not known").sees("2 of 2").holds()
    assert {one.case_id: one.answer for one in Involvement.objects.all()} == {
        first.pk: Known.KNOWN,
        second.pk: Known.NOT_KNOWN,
    }
    person.goes(f"/asks/{ask.pk}/rest/").sees("There is an answer for every child")


def test_the_grid_is_walked_by_keyboard_narrowed_and_reminded_from(page, live_server, fits, w, audit):
    person, ask = Person(page, live_server.url, fits), stage.ask_of(audit, w.gp)
    stage.known(w, audit, w.police, w.contact_police, others="school nurse")
    Message.objects.filter(to_user=w.contact_gp).update(failed_at=stage.LATER, error="550 no such mailbox")
    person.is_(w.coordinator, f"/audits/{audit.pk}/involvement/").sees("2 of 12")
    page.get_by_label("Show").focus()
    reached = []
    while not reached or not reached[-1].startswith("Ask one more"):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText")
        )
    assert reached[0] == "Show"
    assert reached.index("Remind") < reached.index("Eastfield Primary School\n, remind")
    assert [name for name in reached if "remind" in name and "\t" not in name] == [
        f"{name}\n, remind"
        for name in ("Eastfield Primary School", "Larch Medical Practice", "Health visiting", "Emergency department",
                     "Children's social care")
    ]  # fmt: skip
    assert len([name for name in reached if name.startswith("Ask them")]) == 2
    person.chooses(show="undelivered")
    person.presses("Show").sees("1 of 6 services are shown").holds()
    page.locator(f"#ask-{ask.pk}").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    person.looks().sees("reminded")
    assert [one.to_user for one in Message.objects.filter(key__contains=":remind:")] == [w.contact_gp]
    person.chooses(show="phone")
    person.presses("Show").sees("None of the 6 services is of this kind.")


def test_what_is_late_is_read_beforehand_and_held_back(page, live_server, fits, w, audit, that_morning):
    Membership.objects.filter(agency=w.police.agency).update(board_name="Dame Ottilie", board_email="b@example.org")
    Ask.objects.update(due_on=date(2026, 11, 20))
    that_morning.move_to(datetime(2026, 11, 24, 9, tzinfo=UTC))
    person = Person(page, live_server.url, fits).is_(w.coordinator).follows("late")
    person.sees("Wednesday 25 November", "no board member is named")
    page.get_by_text("What the board member reads").click()
    person.sees("Dear Dame Ottilie").holds().presses("Hold the messages back").sees("Held back since").holds()
    person.presses("Let the messages go again").sees("Hears on")
