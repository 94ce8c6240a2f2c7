"""The page that names who writes and checks: what it keeps, what it refuses, and who hears of it."""

import re
from datetime import timedelta

import pytest
import time_machine

from candour.involvement import actions, queries
from candour.involvement.models import Involvement, Sharer
from candour.involvement.queries import onward
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import LATER
from candour.involvement.tests.test_pages import where
from candour.notices.models import Message
from candour.people.models import Absence, Grant, Role, User
from candour.people.tests.factories import AT, grant, joined, sign_in, world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def w():
    made = world()
    for name in ("second", "third"):
        joined(made, f"{name}_hv", f"{name} auditor hv", Role.AUDITOR, made.health_visiting)
    return made


@pytest.fixture
def ask(w):
    """Two cases that the health visitors know."""
    return stage.known(w, stage.asked(w, 2), w.health_visiting, w.contact_hv)


@pytest.fixture
def one(ask):
    return queries.cases_of(ask.audit).first()


@pytest.fixture
def two(ask):
    return queries.cases_of(ask.audit).last()


def name(w, ask, case, auditor, *sharers, at=AT, by=None, **more):
    named = {case.pk: actions.Named(auditor, sharers=sharers, **more)}
    return actions.name_people(ask=ask, named=named, by=by or w.contact_hv, at=at)


def loaded(client, ask):
    """What the page's form sends as it stands."""
    page = client.get(where("people", ask)).content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="([\w-]+-seen)" value="([^"]*)"', page))
    for select in re.findall(r'<select name="([\w-]+)".*?</select>', page, re.DOTALL):
        chosen = re.search(rf'<select name="{select}".*?<option value="(\w*)" selected', page, re.DOTALL)
        sent[select] = chosen[1] if chosen else ""
    for box in re.findall(r"<input[^>]*-sharers[^>]*>", page):
        if " checked" in box:
            sent.setdefault(re.search(r'name="([^"]+)"', box)[1], []).append(re.search(r'value="([^"]+)"', box)[1])
    return sent


def writers(case):
    return {str(person) for person in Involvement.objects.get(case=case, auditor__isnull=False).writers}


def messages(person):
    return [one.subject for one in Message.objects.filter(to_user=person).order_by("queued_at", "pk")]


def test_whoever_is_named_again_after_another_hears_of_it_again(w, ask, one):
    for day, person in enumerate((w.auditor_hv, w.second_hv, w.auditor_hv)):
        name(w, ask, one, person, at=AT + day * DAY)
    named = Message.objects.filter(key__startswith="named:", to_user=w.auditor_hv)
    assert named.count() == 2
    for day in (3, 4, 5):
        name(w, ask, one, w.auditor_hv, *([w.third_hv] if day != 4 else []), at=AT + day * DAY)
    assert Message.objects.filter(key__startswith="shares:", to_user=w.third_hv).count() == 2


def test_a_page_from_before_throws_out_nobody_whom_it_did_not_show(w, ask, one, two, client):
    name(w, ask, one, w.auditor_hv)
    sign_in(client, w.contact_hv)
    old = loaded(client, ask)
    name(w, ask, one, w.auditor_hv, w.second_hv, by=w.coordinator)
    page = client.post(where("people", ask), old | {f"{two.pk}-auditor": w.third_hv.pk}, follow=True)
    assert "Saved." in page.content.decode()
    assert writers(one) == {"Auditor Hv", "Second Auditor Hv"}
    assert writers(two) == {"Third Auditor Hv"}


def test_a_row_changed_meanwhile_is_refused_says_what_stands_and_keeps_what_was_chosen(w, ask, one, two, client):
    name(w, ask, one, w.auditor_hv)
    sign_in(client, w.contact_hv)
    old = loaded(client, ask)
    name(w, ask, one, w.auditor_hv, w.second_hv, w.third_hv, authoriser=w.authoriser_hv)
    mine = {f"{one.pk}-authoriser": "none", f"{two.pk}-auditor": w.third_hv.pk}
    page = client.post(where("people", ask), old | mine).content.decode()
    assert (
        "Case 1: This was changed meanwhile. Now Auditor Hv completes it, Second Auditor Hv and Third Auditor Hv share "
        "in it, Authoriser Hv checks it. Look at that; saving again puts what you chose in its place."
    ) in page
    assert '<option value="none" selected>' in page
    assert f'<option value="{w.third_hv.pk}" selected>' in page
    assert writers(one) == {"Auditor Hv", "Second Auditor Hv", "Third Auditor Hv"}
    assert not Involvement.objects.filter(case=two, auditor__isnull=False).exists()
    marks = dict(re.findall(r'<input type="hidden" name="([\w-]+-seen)" value="([^"]*)"', page))
    assert "Saved." in client.post(where("people", ask), old | mine | marks, follow=True).content.decode()
    assert writers(one) == {"Auditor Hv"}
    assert writers(two) == {"Third Auditor Hv"}


