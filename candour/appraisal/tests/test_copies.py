"""A return taken as PDF and Word, and filled forms given back."""

import io
import re
import zipfile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from candour.appraisal import actions, queries
from candour.appraisal.models import Answer, Release, Revision, WordForm
from candour.appraisal.tests import factories as make
from candour.people.tests.factories import sign_in, world
from candour.tools import word
from candour.tools.models import ToolVersion
from candour.tools.queries import document_of
from candour.tools.tests.test_word import changed
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world()


@pytest.fixture
def on(w):
    return make.audit(w, 3)


def text(response):
    return response.content.decode()


def zipped(**forms):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, raw in forms.items():
            file.writestr(f"{name}.docx", raw)
    return out.getvalue()


def give(client, ret, raw, name="form.docx", follow=True):
    return client.post(f"/returns/{ret.pk}/word/", {"file": SimpleUploadedFile(name, raw)}, follow=follow)


def save(ret, key, said):
    question = queries.document(ret).question(key)
    stands = Answer.objects.filter(ret=ret, question=key).first()
    given = make.given(question, said, seen=stands.version if stands else 0)
    actions.save_answers(ret=ret, given=[given], by=ret.auditor, at=make.NOW)


def value(ret, key):
    return Answer.objects.get(ret=ret, question=key).value


def test_the_own_copy_is_a_tagged_pdf_before_and_after_the_lock(client, w, on):
    ret = make.submitted(w, on, w.health_visiting, said="Seen on the day.\nTwice.", private=("recognition-grade",))
    sign_in(client, w.auditor_hv)
    assert "Your service’s own copy" in text(client.get(f"/returns/{ret.pk}/check/"))
    response = client.post(f"/returns/{ret.pk}/copy.pdf")
    assert response["Content-Disposition"] == 'inline; filename="return-2026-03-case-1-health-visiting.pdf"'
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-GB"
    told = str(queries.on_paper(ret, make.AT))
    for said in (
        "Seen on the day.",
        "Submitted 22 November 2026 by Authoriser Hv",
        ret.digest,
        "coordinator and the chair",
    ):
        assert said in told
    assert Entry.objects.filter(verb="take a copy", object_id=ret.pk).count() == 1


