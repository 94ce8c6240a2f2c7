"""Arranging, opening, concluding, accepting, catching, agreeing and closing, each with its refusals."""

from datetime import date, timedelta

import pytest

from candour.appraisal.models import Answer, Release
from candour.discussion import actions, queries
from candour.discussion.flow import CaseState, How, State
from candour.discussion.models import CaseDiscussion, Conclusion, Discussion
from candour.discussion.tests.factories import arranged, case, opened, released, submitted
from candour.focus import actions as focus
from candour.focus.models import Audit
from candour.focus.tests.factories import under_way
from candour.identity import actions as identity
from candour.identity.models import Opening
from candour.involvement.models import Involvement
from candour.kernel import vault
from candour.kernel.errors import Refused, Stale
from candour.kernel.models import Key
from candour.notices.models import Message
from candour.people.models import Absence, Grant, Role
from candour.people.tests.factories import AT, grant, other_world, user, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
WHY = "Quick and well led, but health was left out."


@pytest.fixture
def w():
    return world()


@pytest.fixture
def held(w):
    return opened(w)


def conclude(held, w, domain="recognition", version=0, **more):
    said = {"grade": "good", "reason": WHY, **more}
    return actions.conclude(held=held, domain=domain, version=version, by=w.chair, at=AT, **said)


def accept(held, w, **more):
    return actions.accept_agreed(held=held, by=w.chair, at=AT, **more)


def test_a_discussion_is_arranged_and_the_chair_told(w):
    audit = released(w)
    discussion = arranged(w, audit)
    assert discussion.chair == w.chair
    told = Message.objects.get(to_user=w.chair)
    assert "14 January 2027" in told.subject
    again = arranged(w, audit, place="Online")
    assert (again.pk, again.place) == (discussion.pk, "Online")
    sequences = [one.key.split(":")[2] for one in Message.objects.filter(to_user=w.chair).order_by("key")]
    assert sequences == ["0", "1"]
    arranged(w, audit, place="Online")
    assert Message.objects.filter(to_user=w.chair).count() == 2


def test_an_audit_closed_before_its_discussion_calls_it_off(w):
    audit = released(w)
    arranged(w, audit)
    invited = set(Message.objects.filter(key__contains=":REQUEST:").values_list("to_user", flat=True))
    assert {w.chair.pk, w.coordinator.pk, w.contact_police.pk} <= invited
    assert w.executive.pk not in invited
    focus.close_audit(audit=audit, by=w.coordinator, at=AT)
    called_off = set(Message.objects.filter(key__contains=":CANCEL:").values_list("to_user", flat=True))
    assert called_off == invited


def test_who_leads_must_hold_the_role_and_who_arranges_too(w):
    audit = released(w)
    with pytest.raises(Refused, match="hold the role of chair"):
        arranged(w, audit, chair=w.contact_police)
    w.users["coordinator"] = w.chair
    with pytest.raises(Refused, match="arrange the discussion"):
        arranged(w, audit)


def test_the_room_needs_a_released_pack_and_a_chair(w):
    bare = arranged(w, under_way(w, "2026-09"))
    with pytest.raises(Refused, match="not been released"):
        actions.open_discussion(discussion=bare, by=w.chair, at=AT)
    chairless = arranged(w, released(w), chair=None)
    with pytest.raises(Refused, match="who chairs"):
        actions.open_discussion(discussion=chairless, by=w.coordinator, at=AT)


def test_opening_seats_every_active_case_once(w):
    audit = released(w, cases=2)
    case(audit, 3)
    audit.cases.filter(number=3).update(state="replaced", reason_code="moved", replaced_at=AT)
    discussion = arranged(w, audit)
    actions.open_discussion(discussion=discussion, by=w.chair, at=AT)
    assert [row.case.number for row in discussion.cases.order_by("case__number")] == [1, 2]
    with pytest.raises(Refused, match="it is open"):
        actions.open_discussion(discussion=Discussion.objects.get(), by=w.chair, at=AT)


def test_a_conclusion_keeps_both_grades_side_by_side(w, held):
    before = list(Answer.objects.order_by("pk").values_list("pk", "grade"))
    conclusion = conclude(held, w, grade="requires-improvement", dissent="Police would grade Good.")
    assert (conclusion.version, conclusion.how) == (1, How.DISCUSSED)
    assert Conclusion.objects.get().reason == WHY
    assert list(Answer.objects.order_by("pk").values_list("pk", "grade")) == before
    assert Entry.objects.filter(verb="conclude").count() == 1


