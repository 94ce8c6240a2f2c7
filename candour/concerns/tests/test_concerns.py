from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from candour.concerns import actions, queries
from candour.concerns.flow import ACKNOWLEDGE, CLOSE, GIVE_BACK, MOVES, PASS_ON, State
from candour.concerns.models import Concern
from candour.focus.tests.factories import under_way
from candour.identity.tests.factories import CANARIES
from candour.kernel import vault
from candour.kernel.errors import Refused
from candour.kernel.models import Key, KeyKind
from candour.notices.models import Message
from candour.people.models import Grant
from candour.people.tests.factories import AT, other_world, sign_in, world
from candour.sampling.models import Case
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
CONTACTS = {
    "front_door_phone": "01632 960 111",
    "out_of_hours_phone": "",
    "police_phone": "999 in an emergency, or 101",
    "lado_contact": "",
    "escalation_url": "",
}
SECRET = "Zebedee Canarywell was seen with a burn"


def case_of(w, number=1):
    audit = under_way(w)
    made = Case.objects.create(
        partnership=w.partnership, audit=audit, number=number, ref=f"C-{audit.pk}", random=False, made_at=AT
    )
    vault.make_key(made.pk, KeyKind.CASE, AT)
    return made


def unsafe(w, case, **more):
    call = {"text": SECRET, "phoned_at": AT, "told_whom": "Duty desk", "by": w.coordinator, "at": AT}
    return actions.raise_unsafe(case=case, **call | more)


def practice(w, case, **more):
    said = {"route": "lado", "owner": w.contact_police, "text": SECRET, "by": w.coordinator, "at": AT}
    return actions.raise_practice(case=case, **said | more)


def test_the_moves():
    assert (ACKNOWLEDGE.of, ACKNOWLEDGE.to) == ({State.OPEN}, State.ACKNOWLEDGED)
    assert (CLOSE.of, CLOSE.to) == ({State.ACKNOWLEDGED}, State.CLOSED)
    assert (PASS_ON.of, PASS_ON.to) == ({State.OPEN, State.ACKNOWLEDGED}, State.OPEN)
    assert (GIVE_BACK.of, GIVE_BACK.to, GIVE_BACK.needs) == (PASS_ON.of, PASS_ON.to, None)
    assert MOVES == (ACKNOWLEDGE, CLOSE, PASS_ON, GIVE_BACK)


def test_a_child_unsafe_goes_to_the_managers_with_nothing_in_the_message():
    w = world()
    concern = unsafe(w, case_of(w))
    message = Message.objects.get(key__startswith="concern:")
    assert message.to_user == w.concerns
    assert f"/concerns/{concern.pk}/" in message.body
    assert not [part for part in (*CANARIES, "Case 1", "burn") if part in message.subject + message.body]
    assert [task.tone for task in queries.tasks(w.concerns, AT.date())] == ["red"]
    assert [task.title for task in queries.tasks(w.coordinator, AT.date())] == [
        "Say whom to phone when a child may be unsafe"
    ]
    with pytest.raises(Refused, match="Phone first"):
        unsafe(w, concern.case, phoned_at=AT + timedelta(hours=1))


def test_without_a_manager_the_coordinator_is_told_to_name_one():
    w = world()
    Grant.objects.filter(role="concerns").update(withdrawn_at=AT)
    unsafe(w, case_of(w))
    message = Message.objects.get(key__startswith="concern:")
    assert message.to_user == w.coordinator
    assert "Give somebody that role today" in message.body


def test_a_concern_sent_twice_is_one_and_is_told_once():
    w = world()
    case, soon = case_of(w), AT + timedelta(seconds=2)
    assert unsafe(w, case) == unsafe(w, case, at=soon)
    assert unsafe(w, case, text="A second burn", at=soon) != unsafe(w, case, by=w.contact_police, at=soon)
    assert practice(w, case) == practice(w, case, at=soon)
    assert Concern.objects.count() == 4
    assert Message.objects.filter(to_user=w.concerns).count() == 3
    held = actions.acknowledge(concern=unsafe(w, case), by=w.concerns, at=soon)
    added = {"concern": held, "text": "Strategy meeting held.", "by": w.concerns}
    assert actions.add(**added, at=soon) == actions.add(**added, at=soon + timedelta(seconds=2))
    actions.add(**added, at=soon + timedelta(hours=1))
    assert queries.entries(held).count() == 2


