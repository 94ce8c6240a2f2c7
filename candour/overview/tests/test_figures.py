"""Audits under way, their cases and the executive's page, from rows as the steps leave them."""

from datetime import date, timedelta

import pytest
from django.test import Client

from candour.appraisal.flow import State as ReturnState
from candour.appraisal.models import Release, Return
from candour.discussion.flow import CaseState as Talk
from candour.discussion.flow import State as Meeting
from candour.discussion.models import CaseDiscussion, Discussion
from candour.focus.models import Milestone
from candour.focus.tests.factories import planned, under_way
from candour.impact.flow import ActionState, CheckState
from candour.impact.models import Action, Judgement, SenseCheck
from candour.involvement.models import Ask, AskedCase, Involvement, Known
from candour.kernel.clock import today
from candour.learning.flow import State as Paper
from candour.learning.models import Briefing, Publication, Recommendation
from candour.overview import audits, executive, underway
from candour.people.tests.factories import AT, sign_in, world
from candour.sampling.flow import CaseState, Reason
from candour.sampling.models import Case

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


def case(w, audit, number, **more):
    return Case.objects.create(
        partnership=w.partnership,
        audit=audit,
        number=number,
        ref=f"{audit.pk}{number}",
        random=False,
        made_at=AT,
        **more,
    )


def asked(w, audit, service, *cases):
    ask = Ask.objects.create(partnership=w.partnership, audit=audit, service=service, asked_at=AT)
    for one in cases:
        AskedCase.objects.create(partnership=w.partnership, ask=ask, case=one, asked_at=AT)
    return ask


def answer(w, one, service, what=Known.KNOWN):
    return Involvement.objects.create(
        partnership=w.partnership, audit=one.audit, case=one, service=service, answer=what,
        answered_by=w.contact_police, answered_at=AT,
    )  # fmt: skip


def submit(w, involvement):
    return Return.objects.create(
        partnership=w.partnership, audit=involvement.audit, case=involvement.case, service=involvement.service,
        involvement=involvement, state=ReturnState.SUBMITTED, started_by=w.auditor_police, started_at=AT,
        submitted_at=AT, submitted_by=w.auditor_police, digest="d",
    )  # fmt: skip


def where(w):
    return [(one.step, one.figure) for one in underway.under_way(w.coordinator)]


def test_an_audit_under_way_is_placed_at_its_step():
    w = world()
    audit = under_way(w)
    assert where(w) == [(2, "cases to be drawn")]
    one, two = case(w, audit, 1), case(w, audit, 2)
    case(w, audit, 3, state=CaseState.REPLACED, reason_code=Reason.PROCEEDINGS, replaced_at=AT)
    assert where(w) == [(3, "2 cases · services to be asked")]
    asked(w, audit, w.police, one, two)
    involvement = answer(w, one, w.police)
    assert where(w) == [(3, "2 cases · 1 of 2 answers")]
    answer(w, two, w.police, Known.NOT_KNOWN)
    assert where(w) == [(4, "2 cases · 0 of 1 returns")]
    submit(w, involvement)
    assert where(w) == [(4, "2 cases · 1 of 1 returns")]
    Release.objects.create(partnership=w.partnership, audit=audit, at=AT, by=w.coordinator)
    assert where(w) == [(5, "0 of 2 cases agreed")]
    meeting = Discussion.objects.create(
        partnership=w.partnership, audit=audit, meets_on=ON, place="Hall", chair=w.chair
    )
    CaseDiscussion.objects.create(
        partnership=w.partnership, discussion=meeting, case=one, state=Talk.AGREED, agreed_at=AT, agreed_by=w.chair
    )
    assert where(w) == [(5, "1 of 2 cases agreed")]
    Discussion.objects.update(state=Meeting.CLOSED, opened_at=AT, closed_at=AT)
    assert where(w) == [(6, "learning to be gathered")]
    paper = briefing(w, audit)
    assert where(w) == [(6, "briefing being written")]
    Briefing.objects.filter(pk=paper.pk).update(state=Paper.PUBLISHED, cleared_by=w.second, cleared_at=AT)
    assert where(w) == [(7, "briefing published")]


def briefing(w, audit):
    return Briefing.objects.create(
        partnership=w.partnership, audit=audit, body={}, written_by=w.coordinator, written_at=AT
    )


def test_only_a_coordinator_has_audits_under_way():
    w = world()
    under_way(w)
    assert underway.under_way(w.executive) == []
    assert underway.under_way(w.contact_police) == []


def test_the_cases_say_who_knows_the_child_and_what_is_owed():
    w = world()
    audit = under_way(w)
    one, two = case(w, audit, 1, area="Child in need"), case(w, audit, 2)
    gone = case(w, audit, 3, state=CaseState.REPLACED, reason_code=Reason.PROCEEDINGS, replaced_at=AT)
    case(w, audit, 4, state=CaseState.VOID)
    asked(w, audit, w.police, one, two)
    asked(w, audit, w.acute, one)
    submit(w, answer(w, one, w.police))
    answer(w, two, w.police, Known.RELATIVE)
    found = {str(line.case): line for line in audits.case_lines(audit, w.coordinator)}
    first, second, third = found["Case 1"], found["Case 2"], found[str(gone)]
    assert (first.known, first.asked, first.owed, first.submitted) == (1, 2, 1, 1)
    assert first.notes == "1 still to answer"
    assert second.notes == "1 knows only a relative"
    assert third.notes == "replaced: court case or police investigation is live"
    assert third.replaced
    assert "Case 4" not in found


