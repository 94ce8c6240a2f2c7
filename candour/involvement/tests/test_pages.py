import pytest
import time_machine
from django.urls import reverse

from candour.identity import actions as identity
from candour.identity.models import Subject
from candour.identity.tests.factories import CANARIES
from candour.involvement import actions, queries
from candour.involvement.models import Involvement, Known, Screening
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import LATER, ask_of
from candour.kernel.clock import now
from candour.notices.models import Message
from candour.people.models import ServiceKind
from candour.people.tests.factories import AT, other_world, service, sign_in, world
from candour.sampling.actions import replace_case
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(LATER, tick=False):
        yield


def canaries_in(page):
    text = page.content.decode() + str(page.headers)
    return [canary for canary in CANARIES if canary in text]


def where(name, thing):
    return reverse(f"involvement:{name}", args=[thing.pk])


def get(client, name, thing):
    page = client.get(where(name, thing))
    assert page.status_code == 200, name
    return page.content.decode()


def test_the_coordinator_walks_from_cases_to_the_ask(client):
    w = world()
    audit = stage.drawn(w, 1)
    case = queries.cases_of(audit).get()
    sign_in(client, w.coordinator)
    assert "Enter identities" in get(client, "prepare", audit)
    assert client.get(where("begin_identities", case)).status_code == 405
    page = client.post(where("begin_identities", case), follow=True).content.decode()
    assert "Identities of Case 1 of audit 2026-03" in page
    assert where("prepare", audit) in page
    assert "Enter the identities first" not in page
    stage.identities.person(w, Subject.objects.get())
    assert "1 case can be looked at" in get(client, "prepare", audit)
    page = client.post(where("start_screening", audit), follow=True).content.decode()
    assert "No answer yet" in page
    for one in Screening.objects.select_related("ask"):
        contact = w.contact_sc if one.service_id == w.social_care.pk else w.contact_police
        looked = {case.pk: actions.Looked("clear")}
        actions.screen(ask=one.ask, looked=looked, by=contact, at=now())
    assert "Nothing stands in the way of 1 case." in get(client, "prepare", audit)
    page = client.post(where("ask_services", audit), follow=True).content.decode()
    assert "0 of 6" in page


def test_a_flagged_case_is_kept_with_a_reason(client):
    w = world()
    audit = stage.screening(w, 1)
    case = queries.cases_of(audit).get()
    sign_in(client, w.contact_police)
    ask = ask_of(audit, w.police)
    page = client.post(where("screen", ask), {f"{case.pk}-note": "Trial in March."}).content.decode()
    assert "Case 1: say whether anything stands in the way" in page
    assert "Trial in March." in page
    client.post(where("screen", ask), {f"{case.pk}-outcome": "proceedings", f"{case.pk}-note": "Trial in March."})
    sign_in(client, w.coordinator)
    assert "Keep it all the same" in get(client, "prepare", audit)
    screening = Screening.objects.get(outcome="proceedings")
    assert "Trial in March." in get(client, "keep", screening)
    page = client.post(where("keep", screening), {"because": "The trial has ended."}, follow=True)
    assert "The trial has ended." in page.content.decode()


def test_a_page_from_before_undoes_nothing_that_screening_found_since(client):
    w = world()
    audit = stage.screening(w, 1)
    case, ask = queries.cases_of(audit).get(), ask_of(audit, w.police)
    sign_in(client, w.contact_police)
    box = f"{case.pk}-outcome"
    assert f'name="{case.pk}-seen"' in client.get(where("screen", ask)).content.decode()
    client.post(where("screen", ask), {box: "proceedings", f"{case.pk}-note": "Trial in March.", f"{case.pk}-seen": ""})
    older = {box: "moved", f"{case.pk}-note": "To Southmere.", f"{case.pk}-seen": ""}
    page = client.post(where("screen", ask), older).content.decode()
    assert "Trial in March." in page
    assert "To Southmere." in page
    assert Screening.objects.filter(outcome="proceedings").exists()
    mark = Screening.objects.get(ask=ask).mark
    assert f'value="{mark}"' in page
    client.post(where("screen", ask), older | {f"{case.pk}-seen": mark})
    assert Screening.objects.filter(ask=ask, outcome="moved").exists()


def test_what_was_written_about_a_case_that_has_left_the_audit_is_given_back(client):
    w = world()
    audit = stage.asked(w, 2)
    gone, stays = queries.cases_of(audit)
    ask = ask_of(audit, w.gp)
    sign_in(client, w.contact_gp)
    box = f"{stays.pk}-answer"
    sent = {box: "known", f"{stays.pk}-version": "0", f"{gone.pk}-answer": "known", f"{gone.pk}-note": "Seen weekly."}
    replace_case(case=gone, reason="moved", by=w.coordinator, at=now())
    page = client.post(where("answer", ask), sent).content.decode()
    assert "no longer in the audit" in page
    assert ">Seen weekly.</textarea>" in page
    assert not Involvement.objects.filter(service=w.gp).exists()
    page = client.post(where("answer", ask), {name: sent[name] for name in (box, f"{stays.pk}-version")}, follow=True)
    assert "Thank you" in page.content.decode()
    assert Involvement.objects.get(service=w.gp).case == stays


