"""The pages of learning: who sees them, what they show, what they cost, with and without script."""

import io
import re

import pikepdf
import pytest
from django.urls import reverse

from candour.learning import actions, queries
from candour.learning.models import Briefing, Finding, Flag, Publication, Recommendation, Theme
from candour.learning.tests.factories import (
    BODY,
    cleared,
    drafted,
    handed_over,
    looked_at,
    published,
    recommended,
    theme,
)
from candour.people.tests.factories import AT, other_world, sign_in, world

pytestmark = pytest.mark.django_db

HUB, BOARD, RECOMMENDATIONS, LIBRARY, REPORT = 11, 11, 10, 4, 16


@pytest.fixture
def w():
    return world()


@pytest.fixture
def lead(client, w):
    return sign_in(client, w.coordinator)


def at(name, *args):
    return reverse(f"learning:{name}", args=args)


def form_of(body=BODY, **more):
    """The editor's form as a browser sends it."""
    told = {f"message_{code}": text for code, text in body["messages"].items()}
    return {key: text for key, text in body.items() if key != "messages"} | told | more


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_costs_the_same_however_much_is_on_it(lead, w, count, django_assert_num_queries):
    audit = looked_at(w, cases=3, points=count)
    for number in range(count):
        made = theme(w, audit, f"Theme {number}")
        actions.pick(theme=made, keys=[p.key for p in queries.passages(audit)], by=w.coordinator, at=AT)
    with django_assert_num_queries(BOARD):
        text = lead.get(at("board", audit.pk)).text
    assert text.count('name="keys"') == count


@pytest.mark.parametrize("count", [1, 3])
def test_recommendations_cost_the_same_however_many(lead, w, count, django_assert_num_queries):
    audit = looked_at(w)
    for number in range(count):
        recommended(w, audit, f"Recommendation number {number}")
    with django_assert_num_queries(RECOMMENDATIONS):
        text = lead.get(at("recommendations", audit.pk)).text
    assert text.count("Recommendation number") == count
    with django_assert_num_queries(HUB):
        assert lead.get(at("show", audit.pk)).text.count("Recommendation number") == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_library_costs_the_same_however_much_is_in_it(client, w, count, django_assert_num_queries):
    for number in range(count):
        published(w, looked_at(w, code=f"2026-1{number}"))
    with django_assert_num_queries(LIBRARY):
        assert client.get(at("library")).text.count(BODY["title"]) == count
    with django_assert_num_queries(1):
        assert client.get(at("feed")).text.count("<entry>") == count


def test_passages_are_narrowed_and_put_into_a_new_theme(lead, w):
    audit = looked_at(w, cases=2, points=4)
    keys = [p.key for p in queries.passages(audit)]
    assert lead.get(at("board", audit.pk), {"case": "2"}).text.count('name="keys"') == 2
    assert lead.get(at("board", audit.pk), {"words": "nothing like it"}).text.count('name="keys"') == 0
    sent = {"keys": keys[:2], "title": "Seen on the day", "theme": "", "back": "case=2"}
    answer = lead.post(at("pick", audit.pk), sent)
    assert answer["Location"].endswith("/learning/themes/?case=2")
    made = Theme.objects.get()
    assert (made.title, made.findings.count()) == ("Seen on the day", 2)
    assert lead.get(at("board", audit.pk), {"left": "on"}).text.count('name="keys"') == 2
    lead.post(at("pick", audit.pk), {"keys": keys[2:], "theme": made.pk, "title": ""})
    assert made.findings.count() == 4
    wrong = lead.post(at("pick", audit.pk), {"theme": made.pk, "title": ""})
    assert "Tick at least one passage." in wrong.text
    assert "Choose a theme, or name a new one." in lead.post(at("pick", audit.pk), {"keys": keys[:1]}).text


def test_a_theme_and_its_findings_are_kept_in_the_browser(lead, w):
    audit = looked_at(w)
    lead.post(at("new_theme", audit.pk), {"title": "Voice", "bearing": "needs-work", "domain": "voice", "note": ""})
    made = Theme.objects.get()
    lead.post(at("note_finding", made.pk), {"wording": "Children want one worker."})
    assert "Children want one worker." in lead.get(at("theme", made.pk)).text
    found = Finding.objects.get()
    lead.post(at("finding", found.pk), {"theme": made.pk, "wording": "Children want one worker, not five."})
    assert "not five" in lead.get(at("finding", found.pk)).text
    changed = {"title": "The child's voice", "bearing": "works", "domain": "voice", "note": "Now it works."}
    lead.post(at("theme", made.pk), changed)
    assert Theme.objects.get().title == "The child's voice"
    assert "Enter what was seen or said" in lead.post(at("note_finding", made.pk), {}).text
    lead.post(at("drop_finding", found.pk))
    lead.post(at("move_theme", made.pk), {"up": "1"})
    lead.post(at("drop_theme", made.pk))
    assert not Theme.objects.exists()


