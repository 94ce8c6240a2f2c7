"""Several auditors of one service write a return together: who comes in, who hands in, and whom it stays closed to."""

import pytest
from django.test import Client

from candour.access.policy import Can, allows
from candour.access.scope import visible
from candour.appraisal import actions, queries
from candour.appraisal.models import Answer, Connection, Point, Return
from candour.appraisal.tests import factories as make
from candour.involvement import actions as involvement
from candour.involvement.models import Ask, Involvement, Sharer
from candour.kernel.errors import Refused
from candour.notices.models import Message
from candour.people.models import Grant, Role, User
from candour.people.tests.factories import grant, joined, sign_in, user, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
LATER = make.NOW


@pytest.fixture
def w():
    made = world()
    for name in ("second", "third"):
        joined(made, f"{name}_hv", f"{name} auditor hv", Role.AUDITOR, made.health_visiting)
    return made


@pytest.fixture
def on(w):
    return make.audit(w)


@pytest.fixture
def ret(w, on):
    made = make.draft(w, on, w.health_visiting)
    share(w, made.involvement, w.second_hv)
    return again(made)


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def fresh(person):
    return User.objects.get(pk=person.pk)


def share(w, answer, *sharers, by=None, **named):
    """The contact says who writes the return together with its auditor."""
    answer = again(answer)
    ask, _ = Ask.objects.get_or_create(partnership=w.partnership, audit=answer.audit, service=answer.service)
    names = {"auditor": answer.auditor, "authoriser": answer.authoriser, "sharers": sharers} | named
    named_by_case = {answer.case_id: involvement.Named(**names)}
    return involvement.name_people(ask=ask, named=named_by_case, by=by or w.contact_hv, at=make.AT)


def status(person, path):
    return sign_in(Client(), fresh(person)).get(path).status_code


def text(person, path, **post):
    client = sign_in(Client(), fresh(person))
    answer = client.post(path, post, follow=True) if post else client.get(path, follow=True)
    return answer.content.decode()


def write(ret, key, said, by, seen=0):
    question = queries.document(ret).question(key)
    return actions.save_answers(ret=again(ret), given=[make.given(question, {"text": said}, seen)], by=by, at=LATER)


def test_a_sharer_is_told_declares_and_writes_and_the_history_says_who(w, ret):
    told = Message.objects.get(to_user=w.second_hv)
    assert "you share in a return" in told.subject
    assert f"/returns/begin/{ret.involvement_id}/" in told.body
    client = sign_in(Client(), w.second_hv)
    for path in ("", "section/context/", "check/", "word/"):
        assert client.get(f"/returns/{ret.pk}/{path}")["Location"] == f"/returns/{ret.pk}/declare/"
    page = client.get(f"/returns/{ret.pk}/declare/").content.decode()
    assert "Several of you write this return: Auditor Hv, Second Auditor Hv." in page
    client.post(f"/returns/{ret.pk}/declare/", {"independence": "worked"})
    where, seen = f"/returns/{ret.pk}/section/context/", "q.context-work.seen"
    client.post(where, {seen: "0", "q.context-work": "From the second of us."})
    sign_in(Client(), w.auditor_hv).post(where, {seen: "1", "q.context-work": "From the first of us."})
    page = client.get(f"/returns/{ret.pk}/answer/context-work/").content.decode()
    assert page.index("· Auditor Hv") < page.index("From the first") < page.index("· Second Auditor Hv")
    assert queries.declared(ret) == ["Second Auditor Hv has worked with this child or family."]
    assert "Several of you write it: Auditor Hv, Second Auditor Hv." in text(w.auditor_hv, f"/returns/{ret.pk}/")


def test_two_who_write_the_same_answer_both_see_both_texts(w, ret):
    make.declared(ret, w.second_hv)
    write(ret, "context-work", "The first words.", w.auditor_hv)
    client = sign_in(Client(), w.second_hv)
    data = {"q.context-work.seen": "0", "q.context-work": "The other words."}
    answer = client.post(f"/returns/{ret.pk}/section/context/", data)
    assert answer.status_code == 409
    assert all(words in answer.content.decode() for words in ("The first words.", "The other words."))
    assert Answer.objects.get().value == {"text": "The first words."}


