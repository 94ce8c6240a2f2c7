from datetime import timedelta

import pytest
from django.urls import reverse

from candour.families import actions, queries
from candour.families.forms import ViewForm
from candour.families.models import Decision, View
from candour.focus.models import Audit
from candour.identity.tests.factories import CANARIES
from candour.involvement.tests.factories import asked
from candour.kernel import vault
from candour.kernel.errors import Refused
from candour.people.tests.factories import AT, other_world, sign_in, world
from candour.sampling.models import Case
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
DAY = AT.date()
WORDS = "Nobody told us what would happen next."


@pytest.fixture
def w():
    made = world()
    asked(made, cases=2)
    return made


def case_of(w, number=1):
    return Case.objects.select_related("audit").get(partnership=w.partnership, number=number)


def decide(w, choice="asked", why="", **more):
    return actions.decide(**{"case": case_of(w), "choice": choice, "why": why, "by": w.coordinator, "at": AT} | more)


def view(w, **more):
    said = {
        "case": case_of(w),
        "whose": "parent",
        "way": "talk",
        "gathered_by": "Her health visitor",
        "gathered_on": DAY,
        "safe_check": "Checked with the domestic abuse worker: mornings at the clinic",
        "words": WORDS,
        "may_quote": False,
        "service": w.health_visiting,
        "by": w.auditor_hv,
        "at": AT,
    }
    return actions.write_view(**said | more)


def test_a_decision_made_meanwhile_is_not_overwritten_unseen(w, client):
    sign_in(client, w.coordinator)
    url = reverse("families:decide", args=[case_of(w).pk])
    client.post(url, {"choice": "not-safe", "why": "He reads her telephone", "seen": ""})
    page = client.post(url, {"choice": "asked", "why": "All agree", "seen": ""}).content.decode()
    assert "He reads her telephone" in page
    assert "All agree" in page
    assert Decision.objects.get().choice == "not-safe"
    assert f'name="seen" value="{Decision.objects.get().mark}"' in page
    client.post(url, {"choice": "asked", "why": "All agree", "seen": Decision.objects.get().mark})
    assert Decision.objects.get().choice == "asked"


def test_a_view_or_decision_sent_twice_is_one(w):
    first, again = decide(w), decide(w, at=AT + timedelta(seconds=2), seen="")
    assert (first, first.at) == (again, again.at)
    assert view(w) == view(w, at=AT + timedelta(seconds=2))
    assert view(w, at=AT + timedelta(hours=1)) != view(w, words="Another.", at=AT + timedelta(hours=1))
    assert View.objects.count() == 3


def test_the_decision_wants_a_reason_where_a_family_is_not_told_and_keeps_what_it_was(w):
    with pytest.raises(Refused, match="Say why"):
        decide(w, "not-safe")
    decide(w, "not-safe", "He reads her telephone")
    made = decide(w, "asked")
    assert Decision.objects.get().choice == made.choice == "asked"
    last = Entry.objects.filter(object_id=made.pk).latest("seq").detail.body["detail"]
    assert (last["from"], last["earlier"], last["to"]) == ("not-safe", "He reads her telephone", "asked")
    with pytest.raises(Refused, match="do not hold a role"):
        decide(w, by=w.contact_police)


def test_nobody_of_a_family_is_asked_before_the_decision_nor_without_the_check(w):
    with pytest.raises(Refused, match="First it has to be decided"):
        view(w)
    assert view(w, whose="practitioner", safe_check="").words == WORDS
    decide(w, "not-safe", "He reads her telephone")
    with pytest.raises(Refused, match="is not asked"):
        view(w)
    decide(w)
    with pytest.raises(Refused, match="contact is safe"):
        view(w, safe_check=" ")
    with pytest.raises(Refused, match="lies ahead"):
        view(w, gathered_on=DAY + timedelta(days=1))
    with pytest.raises(Refused, match="Choose the service"):
        view(w, service=w.police)
    assert view(w).service == w.health_visiting
    assert view(w, service=None, by=w.coordinator).service is None


