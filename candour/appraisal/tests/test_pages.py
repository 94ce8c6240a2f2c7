"""The pages of a return as its auditor and its authoriser meet them."""

import pytest

from candour.appraisal import queries
from candour.appraisal.flow import State
from candour.appraisal.models import Answer, Connection, Declaration, Point, Return, Revision
from candour.appraisal.tests import factories as make
from candour.kernel import vault
from candour.notices.models import Message
from candour.people.tests.factories import sign_in, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world()


@pytest.fixture
def on(w):
    return make.audit(w, 3)


def text(response):
    return response.content.decode()


def post_section(client, ret, section, follow=False, **fields):
    data = {f"q.{name.replace('__', '.').replace('_', '-')}": value for name, value in fields.items()}
    return client.post(f"/returns/{ret.pk}/section/{section}/", data, follow=follow)


@pytest.mark.parametrize("cases", [1, 3])
def test_the_list_of_returns_asks_as_often_for_one_as_for_three(client, w, on, cases, django_assert_num_queries):
    for number in range(1, cases + 1):
        make.draft(w, on, w.health_visiting, number)
    sign_in(client, w.auditor_hv)
    client.get("/returns/")
    with django_assert_num_queries(9):
        page = text(client.get("/returns/"))
    assert page.count("In progress") == cases


def test_nobody_with_nothing_to_do_is_told_so(client, w):
    sign_in(client, w.auditor_police)
    assert "You have no return to write or to check" in text(client.get("/returns/"))