def test_a_recommendation_is_written_and_asked_whether_it_was_said_before(lead, w):
    old = looked_at(w, code="2025-01")
    recommended(w, old, "Invite health to every strategy meeting about a baby")
    cleared(w, old)
    audit = looked_at(w)
    sent = {"text": "Invite health to each strategy meeting", "agencies": [w.police.agency.pk], "theme": ""}
    answer = lead.post(at("new_recommendation", audit.pk), sent)
    made = Recommendation.objects.get(audit=audit)
    assert answer["Location"] == at("recommendation", made.pk)
    assert "Have we said this before?" in lead.get(at("recommendation", made.pk)).text
    echo = Recommendation.objects.get(audit=old)
    lead.post(at("recommendation", made.pk), sent | {"echoes": echo.pk})
    assert Recommendation.objects.get(pk=made.pk).echoes == echo
    lead.post(at("drop_recommendation", made.pk))
    assert not Recommendation.objects.filter(audit=audit).exists()


def test_a_briefing_goes_from_draft_to_the_public_page_in_the_browser(client, w):
    audit = looked_at(w)
    recommended(w, audit)
    lead = sign_in(client, w.coordinator)
    lead.post(at("start_briefing", audit.pk))
    briefing = Briefing.objects.get()
    page = lead.get(at("edit", briefing.pk)).text
    assert "For yourself, not for the page" in page or "sampled" not in page
    sent = form_of(BODY | {"works": "Tyrell is seen."}, version="1")
    assert lead.post(at("edit", briefing.pk), sent | {"check": "1"})["Location"] == at("check", briefing.pk)
    lead.post(at("check", briefing.pk))
    checked = lead.get(at("check", briefing.pk)).text
    assert "<mark>Tyrell</mark> is seen." in checked
    assert "Hand it to the second person" not in checked
    lead.post(at("settle", briefing.pk), {"flag": Flag.objects.get().pk, "because": "A made-up name in the drill."})
    assert "Kept by Coordinator because: A made-up name" in lead.get(at("check", briefing.pk)).text
    lead.post(at("settle", briefing.pk), {"flag": Flag.objects.get().pk, "reopen": "1"})
    lead.post(at("edit", briefing.pk), form_of(version=Briefing.objects.get().version))
    lead.post(at("check", briefing.pk))
    lead.post(at("ask", briefing.pk))
    assert lead.get(at("clearance", briefing.pk)).status_code == 403

    second = sign_in(client, w.second)
    assert "Tick the box" in second.post(at("clearance", briefing.pk), {"read": "on"}).text
    second.post(at("send_back", briefing.pk), {"because": "Shorter, please."})
    assert Briefing.objects.get().state == "draft"

    lead = sign_in(client, w.coordinator)
    assert "Shorter, please." in lead.get(at("briefing", briefing.pk)).text
    lead.post(at("ask", briefing.pk))
    second = sign_in(client, w.second)
    second.post(at("clearance", briefing.pk), {"read": "on", "nobody": "on"})
    assert Briefing.objects.get().state == "cleared"
    assert second.post(at("publish", briefing.pk)).status_code == 403

    lead = sign_in(client, w.coordinator)
    lead.post(at("publish", briefing.pk))
    row = Publication.objects.get()
    client.logout()
    page = client.get(at("published", row.slug))
    assert BODY["title"] in page.text
    assert "Invite health to every strategy meeting" in page.text


def test_typing_is_kept_and_shown_at_once_with_script(lead, w):
    briefing = drafted(w, looked_at(w))
    sent = form_of(BODY | {"works": "Typed a moment ago."}, version=briefing.version)
    answer = lead.post(at("edit", briefing.pk), sent, headers={"HX-Request": "true"})
    assert "<form" not in answer.text
    assert "Typed a moment ago." in answer.text
    assert f'value="{briefing.version + 1}" id="id_version" hx-swap-oob="true"' in answer.text


def test_a_page_that_was_overtaken_shows_both_texts(lead, w):
    briefing = drafted(w, looked_at(w))
    theirs = BODY | {"why": "What the chair wrote."}
    actions.save_briefing(briefing=briefing, body=theirs, version=briefing.version, by=w.chair, at=AT)
    answer = lead.post(at("edit", briefing.pk), form_of(BODY | {"why": "What I wrote."}, version=briefing.version))
    assert "What the chair wrote." in answer.text
    assert "What I wrote." in answer.text
    assert Briefing.objects.get().body["why"] == "What the chair wrote."


def test_a_briefing_that_is_no_draft_is_not_changed(lead, w):
    briefing = handed_over(w, looked_at(w))
    lead.post(at("edit", briefing.pk), form_of(BODY | {"why": "Too late"}, version=briefing.version), follow=True)
    assert Briefing.objects.get().body["why"] == BODY["why"]
    lead.post(at("take_back", briefing.pk))
    assert Briefing.objects.get().state == "draft"


def test_the_draft_opens_as_pdf_and_says_that_it_is_one(lead, w):
    answer = lead.get(at("draft_pdf", drafted(w, looked_at(w)).pk))
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"