def test_taken_up_added_to_and_closed():
    w = world()
    concern = unsafe(w, case_of(w))
    with pytest.raises(Refused, match="do not hold a role"):
        actions.acknowledge(concern=concern, by=w.coordinator, at=AT)
    with pytest.raises(Refused, match="“Close” is not possible"):
        actions.close(concern=concern, note="Done.", by=w.concerns, at=AT)
    made = actions.acknowledge(concern=concern, by=w.concerns, at=AT)
    assert made.owner == w.concerns
    actions.add(concern=made, text="Strategy meeting held.", by=w.concerns, at=AT)
    with pytest.raises(Refused, match="Say what came"):
        actions.close(concern=made, note=" ", by=w.concerns, at=AT)
    done = actions.close(concern=made, note="A plan is in place.", by=w.concerns, at=AT)
    assert done.state == State.CLOSED
    assert [entry.text for entry in queries.entries(done)] == ["Strategy meeting held."]
    with pytest.raises(Refused, match="closed"):
        actions.add(concern=done, text="More.", by=w.concerns, at=AT)
    assert Message.objects.filter(to_user=w.coordinator, key__contains=":closed:").count() == 1
    assert [flag.open for flag in queries.flags([concern.case])] == [False]


def test_practice_is_for_its_owner_alone():
    w = world()
    concern = practice(w, case_of(w))
    assert Message.objects.get(key__startswith="concern:").to_user == w.contact_police
    assert queries.flags([concern.case]) == []
    with pytest.raises(Refused, match="not yourself"):
        practice(w, concern.case, owner=w.coordinator)
    with pytest.raises(Refused, match="not yourself"):
        practice(w, concern.case, owner=other_world().contact_police)
    with pytest.raises(Refused, match="Choose the way"):
        practice(w, concern.case, route="phone")


def test_who_reads_what(client):
    w, other = world(), other_world()
    case = case_of(w)
    kinds = {"unsafe": unsafe(w, case, by=w.scrutineer), "practice": practice(w, case, by=w.scrutineer)}
    expected = {
        ("unsafe", "concerns"): "reads",
        ("unsafe", "scrutineer"): "reads",
        ("unsafe", "coordinator"): "state",
        ("unsafe", "contact_police"): 404,
        ("unsafe", "executive"): 404,
        ("practice", "contact_police"): "reads",
        ("practice", "scrutineer"): "state",
        ("practice", "coordinator"): 404,
        ("practice", "concerns"): 404,
        ("practice", "chair"): 404,
    }
    for (kind, who), sees in expected.items():
        page = sign_in(client, getattr(w, who)).get(reverse("concerns:show", args=[kinds[kind].pk]))
        if isinstance(sees, int):
            assert page.status_code == sees, (kind, who)
            continue
        assert page.status_code == 200, (kind, who)
        assert ("burn" in page.content.decode()) == (sees == "reads"), (kind, who)
    for stranger in (other.concerns, other.coordinator):
        page = sign_in(client, stranger).get(reverse("concerns:show", args=[kinds["unsafe"].pk]))
        assert page.status_code == 404


def test_the_page_says_phone_first_and_keeps_what_was_typed(client):
    w = world()
    w.partnership.front_door_phone = "01632 960 111"
    w.partnership.save()
    case = case_of(w)
    sign_in(client, w.coordinator)
    where = reverse("concerns:unsafe", args=[case.pk])
    page = client.get(where).content.decode()
    assert page.index("01632 960 111") < page.index("Then write down the call")
    said = {"phoned_on_day": "23", "phoned_on_month": "11", "phoned_on_year": "2025", "told_whom": "Duty desk"}
    page = client.post(where, said | {"phoned_time": "25:00", "text": "A burn."}).content.decode()
    assert "Enter the time as hours and minutes" in page
    assert "A burn." in page
    shown = client.post(where, said | {"phoned_time": "14:30", "text": "A burn."}, follow=True).content.decode()
    assert "23 November 2025, 14:30" in shown
    assert Concern.objects.get().raised_by == w.coordinator


def test_practice_page_and_the_moves_on_the_page(client):
    w = world()
    case = case_of(w)
    sign_in(client, w.chair)
    where = reverse("concerns:practice", args=[case.pk])
    said = {"route": "employer", "owner": w.concerns.pk, "text": "Visits were not made."}
    page = client.post(where, said, follow=True).content.decode()
    assert "This stands with Concerns" in page
    assert "Visits were not made." not in page
    concern = Concern.objects.get()
    sign_in(client, w.concerns)
    for name, data, words in (
        ("acknowledge", {}, "You have taken this up"),
        ("add", {"text": "Spoke to the manager."}, "Spoke to the manager."),
        ("close", {"note": "Supervision agreed."}, "Supervision agreed."),
    ):
        page = client.post(reverse(f"concerns:{name}", args=[concern.pk]), data, follow=True)
        assert words in page.content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_queries_of_the_list(client, many, django_assert_num_queries):
    w = world()
    case = case_of(w)
    for _ in range(many):
        unsafe(w, case)
    sign_in(client, w.concerns)
    with django_assert_num_queries(6):
        assert "A child may be unsafe now" in client.get(reverse("concerns:known")).content.decode()