def test_leave_to_quote_is_apart_and_a_view_can_be_taken_back(w):
    decide(w)
    made = view(w)
    audit = case_of(w).audit
    assert queries.quotable(audit) == []
    actions.let_quote(view=made, may=True, by=w.auditor_hv, at=AT)
    assert [one.words for one in queries.quotable(audit)] == [WORDS]
    assert queries.words_of(case_of(w)) == [("A parent said", WORDS)]
    with pytest.raises(Refused, match="do not hold a role"):
        actions.take_back(view=made, by=w.auditor_police, at=AT)
    actions.take_back(view=made, by=w.auditor_hv, at=AT)
    assert (View.objects.get().words, queries.quotable(audit), queries.words_of(case_of(w))) == ("", [], [])
    with pytest.raises(Refused, match="taken back"):
        actions.let_quote(view=made, may=True, by=w.auditor_hv, at=AT)


def test_who_was_asked_hears_what_changed(w):
    decide(w)
    made = view(w)
    assert [task.title for task in queries.tasks(w.coordinator, DAY)] == ["Decide whether each family is told: 2026-03"]
    Audit.objects.update(state="closed", closed_at=AT)
    (task,) = queries.tasks(w.coordinator, DAY)
    assert (task.title, str(task.due)) == ("Tell those who gave their views what changed: 2026-03", "2026-12-21")
    with pytest.raises(Refused, match="lies ahead"):
        actions.tell(view=made, what="More visits", told_on=DAY + timedelta(days=1), by=w.auditor_hv, at=AT)
    with pytest.raises(Refused, match="what they were told"):
        actions.tell(view=made, what=" ", told_on=DAY, by=w.auditor_hv, at=AT)
    actions.tell(view=made, what="You are told the next step in writing now.", told_on=DAY, by=w.auditor_hv, at=AT)
    assert queries.tasks(w.coordinator, DAY) == []
    assert queries.tasks(w.contact_police, DAY) == []


def test_a_journey_through_the_pages_and_what_others_see(w, client):
    case = case_of(w)
    sign_in(client, w.coordinator)
    where = reverse("families:decide", args=[case.pk])
    assert "Say why this family is not told" in client.post(where, {"choice": "not-safe", "why": ""}).text
    client.post(where, {"choice": "not-safe", "why": "He reads her telephone"})
    sign_in(client, w.contact_police)
    page = client.get(reverse("families:show", args=[case.pk])).text
    assert "it would not be safe" in page
    assert "He reads" not in page
    sign_in(client, w.coordinator)
    client.post(where, {"choice": "asked", "why": "", "seen": Decision.objects.get().mark})
    assert "Told, and asked" in client.get(reverse("families:audit", args=[case.audit_id])).text
    sign_in(client, w.auditor_hv)
    writing = reverse("families:write", args=[case.pk])
    page = client.get(writing).text
    assert "Never by a link sent to the home" in page
    day = {"gathered_on_day": "23", "gathered_on_month": "11", "gathered_on_year": "2025"}
    said = {"service": w.health_visiting.pk, "whose": "parent", "way": "talk", "words": WORDS, "may_quote": "yes"}
    wrong = client.post(writing, said | day | {"gathered_by": "Her health visitor", "safe_check": ""}).text
    assert "Say who checked that contact is safe" in wrong
    assert WORDS in wrong
    page = client.post(
        writing, said | day | {"gathered_by": "Her health visitor", "safe_check": "At the clinic"}, follow=True
    ).text
    assert WORDS in page
    assert "May be quoted without a name" in page
    made = View.objects.get()
    told = {"told_on_day": "23", "told_on_month": "11", "told_on_year": "2025", "what": "Letters now say what is next."}
    assert "Letters now say" in client.post(reverse("families:told", args=[made.pk]), told, follow=True).text
    assert (
        "May not be quoted" in client.post(reverse("families:quote", args=[made.pk]), {"may": "no"}, follow=True).text
    )
    for other, sees in ((w.contact_police, False), (w.chair, True), (w.scrutineer, True)):
        assert (WORDS in sign_in(client, other).get(reverse("families:show", args=[case.pk])).text) == sees
    sign_in(client, w.auditor_hv)
    assert WORDS not in client.post(reverse("families:take_back", args=[made.pk]), follow=True).text
    assert sign_in(client, other_world().coordinator).get(reverse("families:show", args=[case.pk])).status_code == 404


