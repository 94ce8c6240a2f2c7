"""The pages of the discussion: the board, what is private on it, the projector, calibration, and what they cost."""

from datetime import date

import pytest
from django.urls import reverse

from candour.appraisal.models import Answer
from candour.discussion import actions, queries
from candour.discussion.models import CaseDiscussion, CaughtAction, Conclusion, Discussion
from candour.discussion.tests.factories import answer, arranged, case, opened, point, released, submitted
from candour.focus.models import Audit
from candour.people.tests.factories import AT, other_world, sign_in, world
from candour.people.tests.factories import service as add_service

pytestmark = pytest.mark.django_db
BOARD = 15
SAID = {"grade": "good", "reason": "Seen and heard the same day.", "dissent": "", "version": 0}


@pytest.fixture
def w():
    return world()


@pytest.fixture
def chair(client, w):
    return sign_in(client, w.chair)


def there(name, held, **more):
    return reverse(f"discussion:{name}", kwargs={"pk": held.case_id, **more})


@pytest.mark.parametrize(("cases", "services"), [(1, 1), (1, 3), (3, 3)])
def test_the_board_costs_the_same_however_much_is_on_it(chair, w, cases, services, django_assert_max_num_queries):
    held = opened(w, cases, services)
    queries.domains(held.case.audit)  # reads the tool, which a process does once
    with django_assert_max_num_queries(BOARD):
        page = chair.get(there("board", held)).text
    assert page.count("why recognition") == services


@pytest.mark.parametrize("cases", [1, 3])
def test_the_list_of_cases_costs_the_same(chair, w, cases, django_assert_max_num_queries):
    held = opened(w, cases)
    with django_assert_max_num_queries(12):
        page = chair.get(reverse("discussion:show", args=[held.discussion.audit_id])).text
    assert page.count("To discuss") == cases


def test_differences_come_first_and_the_rest_is_accepted_in_one_act(chair, w):
    audit = released(w, services=1)
    submitted(w, audit.cases.get(), w.school, {"impact": "inadequate", "recognition": "good"})
    actions.open_discussion(discussion=arranged(w, audit), by=w.chair, at=AT)
    held = CaseDiscussion.objects.get()
    seen = queries.board(held.case, w.chair)
    first = [(line.domain, line.apart) for line in seen.lines if line.grades]
    assert first[0] == ("impact", 1)
    assert first[-1] == ("recognition", 0)
    page = chair.get(there("board", held)).text
    assert "one grade apart" in page
    assert "one service only" in page
    chair.post(there("accept", held), {"tested": "recognition", "tested_note": "Seen the same day."})
    assert Conclusion.objects.get().domain == "recognition"
    assert "Choose" in chair.post(there("accept", held), {}).text or Conclusion.objects.count() == 1


def test_a_conclusion_is_saved_from_the_page_and_leads_on(chair, w):
    held = opened(w)
    assert chair.post(there("domain", held, domain="impact"), SAID).status_code == 302
    assert Conclusion.objects.get().grade == "good"
    page = chair.get(there("domain", held, domain="impact")).text
    assert "Seen and heard the same day." in page
    assert chair.get(there("domain", held, domain="weather")).status_code == 404


def test_a_stale_page_shows_both_texts(chair, w):
    held = opened(w)
    said = {"held": held, "domain": "impact", "grade": "inadequate", "version": 0}
    actions.conclude(reason="Nothing changed for her.", by=w.coordinator, at=AT, **said)
    page = chair.post(there("domain", held, domain="impact"), SAID)
    assert page.status_code == 200
    assert "Nothing changed for her." in page.text
    assert "Seen and heard the same day." in page.text
    assert 'name="version" value="1"' in page.text
    assert Conclusion.objects.get().reason == "Nothing changed for her."