def test_names_are_given_on_one_page(client):
    w = world()
    audit = stage.asked(w, 2)
    ask = stage.known(w, audit, w.health_visiting, w.contact_hv)
    one, two = queries.cases_of(audit)
    sign_in(client, w.contact_hv)
    assert "No independent authoriser here" in get(client, "people", ask)
    rows = {
        f"{one.pk}-auditor": w.auditor_hv.pk,
        f"{one.pk}-authoriser": w.authoriser_hv.pk,
        f"{two.pk}-auditor": w.auditor_hv.pk,
        f"{two.pk}-authoriser": "none",
    }
    assert "Saved." in client.post(where("people", ask), rows, follow=True).content.decode()
    assert Involvement.objects.get(case=two).no_authoriser
    wrong = rows | {f"{one.pk}-auditor": w.auditor_police.pk}
    assert "Case 1: This choice is not in the list" in client.post(where("people", ask), wrong).content.decode()


def test_somebody_new_is_invited_from_the_page_that_names(client):
    w = world()
    audit = stage.asked(w, 1)
    ask = stage.known(w, audit, w.health_visiting, w.contact_hv)
    sign_in(client, w.contact_hv)
    link = f"/people/invite/?in=northmere&role=auditor&place={w.health_visiting.pk}&next={where('people', ask)}"
    assert link.replace("&", "&amp;") in get(client, "people", ask)
    form = client.get(link).content.decode()
    assert f'value="{w.health_visiting.pk}" selected' in form
    data = {"name": "New Person", "email": "new@example.org", "role": "auditor", "place": w.health_visiting.pk}
    page = client.post(link, data, follow=True)
    assert page.redirect_chain == [(where("people", ask), 302)]
    assert "Invited, not answered yet: New Person (auditor)." in page.content.decode()
    away = link.replace(where("people", ask), "https://example.org/")
    elsewhere = client.post(away, data | {"email": "newer@example.org"})
    assert elsewhere.headers["Location"] == "/people/?in=northmere"


def test_the_grid_counts_what_was_asked(client):
    w = world()
    audit = stage.asked(w, 2)
    one, two = queries.cases_of(audit)
    ask = ask_of(audit, w.police)
    given = {one.pk: actions.Given(Known.KNOWN), two.pk: actions.Given(Known.RELATIVE, relation="sibling")}
    actions.answer(ask=ask, given=given, by=w.contact_police, at=AT)
    actions.not_known_for_the_rest(ask=ask_of(audit, w.gp), by=w.contact_gp, at=AT)
    nurse = service("Mere Community Trust", "School nursing", ServiceKind.HEALTH_VISITING, w.partnership)
    actions.add_service(audit=audit, service=nurse, cases=[one], mention="The school.", by=w.coordinator, at=AT)
    sign_in(client, w.coordinator)
    page = get(client, "grid", audit)
    for words in (
        "4 of 13",
        "<strong>0 of 1</strong> return",
        "5 services have not answered",
        "Sibling only",
        "Not known",
    ):
        assert words in page
    assert "Remind" in page
    page = client.post(where("remind", audit), {"ask": [ask_of(audit, w.acute).pk]}, follow=True).content.decode()
    assert "Reminders are on their way." in page
    assert Message.objects.filter(key__contains=":remind:").count() == 1


def test_the_grid_before_anybody_is_asked(client):
    w = world()
    audit = stage.drawn(w, 1)
    sign_in(client, w.coordinator)
    assert "Nobody has been asked yet" in get(client, "grid", audit)


def test_one_more_service_from_the_grid(client):
    w = world()
    audit = stage.asked(w, 2)
    nurse = service("Mere Community Trust", "School nursing", ServiceKind.HEALTH_VISITING, w.partnership)
    case = queries.cases_of(audit).first()
    sign_in(client, w.coordinator)
    assert "School nursing, Mere Community Trust" in get(client, "add_service", audit)
    data = {"service": nurse.pk, "cases": [case.pk], "mention": "Named by the school."}
    assert "School nursing" in client.post(where("add_service", audit), data, follow=True).content.decode()
    page = client.post(where("add_service", audit), data | {"mention": ""}).content.decode()
    assert "There is a problem" in page


def test_an_answer_with_its_history_and_a_return_wanted(client):
    w = world()
    audit = stage.asked(w, 1)
    ask, case = ask_of(audit, w.gp), queries.cases_of(audit).get()
    for number, answer in enumerate((Known.NOT_KNOWN, Known.EARLIER)):
        given = {case.pk: actions.Given(answer, version=number, note=f"Note {number}.")}
        actions.answer(ask=ask, given=given, by=w.contact_gp, at=AT)
    row = Involvement.objects.get()
    sign_in(client, w.contact_gp)
    page = get(client, "show", row)
    assert "Note 0." in page
    assert "Correct this answer" in page
    assert "Ask for a return" not in page
    sign_in(client, w.coordinator)
    assert "Ask for a return" in get(client, "show", row)
    page = client.post(where("want_return", row), {"wanted": "yes"}, follow=True).content.decode()
    assert "You have asked for a return all the same." in page


