"""The gallery in Chromium: axe, the keyboard, a phone, and life without JavaScript."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
def test_every_component_passes_axe_and_fits(page, accessible, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/gallery/")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_the_summary_of_errors_takes_the_focus_and_leads_to_the_field(page):
    page.goto("/gallery/")
    summary = page.locator(".govuk-error-summary")
    assert summary.evaluate("node => node === document.activeElement")
    page.get_by_role("link", name="Enter the date with its day, month and year").click()
    assert page.evaluate("document.activeElement.id") == "id_c-due_on_1"


def test_components_are_awake_and_nothing_offends_the_policy(page):
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.goto("/gallery/")
    page.get_by_role("button", name="Show password").first.click()
    assert page.locator("#id_a-password").get_attribute("type") == "text"
    assert "characters remaining" in page.content()
    assert said == []


def test_a_part_that_htmx_brings_comes_alive(page):
    page.goto("/gallery/")
    page.evaluate("""() => {
      const part = document.createElement("div");
      part.id = "swapped";
      part.setAttribute("hx-get", "/gallery/");
      part.setAttribute("hx-select", "#id_a-password");
      part.setAttribute("hx-trigger", "load");
      document.querySelector("main").prepend(part);
      htmx.process(part);
    }""")
    page.wait_for_selector("#swapped #id_a-password")
    assert page.locator("#swapped input").count() == 1


def test_everything_stands_without_javascript(page_without_script):
    page_without_script.goto("/gallery/")
    assert page_without_script.get_by_role("heading", name="There is a problem").is_visible()
    assert page_without_script.get_by_role("button", name="Show password").count() == 0


def test_the_skip_link_is_the_first_stop(page):
    page.goto("/no-such-page/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