def test_marked_passages_stay_with_coordinator_and_chair_and_are_never_projected(client, w):
    held = opened(w, services=1)
    ret = submitted(w, held.case, w.school, {"impact": "good"}, private=True)
    point(ret, "impact", "The teacher's own story.", private=True)
    secret = "why impact"
    page, shown = there("domain", held, domain="impact"), there("present", held)
    sign_in(client, w.chair)
    assert client.get(page).text.count(secret) == 2
    assert "own story" in client.get(page).text
    assert client.get(shown).text.count(secret) == 1
    sign_in(client, w.scrutineer)
    text = client.get(page).text
    assert text.count(secret) == 1
    assert "own story" not in text
    assert "coordinator and chair only" in text


def test_the_projector_has_no_frame_and_no_form(chair, w):
    held = opened(w)
    page = chair.get(there("present", held)).text
    assert "cd-present" in page
    assert "cd-bar" not in page
    assert "<textarea" not in page


def test_the_story_page_offers_what_the_returns_say_and_keeps_both_when_stale(chair, w):
    held = opened(w, services=1)
    ret = submitted(w, held.case, w.school, {"impact": "good"})
    answer(ret, "context-seen", "context", {"date": "2026-06-03"})
    answer(ret, "voice-grade", "voice", {"grade": "good", "reason": "She said she likes her new bed."})
    page = chair.get(there("story", held)).text
    assert "3 June 2026" in page
    assert "She said she likes her new bed." in page
    told = {"story": "A bruise on a baby.", "household": "", "key_dates": "", "voice": "", "version": 0}
    assert chair.post(there("story", held), told).status_code == 302
    again = chair.post(there("story", held), told | {"story": "Another tale."}).text
    assert "A bruise on a baby." in again
    assert "Another tale." in again


def test_actions_are_caught_and_removed_on_the_board(chair, w):
    held = opened(w)
    caught = {"catch-text": "Tell the midwife.", "catch-agency": w.police.agency_id}
    day = {"catch-due_on_day": 1, "catch-due_on_month": 2, "catch-due_on_year": 2027}
    assert "Enter" in chair.post(there("catch", held), caught).text
    chair.post(there("catch", held), caught | day)
    row = CaughtAction.objects.get()
    assert (row.text, row.due_on) == ("Tell the midwife.", date(2027, 2, 1))
    chair.post(there("drop", held), {"caught": row.pk})
    assert not CaughtAction.objects.exists()


def test_a_meeting_from_arranging_to_closing(client, w):
    audit = released(w, cases=2)
    sign_in(client, w.coordinator)
    home = reverse("discussion:show", args=[audit.pk])
    assert "Arrange the discussion" in client.get(home).text
    meeting = {"place": "Civic Centre", "minutes_per_case": 25, "chair": w.chair.pk, "starts_at": "09:30"}
    day = {"meets_on_day": 14, "meets_on_month": 1, "meets_on_year": 2027}
    client.post(reverse("discussion:arrange", args=[audit.pk]), meeting | day)
    discussion = Discussion.objects.get()
    coming = {f"coming_{pk}": "coming" for pk in audit.expected.values_list("service_id", flat=True)}
    client.post(reverse("discussion:attendance", args=[discussion.pk]), coming)
    assert queries.coming_count(discussion) == (6, 0)
    assert "09:30" in client.get(reverse("discussion:arrange", args=[audit.pk])).text
    client.post(reverse("discussion:begin", args=[discussion.pk]))
    first, second = CaseDiscussion.objects.order_by("case__number")
    for held, leads_to in ((first, second), (second, second)):
        client.post(there("domain", held, domain="impact"), SAID)
        assert client.post(there("agree", held))["Location"] == there("board", leads_to)
    client.post(there("reopen_case", first), {"reason": "A late return."})
    client.post(there("agree", first))
    client.post(reverse("discussion:close", args=[discussion.pk]))
    assert Discussion.objects.get().state == "closed"
    client.post(reverse("discussion:reopen", args=[discussion.pk]))
    assert Discussion.objects.get().state == "open"