def test_an_ask_is_withdrawn_and_asked_again_from_the_grid(client):
    w = world()
    audit = stage.asked(w, 1)
    ask = ask_of(audit, w.acute)
    sign_in(client, w.coordinator)
    assert "(withdrawn)" in client.post(where("withdraw", ask), follow=True).content.decode()
    assert "The service is asked again" in client.post(where("ask_again", ask), follow=True).content.decode()


def test_an_auditor_opens_their_case_on_its_own_page(client):
    w = world()
    audit = stage.asked(w, 2)
    ask = stage.known(w, audit, w.health_visiting, w.contact_hv)
    one, two = queries.cases_of(audit)
    actions.name_people(ask=ask, named={one.pk: actions.Named(w.auditor_hv)}, by=w.contact_hv, at=now())
    mine, other = (Involvement.objects.get(case=case, service=w.health_visiting) for case in (one, two))
    sign_in(client, w.auditor_hv)
    assert canaries_in(client.get(where("open_case", mine))) == []
    opened = client.post(where("open_case", mine))
    assert "Zebedee" in canaries_in(opened)
    assert "no-store" in opened.headers["Cache-Control"]
    assert client.post(where("open_case", other)).status_code == 403
    identity.close_openings(subject=one.subject, by=w.coordinator, at=now())
    assert canaries_in(client.post(where("open_case", mine))) == []


def test_who_opened_the_list_is_seen_by_the_coordinator(client):
    w = world()
    audit = stage.asked(w, 2)
    sign_in(client, w.contact_gp)
    client.post(where("open", ask_of(audit, w.gp)), {"purpose": "match"})
    sign_in(client, w.coordinator)
    page = get(client, "opened", audit)
    assert "Contact Gp" in page
    assert "2: Case 1, Case 2" in page


COORDINATORS = ("grid", "prepare", "add_service", "opened")
CONTACTS = ("answer", "rest", "screen")


@pytest.mark.parametrize("name", [*COORDINATORS, *CONTACTS, "people"])
def test_pages_are_for_those_they_are_for(client, name):
    w, other = world(), other_world()
    audit = stage.screening(w, 1)
    thing = audit if name in COORDINATORS else ask_of(audit, w.police)
    allowed = {w.coordinator} if name in COORDINATORS else {w.contact_police}
    allowed |= {w.coordinator} if name == "people" else set()
    everybody = [*w.users.values(), *other.users.values()]
    for person in everybody:
        status = sign_in(client, person).get(where(name, thing)).status_code
        assert (status == 200) == (person in allowed), (name, str(person), status)
        if person in other.users.values():
            assert status == 404
    client.logout()
    assert client.get(where(name, thing)).status_code == 302


@pytest.mark.parametrize("cases", [1, 3])
@pytest.mark.parametrize(("name", "who", "count"), [("grid", "coordinator", 19), ("prepare", "coordinator", 12)])
def test_queries_of_the_coordinators_pages(client, cases, name, who, count, django_assert_num_queries):
    w = world()
    audit = stage.asked(w, cases)
    stage.known(w, audit, w.police, w.contact_police)
    sign_in(client, getattr(w, who))
    with django_assert_num_queries(count):
        assert "Case 1" in get(client, name, audit)


@pytest.mark.parametrize("cases", [1, 3])
def test_queries_of_the_answer_page(client, cases, django_assert_num_queries):
    w = world()
    audit = stage.asked(w, cases)
    ask = stage.known(w, audit, w.police, w.contact_police)
    sign_in(client, w.contact_police)
    with django_assert_num_queries(12):
        assert "Case 1" in get(client, "answer", ask)


def test_canaries_appear_nowhere_but_in_reveals(client):
    w = world()
    audit = stage.asked(w, 2)
    ask = stage.known(w, audit, w.police, w.contact_police)
    one = queries.cases_of(audit).first()
    named = {one.pk: actions.Named(w.auditor_police, w.authoriser_police)}
    actions.name_people(ask=ask, named=named, by=w.contact_police, at=AT)
    row = Involvement.objects.get(case=one)
    pages = {
        w.coordinator: [("grid", audit), ("prepare", audit), ("opened", audit), ("show", row), ("people", ask)],
        w.contact_police: [("answer", ask), ("screen", ask), ("people", ask), ("show", row), ("rest", ask)],
        w.auditor_police: [("open_case", row)],
    }
    client.force_login(w.contact_police)
    client.post(where("open", ask), {"purpose": "match"})
    for person, places in pages.items():
        sign_in(client, person)
        for name, thing in places:
            page = client.get(where(name, thing))
            assert page.status_code == 200, name
            assert canaries_in(page) == [], name
    told = " ".join(f"{one.subject} {one.body} {one.key}" for one in Message.objects.all())
    trail = " ".join(f"{one.verb} {one.detail.body}" for one in Entry.objects.select_related("detail"))
    assert not [canary for canary in CANARIES if canary in told + trail]