def test_the_trail_says_that_something_was_kept_and_its_readers_learn_neither_what_nor_by_whom(client):
    w = world()
    case = case_of(w)
    concern, other = unsafe(w, case, by=w.auditor_hv), practice(w, case, by=w.auditor_hv)
    actions.acknowledge(concern=concern, by=w.concerns, at=AT)
    rows = Entry.objects.filter(object_label="concerns.Concern").select_related("detail")
    assert {(row.verb, row.actor) for row in rows} == {("kept a concern", "")}
    assert not [row for row in rows if "burn" in str(row.detail.body)]
    assert [(act.who, act.did) for act in queries.history(concern)] == [
        ("Auditor Hv", "raised that a child may be unsafe"),
        ("Concerns", "acknowledge"),
    ]
    page = sign_in(client, w.coordinator).get("/trail/").content.decode()
    assert "concern" not in page[page.index("<main") : page.index("</main")]
    assert sign_in(client, w.coordinator).get("/messages/").content.decode().count("unsafe") == 0
    shown = client.get(reverse("concerns:show", args=[concern.pk])).content.decode()
    assert "Auditor Hv" not in shown[shown.index("<main") :]
    assert client.get(reverse("concerns:show", args=[other.pk])).status_code == 404


def test_the_partnership_says_whom_to_phone_and_who_takes_it_up(client):
    w = world()
    case = case_of(w)
    assert [task.title for task in queries.tasks(w.coordinator, AT.date())] == [
        "Say whom to phone when a child may be unsafe"
    ]
    sign_in(client, w.coordinator)
    where = reverse("concerns:rule", args=[w.partnership.pk])
    said = CONTACTS | {"manager": w.concerns.pk, "rises_to": "", "hours": "3", "office_hours": "yes"}
    assert "Saved." in client.post(where, said, follow=True).content.decode()
    assert queries.tasks(w.coordinator, AT.date()) == []
    page = client.get(reverse("concerns:unsafe", args=[case.pk])).content.decode()
    assert 'href="tel:01632960111"' in page
    assert 'href="tel:999"' in page
    assert "It goes to Concerns, social care manager for concerns," in page
    assert "Enter a number, 72 or less" in client.post(where, said | {"hours": "99"}).content.decode()
    w.partnership.refresh_from_db()
    rule = {"manager": w.chair, "rises_to": None, "hours": 4, "office_hours": False}
    with pytest.raises(Refused, match="no social care manager"):
        actions.keep_rule(partnership=w.partnership, contacts=CONTACTS, rule=rule, by=w.coordinator, at=AT)


def test_a_concern_outlives_the_text_of_its_case():
    w = world()
    concern = unsafe(w, case_of(w))
    vault.destroy_key(concern.case_id, AT)
    vault.forget()
    assert Concern.objects.get().text == SECRET
    vault.destroy_key(concern.pk, AT)
    assert Concern.objects.get().text == "[erased]"


def test_a_concern_from_before_is_moved_to_a_key_of_its_own():
    w = world()
    concern = unsafe(w, case_of(w))
    actions.add(concern=concern, text="More.", by=w.concerns, at=AT)
    with connection.cursor() as cursor:
        for row, label in ((concern, "Concern"), (concern.entries.get(), "Entry")):
            text = vault.seal(concern.case_id, b"As before", f"concerns.{label}.text:{row.pk}")
            cursor.execute(f"UPDATE concerns_{label.lower()} SET text = %s WHERE id = %s", [text, row.pk])
    Key.objects.filter(owner=concern.pk).delete()
    vault.forget()
    Concern.objects.update(told_whom="", reference="", outcome="", closing_note="")
    import_module("candour.concerns.migrations.0003_own_keys").reseal(apps, None)
    vault.destroy_key(concern.case_id, AT)
    vault.forget()
    assert [Concern.objects.get().text, concern.entries.get().text] == ["As before", "As before"]


