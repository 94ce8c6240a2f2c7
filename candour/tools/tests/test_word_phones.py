"""Forms that came back from a phone's editor or from an office on the web: each loses something, and no answer goes."""

import re

import pytest

from candour.tools.tests.hostile import packed, parts_of
from candour.tools.tests.test_word import (
    ANSWERS,
    CORE,
    PART,
    READ,
    SENSE,
    changed,
    everything,
    filled,
    find,
    with_answers,
)
from candour.tools.tests.test_word_strangers import with_part
from candour.tools.word import Unreadable, read, write

LOST = "The form has lost its tags, as some editors do; it was read by its question numbers."
STRUCK = "The form holds tracked changes: what was put in was read, what was struck out was not."
KIND = "health-visiting"
FILLED = filled(write(CORE, KIND, case="4"), ANSWERS)


def unwrapped(xml):
    """No control is left, only what stood in each."""
    xml = re.sub(r"<w:sdtPr>.*?</w:sdtPr>", "", xml, flags=re.S)
    return re.sub(r"</?w:sdt(Content)?>", "", xml)


def untagged(xml):
    return re.sub(r"<w:tag [^>]*/>", "", xml)


def unmarked(xml):
    """No control says any more that what it shows is a hint."""
    return xml.replace("<w:showingPlcHdr/>", "")


def split(xml):
    """Every letter in a run of its own, on a line of its own."""

    def letters(found):
        return "\n".join(
            f'<w:r><w:t xml:space="preserve">{one}</w:t></w:r>' for one in re.findall(r"&\w+;|.", found[1])
        )

    return re.sub(r"<w:r><w:t(?: xml:space=\"preserve\")?>([^<]*)</w:t></w:r>", letters, xml)


def merged(xml):
    """The paragraphs of an answer are one, with breaks; the question's stay."""

    def cell(found):
        return (
            f"</w:tc><w:tc>{found[1]}{re.sub('</w:p>(?:<w:p/>)*<w:p>', '<w:r><w:br/></w:r>', found[2])}</w:tc></w:tr>"
        )

    return re.sub(r"</w:tc><w:tc>(<w:tcPr>.*?</w:tcPr>)(.*?)</w:tc></w:tr>", cell, unwrapped(xml), flags=re.S)


def loosened(xml):
    """An empty paragraph before and after everything in a cell."""
    empty = "<w:p/><w:p><w:r><w:t> </w:t></w:r></w:p>"
    return unwrapped(xml).replace("</w:tcPr>", f"</w:tcPr>{empty}").replace("</w:tc>", f"{empty}</w:tc>")


def restyled(xml):
    """Other fonts, spaces that do not break, attributes and bookmarks everywhere."""
    xml = unwrapped(xml).replace(
        "<w:r><w:t", '<w:bookmarkStart w:id="0" w:name="x"/><w:r w:rsidR="1"><w:rPr><w:b/></w:rPr><w:t'
    )
    return xml.replace(" · ", "\xa0·\xa0")


