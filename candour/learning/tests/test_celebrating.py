"""Good practice goes on to be learnt from only with the leave of whoever wrote it."""

import pytest

from candour.appraisal import actions, queries
from candour.appraisal.models import Point
from candour.appraisal.tests import factories as make
from candour.kernel.errors import Refused
from candour.learning import queries as learning
from candour.notices.models import Message
from candour.people.tests.factories import sign_in, world

pytestmark = pytest.mark.django_db
GONE = [(pk, "not in the return any more") for pk in ("0" * 16, "\0", "")]


@pytest.fixture
def w():
    return world()


@pytest.fixture
def ret(w):
    return make.submitted(
        w, make.audit(w), w.health_visiting, said="She drew the family’s week.", private=("voice-good",)
    )


def line(ret, private=False):
    return Point.objects.filter(ret=ret, kind="good", private=private).first()


def press(client, ret, what):
    return client.post(f"/returns/{ret.pk}/celebrate/", {"what": what}, follow=True).content.decode()


def celebrated(ret):
    return [passage.key for passage in learning.passages(ret.audit) if passage.celebrated]


def test_a_line_goes_to_learning_when_its_author_agrees(client, w, ret):
    point = line(ret)
    sign_in(client, w.authoriser_hv)
    assert "Good practice to celebrate" in client.get(f"/returns/{ret.pk}/check/").content.decode()
    assert "The author is asked" in press(client, ret, f"mark:{point.pk}")
    message = Message.objects.get(subject__contains="may this be passed on")
    assert message.to_user == w.auditor_hv
    assert "family" not in message.body
    assert "Only whoever wrote this line" in press(client, ret, f"agree:{point.pk}")
    actions.release(audit=ret.audit, by=w.coordinator, at=make.AT)
    assert celebrated(ret) == []
    sign_in(client, w.auditor_hv)
    assert "The author agreed" in press(client, ret, f"agree:{point.pk}")
    assert celebrated(ret) == [f"point:{point.pk}"]
    assert "rather not" in press(client, ret, f"refuse:{point.pk}")
    assert celebrated(ret) == []
    press(client, ret, f"unmark:{point.pk}")
    assert not Point.objects.exclude(leave="").exists()


def test_who_marks_their_own_line_agrees(w, ret):
    point = actions.celebrate(ret=ret, pk=line(ret).pk, by=w.auditor_hv, at=make.AT)
    assert point.celebrated
    assert actions.celebrate(ret=ret, pk=point.pk, by=w.authoriser_hv, at=make.AT).celebrated_by == w.auditor_hv
    assert not Message.objects.filter(subject__contains="passed on").exists()


def test_leave_given_for_other_words_is_leave_no_more(w, ret):
    point = actions.celebrate(ret=ret, pk=line(ret).pk, by=w.auditor_hv, at=make.AT)
    actions.reopen(ret=ret, reason="Shorter.", by=w.coordinator, at=make.AT)
    with pytest.raises(Refused, match="once it is submitted"):
        actions.celebrate_no_more(ret=ret, pk=point.pk, by=w.auditor_hv, at=make.AT)
    question = queries.document(ret).question(f"{point.section}-good")
    given = [make.given(question, {"text": "Other words."}, seen=1)]
    actions.save_answers(ret=make.fresh(ret), given=given, by=w.auditor_hv, at=make.AT)
    actions.hand_over(ret=make.fresh(ret), by=w.auditor_hv, at=make.AT)
    actions.submit(ret=make.fresh(ret), by=w.authoriser_hv, at=make.AT)
    point.refresh_from_db()
    assert (point.text, point.leave, point.celebrated_at) == ("Other words.", "", None)


def test_what_cannot_be_celebrated_says_why(w, ret):
    for pk, why in ((line(ret, private=True).pk, "only for the coordinator"), *GONE):
        with pytest.raises(Refused, match=why):
            actions.celebrate(ret=ret, pk=pk, by=w.auditor_hv, at=make.AT)
    with pytest.raises(Refused, match="Nobody has marked"):
        actions.give_leave(ret=ret, pk=line(ret).pk, agreed=True, by=w.auditor_hv, at=make.AT)
    with pytest.raises(Refused, match="do not hold a role"):
        actions.celebrate(ret=ret, pk=line(ret).pk, by=w.coordinator, at=make.AT)
