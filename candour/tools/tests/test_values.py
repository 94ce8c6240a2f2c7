import pytest

from candour.tools.document import NO_DATE, Option, Question
from candour.tools.values import both, headline, kept, lines, prose, whole


def question(kind, **more):
    return Question("k", kind, "?", "s", "overall", **more)


GRADE = question("grade", options=(Option("good", "Good"),))


@pytest.mark.parametrize(
    ("asked", "value", "expected"),
    [
        (question("text"), None, False),
        (question("text"), {"text": "Seen."}, True),
        (question("text", optional=True), None, True),
        (question("points", points="good"), None, True),
        (question("yes-partly-no"), {"note": "Page 3"}, False),
        (question("yes-partly-no"), {"choice": "no"}, True),
        (question("date"), {"choice": "not-recorded"}, True),
        (question("date"), {"date": "2026-03-03"}, True),
        (GRADE, {"grade": "good"}, False),
        (GRADE, {"reason": "Because."}, False),
        (GRADE, {"grade": "good", "reason": "Because."}, True),
        (GRADE, {"grade": "not-enough"}, True),
        (question("grade"), {"reason": "No grades here."}, True),
    ],
)
def test_an_answer_is_whole_when_nothing_more_is_needed(asked, value, expected):
    assert whole(asked, value) is expected


def test_what_is_kept_is_trimmed_and_never_hollow():
    assert kept({"choice": "yes", "note": "  a\r\nb "}) == {"choice": "yes", "note": "a\nb"}
    assert kept({"text": " \n"}) is None


def test_a_point_is_a_line_without_its_bullet():
    assert lines({"text": "- One\n\n • Two \nThree"}) == ["One", "Two", "Three"]
    assert lines(None) == []


def test_answers_read_as_words():
    assert headline(question("yes-partly-no", options=(Option("no", "No"),)), {"choice": "no"}) == "No"
    assert headline(question("date"), {"date": "2026-03-03"}) == "3 March 2026"
    assert headline(GRADE, {"grade": "requires-improvement"}) == "Requires improvement"
    assert headline(GRADE, None) == ""
    assert headline(GRADE, {"reason": "x"}) == ""
    assert prose({"grade": "good", "reason": "Because."}) == "Because."
    assert prose(None) == ""


def test_two_answers_become_one_and_lose_no_word():
    assert both({"text": "A"}, {"text": "B"}) == {"text": "A\n\nB"}
    assert both({"text": "A"}, {"text": "A"}) == {"text": "A"}
    assert both({"grade": "good", "reason": "A"}, {"grade": "inadequate"}) == {"grade": "inadequate", "reason": "A"}
    assert both({"date": "2026-03-03"}, {"choice": next(iter(NO_DATE))}) == {"choice": "not-recorded"}
    assert both({"choice": "not-recorded"}, {"date": "2026-03-03"}) == {"date": "2026-03-03"}
    assert both(None, None) is None
