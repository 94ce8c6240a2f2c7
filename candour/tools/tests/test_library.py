import re
from collections import defaultdict

import pytest

from candour.people.models import ServiceKind
from candour.tools.document import DOMAINS, read
from candour.tools.documents import documents, views
from candour.tools.format import ENDINGS
from candour.tools.readability import of_tool, reading

TOOLS = {raw["code"]: read(raw) for raw in documents()}
THEMED = sorted(set(TOOLS) - {"core"})
LEAST = {"sense-check": 9}
SHORT_DOMAINS = {"sense-check": {"planning", "voice", "impact", "overall"}}
QUESTIONNAIRES = {raw["code"]: raw for raw in views()}
IDENTITY = re.compile(
    r"(?i)\b(?:name|names|called) of\b|\b(?:full|whose|their|first|last)\s+names?\b|\bwhat (?:is|was|are) .*\bcalled\b"
    r"|surname|initials|date of birth|\baddress|postcode|telephone number"
)


def test_six_tools_come_with_candour_and_the_core_tool_is_first():
    assert list(TOOLS) == [
        "core", "mash-domestic-abuse", "physical-abuse", "sense-check", "serious-youth-violence", "sexual-abuse-voice",
    ]  # fmt: skip


def test_a_return_takes_ninety_minutes_and_a_sense_check_half_of_it():
    assert {code: tool.minutes for code, tool in TOOLS.items()} == dict.fromkeys(TOOLS, 90) | {"sense-check": 45}


@pytest.mark.parametrize("kind", ServiceKind.values)
@pytest.mark.parametrize("code", TOOLS)
def test_each_kind_of_service_is_asked_no_more_than_it_can_answer(code, kind):
    most = 15 if kind in (ServiceKind.SCHOOL, ServiceKind.GP) else 30
    assert LEAST.get(code, 13) <= TOOLS[code].length(kind) <= most
    assert TOOLS[code].length(kind, brief=True) == 6


@pytest.mark.parametrize("kind", ServiceKind.values)
@pytest.mark.parametrize("code", TOOLS)
def test_each_kind_grades_every_domain_and_answers_a_question_in_its_own_words(code, kind):
    questions = TOOLS[code].questions(kind)
    assert {q.domain for q in questions if q.type == "grade"} == SHORT_DOMAINS.get(code, set(DOMAINS))
    assert "context-work" in {q.key for q in questions}
    assert len({q.key for q in questions}) == len(questions)


@pytest.mark.parametrize("kind", ServiceKind.values)
@pytest.mark.parametrize("code", THEMED)
def test_a_themed_tool_asks_each_kind_about_its_theme_and_something_of_its_own(code, kind):
    asked = {q.key for q in TOOLS[code].questions(kind)}
    core = {q.key for section in TOOLS["core"].whole for q in section.questions}
    assert len(asked - core) >= 4
    alone = asked.difference(*({q.key for q in TOOLS[code].questions(k)} for k in ServiceKind.values if k != kind))
    assert alone - core


@pytest.mark.parametrize("code", TOOLS)
def test_no_question_asks_who_somebody_is(code):
    for section in TOOLS[code].whole:
        for question in section.questions:
            assert not IDENTITY.search(question.prompt), question.prompt


@pytest.mark.parametrize("asks", ["What is the name of the child?", "What was their first name?", "State the address"])
def test_a_question_that_did_would_be_noticed(asks):
    assert IDENTITY.search(asks)


def test_a_key_asks_the_same_thing_in_every_tool():
    meant = defaultdict(set)
    for tool in TOOLS.values():
        for section in tool.whole:
            for question in section.questions:
                if not question.key.endswith(ENDINGS):
                    meant[question.key].add((question.prompt, question.type, question.section))
    assert [key for key, meanings in meant.items() if len(meanings) > 1] == []


@pytest.mark.parametrize("code", TOOLS)
def test_questions_and_hints_are_short_enough_to_be_read(code):
    for section in TOOLS[code].whole:
        for question in section.questions:
            assert len(question.prompt) <= 130, question.prompt
            assert len(question.hint) <= 130, question.hint
            assert all(len(option.description) <= 110 for option in question.options), question.key


def test_a_sense_check_asks_whether_the_learning_is_in_practice():
    options = TOOLS["sense-check"].question("sense-judgement").options
    assert [option.key for option in options] == ["embedded", "partly", "not", "cannot-tell"]


@pytest.mark.parametrize("code", TOOLS)
def test_a_tool_reads_easily(code):
    raw = next(raw for raw in documents() if raw["code"] == code)
    assert of_tool(raw).plain


@pytest.mark.parametrize(("code", "age"), [("views-child", 9), ("views-parent", 11), ("views-practitioner", 12)])
def test_what_people_are_asked_of_their_own_free_will_is_short_plain_and_never_required(code, age):
    raw = QUESTIONNAIRES[code]
    asked = read(raw).questions()
    assert raw["use"] == "views"
    assert 5 <= len(asked) <= 8
    assert all(question.optional for question in asked)
    assert of_tool(raw).age <= age
    assert reading([raw["about"]]).age <= age
    assert not any(IDENTITY.search(question.prompt) for question in asked)


def test_a_child_and_a_parent_are_told_that_they_may_say_no():
    for code in ("views-child", "views-parent"):
        assert "do not have to answer" in QUESTIONNAIRES[code]["about"]
    assert "voluntary" in QUESTIONNAIRES["views-practitioner"]["about"]