def test_own_grades_and_the_rooms_are_shown_as_calibration(chair, w):
    held = opened(w, services=3)
    there_is = reverse("discussion:calibration", args=[held.discussion.audit_id])
    assert "Nothing can be compared yet" in chair.get(there_is).text
    for domain in ("impact", "recognition"):
        said = {"held": held, "domain": domain, "grade": "inadequate", "reason": "Why.", "version": 0}
        actions.conclude(by=w.chair, at=AT, **said)
    page = chair.get(there_is).text
    assert "6 pairs compared: 0 the same, 3 within one grade, 6 lowered by the room, 0 raised." in page
    assert "too few pairs" in page


def test_from_every_page_about_a_case_a_worry_can_be_raised(chair, w):
    held = opened(w)
    for name in ("board", "present", "story", "reopen_case"):
        assert "A child may be unsafe now" in chair.get(there(name, held)).text


def test_an_audit_without_grades_is_discussed_in_words(chair, w):
    held = opened(w, services=1)
    Audit.objects.filter(pk=held.discussion.audit_id).update(graded=False)
    Answer.objects.update(grade="")
    page = chair.get(there("board", held)).text
    assert "why recognition" in page
    assert "agree" not in page.split("Services side by side")[1].split("</table>")[0]
    assert "Not graded" not in page
    chair.post(there("domain", held, domain="impact"), {"reason": "She is heard now.", "version": 0})
    assert Conclusion.objects.get().grade == ""


def test_what_cannot_be_saved_comes_back_with_the_reason(chair, w):
    held = opened(w)
    closed = there("domain", held, domain="impact")
    CaseDiscussion.objects.update(state="agreed")
    page = chair.post(closed, SAID).text
    assert "This case is agreed" in page
    assert "is agreed" in chair.post(there("story", held), {"story": "Late words.", "version": 0}).text


def test_an_agreed_good_must_be_chosen_on_the_page(chair, w):
    held = opened(w)
    page = chair.post(there("accept", held), {})
    assert page.status_code == 200
    assert "Which agreed" in page.text
    assert not Conclusion.objects.exists()


def test_services_and_strangers_see_no_board(client, w):
    held = opened(w)
    sign_in(client, w.contact_sc)
    assert client.get(there("board", held)).status_code in (403, 404)
    sign_in(client, other_world().coordinator)
    assert client.get(there("board", held)).status_code == 404
    assert client.get(reverse("discussion:show", args=[held.discussion.audit_id])).status_code == 404


def test_a_case_without_a_board_is_no_page_yet(chair, w):
    made = case(released(w), 7)
    assert chair.get(reverse("discussion:board", args=[made.pk])).status_code == 404


def test_the_page_of_a_case_leads_to_its_board(w):
    held = opened(w)
    assert queries.case_links(held.case, w.chair) == [("Discussion board", there("board", held))]
    assert queries.case_links(held.case, w.contact_police) == []
    assert queries.case_links(case(held.discussion.audit, 9), w.chair) == []


def test_what_is_left_to_do_and_how_far_it_is(w):
    audit = released(w)
    assert [task.title[:7] for task in queries.tasks(w.coordinator, AT.date())] == ["Arrange"]
    assert queries.stage(audit).state == "now"
    discussion = arranged(w, audit)
    assert queries.tasks(w.chair, AT.date())[0].title.startswith("Chair the discussion of 2026-03")
    assert queries.stage(audit).figures == "14 Jan, Civic Centre, room 2"
    actions.open_discussion(discussion=discussion, by=w.chair, at=AT)
    assert queries.stage(audit).figures == "0 of 1 cases agreed"
    assert queries.tasks(w.contact_police, AT.date()) == []


def test_eight_cases_by_ten_services_stay_quick(chair, w, django_assert_max_num_queries):
    audit = released(w, cases=8, services=6)
    more = [add_service("Mere Community Trust", f"Team {n}", "health-visiting", w.partnership) for n in range(4)]
    for made in audit.cases.order_by("number"):
        for service in more:
            submitted(w, made, service, {"impact": "inadequate"})
    actions.open_discussion(discussion=arranged(w, audit), by=w.chair, at=AT)
    held = CaseDiscussion.objects.order_by("case__number").first()
    queries.domains(held.case.audit)
    with django_assert_max_num_queries(BOARD):
        assert "Team 3" in chair.get(there("board", held)).text
