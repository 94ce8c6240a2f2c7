"""In Chromium, wide and narrow: a link is handed over, and answered without script on a telephone."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from candour.families.models import View
from candour.families.tests.test_families import WORDS, case_of, decide
from candour.involvement.tests.factories import asked
from candour.kernel.clock import now
from candour.people.tests.factories import sign_in, world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_questionnaire_is_handed_over_by_a_link_and_answered(page, page_without_script, live_server, fits):
    w = world()
    asked(w, cases=1)
    decide(w, at=now())
    cookie = sign_in(Client(), w.auditor_hv).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/cases/{case_of(w).pk}/family/")
    page.get_by_role("listitem").filter(has_text="parent").get_by_role("link", name="hand over a link").click()
    fits(page)
    page.get_by_label("How was it made sure").fill("Her telephone is hers alone.")
    page.get_by_label("Who hands it over?").fill("Her health visitor")
    page.get_by_role("button", name="Make the link").click()
    fits(page)
    told = page.locator("main").inner_text()
    link, code = re.search(r"/questions/\S+", told)[0], re.search(r"\d{3} \d{3}", told)[0]
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("not answered yet")).to_be_visible()
    fits(page)
    page.context.clear_cookies()
    page.goto(f"{live_server.url}{link}")
    fits(page)
    outside = page_without_script
    outside.goto(f"{live_server.url}{link}")
    outside.get_by_label("Your code").fill(code)
    outside.get_by_role("button", name="Go on").click()
    outside.get_by_role("button", name="Send what I said").click()
    expect(outside.get_by_text("Answer one question at least").first).to_be_visible()
    outside.get_by_role("group", name="Did people listen to you?").get_by_label("Partly").check()
    outside.get_by_label("What else do you want to say?").fill(WORDS)
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Go on").click()
    fits(page)
    outside.get_by_role("button", name="Send what I said").click()
    expect(outside.get_by_role("heading", name="Thank you")).to_be_visible()
    assert View.objects.get().words.endswith(WORDS)
    page.goto(f"{live_server.url}{link}")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    fits(page)
    page.goto(f"{live_server.url}/questions/damaged/")
    fits(page)
