"""A return without connection, in Chromium: a whole section on a phone, a reloaded page, and signing out."""

import pytest
from playwright.sync_api import expect

from candour.appraisal.tests import factories as make
from candour.appraisal.tests.test_browser import ALL_SAVED, comes_true, enter, shot, until, url, value
from candour.appraisal.tests.test_browser import URL as HERE
from candour.people.tests.factories import world
from candour.tools.shipped import put_on_the_shelf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ret(live_server):
    HERE[0] = live_server.url
    put_on_the_shelf()
    w = world()
    return make.draft(w, make.audit(w), w.health_visiting)


def test_a_whole_section_is_written_without_connection_and_merged_when_it_is_back(page, ret, accessible):
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, ret.auditor)
    page.goto(url(ret, "recognition"))
    until(page, "navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    for group in page.locator("[data-question] fieldset").all():
        group.get_by_role("radio").first.check()
    for area in page.locator("textarea[id$='.reason'], textarea:not([id$='-good'])").all():
        area.fill(make.CANARY)
    page.get_by_role("button", name="Next:").click()
    expect(page.locator("[data-status]")).to_contain_text("The next page can come only then")
    page.reload()
    expect(page.get_by_role("heading", name="There is no connection")).to_be_visible()
    expect(page.get_by_text("Case 1, Recognition:")).to_be_visible()
    assert make.CANARY not in page.evaluate("JSON.stringify(localStorage)")
    accessible(page)
    shot(page, "no-connection")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Recognition", level=1)).to_be_visible(timeout=20000)
    expect(page.locator("[data-status]")).to_have_text(ALL_SAVED)
    expect(page.get_by_label("What first suggested")).to_have_value(make.CANARY)
    comes_true(lambda: value(ret, "recognition-grade") == {"grade": "outstanding", "reason": make.CANARY})
    assert value(ret, "recognition-history") == {"choice": "yes", "note": make.CANARY}
    until(page, "localStorage.length === 0")


def test_signing_out_with_words_waiting_warns_first(page, ret, accessible):
    enter(page, ret.auditor)
    page.goto(url(ret, "recognition"))
    page.context.route(
        "**/section/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.get_by_label("What first suggested").fill("Not yet saved.")
    page.keyboard.press("Tab")
    expect(page.locator("[data-status]")).to_contain_text("kept on this device")
    page.goto(f"{HERE[0]}/returns/{ret.pk}/check/")
    expect(page.get_by_text("Typed on this device and not saved yet: Case 1, Recognition.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert")).to_be_focused()
    accessible(page)
    shot(page, "sign-out")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/**")
    assert page.evaluate("localStorage.length") == 1


def test_what_reads_like_a_name_is_said_while_it_is_typed_and_hinders_nothing(page, ret, accessible):
    enter(page, ret.auditor)
    page.goto(url(ret, "recognition"))
    page.get_by_label("What first suggested").fill("Mrs Quillfeather rang, NHS number 999 000 0018.")
    page.keyboard.press("Tab")
    expect(page.locator("[data-status]")).to_contain_text("Saved ")
    expect(page.get_by_text("“Mrs Quillfeather”: write the role instead")).to_be_visible()
    expect(page.get_by_text("“999 000 0018”: an NHS number identifies a person.")).to_be_visible()
    accessible(page)
    shot(page, "named")
    page.get_by_label("What first suggested").fill("The mother rang.")
    page.keyboard.press("Tab")
    expect(page.get_by_text("write the role instead")).to_have_count(0)
