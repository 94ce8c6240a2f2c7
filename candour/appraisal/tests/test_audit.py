"""How far an audit's returns are, for its coordinator, and what is left to do for everybody."""

from datetime import timedelta

import pytest

from candour.appraisal import actions, queries
from candour.appraisal.flow import State
from candour.appraisal.models import Answer, Point, Return
from candour.appraisal.tests import factories as make
from candour.kernel.errors import Refused
from candour.notices.registry import due_functions
from candour.people.tests.factories import sign_in, world
from candour.sampling.models import Case
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world()


@pytest.fixture
def on(w):
    return make.audit(w, 3)


def titles(person):
    return [task.title for task in queries.tasks(person, make.AT.date())]


@pytest.mark.parametrize("cases", [1, 3])
def test_the_returns_page_asks_as_often_for_one_as_for_three(client, w, on, cases, django_assert_num_queries):
    for number in range(1, cases + 1):
        make.submitted(w, on, w.health_visiting, number)
    sign_in(client, w.coordinator)
    client.get(f"/audits/{on.pk}/returns/")
    with django_assert_num_queries(12):
        page = client.get(f"/audits/{on.pk}/returns/").content.decode()
    assert f"{cases} of {cases} in" in page
    assert "Release the pack</button>" in page
    assert "before all are in" not in page


def test_the_returns_page_tells_how_far_each_is_and_no_grade(client, w, on):
    make.known(w, on, w.gp)
    make.draft(w, on, w.acute)
    make.handed_over(w, on, w.police)
    make.submitted(w, on, w.health_visiting)
    sign_in(client, w.coordinator)
    page = client.get(f"/audits/{on.pk}/returns/").content.decode()
    assert "1 of 4 in · 2 being written or checked · 1 not started" in page
    for said in ("Not started", "Being written", "Being checked", "In, late", "A return that comes later joins"):
        assert said in page
    assert "Outstanding" not in page
    assert ">Good<" not in page
    assert page.index("Release the pack before all are in</span>") < page.index("Release the pack now</button>")
    page = client.post(f"/audits/{on.pk}/returns/release/", follow=True).content.decode()
    assert "The pack was released" in page


def test_everybody_has_the_work_that_is_theirs(w, on):
    answer = make.known(w, on, w.health_visiting)
    assert titles(w.auditor_hv) == ["Begin your return on Case 1"]
    assert titles(w.authoriser_hv) == []
    said = {"worked_with": False, "manages_worker": True, "brief": False}
    ret = actions.begin(involvement=answer, by=w.auditor_hv, at=make.AT, **said)
    assert titles(w.auditor_hv) == ["Go on with your return on Case 1"]
    make.answer(ret)
    actions.hand_over(ret=ret, by=w.auditor_hv, at=make.AT)
    assert (titles(w.auditor_hv), titles(w.authoriser_hv)) == ([], ["Check the return on Case 1"])
    make.declared(ret, w.authoriser_hv)
    actions.send_back(ret=ret, note="Again.", by=w.authoriser_hv, at=make.AT + timedelta(hours=1))
    assert titles(w.auditor_hv) == ["Look again at your return on Case 1"]
    actions.hand_over(ret=ret, by=w.auditor_hv, at=make.AT + timedelta(hours=2))
    assert titles(w.coordinator) == []
    actions.submit(ret=ret, by=w.authoriser_hv, at=make.AT + timedelta(hours=3))
    assert titles(w.authoriser_hv) == []
    assert titles(w.coordinator) == ["Release the pack: 2026-03"]
    actions.release(audit=on, by=w.coordinator, at=make.AT)
    assert titles(w.coordinator) == []


def test_work_on_a_case_chosen_for_a_reason_says_so(w, on):
    answer = make.known(w, on, w.health_visiting)
    Case.objects.filter(pk=answer.case_id).update(purposive=True, random=False)
    assert titles(w.auditor_hv) == ["Begin your return on Case 1 (not random)"]


def test_the_stage_follows_the_returns(w, on):
    assert queries.stage(on).state == "todo"
    make.known(w, on, w.gp)
    make.submitted(w, on, w.health_visiting)
    assert (queries.stage(on).state, queries.stage(on).figures) == ("now", "1 of 2 returns in")
    make.answer(actions.begin(involvement=queries.owed(on)[0][0], by=w.auditor_gp, at=make.AT, worked_with=False,
                              manages_worker=False, brief=False))  # fmt: skip
    ret = Return.objects.get(service=w.gp)
    actions.hand_over(ret=ret, by=w.auditor_gp, at=make.AT)
    make.declared(ret, w.authoriser_gp)
    actions.submit(ret=ret, by=w.authoriser_gp, at=make.AT)
    assert queries.stage(on).next_text == "Release the pack"
    actions.release(audit=on, by=w.coordinator, at=make.AT)
    assert queries.stage(on).state == "done"