def test_a_service_sees_its_own_figures_only():
    w = world()
    audit = under_way(w)
    one = case(w, audit, 1)
    asked(w, audit, w.police, one)
    asked(w, audit, w.acute, one)
    submit(w, answer(w, one, w.police))
    (line,) = audits.own_lines(audit, w.contact_police)
    assert (line.ask.service, line.asked, line.answered, line.owed, line.submitted) == (w.police, 1, 1, 1, 1)
    assert (line.answers, line.naming) == (f"/asks/{line.ask.pk}/", f"/asks/{line.ask.pk}/people/")
    page = sign_in(Client(), w.contact_police).get(audit.get_absolute_url()).text
    assert f'href="{line.answers}">1 of 1 answered' in page
    assert f'href="{line.naming}">Who completes them' in page
    (line,) = audits.own_lines(audit, w.auditor_acute)
    assert (line.answered, line.owed) == (0, 0)
    assert (line.answers, line.naming) == ("", "")


def test_the_figures_of_all_services_are_not_for_one_of_them(client):
    w = world()
    audit = under_way(w)
    one = case(w, audit, 1)
    asked(w, audit, w.police, one)
    page = sign_in(client, w.contact_acute).get(audit.get_absolute_url())
    assert [step.figures for step in page.context["steps"][1:6]] == [""] * 5
    page = sign_in(client, w.executive).get(audit.get_absolute_url())
    assert all(step.figures for step in page.context["steps"][:3])


def recommendation(w, audit, text="Invite health to every strategy meeting."):
    return Recommendation.objects.create(
        partnership=w.partnership, audit=audit, position=1, draft="draft words", text=text, made_at=AT
    )


def action(w, about, **more):
    more = {"agency": w.police.agency, "due_on": ON - timedelta(days=3), "owner": None, **more}
    return Action.objects.create(partnership=w.partnership, recommendation=about, made_at=AT, **more)


def concluded(w, audit):
    return SenseCheck.objects.create(
        partnership=w.partnership, follows=audit, way="newer-cases", due_on=ON, state=CheckState.CONCLUDED,
        message="Health is in the room now.", made_by=w.coordinator, made_at=AT, concluded_at=AT,
    )  # fmt: skip


def test_the_executive_reads_messages_decisions_and_what_is_late():
    w = world()
    audit, ids = under_way(w), frozenset({w.partnership.pk})
    planned(w, "2026-07", title="Neglect", starts_on=ON + timedelta(days=20))
    planned(w, "2027-01", title="Far ahead", starts_on=ON + timedelta(days=200))
    bare, led = recommendation(w, audit), recommendation(w, audit, "Send minutes in two days.")
    late = action(w, led)
    action(w, led, agency=w.acute.agency, state=ActionState.DONE, closed_at=AT)
    assert [one.text for one in executive.decisions(ids, executive.audits(ids), ON)] == [
        "Decide on audit 2026-07 Neglect",
        "Name who leads one action of Northmere Police",
        "Accept one recommendation of 2026-03 How well do we respond to physical abuse?, and say who acts on it",
    ]
    assert executive.overdue(ids, ON) == [late]
    check = concluded(w, audit)
    Judgement.objects.create(
        partnership=w.partnership, sense_check=check, recommendation=bare, verdict="embedded", evidence="six of six",
        by=w.coordinator, at=AT,
    )  # fmt: skip
    Publication.objects.create(
        partnership=w.partnership, briefing=briefing(w, audit), slug="physical-abuse", title="Physical abuse",
        summary="History is read one event at a time.", document={}, pdf=b"", pdf_pages=3, published_at=AT,
        published_by=w.coordinator,
    )  # fmt: skip
    assert {one.text for one in executive.messages(ids, executive.concluded(ids), ON)} == {
        "Health is in the room now.",
        "History is read one event at a time.",
    }
    (changed,) = executive.changed(executive.concluded(ids))
    assert changed.rows[0] == ("Embedded", 1)


def test_returns_missing_are_counted_by_agency():
    w = world()
    audit = under_way(w)
    one, two = case(w, audit, 1), case(w, audit, 2)
    submit(w, answer(w, one, w.police))
    answer(w, two, w.police)
    answer(w, two, w.acute, Known.NOT_KNOWN)
    ids = frozenset({w.partnership.pk})
    (row,) = executive.missing(ids, executive.audits(ids))
    assert (row.agency, row.owed, row.missing) == ("Northmere Police", 2, 1)
    assert row.due_on == Milestone.objects.get(audit=audit, kind="returns").due_on


def test_the_executives_page_opens_for_them_and_shows_no_return(client):
    w = world()
    audit = under_way(w)
    action(w, recommendation(w, audit, text=""), due_on=today() - timedelta(days=2))
    concluded(w, audit)
    page = sign_in(client, w.executive).get("/executive/").content.decode()
    assert "Health is in the room now." in page
    assert "draft words" not in page
    assert sign_in(client, w.auditor_hv).get("/executive/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_executives_page_asks_a_fixed_number_of_questions(client, count, django_assert_num_queries):
    w = world()
    for number in range(count):
        audit = under_way(w, f"2026-1{number}")
        answer(w, case(w, audit, 1), w.police)
        action(w, recommendation(w, audit))
    sign_in(client, w.executive)
    with django_assert_num_queries(11):
        assert client.get("/executive/").status_code == 200
