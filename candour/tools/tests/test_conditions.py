"""Questions that are asked only when an earlier one was answered so, and the types beside yes, partly and no."""

import copy
import re

import pytest

from candour.tools.document import condition, read
from candour.tools.documents import documents, parse
from candour.tools.format import faults
from candour.tools.tests.test_word import changed, filled
from candour.tools.values import asked, chosen, gates, headline, number
from candour.tools.word import read as read_form
from candour.tools.word import write

TOOL = """
code: short
name: A short tool
number: 1
minutes: 10
about: It shows what the format can do.
sections:
  - key: one
    title: First
    domain: overall
    questions:
      - {key: hurt, ask: "Was there an injury?", type: yes-partly-no}
      - {key: marks, ask: "How many marks?", type: number, unit: marks, when: {question: hurt, is: [yes, partly]}}
      - key: seen-by
        ask: Who saw it?
        type: multi-choice
        when: {question: hurt, is: [yes]}
        options:
          - {key: nurse, label: A nurse}
          - {key: doctor, label: A doctor}
          - {key: matron, label: A matron, retired: true}
      - {key: opinion, ask: "What did the doctor say?", type: text, when: {question: seen-by, is: [doctor]}}
  - key: two
    title: Second
    domain: voice
    when: {question: hurt, is: [yes]}
    questions:
      - {key: told, ask: "What did the child say?", type: text}
      - {key: gone, ask: "Asked once, and no more", type: text, retired: true}
brief:
  keep: [hurt]
"""
DOCUMENT = read(parse(TOOL))
QUESTIONS = DOCUMENT.questions("police")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {"hurt"}),
        ({"hurt": {"choice": "no"}}, {"hurt"}),
        ({"hurt": {"choice": "partly"}}, {"hurt", "marks"}),
        ({"hurt": {"choice": "yes"}}, {"hurt", "marks", "seen-by", "told"}),
        (
            {"hurt": {"choice": "yes"}, "seen-by": {"choices": "nurse doctor"}},
            {"hurt", "marks", "seen-by", "opinion", "told"},
        ),
        ({"hurt": {"choice": "no"}, "seen-by": {"choices": "doctor"}}, {"hurt"}),
        ({"hurt": None}, {"hurt"}),
    ],
)
def test_a_question_is_asked_when_the_one_before_is_asked_and_answered_so(answers, expected):
    assert asked(QUESTIONS, answers) == expected


def test_the_questions_that_decide_are_known():
    assert gates(QUESTIONS) == {"hurt", "seen-by"}
    assert gates(read(documents()[0]).questions("gp")) <= {q.key for q in read(documents()[0]).questions("gp")}


def test_a_condition_reads_as_words():
    told = {question.key: condition(question, QUESTIONS) for question in QUESTIONS}
    assert told["hurt"] == ""
    assert told["marks"] == "Only if 1.1 is answered “Yes” or “Partly”."
    assert told["told"] == "Only if 1.1 is answered “Yes”."


def test_what_is_retired_is_asked_of_nobody_and_can_still_be_read():
    assert "gone" not in {question.key for question in QUESTIONS}
    assert DOCUMENT.question("gone").prompt == "Asked once, and no more"
    seen = DOCUMENT.question("seen-by")
    assert [option.key for option in seen.options] == ["nurse", "doctor"]
    assert headline(seen, {"choices": "matron nurse"}) == "A matron; A nurse"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12", "12"),
        (" 1,200 ", "1200"),
        ("3.50", "3.5"),
        ("007", "7"),
        ("-2", "-2"),
        ("a few", ""),
        ("1e9", ""),
        ("", ""),
    ],
)
def test_a_number_is_kept_plainly(typed, kept):
    assert number(typed) == kept


def test_a_number_and_several_answers_read_as_words():
    assert headline(DOCUMENT.question("marks"), {"number": "3"}) == "3 marks"
    assert chosen({"choices": "a b", "note": "c"}) == {"a", "b"}
    assert chosen({"grade": "good"}) == {"good"}
    assert chosen(None) == frozenset()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda s: s[0]["questions"][1]["when"].update(question="told"), "“told”, which is no question before it"),
        (lambda s: s[0]["questions"][1]["when"].update({"is": ["maybe"]}), "answered “maybe”, which is none of its"),
        (lambda s: s[0]["questions"][1].update(when="hurt"), "must name a question"),
        (lambda s: s[0]["questions"][1].update(when={"question": "hurt", "is": []}), "must list the answers"),
        (lambda s: s[0]["questions"][0].update(options=[{"key": "a", "label": "A"}]), "which only a choice"),
        (lambda s: s[0]["questions"][2]["options"][0].update(retired=True), "fewer than two answers"),
        (lambda s: s[0]["questions"][2]["options"][0].update(key="doctor"), "two answers with the key “doctor”"),
        (lambda s: s[0]["questions"][0].update(colour="red"), "has a part “colour” that means nothing here"),
        (lambda s: s[0]["questions"][0].update(optional="perhaps"), "must say true or false for “optional”"),
        (lambda s: s[0]["questions"][0].update(hint=["x"]), "must be text"),
        (lambda s: s[0]["questions"][0].update(ask="\0"), "a character that is no text"),
        (lambda s: s[0]["questions"][0].update(ask="a\x0bb"), "a character that is no text"),
        (lambda s: s[0]["questions"][0].update(ask="\ud800"), "a character that is no text"),
        (lambda s: s[0]["questions"][0].update(retired=True), "waits for the answer to “hurt”, which is not asked of"),
    ],
)
def test_what_a_condition_or_a_type_lacks_is_said(change, sentence):
    raw = parse(TOOL)
    change(raw["sections"])
    assert any(sentence in fault for fault in faults(raw)), faults(raw)


def test_a_variant_that_drops_the_question_another_waits_for_is_told_so():
    raw = copy.deepcopy(parse(TOOL))
    raw["variants"] = {"police": {"drop": ["hurt"]}}
    assert "“marks” waits for the answer to “hurt”, which is not asked of police." in faults(raw)


ANSWERS = {"marks.number": "3", "seen-by.pick.doctor": "☒", "seen-by.note": "Page 2"}
READ = {"marks": {"number": "3"}, "seen-by": {"choices": "doctor", "note": "Page 2"}}


def find(code, version):
    return DOCUMENT


def with_ticks(raw):
    """Boxes are no placeholders: their sign stands in the text."""

    def tick(xml):
        return re.sub(r'(<w:tag w:val="seen-by.pick.doctor"/>.*?<w:t>)☐', r"\1☒", xml, count=1, flags=re.S)

    return changed(raw, tick)


@pytest.mark.parametrize("tags", [True, False])
def test_numbers_and_boxes_come_back_from_word(tags):
    texts = {tag: text for tag, text in ANSWERS.items() if "pick" not in tag}
    raw = with_ticks(filled(write(DOCUMENT, "police"), texts))
    raw = raw if tags else changed(raw, lambda xml: re.sub(r"<w:tag [^>]*/>", "", xml))
    assert read_form(raw, find).answers == READ


def test_a_number_that_is_none_is_said_and_left_out():
    form = read_form(filled(write(DOCUMENT, "police"), {"marks.number": "many"}), find)
    assert form.answers == {}
    assert form.warnings == ["1.2: the number could not be read; it was left out."]
