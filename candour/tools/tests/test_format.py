import copy

import pytest

from candour.tools.documents import LIBRARY, Faulty, documents, parse
from candour.tools.format import faults


@pytest.fixture
def core():
    return copy.deepcopy(next(raw for raw in documents() if raw["code"] == "core"))


def test_every_shipped_tool_is_without_fault():
    assert documents()
    for path in LIBRARY.glob("*.yaml"):
        assert faults(parse(path.read_text(encoding="utf-8"))) == []


def test_what_is_no_tool_is_said_so():
    assert faults([]) == ["A tool is a set of named parts: code, name, number, minutes, about, sections."]
    with pytest.raises(Faulty, match="This is not YAML"):
        parse("a: [")


def test_each_missing_part_is_named(core):
    del core["name"]
    core["minutes"] = "long"
    core["colour"] = "green"
    assert faults(core) == [
        "The tool has no name.",
        "The tool's minutes must be a whole number, 1 or more.",
        "The tool has a part “colour” that means nothing here.",
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda c: c.update(code="Core Tool"), "The code “Core Tool” may hold small letters"),
        (lambda c: c.update(sections=[]), "The tool has no sections."),
        (lambda c: c["sections"].append("x"), "Section 9 must have a key"),
        (lambda c: c["sections"][0].pop("title"), "Section 1 has no title."),
        (lambda c: c["sections"][0].update(key="A B"), "Section 1 needs a key"),
        (lambda c: c["sections"][0].update(domain="weather"), "Section 1 must name its domain: one of recognition"),
        (lambda c: c["sections"][0].update(questions={}), "Section 1 asks nothing."),
        (lambda c: c["sections"][0].update(questions="x"), "The questions of section 1 must be a list."),
        (lambda c: c["sections"][1]["questions"].append("x"), "Question 5 of section 2 must have a key"),
        (lambda c: c["sections"][1]["questions"][0].update(key="Z"), "Question 1 of section 2 needs a key"),
        (lambda c: c["sections"][1]["questions"][0].update(key="a-grade"), "has a key that ends like those"),
        (lambda c: c["sections"][1]["questions"][0].pop("ask"), "Question 1 of section 2 asks nothing."),
        (lambda c: c["sections"][1]["questions"][0].update(type="essay"), "must have a type: one of yes-partly-no"),
        (lambda c: c["sections"][0]["questions"][3].update(options=[]), "a choice of fewer than two answers"),
        (lambda c: c["sections"][0]["questions"][3]["options"][0].pop("label"), "an answer without a key"),
        (lambda c: c["sections"][1]["grade"]["descriptors"].pop("good"), "does not say what is meant by Good"),
        (lambda c: c["sections"][1]["grade"].pop("ask"), "The grade of section 2 does not say what it asks."),
        (lambda c: c["variants"].update(florist={}), "“florist” is no kind of service"),
        (lambda c: c["variants"]["police"]["drop"].append("nothing"), "drops “nothing”"),
        (lambda c: c["variants"]["police"]["add"][0].update(section="x"), "must name the section"),
        (lambda c: c["variants"]["police"]["add"][0].update(key="context-work"), "stands for more than one question"),
        (lambda c: c["sections"][1].update(key="context"), "stands for more than one section"),
        (lambda c: c["brief"]["keep"].append("nothing"), "The brief variant keeps “nothing”"),
        (lambda c: c["brief"]["keep"].append("impact-grade"), "A brief return may have 6 questions at most."),
        (
            lambda c: c["variants"]["gp"].update(drop=[]),
            "A return from GP practice would have 32 questions; at most 15",
        ),
    ],
)
def test_every_fault_is_a_sentence(core, change, sentence):
    change(core)
    assert any(sentence in fault for fault in faults(core)), faults(core)
