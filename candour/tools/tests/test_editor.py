import json

import pytest

from candour.kernel.errors import Refused, Stale
from candour.people.tests.factories import AT, other_world, sign_in, world
from candour.tools import actions, editing, queries
from candour.tools.document import read
from candour.tools.format import faults
from candour.tools.models import Tool, ToolVersion, fingerprint
from candour.tools.shipped import put_on_the_shelf
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    put_on_the_shelf()
    return world()


@pytest.fixture
def draft(w):
    told = {"version": queries.newest("core"), "partnership": w.partnership, "by": w.coordinator, "at": AT}
    return actions.copy_tool(code="ours", name="Our tool", **told)


@pytest.fixture
def lead(client, w):
    sign_in(client, w.coordinator)
    return client


def fields_of(page):
    """What the page's form would send as it stands."""
    form = page.context["form"]
    names = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in names.items() if value not in (None, "", False)}


def now(draft):
    return ToolVersion.objects.get(pk=draft.pk)


def doc(draft):
    return now(draft).document


def test_a_coordinator_copies_a_tool_writes_it_and_publishes_it(lead, w):
    core = queries.newest("core")
    assert lead.get(f"/tools/{core.pk}/").content.decode().count("Copy it as your own") == 1
    assert 'value="Core audit tool, our own"' in lead.get(f"/tools/{core.pk}/copy/").text
    page = lead.post(f"/tools/{core.pk}/copy/", {"name": "Neglect", "code": "neglect"}, follow=True)
    draft = ToolVersion.objects.get(tool__code="neglect")
    assert page.redirect_chain == [(f"/tools/{draft.pk}/edit/", 302)]
    assert "Nothing stands in the way of publishing it." in page.content.decode()
    lead.post(f"/tools/{draft.pk}/publish/")
    draft.refresh_from_db()
    assert (draft.published_by, draft.intact) == (w.coordinator, True)
    assert draft in queries.offered(w.partnership)
    verbs = list(Entry.objects.filter(chain__partnership=w.partnership).order_by("seq").values_list("verb", flat=True))
    assert verbs == ["begin tool version", "publish tool version"]
    assert lead.get(f"/tools/{draft.pk}/edit/").url == f"/tools/{draft.pk}/"
    with pytest.raises(Refused, match="never changes"):
        actions.move_part(version=draft, what="section", key="voice", option="", by_places=1, by=w.coordinator, at=AT)


def test_a_draft_is_the_coordinators_alone(client, w, draft):
    for person, status in (
        (w.coordinator, 200),
        (w.chair, 404),
        (w.auditor_police, 404),
        (other_world().coordinator, 404),
    ):
        sign_in(client, person)
        assert client.get(f"/tools/{draft.pk}/").status_code == status
        assert client.get(f"/tools/{draft.pk}/edit/").status_code == status
        assert ("Our tool" in client.get("/tools/").content.decode()) is (status == 200)
    sign_in(client, w.chair)
    assert client.get(f"/tools/{queries.newest('core').pk}/copy/").status_code == 403
    assert client.get("/tools/bring-in/").status_code == 403


PAGES = ["", "title/", "section/voice/", "question/voice-heard/", "question/context-worker/",
                                  "section/", "question/?section=voice", "kind/police/", "kind/brief/",
                                  "question/voice-heard/when/", "section/voice/when/", "question/voice-heard/remove/",
                                  "section/voice/remove/"]  # fmt: skip


def test_every_page_of_the_editor_opens(lead, draft):
    for part in PAGES:
        assert lead.get(f"/tools/{draft.pk}/edit/{part}").status_code == 200, part


def test_what_is_not_in_the_tool_is_on_no_page(lead, draft):
    for part in ["section/x/", "question/x/", "kind/x/", "question/x/when/", "x/y/remove/"]:
        assert lead.get(f"/tools/{draft.pk}/edit/{part}").status_code == 404, part


@pytest.mark.parametrize("sections", [1, 3])
def test_the_editor_asks_the_database_as_often_for_one_section_as_for_three(
    lead, draft, sections, django_assert_num_queries
):
    held = now(draft)
    held.document["sections"] = held.document["sections"][:sections]
    held.save()
    lead.get(f"/tools/{draft.pk}/edit/")
    with django_assert_num_queries(8):
        assert lead.get(f"/tools/{draft.pk}/edit/").status_code == 200