def test_what_was_said_goes_with_the_text_of_the_case_and_names_nobody(w, client):
    decide(w)
    view(w)
    page = sign_in(client, w.coordinator).get(reverse("families:show", args=[case_of(w).pk])).text
    assert [word for word in CANARIES if word in page] == []
    vault.destroy_key(case_of(w).pk, AT)
    vault.forget()
    assert View.objects.get().words == "[erased]"


@pytest.mark.parametrize("cases", [1, 3])
def test_queries_of_the_list(client, cases, django_assert_num_queries):
    made = world()
    audit = asked(made, cases=cases)
    sign_in(client, made.coordinator)
    with django_assert_num_queries(8):
        assert f"Case {cases}" in client.get(reverse("families:audit", args=[audit.pk])).text


def test_under_a_legal_hold_a_view_taken_back_is_read_by_nobody_and_kept(w, monkeypatch):
    decide(w)
    made = view(w)
    monkeypatch.setattr("candour.families.actions.is_held", lambda **of: True)
    actions.take_back(view=made, by=w.auditor_hv, at=AT)
    assert View.objects.get().words == WORDS
    assert queries.words_of(case_of(w)) == []
    assert WORDS not in "".join(str(one) for one in vars(queries.family(case_of(w), w.coordinator)).values())


def test_a_view_can_be_written_down_question_by_question(w, client):
    decide(w)
    sign_in(client, w.auditor_hv)
    case = case_of(w)
    writing = reverse("families:write", args=[case.pk])
    page = client.get(reverse("families:show", args=[case.pk])).content.decode()
    assert f'href="{writing}?questions=views-child">What the child says' in page
    response = client.get(f"{writing}?questions=views-child")
    assert "You do not have to answer." in response.text
    assert response.context["form"]["whose"].value() == "child"
    facts = {
        "whose": "child", "way": "talk", "gathered_by": "Her teacher", "safe_check": "At school", "may_quote": "no",
        "gathered_on_day": DAY.day, "gathered_on_month": DAY.month, "gathered_on_year": DAY.year,
        "service": w.health_visiting.pk,
    }  # fmt: skip
    refused = client.post(f"{writing}?questions=views-child", facts)
    assert "Write down one answer at least" in refused.content.decode()
    said = {"asked-child-heard": "bit", "asked-child-liked": "She drew with me.", "words": "I like my dog."}
    client.post(f"{writing}?questions=views-child", facts | said)
    assert View.objects.get().words == (
        "Did they listen to you?\nA bit\n\nWhat was good about the help?\nShe drew with me.\n\nI like my dog."
    )


def test_a_worker_s_answers_are_kept_in_the_words_in_which_they_were_offered(w):
    asked_of_workers = queries.asked_by(queries.questionnaires(case_of(w))["views-practitioner"])
    form = ViewForm(
        {"asked-worker-harder": ["time", "told"], "asked-worker-heard": "partly"},
        services=[w.health_visiting], runs=False, asked=asked_of_workers,
    )  # fmt: skip
    form.is_valid()
    assert form.all_said() == (
        "What made the work harder than it had to be?\nToo little time or too many cases; I was not told what others "
        "knew\n\nWhen you were worried, did others listen?\nPartly"
    )
    assert "words" not in form.errors
