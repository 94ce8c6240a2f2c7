"""A return on its way in Chromium at both widths: out to Word and in, checked, sent back, celebrated, and our practice."""

import pytest
from playwright.sync_api import expect

from candour.appraisal import actions, queries
from candour.appraisal.models import Answer, Return
from candour.appraisal.tests import factories as make
from candour.kernel.clock import now
from candour.people.tests.factories import world
from candour.tools.shipped import put_on_the_shelf
from candour.tools.tests.test_word import changed
from tests.journeys.driver import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def w():
    put_on_the_shelf()
    return world()


def save(ret, said, seen, at=make.NOW):
    given = make.given(queries.document(ret).question("context-work"), {"text": said}, seen=seen)
    actions.save_answers(ret=ret, given=[given], by=ret.auditor, at=at)


def give(person, name, content):
    person.page.set_input_files("input[type=file]", {"name": name, "mimeType": WORD, "buffer": content})
    return person.presses("Read the form")


def test_a_return_goes_out_to_word_and_two_answers_stand_side_by_side(page, live_server, fits, w):
    ret = make.draft(w, make.audit(w), w.health_visiting)
    save(ret, "As it was.", 0)
    person = Person(page, live_server.url, fits).is_(ret.auditor, f"/returns/{ret.pk}/").follows("answer in Word")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take the Word form").click()
    form = changed(taken.value.path().read_bytes(), lambda xml: xml.replace("As it was.", "Changed in Word."))
    save(ret, "Changed here.", 1, now())
    give(person, "letter.docx", b"no Word file").sees("There is a problem").holds()
    give(person, "form.docx", form).sees("1 to choose between", "Changed here.", "Changed in Word.").holds()
    theirs, mine = (page.get_by_text(text, exact=True).bounding_box() for text in ("Changed here.", "Changed in Word."))
    assert theirs["y"] == mine["y"], "the two stand beside each other"
    person.ticks("Both texts, one after the other").presses("Take these answers in")
    person.sees("The answers of your Word form are in the return")
    assert Answer.objects.get().value == {"text": "Changed here.\n\nChanged in Word."}


def checked(person, w, ret):
    """Handed over, sent back with a comment, put right, and submitted."""
    page = person.page
    person.is_(ret.auditor, f"/returns/{ret.pk}/check/").sees("Nothing is missing").presses("Hand it over")
    person.is_(ret.authoriser, f"/returns/{ret.pk}/authorise/").chooses(independence="none").presses("Go on")
    person.presses("Send it back", exact=True).sees("Say what should be looked at again")
    page.locator("[id='a.context-work'] summary").last.click()
    person.writes(**{"c.context-work": "On which day?"}).presses("Send it back", exact=True)
    person.is_(ret.auditor, f"/returns/{ret.pk}/").sees("asks you to look again", "On which day?")
    page.get_by_role("listitem").filter(has_text="On which day?").get_by_role("link").click()
    person.looks()
    page.locator("[name='q.context-work']").fill("On 3 March.")
    person.presses("All sections")
    expect(page.get_by_text("Changed since")).to_be_visible()
    person.goes(f"/returns/{ret.pk}/check/").presses("Hand it over")
    person.is_(ret.authoriser, f"/returns/{ret.pk}/authorise/").sees("What has changed since your note is marked")
    person.presses("Submit the return").sees("There is a problem")
    page.locator("[name=declared]").check(force=True)
    person.presses("Submit the return").sees("Return submitted")
    assert Return.objects.get().state == "submitted"


def test_a_return_is_checked_sent_back_and_celebrated(page, live_server, fits, w):
    person = Person(page, live_server.url, fits)
    ret = make.answer(make.draft(w, make.audit(w), w.health_visiting))
    save(ret, "", 1)
    person.is_(ret.auditor, f"/returns/{ret.pk}/check/").sees("1 answer still to come")
    save(ret, "Within the week.", 2)
    checked(person, w, ret)
    person.is_(ret.authoriser, f"/returns/{ret.pk}/celebrate/").presses("Celebrate")
    person.is_(ret.auditor, f"/returns/{ret.pk}/celebrate/").holds().presses("I agree").sees("Take the mark away")
    person.is_(w.contact_hv, "/our-practice/").sees("The same in words")
    form = page.locator("form").filter(has=page.get_by_role("button", name="Take as PDF"))
    fields = {
        name: form.locator(f"[name={name}]").get_attribute("value") for name in ("csrfmiddlewaretoken", "service")
    }
    answer = page.request.post(page.url + "pdf/", form=fields, headers={"Referer": page.url})
    assert answer.headers["content-type"] == "application/pdf"


def test_a_return_is_checked_and_sent_back_without_script(page_without_script, live_server, w):
    ret = make.answer(make.draft(w, make.audit(w), w.health_visiting))
    checked(Person(page_without_script, live_server.url), w, ret)
