from datetime import timedelta

import pytest
from django.test import Client

from candour.appraisal import actions, queries
from candour.appraisal.models import Answer, Given, Revision
from candour.appraisal.tests import factories as make
from candour.kernel.errors import Refused
from candour.people.tests.factories import sign_in, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
LATER = make.AT + timedelta(minutes=5)


@pytest.fixture
def w():
    return world()


@pytest.fixture
def ret(w):
    return make.draft(w, make.audit(w), w.health_visiting)


def question(ret, key):
    return queries.document(ret).question(key)


def save(ret, *given, by=None, at=LATER):
    return actions.save_answers(ret=ret, given=given, by=by or ret.auditor, at=at)


def text(ret, key="context-work"):
    return Answer.objects.get(ret=ret, question=key).value


def test_a_first_answer_is_kept_with_its_revision(ret):
    asked = question(ret, "context-work")
    saved = save(ret, make.given(asked, {"text": "Health visiting."}))
    assert saved.versions == {"context-work": 1}
    assert text(ret) == {"text": "Health visiting."}
    assert [row.value for row in Revision.objects.all()] == [{"text": "Health visiting."}]


def test_each_save_makes_a_revision_and_the_old_text_stays(ret):
    asked = question(ret, "context-work")
    save(ret, make.given(asked, {"text": "One"}))
    assert save(ret, make.given(asked, {"text": "Two"}, seen=1)).versions == {"context-work": 2}
    told = [row.value for row, _ in queries.history(ret, asked)]
    assert told == [{"text": "Two"}, {"text": "One"}]


def test_saving_the_same_twice_is_saving_once(ret):
    given = make.given(question(ret, "context-work"), {"text": "One"})
    assert save(ret, given).versions == save(ret, given).versions == {"context-work": 1}
    assert Revision.objects.count() == 1


def test_nothing_said_makes_no_row(ret):
    assert save(ret, Given(question(ret, "context-work"), None, False, 0)).versions == {}
    assert not Answer.objects.exists()


def test_an_answer_can_be_taken_away_and_stays_on_record(ret):
    asked = question(ret, "context-work")
    save(ret, make.given(asked, {"text": "One"}))
    save(ret, Given(asked, None, False, 1))
    assert text(ret) is None
    assert Revision.objects.count() == 2


def test_a_stale_save_loses_neither_text(ret):
    asked = question(ret, "context-work")
    save(ret, make.given(asked, {"text": "Base"}))
    save(ret, make.given(asked, {"text": "Theirs"}, seen=1))
    mine = make.given(asked, {"text": "Mine"}, seen=1)
    for _ in range(2):
        saved = save(ret, mine)
        assert [clash.given for clash in saved.clashes] == [mine]
        assert saved.clashes[0].theirs.value == {"text": "Theirs"}
        assert saved.versions == {}
    assert text(ret) == {"text": "Theirs"}
    aside = Revision.objects.get(aside=True)
    assert (aside.value, aside.by) == ({"text": "Mine"}, ret.auditor)


def test_what_was_not_touched_does_not_clash(ret):
    first, second = question(ret, "context-work"), question(ret, "recognition-first")
    save(ret, make.given(first, {"text": "Base"}))
    save(ret, make.given(first, {"text": "Theirs"}, seen=1))
    saved = save(ret, make.given(first, {"text": "Base"}, seen=1), make.given(second, {"text": "New"}))
    assert saved.clashes == ()
    assert saved.versions == {"recognition-first": 1}
    assert text(ret) == {"text": "Theirs"}


def test_two_who_begin_the_same_answer_clash_too(ret):
    asked = question(ret, "context-work")
    save(ret, make.given(asked, {"text": "Theirs"}))
    assert len(save(ret, make.given(asked, {"text": "Mine"})).clashes) == 1


def test_a_mark_of_privacy_is_a_change_of_its_own(ret):
    asked = question(ret, "context-work")
    save(ret, make.given(asked, {"text": "One"}))
    save(ret, make.given(asked, {"text": "One"}, seen=1, private=True))
    answer = Answer.objects.get()
    assert (answer.private, answer.version) == (True, 2)


def test_only_the_named_auditor_writes(w, ret):
    given = make.given(question(ret, "context-work"))
    for other in (w.auditor_police, w.authoriser_hv, w.contact_hv, w.coordinator):
        with pytest.raises(Refused, match="write a return"):
            save(ret, given, by=other)


def test_nothing_is_saved_where_the_return_is_not_being_written(w):
    ret = make.handed_over(w, make.audit(w), w.health_visiting)
    before = Revision.objects.count()
    with pytest.raises(Refused, match="Your text is still on this page"):
        save(ret, make.given(question(ret, "context-work"), {"text": "Late"}, seen=1))
    assert Revision.objects.count() == before


def test_a_save_writes_no_entry_and_asks_little(ret, django_assert_num_queries):
    asked = question(ret, "context-work")
    save(ret, make.given(asked, {"text": "One"}))
    entries = Entry.objects.count()
    auditor = ret.auditor
    with django_assert_num_queries(6):  # savepoint and release, the return, the answer, its new text, the revision
        save(ret, make.given(asked, {"text": "Two"}, seen=1), by=auditor)
    assert Entry.objects.count() == entries


def test_the_grade_stands_in_plain_beside_its_sealed_reason(ret):
    save(ret, make.given(question(ret, "recognition-grade"), {"grade": "good", "reason": make.CANARY}))
    answer = Answer.objects.get()
    assert (answer.grade, answer.domain, answer.section) == ("good", "recognition", "recognition")
    assert make.CANARY not in str(Answer.objects.values_list("grade", "question").get())


@pytest.mark.parametrize("seen", ["²", "9" * 40])
def test_a_version_that_is_none_breaks_nothing(w, seen):
    draft = make.answer(make.draft(w, make.audit(w), w.police))
    said = {"q.recognition-grade": "good", "q.recognition-grade.reason": "Else.", "q.recognition-grade.seen": seen}
    answer = sign_in(Client(), draft.auditor).post(f"/returns/{draft.pk}/section/recognition/", said)
    assert answer.status_code in (302, 409)
