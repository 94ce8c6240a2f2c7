"""A return in Chromium: with script and without, by keyboard alone, without connection, and in two tabs."""

import os
import re
import time

import pytest
from django.test import Client
from playwright.sync_api import expect

from candour.appraisal import actions
from candour.appraisal.flow import State
from candour.appraisal.models import Answer, Return, Revision
from candour.appraisal.tests import factories as make
from candour.people.tests.factories import sign_in, world
from candour.tools.shipped import put_on_the_shelf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def w():
    put_on_the_shelf()
    return world()


@pytest.fixture
def ret(w):
    return make.draft(w, make.audit(w), w.health_visiting)


def enter(page, person):
    """Come in as somebody, with the session that the test client makes."""
    cookies = sign_in(Client(), person).cookies

    page.context.add_cookies([{"name": "sessionid", "value": cookies["sessionid"].value, "url": URL[0]}])


URL = [""]
# A page tries once more as it closes: then the words are there already when it is opened again, and it says so.
ALL_SAVED = re.compile("^(Saved |Everything that you typed here is saved)")


@pytest.fixture(autouse=True)
def _address(live_server):
    URL[0] = live_server.url


def shot(page, name):
    if folder := os.environ.get("CANDOUR_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def until(page, script):
    """Wait for what the page's policy lets no function of the page itself wait for."""
    for _ in range(100):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    raise AssertionError(script)


def url(ret, section):
    return f"{URL[0]}/returns/{ret.pk}/section/{section}/"


def comes_true(told, within=30):
    """What the page does by itself takes its time on a busy machine."""
    end = time.monotonic() + within
    while not told() and time.monotonic() < end:
        time.sleep(0.1)
    assert told()


def value(ret, question):
    answer = Answer.objects.filter(ret=ret, question=question).first()
    return answer.value if answer else None


def test_an_answer_is_saved_as_it_is_given(page, ret, accessible):
    enter(page, ret.auditor)
    page.goto(url(ret, "recognition"))
    accessible(page)
    shot(page, "section")
    status = page.locator("[data-status]")
    expect(status).to_have_text("Nothing saved yet")
    page.get_by_role("group", name="Was earlier history read").get_by_label("Partly").check()
    expect(status).to_contain_text("Saved ")
    assert value(ret, "recognition-history") == {"choice": "partly"}
    page.get_by_label("What first suggested").fill("The mark was noted at the nine-month review.")
    page.keyboard.press("Tab")
    expect(status).to_contain_text("Saved ")
    until(page, "document.querySelector('[name=\"q.recognition-first.seen\"]').value === '1'")
    assert value(ret, "recognition-first") == {"text": "The mark was noted at the nine-month review."}
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_what_is_typed_before_the_script_has_come_is_saved_too(page, ret):
    enter(page, ret.auditor)
    held = []
    page.route("**/appraisal/save*.js", lambda route: held.append(route))
    page.goto(url(ret, "recognition"), wait_until="commit")
    page.get_by_label("What first suggested").fill("Typed at once.")
    page.get_by_role("group", name="Was earlier history read").get_by_label("Partly").check()
    assert held, "The script came before anything was typed."
    held.pop().continue_()
    expect(page.locator("[data-status]")).to_contain_text("Saved ")
    assert value(ret, "recognition-first") == {"text": "Typed at once."}
    assert value(ret, "recognition-history") == {"choice": "partly"}


def test_a_section_is_saved_without_script(page_without_script, ret):
    page = page_without_script
    enter(page, ret.auditor)
    page.goto(url(ret, "context"))
    page.get_by_label("What was your service there to do").fill("Universal service.")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2026")
    page.get_by_role("button", name="Next: Recognition").click()
    expect(page.get_by_text("The others are saved.")).to_be_visible()
    expect(page.get_by_label("Day")).to_have_value("31")
    shot(page, "fault")
    page.get_by_label("Day").fill("28")
    page.get_by_role("button", name="Next: Recognition").click()
    expect(page.get_by_role("heading", name="Recognition", level=1)).to_be_visible()
    assert value(ret, "context-seen") == {"date": "2026-02-28"}
    assert value(ret, "context-work") == {"text": "Universal service."}


def test_without_connection_the_words_stay_on_the_device_and_go_when_it_is_back(page, ret):
    enter(page, ret.auditor)
    page.goto(url(ret, "recognition"))
    status = page.locator("[data-status]")
    page.context.set_offline(True)
    page.get_by_label("What first suggested").fill(make.CANARY)
    page.keyboard.press("Tab")
    expect(status).to_contain_text("Not saved yet: no connection, kept on this device until it is")
    stored = page.evaluate("JSON.stringify(localStorage)")
    assert ret.pk in stored
    assert make.CANARY not in stored
    assert value(ret, "recognition-first") is None
    shot(page, "offline")
    page.context.set_offline(False)
    expect(status).to_contain_text("Saved ")
    assert value(ret, "recognition-first") == {"text": make.CANARY}
    until(page, "localStorage.length === 0")


def test_a_page_closed_without_connection_gives_the_words_back_when_it_is_opened_again(page, ret):
    enter(page, ret.auditor)
    page.goto(url(ret, "recognition"))
    page.route("**/section/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("What first suggested").fill("Kept through a closed page.")
    page.keyboard.press("Tab")
    expect(page.locator("[data-status]")).to_contain_text("kept on this device")
    page.goto("about:blank")
    page.unroute("**/section/**")
    page.goto(url(ret, "recognition"))
    expect(page.get_by_label("What first suggested")).to_have_value("Kept through a closed page.")
    expect(page.locator("[data-status]")).to_have_text(ALL_SAVED)
    assert value(ret, "recognition-first") == {"text": "Kept through a closed page."}


def test_another_person_on_the_same_device_reads_nothing_of_it(page, w, ret):
    enter(page, ret.auditor)
    page.goto(url(ret, "recognition"))
    page.context.route(
        "**/section/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.get_by_label("What first suggested").fill("Not for others.")
    page.keyboard.press("Tab")
    expect(page.locator("[data-status]")).to_contain_text("kept on this device")
    ret.involvement.__class__.objects.filter(pk=ret.involvement_id).update(auditor=w.auditor_sc)
    type(w.auditor_hv.grants.get()).objects.filter(user=w.auditor_sc).update(agency=w.health_visiting.agency)
    page.goto("about:blank")
    page.wait_for_timeout(1500)  # what the page sends while it closes goes with the sign-in of who wrote it
    actions.declare(ret=make.fresh(ret), worked_with=False, manages_worker=False, by=w.auditor_sc, at=make.AT)
    enter(page, w.auditor_sc)
    page.goto(url(ret, "recognition"))
    expect(page.get_by_label("What first suggested")).to_have_value("")
    assert value(ret, "recognition-first") is None
    page.context.unroute("**/section/**")
    page.get_by_label("What first suggested").fill("By the second person.")
    page.keyboard.press("Tab")
    expect(page.locator("[data-status]")).to_contain_text("Saved ")
    assert page.evaluate("localStorage.length") == 1  # the first person's words wait on for them


def test_signed_out_the_words_wait_and_go_once_signed_in_again(page, ret):
    enter(page, ret.auditor)
    page.goto(url(ret, "recognition"))
    status = page.locator("[data-status]")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("What first suggested").fill("Typed after the sign-in had gone.")
    page.keyboard.press("Tab")
    expect(status).to_contain_text("you have been signed out")
    assert value(ret, "recognition-first") is None
    enter(page, ret.auditor)
    expect(status).to_contain_text("Saved ", timeout=20000)
    assert value(ret, "recognition-first") == {"text": "Typed after the sign-in had gone."}


def test_a_page_whose_token_has_gone_takes_a_new_one(page, ret):
    enter(page, ret.auditor)
    page.goto(url(ret, "recognition"))
    page.context.clear_cookies(name="csrftoken")
    page.get_by_label("What first suggested").fill("Typed on an old page.")
    page.keyboard.press("Tab")
    expect(page.locator("[data-status]")).to_contain_text("Saved ")
    assert value(ret, "recognition-first") == {"text": "Typed on an old page."}


def test_two_tabs_show_both_texts_and_the_person_chooses(page, ret, accessible):
    enter(page, ret.auditor)
    page.goto(url(ret, "recognition"))
    other = page.context.new_page()
    other.goto(url(ret, "recognition"))
    other.get_by_label("What first suggested").fill("From the second tab.")
    other.keyboard.press("Tab")
    expect(other.locator("[data-status]")).to_contain_text("Saved ")
    page.get_by_label("What first suggested").fill("From the first tab.")
    page.keyboard.press("Tab")
    expect(page.locator("[data-status]")).to_contain_text("Nothing is lost")
    page.get_by_role("button", name="See both and choose").click()
    accessible(page)
    shot(page, "clash")
    expect(page.get_by_text("From the second tab.")).to_be_visible()
    page.get_by_label("Both texts").check()
    page.get_by_role("button", name="Keep what I chose").click()
    expect(page.get_by_label("What first suggested")).to_have_value("From the second tab.\n\nFrom the first tab.")
    assert value(ret, "recognition-first") == {"text": "From the second tab.\n\nFrom the first tab."}
    assert Revision.objects.filter(aside=True).count() == 1
    assert page.evaluate("localStorage.length") == 0


def test_words_typed_and_sent_at_once_by_the_button_are_kept(page, ret):
    enter(page, ret.auditor)
    page.goto(url(ret, "recognition"))
    page.get_by_label("What first suggested").fill("Sent at once.")
    page.get_by_role("button", name="Next: Assessment").click()
    expect(page.get_by_role("heading", name="Assessment", level=1)).to_be_visible()
    assert value(ret, "recognition-first") == {"text": "Sent at once."}
    until(page, "localStorage.length === 0")


def test_the_date_and_its_not_recorded_exclude_each_other(page, ret):
    enter(page, ret.auditor)
    page.goto(url(ret, "context"))
    page.get_by_label("Day").fill("3")
    page.get_by_label("Month").fill("6")
    page.get_by_label("Year").fill("2026")
    page.get_by_role("group", name="When did your service last see").get_by_label("Not recorded").check()
    expect(page.get_by_label("Day")).to_have_value("")
    expect(page.locator("[data-status]")).to_contain_text("Saved ")
    comes_true(lambda: value(ret, "context-seen") == {"choice": "not-recorded"})


def test_the_whole_journey_by_keyboard_alone(page, w, accessible):
    answer = make.known(w, make.audit(w), w.school, authoriser=None, no_authoriser=True)
    enter(page, w.auditor_school)
    page.goto(f"{URL[0]}/returns/")
    accessible(page)
    shot(page, "returns")
    press(page, "link", "Case 1")
    accessible(page)
    shot(page, "begin")
    focus(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    focus(page, page.get_by_label("More than a brief contact"))
    page.keyboard.press("Space")
    press(page, "button", "Begin")
    expect(page.get_by_role("heading", name="Context", level=1)).to_be_visible()
    press(page, "button", "All sections")
    expect(page.get_by_text("Not started").first).to_be_visible()
    accessible(page)
    shot(page, "tasks")
    press(page, "link", "1. Context")
    ret = Return.objects.get(involvement=answer)
    sections = 0
    while page.get_by_role("heading", level=1).inner_text() != "Check your answers":
        answer_by_keyboard(page)
        sections += 1
        button = "Next:" if sections < 8 else "Check your answers"
        press(page, "button", button)
        page.wait_for_load_state()
    assert sections == 8
    accessible(page)
    shot(page, "check")
    focus(page, page.get_by_role("checkbox"))
    page.keyboard.press("Space")
    focus(page, page.get_by_role("button", name="Submit the return"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Return submitted.")).to_be_visible()
    assert Return.objects.get(pk=ret.pk).state == State.SUBMITTED


def focus(page, target):
    """Tab on until a control has the focus."""
    for _ in range(120):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("The keyboard does not reach it.")


def press(page, role, name):
    focus(page, page.get_by_role(role, name=name).first)
    before = page.url
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(before)
    page.wait_for_load_state()


def answer_by_keyboard(page):
    """The first answer of each group, and a line in each text that must have one."""
    for group in page.locator("[data-question] fieldset").all():
        focus(page, group.get_by_role("radio").first)
        page.keyboard.press("Space")
    page.locator("h1").evaluate("node => { node.tabIndex = -1; node.focus(); }")
    for area in page.locator("textarea").all():
        focus(page, area)
        page.keyboard.type("A line.")


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_passes_axe_and_fits(page, w, accessible, width):
    audit = make.audit(w)
    ret = make.handed_over(w, audit, w.health_visiting)
    make.submitted(w, audit, w.police)
    page.set_viewport_size({"width": width, "height": 900})
    seen = [
        (w.authoriser_hv, f"/returns/{ret.pk}/authorise/", "authorise"),
        (w.auditor_hv, f"/returns/{ret.pk}/", "with-authoriser"),
        (w.auditor_hv, f"/returns/{ret.pk}/answer/context-work/", "history"),
        (w.coordinator, f"/audits/{audit.pk}/returns/", "audit"),
        (w.coordinator, "/tools/", "shelf"),
    ]
    for person, path, name in seen:
        look(page, person, path, f"{name}-{width}", accessible)
    actions.submit(ret=ret, by=w.authoriser_hv, at=make.AT)
    actions.release(audit=audit, by=w.coordinator, at=make.AT)
    police = Return.objects.get(service=w.police)
    draft = make.draft(w, make.audit(w, code="2026-04"), w.health_visiting)
    tool = f"/tools/{audit.tool_id}/"
    for person, path, name in [
        (w.auditor_police, f"/audits/{audit.pk}/returns/pack/", "pack"),
        (w.auditor_police, f"/audits/{audit.pk}/returns/pack/1/", "pack-case"),
        (w.coordinator, f"/returns/{police.pk}/withdraw/", "withdraw"),
        (w.auditor_hv, f"/returns/{draft.pk}/section/voice/", "section"),
        (w.auditor_hv, "/returns/closed-to-you/", "closed"),
        (w.coordinator, tool, "tool"),
    ]:
        look(page, person, path, f"{name}-{width}", accessible)


def look(page, person, path, name, accessible):
    """A page as somebody sees it: it passes axe, fits its width, and stands in the shots."""
    enter(page, person)
    page.goto(URL[0] + path)
    accessible(page)
    shot(page, name)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path


def test_a_button_waits_for_what_is_on_its_way(page, ret):
    """Somebody who writes on while an answer is being saved, and goes on, is told of no clash with themselves."""
    enter(page, ret.auditor)
    page.goto(url(ret, "recognition"))
    page.route("**/section/recognition/", lambda route: (time.sleep(0.4), route.continue_()))
    page.locator("input[type=radio][value=good]").check(force=True)
    page.get_by_label("Why this grade?").fill("Seen on the same day, and the history read.")
    page.locator("button[name=go][value=next]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Assessment")
    assert value(ret, "recognition-grade") == {
        "grade": "good",
        "reason": "Seen on the same day, and the history read.",
    }
