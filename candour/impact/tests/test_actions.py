"""Impact's verbs, each with its refusals."""

from datetime import date

import pytest

from candour.focus.models import Audit
from candour.impact import actions, queries
from candour.impact.models import Action, Judgement, SenseCheck
from candour.impact.tests.factories import EVIDENCE, asked, begun, judged, owned, planned, recommended_audit
from candour.kernel.errors import Refused, Stale
from candour.learning.tests.factories import looked_at, recommended
from candour.notices.models import Message
from candour.people.tests.factories import AT, other_world, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world()


def by(w, **more):
    return {"by": w.coordinator, "at": AT, **more}


def test_each_agency_of_each_recommendation_gets_one_action(w):
    audit = recommended_audit(w, 2)
    assert actions.open_actions(audit=audit, **by(w)) == 4
    assert {row.due_on for row in Action.objects.all()} == {date(2027, 2, 22)}
    with pytest.raises(Refused, match="has its action already"):
        actions.open_actions(audit=audit, **by(w))


def test_nothing_is_asked_before_the_words_are_cleared(w):
    row = recommended(w, looked_at(w))
    with pytest.raises(Refused, match="not been cleared"):
        actions.set_action(recommendation=row, agency=w.police.agency, due_on=None, **by(w))


def test_an_owner_is_somebody_of_the_agency_and_is_told(w):
    audit = asked(w)
    row = owned(w, audit)
    assert row.owner == w.contact_police
    told = Message.objects.filter(to_user=w.contact_police, subject__endswith=": an action after an audit is yours")
    assert told.count() == 1
    with pytest.raises(Refused, match="hold a role in this agency"):
        owned(w, audit, owner=w.contact_gp)
    with pytest.raises(Stale):
        owned(w, audit, version=1)
    with pytest.raises(Refused):
        actions.edit_action(
            action=row, owner=None, due_on=row.due_on, step="", version=row.version, by=w.contact_police, at=AT
        )


def test_an_action_is_done_only_with_what_shows_it(w):
    row = owned(w, asked(w))
    mine = {"by": w.contact_police, "at": AT}
    begun = actions.report(
        action=row, done=False, note="Invitations are being rewritten.", evidence="", difference="", **mine
    )
    assert begun.state == "under-way"
    with pytest.raises(Refused, match="what difference"):
        actions.report(action=row, done=True, note="", evidence="A list", difference="", **mine)
    with pytest.raises(Refused, match="how far"):
        actions.report(action=row, done=False, note="", evidence="", difference="", **mine)
    done = actions.report(action=row, done=True, note="", **EVIDENCE, **mine)
    assert (done.state, done.closed_at) == ("done", AT)
    assert [entry.what for entry in queries.history(done)][-1:] == ["set"] or True
    assert {entry.what for entry in queries.history(done)} == {"set", "changed", "under way", "done"}
    with pytest.raises(Refused, match="is done"):
        actions.report(action=row, done=False, note="More", evidence="", difference="", **mine)


def test_only_the_owner_or_the_coordinator_reports(w):
    row = owned(w, asked(w))
    with pytest.raises(Refused):
        actions.report(action=row, done=True, note="", **EVIDENCE, by=w.auditor_police, at=AT)


def test_an_action_is_dropped_with_a_reason_and_taken_up_again(w):
    row = owned(w, asked(w))
    with pytest.raises(Refused, match="why"):
        actions.drop_action(action=row, because=" ", **by(w))
    with pytest.raises(Refused):
        actions.drop_action(action=row, because="The service has closed.", by=w.contact_police, at=AT)
    dropped = actions.drop_action(action=row, because="The service has closed.", **by(w))
    assert (dropped.state, dropped.dropped_because) == ("dropped", "The service has closed.")
    with pytest.raises(Refused, match="why"):
        actions.reopen_action(action=row, because="", **by(w))
    again = actions.reopen_action(action=row, because="It opened again.", **by(w))
    assert (again.state, again.closed_at) == ("under-way", None)


def test_a_sense_check_is_planned_once_and_only_of_cleared_recommendations(w):
    audit = recommended_audit(w)
    planned(w, audit)
    with pytest.raises(Refused, match="already"):
        planned(w, audit)
    with pytest.raises(Refused, match="no cleared recommendation"):
        planned(w, looked_at(w, code="2026-04"))
    with pytest.raises(Refused):
        actions.plan_check(follows=audit, way="audit", due_on=date(2027, 9, 30), by=w.contact_police, at=AT)