def test_whoever_begins_it_has_declared_and_the_other_declares_then(w, on):
    answer = make.known(w, on, w.health_visiting)
    share(w, answer, w.second_hv)
    said = {"independence": "none", "contact": "full"}
    assert "Several of you write it" in text(w.second_hv, f"/returns/begin/{answer.pk}/")
    assert "Section 1 of" in text(w.second_hv, f"/returns/begin/{answer.pk}/", **said)
    ret = Return.objects.get()
    assert ret.started_by == w.second_hv
    assert "Before this return opens to you" in text(w.auditor_hv, f"/returns/begin/{answer.pk}/")


def test_any_of_its_writers_hands_it_in_and_all_hear_when_it_comes_back(w, ret):
    make.declared(ret, w.second_hv)
    make.answer(ret)
    assert "is with Authoriser Hv" in text(w.second_hv, f"/returns/{ret.pk}/hand-over/", x="1")
    make.declared(ret, w.authoriser_hv)
    actions.send_back(ret=again(ret), note="Look at March.", by=w.authoriser_hv, at=LATER)
    told = Message.objects.filter(subject__contains="has come back to you")
    assert {one.to_user for one in told} == {w.auditor_hv, w.second_hv}
    actions.hand_over(ret=again(ret), by=w.auditor_hv, at=LATER)
    actions.take_back(ret=again(ret), by=w.second_hv, at=LATER)
    assert again(ret).state == "draft"


def test_where_nobody_checks_any_of_its_writers_submits(w, on):
    ret = make.answer(make.draft(w, on, w.health_visiting, authoriser=None, no_authoriser=True))
    share(w, ret.involvement, w.second_hv, no_authoriser=True)
    make.declared(ret, w.second_hv)
    assert "Return submitted" in text(w.second_hv, f"/returns/{ret.pk}/submit-alone/", declared="on")
    assert again(ret).submitted_by == w.second_hv


def test_it_stands_on_the_list_the_digest_and_among_the_word_forms_of_each(w, ret):
    day = make.NOW.date()
    [deadline] = queries.returns_due([f"returns:{ret.audit_id}"])
    assert set(deadline.people) == {w.auditor_hv, w.second_hv}
    [task] = queries.tasks(fresh(w.second_hv), day)
    assert task.title == "Go on with your return on Case 1"
    assert [line["tag"] for line in queries.work(fresh(w.second_hv))] == ["In progress"]
    assert "Case 1" in text(w.second_hv, "/returns/")
    assert queries.being_written(fresh(w.second_hv)) == []
    make.declared(ret, w.second_hv)
    assert queries.being_written(fresh(w.second_hv)) == [ret]
    assert [one.title for one in queries.tasks(fresh(w.auditor_hv), day)] == [task.title]
    assert queries.tasks(fresh(w.third_hv), day) == queries.work(fresh(w.third_hv)) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_one_shared_return_as_for_three(w, rows, django_assert_num_queries):
    on = make.audit(w, rows, "2026-07")
    for number in range(1, rows + 1):
        share(w, make.draft(w, on, w.health_visiting, number).involvement, w.second_hv)
    person = fresh(w.second_hv)
    allows(person, Can.SEE_WORK)
    with django_assert_num_queries(2):
        assert len(queries.tasks(person, make.NOW.date())) == rows


def test_who_shares_no_more_has_it_no_more_at_the_next_request(w, ret):
    make.declared(ret, w.second_hv)
    client = sign_in(Client(), w.second_hv)
    assert client.get(f"/returns/{ret.pk}/section/context/").status_code == 200
    write(ret, "context-work", "What stays.", w.second_hv)
    share(w, ret.involvement)
    for path in ("", "section/context/", "check/", "authorise/", "answer/context-work/", "copy.pdf"):
        assert client.get(f"/returns/{ret.pk}/{path}").status_code in (404, 405)
    assert client.post(f"/returns/{ret.pk}/copy.pdf").status_code == 404
    assert client.get(f"/answers/{ret.involvement_id}/identity/").status_code == 403
    assert client.get(f"/returns/begin/{ret.involvement_id}/").status_code == 403
    assert queries.work(fresh(w.second_hv)) == queries.tasks(fresh(w.second_hv), make.NOW.date()) == []
    with pytest.raises(Refused, match="do not hold a role"):
        write(again(ret), "context-work", "After all.", fresh(w.second_hv))
    assert Answer.objects.get().value == {"text": "What stays."}
    assert Entry.objects.filter(verb="named auditor and authoriser").count() == 2


