"""The authoriser's comments answer by answer, and what stays readable once a return is opened again."""

import pytest

from candour.appraisal import actions, queries
from candour.appraisal.models import Comment, Point, Submission
from candour.appraisal.tests import factories as make
from candour.kernel.clock import now, today
from candour.kernel.errors import Refused
from candour.members.actions import go_away
from candour.notices.models import Message
from candour.people.models import Role
from candour.people.tests.factories import grant, sign_in, user, world

pytestmark = pytest.mark.django_db
LATER = make.NOW


@pytest.fixture
def w():
    return world()


@pytest.fixture
def on(w):
    return make.audit(w)


def text(response):
    return response.content.decode()


def rewrite(ret, key, said, seen, at=LATER):
    question = queries.document(ret).question(key)
    given = [make.given(question, {"text": said}, seen=seen)]
    actions.save_answers(ret=ret, given=given, by=ret.auditor, at=at)


def test_comments_are_kept_for_their_writer_until_the_return_goes_back(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.authoriser_hv)
    page = client.post(
        f"/returns/{ret.pk}/comments/", {"c.context-work": "Which dates?", "c.nothing": "x"}, follow=True
    )
    assert "Your comments are saved" in text(page)
    assert "Which dates?" in text(page)
    assert Comment.objects.count() == 1
    sign_in(client, w.auditor_hv)
    for url in (f"/returns/{ret.pk}/", f"/returns/{ret.pk}/check/"):
        assert "Which dates?" not in text(client.get(url))
    sign_in(client, w.authoriser_hv)
    shown = {"w.context-work": queries.mark("Which dates?")}
    sent = {"c.context-work": "Which dates exactly?", "back-note": ""} | shown
    assert "The return is back with" in text(client.post(f"/returns/{ret.pk}/send-back/", sent, follow=True))
    sign_in(client, w.auditor_hv)
    page = text(client.get(f"/returns/{ret.pk}/section/context/"))
    assert "Which dates exactly?" in page
    assert "Changed since" not in page
    rewrite(make.fresh(ret), "context-work", "From March to May.", 1, make.NOW + make.timedelta(days=9))
    Comment.objects.update(sent_at=make.NOW)
    ret.refresh_from_db()
    ret.note_at = make.NOW
    ret.save(update_fields=["note_at"])
    assert "Changed since" in text(client.get(f"/returns/{ret.pk}/"))
    actions.hand_over(ret=make.fresh(ret), by=w.auditor_hv, at=LATER)
    sign_in(client, w.authoriser_hv)
    page = text(client.get(f"/returns/{ret.pk}/authorise/"))
    assert "Which dates exactly?" in page
    assert page.count(">Changed<") == 2


def test_whoever_stands_in_for_the_authoriser_hears_that_work_came_and_is_led_to_no_closed_page(client, w, on):
    kim = user("kim example")
    grant(kim, Role.AUTHORISER, agency=w.health_visiting.agency)
    ret = make.answer(make.draft(w, on, w.health_visiting))
    until = today() + make.timedelta(days=4)
    go_away(person=w.authoriser_hv, starts_on=today(), ends_on=until, deputy=kim, by=w.authoriser_hv, at=now())
    actions.hand_over(ret=ret, by=ret.auditor, at=now())
    told = Message.objects.get(key__startswith=f"return:{ret.pk}:")
    assert (told.to_user, told.subject) == (kim, "Northmere: work for Authoriser Hv has come")
    assert told.body.startswith("You stand in for Authoriser Hv, who is away until")
    assert "the service's contact can give to you" in told.body
    assert ret.pk not in told.body
    assert sign_in(client, kim).get(f"/returns/{ret.pk}/authorise/").status_code == 404


def test_a_return_does_not_go_back_without_a_word(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.authoriser_hv)
    page = client.post(f"/returns/{ret.pk}/send-back/", {"back-note": ""})
    assert page.status_code == 422
    assert "Say what should be looked at again, here or beside the answers" in text(page)
    with pytest.raises(Refused, match="in a note or beside"):
        actions.send_back(ret=ret, note=" ", by=w.authoriser_hv, at=LATER)