def test_a_page_shown_again_for_another_row_still_remembers_what_it_showed_first(w, ask, one, two, client):
    name(w, ask, one, w.auditor_hv)
    sign_in(client, w.contact_hv)
    old = loaded(client, ask)
    name(w, ask, one, w.auditor_hv, w.second_hv)
    page = client.post(where("people", ask), old | {f"{two.pk}-auditor": w.auditor_police.pk}).content.decode()
    assert "Case 2: This choice is not in the list" in page
    marks = dict(re.findall(r'<input type="hidden" name="([\w-]+-seen)" value="([^"]*)"', page))
    client.post(where("people", ask), old | marks | {f"{two.pk}-auditor": w.third_hv.pk})
    assert writers(one) == {"Auditor Hv", "Second Auditor Hv"}


def test_the_same_choice_made_twice_is_refused_to_nobody(w, ask, one, client):
    sign_in(client, w.contact_hv)
    sent = loaded(client, ask) | {f"{one.pk}-auditor": w.auditor_hv.pk}
    assert client.post(where("people", ask), sent).status_code == 302
    page = client.post(where("people", ask), sent, follow=True).content.decode()
    assert "Nothing has changed." in page


def test_sharers_stay_on_the_page_although_one_auditor_is_left(w, ask, one, client):
    name(w, ask, one, w.auditor_hv, w.second_hv)
    Grant.objects.filter(user__in=[w.second_hv, w.third_hv]).update(withdrawn_at=AT, withdrawn_by=w.coordinator)
    sign_in(client, w.contact_hv)
    sent = loaded(client, ask)
    assert sent[f"{one.pk}-sharers"] == [w.second_hv.pk]
    sent |= {f"{one.pk}-authoriser": w.authoriser_hv.pk}
    assert "Saved." in client.post(where("people", ask), sent, follow=True).content.decode()
    assert writers(one) == {"Auditor Hv", "Second Auditor Hv"}
    sent = loaded(client, ask) | {f"{one.pk}-sharers": []}
    assert "Saved." in client.post(where("people", ask), sent, follow=True).content.decode()
    assert writers(one) == {"Auditor Hv"}
    assert len(messages(w.second_hv)) == 1, "whoever has left the service hears no more of it"
    assert "Who else writes it?" not in client.get(where("people", ask)).content.decode()


def test_whoever_is_taken_out_hears_it_once_and_whoever_stays_or_did_it_does_not(w, ask, one):
    grant(w.contact_hv, Role.AUDITOR, agency=w.health_visiting.agency)
    name(w, ask, one, w.auditor_hv, w.second_hv, w.third_hv, w.contact_hv)
    name(w, ask, one, w.second_hv, w.auditor_hv, at=AT + DAY)
    gone = "Northmere: you are no longer named for a return, audit 2026-03"
    assert gone in messages(w.third_hv)
    told = Message.objects.get(subject=gone)
    assert told.to_user == w.third_hv
    assert "your service’s return about Case 1" in told.body
    assert "What you wrote in it stays" in told.body
    name(w, ask, one, w.second_hv, at=AT + 2 * DAY)
    assert messages(w.auditor_hv)[-1] == gone
    assert gone not in messages(w.second_hv) + messages(w.contact_hv)
    assert not Sharer.objects.exists()


def withdraw(*people, role=None):
    rows = Grant.objects.filter(user__in=people)
    (rows.filter(role=role) if role else rows).update(withdrawn_at=AT)


def tasks(w):
    return [(one.title, one.note) for one in queries.tasks(User.objects.get(pk=w.contact_hv.pk), AT.date())]


