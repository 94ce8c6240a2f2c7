"""What every test may use. The people to test with stand in candour/people/tests/factories.py."""

import os
import shutil
from collections.abc import Iterator
from itertools import count

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_opened_keys() -> Iterator[None]:
    """Data keys opened in one test are not known to the next."""
    from candour.kernel import vault  # noqa: PLC0415 - needs a loaded Django

    vault.forget()
    yield
    vault.forget()


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole run, driven by Playwright."""
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - only browser tests pay for it

    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("There is no Chromium on this machine; `make test` installs it, or says how.")
    # Playwright keeps an event loop in this thread, at which Django would balk.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
    if before is None:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def page(browser, live_server):
    """A fresh page on a running Candour; a request to anywhere else fails the test."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    strangers: list[str] = []
    context.on(
        "request",
        lambda request: (
            None if request.url.startswith((live_server.url, "data:", "blob:")) else strangers.append(request.url)
        ),
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()
    assert not strangers, f"The page asked for something from elsewhere: {strangers}"


@pytest.fixture
def page_without_script(browser, live_server):
    """A fresh page on a running Candour, in a browser that runs no JavaScript."""
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


@pytest.fixture
def accessible():
    """A function that holds a page against axe's rules for WCAG 2.2 AA and fails on any violation."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only browser tests pay for it
    from playwright.sync_api import Error  # noqa: PLC0415

    axe = Axe()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    # What passes need not be told in full, which takes axe as long as finding out.
    options = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}

    def check(page) -> None:
        page.wait_for_load_state("load")
        try:
            found = axe.run(page, options=options)
        except Error:  # the page was still on its way to the next
            page.wait_for_load_state("load")
            found = axe.run(page, options=options)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check


@pytest.fixture
def fits(accessible, request):
    """A function that holds a page narrow and wide: axe finds nothing, and nothing runs off at the side."""
    looked = count(1)

    def check(page) -> None:
        number = next(looked)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            accessible(page)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{page.url} runs {over} pixels off at {width}."
            if folder := os.environ.get("CANDOUR_SHOTS"):
                name = f"{request.node.name[5:30]}-{number:02d}-{width}.png"
                page.screenshot(path=f"{folder}/{name}", full_page=True)

    return check