def strict(xml):
    return xml.replace("http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                       "http://purl.oclc.org/ooxml/wordprocessingml/main")  # fmt: skip


def inserted(xml):
    """Everything was put in while changes were tracked."""
    put = '<w:ins w:id="1" w:author="A" w:date="2026-06-03T09:00:00Z"><w:r>'
    return re.sub(r"<w:r>(.*?)</w:r>", rf"{put}\1</w:r></w:ins>", xml, flags=re.S)


def commented(xml):
    """A comment on every run."""
    mark = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="0"/></w:r>'
    return re.sub(r"(<w:r>.*?</w:r>)", rf'<w:commentRangeStart w:id="0"/>\1<w:commentRangeEnd w:id="0"/>{mark}', xml)


def twice(xml):
    """What a new editor shows, and what it offers to old ones."""
    said = '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice>'
    old = "<mc:Fallback><w:t>Update your editor</w:t></mc:Fallback></mc:AlternateContent>"
    return re.sub(r"(<w:t>[^<]*</w:t>)", rf"{said}\1</mc:Choice>{old}", xml)


def symbols(xml):
    """Boxes to tick are pictures from a font."""
    for sign, code in (("☒", "F0FE"), ("☐", "F0A8")):
        xml = xml.replace(f"<w:t>{sign}</w:t>", f'<w:sym w:font="Wingdings" w:char="{code}"/>')
    return xml


DAMAGES = {
    "the web's office takes every control": (unwrapped, [LOST]),
    "a phone takes the tags": (untagged, [LOST]),
    "a phone makes hints into text": (unmarked, []),
    "every letter for itself": (split, []),
    "every letter for itself, and no controls": (lambda xml: split(unwrapped(xml)), [LOST]),
    "paragraphs become breaks": (merged, [LOST]),
    "empty paragraphs come in": (loosened, [LOST]),
    "styles are written anew": (restyled, [LOST]),
    "the strict format": (strict, []),
    "tracked changes": (inserted, [STRUCK]),
    "comments": (commented, ["The form holds comments; they were not read."]),
    "an old way and a new": (twice, []),
    "boxes from a font": (symbols, []),
    "boxes from a font, and no controls": (lambda xml: symbols(unwrapped(xml)), [LOST]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_no_answer_is_lost(damage):
    change, warnings = DAMAGES[damage]
    form = read(changed(FILLED, change), find)
    assert (form.answers, form.case, form.warnings) == (READ, "4", warnings)


@pytest.mark.parametrize("tool", [CORE, SENSE], ids=lambda tool: tool.code)
@pytest.mark.parametrize("damage", DAMAGES)
def test_no_answer_of_a_form_that_was_taken_with_them_is_lost(damage, tool):
    change, warnings = DAMAGES[damage]
    form = read(changed(with_answers(KIND, tool=tool), change), find)
    assert (form.answers, form.ret, form.warnings) == (everything(KIND, tool), "abcd", warnings)


def test_a_blank_form_that_lost_everything_is_still_empty():
    for change, _ in DAMAGES.values():
        for tool in (CORE, SENSE):
            assert read(changed(write(tool, KIND), change), find).answers == {}


def test_a_form_of_which_the_parts_have_other_names_and_some_are_gone():
    parts = parts_of(FILLED)
    body = parts.pop(PART)
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"word/document.xml", b"/word/document2.xml")
    gone = ("docProps/app.xml", "docProps/core.xml", "word/settings.xml", "customXml/item1.xml")
    left = {name: data for name, data in parts.items() if name not in gone}
    assert read(packed({**left, "word/document2.xml": body}), find).answers == READ
    link = b'<Relationships><Relationship TargetMode="External" Target="http://192.0.2.1/x"/></Relationships>'
    raw = packed({**left, "word/document2.xml": body, "word/_rels/document2.xml.rels": link})
    assert read(raw, find).warnings == ["The file links to something outside itself; nothing was fetched from there."]


@pytest.mark.parametrize("door", [b"", b"not xml", b"<Relationships/>", b" " * 70_000])
def test_a_form_whose_list_of_parts_says_nothing_is_read_where_forms_are_read(door):
    assert read(packed({**parts_of(FILLED), "_rels/.rels": door}), find).answers == READ


def cell(number, *lines, tool=CORE):
    """The form without controls, and these paragraphs in the answer's cell of one question."""
    told = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    row = re.compile(rf"(<w:t>{re.escape(number)} .*?</w:tc><w:tc><w:tcPr>.*?</w:tcPr>).*?(</w:tc>)", re.S)
    return changed(write(tool, KIND), lambda xml: row.sub(rf"\g<1>{told}\2", unwrapped(xml), count=1))


def number_of(key):
    return next(question.number for question in CORE.questions(KIND) if question.key == key)


ODD = "“Partly – page 4” is none of the answers; it was taken as words beside them."


@pytest.mark.parametrize(
    ("key", "lines", "kept", "warned"),
    [
        ("context-household", ["Partly."], {"choice": "partly"}, ""),
        ("context-household", ["not\xa0recorded", "Page 4"], {"choice": "not-recorded", "note": "Page 4"}, ""),
        ("context-household", ["Choose an answer", "Page 4"], {"note": "Page 4"}, ""),
        ("context-household", ["Choose an answerPartly", "Page 4"], {"choice": "partly", "note": "Page 4"}, ""),
        ("context-household", ["Partly", "Where in the record, or a word morePage 4"],
         {"choice": "partly", "note": "Page 4"}, ""),
        ("context-household", ["Partly – page 4"], {"note": "Partly – page 4"}, ODD),
        ("recognition-grade", ["Good", "Why this grade?", "Early."], {"grade": "good", "reason": "Early."}, ""),
        ("context-work", ["Write hereUniversal", "service"], {"text": "Universal\nservice"}, ""),
        ("context-work", ["A number of visits."], {"text": "A number of visits."}, ""),
        ("context-seen", ["Not recorded"], {"choice": "not-recorded"}, ""),
        ("context-seen", ["3rd June, 2026", "or choose"], {"date": "2026-06-03"}, ""),
        ("context-seen", ["Day month year, such as 3 June 20263/6/26"], {"date": "2026-06-03"}, ""),
        ("context-seen", ["June 3, 2026", "Not recorded"], {"date": "2026-06-03"}, ""),
        ("context-seen", ["last summer"], None, "the date could not be read; it was left out."),
        ("context-seen", ["Click or tap to enter a date.", "or choose"], None, ""),
    ],
)  # fmt: skip
def test_a_row_in_plain_text_is_read_as_a_person_would(key, lines, kept, warned):
    number = number_of(key)
    form = read(cell(number, *lines), find)
    assert form.answers.get(key) == kept
    assert form.warnings == [LOST, *([f"{number}: {warned}"] if warned else [])]


BOXES = next(question for question in SENSE.questions(KIND) if question.type == "multi-choice")


@pytest.mark.parametrize("tick", ["☒", "☑", "✓", "✔"])
def test_boxes_that_another_hand_ticked(tick):
    first, second, *_ = (option.label for option in BOXES.options)
    form = read(cell(BOXES.number, f"{tick} {first}", f"☐ {second}", "See page 4", tool=SENSE), find)
    assert form.answers[BOXES.key] == {"choices": BOXES.options[0].key, "note": "See page 4"}
    assert form.warnings == [LOST]


def test_answers_whose_boxes_are_gone_are_not_guessed():
    form = read(cell(BOXES.number, *(option.label for option in BOXES.options), "See page 4", tool=SENSE), find)
    assert form.answers[BOXES.key] == {"note": "See page 4"}
    assert form.warnings == [LOST, f"{BOXES.number}: which answers are ticked cannot be seen; none was taken."]


STRUCK_OUT = '<w:r><w:t>Now</w:t></w:r><w:del w:id="1"><w:r><w:{0}>Before</w:{0}></w:r></w:del>'
MOVED = "<w:moveFrom><w:r><w:t>Before</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>Now</w:t></w:r></w:moveTo>"


@pytest.mark.parametrize("words", [STRUCK_OUT.format("delText"), STRUCK_OUT.format("t"), MOVED])
def test_what_was_struck_out_is_not_read(words):
    raw = changed(FILLED, lambda xml: xml.replace("<w:r><w:t>Universal service.</w:t></w:r>", words))
    form = read(raw, find)
    assert form.answers == {**READ, "context-work": {"text": "Now"}}
    assert form.warnings == [STRUCK]


def test_a_paragraph_that_was_struck_out_leaves_no_gap():
    mark = "<w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>"
    gone = f"<w:p>{mark}<w:del w:id='2'><w:r><w:delText>Two</w:delText></w:r></w:del></w:p>"
    kept = f"<w:p>{mark}<w:r><w:t>Three</w:t></w:r></w:p>"
    raw = changed(FILLED, lambda xml: xml.replace("<w:p><w:r><w:t>Two</w:t></w:r></w:p>", gone + kept))
    assert read(raw, find).answers["recognition-good"] == {"text": "One\nThree"}


def test_a_paragraph_that_was_both_struck_out_and_moved_away_is_taken_out_once():
    gone = "<w:p><w:pPr><w:rPr><w:del w:id='1'/><w:moveFrom w:id='2'/></w:rPr></w:pPr></w:p>"
    raw = changed(FILLED, lambda xml: xml.replace("<w:p><w:r><w:t>Two</w:t></w:r></w:p>", gone))
    assert read(raw, find).answers["recognition-good"] == {"text": "One"}


@pytest.mark.parametrize("name", ["del", "moveFrom"])
def test_a_file_that_is_a_deletion_itself_is_no_form(name):
    def renamed(xml):
        return xml.replace("<w:document ", f"<w:{name} ").replace("</w:document>", f"</w:{name}>")

    with pytest.raises(Unreadable):
        read(changed(FILLED, renamed), find)


def test_a_choice_that_was_changed_while_changes_were_tracked():
    new = "<w:ins w:id='1'><w:r><w:t>No</w:t></w:r></w:ins><w:del w:id='2'><w:r><w:delText>Partly</w:delText></w:r></w:del>"
    for before in (lambda xml: xml, unwrapped):
        raw = changed(changed(FILLED, lambda xml: xml.replace("<w:r><w:t>Partly</w:t></w:r>", new)), before)
        assert read(raw, find).answers["context-household"]["choice"] == "no"


def test_a_hyphen_that_does_not_break_stays():
    raw = changed(FILLED, lambda xml: xml.replace("Universal service", "Well</w:t><w:noBreakHyphen/><w:t>being"))
    assert read(raw, find).answers["context-work"] == {"text": "Well-being."}


def test_a_hint_that_was_written_over_is_an_answer_though_the_mark_stayed():
    raw = changed(write(CORE, KIND), lambda xml: xml.replace("<w:t>Write here</w:t>", "<w:t>Universal.</w:t>", 1))
    assert read(raw, find).answers == {"context-work": {"text": "Universal."}}


def test_what_is_taken_as_a_form_must_still_be_one():
    with pytest.raises(Unreadable, match="holds macros"):
        read(with_part(changed(FILLED, unwrapped), "word/vbaProject.bin", b"\xd0"), find)
