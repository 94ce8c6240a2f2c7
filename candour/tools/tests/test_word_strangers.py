"""Forms that went through other hands: tags lost here and there, words beside the fields, files with something in them."""

import re
import zipfile
from io import BytesIO

import pytest

from candour.tools.tests.test_word import CORE, changed, filled, find
from candour.tools.word import Unreadable, read, write

FORM = filled(
    write(CORE, "police", case="4"),
    {"recognition-grade": "Good", "recognition-grade.reason": "Seen early.", "context-household": "Yes"},
)


def with_part(raw, name, data):
    """The same file with one part more."""
    out = BytesIO(raw)
    with zipfile.ZipFile(out, "a") as file:
        file.writestr(name, data)
    return out.getvalue()


def beside(tag, words):
    """The form with words in a paragraph of their own under a field."""
    field = re.compile(rf'(<w:tag w:val="{tag}"/>.*?</w:sdt>(?:</w:p>)?)', re.S)
    return changed(FORM, lambda xml: field.sub(rf"\1<w:p><w:r><w:t>{words}</w:t></w:r></w:p>", xml, count=1))


def test_a_field_that_lost_its_tag_while_others_kept_theirs_is_read_from_its_row():
    raw = changed(FORM, lambda xml: xml.replace('<w:tag w:val="recognition-grade.reason"/>', ""))
    assert read(raw, find).answers["recognition-grade"] == {"grade": "good", "reason": "Seen early."}


@pytest.mark.parametrize(
    ("tag", "question", "kept"),
    [
        ("recognition-first", "recognition-first", {"text": "Typed beneath"}),
        ("recognition-grade.reason", "recognition-grade", {"grade": "good", "reason": "Seen early.\nTyped beneath"}),
        ("context-household.note", "context-household", {"choice": "yes", "note": "Typed beneath"}),
    ],
)
def test_words_typed_beside_a_field_are_kept(tag, question, kept):
    assert read(beside(tag, "Typed beneath"), find).answers[question] == kept


def test_words_typed_beside_an_empty_field_are_said():
    form = read(beside("recognition-first", "Typed beneath"), find)
    assert form.warnings == ["2.1: words stand beside the field; they were taken with the answer."]


def test_words_beside_a_date_are_said_and_left_out():
    form = read(beside("context-seen.date", "Or was it May?"), find)
    assert "context-seen" not in form.answers
    assert form.warnings == ["1.2: “Or was it May?” stands beside the field; it was left out."]


def test_a_file_with_macros_is_refused():
    with pytest.raises(Unreadable, match="holds macros"):
        read(with_part(FORM, "word/vbaProject.bin", b"\xd0\xcf"), find)


def test_a_link_to_the_outside_is_said_and_not_followed():
    link = '<Relationship Id="rIdX" Type="image" Target="http://example.org/x" TargetMode="External"/></Relationships>'
    raw = changed(FORM, lambda xml: xml.replace("</Relationships>", link), "word/_rels/document.xml.rels")
    form = read(raw, find)
    assert form.warnings == ["The file links to something outside itself; nothing was fetched from there."]
    assert form.answers["context-household"] == {"choice": "yes"}


def test_a_form_for_a_strange_kind_of_service_is_refused_by_name():
    raw = changed(FORM, lambda xml: xml.replace("· police ·", "· florist ·"))
    with pytest.raises(Unreadable, match="“florist”"):
        read(raw, find)


def test_controls_within_controls_are_read_once():
    nest = "<w:sdt><w:sdtPr><w:tag w:val='x'/></w:sdtPr><w:sdtContent>" * 60 + "</w:sdtContent></w:sdt>" * 60
    raw = changed(FORM, lambda xml: xml.replace("<w:body>", f"<w:body>{nest}", 1))
    assert read(raw, find).answers["recognition-grade"]["grade"] == "good"
