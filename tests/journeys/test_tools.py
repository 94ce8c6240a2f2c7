"""A tool of one's own in Chromium, by keyboard alone and at both widths: copied, written, tried, published, compared."""

import pytest
from playwright.sync_api import expect

from candour.people.tests.factories import world
from candour.tools import queries
from candour.tools.models import ToolVersion
from candour.tools.shipped import put_on_the_shelf
from tests.journeys.driver import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def w():
    put_on_the_shelf()
    return world()


def order(draft):
    """The keys of the questions of each section, as they stand."""
    document = ToolVersion.objects.get(pk=draft.pk).document
    return [[question["key"] for question in section["questions"]] for section in document["sections"]]


def test_a_tool_is_copied_written_and_published_by_keyboard_alone(page, live_server, fits, w):
    person = Person(page, live_server.url, fits).is_(w.coordinator, "/tools/")
    core = queries.newest("core")
    person.keys(page.get_by_role("link", name=core.tool.name, exact=True)).looks()
    person.keys(page.get_by_role("link", name="Copy it as your own")).looks()
    person.types(page.locator("[name=name]"), "Neglect, our own").types(page.locator("[name=code]"), "neglect")
    person.keys(page.get_by_role("button", name="Copy it and start writing")).looks()
    draft = ToolVersion.objects.get(tool__code="neglect")
    section = page.locator("section").nth(1)
    before = order(draft)
    first, second, *_ = before[1]

    person.keys(section.locator(f"#q-{first}").get_by_role("button", name="Down")).looks()
    expect(page.locator(f"#q-{first}")).to_be_focused()
    assert order(draft)[1][:2] == [second, first]
    person.keys(section.locator(f"#q-{first}").get_by_role("link").first).looks()
    person.types(page.locator("[name=ask]"), "").keys(page.get_by_role("button", name="Save")).looks()
    person.sees("There is a problem").holds()
    person.types(page.locator("[name=ask]"), "What did your service see first?")
    person.keys(page.get_by_role("button", name="Save")).looks().sees("What did your service see first?")

    person.keys(page.get_by_role("link", name="See it as each service")).looks()
    for link in page.get_by_label("Kinds of service").get_by_role("link").all():
        assert page.request.get(page.url.split("?")[0] + link.get_attribute("href")).ok
    person.keys(page.get_by_role("link", name="Try it")).looks()
    person.keys(page.locator("input[type=radio]").first, "Space")
    person.keys(page.get_by_role("button", name="See what is asked with these answers")).looks()
    person.sees("Nothing that you type here is kept")
    person.goes(f"/tools/{draft.pk}/edit/").keys(page.get_by_role("link", name="Look once more and publish")).looks()
    person.keys(page.get_by_role("button", name="Publish")).looks().sees("Write the next version")
    draft.refresh_from_db()
    assert draft.published_by == w.coordinator


def test_a_next_version_is_compared_and_taken_elsewhere(page, live_server, fits, w):
    person = Person(page, live_server.url, fits)
    core = queries.newest("core")
    person.is_(w.coordinator, f"/tools/{core.pk}/copy/").writes(name="Neglect, our own", code="neglect")
    person.presses("Copy it and start writing").presses("Look once more and publish").presses("Publish")
    person.presses("Write the next version")
    key = ToolVersion.objects.get(tool__code="neglect", number=2).document["sections"][0]["questions"][0]["key"]
    page.locator(f"#q-{key} a").first.click()
    person.writes(ask="What was your service there to do?").presses("Save")
    person.sees("What changes from version 1").holds().presses("Look once more and publish").presses("Publish")
    person.follows("What changed").sees("What was your service there to do?")
    person.goes(f"/tools/{ToolVersion.objects.get(tool__code='neglect', number=2).pk}/")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take it as a file").click()
    text = taken.value.path().read_text()
    assert "What was your service there to do?" in text

    person.goes("/tools/bring-in/")
    page.set_input_files("input[type=file]", {"name": "x.yaml", "mimeType": "text/yaml", "buffer": b"title: nothing"})
    person.presses("Read it").sees("There is a problem").holds()
    mine = text.replace("What was your service there to do?", "What did your service do?").encode()
    page.set_input_files("input[type=file]", {"name": "x.yaml", "mimeType": "text/yaml", "buffer": mine})
    person.presses("Read it").sees("What did your service do?", "What changes from version 2")