@pytest.mark.parametrize("said", ["\uf0b7 Seen\x0b at home \0", "Glad 😀 so", "ਘਰ ਵਿੱਚ ਦੇਖਿਆ", "她在家"])
def test_a_copy_can_be_taken_whatever_was_pasted_into_an_answer(client, w, on, said):
    w.health_visiting.name = "Health\x0bvisiting"
    w.health_visiting.save()
    ret = make.draft(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    sent = {"q.context-work.seen": "0", "q.context-work": said}
    assert client.post(f"/returns/{ret.pk}/section/context/", sent).status_code == 302
    assert value(ret, "context-work") == {"text": said.strip()}
    assert client.post(f"/returns/{ret.pk}/copy.pdf").content.startswith(b"%PDF-")
    assert client.post(f"/returns/{ret.pk}/copy.docx").content.startswith(b"PK")


def test_a_draft_has_a_copy_that_says_what_it_is(w, on):
    ret = make.draft(w, on, w.gp)
    assert "Being written; as it stood on 22 November 2026" in queries.on_paper(ret, make.AT)["about"]


def test_nobody_else_takes_a_copy(client, w, on):
    ret = make.submitted(w, on, w.health_visiting)
    make.submitted(w, on, w.police)
    Release.objects.create(partnership=w.partnership, audit=on, at=make.AT, by=w.coordinator)
    for person in (w.coordinator, w.chair, w.auditor_police):
        sign_in(client, person)
        assert client.post(f"/returns/{ret.pk}/copy.pdf").status_code == 403
        assert client.post(f"/returns/{ret.pk}/copy.docx").status_code == 403
    sign_in(client, w.coordinator)
    assert "own copy" not in text(client.get(f"/returns/{ret.pk}/check/"))


def test_the_word_form_holds_every_answer_and_is_known_again(client, w, on):
    ret = make.answer(make.draft(w, on, w.health_visiting))
    sign_in(client, w.auditor_hv)
    response = client.post(f"/returns/{ret.pk}/copy.docx")
    form = queries.read_form(response.content, ret, w.auditor_hv)
    assert form.answers == {a.question: a.value for a in Answer.objects.filter(ret=ret)}
    assert form.warnings == []
    give(client, ret, response.content)
    assert "stands in the return already" in text(client.get(f"/returns/{ret.pk}/word/"))


def test_a_filled_form_is_shown_before_anything_changes_and_then_taken_in(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    save(ret, "context-work", {"text": "Universal service."})
    save(ret, "recognition-first", {"text": "A bruise."})
    raw = changed(queries.as_word(ret, make.NOW), lambda xml: xml.replace("Universal service.", "Universal plus.", 1))
    hint = "<w:rPr>.{,60}</w:rPr><w:t>Write here"
    blank = re.compile(f"<w:showingPlcHdr/>(<w:richText/></w:sdtPr><w:sdtContent><w:p><w:r>){hint}")
    raw = changed(raw, lambda xml: blank.sub(r"\1<w:t>One point.", xml, count=1))
    sign_in(client, w.auditor_hv)
    page = text(give(client, ret, raw))
    assert "1 new, 1 changed, 0 to choose between, 1 as they were" in page
    assert "Universal plus." in page
    assert value(ret, "context-work") == {"text": "Universal service."}
    seen = {f"q.{one.question.key}.seen": one.seen for one in queries.understood(WordForm.objects.get()).all}
    page = client.post(f"/returns/{ret.pk}/word/take/", seen, follow=True)
    assert "The answers of your Word form are in the return" in text(page)
    assert value(ret, "context-work") == {"text": "Universal plus."}
    assert Answer.objects.filter(ret=ret).count() == 3
    assert not WordForm.objects.exists()
    assert "There is no Word form waiting" in text(client.post(f"/returns/{ret.pk}/word/take/", seen, follow=True))


@pytest.mark.parametrize(
    ("choice", "stands"),
    [("theirs", "Changed here."), ("mine", "Changed in Word."), ("both", "Changed here.\n\nChanged in Word.")],
)
def test_a_clash_is_shown_side_by_side_and_neither_text_is_lost(client, w, on, choice, stands):
    ret = make.draft(w, on, w.health_visiting)
    save(ret, "context-work", {"text": "As it was."})
    raw = changed(queries.as_word(ret, make.NOW), lambda xml: xml.replace("As it was.", "Changed in Word."))
    question = queries.document(ret).question("context-work")
    later = make.NOW + make.timedelta(minutes=5)
    given = make.given(question, {"text": "Changed here."}, seen=1)
    actions.save_answers(ret=ret, given=[given], by=ret.auditor, at=later)
    sign_in(client, w.auditor_hv)
    page = text(give(client, ret, raw))
    assert "0 new, 0 changed, 1 to choose between" in page
    assert "Changed here." in page
    assert "Changed in Word." in page
    client.post(f"/returns/{ret.pk}/word/take/", {"q.context-work.choose": choice, "q.context-work.seen": "2"})
    assert value(ret, "context-work") == {"text": stands}
    kept = "\n".join(row.value["text"] for row in Revision.objects.filter(answer__ret=ret))
    assert "Changed here." in kept
    assert "Changed in Word." in kept


def test_what_changes_between_the_page_and_the_button_is_asked_again(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    save(ret, "context-work", {"text": "As it was."})
    raw = changed(queries.as_word(ret, make.NOW), lambda xml: xml.replace("As it was.", "Changed in Word."))
    sign_in(client, w.auditor_hv)
    give(client, ret, raw)
    question = queries.document(ret).question("context-work")
    later = make.NOW + make.timedelta(minutes=5)
    given = make.given(question, {"text": "Changed here."}, seen=1)
    actions.save_answers(ret=ret, given=[given], by=ret.auditor, at=later)
    page = client.post(f"/returns/{ret.pk}/word/take/", {"q.context-work.seen": "1"}, follow=True)
    assert "Some answers changed while you were choosing" in text(page)
    assert "1 to choose between" in text(page)
    assert value(ret, "context-work") == {"text": "Changed here."}


def test_what_a_form_has_no_room_for_stays_with_its_answer(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    save(ret, "context-work", {"text": "As it was.", "record": "Visit notes", "of.Older sister": "Not seen."})
    raw = queries.as_word(ret, make.NOW)
    sign_in(client, w.auditor_hv)
    assert "stands in the return already" in text(give(client, ret, raw))
    give(client, ret, changed(raw, lambda xml: xml.replace("As it was.", "Changed in Word.")))
    client.post(f"/returns/{ret.pk}/word/take/", {"q.context-work.seen": "1"})
    assert value(ret, "context-work") == {
        "text": "Changed in Word.",
        "record": "Visit notes",
        "of.Older sister": "Not seen.",
    }


def test_a_form_let_go_changes_nothing(client, w, on):
    ret = make.draft(w, on, w.gp)
    sign_in(client, w.auditor_gp)
    give(client, ret, queries.as_word(ret, make.AT))
    assert "The form was let go" in text(client.post(f"/returns/{ret.pk}/word/leave/", follow=True))
    assert not WordForm.objects.exists()


def test_a_form_of_something_else_is_refused_by_name(client, w, on):
    ret, other = make.draft(w, on, w.health_visiting, 1), make.draft(w, on, w.health_visiting, 2)
    police = make.draft(w, on, w.police, 3)
    own = queries.document(ret)
    sign_in(client, w.auditor_hv)
    for raw, said in (
        (queries.as_word(other, make.AT), "This form is of Case 2 in audit 2026-03, Health visiting; not of Case 1"),
        (queries.as_word(police, make.AT), "This form is of another return (case 2026-03/3), not of Case 1"),
        (word.write(own, "health-visiting", case="2026-03/2"), "This form is of case 2026-03/2; not of Case 1"),
        (word.write(own, "police"), "This form is for “Police”"),
        (word.write(own, "health-visiting", brief=True), "This form is for a brief contact"),
        (
            changed(queries.as_word(ret, make.AT), lambda xml: xml.replace(" version 1 ", " version 7 ")),
            "not known here",
        ),
        (b"hello", "damaged, or no Word document (.docx). If you saved the form in another format, save it as .docx"),
        (zipped(one=queries.as_word(ret, make.AT)), "Several forms in a zip are given back under “Word forms”"),
    ):
        page = give(client, ret, raw)
        assert page.status_code == 422
        assert said in text(page)
    assert not WordForm.objects.exists()


def test_a_form_of_another_version_is_refused_by_name(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    other = ToolVersion.objects.published().get(tool__code="physical-abuse")
    sign_in(client, w.auditor_hv)
    page = text(give(client, ret, word.write(document_of(other.pk), "health-visiting")))
    assert "This form is of “physical-abuse”, version" in page
    assert "this return asks “core”" in page


def test_a_blank_form_that_names_no_case_is_taken_with_a_warning(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    page = text(give(client, ret, word.write(queries.document(ret), "health-visiting")))
    assert "This form does not say which return it is of" in page


def test_a_locked_return_takes_no_form(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    page = text(give(client, ret, queries.as_word(ret, make.AT)))
    assert "not being written at the moment" in page
    assert not WordForm.objects.exists()


@pytest.mark.parametrize("cases", [1, 3])
def test_several_forms_go_out_and_come_back_as_a_zip(client, w, on, cases, django_assert_num_queries):
    rets = [make.draft(w, on, w.health_visiting, number) for number in range(1, cases + 1)]
    foreign = make.draft(w, on, w.police, 1)
    sign_in(client, w.auditor_hv)
    client.get("/returns/word/")
    with django_assert_num_queries(7):
        client.get("/returns/word/")
    taken = client.post("/returns/word/forms.zip")
    with zipfile.ZipFile(io.BytesIO(taken.content)) as file:
        assert len(file.namelist()) == cases
    out = io.BytesIO(taken.content)
    with zipfile.ZipFile(out, "a") as file:
        file.writestr("of-the-police.docx", queries.as_word(foreign, make.AT))
    page = text(client.post("/returns/word/", {"file": SimpleUploadedFile("forms.zip", out.getvalue())}))
    assert page.count("See what it says") == cases
    assert "It names no return that you write" in page
    assert set(WordForm.objects.values_list("ret", flat=True)) == {ret.pk for ret in rets}


def test_who_writes_nothing_has_no_forms_to_take(client, w, on):
    sign_in(client, w.auditor_gp)
    page = text(client.post("/returns/word/forms.zip", follow=True))
    assert "You have no return to write at the moment" in page
    page = client.post("/returns/word/", {"file": SimpleUploadedFile("forms.zip", b"PK nothing")})
    assert "damaged" in text(page)


def test_what_a_form_said_stands_nowhere_as_plain_text(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    save(ret, "context-work", {"text": make.CANARY})
    sign_in(client, w.auditor_hv)
    give(client, ret, changed(queries.as_word(ret, make.NOW), lambda xml: xml.replace(make.CANARY, f"{make.CANARY}!")))
    raw = WordForm.objects.values_list("answers", "warnings")
    assert make.CANARY not in "".join(str(getattr(part, "raw", part)) for row in raw for part in row)
