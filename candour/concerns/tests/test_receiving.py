"""Who can receive a concern about practice, and what its record says of that."""

import pytest
from django.urls import reverse

from candour.concerns import actions, jobs, queries
from candour.concerns.flow import State
from candour.concerns.tests.test_concerns import case_of, practice, unsafe
from candour.kernel.errors import Refused
from candour.notices.models import Message
from candour.people.models import Grant, Role
from candour.people.tests.factories import AT, grant, sign_in, user, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


def close_to(person, case, service):
    """Somebody has declared a connection to the family of a case."""
    case.connections.create(partnership=case.partnership, user=person, service=service, at=AT)


def test_nobody_to_whom_the_case_is_closed_receives_a_concern_about_it(client):
    w = world()
    case = case_of(w)
    assert practice(w, case, owner=w.contact_hv).owner == w.contact_hv
    close_to(w.contact_hv, case, w.health_visiting)
    with pytest.raises(Refused, match="Choose who receives"):
        practice(w, case, owner=w.contact_hv)
    held = practice(w, case, by=w.chair)
    with pytest.raises(Refused, match="Choose who receives"):
        actions.pass_on(concern=held, owner=w.contact_hv, reason="Theirs.", by=w.contact_police, at=AT)
    said = {"route": "employer", "text": "Visits were not made.", "reason": "It is theirs.", "owner": w.contact_hv.pk}
    for person, where in (
        (w.chair, reverse("concerns:practice", args=[case.pk])),
        (w.contact_police, reverse("concerns:pass_on", args=[held.pk])),
    ):
        page = sign_in(client, person).get(where).text
        assert w.concerns.pk in page
        assert w.contact_hv.pk not in page
        page = client.post(where, said).text
        assert "There is a problem" in page
        assert said["text" if person == w.chair else "reason"] in page


def test_the_record_of_passing_a_concern_on_says_to_whom_and_only_its_readers_see_it(client):
    w = world()
    held = practice(w, case_of(w), by=w.chair)
    there = actions.pass_on(concern=held, owner=w.contact_hv, reason="Theirs.", by=w.contact_police, at=AT)
    actions.pass_on(concern=there, owner=w.concerns, reason="Not ours.", by=w.contact_hv, at=AT)
    assert [(act.who, act.did, act.whom) for act in queries.history(held)] == [
        ("Chair", "raised a concern about practice", ""),
        ("Contact Police", "pass on", "Contact Hv"),
        ("Contact Hv", "pass on", "Concerns"),
    ]
    where = reverse("concerns:show", args=[held.pk])
    assert "Contact Police: pass on to Contact Hv" in sign_in(client, w.concerns).get(where).text
    assert "Contact Hv" not in sign_in(client, w.chair).get(where).text
    last = Entry.objects.select_related("detail").get(object_id=held.pk, seq=Entry.objects.count())
    assert last.detail.owner_id == held.pk
    assert last.detail.body["detail"]["to"] == "open"
    page = sign_in(client, w.coordinator).get("/trail/").text
    assert "Concerns" not in page[page.index("<main") : page.index("</main")]


def told(what):
    return {one.to_user: one for one in Message.objects.filter(key__contains=f":{what}:")}


def test_an_owner_to_whom_the_case_is_closed_loses_the_concern_and_its_raiser_chooses_another(client):
    w = world()
    case = case_of(w)
    held = actions.acknowledge(concern=practice(w, case, by=w.chair), by=w.contact_police, at=AT)
    where, chooses = (reverse(f"concerns:{page}", args=[held.pk]) for page in ("show", "pass_on"))
    assert sign_in(client, w.chair).get(chooses).status_code == 403, "as long as somebody has it"
    close_to(w.contact_police, case, w.health_visiting)
    actions.take_away(case=case, person=w.contact_police, at=AT)
    held.refresh_from_db()
    assert (held.owner, held.state, held.acknowledged_at) == (None, State.OPEN, None)
    assert sign_in(client, w.contact_police).get(where).status_code == 404
    assert queries.tasks(w.contact_police, AT.date()) == []
    assert set(told(f"given-up-{w.contact_police.pk}")) == {w.chair}
    assert [task.note for task in queries.tasks(w.chair, AT.date())] == [
        "You raised it, and nobody has it now. Choose who receives it."
    ]
    page = sign_in(client, w.chair).get(where).text
    assert chooses in page
    assert "None" not in page
    assert "burn" not in page
    said = {"owner": w.concerns.pk, "reason": "It is hers to deal with."}
    assert "Concerns has it from now on" in client.post(chooses, said, follow=True).text
    assert client.get(chooses).status_code == 403
    assert "burn" in sign_in(client, w.concerns).get(where).text
    assert not told("passed").keys() & {w.chair, w.contact_police}


def test_where_its_raiser_has_left_the_first_manager_receives_it():
    w = world()
    case = case_of(w)
    held = practice(w, case, by=w.chair)
    Grant.objects.filter(user=w.chair).update(withdrawn_at=AT)
    close_to(w.contact_police, case, w.health_visiting)
    actions.take_away(case=case, person=w.contact_police, at=AT)
    held.refresh_from_db()
    assert held.owner == w.concerns