def test_what_was_written_beside_an_answer_is_not_lost_in_submitting(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.authoriser_hv)
    said = {"c.context-work": "Which dates?", "declared": "on"}
    page = text(client.post(f"/returns/{ret.pk}/submit/", said, follow=True))
    assert "You have written a comment that has not gone to Auditor Hv" in page
    assert make.fresh(ret).state == "with-authoriser"
    shown = {"w.context-work": queries.mark("Which dates?")}
    client.post(f"/returns/{ret.pk}/submit/", {"c.context-work": "", "declared": "on"} | shown)
    assert make.fresh(ret).state == "submitted"
    assert not Comment.objects.exists()


def test_a_return_taken_back_meanwhile_keeps_what_was_typed_on_the_page(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    actions.take_back(ret=ret, by=w.auditor_hv, at=LATER)
    sign_in(client, w.authoriser_hv)
    page = client.post(f"/returns/{ret.pk}/comments/", {"c.context-work": "Which dates?"})
    assert page.status_code == 409
    assert "not with you to check" in text(page)
    assert "Your comment, not sent: Which dates?" in text(page)


def test_the_first_version_stays_readable_when_a_return_is_opened_again(client, w, on):
    ret = make.submitted(w, on, w.health_visiting, said="The first words.")
    was = ret.digest
    actions.reopen(ret=ret, reason="A name was left in.", by=w.coordinator, at=LATER)
    ret = make.fresh(ret)
    sign_in(client, w.auditor_hv)
    assert "A name was left in." in text(client.get(f"/returns/{ret.pk}/"))
    rewrite(ret, "context-work", "The second words.", 1)
    actions.hand_over(ret=make.fresh(ret), by=w.auditor_hv, at=LATER)
    actions.submit(ret=make.fresh(ret), by=w.authoriser_hv, at=LATER)
    first, second = Submission.objects.filter(ret=ret)
    assert (first.digest, second.number) == (was, 2)
    assert (first.opened_by, first.reason, second.opened_at) == (w.coordinator, "A name was left in.", None)
    for person in (w.auditor_hv, w.coordinator):
        sign_in(client, person)
        assert "Version 1, submitted" in text(client.get(f"/returns/{ret.pk}/check/"))
        page = text(client.get(f"/returns/{ret.pk}/submitted/1/"))
        assert "The first words." in page
        assert "The second words." not in page
        assert client.get(f"/returns/{ret.pk}/submitted/9/").status_code == 404


def test_what_is_private_stays_so_in_an_earlier_version(w, on):
    ret = make.submitted(w, on, w.health_visiting, said="Kept close.", private=("context-work",))
    kept = Submission.objects.get()

    def asked(person):
        return {one.question.key for page in queries.as_submitted(kept, person) for one in page.filled}

    assert asked(w.auditor_hv) - asked(w.scrutineer) == {"context-work"}
    assert ret.digest == kept.digest


def test_a_void_return_says_why_in_its_version(w, on):
    ret = make.submitted(w, on, w.health_visiting)
    actions.void(ret=ret, reason="Of another child.", by=w.coordinator, at=LATER)
    assert Submission.objects.get().reason == "Of another child."
    assert Point.objects.exists()


def test_what_became_private_later_is_left_out_of_the_earlier_version_too(w, on):
    ret = make.submitted(w, on, w.health_visiting, said="Kept close.")
    ret.answers.filter(question="context-work").update(private=True)
    kept = Submission.objects.get()

    def asked(person):
        return {one.question.key for page in queries.as_submitted(kept, person) for one in page.filled}

    assert asked(w.auditor_hv) - asked(w.scrutineer) == {"context-work"}


def test_a_note_that_has_not_gone_is_never_lost(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.authoriser_hv)
    note = {"back-note": "Look at March again."}
    for path, said in (("comments", {}), ("submit", {}), ("submit", {"declared": "on"})):
        page = text(client.post(f"/returns/{ret.pk}/{path}/", note | said))
        assert "Look at March again." in page
    assert make.fresh(ret).state == "with-authoriser"


def test_an_older_page_empties_no_comment_that_it_did_not_show(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.authoriser_hv)
    client.post(f"/returns/{ret.pk}/comments/", {"c.context-work": "Which dates?"})
    page = text(client.post(f"/returns/{ret.pk}/submit/", {"c.context-work": "", "declared": "on"}, follow=True))
    assert "You have written a comment that has not gone" in page
    assert Comment.objects.exists()


def say(client, ret, said, shown="", path="comments", **more):
    """Save a comment over what a page showed."""
    sent = {"c.context-work": said, "w.context-work": queries.mark(shown)}
    return client.post(f"/returns/{ret.pk}/{path}/", sent | more)


def comment():
    return Comment.objects.get(sent_at=None).text


@pytest.mark.parametrize("path", ["comments", "send-back", "submit"])
def test_an_older_page_overwrites_no_newer_comment_and_both_stand_on_the_page(client, w, on, path):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.authoriser_hv)
    say(client, ret, "Which dates?")
    say(client, ret, "Which dates in March?", "Which dates?")
    answer = say(client, ret, "Which days?", "Which dates?", path, declared="on", **{"back-note": ""})
    assert answer.status_code == 409
    page = text(answer)
    assert "A comment changed meanwhile" in page
    assert 'href="#c.context-work"' in page
    assert page.index("Which dates in March?") < page.index("Which days?</textarea>")
    assert comment() == "Which dates in March?"
    assert make.fresh(ret).state == "with-authoriser"
    assert say(client, ret, "Which days?", "Which dates in March?").status_code == 302
    assert comment() == "Which days?"


