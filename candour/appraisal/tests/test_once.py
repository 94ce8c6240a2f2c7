"""A school that takes part once: one person, one case, by a link and a code, until the return is in."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from candour.access.scope import visible
from candour.appraisal import queries
from candour.appraisal.models import Return
from candour.appraisal.tests import factories as returns
from candour.identity.tests.factories import CANARIES
from candour.involvement import actions
from candour.involvement import queries as involvement
from candour.involvement.models import Involvement, Known, Visit
from candour.involvement.tests import factories as stage
from candour.kernel.errors import Refused
from candour.members import actions as members
from candour.members.models import KeptPost
from candour.notices.models import Channel, Message
from candour.people.models import Grant, Role, User
from candour.people.tests.factories import AT, grant, sign_in, world
from candour.sampling.models import Case
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
HEAD = {"name": "Imogen Thistlewood", "email": "head@eastfield.example.org", "authoriser": None}


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def w():
    return world()


@pytest.fixture
def ask(w):
    """The school, asked about both cases of an audit."""
    audit = stage.asked(w)
    return stage.ask_of(audit, w.school)


def call(w, ask, number=1, **more):
    case = ask.audit.cases.get(number=number)
    how = {"by_text": False, "mobile": ""} | HEAD | more
    return actions.call_in(ask=ask, case=case, by=w.coordinator, at=LATER, **how)


def path_of(visit):
    return involvement.link(Visit.objects.get(pk=visit.pk))


def come(client, called):
    return client.post(path_of(called.visit), {"code": called.code})


def finish(client, visit):
    """Answer everything and submit, as the school's one person."""
    ret = Return.objects.get(involvement=visit.involvement)
    returns.answer(ret)
    return client.post(f"/returns/{ret.pk}/submit-alone/", {"declared": "on"})


def test_two_steps_lead_from_the_link_to_the_first_question(w, ask, client):
    called = call(w, ask)
    letter = Message.objects.get(key__startswith="visit:")
    assert letter.to_address == HEAD["email"]
    assert letter.private
    assert not [word for word in CANARIES if word in letter.body + letter.subject]
    link = re.search(r"http://\S+?(/once/\S+)", letter.body).group(1)
    assert called.code.replace(" ", "") not in letter.body
    assert client.get(link).status_code == 200
    first = client.post(link, {"code": called.code})
    assert first["Location"] == f"/returns/begin/{called.visit.involvement_id}/"
    assert client.get(first["Location"]).status_code == 200
    second = client.post(first["Location"], {"independence": "none", "contact": "full"})
    assert "/section/" in second["Location"]
    assert "<textarea" in client.get(second["Location"]).content.decode()


def test_a_saved_return_is_there_when_they_come_back_and_closed_once_it_is_in(w, ask, client):
    called = call(w, ask)
    begun = come(client, called)["Location"]
    section = client.post(begun, {"independence": "none", "contact": "full"})["Location"]
    question = queries.sections_of(Return.objects.get())[0].questions[0]
    client.post(section, {f"q.{question.key}": "We saw her daily.", f"q.{question.key}.seen": "0", "go": "stay"})
    again = Client()
    back = come(again, called)
    assert back["Location"] == f"/returns/begin/{called.visit.involvement_id}/"
    assert again.get(back["Location"])["Location"] == f"/returns/{Return.objects.get().pk}/"
    assert "We saw her daily." in again.get(section).content.decode()
    assert finish(again, called.visit).status_code == 302
    assert Return.objects.get().state == "submitted"
    assert again.get(f"/returns/{Return.objects.get().pk}/").headers["Location"] == "/visit/over/"
    assert "Thank you" in again.get("/visit/over/").content.decode()
    assert client.get("/").headers["Location"] == "/visit/over/", "the other browser is out too"
    over = Client().get(path_of(called.visit))
    assert over.status_code == 404
    assert "Your return is in" in over.content.decode()
    grant = Grant.objects.get(role=Role.ONCE)
    assert grant.withdrawn_at
    assert Visit.objects.get().mobile == ""


def test_they_see_one_case_and_nothing_else(w, ask):
    called = call(w, ask, 2)
    police = returns.submitted(w, ask.audit, w.police, 2)
    person = called.visit.user
    assert [case.number for case in visible(Case, person)] == [2]
    assert list(visible(Involvement, person)) == [called.visit.involvement]
    assert not visible(Return, person).filter(pk=police.pk).exists()
    client = Client()
    come(client, called)
    other = ask.audit.cases.get(number=1)
    for path in (f"/audits/{ask.audit_id}/involvement/", f"/asks/{ask.pk}/", f"/asks/{ask.pk}/once/", "/people/",
                 "/messages/", f"/audits/{ask.audit_id}/returns/pack/", f"/concerns/new/{other.pk}/"):  # fmt: skip
        assert client.get(path).status_code in (403, 404), path
    for path in ("/account/", "/account/email/", "/account/password/change/", "/account/2fa/"):
        assert client.get(path)["Location"] == "/", path
    page = client.get("/returns/").content.decode()
    assert "Your return" in page
    assert "People and agencies" not in page
    assert "Your account" not in page


