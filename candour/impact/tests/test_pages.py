"""The pages of impact: who sees them, what they show, what they cost."""

from datetime import date

import pytest
from django.urls import reverse

from candour.impact import actions
from candour.impact.models import Action, SenseCheck
from candour.impact.tests.factories import EVIDENCE, asked, begun, judged, owned, planned, recommended_audit
from candour.people.tests.factories import AT, other_world, sign_in, world

pytestmark = pytest.mark.django_db

ACTIONS, HUB, CHANGED, CHECKS, CHECK = 7, 12, 11, 6, 10


@pytest.fixture
def w():
    return world()


@pytest.fixture
def lead(client, w):
    return sign_in(client, w.coordinator)


def at(name, *args):
    return reverse(f"impact:{name}", args=args)


def day(name, value):
    return {f"{name}_{part}": getattr(value, part) for part in ("day", "month", "year")}


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_however_long(lead, w, count, django_assert_num_queries):
    audit = asked(w, count)
    with django_assert_num_queries(ACTIONS):
        assert lead.get(at("actions")).text.count("Invite health to meetings") == 2 * count
    with django_assert_num_queries(HUB):
        assert lead.get(at("show", audit.pk)).text.count("Invite health to meetings") == 3 * count
    with django_assert_num_queries(CHANGED):
        assert lead.get(at("changed")).text.count("Invite health to meetings") == count
    check = begun(w, audit)
    judged(w, check)
    with django_assert_num_queries(CHECK):
        assert lead.get(at("check", check.pk)).text.count("Seen in the minutes.") == count


@pytest.mark.parametrize("count", [1, 3])
def test_sense_checks_cost_the_same_however_many(lead, w, count, django_assert_num_queries):
    for number in range(count):
        planned(w, recommended_audit(w, code=f"2026-1{number}"))
    with django_assert_num_queries(CHECKS):
        assert lead.get(at("checks")).text.count("How well do we respond") == count


def test_agencies_are_asked_and_an_owner_named_in_the_browser(lead, w):
    audit = recommended_audit(w)
    assert "Ask the agencies" in lead.get(at("show", audit.pk)).text
    lead.post(at("ask", audit.pk))
    row = Action.objects.get(agency=w.police.agency)
    assert "Contact Police" in lead.get(at("set_action", row.pk)).text
    sent = {"version": 1, "step": "Ask the hospital", "owner": w.contact_police.pk} | day("due_on", date(2027, 3, 31))
    lead.post(at("set_action", row.pk), sent)
    page = lead.get(at("actions"), {"agency": w.police.agency.pk, "state": "to-do"}).text
    assert "Ask the hospital" in page
    assert "31 Mar 2027" in page
    assert "No action here" in lead.get(at("actions"), {"mine": "on"}).text
    assert "No action here" in lead.get(at("actions"), {"state": "overdue"}).text
    assert "No action here" in lead.get(at("actions"), {"state": "done", "audit": audit.pk}).text


def test_an_owner_reports_and_sees_no_other_agencys_action(client, w):
    row = owned(w, asked(w))
    owner = sign_in(client, w.contact_police)
    assert owner.get(at("actions")).text.count("Invite health") == 1
    other = Action.objects.get(agency=w.acute.agency)
    assert owner.get(at("action", other.pk)).status_code == 404
    owner.post(at("action", row.pk), {"note": "Rewriting the letter", "evidence": "", "difference": "", "done": ""})
    assert "Rewriting the letter" in owner.get(at("action", row.pk)).text
    refused = owner.post(at("action", row.pk), {"done": "done", "evidence": "", "difference": ""})
    assert "before you report the action as done" in refused.text
    owner.post(at("action", row.pk), {"done": "done", **EVIDENCE})
    assert Action.objects.get(pk=row.pk).state == "done"
    assert owner.get(at("set_action", row.pk)).status_code == 403
    assert owner.post(at("drop", row.pk), {"because": "x"}).status_code == 403


def test_an_action_is_dropped_and_taken_up_again_in_the_browser(lead, w):
    row = owned(w, asked(w))
    lead.post(at("drop", row.pk), {"because": "Overtaken by a new law."})
    assert "Overtaken by a new law." in lead.get(at("action", row.pk)).text
    lead.post(at("reopen", row.pk), {"because": "The law fell."})
    assert Action.objects.get(pk=row.pk).state == "under-way"


def test_a_sense_check_goes_from_plan_to_conclusion_in_the_browser(lead, w):
    audit = asked(w)
    sent = {"way": "newer-cases"} | day("due_on", date(2027, 9, 30))
    assert "Plan a sense check" in lead.get(at("plan", audit.pk)).text
    there = lead.post(at("plan", audit.pk), sent)["Location"]
    check = SenseCheck.objects.get()
    assert there == at("check", check.pk)
    crooked = day("looked_from", date(2027, 9, 1)) | day("looked_to", date(2027, 4, 1))
    assert "end before they begin" in lead.post(at("begin", check.pk), crooked).text
    lead.post(at("begin", check.pk), {"cases_looked_at": "3", "how": "Read together"})
    row = audit.recommendations.get()
    judging = f"{at('judge', check.pk)}?recommendation={row.pk}"
    assert "Is it in practice?" in lead.get(judging).text
    lead.post(
        judging, {"verdict": "partly", "evidence": "Two of three invited health.", "seen_in": "2", "then": "leave"}
    )
    page = lead.get(at("check", check.pk)).text
    assert "seen in 2 of 3" in page
    assert lead.get(at("judge", check.pk), {"recommendation": "0" * 16}).status_code == 404
    lead.post(at("conclude", check.pk), {"message": "On the way."})
    assert "On the way." in lead.get(at("check", check.pk)).text
    assert "Partly" in lead.get(at("changed")).text
    assert "sense check of" in lead.get(at("show", audit.pk)).text


def test_a_small_audit_says_whose_sense_check_it_is(lead, w):
    audit = recommended_audit(w)
    check = planned(w, audit, SenseCheck.Way.AUDIT)
    assert "This audit is the sense check of" in lead.get(at("show", check.audit_id)).text
    assert "Sense check of 2026-03" in lead.get(at("check", check.pk)).text


def test_another_partnership_and_an_agency_find_no_sense_check(client, w):
    audit = asked(w)
    check, row = planned(w, audit), owned(w, audit)
    for person in (other_world().coordinator, w.contact_gp):
        browser = sign_in(client, person)
        assert browser.get(at("check", check.pk)).status_code == 404
        assert browser.get(at("action", row.pk)).status_code == 404
    assert sign_in(client, w.executive).get(at("check", check.pk)).status_code == 200


def test_what_is_overdue_is_said_in_a_word(lead, w):
    row = owned(w, asked(w), due_on=date(2026, 1, 5))
    assert "overdue" in lead.get(at("action", row.pk)).text
    assert lead.get(at("actions"), {"state": "overdue"}).text.count("Invite health") == 1
    actions.report(action=row, done=True, note="", **EVIDENCE, by=w.coordinator, at=AT)
    assert "No action here" in lead.get(at("actions"), {"state": "overdue"}).text
