"""A person at a browser: what they see, fill in and press, in the words of the page."""

import os
import re
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from django.test import Client
from playwright.sync_api import Locator, Page, expect

from candour.people.models import User
from candour.people.tests.factories import sign_in

PICTURES = os.environ.get("CANDOUR_PICTURES")


class Person:
    """Whoever sits at the page; every page that they come to is held against axe where the browser runs script."""

    def __init__(self, page: Page, address: str, accessible: Any = None) -> None:
        self.page, self.address, self.accessible = page, address, accessible
        self.seen: set[str] = set()

    def is_(self, user: User, at: str = "/") -> "Person":
        """Another person sits down: the session of the one before is gone from this browser."""
        self.page.context.clear_cookies()
        cookie = sign_in(Client(), user).cookies["sessionid"].value
        self.page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.address}])
        return self.goes(at)

    def goes(self, path: str) -> "Person":
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.ok, f"{path} answered {answer.status}"
        return self.looks()

    def looks(self) -> "Person":
        """A new page is there: it is no error, and axe has nothing against it."""
        self.page.wait_for_load_state()
        text = self.page.inner_text("body")
        assert "Something went wrong" not in text, self.page.url
        assert "Traceback" not in text, self.page.url
        kind = re.sub(r"[0-9a-hjkmnp-tv-z]{16}", "id", re.split("[?#]", self.page.url)[0])
        if self.accessible and kind not in self.seen:
            self.seen.add(kind)
            self.accessible(self.page)
        if PICTURES:
            name = re.sub(r"\W+", "-", kind.removeprefix(self.address)).strip("-") or "work"
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
        return self

    def holds(self) -> "Person":
        """The page as it stands now is held against axe, though its address was seen before."""
        assert self.accessible is not None
        self.accessible(self.page)
        return self

    def follows(self, text: str, exact: bool = False) -> "Person":
        """Press a link."""
        self.page.get_by_role("link", name=text, exact=exact).first.click()
        return self.looks()

    def presses(self, text: str, within: Locator | None = None, exact: bool = False) -> "Person":
        """Press a button, or a link that looks like one."""
        place: Any = within or self.page
        button = place.get_by_role("button", name=text, exact=exact)
        (button if button.count() else place.get_by_role("link", name=text, exact=exact)).first.click()
        return self.looks()

    def submits(self) -> "Person":
        """Press the first button of the page's own form."""
        self.page.locator("main form button:visible").first.click()
        return self.looks()

    def goes_on_to(self, text: str) -> "Person":
        """Be where a link of this name leads, whether one is there already or not."""
        link = self.page.get_by_role("button", name=text)
        link = link if link.count() else self.page.get_by_role("link", name=text)
        if link.count():
            link.first.click()
        return self.looks()

    def writes(self, **fields: str) -> "Person":
        """Fill fields by their names in the form."""
        for name, value in fields.items():
            self.page.locator(f"[name='{name}']").fill(value)
        return self

    def dates(self, **fields: date) -> "Person":
        """Fill day, month and year."""
        for name, day in fields.items():
            for part, value in zip(("day", "month", "year"), (day.day, day.month, day.year), strict=True):
                self.page.locator(f"[name='{name}_{part}'], [name='{name}-{part}']").first.fill(str(value))
        return self

    def chooses(self, **fields: str) -> "Person":
        """Choose one of several by its value."""
        for name, value in fields.items():
            box = self.page.locator(f"input[name='{name}'][value='{value}']")
            if box.count():
                box.first.check(force=True)
            else:
                self.page.locator(f"select[name='{name}']").select_option(value)
        return self

    def keys(self, target: Locator, key: str = "Enter") -> "Person":
        """Tab on until a control has the focus, and press a key on it; Enter leads to another page, or to this anew."""
        for _ in range(300):
            if target.evaluate("node => node === document.activeElement"):
                with self.page.expect_navigation() if key == "Enter" else nullcontext():
                    self.page.keyboard.press(key)
                return self
            self.page.keyboard.press("Tab")
        raise AssertionError(f"The keyboard does not reach {target}.")

    def types(self, target: Locator, text: str) -> "Person":
        """Tab to a field and write in the place of what stands there."""
        self.keys(target, "ControlOrMeta+a").page.keyboard.press("Delete")
        self.page.keyboard.type(text)
        return self

    def ticks(self, label: str) -> "Person":
        self.page.get_by_label(label).first.check(force=True)
        return self

    def sees(self, *texts: str) -> "Person":
        for text in texts:
            expect(self.page.get_by_text(text).first).to_be_visible()
        return self

    def sees_nowhere(self, *texts: str) -> "Person":
        content = self.page.content()
        assert not [text for text in texts if text in content]
        return self