def test_the_identity_opens_to_them_in_one_recorded_act(w, ask, client):
    called = call(w, ask)
    come(client, called)
    page = client.post(f"/answers/{called.visit.involvement_id}/identity/").content.decode()
    assert any(word in page for word in CANARIES)
    assert Entry.objects.filter(verb="opened the list").exists()


def test_five_wrong_codes_and_the_right_one_opens_nothing(w, ask, client):
    called = call(w, ask)
    for _ in range(4):
        assert "not the code" in client.post(path_of(called.visit), {"code": "000 00x"}).content.decode()
    assert "worth nothing now" in client.post(path_of(called.visit), {"code": "000 00x"}).content.decode()
    assert come(client, called).status_code == 422
    fresh = actions.call_again(visit=called.visit, by=w.coordinator, at=LATER)
    assert client.get(path_of(called.visit)).status_code == 200
    assert come(client, fresh).status_code == 302


def test_a_code_goes_by_text_and_a_new_one_makes_the_old_worthless(w, ask, client):
    called = call(w, ask, by_text=True, mobile="07700 900123")
    assert called.code == ""
    old = re.search(r"code is (\d{6})", Message.objects.get(channel=Channel.TEXT).body).group(1)
    assert Message.objects.get(channel=Channel.TEXT).to_address == "+447700900123"
    sending = path_of(called.visit) + "code/"
    assert "Wait a minute" in client.post(sending, follow=True).content.decode()
    with time_machine.travel(LATER + timedelta(minutes=2), tick=False):
        assert "on its way" in client.post(sending, follow=True).content.decode()
        new = re.findall(r"code is (\d{6})", " ".join(Message.objects.values_list("body", flat=True)))
        assert len(new) == 2
        last = next(code for code in new if code != old or new.count(old) == 2)
        assert client.post(path_of(called.visit), {"code": last}).status_code == 302


def test_a_new_link_replaces_the_old_one_and_one_taken_back_opens_nothing(w, ask, client):
    called = call(w, ask)
    old = path_of(called.visit)
    again = actions.call_again(visit=called.visit, by=w.coordinator, at=LATER)
    assert client.get(old).status_code == 404
    come(client, again)
    actions.withdraw_visit(visit=called.visit, by=w.coordinator, at=LATER)
    assert client.get("/returns/")["Location"] == "/visit/over/"
    with pytest.raises(Refused, match="no longer opens"):
        actions.come_in(visit=called.visit, code=again.code, at=LATER)
    assert client.get(old[:-3] + "/").status_code == 404


def test_whoever_is_typing_as_their_link_is_taken_back_gets_their_words_back(w, ask, client):
    called = call(w, ask)
    begun = come(client, called)["Location"]
    section = client.post(begun, {"independence": "none", "contact": "full"})["Location"]
    key = queries.sections_of(Return.objects.get())[0].questions[0].key
    typed = {f"q.{key}": "We saw her daily.", f"q.{key}.seen": "0"}
    actions.withdraw_visit(visit=called.visit, by=w.coordinator, at=LATER)
    said = client.post(section, typed)
    assert said.status_code == 403
    assert "We saw her daily." in said.content.decode()
    assert said["Cache-Control"] == "no-store"
    assert "_auth_user_id" not in client.session
    assert not Return.objects.get().answers.exists()
    assert client.post(section, typed)["Location"].startswith("/account/login/")


def test_a_tie_to_the_family_closes_the_case_and_tells_the_coordinator(w, ask, client):
    called = call(w, ask)
    begun = come(client, called)["Location"]
    client.post(begun, {"independence": "connected", "contact": "full"})
    assert client.get("/returns/")["Location"] == "/visit/over/"
    assert Message.objects.filter(key__contains="connected", to_user=w.coordinator).exists()
    assert call(w, ask, name="Somebody Else").visit.involvement_id == called.visit.involvement_id


