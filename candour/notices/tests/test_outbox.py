"""A message is sent once, whatever the mail server and the worker do."""

import re
import socket
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django_q.models import OrmQ

from candour.kernel.errors import Refused
from candour.notices import actions, jobs, queries
from candour.notices.models import LEASE, Message, State
from candour.notices.tests.smtp import mail_server
from candour.people.models import Role, User
from candour.people.tests import factories
from candour.people.tests.factories import AT
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


def post(key: str = "k", **extra: Any) -> Message:
    words = {"to": "ruth@example.org", "subject": "Work\nfor you", "body": "There is work.", "path": "/"}
    return actions.post(key=key, at=AT, **{**words, **extra})


@pytest.fixture(autouse=True)
def smtp(settings):
    settings.MODE = "test"
    settings.EMAIL_BACKEND = "candour.notices.senders.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.4
    with time_machine.travel(AT, tick=True):
        yield settings


def test_a_message_stands_in_the_outbox_in_the_callers_transaction() -> None:
    def act_and_fail() -> None:
        with transaction.atomic():
            post()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    assert not Message.objects.exists()


def test_the_same_key_is_posted_once() -> None:
    assert post().pk == post(subject="Other").pk
    assert Message.objects.get().subject == "Work for you"


def test_a_message_links_to_the_work(settings) -> None:
    assert post(path="/returns/").body == f"There is work.\n\n{settings.BASE_URL}/returns/\n"


def test_posting_wakes_the_worker_once(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks() as calls:
        post("a")
        post("b")
    assert len(calls) == 1


def test_a_message_goes_with_its_own_message_id(smtp) -> None:
    message = post()
    with mail_server() as server:
        smtp.EMAIL_PORT = server.port
        assert jobs.send_due() == 1
        assert jobs.send_due() == 0
    assert f"Message-ID: {message.message_id}" in server.letters[0]
    message.refresh_from_db()
    assert (message.state, message.lease, message.attempts) == (State.SENT, "", 1)


@pytest.mark.parametrize(
    ("mood", "state", "words"),
    [
        ("refuse", State.FAILED, "550 5.1.1 No such person"),
        ("busy", State.DEFERRED, "451 4.7.1 Try later"),
        ("hang", State.DEFERRED, "timed out"),
        ("drop", State.DEFERRED, "so it may have arrived (Connection unexpectedly closed)."),
    ],
)
@pytest.mark.faults
def test_what_the_server_said_is_kept(smtp, mood: str, state: State, words: str) -> None:
    message = post()
    with mail_server(mood) as server:
        smtp.EMAIL_PORT = server.port
        assert jobs.send_due() == 0
    message.refresh_from_db()
    assert message.state == state
    assert words in message.error
    assert (message.lease, message.sent_at) == ("", None)
    assert message.doubtful == (mood == "drop")


@pytest.mark.faults
def test_with_no_server_one_message_is_tried_and_the_rest_wait(smtp) -> None:
    post("a")
    post("b")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        smtp.EMAIL_PORT = closed.getsockname()[1]
    jobs.send_due()
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 1]


@pytest.mark.faults
def test_a_letter_dropped_after_data_comes_again_as_the_same_one(smtp) -> None:
    post()
    with mail_server("drop") as first:
        smtp.EMAIL_PORT = first.port
        jobs.send_due()
    with mail_server() as second, time_machine.travel(AT + timedelta(minutes=2)):
        smtp.EMAIL_PORT = second.port
        assert jobs.send_due() == 1
    ids = {re.search("Message-ID: (.*)", letter)[1].strip() for letter in first.letters + second.letters}
    assert len(ids) == 1


@pytest.mark.faults
def test_a_worker_killed_between_sending_and_marking_costs_one_repeat(smtp, monkeypatch) -> None:
    post()

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with mail_server() as server:
        smtp.EMAIL_PORT = server.port
        with monkeypatch.context() as patch:
            patch.setattr(jobs, "_mark", die)
            with pytest.raises(KeyboardInterrupt):
                jobs.send_due()
        assert jobs.send_due() == 0, "another worker waits until the lease has run out"
        with time_machine.travel(AT + LEASE + timedelta(seconds=5)):
            assert jobs.send_due() == 1
            assert jobs.send_due() == 0
    assert len(server.letters) == 2


def test_a_late_worker_does_not_overwrite_what_another_marked() -> None:
    post()
    slow = Message.objects.claim(AT)
    fast = Message.objects.claim(AT + LEASE)
    jobs._mark(fast, None, AT + LEASE)
    jobs._mark(slow, jobs.Trouble("late"), AT + LEASE)
    assert Message.objects.get().state == State.SENT


def test_more_than_a_batch_goes_without_waiting_for_the_next_minute(smtp, monkeypatch) -> None:
    for number in range(3):
        post(str(number))
    monkeypatch.setattr(jobs, "BATCH", 2)
    smtp.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert jobs.send_due() == 2
    assert OrmQ.objects.count() == 1
    assert jobs.send_due() == 1
    assert OrmQ.objects.count() == 1


def test_two_workers_never_hold_one_message() -> None:
    post()
    assert Message.objects.claim(AT) is not None
    assert Message.objects.claim(AT) is None


