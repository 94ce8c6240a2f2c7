"""A fresh auditor, in Chromium, from the message that names them to the first answer saved."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from playwright.sync_api import expect

from candour.appraisal.flow import State
from candour.appraisal.models import Answer, Return
from candour.appraisal.tests import factories as make
from candour.appraisal.tests.test_browser import URL, comes_true, enter
from candour.involvement.actions import Named, name_people
from candour.involvement.models import Ask, AskedCase
from candour.kernel.clock import now
from candour.notices.models import Message
from candour.people.tests.factories import world
from candour.tools.shipped import put_on_the_shelf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "purple bicycle harbour"


def named_in_a_message(w):
    """An auditor with an account of their own is named: their answer, and the address in the message."""
    person, secret = w.auditor_hv, generate_totp_secret()
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    TOTP.activate(person, secret)
    answer = make.known(w, make.audit(w), w.health_visiting, auditor=None)
    asked = {"partnership": w.partnership, "asked_at": make.AT}
    ask = Ask.objects.create(audit=answer.audit, service=w.health_visiting, **asked)
    AskedCase.objects.create(ask=ask, case=answer.case, **asked)
    name_people(ask=ask, named={answer.case_id: Named(person, w.authoriser_hv)}, by=w.contact_hv, at=now())
    path = re.search(r"https?://[^/\s]+(/\S*)", Message.objects.get(to_user=person).body)[1]
    return answer, secret, path


def test_from_the_message_to_the_first_saved_answer_in_five_acts(page, live_server):
    put_on_the_shelf()
    cache.clear()
    answer, secret, path = named_in_a_message(world())
    answer.refresh_from_db()
    acts = []
    acts.append(page.goto(live_server.url + path))
    page.get_by_label("Email address").fill(answer.auditor.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    acts.append(page.get_by_role("button", name="Sign in", exact=True).click())
    code = hotp_value(secret, list(yield_hotp_counters_from_time())[1])
    page.get_by_label("Code from your authenticator app").fill(f"{code:06d}")
    acts.append(page.get_by_role("button", name="Sign in", exact=True).click())
    page.get_by_label("I have no connection").check()
    page.get_by_label("More than a brief contact").check()
    acts.append(page.get_by_role("button", name="Begin").click())
    acts.append(page.locator("[data-question] textarea").first.fill("Universal service."))
    comes_true(lambda: Answer.objects.filter(ret__involvement=answer).exists())
    assert len(acts) <= 5


def test_a_brief_return_from_its_declaration_to_its_lock_on_a_phone_without_script(page_without_script, live_server):
    URL[0], page = live_server.url, page_without_script
    page.set_viewport_size({"width": 390, "height": 844})
    put_on_the_shelf()
    w = world()
    answer = make.known(w, make.audit(w), w.school, authoriser=None, no_authoriser=True)
    enter(page, w.auditor_school)
    page.goto(f"{live_server.url}/returns/begin/{answer.pk}/")
    page.get_by_label("I have no connection").check()
    page.get_by_label("A brief contact only").check()
    page.get_by_role("button", name="Begin").click()
    while "/section/" in page.url:
        for group in page.locator("[data-question] fieldset:has(input[type=radio])").all():
            group.get_by_role("radio").first.check()
        for area in page.locator("textarea:visible").all():
            area.fill("As the record shows.")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        page.locator("button[name=go][value=next]").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Submit the return").click()
    expect(page.get_by_text("Return submitted.")).to_be_visible()
    assert Return.objects.get().state == State.SUBMITTED
