"""What is declared before a return opens: by its checker, and by a writer who takes it over."""

from types import SimpleNamespace

import pytest

from candour.appraisal import actions, queries
from candour.appraisal.models import Answer, Connection, Declaration
from candour.appraisal.tests import factories as make
from candour.involvement import actions as involvement
from candour.involvement.models import Ask
from candour.kernel.errors import Refused
from candour.notices.models import Message
from candour.people.models import Role
from candour.people.tests.factories import grant, sign_in, user, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world()


def rename(w, ret, **named):
    """The contact names others for a return that was begun."""
    ask, _ = Ask.objects.get_or_create(partnership=w.partnership, audit=ret.audit, service=ret.service)
    names = involvement.Named(**{"auditor": ret.auditor, "authoriser": ret.authoriser} | named)
    involvement.name_people(ask=ask, named={ret.case_id: names}, by=w.contact_hv, at=make.AT)


def test_whoever_takes_a_return_over_declares_and_finds_the_draft(client, w):
    ret = make.answer(make.draft(w, make.audit(w), w.health_visiting))
    written = Answer.objects.filter(ret=ret).count()
    newer = user("newer auditor")
    grant(newer, Role.AUDITOR, agency=w.health_visiting.agency)
    rename(w, ret, auditor=newer)
    sign_in(client, newer)
    page = client.get(f"/returns/{ret.pk}/", follow=True)
    assert page.redirect_chain[-1][0] == f"/returns/{ret.pk}/declare/"
    assert "what was written stays" in page.content.decode()
    assert "Say which of these is true" in client.post(f"/returns/{ret.pk}/declare/", {}).content.decode()
    page = client.post(f"/returns/{ret.pk}/declare/", {"independence": "worked"}, follow=True)
    assert page.redirect_chain == [(f"/returns/{ret.pk}/", 302)]
    assert Answer.objects.filter(ret=ret).count() == written
    assert queries.declared(ret) == ["Newer Auditor has worked with this child or family."]
    assert Entry.objects.filter(verb="declare independence", actor=newer.pk).count() == 1
    assert client.get(f"/returns/{ret.pk}/declare/").status_code == 302
    assert sign_in(client, w.auditor_hv).get(f"/returns/{ret.pk}/").status_code == 404


def test_a_checker_who_is_connected_has_the_case_closed_and_another_is_named(client, w):
    ret = make.answer(make.draft(w, make.audit(w), w.health_visiting))
    actions.hand_over(ret=ret, by=ret.auditor, at=make.AT)
    sign_in(client, w.authoriser_hv)
    page = client.post(f"/returns/{ret.pk}/declare/", {"independence": "connected"}, follow=True)
    assert "now closed to you" in page.content.decode()
    assert Connection.objects.get().user == w.authoriser_hv
    for path in ("", "authorise/", "check/"):
        assert client.get(f"/returns/{ret.pk}/{path}").status_code == 404
    assert client.get(f"/answers/{ret.involvement_id}/identity/").status_code == 404
    message = Message.objects.get(to_user=w.contact_hv)
    assert "please name another authoriser" in message.subject
    rename(w, ret, authoriser=None, no_authoriser=True)


def test_what_is_declared_is_printed_in_the_pack(client, w):
    audit = make.audit(w)
    ret = make.answer(make.draft(w, audit, w.health_visiting))
    actions.hand_over(ret=ret, by=ret.auditor, at=make.AT)
    actions.declare(ret=ret, worked_with=False, manages_worker=True, by=w.authoriser_hv, at=make.AT)
    actions.declare(ret=ret, worked_with=True, manages_worker=False, by=w.authoriser_hv, at=make.AT)
    assert Declaration.objects.count() == 1
    actions.submit(ret=ret, by=w.authoriser_hv, at=make.AT)
    make.submitted(w, audit, w.police)
    actions.release(audit=audit, by=w.coordinator, at=make.AT)
    sign_in(client, w.auditor_police)
    page = client.get(f"/audits/{audit.pk}/returns/pack/1/").content.decode()
    assert page.count("Declared: ") == 1
    assert "Authoriser Hv manages, or has managed, somebody" in page


def test_only_those_who_write_or_check_declare(w):
    ret = make.draft(w, make.audit(w), w.health_visiting)
    said = {"worked_with": False, "manages_worker": False, "at": make.AT}
    for stranger in (w.contact_hv, w.coordinator, w.auditor_police):
        with pytest.raises(Refused, match="do not hold a role"):
            actions.declare(ret=ret, by=stranger, **said)
        with pytest.raises(Refused, match="do not hold a role"):
            actions.declare_connection(involvement=ret.involvement, by=stranger, at=make.AT)


def test_nothing_is_read_or_decided_before_it_is_declared(client, w):
    ret = make.answer(make.draft(w, make.audit(w), w.health_visiting))
    actions.hand_over(ret=ret, by=ret.auditor, at=make.AT)
    sign_in(client, w.authoriser_hv)
    paths = ("authorise/", "comments/", "send-back/", "submit/")
    for answer in [client.post(f"/returns/{ret.pk}/{path}", {"declared": "on"}) for path in paths]:
        assert answer["Location"] == f"/returns/{ret.pk}/declare/"
    assert client.get(f"/returns/{ret.pk}/answer/context-work/")["Location"] == f"/returns/{ret.pk}/declare/"
    assert make.fresh(ret).state == "with-authoriser"


def test_no_action_is_done_before_it_is_declared_whichever_way_one_comes(w):
    ret = make.answer(make.draft(w, make.audit(w), w.health_visiting))
    newer = user("newer auditor")
    grant(newer, Role.AUDITOR, agency=w.health_visiting.agency)
    rename(w, ret, auditor=newer)
    ret, at = make.fresh(ret), {"at": make.AT}
    given = [make.given(queries.document(ret).question("context-work"), seen=1)]
    form = SimpleNamespace(ret=ret)
    writes = (
        lambda: actions.save_answers(ret=ret, given=given, by=newer, **at),
        lambda: actions.cover_others(ret=ret, others=["Older sister"], by=newer, **at),
        lambda: actions.give_form(ret=ret, form=form, by=newer, **at),
        lambda: actions.take_in(form=form, chosen={}, seen={}, by=newer, **at),
        lambda: actions.take_copy(ret=ret, ending="pdf", by=newer, **at),
        lambda: actions.hand_over(ret=ret, by=newer, **at),
        lambda: actions.submit_alone(ret=ret, by=newer, **at),
        lambda: actions.take_back(ret=ret, by=newer, **at),
    )
    checks = (
        lambda: actions.save_comments(ret=ret, said={}, by=w.authoriser_hv, **at),
        lambda: actions.send_back(ret=ret, note="Again.", by=w.authoriser_hv, **at),
        lambda: actions.submit(ret=ret, by=w.authoriser_hv, **at),
    )
    for act in (*writes, *checks):
        with pytest.raises(Refused, match="say what is true of you and this child"):
            act()
    make.declared(ret, newer)
    actions.hand_over(ret=ret, by=newer, **at)
    for act in checks:
        with pytest.raises(Refused, match="say what is true of you and this child"):
            act()
    make.declared(ret, w.authoriser_hv)
    actions.submit(ret=ret, by=w.authoriser_hv, **at)