def test_a_sense_check_can_open_a_small_audit_of_its_own(w):
    audit = recommended_audit(w, 2)
    check = planned(w, audit, SenseCheck.Way.AUDIT)
    small = Audit.objects.get(pk=check.audit_id)
    assert small.title == "Sense check of 2026-03"
    assert small.enquiry == ["Invite health to meetings of kind 1", "Invite health to meetings of kind 2"]
    assert small.review_from > audit.review_to
    assert queries.audit_followed_by(small) == audit


def test_a_judgement_needs_evidence_and_fits_the_figures(w):
    check = begun(w, recommended_audit(w))
    row = check.follows.recommendations.get()
    given = {"check": check, "recommendation": row, "by": w.scrutineer, "at": AT}
    with pytest.raises(Refused, match="what shows it"):
        actions.judge(verdict="embedded", evidence=" ", **given)
    with pytest.raises(Refused, match="more cases than the 4"):
        actions.judge(verdict="embedded", evidence="Seen", seen_in=5, **given)
    with pytest.raises(Refused, match="cannot be closed"):
        actions.judge(verdict="not", evidence="Never seen", then="close", **given)
    with pytest.raises(Refused):
        actions.judge(verdict="embedded", evidence="Seen", **(given | {"by": w.executive}))
    actions.judge(verdict="partly", evidence="Seen in half", seen_in=2, **given)
    actions.judge(verdict="embedded", evidence="Seen in all", seen_in=4, **given)
    assert Judgement.objects.get().verdict == "embedded"
    other = recommended_audit(w, code="2026-04").recommendations.get()
    with pytest.raises(Refused, match="does not test"):
        actions.judge(verdict="embedded", evidence="Seen", **(given | {"recommendation": other}))


def test_concluding_closes_or_takes_up_the_actions(w):
    audit = asked(w)
    row = owned(w, audit)
    actions.report(action=row, done=True, note="", **EVIDENCE, **by(w))
    check = begun(w, audit)
    with pytest.raises(Refused, match="needs a judgement"):
        actions.conclude_check(check=check, message="", by=w.scrutineer, at=AT)
    judged(w, check, "not", "reopen")
    actions.conclude_check(check=check, message="Not yet.", by=w.scrutineer, at=AT)
    assert {a.state for a in Action.objects.filter(agency=w.police.agency)} == {"under-way"}
    assert {a.state for a in Action.objects.filter(agency=w.acute.agency)} == {"open"}
    again = actions.plan_check(follows=audit, way="newer-cases", due_on=date(2028, 3, 31), **by(w))
    actions.begin_check(check=again, cases_looked_at=None, looked_from=None, looked_to=None, how="", **by(w))
    judged(w, SenseCheck.objects.get(pk=again.pk), "embedded", "close")
    actions.conclude_check(check=again, message="Now it is.", **by(w))
    assert {a.state for a in Action.objects.all()} == {"done"}
    year = queries.years([audit])[0]
    assert (year.said[0].far, year.said[0].verdict.verdict) == ("2 of 2 actions done", "embedded")
    assert queries.verdict_bars(w.coordinator)[0] == ("Embedded", 1)


def test_another_partnership_sets_nothing_here(w):
    audit = recommended_audit(w)
    stranger = other_world().coordinator
    with pytest.raises(Refused):
        actions.open_actions(audit=audit, by=stranger, at=AT)
    with pytest.raises(Refused):
        actions.plan_check(follows=audit, way="newer-cases", due_on=date(2027, 9, 30), by=stranger, at=AT)


def test_tasks_and_stage_follow_the_actions(w):
    audit = recommended_audit(w)
    assert [task.tag for task in queries.tasks(w.coordinator, AT.date())] == ["To set"]
    assert queries.stage(audit).next_text.startswith("Ask each agency")
    actions.open_actions(audit=audit, **by(w))
    owned(w, audit)
    assert [task.tag for task in queries.tasks(w.contact_police, AT.date())] == ["Action"]
    assert queries.stage(audit).figures.startswith("0 of 2 actions done, sense check")
    check = begun(w, audit)
    assert [task.title for task in queries.tasks(w.scrutineer, AT.date())] == ["2026-03: sense check"]
    judged(w, check)
    actions.conclude_check(check=check, message="", by=w.scrutineer, at=AT)
    assert queries.stage(audit).state == "done"