@pytest.mark.parametrize("named", [{}, {"auditor": "third_hv"}])
def test_whoever_is_taken_out_while_typing_gets_their_words_back_and_nothing_else(w, ret, named):
    write(ret, "context-work", "What the others wrote.", w.auditor_hv)
    person, sharers = (w.auditor_hv, [w.second_hv]) if named else (w.second_hv, [])
    make.declared(ret, person)
    client = sign_in(Client(), person)
    share(w, ret.involvement, *sharers, **{role: getattr(w, who) for role, who in named.items()})
    data = {"q.context-work.seen": "1", "q.context-work": "What I had\njust typed."}
    answer = client.post(f"/returns/{ret.pk}/section/context/", data)
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "What you had typed" in page
    assert "What I had\njust typed." in page
    assert "What the others wrote." not in page
    assert "no-store" in answer["Cache-Control"]
    assert Answer.objects.get().value == {"text": "What the others wrote."}


def test_who_loses_the_auditors_role_shares_nothing_although_still_named(w, ret):
    make.declared(ret, w.second_hv)
    grant(w.second_hv, Role.AUTHORISER, agency=w.health_visiting.agency)
    Grant.objects.filter(user=w.second_hv, role=Role.AUDITOR).update(withdrawn_at=make.AT, withdrawn_by=w.coordinator)
    assert status(w.second_hv, f"/returns/{ret.pk}/") == 404
    assert status(w.second_hv, f"/answers/{ret.involvement_id}/identity/") == 403
    assert not visible(Return, fresh(w.second_hv)).exists()
    assert queries.work(fresh(w.second_hv)) == queries.being_written(fresh(w.second_hv)) == []


def test_a_contact_who_shared_and_is_auditor_no_more_reads_it_as_a_contact(w, ret):
    share(w, ret.involvement, w.second_hv)
    grant(w.second_hv, Role.CONTACT, agency=w.health_visiting.agency)
    assert "Before this return opens to you" in text(w.second_hv, f"/returns/{ret.pk}/")
    Grant.objects.filter(user=w.second_hv, role=Role.AUDITOR).update(withdrawn_at=make.AT, withdrawn_by=w.coordinator)
    assert status(w.second_hv, f"/returns/{ret.pk}/") == 200
    assert status(w.second_hv, f"/returns/{ret.pk}/section/context/") == 403


def test_another_service_sees_nothing_though_its_own_return_is_shared(w, on, ret):
    second = user("second auditor police")
    grant(second, Role.AUDITOR, agency=w.police.agency)
    theirs = make.draft(w, on, w.police)
    ask, _ = Ask.objects.get_or_create(partnership=w.partnership, audit=on, service=w.police)
    names = involvement.Named(w.auditor_police, w.authoriser_police, sharers=[second])
    involvement.name_people(ask=ask, named={theirs.case_id: names}, by=w.contact_police, at=make.AT)
    make.answer(ret, said=make.CANARY)
    assert [row.pk for row in visible(Return, fresh(second))] == [theirs.pk]
    assert not visible(Answer, fresh(second)).exists()
    for path in ("", "section/context/", "check/", "declare/", "answer/context-work/", "celebrate/"):
        assert status(second, f"/returns/{ret.pk}/{path}") == 404
    assert status(second, f"/answers/{ret.involvement_id}/identity/") == 404
    assert status(second, f"/returns/begin/{ret.involvement_id}/") == 404
    assert make.CANARY not in text(second, "/returns/")
    with pytest.raises(Refused):
        write(ret, "context-work", "Not mine.", fresh(second))
    with pytest.raises(Refused):
        make.declared(ret, fresh(second))


