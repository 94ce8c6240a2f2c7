"""The PDF of a briefing: what a screen reader needs is in it, and nothing typed is taken for markup."""

import io
import time
from datetime import UTC, datetime

import pikepdf
import pytest
import typst

from candour.learning import paper

AT = datetime(2026, 2, 12, 10, tzinfo=UTC)
BODY = {
    "title": "Physical abuse: what we learnt from looking together",
    "lead": "What eight services found when they read their records side by side.",
    "why": "A national review asked every area to look. *Not bold*, #not-code, $not maths$, <not a tag>.",
    "works": "Children are seen on the day.\n\n“She told me what would happen next.” – a parent",
    "needs_work": "- History is read one event at a time.\n- Health is not always in the meeting.\n\nSee https://a.example/b.",
    "messages": {"recognition": "Draw the mark on a body map.", "impact": ""},
    "questions": "1. When did we last read a whole chronology?\n- Who was not in the room?",
    "contacts": "Front door: 01632 960123\nlearning@northmere.gov.example",
}


def document(**changes):
    return paper.compose(
        body=BODY | changes,
        partnership="Northmere Safeguarding Children Partnership",
        short_name="Northmere",
        about=["Multi-agency audit 2025-02", "12 February 2026"],
        domains={"recognition": "Recognition"},
        actions=[("Invite health to every strategy meeting", "Children’s social care", "March 2026")],
        foot=["Two people checked this page before it was published."],
    )


def structure(pdf):
    """Every tagged element of a PDF as (tag, dictionary), in reading order."""

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for kid in node:
                yield from walk(kid)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield str(node["/S"]), node
            yield from walk(node.get("/K", pikepdf.Array()))

    return list(walk(pdf.Root.StructTreeRoot.K))


@pytest.fixture(scope="module")
def pdf():
    with pikepdf.open(io.BytesIO(paper.print_pdf(document(), at=AT))) as opened:
        yield opened


def test_it_is_tagged_in_british_english_and_shows_its_title(pdf):
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "en-GB"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert str(pdf.docinfo["/Title"]) == BODY["title"]
    assert str(pdf.docinfo["/Author"]) == "Northmere Safeguarding Children Partnership"
    assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()


def test_its_headings_lists_tables_links_and_mark_are_what_they_look_like(pdf):
    tags = [tag for tag, _ in structure(pdf)]
    assert tags.count("/Title") == 1
    headings = [tag for tag in tags if tag in ("/H1", "/H2", "/H3")]
    assert headings == ["/H1"] * 4 + ["/H2"] + ["/H1"] * 3
    assert tags.count("/L") == 3
    assert tags.count("/BlockQuote") == 1
    assert tags.count("/Table") == 1
    assert tags.count("/Link") == 2
    headers = [node for tag, node in structure(pdf) if tag == "/TH"]
    assert len(headers) == 3
    assert all("/Column" in [str(a.get("/Scope", "")) for a in node.A] for node in headers)
    figures = [node for tag, node in structure(pdf) if tag == "/Figure"]
    assert [str(node.Alt) for node in figures] == ["Mark of Northmere Safeguarding Children Partnership"]


def test_links_are_underlined_and_fonts_travel_with_the_file(pdf):
    links = [node for tag, node in structure(pdf) if tag == "/Link"]
    spans = [kid for node in links for kid in node.K if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    assert spans
    assert all("/Underline" in str(span.A[0].get("/TextDecorationType")) for span in spans)
    fonts = {str(f.BaseFont) for page in pdf.pages for f in page.Resources.Font.values()}
    assert fonts
    assert all("SourceSansPro" in name for name in fonts)


def test_what_is_typed_is_never_markup():
    text = document()["sections"][0]["blocks"][0]["items"][0]
    assert text == [{"text": BODY["why"], "href": ""}]
    for nasty in ('#import "/etc/passwd"', "= Heading", '"]) #panic()', "\\", "{{ site }}", "`raw`", "@ref"):
        assert paper.print_pdf(document(why=nasty, title=nasty, lead=nasty), at=AT).startswith(b"%PDF-")


def test_the_same_words_print_to_the_same_bytes():
    assert paper.print_pdf(document(), at=AT) == paper.print_pdf(document(), at=AT)


def test_a_briefing_without_a_title_is_refused():
    with pytest.raises(typst.TypstError):
        paper.print_pdf(document(title=""), at=AT)


def test_it_is_printed_within_half_a_second():
    long = document(works="\n\n".join(["Children are seen on the day, and told what happens next."] * 120))
    paper.print_pdf(long, at=AT)
    began = time.perf_counter()
    paper.print_pdf(long, at=AT)
    assert time.perf_counter() - began < 0.5


def test_parts_that_say_nothing_are_left_out():
    headings = [s["heading"] for s in document(works="", messages={})["sections"]]
    assert headings == ["Why we looked", "What needs work", "Ask in your team", "What happens now", "Where to turn"]
    assert paper.missing(BODY | {"works": " "}) == ["What works"]


def test_every_text_has_a_place_for_the_check():
    places = paper.places(BODY, [("r1", "Invite health to every meeting")])
    assert set(places) == {
        "title", "lead", "why", "works", "needs_work", "messages.recognition", "questions", "contacts",
        "recommendation.r1",
    }  # fmt: skip