def test_submitting_puts_the_digest_of_all_answers_on_the_record(w, on):
    ret = make.submitted(w, on, w.health_visiting)
    entry = Entry.objects.get(object_id=ret.pk, verb="submit")
    assert entry.detail.body["detail"]["answers"] == ret.digest == queries.digest(Answer.objects.filter(ret=ret))
    answer = Answer.objects.filter(ret=ret).first()
    answer.value = {"text": "Altered."}
    answer.save()
    assert queries.digest(Answer.objects.filter(ret=ret)) != ret.digest


def test_a_return_within_time_is_not_late(w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    actions.submit(ret=ret, by=w.authoriser_hv, at=make.AT - timedelta(days=40))
    assert not make.fresh(ret).late


def test_a_submitted_return_is_opened_again_with_a_reason(client, w, on):
    ret = make.submitted(w, on, w.health_visiting)
    sign_in(client, w.coordinator)
    assert client.post(f"/returns/{ret.pk}/withdraw/", {}).status_code == 200
    client.post(f"/returns/{ret.pk}/withdraw/", {"reason": "Two answers stand for a sibling.", "what": "reopen"})
    again = make.fresh(ret)
    assert (again.state, again.submitted_at, again.digest) == (State.DRAFT, None, "")
    said = client.post(f"/returns/{ret.pk}/withdraw/", {"reason": "A second reason.", "what": "reopen"})
    assert said.status_code == 404
    assert "A second reason." in said.content.decode()
    points = set(Point.objects.values_list("pk", flat=True))
    actions.hand_over(ret=again, by=w.auditor_hv, at=make.AT)
    actions.submit(ret=again, by=w.authoriser_hv, at=make.AT)
    assert set(Point.objects.values_list("pk", flat=True)) == points


def test_a_void_return_can_be_opened_again_until_the_discussion_closes(client, w, on):
    ret = make.submitted(w, on, w.health_visiting)
    make.submitted(w, on, w.police)
    sign_in(client, w.coordinator)
    client.post(f"/returns/{ret.pk}/withdraw/", {"reason": "The wrong child.", "what": "void"})
    page = client.get(f"/audits/{on.pk}/returns/").content.decode()
    assert "1 of 1 in" in page
    assert "Void" in page
    actions.release(audit=on, by=w.coordinator, at=make.AT)
    actions.close_pack(audit=on, by=w.coordinator, at=make.AT)
    with pytest.raises(Refused, match="closed"):
        actions.reopen(ret=make.fresh(ret), reason="Late thought.", by=w.coordinator, at=make.AT)


def test_points_follow_the_lines_and_forget_what_was_taken_out(w, on):
    ret = make.draft(w, on, w.gp)
    make.answer(ret, said="- One\n- Two")
    actions.hand_over(ret=ret, by=w.auditor_gp, at=make.AT)
    make.declared(ret, w.authoriser_gp)
    actions.submit(ret=ret, by=w.authoriser_gp, at=make.AT)
    good = Point.objects.filter(ret=ret, kind="good", section="overall")
    assert [point.text for point in good] == ["One", "Two"]
    actions.reopen(ret=ret, reason="Shorter.", by=w.coordinator, at=make.AT)
    asked = queries.document(ret).question("overall-good")
    actions.save_answers(ret=ret, given=[make.given(asked, {"text": "One"}, seen=1)], by=w.auditor_gp, at=make.AT)
    actions.hand_over(ret=ret, by=w.auditor_gp, at=make.AT)
    actions.submit(ret=ret, by=w.authoriser_gp, at=make.AT)
    assert [point.text for point in good.all()] == ["One"]


def test_a_case_no_longer_looked_at_owes_nothing(w, on):
    answer = make.known(w, on, w.gp)
    on.cases.filter(number=1).update(state="void")
    answer.case.refresh_from_db()
    assert queries.why_not_begin(answer) == "This case is no longer looked at in the audit."
    assert titles(w.auditor_gp) == []


def test_an_audit_that_is_not_under_way_takes_no_return(w, on):
    answer = make.known(w, on, w.gp)
    answer.audit.tool = None
    assert queries.why_not_begin(answer) == "This audit is not under way."


def test_the_daily_reminder_asks_for_what_is_due():
    assert queries.tasks in due_functions()


def test_the_grid_is_told_how_far_each_return_is():
    w = world()
    audit = make.audit(w, cases=1)
    draft, handed, given = (
        stage(w, audit, service)
        for stage, service in ((make.draft, w.police), (make.handed_over, w.health_visiting), (make.submitted, w.acute))
    )
    told = queries.standings(audit)
    assert told[draft.involvement_id].text == "being written"
    assert told[handed.involvement_id].text == "with the authoriser"
    assert (told[given.involvement_id].given, told[given.involvement_id].wanted) == (True, True)
    actions.void(ret=given, reason="Entered for the wrong child.", by=w.coordinator, at=make.NOW)
    assert not queries.standings(audit)[given.involvement_id].wanted