def test_a_sharer_reads_the_pack_once_it_is_released_and_is_told(w, on, ret):
    make.answer(ret)
    actions.hand_over(ret=ret, by=ret.auditor, at=make.AT)
    make.declared(ret, w.authoriser_hv)
    actions.submit(ret=again(ret), by=w.authoriser_hv, at=make.AT)
    make.submitted(w, on, w.police, said="Seen by officers.")
    assert [row.service for row in visible(Return, fresh(w.second_hv))] == [w.health_visiting]
    actions.release(audit=on, by=w.coordinator, at=make.AT)
    assert Message.objects.filter(key__startswith="pack:", to_user=w.second_hv).exists()
    assert "Seen by officers." in text(w.second_hv, f"/audits/{on.pk}/returns/pack/1/")
    assert status(w.third_hv, f"/audits/{on.pk}/returns/pack/1/") == 404
    actions.close_pack(audit=on, by=w.chair, at=make.AT)
    assert status(w.second_hv, f"/audits/{on.pk}/returns/pack/1/") == 404


def test_whoever_is_connected_leaves_it_and_cannot_be_named_again(w, ret):
    page = text(w.second_hv, f"/returns/{ret.pk}/declare/", independence="connected")
    assert "now closed to you" in page
    assert Connection.objects.get().user == w.second_hv
    assert not Sharer.objects.exists()
    assert "please name another writer" in Message.objects.get(to_user=w.contact_hv).subject
    assert status(w.second_hv, f"/returns/{ret.pk}/") == 404
    for named in ({"sharers": [w.second_hv]}, {"sharers": [], "auditor": w.second_hv}):
        with pytest.raises(Refused, match="Case 1 is closed to Second Auditor Hv, as they have declared"):
            share(w, ret.involvement, **named)


def test_only_auditors_of_the_service_share_and_never_whoever_checks(w, ret):
    for stranger in (w.auditor_police, w.contact_hv, w.coordinator):
        with pytest.raises(Refused, match="only an auditor of your service can share"):
            share(w, ret.involvement, stranger)
    both = w.authoriser_hv
    grant(both, Role.AUDITOR, agency=w.health_visiting.agency)
    with pytest.raises(Refused, match="does not check it too"):
        share(w, ret.involvement, both)
    with pytest.raises(Refused, match="say first who completes"):
        share(w, ret.involvement, w.second_hv, auditor=None)
    for stranger in (w.second_hv, w.auditor_hv, w.contact_police):
        with pytest.raises(Refused, match="do not hold a role"):
            share(w, ret.involvement, w.third_hv, by=stranger)
    assert share(w, ret.involvement, w.second_hv, w.auditor_hv) == 0
    assert share(w, ret.involvement, w.second_hv, w.third_hv) == 1
    assert {one.user for one in Sharer.objects.all()} == {w.second_hv, w.third_hv}


def test_whoever_wrote_in_it_does_not_check_it_even_once_they_share_no_more(w, ret):
    make.declared(ret, w.second_hv)
    write(ret, "context-work", "My words.", w.second_hv)
    grant(w.second_hv, Role.AUTHORISER, agency=w.health_visiting.agency)
    with pytest.raises(Refused, match="Second Auditor Hv has written in this return, so somebody else checks it"):
        share(w, ret.involvement, authoriser=w.second_hv)
    make.answer(ret)
    Sharer.objects.all().delete()
    Involvement.objects.update(authoriser=w.second_hv)
    actions.hand_over(ret=again(ret), by=w.auditor_hv, at=LATER)
    with pytest.raises(Refused, match="somebody else checks and submits it"):
        actions.submit(ret=again(ret), by=fresh(w.second_hv), at=LATER)


def test_nobody_comes_to_write_once_the_return_is_in(w, on, ret):
    done = make.submitted(w, make.audit(w, 1, "2026-08"), w.health_visiting)
    with pytest.raises(Refused, match="the return is in, so nobody else comes to write it"):
        share(w, done.involvement, w.second_hv)
    actions.reopen(ret=done, reason="A name was left in.", by=w.coordinator, at=LATER)
    assert share(w, done.involvement, w.second_hv) == 1


def test_somebody_called_in_shares_with_nobody(w, on):
    once = user("once for the case")
    grant(once, Role.ONCE, agency=w.health_visiting.agency, service=w.health_visiting)
    answer = make.known(w, on, w.health_visiting, auditor=once)
    with pytest.raises(Refused, match="was called in for it alone"):
        share(w, answer, w.second_hv)
    with pytest.raises(Refused, match="only an auditor of your service can share"):
        share(w, answer, once, auditor=w.auditor_hv)
    Sharer.objects.create(
        partnership=w.partnership, involvement=answer, user=once, named_by=w.contact_hv, named_at=make.AT
    )
    Involvement.objects.update(auditor=w.auditor_hv)
    assert not allows(fresh(once), Can.WRITE_RETURN, again(answer))
    assert not allows(fresh(once), Can.OPEN_CASE, again(answer))