def test_an_authoriser_who_is_one_no_more_is_named_as_such_and_dropped_by_no_other_choice(w, ask, one, client):
    grant(w.third_hv, Role.AUTHORISER, agency=w.health_visiting.agency)
    name(w, ask, one, w.auditor_hv, authoriser=w.third_hv)
    assert "of 2 cases" not in str(tasks(w))
    withdraw(w.third_hv, role=Role.AUTHORISER)
    sign_in(client, w.contact_hv)
    page = client.get(where("people", ask)).text
    assert "Case 1: Third Auditor Hv is no longer authoriser here and cannot check the return" in page
    assert f'value="{w.third_hv.pk}" selected>Third Auditor Hv, who is no longer authoriser here' in page
    sent = loaded(client, ask) | {f"{one.pk}-auditor": w.second_hv.pk}
    assert "Saved." in client.post(where("people", ask), sent, follow=True).text
    assert Involvement.objects.get(case=one, auditor=w.second_hv).authoriser == w.third_hv
    assert "Third Auditor Hv is no longer authoriser here." in tasks(w)[0][1]
    sent = loaded(client, ask) | {f"{one.pk}-authoriser": w.authoriser_hv.pk}
    page = client.post(where("people", ask), sent, follow=True).text
    assert "no longer" not in page


def test_whoever_has_left_is_said_to_have_left_and_not_to_be_away(w, ask, one, client):
    name(w, ask, one, w.auditor_hv)
    Absence.objects.create(
        user=w.auditor_hv, starts_on=AT.date(), ends_on=AT.date() + 300 * DAY, said_by=w.auditor_hv, said_at=AT
    )
    sign_in(client, w.coordinator)
    assert "Auditor Hv is away until" in client.get(where("grid", ask.audit)).text
    withdraw(w.auditor_hv)
    page = client.get(where("grid", ask.audit), {"show": "away"}).text
    assert "Auditor Hv is away" not in page
    assert "Auditor Hv has left" in page
    assert where("people", ask) in page
    assert not [one for one in queries.tasks(User.objects.get(pk=w.coordinator.pk), LATER.date()) if one.tag == "Away"]
    page = client.get(where("people", ask)).text
    assert "Case 1: Auditor Hv has left and cannot complete the return" in page
    assert "Auditor Hv, who has left" in page
    assert "Auditor Hv has left." in tasks(w)[0][1]


def test_nobody_is_said_to_have_left_whose_return_is_in_or_who_is_still_there(w, ask, one, monkeypatch):
    name(w, ask, one, w.auditor_hv, authoriser=w.authoriser_hv)
    assert queries.lapsed([ask], AT.date()) == []
    withdraw(w.auditor_hv, w.authoriser_hv)
    assert [(one.user, one.how) for one in queries.lapsed([ask], AT.date())] == [
        (w.auditor_hv, "has left"),
        (w.authoriser_hv, "has left"),
    ]
    row = Involvement.objects.get(case=one, auditor=w.auditor_hv)
    monkeypatch.setattr(onward, "_returns", [lambda audit: {row.pk: queries.Standing("in", given=True)}])
    assert queries.lapsed([ask], AT.date()) == []


def test_whoever_is_named_for_several_at_once_hears_of_all_of_them_once(w, ask, one, two):
    both = {case.pk: actions.Named(w.auditor_hv, sharers=(w.second_hv,)) for case in (one, two)}
    actions.name_people(ask=ask, named=both, by=w.contact_hv, at=AT)
    assert messages(w.auditor_hv) == ["Northmere: you complete 2 returns, audit 2026-03"]
    assert messages(w.second_hv) == ["Northmere: you share in 2 returns, audit 2026-03"]
    body = Message.objects.get(to_user=w.second_hv).body
    assert "returns about Case 1 and Case 2, each together with its auditor. Before one opens" in body
    name(w, ask, one, w.auditor_hv, at=AT + DAY)
    both = {case.pk: actions.Named(w.third_hv) for case in (one, two)}
    actions.name_people(ask=ask, named=both, by=w.contact_hv, at=AT + 2 * DAY)
    assert messages(w.auditor_hv)[1:] == ["Northmere: you are no longer named for 2 returns, audit 2026-03"]
    assert messages(w.second_hv)[1:] == ["Northmere: you are no longer named for a return, audit 2026-03"] * 2
    assert "{" not in "".join(Message.objects.values_list("body", flat=True))
