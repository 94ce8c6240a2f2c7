import copy

import pytest

from candour.tools.compare import changes
from candour.tools.documents import documents

CORE = documents()[0]


def said(change):
    new = copy.deepcopy(CORE)
    change(new)
    return [f"{one.where}: {one.said}" for one in changes(CORE, new)]


def test_the_same_version_did_not_change():
    assert changes(CORE, copy.deepcopy(CORE)) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.update(minutes=60), "The tool as a whole: The minutes changed."),
        (lambda t: t["sections"].pop(), "Overall: This section is gone."),
        (lambda t: t["sections"].insert(0, t["sections"].pop(3)), "Planning and intervention: This section stands at"),
        (lambda t: t["sections"][1].update(title="Noticing"), "Noticing: Its title changed."),
        (lambda t: t["sections"][1].update(domain="voice"), "Recognition: It belongs to another domain."),
        (lambda t: t["sections"][1].pop("grade"), "Recognition: It is no longer graded."),
        (lambda t: t["sections"][1]["grade"]["descriptors"].update(good="Well"), "Recognition: What “Good” means"),
        (lambda t: t["sections"][1]["grade"].update(ask="How?"), "Recognition: The wording of the grade changed."),
        (lambda t: t["sections"][1]["questions"][0].update(ask="What?"), "Recognition: The wording of a question"),
        (lambda t: t["sections"][1]["questions"][1].update(retired=True), "before deciding what to do?” is asked no"),
        (lambda t: t["sections"][1]["questions"][1].update(optional=True), "” may now be left empty."),
        (lambda t: t["sections"][1]["questions"][1].update(when={"question": "x", "is": ["y"]}), "when it is asked"),
        (lambda t: t["sections"][1]["questions"].pop(0), "Recognition: A question is gone."),
        (lambda t: t["sections"][1]["questions"].reverse(), "” stands at another place."),
        (lambda t: t["sections"][1]["questions"].append({"key": "n", "ask": "N?", "type": "text"}), "A new question."),
        (lambda t: t["sections"][0]["questions"][3]["options"].pop(0), "” an answer is gone."),
        (lambda t: t["sections"][0]["questions"][3]["options"][0].update(retired=True), "an answer is offered no more"),
        (lambda t: t["sections"][0]["questions"][3]["options"][0].update(label="Ja"), "the words of an answer changed"),
        (lambda t: t["sections"][0]["questions"][3]["options"].reverse(), "its answers stand in another order."),
        (lambda t: t["sections"][0]["questions"][3]["options"].append({"key": "z", "label": "Z"}), "a new answer."),
        (lambda t: t["variants"]["police"]["drop"].append("voice-difference"), "Police: No longer asked: “Did what"),
        (lambda t: t["variants"]["police"].update(drop=[]), "Police: Asked again: “Did the plan say"),
        (lambda t: t["variants"]["police"]["add"].pop(0), "As asked of: Police: A question is gone."),
        (lambda t: t["brief"]["keep"].pop(), "What is asked after a brief contact changed."),
    ],
)
def test_every_change_is_told(change, sentence):
    told = said(change)
    assert any(sentence.strip("” ") in line for line in told), told


def test_a_new_section_comes_with_its_questions():
    section = {
        "key": "new",
        "title": "New",
        "domain": "voice",
        "questions": [{"key": "n", "ask": "N?", "type": "text"}],
    }
    assert said(lambda t: t["sections"].append(section)) == ["New: This section is new.", "New: A new question."]


def test_a_moved_question_is_named_and_not_those_that_it_passed():
    told = said(lambda t: t["sections"][1]["questions"].append(t["sections"][1]["questions"].pop(0)))
    assert len(told) == 1
    assert "What first suggested" in told[0]
