"""What a service kept to itself, coordinator and chair stays so on every page of a return, its history too."""

import pytest
from django.test import Client

from candour.appraisal import actions, queries
from candour.appraisal.tests import factories as make
from candour.people.tests.factories import sign_in, world

pytestmark = pytest.mark.django_db
KEPT = "recognition-grade"


@pytest.fixture
def w():
    return world()


@pytest.fixture
def ret(w):
    audit = make.audit(w)
    draft = make.answer(make.draft(w, audit, w.health_visiting))
    question = queries.document(draft).question(KEPT)
    kept = make.given(question, {"grade": "good", "reason": make.CANARY}, 1, True)
    actions.save_answers(ret=draft, given=[kept], by=draft.auditor, at=make.AT)
    actions.hand_over(ret=draft, by=draft.auditor, at=make.AT)
    ready = make.fresh(draft)
    make.declared(ready, ready.authoriser)
    actions.submit(ret=ready, by=ready.authoriser, at=make.AT)
    actions.release(audit=audit, by=w.coordinator, at=make.AT)
    return make.fresh(ready)


def said(person, ret, page):
    answer = sign_in(Client(), person).get(f"/returns/{ret.pk}/{page}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_scrutineer_reads_a_return_without_its_private_passages(w, ret):
    shown = said(w.scrutineer, ret, "check/")
    assert make.CANARY not in shown
    assert "As the record of 3 March shows." in shown
    for person in (w.auditor_hv, w.coordinator, w.chair):
        assert make.CANARY in said(person, ret, "check/")


def test_the_history_of_a_private_passage_is_as_private(w, ret):
    url = f"/returns/{ret.pk}/answer/{KEPT}/"
    assert sign_in(Client(), w.scrutineer).get(url).status_code == 404
    assert sign_in(Client(), w.chair).get(url).status_code == 200


def test_what_was_private_once_is_left_out_of_the_history_of_what_is_not(w, ret):
    ret.answers.filter(question=KEPT).update(private=False)
    shown = said(w.scrutineer, ret, f"answer/{KEPT}/")
    assert make.CANARY not in shown
    assert "As the record of 3 March shows." in shown