def test_a_stale_save_shows_theirs_and_keeps_it(w, held):
    conclude(held, w)
    with pytest.raises(Stale) as stale:
        conclude(held, w, reason="Somebody else's words.")
    assert stale.value.theirs.reason == WHY
    assert conclude(held, w, version=1, reason="Both put together.").version == 2


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"grade": ""}, "Choose the room's grade"),
        ({"grade": "splendid"}, "Choose the room's grade"),
        ({"reason": "  "}, "Give the room's reason"),
        ({"domain": "weather"}, "no such domain"),
    ],
)
def test_what_is_no_conclusion_is_refused(w, held, said, reason):
    with pytest.raises(Refused, match=reason):
        conclude(held, w, **said)


def test_only_who_leads_writes(w, held):
    with pytest.raises(Refused, match="lead the discussion"):
        actions.conclude(held=held, domain="recognition", grade="good", reason=WHY, version=0, by=w.scrutineer, at=AT)


def test_the_agreed_rest_is_accepted_together_after_one_good_was_looked_at(w, held):
    with pytest.raises(Refused, match="looked at"):
        accept(held, w)
    with pytest.raises(Refused, match="looked at"):
        accept(held, w, tested="impact", tested_note="Not a good one.")
    made = accept(held, w, tested="recognition", tested_note="Both saw the child the same day.")
    assert {row.domain: (row.grade, row.how) for row in made} == {
        "recognition": ("good", How.TESTED),
        "joint-working": ("good", How.ACCEPTED),
        "impact": ("requires-improvement", How.ACCEPTED),
    }
    assert CaseDiscussion.objects.get().tested_note == "Both saw the child the same day."
    with pytest.raises(Refused, match="nothing left"):
        accept(held, w)


def test_a_domain_in_dispute_is_never_accepted_with_the_rest(w):
    audit = released(w, services=1)
    made = audit.cases.get()
    submitted(w, made, w.school, {"recognition": "inadequate", "impact": "requires-improvement"})
    actions.open_discussion(discussion=arranged(w, audit), by=w.chair, at=AT)
    held = CaseDiscussion.objects.get()
    assert [row.domain for row in accept(held, w)] == ["impact"]


def test_actions_are_caught_and_dropped(w, held):
    asked = {"text": "Tell the midwife.", "agency": w.police.agency, "due_on": date(2027, 2, 1)}
    caught = actions.catch_action(held=held, by=w.chair, at=AT, **asked)
    assert [row.text for row in queries.caught(held.case.audit)] == ["Tell the midwife."]
    actions.drop_action(held=held, caught=caught.pk, by=w.chair, at=AT)
    with pytest.raises(Refused, match="no longer there"):
        actions.drop_action(held=held, caught=caught.pk, by=w.chair, at=AT)
    stranger = other_world().police.agency
    with pytest.raises(Refused, match="does not belong"):
        actions.catch_action(held=held, by=w.chair, at=AT, **(asked | {"agency": stranger}))


def test_the_story_is_kept_and_a_stale_one_shown_beside_it(w, held):
    told = actions.save_story(held=held, story="A baby with a bruise.", voice="", version=0, by=w.chair, at=AT)
    assert (told.story, told.version) == ("A baby with a bruise.", 1)
    with pytest.raises(Stale) as stale:
        actions.save_story(held=held, story="Another tale.", version=0, by=w.coordinator, at=AT)
    assert stale.value.theirs.story == "A baby with a bruise."


def test_an_agreed_case_is_locked_until_it_is_opened_again_for_a_reason(w, held):
    with pytest.raises(Refused, match="at least one conclusion"):
        actions.agree_case(held=held, by=w.chair, at=AT)
    conclude(held, w)
    agreed = actions.agree_case(held=held, by=w.chair, at=AT)
    assert (agreed.state, agreed.agreed_by) == (CaseState.AGREED, w.chair)
    with pytest.raises(Refused, match="is agreed"):
        conclude(held, w, version=1)
    with pytest.raises(Refused, match="Say why"):
        actions.reopen_case(held=agreed, reason=" ", by=w.chair, at=AT)
    again = actions.reopen_case(held=agreed, reason="A late return came in.", by=w.chair, at=AT)
    assert (again.state, again.agreed_at) == (CaseState.OPEN, None)


