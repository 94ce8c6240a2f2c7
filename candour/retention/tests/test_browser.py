"""In Chromium, wide and narrow: whom to phone, a concern written down, a family's part, and what is kept how long."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from candour.families import actions as families
from candour.focus.models import Audit
from candour.people.tests.factories import AT, sign_in, world
from tests.access.rows import furnish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter(page, url, person):
    """Come in as somebody, with the session that the test client makes."""
    cookie = sign_in(Client(), person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


def seen(page, fits, url):
    page.goto(url)
    fits(page)


def test_a_concern_a_family_and_what_is_kept(page, live_server, fits):
    here = furnish(world(), "closed")
    w, case = here.world, here.rows["sampling.Case"]
    enter(page, live_server.url, w.coordinator)
    seen(page, fits, f"/concerns/rule/{w.partnership.pk}/")
    page.get_by_label("Children’s social care, front door").fill("01632 960 111")
    page.get_by_label("Who owns a new concern").select_option(label="Concerns")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    seen(page, fits, "/concerns/")
    enter(page, live_server.url, w.auditor_hv)
    seen(page, fits, f"/cases/{case.pk}/concern/")
    phone = page.get_by_role("link", name="01632 960 111").bounding_box()
    assert phone["y"] < page.get_by_label("At what time?").bounding_box()["y"], "the numbers come first"
    page.get_by_label("At what time?").fill("00:01")
    page.get_by_label("Whom did you tell?").fill("The duty desk")
    page.get_by_label("What did you see?").fill("A burn")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("It rises on")).to_be_visible()
    seen(page, fits, page.url)
    families.decide(case=case, choice="asked", why="Safe with both", by=w.coordinator, at=AT)
    seen(page, fits, f"/cases/{case.pk}/family/views/new/")
    seen(page, fits, f"/cases/{case.pk}/family/")
    enter(page, live_server.url, w.coordinator)
    seen(page, fits, f"/cases/{case.pk}/family/decision/")
    seen(page, fits, f"/audits/{case.audit_id}/families/")
    Audit.objects.update(closed_at=AT)
    seen(page, fits, f"/retention/{w.partnership.pk}/periods/")
    seen(page, fits, f"/retention/{w.partnership.pk}/hold/")
    page.get_by_label("What must be kept?").select_option(label="Case 1, audit 2026-03")
    page.get_by_label("Why, and who asked for it?").fill("Ordered by the court")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Ordered by the court")).to_be_visible()
    seen(page, fits, page.url)
