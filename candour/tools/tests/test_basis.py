import json

import pytest

from candour.tools import basis, queries
from candour.tools.document import read
from candour.tools.documents import Faulty, documents, parse
from candour.tools.models import ToolVersion
from candour.tools.shipped import put_on_the_shelf

HEAD = "based_on: core\ncode: bruises\nname: Bruises\nnumber: 1\nminutes: 60\nabout: About bruises.\n"
CHANGED = (
    HEAD
    + """
sections:
  - key: recognition
    title: The bruise
    drop: [recognition-first, recognition-response]
    questions:
      - {key: bruise-where, ask: "Where was it?", type: text}
variants:
  police:
    drop: [police-notification, context-worker]
    add:
      - {section: recognition, key: bruise-police, ask: "Was it seen?", type: yes-partly-no}
  gp:
    keep: [context-work, bruise-where, gp-told]
brief:
  keep: [bruise-where, overall-grade]
"""
)


@pytest.fixture
def core():
    return next(raw for raw in documents() if raw["code"] == "core")


def keys(document, kind):
    return {q.key for q in document.questions(kind) if q.type not in ("grade", "points")}


def test_a_tool_that_changes_nothing_asks_what_its_base_asks(core):
    whole = parse(HEAD)
    assert (whole["sections"], whole["brief"]) == (core["sections"], core["brief"])
    assert read(whole).questions("police") == read(core).questions("police")
    assert whole["name"] == "Bruises"


def test_what_a_section_drops_is_gone_and_what_it_asks_comes_before_the_rest(core):
    section = next(s for s in parse(CHANGED)["sections"] if s["key"] == "recognition")
    assert [q["key"] for q in section["questions"]] == ["bruise-where", "recognition-history", "recognition-seen"]
    assert section["title"] == "The bruise"
    assert section["domain"] == "recognition"
    assert section["grade"] == next(s for s in core["sections"] if s["key"] == "recognition")["grade"]


def test_a_kind_is_asked_what_the_base_adds_for_it_unless_that_is_dropped():
    police = keys(read(parse(CHANGED)), "police")
    assert {"bruise-police", "police-protection", "bruise-where"} <= police
    assert not police & {"police-notification", "context-worker", "recognition-response", "voice-heard"}


def test_a_kind_may_keep_a_few_questions_alone():
    assert keys(read(parse(CHANGED)), "gp") == {"context-work", "bruise-where", "gp-told"}


def test_the_whole_names_no_other_tool_and_leaves_its_base_as_it_was(core):
    before = json.dumps(core)
    whole = parse(CHANGED)
    assert "based_on" not in whole
    whole["sections"][0]["title"] = "Other"
    assert json.dumps(core) == before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD.replace("core", "nothing"), "The tool is based on “nothing”, which is not in the library."),
        (HEAD.replace("core", "../core"), "which is not in the library."),
        (HEAD.replace("core", "physical-abuse"), "is itself based on another; name that one."),
        (HEAD + "colour: green", "A tool based on another has no part “colour”."),
        (HEAD + "sections: all", "Its sections must be a list"),
        (HEAD + "variants: [gp]", "its variants must be named by the kind of service"),
        (HEAD + "sections: [weather]", "Section 1 is no section of the tool “core”"),
        (HEAD + "sections: [{key: weather}]", "Section 1 is no section of the tool “core”"),
        (HEAD + "sections: [{key: voice, domain: impact}]", "Section “voice” cannot change its “domain”."),
        (HEAD + "sections: [{key: voice, drop: [x]}]", "Section “voice” drops “x”, which the tool “core” does not ask"),
        (HEAD + "variants: {gp: {skip: [x]}}", "The variant for gp may hold drop or keep, and add."),
        (HEAD + "variants: {gp: {keep: [x]}}", "The variant for gp keeps “x”, which is no question of this tool."),
        (HEAD + "variants: {gp: {keep: [], drop: []}}", "may drop questions or keep some alone, and not both."),
        (HEAD + "variants: {gp: {drop: [x]}}", "The variant for gp drops “x”, which is no question of this tool."),
        (HEAD + "variants: {florist: {}}", "“florist” is no kind of service"),
        (HEAD.replace("minutes: 60", "minutes: long"), "The tool's minutes must be a whole number, 1 or more."),
    ],
)
def test_every_fault_in_building_on_another_is_a_sentence(text, sentence):
    with pytest.raises(Faulty) as raised:
        parse(text)
    assert sentence in str(raised.value)


def test_the_parts_of_the_head_that_are_missing_stay_missing(core):
    assert "about" not in basis.whole({"code": "x", "name": "X"}, core)


@pytest.mark.django_db
@pytest.mark.parametrize("code", [raw["code"] for raw in documents()])
def test_what_is_stored_is_the_whole_document(code):
    put_on_the_shelf()
    whole = next(raw for raw in documents() if raw["code"] == code)
    version = ToolVersion.objects.get(tool__code=code, tool__partnership=None)
    assert version.document == whole
    assert version.intact
    assert version.document.keys() == {
        "code", "name", "about", "number", "minutes", "sections", "variants", "brief",
    }  # fmt: skip
    assert queries.document_of(version.pk) == read(whole)
