"""Until the pack is released no service learns anything of another's return; nor after the discussion closes."""

import pytest
from django.test import Client

from candour.access.scope import visible
from candour.appraisal import actions, queries
from candour.appraisal.flow import State
from candour.appraisal.models import Answer, Point, Release, Return
from candour.appraisal.tests import factories as make
from candour.kernel.errors import Refused
from candour.notices.models import Message
from candour.people.models import Role
from candour.people.tests.factories import grant, other_world, sign_in, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
PRIVATE = ("recognition-grade", "recognition-good")


@pytest.fixture
def w():
    return world()


@pytest.fixture
def on(w):
    """Case 1 returned by health visiting and the police, case 2 by health visiting alone."""
    audit = make.audit(w, 2)
    make.submitted(w, audit, w.health_visiting, 1, said=make.CANARY, private=PRIVATE)
    make.submitted(w, audit, w.police, 1, said="Seen by officers.")
    make.submitted(w, audit, w.health_visiting, 2, said="A second case.")
    return audit


def page(person, url):
    return sign_in(Client(), person).get(url)


def hv(on):
    return Return.objects.get(audit=on, case__number=1, service__kind="health-visiting")


def release(w, on):
    return actions.release(audit=on, by=w.coordinator, at=make.AT)


def services(rows):
    return sorted({row.service.kind for row in rows})


def test_before_release_a_service_knows_only_its_own(w, on):
    for person in (w.auditor_police, w.authoriser_police, w.contact_police):
        assert services(visible(Return, person)) == ["police"]
        assert services(visible(Answer, person)) == ["police"]
        assert services(visible(Point, person)) == ["police"]
        assert page(person, f"/returns/{hv(on).pk}/").status_code == 404
        assert page(person, f"/audits/{on.pk}/returns/").status_code == 403
        assert page(person, f"/audits/{on.pk}/returns/pack/1/").status_code == 404
        listed = page(person, f"/audits/{on.pk}/returns/pack/").content.decode()
        assert "The pack has not been released yet" in listed
        assert "Case 1" not in listed


def test_the_pages_of_a_service_are_the_same_whether_others_have_returned_or_not(w):
    audit = make.audit(w)
    make.submitted(w, audit, w.police, said="Seen by officers.")
    urls = ("/returns/", f"/audits/{audit.pk}/returns/pack/")
    before = [page(w.auditor_police, url).content for url in urls]
    make.submitted(w, audit, w.health_visiting, said=make.CANARY)
    make.draft(w, audit, w.acute)
    strip = lambda pages: [html.split(b"csrfmiddlewaretoken")[0] for html in pages]  # noqa: E731
    assert strip(before) == strip([page(w.auditor_police, url).content for url in urls])


def test_before_release_chair_and_scrutineer_read_nothing(w, on):
    for person in (w.chair, w.scrutineer, w.executive):
        assert not visible(Return, person).exists()
        assert not visible(Answer, person).exists()


def test_the_coordinator_sees_what_is_in_and_no_draft(w, on):
    draft = make.answer(make.draft(w, on, w.acute), said="Still thinking.")
    assert page(w.coordinator, f"/returns/{hv(on).pk}/check/").status_code == 200
    assert page(w.coordinator, f"/returns/{draft.pk}/check/").status_code == 404
    assert "Still thinking" not in page(w.coordinator, f"/audits/{on.pk}/returns/").content.decode()


def test_after_release_each_service_reads_the_cases_it_returned_on(w, on):
    release(w, on)
    police = w.auditor_police
    assert [case.number for case in queries.pack_cases(on, police)] == [1]
    shown = page(police, f"/audits/{on.pk}/returns/pack/1/").content.decode()
    assert make.CANARY in shown
    assert "Seen by officers." in shown
    assert page(police, f"/audits/{on.pk}/returns/pack/2/").status_code == 404
    assert page(w.auditor_hv, f"/audits/{on.pk}/returns/pack/2/").status_code == 200
    assert page(w.auditor_gp, f"/audits/{on.pk}/returns/pack/1/").status_code == 404
    assert page(w.executive, f"/audits/{on.pk}/returns/pack/1/").status_code == 403


def test_what_is_private_stays_with_service_coordinator_and_chair(w, on):
    release(w, on)
    private = Answer.objects.filter(private=True)
    assert private.count() == 2
    for person, sees in (
        (w.auditor_police, 0),
        (w.scrutineer, 0),
        (w.auditor_hv, 2),
        (w.coordinator, 2),
        (w.chair, 2),
    ):
        assert visible(private, person).count() == sees
        assert visible(Point.objects.filter(private=True), person).count() == (1 if sees else 0)