def test_what_could_not_be_added_is_given_back(client):
    w = world()
    concern = actions.acknowledge(concern=unsafe(w, case_of(w)), by=w.concerns, at=AT)
    actions.close(concern=concern, note="Done.", by=w.concerns, at=AT)
    sign_in(client, w.concerns)
    for page, said in (("add", {"text": "The child has moved."}), ("close", {"note": "The child has moved."})):
        shown = client.post(reverse(f"concerns:{page}", args=[concern.pk]), said).content.decode()
        assert "This was not saved." in shown
        assert "The child has moved." in shown


def test_a_concern_about_practice_is_passed_on_by_its_owner_and_gone_from_their_sight(client):
    w = world()
    concern = actions.acknowledge(concern=practice(w, case_of(w), by=w.chair), by=w.contact_police, at=AT)
    where = reverse("concerns:pass_on", args=[concern.pk])
    sign_in(client, w.contact_police)
    page = client.get(reverse("concerns:show", args=[concern.pk])).text
    assert where in page
    assert reverse("concerns:known") in page
    assert "Choose a person" in client.get(where).text
    assert "There is a problem" in client.post(where, {"owner": w.concerns.pk, "reason": " "}).text
    page = client.post(where, {"owner": w.concerns.pk, "reason": "It is about Quentin of my own team."}, follow=True)
    assert page.status_code == 200
    assert "Concerns has it from now on" in page.text
    assert "practice or a person" not in page.text
    for name in ("show", "pass_on"):
        assert client.get(reverse(f"concerns:{name}", args=[concern.pk])).status_code == 404
    assert queries.tasks(w.contact_police, AT.date()) == []
    sign_in(client, w.concerns)
    page = client.get(reverse("concerns:show", args=[concern.pk]))
    assert "burn" in page.text
    assert "Passed on to Concerns: It is about Quentin of my own team." in page.text
    assert [task.tag for task in queries.tasks(w.concerns, AT.date())] == ["Now"]
    page = sign_in(client, w.chair).get(reverse("concerns:show", args=[concern.pk])).text
    assert "This stands with Concerns" in page
    assert "Quentin" not in page
    told = Message.objects.filter(key__contains=":passed-")
    assert {one.to_user for one in told} == {w.concerns, w.chair}
    assert not [one for one in told if "Quentin" in one.body + one.subject]
    rows = Entry.objects.filter(object_label="concerns.Concern").select_related("detail")
    assert {(row.verb, row.actor) for row in rows} == {("kept a concern", "")}
    assert "Quentin" not in str([row.detail.body for row in rows])
    assert queries.history(concern)[-1].did == "pass on"


def test_only_the_owner_of_a_concern_about_practice_passes_it_on_and_to_somebody_fit():
    w, other = world(), other_world()
    case = case_of(w)
    held, urgent = practice(w, case, by=w.chair), unsafe(w, case)
    to = {"owner": w.contact_hv, "reason": "Another team.", "at": AT}
    for person in (w.chair, w.concerns, w.coordinator, w.contact_hv, other.contact_police):
        with pytest.raises(Refused, match="do not hold a role"):
            actions.pass_on(concern=held, by=person, **to)
    with pytest.raises(Refused, match="do not hold a role"):
        actions.pass_on(concern=urgent, by=w.concerns, **to)
    for person in (w.contact_police, w.chair, w.executive, other.contact_hv):
        with pytest.raises(Refused, match="neither has nor raised"):
            actions.pass_on(concern=held, by=w.contact_police, **to | {"owner": person})
    with pytest.raises(Refused, match="Say why"):
        actions.pass_on(concern=held, by=w.contact_police, **to | {"reason": " "})
    held.refresh_from_db()
    assert (held.owner, held.entries.count()) == (w.contact_police, 0)
    held = actions.acknowledge(concern=held, by=w.contact_police, at=AT)
    done = actions.close(concern=held, note="Done.", by=w.contact_police, at=AT)
    with pytest.raises(Refused, match="“Pass on” is not possible"):
        actions.pass_on(concern=done, by=w.contact_police, **to)


def test_a_concern_passed_back_and_forth_tells_each_time():
    w = world()
    held = practice(w, case_of(w), by=w.chair)
    there = actions.pass_on(concern=held, owner=w.contact_hv, reason="Theirs.", by=w.contact_police, at=AT)
    later = AT + timedelta(minutes=5)
    back = actions.pass_on(concern=there, owner=w.contact_police, reason="Not ours.", by=w.contact_hv, at=later)
    assert back.owner == w.contact_police
    assert Message.objects.filter(to_user=w.contact_police, key__startswith="concern:").count() == 2
