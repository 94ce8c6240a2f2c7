from datetime import timedelta

import pytest
from django.urls import reverse

from candour.concerns import actions, queries
from candour.concerns.flow import ACKNOWLEDGE, CLOSE, MOVES, State
from candour.concerns.models import Concern
from candour.focus.tests.factories import under_way
from candour.identity.tests.factories import CANARIES
from candour.kernel import vault
from candour.kernel.errors import Refused
from candour.kernel.models import KeyKind
from candour.notices.models import Message
from candour.people.models import Grant
from candour.people.tests.factories import AT, other_world, sign_in, world
from candour.sampling.models import Case
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
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
    assert MOVES == (ACKNOWLEDGE, CLOSE)


def test_a_child_unsafe_goes_to_the_managers_with_nothing_in_the_message():
    w = world()
    concern = unsafe(w, case_of(w))
    message = Message.objects.get(key__startswith="concern:")
    assert message.to_user == w.concerns
    assert f"/concerns/{concern.pk}/" in message.body
    assert not [part for part in (*CANARIES, "Case 1", "burn") if part in message.subject + message.body]
    assert [task.tone for task in queries.tasks(w.concerns, AT.date())] == ["red"]
    assert queries.tasks(w.coordinator, AT.date()) == []
    with pytest.raises(Refused, match="Phone first"):
        unsafe(w, concern.case, phoned_at=AT + timedelta(hours=1))


def test_without_a_manager_the_coordinator_is_told_to_name_one():
    w = world()
    Grant.objects.filter(role="concerns").update(withdrawn_at=AT)
    unsafe(w, case_of(w))
    message = Message.objects.get(key__startswith="concern:")
    assert message.to_user == w.coordinator
    assert "Give somebody that role today" in message.body


def test_taken_up_added_to_and_closed():
    w = world()
    concern = unsafe(w, case_of(w))
    with pytest.raises(Refused, match="do not hold a role"):
        actions.acknowledge(concern=concern, by=w.coordinator, at=AT)
    with pytest.raises(Refused, match="cannot close"):
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


def test_practice_is_for_its_owner_and_raiser_alone():
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
        ("practice", "scrutineer"): "reads",
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
    assert "Visits were not made." in client.post(where, said, follow=True).content.decode()
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
    with django_assert_num_queries(5):
        assert "A child may be unsafe now" in client.get(reverse("concerns:known")).content.decode()


def test_the_trail_says_that_and_not_what():
    w = world()
    concern = unsafe(w, case_of(w))
    actions.acknowledge(concern=concern, by=w.concerns, at=AT)
    rows = Entry.objects.filter(object_id=concern.pk).select_related("detail")
    assert [row.verb for row in rows.order_by("seq")] == ["raised that a child may be unsafe", "acknowledge"]
    assert not [row for row in rows if "burn" in str(row.detail.body)]
