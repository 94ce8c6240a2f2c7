"""A question that an answer opens, in Chromium: it comes by itself, and what it says is saved."""

import pytest
from playwright.sync_api import expect

from candour.appraisal.tests import factories as make
from candour.appraisal.tests.test_browser import URL, comes_true, enter, url, value
from candour.focus.models import Audit
from candour.people.tests.factories import AT, world
from candour.tools.documents import parse
from candour.tools.models import Tool, ToolVersion
from candour.tools.tests.test_conditions import TOOL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_question_that_an_answer_opens_comes_by_itself(page, live_server):
    URL[0] = live_server.url
    w = world()
    on = make.audit(w)
    tool = Tool.objects.create(partnership=w.partnership, code="short", name="A short tool")
    version = ToolVersion.objects.create(tool=tool, number=1, document=parse(TOOL), published_at=AT)
    Audit.objects.filter(pk=on.pk).update(tool=version)
    ret = make.draft(w, on, w.police)
    enter(page, ret.auditor)
    page.goto(url(ret, "one"))
    marks = page.locator("[data-question=marks]")
    expect(marks).to_have_count(0)
    page.locator("[data-question=hurt]").get_by_label("Yes").check()
    expect(marks).to_be_visible()
    marks.locator("input[inputmode=decimal]").fill("3")
    comes_true(lambda: value(ret, "marks") == {"number": "3"})
