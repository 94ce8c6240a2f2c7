"""A short questionnaire by a link: handed over where that was judged safe, answered once, by whoever has the code."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from candour.families import actions, queries
from candour.families.models import Decision, Link, View
from candour.families.tests.test_families import WORDS, case_of, decide
from candour.identity.tests.factories import CANARIES
from candour.involvement.tests.factories import asked
from candour.kernel.codes import GUESSES
from candour.kernel.errors import Refused
from candour.notices.models import Message
from candour.people.tests.factories import AT, other_world, sign_in, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
SAFE = "The domestic abuse worker: her telephone is hers alone"


@pytest.fixture
def w():
    made = world()
    asked(made, cases=2)
    decide(made)
    with time_machine.travel(AT, tick=False):
        yield made


def hand(w, **more):
    said = {
        "case": case_of(w), "whose": "parent", "gathered_by": "Her health visitor", "safe_check": SAFE,
        "questionnaire": queries.questionnaires(case_of(w))["views-parent"],
        "service": w.health_visiting, "by": w.auditor_hv, "at": AT,
    }  # fmt: skip
    return actions.hand_link(**said | more)


def door(link):
    return queries.address(Link.objects.get(pk=link.pk))


def come_in(client, handed):
    """The page of questions, and what it sends along."""
    page = client.post(door(handed.link), {"code": handed.code})
    return page, {"inside": page.context["form"]["inside"].value(), "may_quote": "no"}


def test_a_link_is_handed_over_and_answered_with_what_was_said_among_the_views(w, client):
    sign_in(client, w.auditor_hv)
    case = case_of(w)
    where = f"{reverse('families:hand_link', args=[case.pk])}?questions=views-parent"
    assert f'href="{where}"' in client.get(reverse("families:show", args=[case.pk])).text
    facts = {"service": w.health_visiting.pk, "whose": "parent", "gathered_by": "Her health visitor"}
    assert "Say who checked that contact is safe" in client.post(where, facts).text
    page = client.post(where, facts | {"safe_check": SAFE}).text
    link, code = Link.objects.get(), re.search(r"\d{3} \d{3}", page)[0]
    assert queries.address(link) in page
    assert "Not answered yet".lower() in client.get(reverse("families:show", args=[case.pk])).text.lower()
    client.logout()
    shut = client.get(queries.address(link)).text
    assert "Did people listen to you?" not in shut
    open_, sent = come_in(client, actions.Handed(link, code))
    assert "Did people listen to you?" in open_.text
    answers = {"asked-parent-heard": "partly", "words": WORDS, "may_quote": "yes"}
    thanked = client.post(queries.address(link), sent | answers, follow=True)
    assert "What you said has come." in thanked.text
    view = View.objects.get()
    assert (view.way, view.may_quote, view.gathered_by) == ("link", True, "Her health visitor")
    assert (view.safe_check, view.service, view.written_by) == (SAFE, w.health_visiting, w.auditor_hv)
    assert view.words.endswith(WORDS)
    assert "Did people listen to you?" in view.words
    told = Message.objects.get(key=f"family-link:{link.pk}")
    assert (told.to_user, "Case" in told.body) == (w.auditor_hv, False)
    assert WORDS in sign_in(client, w.auditor_hv).get(reverse("families:show", args=[case.pk])).text
    verbs = ["handed over a questionnaire by a link", "gave a view by a link"]
    assert list(Entry.objects.filter(verb__contains="link").order_by("seq").values_list("verb", flat=True)) == verbs


def test_no_page_of_it_names_a_case_a_child_or_a_worker(w, client):
    handed = hand(w)
    page, sent = come_in(client, handed)
    refused = client.post(door(handed.link), sent)
    assert "Answer one question at least" in refused.text
    for text in (client.get(door(handed.link)).text, page.text, refused.text):
        named = [*CANARIES, "Case 1", w.auditor_hv.name, "health visitor", SAFE, case_of(w).pk]
        assert [word for word in named if word in text] == []


def test_sent_twice_it_is_one_view_and_the_link_opens_nothing_more(w, client):
    handed = hand(w)
    _, sent = come_in(client, handed)
    for _ in range(2):
        assert "What you said has come." in client.post(door(handed.link), sent | {"words": WORDS}, follow=True).text
    assert View.objects.count() == 1
    again = client.post(door(handed.link), {"code": handed.code}, follow=True).text
    assert WORDS not in again
    with pytest.raises(Refused, match="opens nothing"):
        actions.answer_link(link=handed.link, words="More", may_quote=False, at=AT)
    with pytest.raises(Refused, match="answered already"):
        actions.end_link(link=handed.link, by=w.auditor_hv, at=AT)
    assert not Link.objects.get().safe_check


def test_after_five_wrong_codes_no_code_is_right(w, client):
    handed = hand(w)
    wrong = "000 000" if handed.code != "000 000" else "111 111"
    for _ in range(GUESSES):
        assert "This is not the code" in client.post(door(handed.link), {"code": wrong}).text
    assert "This is not the code" in client.post(door(handed.link), {"code": handed.code}).text
    forged = {"inside": handed.link.pk, "words": WORDS, "may_quote": "no"}
    client.post(door(handed.link), forged)
    other = hand(w, whose="carer")
    client.post(door(handed.link), {"inside": queries.inside(other.link), "words": WORDS, "may_quote": "no"})
    assert not View.objects.exists()


@pytest.mark.parametrize("how", ["taken back", "run out", "no longer asked", "closed"])
def test_what_was_written_is_given_back_where_the_link_opens_nothing_any_more(w, client, how):
    handed = hand(w)
    _, sent = come_in(client, handed)
    if how == "taken back":
        actions.end_link(link=handed.link, by=w.coordinator, at=AT)
    elif how == "run out":
        Link.objects.update(until=AT.date() - timedelta(days=1))
    elif how == "no longer asked":
        decide(w, choice="not-safe", why="He reads her telephone")
    else:
        type(handed.link.case.audit).objects.update(closed_at=AT)
    over = client.post(door(handed.link), sent | {"words": WORDS})
    assert (over.status_code, "This link opens nothing any more" in over.text, WORDS in over.text) == (404, True, True)
    assert not View.objects.exists()


def test_a_case_that_was_replaced_is_asked_about_no_more(w):
    link = hand(w).link
    assert queries.is_open(link, AT.date())
    link.case.state = "replaced"
    assert not queries.is_open(link, AT.date())


def test_a_link_is_made_only_where_the_family_is_asked_and_a_link_was_judged_safe(w, client):
    with pytest.raises(Refused, match="which check contact is safe"):
        hand(w, safe_check=" ")
    with pytest.raises(Refused, match="Choose the service"):
        hand(w, service=w.police)
    with pytest.raises(Refused):
        hand(w, by=w.authoriser_hv)
    hand(w, whose="practitioner", safe_check="")
    Decision.objects.all().delete()
    with pytest.raises(Refused, match="First it has to be decided"):
        hand(w)
    sign_in(client, w.auditor_hv)
    unknown = f"{reverse('families:hand_link', args=[case_of(w).pk])}?questions=core"
    assert client.get(unknown).status_code == 404
    assert client.get("/questions/anything/").status_code == 404


def test_a_link_is_taken_back_by_its_service_and_seen_by_nobody_elsewhere(w, client):
    handed = hand(w)
    ending = reverse("families:end_link", args=[handed.link.pk])
    for stranger in (w.contact_police, other_world().coordinator):
        assert sign_in(client, stranger).post(ending).status_code == 404
    sign_in(client, w.contact_hv)
    page = client.post(ending, follow=True).text
    assert "Taken back" in page
    assert "not answered yet" not in page
    client.post(ending)
    link = Link.objects.get()
    assert (bool(link.ended_at), link.safe_check, link.code_hash) == (True, "", "")
