import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest

from candour.people.roles import ServiceKind
from candour.tools.document import read as read_document
from candour.tools.documents import documents
from candour.tools.word import Given, Unreadable, read, write

CORE, SENSE = (
    read_document(next(raw for raw in documents() if raw["code"] == code)) for code in ("core", "sense-check")
)
PART = "word/document.xml"


def find(code, number):
    return next((tool for tool in (CORE, SENSE) if (tool.code, tool.number) == (code, number)), None)


def changed(raw, change, name=PART):
    """The same file with one part changed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            data = old.read(item)
            new.writestr(item, change(data.decode()).encode() if item == name else data)
    return out.getvalue()


def filled(raw, answers):
    """The form with words in its controls, as Word leaves them: by tag, the placeholder gone."""

    def fill(xml):
        for tag, text in answers.items():
            shown = "(?:<w:rPr><w:rStyle [^>]*/></w:rPr>)?<w:t>[^<]*</w:t>"
            pattern = rf'(<w:tag w:val="{re.escape(tag)}"/><w:id w:val="\d+"/>)<w:showingPlcHdr/>(.*?){shown}'
            xml, done = re.subn(pattern, rf"\1\2<w:t>{text}</w:t>", xml, count=1)
            assert done, tag
        return xml

    return changed(raw, fill)


ANSWERS = {
    "context-work": "Universal service.",
    "context-seen.date": "3 June 2026",
    "context-household": "Partly",
    "context-household.note": "Page 4",
    "recognition-grade": "Requires improvement",
    "recognition-grade.reason": "Seen late.",
    "recognition-good": "One</w:t></w:r></w:p><w:p><w:r><w:t>Two",
}
READ = {
    "context-work": {"text": "Universal service."},
    "context-seen": {"date": "2026-06-03"},
    "context-household": {"choice": "partly", "note": "Page 4"},
    "recognition-grade": {"grade": "requires-improvement", "reason": "Seen late."},
    "recognition-good": {"text": "One\nTwo"},
}


@pytest.mark.parametrize("kind", ServiceKind.values)
def test_a_blank_form_reads_as_empty(kind):
    form = read(write(CORE, kind, case="4"), find)
    assert (form.tool, form.version, form.agency, form.case) == ("core", 1, kind, "4")
    assert form.answers == {}
    assert form.warnings == []


def test_a_filled_form_reads_by_its_tags():
    form = read(filled(write(CORE, "health-visiting"), ANSWERS), find)
    assert form.answers == READ
    assert form.warnings == []
    assert form.case == ""


def test_a_form_that_lost_its_tags_reads_by_its_rows():
    raw = changed(filled(write(CORE, "health-visiting"), ANSWERS), lambda xml: re.sub(r"<w:tag [^>]*/>", "", xml))
    form = read(raw, find)
    assert form.answers == READ
    assert form.warnings == ["The form has lost its tags, as some editors do; it was read by its question numbers."]


def test_a_brief_form_and_one_without_grades():
    brief = read(write(CORE, "acute", brief=True, case="2"), find)
    assert brief.brief
    told = zipfile.ZipFile(BytesIO(write(CORE, "acute", brief=True))).read(PART).decode()
    assert "For Hospital and emergency care: at most 6 questions. It takes about 90 minutes" in told
    ungraded = filled(write(CORE, "acute", graded=False), {"recognition-grade.reason": "Well enough."})
    assert read(ungraded, find).answers["recognition-grade"] == {"reason": "Well enough."}


def test_what_cannot_be_read_is_left_out_and_said():
    given = {"context-seen.date": "last summer", "context-household": "Perhaps"}
    form = read(filled(write(CORE, "police"), given), find)
    assert form.answers == {}
    assert len(form.warnings) == 2


def test_the_date_may_be_one_that_is_not_recorded():
    form = read(filled(write(CORE, "police"), {"context-seen": "Not recorded"}), find)
    assert form.answers == {"context-seen": {"choice": "not-recorded"}}


def test_only_the_controls_can_be_filled_in():
    with zipfile.ZipFile(BytesIO(write(CORE, "gp"))) as file:
        assert '<w:documentProtection w:edit="forms" w:enforcement="1"/>' in file.read("word/settings.xml").decode()


BLANK = write(CORE, "gp")
ENTITY = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "damaged, or no Word document"),
        (b"%PDF-1.7 nothing", "damaged, or no Word document"),
        (changed(BLANK, lambda xml: xml.replace("core version", "core wersion")), "is no return"),
        (changed(BLANK, lambda xml: xml.replace("core version 1", "core version 9")), "not known here"),
        (changed(BLANK, lambda xml: xml[: len(xml) // 2]), "damaged"),
        (changed(BLANK, lambda xml: xml.replace("<w:document", ENTITY + "<w:document", 1)), "definitions"),
        (changed(BLANK, lambda xml: xml + " " * 11_000_000), "once unpacked"),
        (b"x" * (21 * 1024 * 1024), "larger than a return can be"),
    ],
)
def test_what_is_no_form_is_refused_in_a_sentence(raw, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read(raw, find)


def test_a_zip_that_is_no_word_file_is_refused():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("hello.txt", "hello")
    with pytest.raises(Unreadable, match="no Word document"):
        read(out.getvalue(), find)


TAKEN = datetime(2026, 11, 23, 9, 30, 15, tzinfo=UTC)


def everything(kind, tool=CORE):
    """An answer to every question of a service, each part of it filled."""
    whole = {}
    for question in tool.questions(kind):
        key = question.options[-1].key if question.options else ""
        two = "Seen on the day.\n\nSee page 4, <b>bold</b> & “so on”."
        whole[question.key] = {
            "text": {"text": two},
            "points": {"text": "One\nTwo"},
            "grade": {"grade": key, "reason": two},
            "date": {"date": "2026-06-03"},
            "number": {"number": "3.5"},
            "multi-choice": {"choices": key, "note": "Page 4"},
        }.get(question.type, {"choice": key, "note": "Page 4"})
    return whole


def with_answers(kind="health-visiting", answers=None, tool=CORE, **more):
    given = Given("abcd", "Case 4 · Health visiting", TAKEN, everything(kind, tool) if answers is None else answers)
    return write(tool, kind, case="2026-03/4", given=given, **more)


@pytest.mark.parametrize("kind", ["health-visiting", "gp"])
def test_a_form_with_answers_reads_back_with_every_one(kind):
    form = read(with_answers(kind), find)
    assert form.answers == everything(kind)
    assert form.warnings == []
    assert (form.case, form.ret, form.taken) == ("2026-03/4", "abcd", TAKEN)


def test_a_form_with_answers_that_lost_its_tags_keeps_every_one():
    form = read(changed(with_answers(), lambda xml: re.sub(r"<w:tag [^>]*/>", "", xml)), find)
    assert form.answers == everything("health-visiting")
    assert (form.ret, form.taken) == ("abcd", TAKEN)


def test_a_form_of_which_the_controls_kept_their_first_lines_only_keeps_every_answer():
    line = r"<w:p>(?:(?!</w:p>).)*</w:p>"
    control = re.compile(f"(<w:sdtContent>{line})((?:{line})+)(</w:sdtContent></w:sdt>)")
    raw = changed(with_answers(), lambda xml: control.sub(r"\1\3\2", xml))
    assert read(raw, find).answers == everything("health-visiting")


def test_a_form_without_grades_that_lost_its_tags_keeps_its_reasons():
    raw = with_answers(graded=False, answers={"recognition-grade": {"reason": "Well enough."}})
    form = read(changed(raw, lambda xml: re.sub(r"<w:tag [^>]*/>", "", xml)), find)
    assert form.answers == {"recognition-grade": {"reason": "Well enough."}}


def test_what_no_document_can_hold_is_left_out_of_a_form():
    odd = {"context-work": {"text": "Bell\x07 and\x0b break"}, "context-seen": {"choice": "not-recorded"}}
    assert read(with_answers(answers=odd), find).answers == {
        "context-work": {"text": "Bell and break"},
        "context-seen": {"choice": "not-recorded"},
    }


def test_a_time_that_cannot_be_is_no_time():
    raw = changed(with_answers(), lambda xml: xml.replace("2026-11-23 09:30:15", "2026-13-23 09:30:15"))
    assert (read(raw, find).ret, read(raw, find).taken) == ("abcd", None)


SCRIPTS = {
    "context-work": {"text": "العربية من اليمين\nثم سطر ثان"},
    "context-household": {"choice": "no", "note": "She said “שלום” to him 😀 twice"},
    "recognition-grade": {"grade": "good", "reason": "日本語 text 中文"},
    "recognition-good": {"text": "or choose to stay\nWhy this grade? She asked\na tab\there & <b>"},
}


def test_words_in_any_script_and_words_like_a_hint_are_kept_as_written():
    assert read(with_answers(answers=SCRIPTS), find).answers == SCRIPTS
    lost = changed(with_answers(answers=SCRIPTS), lambda xml: re.sub(r"<w:tag [^>]*/>", "", xml))
    assert read(lost, find).answers == SCRIPTS


def test_what_answers_a_question_that_is_not_asked_is_left_out_and_said():
    raw = filled(write(CORE, "police", case="4"), {"context-work": "Response.", "police-child": "Yes"})
    strange = changed(raw, lambda xml: xml.replace("police-child", "voice-behaviour").replace("· police ·", "· gp ·"))
    form = read(strange, find)
    assert form.answers == {"context-work": {"text": "Response."}}
    assert form.warnings == [
        "Answers in the form to what is not asked here were left out: “Was the child’s behaviour read as telling "
        "something?”."
    ]


def again(xml):
    """A control with two scripts as LibreOffice 7.4 writes it: whole, then each piece with the whole behind it."""
    whole = '<w:sdt><w:sdtPr><w:alias w:val="1.1"/></w:sdtPr><w:sdtContent><w:r>{}<w:t>{}</w:t></w:r></w:sdtContent></w:sdt>'
    said = "a עברית b"
    pieces = ["", "<w:t>עברית</w:t>", "<w:t>b</w:t>"]
    told = "".join(whole.format(piece, said) for piece in pieces)
    return re.sub(r'<w:sdt><w:sdtPr><w:alias w:val="1.1"/>.*?</w:sdt>', f"<w:p>{told}</w:p>", xml, count=1, flags=re.S)


def test_what_an_editor_wrote_again_and_again_is_read_once():
    assert read(changed(BLANK, again), find).answers == {"context-work": {"text": "a עברית b"}}


def test_a_form_prints_on_a4_with_its_name_and_page_at_the_foot_and_breaks_between_rows():
    with zipfile.ZipFile(BytesIO(write(CORE, "gp", case="4"))) as file:
        body, foot = (file.read(name).decode() for name in (PART, "word/footer1.xml"))
    assert re.search(r'<w:pgSz w:w="1190[56]" w:h="1683[78]"/>', body)
    assert body.count("<w:cantSplit/>") == len(CORE.questions("gp")) == body.count("<w:tr>")
    assert "core version 1 · gp · case 4 · page " in foot
    assert re.findall(r'w:instr="(\w+)"', foot) == ["PAGE", "NUMPAGES"]
    assert body.count('<w:rStyle w:val="PlaceholderText"/>') == body.count("<w:showingPlcHdr/>") > 20


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
def test_forms_survive_libreoffice_with_every_answer(tmp_path):
    (tmp_path / "by-hand.docx").write_bytes(filled(write(CORE, "health-visiting", case="4"), ANSWERS))
    (tmp_path / "taken.docx").write_bytes(with_answers())
    (tmp_path / "scripts.docx").write_bytes(with_answers(answers=SCRIPTS))
    to = [f"-env:UserInstallation=file://{tmp_path}/home", "--headless", "--convert-to", "docx", "--outdir"]
    files = [str(path) for path in sorted(tmp_path.glob("*.docx"))]
    subprocess.run(["soffice", *to, str(tmp_path / "out"), *files], check=True, capture_output=True)
    names = ("by-hand", "taken", "scripts")
    by_hand, taken, scripts = (read((tmp_path / "out" / f"{name}.docx").read_bytes(), find) for name in names)
    assert scripts.answers == SCRIPTS
    assert (by_hand.answers, by_hand.case) == (READ, "4")
    assert (taken.answers, taken.ret, taken.taken) == (everything("health-visiting"), "abcd", TAKEN)
