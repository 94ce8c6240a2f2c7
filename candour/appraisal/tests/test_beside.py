"""Where in the record, brothers and sisters in one return, and what was said to this service before."""

from datetime import timedelta

import pytest

from candour.appraisal import actions, queries
from candour.appraisal.models import Answer, Given
from candour.appraisal.queries import earlier
from candour.appraisal.tests import factories as make
from candour.people.tests.factories import sign_in, world
from candour.tools import values

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world()


@pytest.fixture
def ret(w):
    return make.draft(w, make.audit(w), w.health_visiting)


def text(response) -> str:
    return response.content.decode()


def test_an_answer_says_where_in_the_record_it_stands(client, ret):
    sign_in(client, ret.auditor)
    url = f"/returns/{ret.pk}/section/context/"
    sent = {"q.context-work.seen": "0", "q.context-work": "Seen.", "q.context-work.record": "Contact log",
            "q.context-work.dated": "3 March 2026", "go": "stay"}  # fmt: skip
    page = text(client.post(url, sent, follow=True))
    assert Answer.objects.get().value == {"text": "Seen.", "record": "Contact log", "dated": "3 March 2026"}
    assert 'value="Contact log"' in page
    assert "In the record: Contact log, 3 March 2026" in text(client.get(f"/returns/{ret.pk}/check/"))


def test_a_pointer_alone_is_no_answer(ret):
    question = queries.document(ret).question("context-work")
    value = {"record": "Contact log"}
    actions.save_answers(ret=ret, given=[Given(question, value, False, 0)], by=ret.auditor, at=make.AT)
    assert question.key in {one.key for one in queries.gaps(ret)}


def test_one_return_covers_brothers_and_sisters_in_parts_of_their_own(client, ret):
    sign_in(client, ret.auditor)
    page = text(client.post(f"/returns/{ret.pk}/others/", {"others": "Older sister\n\n Unborn  baby "}, follow=True))
    assert "It covers also: Older sister, Unborn baby." in page
    url = f"/returns/{ret.pk}/section/context/"
    assert "Different for: Unborn baby" in text(client.get(url))
    sent = {"q.context-work.seen": "0", "q.context-work": "Seen.", "q.context-work.of.Older sister": "Not seen."}
    client.post(url, sent)
    assert Answer.objects.get().value == {"text": "Seen.", "of.Older sister": "Not seen."}
    assert "Older sister: Not seen." in text(client.get(f"/returns/{ret.pk}/check/"))
    client.post(f"/returns/{ret.pk}/others/", {"others": "", "seen": "Older sister\r\nUnborn baby"})
    page = text(client.get(url))
    assert "Different for: Older sister" in page
    assert "Unborn baby" not in page


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ("Zebedee Quillfeather", "not by a name"),
        ("\n".join(f"Sister {n}" for n in range(7)), "six children at most"),
        ("x" * 41, "40 letters at most"),
    ],
)
def test_what_the_others_are_called_is_checked(client, ret, others, told):
    sign_in(client, ret.auditor)
    assert told in text(client.post(f"/returns/{ret.pk}/others/", {"others": others}))
    assert make.fresh(ret).others == ()


def test_a_return_that_is_being_checked_takes_no_more_children(client, w):
    ret = make.handed_over(w, make.audit(w), w.health_visiting)
    sign_in(client, w.auditor_hv)
    page = text(client.post(f"/returns/{ret.pk}/others/", {"others": "Older sister"}, follow=True))
    assert "nothing was changed" in page
    assert ">Older sister</textarea>" in page.replace("\n", "")


def test_two_who_write_a_return_take_no_child_out_of_it_unseen(client, ret):
    sign_in(client, ret.auditor)
    url = f"/returns/{ret.pk}/others/"
    client.post(url, {"others": "Older sister", "seen": ""})
    page = text(client.post(url, {"others": "Unborn baby", "seen": ""}, follow=True))
    assert "the return now covers: Older sister" in page
    assert "Unborn baby" in page
    assert make.fresh(ret).others == ("Older sister",)
    assert 'name="seen" value="Older sister"' in page
    client.post(url, {"others": "Older sister\nUnborn baby", "seen": "Older sister"})
    assert make.fresh(ret).others == ("Older sister", "Unborn baby")