def test_an_older_page_on_which_nothing_was_changed_changes_nothing(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.authoriser_hv)
    say(client, ret, "Which dates?")
    say(client, ret, "Which dates in March?", "Which dates?")
    assert say(client, ret, "Which dates?", "Which dates?").status_code == 302
    assert comment() == "Which dates in March?"
    say(client, ret, "", "Which dates in March?")
    assert say(client, ret, "Which dates?", "Which dates?").status_code == 302
    assert not Comment.objects.exists()


def test_what_is_emptied_on_one_page_and_written_on_another_is_shown_as_both(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.authoriser_hv)
    say(client, ret, "Which dates?")
    say(client, ret, "Which dates in March?", "Which dates?")
    answer = say(client, ret, "", "Which dates?")
    assert (answer.status_code, comment()) == (409, "Which dates in March?")
    say(client, ret, "", "Which dates in March?")
    answer = say(client, ret, "Which dates in May?", "Which dates?")
    assert answer.status_code == 409
    assert "Nothing: it was emptied" in text(answer)
    assert "Which dates in May?" in text(answer)


def test_the_other_comments_of_a_page_are_kept_beside_one_that_clashes(client, w, on):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.authoriser_hv)
    say(client, ret, "Which dates?")
    answer = say(client, ret, "Which days?", **{"c.recognition-first": "By whom?"})
    assert answer.status_code == 409
    assert Comment.objects.get(question="recognition-first").text == "By whom?"


@pytest.mark.parametrize("path", ["send-back", "submit"])
def test_a_page_from_before_it_came_back_decides_nothing_and_loses_nothing(client, w, on, path):
    ret = make.handed_over(w, on, w.health_visiting)
    sign_in(client, w.authoriser_hv)
    then = queries.handed(ret)
    assert f'name="handed" value="{then}"' in text(client.get(f"/returns/{ret.pk}/authorise/"))
    actions.send_back(ret=ret, note="The newer note.", by=w.authoriser_hv, at=LATER, handed=then)
    actions.hand_over(ret=make.fresh(ret), by=w.auditor_hv, at=LATER + make.timedelta(hours=1))
    note = {"send-back": "The older note.", "submit": ""}[path]
    answer = client.post(f"/returns/{ret.pk}/{path}/", {"back-note": note, "declared": "on", "handed": then})
    assert answer.status_code == 409
    assert "came back to you after you had opened this page" in text(answer)
    assert all(words in text(answer) for words in (note, "The newer note."))
    assert (make.fresh(ret).state, make.fresh(ret).note) == ("with-authoriser", "The newer note.")
    now = queries.handed(make.fresh(ret))
    client.post(f"/returns/{ret.pk}/{path}/", {"back-note": note, "declared": "on", "handed": now})
    assert make.fresh(ret).state == {"send-back": "draft", "submit": "submitted"}[path]
