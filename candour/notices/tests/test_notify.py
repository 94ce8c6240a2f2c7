"""GOV.UK Notify behind the same outbox: what it took is not yet delivered, and nothing is handed to it twice."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from candour.kernel.errors import Refused
from candour.notices import actions, jobs
from candour.notices.models import Message, State
from candour.notices.numbers import as_mobile
from candour.notices.senders import can_text
from candour.notices.tests import notify
from candour.people.tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand_in(settings):
    settings.EMAIL_TIMEOUT = 0.4
    with notify.notify() as server:
        address = f"http://127.0.0.1:{server.server_port}"
        settings.NOTIFY = {"url": address, "key": notify.KEY, "mail": "mail-template", "text": "text-template"}
        yield server


def text(key: str = "k", **extra: Any) -> Message:
    words = {"number": "07700 900123", "label": "A code", "body": "Your code is 314159."}
    return actions.post_text(key=key, at=AT, **{**words, **extra})


def work(minutes: float = 0) -> Message:
    with time_machine.travel(AT + timedelta(minutes=minutes)):
        jobs.send_due()
    return Message.objects.get()


def test_a_text_is_sent_only_once_it_has_been_delivered(stand_in) -> None:
    message = text(private=True)
    assert work().state == State.HANDED
    given = stand_in.taken[0]
    assert given["phone_number"] == "+447700900123"
    assert (given["kind"], given["template_id"], given["reference"]) == ("sms", "text-template", message.pk)
    assert given["personalisation"] == {"body": "Your code is 314159.\n"}
    assert work(2).state == State.HANDED
    stand_in.settle("delivered")
    message = work(5)
    assert (message.state, message.attempts, message.reference, message.body) == (State.SENT, 1, "", "")
    assert len(stand_in.taken) == 1
    assert stand_in.tokens[0] == {"iss": notify.SERVICE, "iat": int(AT.timestamp())}


def test_mail_goes_the_same_way(stand_in) -> None:
    actions.post(key="k", to="ruth@example.org", subject="Work for you", body="There is work.", at=AT)
    work()
    given = stand_in.taken[0]
    assert (given["kind"], given["email_address"], given["template_id"]) == (
        "email",
        "ruth@example.org",
        "mail-template",
    )
    assert given["personalisation"] == {"subject": "Work for you", "body": "There is work.\n"}


@pytest.mark.parametrize(
    ("mood", "state", "words"),
    [
        ("down", State.DEFERRED, "503 Come back later"),
        ("busy", State.DEFERRED, "429 Exceeded rate limit"),
        ("wrong", State.FAILED, "400 Not a valid phone number"),
    ],
)
@pytest.mark.faults
def test_its_words_are_kept(stand_in, mood: str, state: State, words: str) -> None:
    text()
    stand_in.mood = mood
    message = work()
    assert (message.state, message.sent_at) == (state, None)
    assert words in message.error


@pytest.mark.faults
def test_a_message_whose_receipt_was_lost_is_found_again_and_not_given_twice(stand_in) -> None:
    text()
    stand_in.mood = "lost"
    message = work()
    assert (message.state, message.doubtful) == (State.DEFERRED, True)
    stand_in.mood = "ok"
    message = work(2)
    assert (message.state, message.doubtful, len(stand_in.taken)) == (State.HANDED, False, 1)


@pytest.mark.faults
def test_words_that_no_database_can_hold_are_kept_without_what_is_no_text(stand_in) -> None:
    text()
    body = b'{"errors": [{"message": "Not\\u0000 a \\ud800number"}]}'
    stand_in.odd = b"HTTP/1.1 400 Bad\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    assert work().error == "GOV.UK Notify: 400 Not a number"


@pytest.mark.parametrize(
    "odd",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n[]",
        b'HTTP/1.1 201 Created\r\nContent-Length: 88\r\n\r\n{"id": "' + b"x" * 78 + b'"}',
        b"HTTP/1.1 503 Down\r\nContent-Length: 500\r\n\r\n{",
    ],
)
@pytest.mark.faults
def test_an_answer_that_makes_no_sense_costs_one_attempt_and_no_second_message(stand_in, odd: bytes) -> None:
    text()
    stand_in.odd = odd
    message = work()
    assert message.state == State.DEFERRED
    assert message.error.startswith("GOV.UK Notify: ")
    stand_in.odd = b""
    assert (work(2).state, len(stand_in.taken)) == (State.HANDED, 1)


@pytest.mark.parametrize(
    ("status", "state", "given"), [("permanent-failure", State.FAILED, 1), ("temporary-failure", State.HANDED, 2)]
)
def test_what_could_not_be_delivered_fails_or_is_given_again(stand_in, status: str, state: State, given: int) -> None:
    text()
    work()
    stand_in.settle(status)
    message = work(2)
    assert status in message.error
    assert message.reference == ""
    assert (work(10).state, len(stand_in.taken)) == (state, given)


def test_without_any_word_of_its_delivery_a_message_fails_in_the_end(stand_in) -> None:
    text()
    work()
    message = work(60 * 24 * 4 + 1)
    assert message.state == State.FAILED
    assert "No word" in message.error


@pytest.mark.faults
def test_a_server_in_trouble_does_not_hold_up_the_other_channel(stand_in, settings) -> None:
    settings.NOTIFY = {**settings.NOTIFY, "mail": ""}
    stand_in.mood = "down"
    text()
    actions.post(key="mail", to="ruth@example.org", subject="Work", body="There is work.", at=AT)
    with time_machine.travel(AT):
        assert jobs.send_due() == 1
    assert Message.objects.get(key="mail").state == State.SENT


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 (0)7700 900-123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("+353 85 012 3456", "+353850123456"),
        ("020 7946 0018", ""),
        ("07700 90012", ""),
        ("ruth@example.org", ""),
        ("", ""),
    ],
)
def test_a_number_is_read_as_people_write_it(written: str, number: str) -> None:
    assert as_mobile(written) == number


def test_no_text_is_queued_that_nobody_could_send(settings) -> None:
    with pytest.raises(Refused, match="not a mobile number"):
        text(number="1234")
    settings.MODE = "production"
    assert not can_text()
    with pytest.raises(Refused, match="cannot send text messages"):
        text()
    assert not Message.objects.exists()