def test_waits_double_and_a_message_is_given_up() -> None:
    assert [jobs.wait(n) // timedelta(minutes=1) for n in (1, 2, 3, 9, 10, 20)] == [1, 2, 4, 256, 360, 360]
    message = post()
    message.attempts = jobs.ATTEMPTS
    jobs._mark(message, jobs.Trouble("451 later"), AT)
    message.refresh_from_db()
    assert message.state == State.FAILED


def test_a_failed_message_is_sent_again_on_the_record() -> None:
    w = factories.world()
    message = post(partnership=w.partnership)
    with pytest.raises(Refused):
        actions.resend(message=message, by=w.coordinator, at=AT)
    Message.objects.update(failed_at=AT, error="550")
    assert actions.resend(message=message, by=w.coordinator, at=AT).state == State.QUEUED
    assert Entry.objects.get().verb == "message sent again"


def test_a_sign_in_link_is_emptied_once_sent_and_cannot_be_sent_again(smtp) -> None:
    w = factories.world()
    message = post(private=True, partnership=w.partnership)
    with mail_server() as server:
        smtp.EMAIL_PORT = server.port
        jobs.send_due()
    assert "There is work." in server.letters[0]
    message.refresh_from_db()
    assert message.body == ""
    Message.objects.update(sent_at=None, failed_at=AT, error="550")
    with pytest.raises(Refused):
        actions.resend(message=message, by=w.coordinator, at=AT)


def test_a_message_does_not_go_to_somebody_who_has_left_meanwhile() -> None:
    w = factories.world()
    message = post(to=w.chair, partnership=w.partnership)
    stay = post("stay", to=w.contact_police, partnership=w.partnership)
    w.chair.grants.update(withdrawn_at=AT, withdrawn_by=w.coordinator)
    assert jobs._withheld(stay) is None
    stay.delete()
    jobs.send_due()
    message.refresh_from_db()
    assert message.state == State.FAILED
    assert "no longer has a role" in message.error


def test_old_links_are_emptied_and_old_messages_go() -> None:
    post("link", private=True)
    post("old")
    jobs.forget_old_messages(AT + timedelta(days=8))
    assert Message.objects.get(key="link").body == ""
    jobs.forget_old_messages(AT + timedelta(days=400))
    assert not Message.objects.exists()


def test_an_emptied_message_does_not_go_and_one_without_an_address_is_not_called_sent(smtp) -> None:
    emptied, nowhere = post("link", private=True), post("nowhere", to="")
    jobs.forget_old_messages(AT + timedelta(days=8))
    with mail_server() as server:
        smtp.EMAIL_PORT = server.port
        assert jobs.send_due() == 0
    assert not server.letters
    for message, words in ((emptied, "removed after a week"), (nowhere, "no address")):
        message.refresh_from_db()
        assert message.state is State.FAILED
        assert words in message.error


def test_a_header_cannot_be_smuggled_in(smtp) -> None:
    message = post()
    Message.objects.update(subject="One\r\nBcc: x@example.org")
    with mail_server() as server:
        smtp.EMAIL_PORT = server.port
        jobs.send_due()
    message.refresh_from_db()
    assert (message.state, server.letters) == (State.FAILED, [])
    assert Role.CHAIR not in message.error


def test_a_message_does_not_go_to_somebody_whose_agency_has_left_meanwhile() -> None:
    w = factories.world()
    message = post(to=w.contact_police, partnership=w.partnership)
    assert jobs._withheld(message) is None
    w.police.agency.memberships.update(ends_on=AT.date() - timedelta(days=1))
    assert jobs._withheld(message) is not None


def failing(w: factories.World, *people: User) -> dict[str, Message]:
    return queries.failing([one.pk for one in people], w.partnership.pk, AT - timedelta(days=30))


def test_an_address_fails_until_a_later_message_has_gone_there() -> None:
    w = factories.world()
    ruth, omar = w.contact_gp, w.contact_acute
    for person in (ruth, omar):
        post(key=person.pk, to=person, partnership=w.partnership)
    Message.objects.filter(to_user=omar).update(sent_at=AT)
    Message.objects.filter(to_user=ruth).update(failed_at=AT, error="550 5.1.1 No such person")
    found = failing(w, ruth, omar)
    assert list(found) == [ruth.pk]
    assert found[ruth.pk].undelivered == f"Could not be delivered to {ruth.email}: 550 5.1.1 No such person"
    post(key="later", to=ruth, partnership=w.partnership)
    assert ruth.pk in failing(w, ruth), "one that only waits proves nothing"
    Message.objects.filter(key="later").update(sent_at=AT + timedelta(minutes=1))
    assert failing(w, ruth) == {}


def test_an_address_that_fails_the_daily_reminder_names_the_partnerships_own_message_to_send_again() -> None:
    w, other = factories.world(), factories.other_world()
    ruth = w.contact_gp
    for key, home in (("ours", w.partnership), ("digest", None), ("theirs", other.partnership)):
        post(key=key, to=ruth, partnership=home)
    Message.objects.filter(key="theirs").update(failed_at=AT + timedelta(days=1), error="said to others")
    assert failing(w, ruth) == {}, "what another partnership sent is none of ours"
    Message.objects.filter(key="digest").update(failed_at=AT, error="550 said of the reminder")
    found = failing(w, ruth)[ruth.pk]
    assert (found.error, found.again) == ("550 said of the reminder", None)
    Message.objects.filter(key="ours").update(failed_at=AT - timedelta(days=1), error="550")
    assert failing(w, ruth)[ruth.pk].again == Message.objects.get(key="ours").pk
    assert failing(other, ruth)[ruth.pk].error == "said to others"


def test_a_message_is_sent_again_to_the_address_that_was_corrected() -> None:
    w = factories.world()
    message = post(to=w.contact_gp, partnership=w.partnership)
    Message.objects.update(failed_at=AT, error="550 5.1.1 No such person")
    User.objects.filter(pk=w.contact_gp.pk).update(email="new.contact@example.org")
    assert actions.resend(message=message, by=w.coordinator, at=AT).to_address == "new.contact@example.org"