def test_public_pages_ask_nobody_who_they_are_and_may_be_kept(client, w):
    row = published(w, looked_at(w))
    for address in (at("library"), at("published", row.slug), at("published_pdf", row.slug), at("feed")):
        answer = client.get(address)
        assert answer.status_code == 200
        assert not answer.cookies
        assert answer["Cache-Control"] == "public, max-age=300"
        assert "Cookie" not in answer.get("Vary", "")
    signed_in = sign_in(client, w.coordinator)
    anonymous = type(client)()
    for address in (at("library"), at("published", row.slug)):
        assert signed_in.get(address).content == anonymous.get(address).content


def test_a_withdrawn_briefing_says_so_at_its_address(client, w):
    row = published(w, looked_at(w))
    lead = sign_in(client, w.coordinator)
    lead.post(at("withdraw", row.briefing_id), {"withdraw-because": "A figure was wrong."})
    answer = client.get(at("published", row.slug))
    assert answer.status_code == 410
    assert "A figure was wrong." in answer.text
    assert BODY["works"] not in answer.text
    assert client.get(at("published_pdf", row.slug)).status_code == 404
    assert row.title not in client.get(at("library")).text
    assert "<entry>" not in client.get(at("feed")).text
    lead.post(at("rewrite", row.briefing_id))
    assert Briefing.objects.get().state == "draft"


def test_the_library_is_searched(client, w):
    published(w, looked_at(w))
    assert BODY["title"] in client.get(at("library"), {"words": "chronology"}).text
    assert "No briefing fits" in client.get(at("library"), {"words": "submarine"}).text
    assert BODY["title"] in client.get(at("library"), {"year": "2026", "partnership": "northmere"}).text
    assert client.get(at("published", "no-such-briefing")).status_code == 404


def test_another_partnership_finds_nothing_here(client, w):
    audit = looked_at(w)
    made, briefing, row = theme(w, audit), drafted(w, audit), recommended(w, audit)
    stranger = sign_in(client, other_world().coordinator)
    pages = [("show", audit), ("board", audit), ("theme", made), ("briefing", briefing), ("edit", briefing)]
    for name, thing in [*pages, ("check", briefing), ("recommendation", row), ("draft_pdf", briefing)]:
        assert stranger.get(at(name, thing.pk)).status_code == 404


def test_an_agencys_people_and_the_executive_do_not_write_here(client, w):
    audit = looked_at(w)
    briefing = drafted(w, audit)
    for person in (w.auditor_hv, w.contact_police, w.executive):
        browser = sign_in(client, person)
        for name, thing in (("board", audit), ("edit", briefing), ("check", briefing), ("briefing", briefing)):
            assert browser.get(at(name, thing.pk)).status_code in (403, 404)


@pytest.mark.parametrize("count", [1, 3])
def test_the_restricted_report_tells_cases_and_themes(client, w, count, django_assert_num_queries):
    audit = looked_at(w, cases=count, points=1)
    actions.pick(theme=theme(w, audit), keys=[p.key for p in queries.passages(audit)], by=w.coordinator, at=AT)
    chair = sign_in(client, w.chair)
    with django_assert_num_queries(REPORT):
        page = chair.get(at("report", audit.pk)).text
    assert page.count("Not discussed yet.") == count
    assert "saw Tyrell on the day" in page
    for person in (w.second, w.executive, w.contact_police):
        assert sign_in(client, person).get(at("report", audit.pk)).status_code in (403, 404)


def test_tasks_go_to_whoever_has_to_act(w):
    audit = looked_at(w)
    briefing = handed_over(w, audit)
    assert [task.title for task in queries.tasks(w.second, AT.date())] == ["2026-03: read the briefing and clear it"]
    assert queries.tasks(w.coordinator, AT.date()) == []
    actions.clear_briefing(briefing=briefing, by=w.second, at=AT)
    assert [task.tag for task in queries.tasks(w.coordinator, AT.date())] == ["Cleared"]


def test_the_stage_tells_how_far_it_is(w):
    audit = looked_at(w)
    assert queries.stage(audit).state == "todo"
    theme(w, audit)
    assert queries.stage(audit).figures.startswith("1 theme, briefing by")
    assert "second person" in NEXT_OF(drafted(w, audit))
    published_one = published(w, looked_at(w, code="2026-04"))
    assert queries.stage(published_one.briefing.audit).state == "done"


def NEXT_OF(briefing):
    return queries.stage(briefing.audit).next_text


def test_no_page_writes_styles_or_scripts_into_itself(lead, w):
    audit = looked_at(w)
    briefing = drafted(w, audit)
    for name, thing in (("show", audit), ("board", audit), ("edit", briefing), ("briefing", briefing)):
        text = lead.get(at(name, thing.pk)).text
        assert not re.search(r'\sstyle="|<script>|\son\w+="', text)


def test_a_draft_without_a_title_prints_all_the_same(w, lead):
    briefing = drafted(w, looked_at(w), title="")
    answer = lead.get(at("draft_pdf", briefing.pk))
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