def test_the_copy_says_who_wrote_it_and_what_they_declared(w, ret):
    actions.declare(ret=ret, worked_with=False, manages_worker=True, by=w.second_hv, at=make.AT)
    assert queries.on_paper(ret, LATER)["foot"][0] == "Written by Auditor Hv, Second Auditor Hv."
    write(ret, "context-work", "Words.", w.second_hv)
    foot = queries.on_paper(again(ret), LATER)["foot"]
    assert foot[0] == "Written by Second Auditor Hv."
    assert foot[1].startswith("Declared: Second Auditor Hv manages, or has managed, somebody")


def test_a_line_is_passed_on_with_the_leave_of_whoever_wrote_it(w, on, ret):
    make.declared(ret, w.second_hv)
    make.answer(ret)
    write(ret, "recognition-good", "We phoned the school.", w.second_hv, seen=1)
    actions.hand_over(ret=again(ret), by=w.auditor_hv, at=make.AT)
    make.declared(ret, w.authoriser_hv)
    actions.submit(ret=again(ret), by=w.authoriser_hv, at=make.AT)
    hers = Point.objects.get(section="recognition", kind="good")
    told = {"ret": again(ret), "pk": hers.pk, "at": LATER}
    assert actions.celebrate(by=w.auditor_hv, **told).leave == "asked"
    assert Message.objects.get(key__startswith="leave:").to_user == w.second_hv
    with pytest.raises(Refused, match="Only whoever wrote this line"):
        actions.give_leave(agreed=True, by=w.auditor_hv, **told)
    assert "I agree" not in text(w.auditor_hv, f"/returns/{ret.pk}/celebrate/")
    assert "I agree" in text(w.second_hv, f"/returns/{ret.pk}/celebrate/")
    actions.give_leave(agreed=True, by=w.second_hv, **told)
    share(w, ret.involvement)
    told["ret"] = again(ret)
    with pytest.raises(Refused, match="Only whoever wrote this line"):
        actions.give_leave(agreed=False, by=w.second_hv, **told)
    actions.give_leave(agreed=False, by=w.auditor_hv, **told)


def test_the_contact_names_who_shares_on_the_page_and_takes_them_out_again(w, ret):
    ask = Ask.objects.get()
    case, path = ret.case_id, f"/asks/{ask.pk}/people/"
    page = text(w.contact_hv, path)
    assert "Who else writes it?" in page
    assert page.count(" checked") == 1
    data = {f"{case}-auditor": w.auditor_hv.pk, f"{case}-authoriser": w.authoriser_hv.pk}
    data[f"{case}-seen"] = again(ret.involvement).mark
    assert "Saved." in text(w.contact_hv, path, **data, **{f"{case}-sharers": [w.second_hv.pk, w.third_hv.pk]})
    assert "Second Auditor Hv, Third Auditor Hv" in text(w.contact_hv, f"/answers/{ret.involvement_id}/")
    data[f"{case}-seen"] = again(ret.involvement).mark
    wrong = {f"{case}-sharers": [w.auditor_police.pk]}
    assert "Case 1: This choice is not in the list" in text(w.contact_hv, path, **data, **wrong)
    assert "Saved." in text(w.contact_hv, path, **data)
    assert not Sharer.objects.exists()
    assert "Auditor Hv</td>" in text(w.coordinator, f"/audits/{ret.audit_id}/returns/")


def test_a_service_with_one_auditor_is_not_asked_who_shares(w, on):
    answer = make.known(w, on, w.police)
    ask = Ask.objects.create(partnership=w.partnership, audit=on, service=w.police)
    assert "Who else writes it?" not in text(w.contact_police, f"/asks/{ask.pk}/people/")
    once = user("called in")
    grant(once, Role.ONCE, agency=w.police.agency, service=w.police)
    Involvement.objects.filter(pk=answer.pk).update(auditor=once)
    assert "Called In" in text(w.contact_police, f"/asks/{ask.pk}/people/")