def test_what_cannot_be_called_in(w, ask):
    call(w, ask)
    with pytest.raises(Refused, match="somebody completes this return already"):
        call(w, ask)
    with pytest.raises(Refused, match="not a mobile number"):
        call(w, ask, 2, by_text=True, mobile="12")
    given = {ask.audit.cases.get(number=2).pk: actions.Given(Known.NOT_KNOWN)}
    actions.answer(ask=ask, given=given, by=w.contact_school, at=LATER)
    with pytest.raises(Refused, match="does not know the child"):
        call(w, ask, 2)
    with pytest.raises(Refused, match="do not hold a role"):
        actions.call_in(
            ask=ask, case=ask.audit.cases.get(number=2), by=w.contact_school, at=LATER, by_text=False, mobile="", **HEAD
        )
    actions.close_asking(audit=ask.audit, by=w.coordinator, at=LATER)
    assert Visit.objects.get().ended == "closed"


def test_the_coordinator_calls_in_from_the_page_and_reads_the_code_out(w, ask, client):
    sign_in(client, w.coordinator)
    page = client.get(f"/asks/{ask.pk}/once/").content.decode()
    assert "By text message" in page
    case = ask.audit.cases.get(number=1)
    sent = {"case": case.pk, "name": "Imogen Thistlewood", "email": HEAD["email"], "how": "text", "mobile": "12"}
    assert "Enter a mobile number" in client.post(f"/asks/{ask.pk}/once/", sent).content.decode()
    called = client.post(f"/asks/{ask.pk}/once/", sent | {"how": "read"})
    code = re.search(r"\b(\d{3} \d{3})\b", called.content.decode()).group(1)
    assert "no-store" in called["Cache-Control"]
    visit = Visit.objects.get()
    assert come(Client(), actions.Called(visit, code)).status_code == 302
    page = client.get(f"/asks/{ask.pk}/once/").content.decode()
    assert "Last here" in page
    assert code not in page
    assert client.post(f"/visits/{visit.pk}/withdraw/").status_code == 302
    assert Visit.objects.get().ended == "withdrawn"


@pytest.mark.parametrize("many", [1, 2])
def test_the_page_asks_the_same_of_the_database_however_many_were_called_in(
    w, ask, client, many, django_assert_num_queries
):
    for number in range(1, many + 1):
        call(w, ask, number)
    sign_in(client, w.coordinator)
    client.get(f"/asks/{ask.pk}/once/")
    with django_assert_num_queries(12):
        client.get(f"/asks/{ask.pk}/once/")


def test_what_was_typed_after_the_session_had_gone_is_given_back_after_the_code(w, ask, client):
    called = call(w, ask)
    begun = come(client, called)["Location"]
    section = client.post(begun, {"independence": "none", "contact": "full"})["Location"]
    client.get(section)
    token = client.cookies["csrftoken"].value
    client.cookies.pop("sessionid")
    question = queries.sections_of(Return.objects.get())[0].questions[0]
    typed = {f"q.{question.key}": "Not to be lost.", "csrfmiddlewaretoken": token}
    client.post(section, typed, headers={"Origin": "http://testserver"})
    assert KeptPost.objects.count() == 1
    assert come(client, called)["Location"] == "/account/kept/"
    assert "Not to be lost." in client.get("/account/kept/").content.decode()


def test_whoever_signs_out_before_the_end_hears_how_to_come_back(w, ask, client):
    called = call(w, ask)
    come(client, called)
    out = client.post("/account/logout/")
    assert out["Location"] == "/visit/over/"
    assert "Come back by the same link" in client.get("/visit/over/").text
    assert come(client, called).status_code == 302
    assert client.get("/returns/").status_code == 200
    sign_in(client, w.coordinator)
    assert client.post("/account/logout/")["Location"] == "/account/login/"


def test_nobody_signs_in_with_the_account_behind_a_link(w, ask):
    person = call(w, ask).visit.user
    assert not person.has_usable_password()
    assert person.email.endswith("@once.invalid")
    assert User.objects.filter(mail_to=HEAD["email"]).count() == 1


def test_somebody_called_in_is_given_no_further_role_and_one_given_otherwise_opens_nothing(w, ask, client):
    called = call(w, ask)
    person = called.visit.user
    with pytest.raises(Refused, match="called in for one case and have no account"):
        members.give_role(
            person=person,
            role=Role.AUDITOR,
            partnership=w.partnership,
            agency=w.school.agency,
            by=w.coordinator,
            at=LATER,
        )
    come(client, called)
    grant(person, Role.AUDITOR, agency=w.school.agency)
    assert client.get("/returns/")["Location"] == "/visit/over/"


def test_a_link_whose_time_is_over_can_be_taken_back_and_another_person_asked(w, ask):
    called = call(w, ask)
    Grant.objects.filter(user=called.visit.user).update(withdrawn_at=LATER)
    actions.withdraw_visit(visit=called.visit, by=w.coordinator, at=LATER)
    assert call(w, ask, name="Somebody Else").visit.pk != called.visit.pk
