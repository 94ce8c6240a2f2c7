"""A question, an answer and a whole section that a newer version asks no more: what was answered stays readable and is
exported, under the words that it was asked in, beside an audit that has the newer version."""

import io

import pikepdf
import pytest
from django.test import Client

from candour.appraisal import actions as appraisal
from candour.appraisal import queries
from candour.appraisal.models import Return
from candour.appraisal.tests import factories as make
from candour.discussion import actions as discussions
from candour.discussion import queries as discussion
from candour.discussion.tests.factories import arranged
from candour.focus import actions as focus
from candour.focus.models import Audit
from candour.focus.tests.factories import DECIDED, ready
from candour.involvement.tests.factories import case
from candour.overview import practice
from candour.people.tests.factories import AT, sign_in, world
from candour.tools import actions as tools
from candour.tools.models import ToolVersion
from candour.tools.queries import newest
from candour.tools.tests.test_editor import fields_of
from candour.tools.word import read

pytestmark = pytest.mark.django_db

WORKER = "Did you speak with the worker who knows, or knew, the child?"
SEEN = "When did your service last see the child in the review period?"
TRIED = "I tried and could not reach them"
SAID = "As the record of 3 March shows."


@pytest.fixture
def w():
    return world()


def version_one(w):
    """A partnership's own copy of the core tool, published."""
    told = {"version": newest("core"), "partnership": w.partnership, "by": w.coordinator, "at": AT}
    return tools.publish_version(version=tools.copy_tool(code="ours", name="Ours", **told), by=w.coordinator, at=AT)


def version_two(w, first):
    """The next one, written in the editor: an answer, a question and a section are asked no more."""
    lead = sign_in(Client(), w.coordinator)
    lead.post(f"/tools/{first.pk}/next/")
    draft = ToolVersion.objects.get(tool=first.tool, number=2)
    url = f"/tools/{draft.pk}/edit/question/context-worker/"
    lead.post(url, fields_of(lead.get(url)) | {"answer_tried": ""})
    lead.post(f"/tools/{draft.pk}/edit/question/context-seen/remove/")
    lead.post(f"/tools/{draft.pk}/edit/section/joint-working/remove/")
    lead.post(f"/tools/{draft.pk}/publish/")
    return ToolVersion.objects.get(pk=draft.pk)


def audit(w, code, version):
    """An audit under way with this version, and one case."""
    row = ready(w, code)
    focus.set_tool(audit=row, tool=version, graded=True, lawful_basis="Children Act 2004", by=w.coordinator, at=AT)
    made = focus.begin_audit(audit=Audit.objects.get(pk=row.pk), by=w.coordinator, at=AT, **DECIDED)
    case(w, made, 1)
    return Audit.objects.get(pk=made.pk)


def submitted(w, on):
    """A return with every question answered; of the worker the second answer, where it is offered."""
    ret = make.draft(w, on, w.health_visiting)
    given = []
    for question in (q for section in queries.sections_of(ret) for q in section.questions):
        choice = {"choice": question.options[1].key, "note": SAID} if question.key == "context-worker" else None
        given.append(make.given(question, choice))
    appraisal.save_answers(ret=ret, given=given, by=ret.auditor, at=AT)
    appraisal.hand_over(ret=ret, by=ret.auditor, at=AT)
    appraisal.declare(ret=ret, worked_with=False, manages_worker=False, by=ret.authoriser, at=AT)
    appraisal.submit(ret=ret, by=ret.authoriser, at=AT)
    return Return.objects.with_names().get(pk=ret.pk)


@pytest.fixture
def both(w):
    """A return of an audit with the first version, and one of an audit with the second, which was published since."""
    first = version_one(w)
    old = audit(w, "2026-03", first)
    draft = make.known(w, old, w.police)
    begun = appraisal.begin(
        involvement=draft, worked_with=False, manages_worker=False, brief=False, by=w.auditor_police, at=AT
    )
    earlier = submitted(w, old)
    second = version_two(w, first)
    assert (second.number, bool(second.published_at)) == (2, True)
    return earlier, submitted(w, audit(w, "2026-04", second)), begun


def words(person, url):
    return sign_in(Client(), person).get(url).content.decode().replace("&#x27;", "'")


def held(text):
    """Which of the three are in a text."""
    return [said in text for said in (WORKER, SEEN, TRIED)]


def test_every_page_shows_an_old_answer_under_the_words_that_it_was_asked_in(w, both):
    old, new, _ = both
    for ret in (old, new):
        appraisal.release(audit=ret.audit, by=w.coordinator, at=AT)
    for ret, shown in ((old, [True, True, True]), (new, [True, False, False])):
        pages = [f"/returns/{ret.pk}/check/", f"/audits/{ret.audit_id}/returns/pack/1/"]
        assert [held(words(w.auditor_hv, url)) for url in pages] == [shown, shown]
        assert held(words(w.coordinator, f"/returns/{ret.pk}/check/")) == shown
        history = sign_in(Client(), w.coordinator).get(f"/returns/{ret.pk}/answer/context-seen/")
        assert history.status_code == (200 if ret == old else 404)
        assert ("1 June 2026" in history.content.decode()) is (ret == old)


def test_an_old_return_still_being_written_asks_what_it_began_with(w, both):
    page = words(w.auditor_police, f"/returns/{both[2].pk}/section/context/")
    assert held(page) == [True, True, True]


def test_paper_word_and_what_was_submitted_hold_every_answer(w, both):
    old, new, _ = both
    for ret, shown in ((old, [True, True, True]), (new, [True, False, False])):
        assert held(str(queries.on_paper(ret, AT))) == shown
        printed = sign_in(Client(), w.auditor_hv).post(f"/returns/{ret.pk}/copy.pdf")
        assert pikepdf.open(io.BytesIO(printed.content)).Root.MarkInfo.Marked
        form = read(queries.as_word(ret, AT), lambda code, number, ret=ret: queries.document(ret))
        answers = {key: one.value for key, one in queries.answers_of(ret).items() if one.value}
        assert (form.answers, form.version) == (answers, ret.audit.tool.number)
        assert ("context-seen" in answers) is (ret == old)
        pages = queries.as_submitted(queries.submissions(ret).get(), w.auditor_hv)
        assert {one.question.key for page in pages for one in page.filled} == set(answers)


def test_the_discussion_of_each_audit_has_its_own_dates_and_domains(w, both):
    for ret, day in zip(both, (True, False), strict=False):
        appraisal.release(audit=ret.audit, by=w.coordinator, at=AT)
        discussions.open_discussion(discussion=arranged(w, ret.audit), by=w.chair, at=AT)
        board = discussion.board(ret.case, w.chair)
        assert [label for _, _, label in board.dates if label == SEEN] == ([SEEN] if day else [])
        assert (board.line("joint-working") is not None) is day


def test_our_practice_says_what_a_version_does_not_ask(w, both):
    found = practice.of(w.contact_hv)
    line = next(line for line in found.lines if line.label == "Joint working")
    assert [cell.words for cell in line.cells] == ["1 Good", "Not asked"]
    text = words(w.contact_hv, "/our-practice/")
    assert "Not asked" in text
    paper = sign_in(Client(), w.contact_hv).post("/our-practice/pdf/", {"service": w.health_visiting.pk})
    assert pikepdf.open(io.BytesIO(paper.content)).Root.MarkInfo.Marked
    points = [point for _, lines in found.said for line in lines for point in line.points]
    said = [point for point in points if point.domain == "joint-working"]
    assert {point.ret.audit.code for point in said} == {"2026-03"}
