import pytest

from candour.people.models import ServiceKind
from candour.tools.document import DOMAINS, GRADES, Question, label_of, read
from candour.tools.documents import documents

CORE = read(next(raw for raw in documents() if raw["code"] == "core"))


@pytest.mark.parametrize("kind", ServiceKind.values)
def test_no_service_is_asked_more_than_it_can_answer(kind):
    most = 15 if kind in (ServiceKind.SCHOOL, ServiceKind.GP) else 30
    assert 12 < CORE.length(kind) <= most


def test_a_brief_contact_is_asked_six_questions_whatever_the_kind():
    assert {CORE.length(kind, brief=True) for kind in ServiceKind.values} == {6}


def test_the_sections_stand_in_the_order_of_the_work():
    keys = [section.key for section in CORE.sections("social-care")]
    assert keys == [
        "context", "recognition", "assessment", "planning", "joint-working", "voice", "impact", "overall",
    ]  # fmt: skip


def test_every_section_but_the_facts_ends_with_a_grade_and_three_lists():
    for section in CORE.sections("social-care")[1:]:
        endings = [question.key for question in section.questions[-4:]]
        assert endings == [f"{section.key}-{end}" for end in ("grade", "good", "develop", "recommend")]
        assert [option.key for option in section.questions[-4].options] == list(GRADES)
        assert section.domain in DOMAINS
    assert not CORE.sections("social-care")[0].graded


def test_questions_are_numbered_as_the_service_meets_them():
    section = CORE.sections("school")[1]
    assert [question.number for question in section.questions] == ["2.1", "2.2", "2.3", "2.4", "2.5", "2.6"]


def test_a_question_added_for_one_kind_is_asked_of_no_other():
    assert "police-child" in {q.key for q in CORE.questions("police")}
    for kind in (*ServiceKind.values, ""):
        if kind != "police":
            assert "police-child" not in {q.key for q in CORE.questions(kind)}


def test_without_grades_each_is_asked_for_in_words_alone():
    grades = [q for q in CORE.questions("police", graded=False) if q.type == "grade"]
    assert len(grades) == 7
    assert all(not question.options for question in grades)


def test_a_dropped_question_can_still_be_read():
    assert "joint-meetings" not in {q.key for q in CORE.questions("social-care")}
    question = CORE.question("joint-meetings")
    assert question is not None
    assert label_of(question, "partly") == "Partly"
    assert label_of(question, "retired") == "retired"


def test_every_graded_domain_is_named_once():
    assert CORE.domains() == (
        "recognition", "assessment", "planning", "joint-working", "voice", "impact", "overall",
    )  # fmt: skip


def test_only_the_lists_do_not_count():
    assert Question("x", "text", "?", "s", "overall").counts
    assert not Question("x", "points", "?", "s", "overall", points="good").counts
