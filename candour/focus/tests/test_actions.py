"""Starting, planning, deciding and closing an audit, each with its refusals."""

from datetime import date, timedelta

import pytest

from candour.focus import actions, queries
from candour.focus.flow import MilestoneKind, Pace, SourceKind, State
from candour.focus.models import Audit
from candour.focus.tests.factories import DECIDED, planned, ready, under_way
from candour.kernel.errors import Refused
from candour.kernel.models import Key
from candour.people.tests.factories import AT, other_world, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world()


def test_an_audit_starts_with_its_key_core_services_and_dates(w):
    first = ready(w)
    acting = {"audit": first, "by": w.coordinator, "at": AT}
    actions.set_services(services=[w.police, w.school], keep=True, **acting)
    second = planned(w, "2026-04")
    assert Key.objects.filter(owner=second.pk, kind="audit").exists()
    assert list(queries.expected_services(second)) == [w.school, w.police]
    assert queries.due_on(second, MilestoneKind.LIST) == date(2026, 9, 28)
    assert Entry.objects.filter(verb="start audit", object_id=second.pk).exists()


def test_codes_are_proposed_in_order_and_taken_once(w):
    assert queries.next_code(w.partnership, 2026) == "2026-01"
    planned(w, "2026-03")
    assert queries.next_code(w.partnership, 2026) == "2026-04"
    with pytest.raises(Refused, match="already has the code 2026-03"):
        planned(w, "2026-03")
    assert planned(other_world(), "2026-03")


def test_only_a_coordinator_starts_an_audit(w):
    w.users["coordinator"] = w.chair
    with pytest.raises(Refused, match="start an audit"):
        planned(w)


def test_a_period_that_runs_backwards_is_refused(w):
    with pytest.raises(Refused, match="ends before it begins"):
        planned(w, review_to=date(2026, 3, 1))


def test_the_question_can_be_changed_and_says_what_changed(w):
    audit = planned(w)
    actions.edit_question(audit=audit, title="Do we see bruises?", by=w.coordinator, at=AT)
    assert Audit.objects.get(pk=audit.pk).title == "Do we see bruises?"
    assert Entry.objects.filter(verb="edit audit", object_id=audit.pk).count() == 1


def test_sources_without_a_note_are_no_sources(w):
    audit = planned(w)
    notes = {SourceKind.DATA: "Repeat contacts are up.", SourceKind.INSPECTION: "  "}
    actions.set_sources(audit=audit, evidence=notes, by=w.coordinator, at=AT)
    assert [source.kind for source in audit.sources.all()] == [SourceKind.DATA]
    actions.set_sources(audit=audit, evidence={SourceKind.INSPECTION: "Letter."}, by=w.coordinator, at=AT)
    assert [source.kind for source in audit.sources.all()] == [SourceKind.INSPECTION]


def test_a_strange_service_is_refused(w):
    audit = planned(w)
    stranger = other_world().police
    with pytest.raises(Refused, match="does not belong to this partnership"):
        actions.set_services(audit=audit, services=[stranger], keep=False, by=w.coordinator, at=AT)


@pytest.mark.parametrize(
    ("missing", "reason"),
    [("sources", "source"), ("expected", "services"), ("tool", "audit tool"), ("milestones", "timetable")],
)
def test_an_incomplete_plan_does_not_begin(w, missing, reason):
    audit = ready(w)
    if missing == "tool":
        Audit.objects.filter(pk=audit.pk).update(tool=None)
    else:
        getattr(audit, missing).all().delete()
    with pytest.raises(Refused, match=reason):
        actions.begin_audit(audit=audit, by=w.coordinator, at=AT, **DECIDED)
    assert Audit.objects.get(pk=audit.pk).decided_on is None


def test_a_decision_names_its_group_and_lies_not_ahead(w):
    audit = ready(w)
    ahead = {"decided_by": "Group", "decided_on": AT.date() + timedelta(days=1)}
    with pytest.raises(Refused, match="future"):
        actions.begin_audit(audit=audit, by=w.coordinator, at=AT, **ahead)
    with pytest.raises(Refused, match="do not hold a role"):
        actions.begin_audit(audit=audit, by=w.chair, at=AT, **DECIDED)
    begun = actions.begin_audit(audit=audit, by=w.coordinator, at=AT, **DECIDED)
    assert (begun.state, begun.decided_by) == (State.UNDER_WAY, "Quality assurance group")


def test_the_tool_stays_once_work_has_begun(w):
    audit = under_way(w)
    acting = {"audit": audit, "lawful_basis": "Children Act 2004, section 16H", "by": w.coordinator, "at": AT}
    actions.set_tool(tool=audit.tool, graded=True, **acting)
    with pytest.raises(Refused, match="stay as they are"):
        actions.set_tool(tool=audit.tool, graded=False, **acting)


def test_dates_keep_the_order_of_the_steps(w):
    audit = planned(w)
    dates = {row.kind: row.due_on for row in queries.timetable(audit)}
    crooked = dates | {MilestoneKind.LIST: dates[MilestoneKind.RETURNS] + timedelta(days=1)}
    with pytest.raises(Refused, match="order"):
        actions.set_timetable(audit=audit, dates=crooked, by=w.coordinator, at=AT)
    later = dates | {MilestoneKind.DISCUSSION: dates[MilestoneKind.DISCUSSION] + timedelta(days=1)}
    actions.set_timetable(audit=audit, dates=later, by=w.coordinator, at=AT)
    assert queries.due_on(Audit.objects.get(pk=audit.pk), MilestoneKind.DISCUSSION) == date(2026, 11, 19)


def test_dates_can_be_proposed_again_without_the_school_holidays(w):
    audit = planned(w)
    spell = (date(2026, 10, 26), date(2026, 10, 30))
    actions.set_school_holidays(partnership=w.partnership, holidays=[spell], by=w.coordinator, at=AT)
    starts = {"starts_on": date(2026, 9, 14), "pace": Pace.ORDINARY}
    actions.propose_timetable(audit=audit, by=w.coordinator, at=AT, **starts)
    assert queries.due_on(Audit.objects.get(pk=audit.pk), MilestoneKind.RETURNS) == date(2026, 11, 11)
    with pytest.raises(Refused, match="ends before it begins"):
        actions.set_school_holidays(partnership=w.partnership, holidays=[spell[::-1]], by=w.coordinator, at=AT)


def test_a_closed_audit_is_changed_only_once_it_is_open_again(w):
    audit = under_way(w)
    closed = actions.close_audit(audit=audit, by=w.coordinator, at=AT)
    assert (closed.state, closed.closed_at) == (State.CLOSED, AT)
    with pytest.raises(Refused, match="closed"):
        actions.edit_question(audit=audit, title="Later thoughts", by=w.coordinator, at=AT)
    assert actions.reopen_audit(audit=closed, by=w.coordinator, at=AT).closed_at is None
    with pytest.raises(Refused, match="being planned"):
        actions.close_audit(audit=planned(w, "2026-09"), by=w.coordinator, at=AT)


def test_what_planning_leaves_to_do_and_how_far_it_is(w):
    audit = planned(w)
    assert [task.due for task in queries.tasks(w.coordinator, AT.date())] == [date(2026, 9, 14)]
    assert queries.tasks(w.chair, AT.date()) == []
    assert queries.stage(audit).state == "now"
    begun = under_way(w, "2026-05")
    assert queries.stage(begun).figures == "decided 14 Sep by Quality assurance group"
    assert queries.stage(begun).state == "done"