def test_before_the_first_question(client, w, on):
    answer = make.known(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    page = text(client.get(f"/returns/begin/{answer.pk}/"))
    for said in ("about 90 minutes", "at most 29 questions", "may have to be disclosed", "A child may be unsafe now"):
        assert said in page
    assert not Return.objects.exists()
    page = client.post(f"/returns/begin/{answer.pk}/", {})
    assert "Say which of these is true for you" in text(page)
    response = client.post(f"/returns/begin/{answer.pk}/", {"independence": "worked", "contact": "brief"})
    ret = Return.objects.get()
    assert response["Location"] == f"/returns/{ret.pk}/section/{queries.sections_of(ret)[0].key}/"
    assert (ret.worked_with, ret.manages_worker, ret.brief) == (True, False, True)
    assert client.get(f"/returns/begin/{answer.pk}/")["Location"] == f"/returns/{ret.pk}/"


def test_who_is_connected_is_thanked_and_the_case_is_closed_to_them(client, w, on):
    answer = make.known(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    said = {"independence": "connected", "contact": "full"}
    page = text(client.post(f"/returns/begin/{answer.pk}/", said, follow=True))
    assert "Thank you for saying so" in page
    assert Connection.objects.get().user == w.auditor_hv
    assert client.get(f"/returns/begin/{answer.pk}/").status_code == 404
    assert "You have no return" in text(client.get("/returns/"))
    message = Message.objects.get()
    assert message.to_user == w.contact_hv
    assert "name another auditor" in message.subject


def test_a_case_that_has_been_erased_is_not_said_to_be_closed_to_somebody(client, w, on):
    answer = make.known(w, on, w.health_visiting)
    begun = make.handed_over(w, on, w.police)
    Declaration.objects.all().delete()
    vault.destroy_key(answer.case_id, make.AT)
    vault.forget()
    for person, page, said in (
        (w.auditor_hv, f"/returns/begin/{answer.pk}/", {"independence": "connected", "contact": "full"}),
        (w.authoriser_police, f"/returns/{begun.pk}/declare/", {"independence": "connected"}),
    ):
        sign_in(client, person)
        told = text(client.post(page, said, follow=True))
        assert "it has been erased" in told
        assert "Thank you for saying so" not in told
    assert not Connection.objects.exists()


def test_who_is_connected_loses_a_return_already_begun(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    row = {"partnership": w.partnership, "case": ret.case, "service": ret.service, "user": w.auditor_hv}
    Connection.objects.create(**row, at=make.AT)
    sign_in(client, w.auditor_hv)
    assert client.get(f"/returns/{ret.pk}/").status_code == 404


def test_a_return_that_is_not_owed_cannot_be_begun(client, w, on):
    answer = make.known(w, on, w.health_visiting, answer="not-known")
    sign_in(client, w.auditor_hv)
    assert "does not owe a return" in text(client.get(f"/returns/begin/{answer.pk}/"))
    said = {"independence": "none", "contact": "full"}
    page = text(client.post(f"/returns/begin/{answer.pk}/", said, follow=True))
    assert "does not owe a return" in page
    assert not Return.objects.exists()


def test_the_task_list_says_what_is_done_and_no_verdict(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    post_section(client, ret, "recognition", recognition_grade__seen=0, recognition_grade="inadequate")
    post_section(client, ret, "impact", impact_different__seen=0, impact_different="Safer at home.",
                 impact_grade__seen=0, impact_grade="good", impact_grade__reason="Weight regained.")  # fmt: skip
    page = text(client.get(f"/returns/{ret.pk}/"))
    assert "0 of 6" in page
    assert "Done" in page
    assert "Not started" in page
    assert "Inadequate" not in page


@pytest.mark.parametrize("section", ["context", "recognition", "overall"])
def test_a_section_asks_the_same_number_of_queries_empty_or_full(client, w, on, section, django_assert_num_queries):
    ret = make.draft(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    client.get(f"/returns/{ret.pk}/section/{section}/")
    with django_assert_num_queries(13):
        client.get(f"/returns/{ret.pk}/section/{section}/")
    make.answer(ret)
    with django_assert_num_queries(14):  # the key of the case, besides
        client.get(f"/returns/{ret.pk}/section/{section}/")


def test_a_section_is_saved_whole_by_its_button(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    response = client.post(f"/returns/{ret.pk}/section/context/", {
        "q.context-work.seen": "0", "q.context-work": "Universal service.",
        "q.context-seen.seen": "0", "q.context-seen.day": "3", "q.context-seen.month": "6", "q.context-seen.year": "2026",
        "q.context-household.seen": "0", "q.context-household": "partly",
        "q.context-household.note": "Page 4.\r\nAnd the letter.",
        "go": "next",
    })  # fmt: skip
    assert response["Location"] == f"/returns/{ret.pk}/section/recognition/"
    kept = {answer.question: answer.value for answer in Answer.objects.all()}
    assert kept == {
        "context-work": {"text": "Universal service."},
        "context-seen": {"date": "2026-06-03"},
        "context-household": {"choice": "partly", "note": "Page 4.\nAnd the letter."},
    }
    page = text(client.get(f"/returns/{ret.pk}/section/context/"))
    assert 'value="partly" checked' in page
    assert 'name="q.context-seen.month" value="6"' in page
    assert ">\nPage 4.\nAnd the letter.</textarea>" in page


def test_whoever_comes_back_to_where_a_button_led_is_told_the_way(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    response = client.get(f"/returns/{ret.pk}/submit-alone/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "Nothing was changed now" in text(response)
    assert 'href="/">Go to your work' in text(response)


def test_one_wrong_answer_spoils_no_other_and_stays_as_typed(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    response = post_section(client, ret, "context", context_work__seen=0, context_work="Kept.",
                            context_seen__seen=0, context_seen__day="31", context_seen__month="2",
                            context_seen__year="2026")  # fmt: skip
    page = text(response)
    assert response.status_code == 422
    assert "The others are saved." in page
    assert "Enter a real date" in page
    assert 'name="q.context-seen.day" value="31"' in page
    assert Answer.objects.get().question == "context-work"
    assert 'name="q.context-work.seen" value="1"' in page


@pytest.mark.parametrize("choose", ["mine", "theirs", "both"])
def test_two_answers_are_shown_and_one_chosen(client, w, on, choose):
    ret = make.draft(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    post_section(client, ret, "context", context_work__seen=0, context_work="Base")
    post_section(client, ret, "context", context_work__seen=1, context_work="Theirs")
    response = post_section(client, ret, "context", context_work__seen=1, context_work="Mine",
                            context_seen__seen=0, context_seen__day="x", context_seen__month="y",
                            context_seen__year="z", context_household__seen=0, context_household="no")  # fmt: skip
    page = text(response)
    assert response.status_code == 409
    assert "Theirs" in page
    assert "Mine" in page
    assert 'name="q.context-seen.day" value="x"' in page
    assert Answer.objects.filter(question="context-household").exists()
    response = post_section(client, ret, "context", context_work__seen=2, context_work="Mine",
                            context_work__choose=choose)  # fmt: skip
    assert response.status_code == 302
    chosen = {"mine": "Mine", "theirs": "Theirs", "both": "Theirs\n\nMine"}[choose]
    assert Answer.objects.get(question="context-work").value == {"text": chosen}
    page = text(client.get(f"/returns/{ret.pk}/answer/context-work/"))
    assert "Put aside" in page
    assert "Base" in page


def test_a_page_that_saves_by_itself_is_told_what_stands(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    url, by_script = f"/returns/{ret.pk}/section/context/", {"headers": {"Accept": "application/json"}}
    first = client.post(url, {"q.context-work.seen": "0", "q.context-work": "One"}, **by_script)
    assert first.status_code == 200
    assert first.json()["versions"] == {"context-work": 1}
    client.post(url, {"q.context-work.seen": "1", "q.context-work": "Two"}, **by_script)
    stale = client.post(url, {"q.context-work.seen": "1", "q.context-work": "Three"}, **by_script)
    assert (stale.status_code, stale.json()["clashes"]) == (409, ["context-work"])
    wrong = client.post(url, {"q.context-seen.seen": "0", "q.context-seen.day": "40"}, **by_script)
    assert (wrong.status_code, list(wrong.json()["faults"])) == (422, ["context-seen"])


def test_a_locked_return_keeps_what_was_typed_on_the_page(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    response = post_section(client, ret, "context", context_work__seen=1, context_work="Too late for this")
    assert response.status_code == 409
    assert "Too late for this" in text(response)
    assert "nothing was saved" in text(response)
    by_script = {"headers": {"Accept": "application/json"}}
    told = client.post(f"/returns/{ret.pk}/section/context/", {"q.context-work.seen": "1"}, **by_script)
    assert "nothing was saved" in told.json()["refused"]
    assert client.get(f"/returns/{ret.pk}/section/context/")["Location"] == f"/returns/{ret.pk}/check/"


def test_there_is_no_section_or_question_that_the_tool_has_not(client, w, on):
    ret = make.draft(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    assert client.get(f"/returns/{ret.pk}/section/weather/").status_code == 404
    assert client.get(f"/returns/{ret.pk}/answer/weather/").status_code == 404


def test_the_check_page_names_what_is_still_to_come(client, w, on):
    ret = make.draft(w, on, w.gp)
    sign_in(client, w.auditor_gp)
    page = text(client.get(f"/returns/{ret.pk}/check/"))
    assert "15 answers still to come" in page
    page = text(client.post(f"/returns/{ret.pk}/hand-over/", follow=True))
    assert "15 answers are still to come" in page
    assert make.fresh(ret).state == State.DRAFT


def test_a_return_goes_to_the_authoriser_back_and_in(client, w, on):
    ret = make.answer(make.draft(w, on, w.health_visiting))
    sign_in(client, w.auditor_hv)
    assert "is with" in text(client.post(f"/returns/{ret.pk}/hand-over/", follow=True))
    assert Message.objects.get(to_user=w.authoriser_hv)
    sign_in(client, w.authoriser_hv)
    assert "To check" in text(client.get("/returns/"))
    asked = text(client.get(f"/returns/{ret.pk}/authorise/", follow=True))
    assert "Before this return opens to you" in asked
    assert "Or submit it" not in asked
    opened = text(client.post(f"/returns/{ret.pk}/declare/", {"independence": "manages"}, follow=True))
    assert "Or submit it" in opened
    assert "Authoriser Hv manages, or has managed, somebody who worked with this child or family." in opened
    assert client.post(f"/returns/{ret.pk}/send-back/", {}).status_code == 422
    client.post(f"/returns/{ret.pk}/send-back/", {"back-note": "Look at 2.1 again."})
    sign_in(client, w.auditor_hv)
    assert "Look at 2.1 again." in text(client.get(f"/returns/{ret.pk}/section/recognition/"))
    assert "Sent back" in text(client.get("/returns/"))
    post_section(client, ret, "recognition", recognition_first__seen=1, recognition_first="Clearer now.")
    client.post(f"/returns/{ret.pk}/hand-over/")
    sign_in(client, w.authoriser_hv)
    page = text(client.get(f"/returns/{ret.pk}/authorise/"))
    assert page.count("Changed") == 2
    assert client.post(f"/returns/{ret.pk}/submit/", {}).status_code == 422
    client.post(f"/returns/{ret.pk}/submit/", {"declared": "on"})
    done = make.fresh(ret)
    assert (done.state, done.submitted_by, len(done.digest)) == (State.SUBMITTED, w.authoriser_hv, 64)
    assert Point.objects.filter(ret=ret, kind="good").count() == 7


def test_the_auditor_may_take_it_back_while_it_is_checked(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    assert "Take it back" in text(client.get(f"/returns/{ret.pk}/"))
    client.post(f"/returns/{ret.pk}/take-back/")
    assert make.fresh(ret).state == State.DRAFT


def test_a_small_service_submits_by_itself(client, w, on):
    ret = make.answer(make.draft(w, on, w.school, authoriser=None, no_authoriser=True))
    sign_in(client, w.auditor_school)
    assert "nobody to check returns" in text(client.get(f"/returns/{ret.pk}/check/"))
    assert client.post(f"/returns/{ret.pk}/submit-alone/", {}).status_code == 422
    page = text(client.post(f"/returns/{ret.pk}/submit-alone/", {"declared": "on"}, follow=True))
    assert "Return submitted." in page
    assert make.fresh(ret).state == State.SUBMITTED


def test_where_nobody_is_named_to_check_it_the_page_says_whom_to_ask(client, w, on):
    ret = make.answer(make.draft(w, on, w.school, authoriser=None))
    sign_in(client, w.auditor_school)
    assert "Nobody is named yet to check this return" in text(client.get(f"/returns/{ret.pk}/check/"))
    assert "name an authoriser" in text(client.post(f"/returns/{ret.pk}/hand-over/", follow=True))
    assert "has an authoriser" in text(client.post(f"/returns/{ret.pk}/submit-alone/", {"declared": "on"}, follow=True))


def test_an_auditor_cannot_submit_what_another_must_check(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.auditor_hv)
    assert client.post(f"/returns/{ret.pk}/submit/", {"declared": "on"}).status_code == 403
    assert client.get(f"/returns/{ret.pk}/authorise/").status_code == 403


def test_a_new_auditor_takes_the_draft_over(client, w, on):
    ret = make.answer(make.draft(w, on, w.health_visiting))
    ret.involvement.auditor = w.contact_hv
    ret.involvement.save()
    sign_in(client, w.auditor_hv)
    assert client.get(f"/returns/{ret.pk}/section/context/").status_code == 404
    assert Revision.objects.count() == Answer.objects.count()