def test_two_answers_made_one_keep_what_each_says_of_the_others():
    first, second = {"text": "A", "of.Older sister": "B"}, {"text": "C", "of.Older sister": "D", "record": "Log"}
    assert values.both(first, second) == {"text": "A\n\nC", "of.Older sister": "B\n\nD", "record": "Log"}
    assert values.carried(first, {"text": "E"}) == {"text": "E", "of.Older sister": "B"}


def test_what_was_said_before_is_read_beside(client, w, monkeypatch):
    old = make.submitted(w, make.audit(w, code="2025-01"), w.health_visiting, said="Read the history first.")
    later = make.draft(w, make.audit(w), w.health_visiting)
    type(later).objects.filter(pk=later.pk).update(started_at=make.AT + timedelta(days=30))
    said = earlier.Said(2024, "Neglect", "recognition", "Ask about every child.")
    monkeypatch.setattr(earlier, "_recommended", [lambda audit, agency: [said]])
    sign_in(client, w.auditor_hv)
    page = text(client.get(f"/returns/{later.pk}/before/"))
    assert f"What we said in {old.submitted_at.year}" in page
    assert "Read the history first." in page
    assert "Ask about every child." in page


def test_a_new_auditor_reads_nothing_of_returns_that_were_not_theirs(client, w):
    old = make.submitted(w, make.audit(w, code="2025-01"), w.health_visiting, said=make.CANARY)
    type(old.involvement).objects.filter(pk=old.involvement_id).update(auditor=None)
    later = make.draft(w, make.audit(w), w.health_visiting)
    type(later).objects.filter(pk=later.pk).update(started_at=make.AT + timedelta(days=30))
    sign_in(client, w.auditor_hv)
    page = text(client.get(f"/returns/{later.pk}/before/"))
    assert make.CANARY not in page
    assert "Nothing yet." in page


def test_from_a_section_only_what_was_said_about_it_is_read(client, w, monkeypatch):
    make.submitted(w, make.audit(w, code="2025-01"), w.health_visiting, said="Read the history first.")
    later = make.draft(w, make.audit(w), w.health_visiting)
    type(later).objects.filter(pk=later.pk).update(started_at=make.AT + timedelta(days=30))
    told = {"recognition": "Ask about every child.", "voice": "See them alone.", "": "Say thank you."}
    many = [earlier.Said(2025, "Later", "voice", f"Voice {number}.") for number in range(earlier.MOST)]
    said = [*many, *(earlier.Said(2024, "Neglect", domain, text) for domain, text in told.items())]
    monkeypatch.setattr(earlier, "_recommended", [lambda audit, agency: said])
    sign_in(client, w.auditor_hv)
    assert "/before/?section=recognition" in text(client.get(f"/returns/{later.pk}/section/recognition/"))
    page = text(client.get(f"/returns/{later.pk}/before/?section=recognition"))
    assert "What we said before: " in page
    assert all(words in page for words in ("Ask about every child.", "Say thank you.", "Read the history first."))
    assert "Voice" not in page
    assert "See them alone." not in page
    own = queries.said_before(make.fresh(later), w.auditor_hv, "recognition")
    assert {one.domain for one in own if one.by_itself} == {"recognition"}
    for path in ("", "?section=", "?section=nowhere"):
        page = text(client.get(f"/returns/{later.pk}/before/{path}"))
        assert "Voice 1." in page
        assert "What we said before: " not in page


def test_a_section_about_which_nothing_was_said_leads_on_to_everything(client, w, monkeypatch):
    later = make.draft(w, make.audit(w), w.health_visiting)
    monkeypatch.setattr(earlier, "_recommended", [])
    sign_in(client, w.auditor_hv)
    page = text(client.get(f"/returns/{later.pk}/before/?section=recognition"))
    assert "Nothing about this section." in page
    assert f'href="/returns/{later.pk}/before/"' in page