def test_a_concern_about_practice_stays_with_nobody_who_has_left(client):
    w = world()
    case = case_of(w)
    held, kept = (practice(w, case, by=w.chair, text=text) for text in ("Left behind", "Left behind, closed"))
    closed = actions.acknowledge(concern=kept, by=w.contact_police, at=AT)
    actions.close(concern=closed, note="Dealt with.", by=w.contact_police, at=AT)
    jobs.give_back(AT)
    held.refresh_from_db()
    assert held.owner == w.contact_police
    Grant.objects.filter(user=w.contact_police).update(withdrawn_at=AT)
    for _ in range(2):
        jobs.give_back(AT)
    held.refresh_from_db()
    kept.refresh_from_db()
    assert (held.owner, held.state, kept.owner) == (None, State.OPEN, w.contact_police)
    assert set(told(f"given-up-{w.contact_police.pk}")) == {w.chair}
    assert (
        reverse("concerns:pass_on", args=[held.pk])
        in sign_in(client, w.chair).get(reverse("concerns:show", args=[held.pk])).text
    )
    assert ("Candour", "give back", "") in [(act.who, act.did, act.whom) for act in queries.history(held)]


def test_a_closed_concern_is_out_of_sight_of_whoever_is_connected(client):
    w = world()
    case = case_of(w)
    held = actions.acknowledge(concern=practice(w, case, by=w.chair), by=w.contact_police, at=AT)
    actions.close(concern=held, note="Dealt with.", by=w.contact_police, at=AT)
    close_to(w.contact_police, case, w.health_visiting)
    actions.take_away(case=case, person=w.contact_police, at=AT)
    held.refresh_from_db()
    assert (held.owner, held.state) == (w.contact_police, State.CLOSED)
    sign_in(client, w.contact_police)
    assert client.get(reverse("concerns:show", args=[held.pk])).status_code == 404
    assert queries.known_to(w.contact_police) == []


def test_a_manager_to_whom_the_case_is_closed_neither_owns_nor_reads_that_a_child_is_unsafe(client):
    w = world()
    case = case_of(w)
    grant(deputy := user("deputy manager"), Role.CONCERNS, partnership=w.partnership)
    held = actions.acknowledge(concern=unsafe(w, case, by=w.chair), by=w.concerns, at=AT)
    close_to(w.concerns, case, w.health_visiting)
    actions.take_away(case=case, person=w.concerns, at=AT)
    held.refresh_from_db()
    assert held.owner == deputy
    assert set(told(f"given-up-{w.concerns.pk}")) == {deputy}
    assert unsafe(w, case, by=w.chair, text="Another burn.").owner == deputy
    assert sign_in(client, w.concerns).get(reverse("concerns:show", args=[held.pk])).status_code == 404
    assert queries.tasks(w.concerns, AT.date()) == []
    assert len(queries.tasks(deputy, AT.date())) == 2
    page = sign_in(client, w.coordinator).get(reverse("concerns:show", args=[held.pk])).text
    assert "burn" not in page


def test_without_another_manager_the_coordinator_names_one():
    w = world()
    case = case_of(w)
    held = unsafe(w, case)
    close_to(w.concerns, case, w.health_visiting)
    actions.take_away(case=case, person=w.concerns, at=AT)
    held.refresh_from_db()
    assert held.owner is None
    message = told(f"given-up-{w.concerns.pk}")[w.coordinator]
    assert "Give somebody that role today" in message.body


def test_whoever_raised_a_concern_finds_it_again_and_no_other(client):
    w = world()
    case = case_of(w)
    mine = practice(w, case, by=w.auditor_hv)
    other = practice(w, case, by=w.chair)
    page = sign_in(client, w.auditor_hv).get("/").text
    assert f'href="{reverse("concerns:known")}"' in page
    page = client.get(reverse("concerns:known")).text
    assert mine.pk in page
    assert other.pk not in page
    assert "burn" not in page
    for name in ("unsafe", "practice"):
        page = sign_in(client, w.coordinator).get(reverse(f"concerns:{name}", args=[case.pk])).text
        assert f'href="{case.get_absolute_url()}">Case 1</a>' in page


def test_neither_of_the_two_boxes_of_a_concern_is_lost_by_the_others_button(client):
    w = world()
    held = actions.acknowledge(concern=practice(w, case_of(w), by=w.chair), by=w.contact_police, at=AT)
    adds, closes = (reverse(f"concerns:{name}", args=[held.pk]) for name in ("add", "close"))
    sign_in(client, w.contact_police)
    page = client.post(adds, {"text": "They rang back.", "note": "Spoken to."}).text
    assert "You have also written what came of it" in page
    assert "They rang back.</textarea>" in page
    assert "Spoken to.</textarea>" in page
    assert not held.entries.exists()
    page = client.post(closes, {"text": "They rang back.", "note": " "}).text
    assert "Say what came of it." in page
    assert "They rang back.</textarea>" in page
    assert not held.entries.exists()
    client.post(closes, {"text": "They rang back.", "note": "Spoken to."})
    held.refresh_from_db()
    assert (held.state, held.closing_note) == (State.CLOSED, "Spoken to.")
    assert [one.text for one in held.entries.all()] == ["They rang back."]
