"""What a return asks as its answers come in: questions that wait for another, numbers, several answers to one."""

import pytest

from candour.appraisal import actions, queries
from candour.appraisal.models import Answer
from candour.appraisal.tests import factories as make
from candour.appraisal.tests.test_pages import post_section, text
from candour.focus.models import Audit
from candour.kernel.errors import Refused
from candour.people.tests.factories import AT, sign_in, world
from candour.tools.documents import parse
from candour.tools.models import Tool, ToolVersion
from candour.tools.tests.test_conditions import TOOL

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world()


@pytest.fixture
def ret(w):
    on = make.audit(w)
    tool = Tool.objects.create(partnership=w.partnership, code="short", name="A short tool")
    version = ToolVersion.objects.create(tool=tool, number=1, document=parse(TOOL), published_at=AT)
    Audit.objects.filter(pk=on.pk).update(tool=version)
    return make.draft(w, on, w.police)


def say(ret, **answers):
    document = queries.document(ret)
    seen = {answer.question: answer.version for answer in Answer.objects.filter(ret=ret)}
    rows = [make.given(document.question(key), value, seen.get(key, 0)) for key, value in answers.items()]
    actions.save_answers(ret=ret, given=rows, by=ret.auditor, at=make.AT)


def keys(ret):
    return [question.key for question in queries.gaps(ret)]


def test_a_question_that_is_not_asked_is_no_gap(ret):
    assert keys(ret) == ["hurt"]
    say(ret, hurt={"choice": "yes"})
    assert keys(ret) == ["marks", "seen-by", "told"]
    say(ret, hurt={"choice": "no"})
    assert keys(ret) == []
    actions.hand_over(ret=ret, by=ret.auditor, at=make.AT)


def test_what_was_answered_stays_when_it_is_asked_no_more(client, ret):
    say(ret, hurt={"choice": "yes"}, marks={"number": "3"})
    say(ret, hurt={"choice": "no"})
    assert Answer.objects.get(ret=ret, question="marks").value == {"number": "3"}
    sign_in(client, ret.auditor)
    for page in (f"/returns/{ret.pk}/section/one/", f"/returns/{ret.pk}/check/"):
        told = text(client.get(page))
        assert "How many marks?" in told
        assert told.count("Not asked any more") == 1
        assert "Who saw it?" not in told
    sections = queries.on_paper(ret, make.AT)["sections"]
    notes = {one["heading"]: one["note"] for section in sections for one in section["questions"]}
    assert notes["1.2 How many marks?"] == "Not asked any more: another answer has changed since."
    assert notes["1.1 Was there an injury?"] == ""


def test_the_page_opens_what_an_answer_asks_for(client, ret):
    sign_in(client, ret.auditor)
    page = text(client.get(f"/returns/{ret.pk}/section/one/"))
    assert "Was there an injury?" in page
    assert "How many marks?" not in page
    page = text(post_section(client, ret, "one", follow=True, hurt="yes", hurt__seen=0))
    assert "Your answer asks for more: see 1.2" in page
    assert "How many marks?" in page
    assert 'name="q.seen-by.pick.nurse"' in page
    assert "A matron" not in page


def test_a_number_and_several_answers_are_saved(client, ret):
    say(ret, hurt={"choice": "yes"})
    sign_in(client, ret.auditor)
    typed = {"marks__figure": "1,200", "marks__seen": 0, "seen_by__pick__doctor": "on", "seen_by__pick__nurse": "on"}
    post_section(client, ret, "one", **typed, seen_by__seen=0, seen_by__note="Page 2")
    held = {answer.question: answer.value for answer in Answer.objects.filter(ret=ret)}
    assert held["marks"] == {"number": "1200"}
    assert held["seen-by"] == {"choices": "nurse doctor", "note": "Page 2"}
    page = text(post_section(client, ret, "one", marks__figure="some", marks__seen=1))
    assert "Enter a number, such as 12 or 3.5" in page
    assert 'value="some"' in page
    page = text(client.get(f"/returns/{ret.pk}/check/"))
    assert "1200 marks" in page
    assert "A nurse; A doctor" in page


def test_a_section_that_is_not_asked_is_passed_over(client, ret):
    say(ret, hurt={"choice": "no"})
    sign_in(client, ret.auditor)
    assert "First" in text(client.get(f"/returns/{ret.pk}/"))
    assert "Second" not in text(client.get(f"/returns/{ret.pk}/"))
    data = {"q.hurt": "no", "q.hurt.seen": 1, "go": "next"}
    assert client.post(f"/returns/{ret.pk}/section/one/", data)["Location"] == f"/returns/{ret.pk}/check/"
    say(ret, hurt={"choice": "yes"})
    with pytest.raises(Refused, match=r"3 answers are still to come: 1\.2, 1\.3, 2\.1"):
        actions.hand_over(ret=ret, by=ret.auditor, at=make.AT)