def test_title_section_and_question_are_saved_as_the_page_sent_them(lead, draft):
    for part in ("title/", "section/voice/", "question/context-worker/", "question/voice-heard/"):
        page = lead.get(f"/tools/{draft.pk}/edit/{part}")
        before = doc(draft)
        answer = lead.post(f"/tools/{draft.pk}/edit/{part}", fields_of(page))
        assert answer.status_code == 302, answer.context["form"].errors
        assert doc(draft) == before


def test_a_question_gets_other_words_and_another_answer(lead, draft):
    url = f"/tools/{draft.pk}/edit/question/context-worker/"
    sent = fields_of(lead.get(url)) | {"ask": "Who spoke?", "answer_tried": "", "answer_new_1": "They moved away"}
    assert lead.post(url, sent).status_code == 302
    asked = editing.question(doc(draft), "context-worker")
    assert asked["ask"] == "Who spoke?"
    assert [option["key"] for option in asked["options"]] == ["spoke", "left", "none", "they-moved-away"]
    lead.post(f"/tools/{draft.pk}/edit/move/", {"move": "option:context-worker:none:up"})
    assert [o["key"] for o in editing.question(doc(draft), "context-worker")["options"]][1] == "none"


def test_a_new_question_stands_last_in_its_section_or_with_its_kind_only(lead, draft):
    url = f"/tools/{draft.pk}/edit/question/?section=voice"
    sent = fields_of(lead.get(url)) | {"ask": "Was the child’s wish noted?", "type": "text"}
    lead.post(url, sent)
    assert editing.section(doc(draft), "voice")["questions"][-1] == {
        "key": "voice-child-s-wish-noted", "ask": "Was the child’s wish noted?", "type": "text",
    }  # fmt: skip
    lead.post(url, sent | {"only": "police"})
    assert doc(draft)["variants"]["police"]["add"][-1]["section"] == "voice"
    assert read(doc(draft)).length("police") == read(queries.newest("core").document).length("police") + 2
    assert (
        faults(doc(draft))[0]
        == "A return from Children's social care would have 31 questions; at most 30 can be asked."
    )


def test_a_choice_needs_two_answers_and_a_grade_says_what_each_means(lead, draft):
    url = f"/tools/{draft.pk}/edit/question/?section=voice"
    page = lead.post(url, {"ask": "Which?", "type": "choice", "section": "voice", "answer_new_1": "One"})
    assert "Write at least two answers to choose from." in page.content.decode()
    page = lead.post(f"/tools/{draft.pk}/edit/section/", {"title": "New", "domain": "voice", "graded": "on"})
    assert page.content.decode().count("Say it: what “good” means here.") == 2


def test_a_new_section_can_be_graded_moved_and_taken_out(lead, draft):
    told = {"title": "Money", "domain": "impact", "graded": "on", "ask": "How good?"}
    told |= dict.fromkeys(["outstanding", "good", "requires_improvement", "inadequate"], "It was.")
    lead.post(f"/tools/{draft.pk}/edit/section/", told)
    assert editing.section(doc(draft), "money")["grade"]["descriptors"]["requires-improvement"] == "It was."
    lead.post(f"/tools/{draft.pk}/edit/move/", {"move": "section:money::up"})
    assert [one["key"] for one in doc(draft)["sections"]][-2:] == ["money", "overall"]
    lead.post(f"/tools/{draft.pk}/edit/section/money/remove/")
    assert "money" not in [one["key"] for one in doc(draft)["sections"]]
    assert faults(doc(draft)) == []


def test_a_kind_of_service_is_asked_what_is_ticked_and_no_more(lead, draft):
    url = f"/tools/{draft.pk}/edit/kind/school/"
    sent = fields_of(lead.get(url))
    assert lead.post(url, sent).status_code == 302
    was = queries.newest("core").document["variants"]["school"]["drop"]
    assert sorted(doc(draft)["variants"]["school"]["drop"]) == sorted(was)
    page = lead.post(url, sent | {"in_voice": ["voice-heard"], "seen": "older"})
    assert "voice-grade" not in doc(draft)["variants"]["school"]["drop"]
    assert "How well did your service hear this child?" in page.context["form"].clash[0][1]
    lead.post(url, sent | {"in_voice": ["voice-heard"], "seen": page.context["form"]["seen"].value()})
    assert "voice-grade" in doc(draft)["variants"]["school"]["drop"]
    seen = fields_of(lead.get(f"/tools/{draft.pk}/edit/kind/brief/"))["seen"]
    lead.post(
        f"/tools/{draft.pk}/edit/kind/brief/",
        {"seen": seen, "in_voice": ["voice-heard"], "in_overall": ["overall-grade"]},
    )
    assert doc(draft)["brief"] == {"keep": ["voice-heard", "overall-grade"]}