def test_a_colleague_who_is_named_on_nothing_reads_no_pack(w, on):
    release(w, on)
    hv(on).involvement.__class__.objects.filter(service=w.police).update(auditor=None)
    assert not visible(Return, w.auditor_police).exists()


def test_with_the_discussion_the_pack_closes(w, on):
    release(w, on)
    actions.close_pack(audit=on, by=w.chair, at=make.AT)
    actions.close_pack(audit=on, by=w.chair, at=make.AT)
    assert Release.objects.get().closed_by == w.chair
    assert services(visible(Return, w.auditor_police)) == ["police"]
    assert page(w.auditor_police, f"/audits/{on.pk}/returns/pack/1/").status_code == 404
    listed = page(w.auditor_police, f"/audits/{on.pk}/returns/pack/").content.decode()
    assert "The discussion is closed" in listed
    assert visible(Return, w.chair).count() == 3


def test_only_those_who_lead_close_the_pack(w, on):
    release(w, on)
    with pytest.raises(Refused):
        actions.close_pack(audit=on, by=w.auditor_police, at=make.AT)


def test_who_is_connected_reads_no_pack_of_that_case(w, on):
    involvement = hv(on).case.involvements.get(service=w.police)
    actions.declare_connection(involvement=involvement, by=w.auditor_police, at=make.AT)
    release(w, on)
    assert not visible(Return, w.auditor_police).exists()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CHAIR, Role.SCRUTINEER])
def test_who_is_connected_reads_no_return_of_that_case_whatever_else_they_are(w, on, role):
    grant(w.auditor_police, role, partnership=w.partnership)
    ret = Return.objects.get(case=hv(on).case, service=w.police)
    release(w, on)
    assert page(w.auditor_police, f"/returns/{hv(on).pk}/").status_code == 200
    actions.declare_connection(involvement=ret.involvement, by=w.auditor_police, at=make.AT)
    assert not visible(Return, w.auditor_police).filter(case=ret.case).exists()
    assert page(w.auditor_police, f"/returns/{hv(on).pk}/").status_code == 404


def test_another_partnership_knows_of_nothing(w, on):
    stranger = other_world()
    release(w, on)
    for person in (stranger.coordinator, stranger.chair, stranger.auditor_police):
        assert not visible(Return, person).exists()
        for url in (f"/audits/{on.pk}/returns/", f"/audits/{on.pk}/returns/pack/", f"/returns/{hv(on).pk}/"):
            assert page(person, url).status_code == 404


def test_release_tells_those_who_returned_and_names_no_child(w, on):
    release(w, on)
    told = {message.to_user for message in Message.objects.filter(key__startswith="pack:")}
    assert told == {w.auditor_hv, w.authoriser_hv, w.auditor_police, w.authoriser_police}
    assert all("Case" not in message.body for message in Message.objects.filter(key__startswith="pack:"))
    with pytest.raises(Refused, match="already"):
        release(w, on)
    with pytest.raises(Refused, match="release the pack"):
        actions.release(audit=on, by=w.chair, at=make.AT)


def test_a_pack_with_nothing_in_it_is_not_released(w):
    with pytest.raises(Refused, match="No return is in yet"):
        release(w, make.audit(w))


def test_a_return_that_comes_after_release_joins_the_pack_and_is_marked_late(w, on):
    release(w, on)
    ret = make.submitted(w, on, w.acute, 1)
    assert ret.late
    assert "acute" in services(visible(Return, w.auditor_police))


def test_no_canary_leaves_the_sealed_columns(w, on, capsys, caplog):
    release(w, on)
    page(w.auditor_police, f"/audits/{on.pk}/returns/pack/1/")
    raw = str(list(Answer.objects.values_list("question", "grade", "section")))
    raw += str(list(Message.objects.values_list("subject", "body")))
    raw += str(list(Entry.objects.values_list("verb", "object_label", "object_id")))
    raw += str(list(Point.objects.all())) + str(list(Answer.objects.all())) + caplog.text + "".join(capsys.readouterr())
    assert make.CANARY not in raw


def test_what_is_read_of_an_audit_is_what_is_in(w, on):
    make.answer(make.draft(w, on, w.acute))
    assert queries.returns_in(on).count() == 3
    assert {grade.service.kind for grade in queries.grades(on)} == {"health-visiting", "police"}
    assert {grade.domain for grade in queries.grades(on)} >= {"recognition", "voice", "overall"}
    assert not queries.points(on).exists()  # sealed until the pack is released
    release(w, on)
    assert queries.points(on).count() == 3 * 21
    ret = hv(on)
    actions.void(ret=ret, reason="The wrong child.", by=w.coordinator, at=make.AT)
    assert queries.returns_in(on).count() == 2
    assert not queries.points(on).filter(ret=ret).exists()
    assert make.fresh(ret).state == State.VOID