def test_closing_ends_the_pack_and_what_is_open_of_identities(w, held):
    subject = identity.add_subject(partnership=w.partnership, label="File 1", by=w.coordinator, at=AT)
    held.case.subject = subject
    held.case.save(update_fields=["subject"])
    Opening.objects.create(partnership=w.partnership, subject=subject, service=w.police, opened_at=AT, until=AT)
    discussion = Discussion.objects.get()
    with pytest.raises(Refused, match="Agree every case first"):
        actions.close_discussion(discussion=discussion, by=w.chair, at=AT)
    conclude(held, w)
    actions.agree_case(held=held, by=w.chair, at=AT)
    closed = actions.close_discussion(discussion=discussion, by=w.chair, at=AT)
    assert (closed.state, closed.closed_at) == (State.CLOSED, AT)
    assert Release.objects.get().closed_at == AT
    assert Opening.objects.get().closed_at == AT
    with pytest.raises(Refused, match="not open"):
        conclude(held, w, version=1)


def test_a_closed_discussion_is_opened_again_by_the_coordinator_and_the_pack_stays_closed(w, held):
    conclude(held, w)
    actions.agree_case(held=held, by=w.chair, at=AT)
    closed = actions.close_discussion(discussion=Discussion.objects.get(), by=w.chair, at=AT)
    with pytest.raises(Refused, match="arrange"):
        actions.reopen_discussion(discussion=closed, by=w.chair, at=AT)
    again = actions.reopen_discussion(discussion=closed, by=w.coordinator, at=AT)
    assert (again.state, again.closed_at) == (State.OPEN, None)
    assert Release.objects.get().closed_at == AT


def test_an_open_discussion_keeps_a_chair_and_a_closed_one_its_day(w, held):
    audit = held.discussion.audit
    with pytest.raises(Refused, match="has a chair"):
        arranged(w, audit, chair=None)
    conclude(held, w)
    actions.agree_case(held=held, by=w.chair, at=AT)
    actions.close_discussion(discussion=Discussion.objects.get(), by=w.chair, at=AT)
    with pytest.raises(Refused, match="is closed"):
        arranged(w, audit)


def test_a_grade_is_refused_where_the_audit_does_not_grade(w, held):
    Audit.objects.update(graded=False)
    with pytest.raises(Refused, match="does not grade"):
        conclude(held, w)


def test_rows_have_words(w, held):
    caught = actions.catch_action(
        held=held, text="Ring.", agency=w.police.agency, due_on=date(2027, 1, 20), by=w.chair, at=AT
    )
    assert str(held.discussion) == "Discussion of 2026-03 How well do we respond to physical abuse?"
    assert str(held) == "Case 1"
    assert str(conclude(held, w)) == "Case 1: recognition"
    assert str(caught) == "Case 1: Northmere Police"


def test_attendance_is_noted_service_by_service(w, held):
    discussion = Discussion.objects.get()
    rows = [(w.police, "coming", "DS A. Hale"), (w.school, "apologies", "")]
    actions.set_attendance(discussion=discussion, rows=rows, by=w.chair, at=AT)
    assert queries.coming_count(discussion) == (1, 1)
    assert [row.coming for row in queries.attendance(discussion)].count("unheard") == 4


def test_text_about_a_case_is_gone_with_its_key(w, held):
    conclude(held, w)
    Key.objects.filter(owner=held.case_id).update(wrapped="", destroyed_at=AT)

    vault.forget()
    assert Conclusion.objects.get().reason == "[erased]"
    assert Conclusion.objects.get().grade == "good"


def test_whoever_stands_in_on_the_day_is_invited_too_and_whoever_has_left_is_not(w):
    audit = released(w)
    Involvement.objects.filter(audit=audit, service=w.police).update(auditor=w.auditor_police)
    held = arranged(w, audit)
    day = held.meets_on
    grant(deputy := user("deputy auditor"), Role.AUDITOR, agency=w.police.agency)

    def invited():
        return {one.pk for one in queries.guests(held, day)} & {w.auditor_police.pk, deputy.pk}

    assert invited() == {w.auditor_police.pk}
    said = {"said_by": w.auditor_police, "said_at": AT, "deputy": deputy}
    Absence.objects.create(user=w.auditor_police, starts_on=day, ends_on=day, **said)
    assert invited() == {w.auditor_police.pk, deputy.pk}
    Absence.objects.update(starts_on=day - timedelta(days=9), ends_on=day - timedelta(days=1))
    assert invited() == {w.auditor_police.pk}, "who is back by then"
    Grant.objects.filter(user=w.auditor_police).update(withdrawn_at=AT)
    assert invited() == set()