def test_a_question_is_asked_only_when_another_was_answered_so(lead, draft):
    url = f"/tools/{draft.pk}/edit/question/voice-difference/when/"
    assert "voice-heard" in [gate["key"] for gate in lead.get(url).context["gates"]]
    assert "impact-different" not in [gate["key"] for gate in lead.get(url).context["gates"]]
    seen = lead.get(url).context["form"]["seen"].value()
    lead.post(f"{url}?by=voice-heard", {"among": ["yes", "partly"], "seen": seen})
    page = lead.post(f"{url}?by=voice-heard", {"among": ["no"], "seen": seen})
    assert page.context["form"].clash == [("Condition", "voice-heard: Yes or Partly")]
    assert editing.question(doc(draft), "voice-difference")["when"] == {
        "question": "voice-heard",
        "is": ["yes", "partly"],
    }
    assert any("waits for the answer to “voice-heard”, which is not asked of police" in f for f in faults(doc(draft)))
    tried = lead.post(f"/tools/{draft.pk}/try/?kind=social-care", {"voice-heard": "no"})
    assert "voice-difference" not in tried.content.decode()
    tried = lead.post(f"/tools/{draft.pk}/try/?kind=social-care", {"voice-heard": "yes"})
    assert "voice-difference" in tried.content.decode()
    lead.post(url, {"always": "1", "seen": page.context["form"]["seen"].value()})
    assert "when" not in editing.question(doc(draft), "voice-difference")


def test_what_two_people_write_at_once_is_kept_and_shown_beside_each_other(lead, draft, w):
    url = f"/tools/{draft.pk}/edit/question/voice-heard/"
    sent = fields_of(lead.get(url))
    lead.post(url, sent | {"ask": "Their words?"})
    page = lead.post(url, sent | {"ask": "My words?"})
    assert doc(draft)["sections"][5]["questions"][0]["ask"] == "Their words?"
    text = page.content.decode()
    assert "My words?" in text
    assert page.context["form"].clash == [("Question", "Their words?")]
    assert lead.post(url, fields_of(page)).status_code == 302
    assert editing.question(doc(draft), "voice-heard")["ask"] == "My words?"
    told = {"name": "A", "about": "B", "minutes": 5}
    with pytest.raises(Stale):
        actions.save_head(version=draft, parts=told, seen=fingerprint({}), by=w.coordinator, at=AT)


def test_a_question_once_asked_is_retired_and_its_answers_keep_their_words(lead, draft, w):
    actions.publish_version(version=draft, by=w.coordinator, at=AT)
    assert lead.post(f"/tools/{draft.pk}/next/").status_code == 302
    second = ToolVersion.objects.get(tool=draft.tool, number=2)
    lead.post(f"/tools/{second.pk}/edit/question/context-worker/remove/")
    lead.post(f"/tools/{second.pk}/edit/question/voice-heard/remove/")
    lead.post(f"/tools/{second.pk}/edit/question/voice-heard/again/")
    url = f"/tools/{second.pk}/edit/question/voice-behaviour/"
    page = lead.post(url, fields_of(lead.get(url)) | {"type": "text"})
    assert "its type of answer stays" in page.content.decode()
    document = read(doc(second))
    assert "context-worker" not in [question.key for question in document.questions("police")]
    assert document.question("context-worker").prompt == "Did you speak with the worker who knows, or knew, the child?"
    assert "is asked no more" in lead.get(f"/tools/{second.pk}/compare/").content.decode()
    with pytest.raises(Refused, match="already being written"):
        actions.write_next(version=draft, by=w.coordinator, at=AT)
    assert "is asked no more" in lead.get(f"/tools/{second.pk}/publish/").content.decode()
    assert now(draft).intact


def test_an_answer_once_offered_is_offered_no_more_and_again(lead, draft, w):
    actions.publish_version(version=draft, by=w.coordinator, at=AT)
    second = actions.write_next(version=draft, by=w.coordinator, at=AT)
    url = f"/tools/{second.pk}/edit/question/context-worker/"
    lead.post(url, fields_of(lead.get(url)) | {"answer_tried": ""})
    tried = editing.question(doc(second), "context-worker")["options"][1]
    assert (tried["key"], tried["retired"]) == ("tried", True)
    lead.post(url, fields_of(lead.get(url)) | {"again_tried": "on"})
    assert "retired" not in editing.question(doc(second), "context-worker")["options"][1]


def test_a_faulty_draft_is_not_published(lead, draft):
    held = now(draft)
    held.document["brief"] = {"keep": []}
    held.save()
    page = lead.post(f"/tools/{draft.pk}/publish/", follow=True).content.decode()
    assert "It cannot be published yet: The tool does not say what is asked after a brief contact" in page
    assert now(draft).published_at is None


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_tool_goes_out_as_a_file_and_comes_in_again(lead, w, form):
    core = queries.newest("core")
    sent = lead.get(f"/tools/{core.pk}/export/?as={form}")
    assert f"core-1.{form}" in sent["Content-Disposition"]
    lead.post("/tools/bring-in/", {"text": sent.content.decode()})
    mine = ToolVersion.objects.get(tool__partnership=w.partnership)
    assert mine.document == editing.normal(core.document)
    page = lead.post("/tools/bring-in/", {"text": sent.content.decode()}).content.decode()
    assert "already being written" in page
    actions.publish_version(version=mine, by=w.coordinator, at=AT)
    changed = json.loads(queries.as_json(core)) | {"minutes": 60}
    lead.post("/tools/bring-in/", {"text": json.dumps(changed)})
    assert ToolVersion.objects.get(tool=mine.tool, number=2).document["minutes"] == 60


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Choose a file, or paste"), ("a: [", "This is not YAML"), ("{}", "The tool has no code."),
     ("code: x\nname: X", "The tool has no sections.")],
)  # fmt: skip
def test_a_text_that_is_no_tool_is_refused_in_sentences(lead, text, said):
    assert said in lead.post("/tools/bring-in/", {"text": text}).content.decode()
    assert not Tool.objects.filter(partnership__isnull=False).exists()


def test_a_short_name_is_taken_once_in_a_partnership(lead, draft):
    page = lead.post(f"/tools/{queries.newest('core').pk}/copy/", {"name": "Again", "code": "ours"})
    assert "already has a tool with the short name “ours”" in page.content.decode()


def test_a_draft_thrown_away_is_gone_and_with_it_a_tool_that_had_no_other(lead, draft):
    lead.post(f"/tools/{draft.pk}/throw-away/")
    assert not Tool.objects.filter(code="ours").exists()


def test_a_move_past_the_end_or_of_nothing_changes_nothing(lead, draft):
    before = doc(draft)
    for move in (
        "section:context::up",
        "section:overall::down",
        "question:context-work::up",
        "nothing",
        "question:x::up",
    ):
        lead.post(f"/tools/{draft.pk}/edit/move/", {"move": move})
    assert doc(draft) == before


def test_an_added_question_moves_among_those_of_its_section(draft):
    raw = doc(draft)
    added = raw["variants"]["police"]["add"]
    assert [one["section"] for one in added] == ["recognition", "planning", "joint-working", "voice"]
    assert editing.moved(raw, "question", "police-child", -1) == raw
    raw, key = editing.with_question(raw, "", {"ask": "Again?", "type": "text", "section": "voice", "only": "police"})
    up = editing.moved(raw, "question", key, -1)["variants"]["police"]["add"]
    assert [one["key"] for one in up][-2:] == [key, "police-child"]


def test_the_last_section_stays(draft, w):
    for one in doc(draft)["sections"][1:]:
        actions.take_out(version=draft, what="section", key=one["key"], by=w.coordinator, at=AT)
    with pytest.raises(Refused, match="at least one section"):
        actions.take_out(version=draft, what="section", key="context", by=w.coordinator, at=AT)


def test_a_new_key_is_like_no_other(draft):
    raw = doc(draft)
    assert editing.new_key(raw, "Context") == "context-2"
    assert editing.new_key(raw, "The 2 of what?") == "q-2"
    assert editing.new_key(raw, "…") == "part"
    assert editing.new_key(raw, "A very good", "voice") == "voice-very-good-2"
