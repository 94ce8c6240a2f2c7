"""Delivery notices: only what concerns our own messages is believed, nothing in the mailbox changes, and nothing that
somebody writes into one does harm."""

import email
import logging
from datetime import timedelta

import pytest
import time_machine
from django.db import DataError

from candour.notices import actions, jobs, mailbox
from candour.notices.models import Message, Reading, State
from candour.notices.tests.imap import mailbox as served
from candour.people.tests import factories
from candour.people.tests.factories import AT

pytestmark = pytest.mark.django_db
SAID = "smtp; 550 5.1.1 <ruth@example.org>: Recipient\r\n address rejected"
OTHER = b"From: a@example.org\r\nSubject: Lunch?\r\n\r\nAt one.\r\n"


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(AT, tick=False):
        yield


def sent(key: str = "k", **extra) -> Message:
    made = actions.post(key=key, to="ruth@example.org", subject="Work", body="There is work.", at=AT, **extra)
    Message.objects.filter(pk=made.pk).update(sent_at=AT)
    made.refresh_from_db()
    return made


def notice(message_id: str, action: str = "failed", said: str = SAID, returned: str = "message/rfc822") -> bytes:
    return (
        "From: MAILER-DAEMON@example.org\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; ruth@example.org\r\nAction: {action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: {said}\r\n\r\n"
        f"--b\r\nContent-Type: {returned}\r\n\r\nMessage-ID: {message_id}\r\nSubject: Work\r\n\r\nWork.\r\n--b--\r\n"
    ).encode()


def read(settings, *mails: bytes, **more) -> list[str]:
    with served(dict(enumerate(mails, start=1)), **more) as box:
        settings.MAILBOX = box.url
        jobs.read_delivery_notices(AT)
        return box.commands


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_message_that_comes_back_has_failed_in_the_servers_words(settings, returned):
    message = sent()
    commands = read(settings, OTHER, notice(message.message_id, returned=returned))
    message.refresh_from_db()
    assert (message.state, message.failed_at, message.sent_at) == (State.FAILED, AT, None)
    assert message.error == "550 5.1.1 <ruth@example.org>: Recipient address rejected"
    assert 'EXAMINE "Returned"' in commands
    changing = ("SELECT", "STORE", "UID STORE", "EXPUNGE", "COPY", "MOVE", "APPEND", "UID COPY", "UID MOVE", "DELETE")
    assert not [one for one in commands if one.startswith(changing)]
    assert all("PEEK" in one for one in commands if one.startswith("UID FETCH"))
    assert not [one for one in commands if one.startswith("UID FETCH 1 ")], "other people's mail is not read"


def test_a_delay_is_told_until_the_message_has_arrived(settings, client):
    w = factories.world()
    message = sent(partnership=w.partnership)
    read(settings, notice(message.message_id, "delayed", "smtp; 451 4.7.1 Try later"))
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.error) == (State.DELAYED, AT, "451 4.7.1 Try later")
    page = factories.sign_in(client, w.coordinator).get(f"/messages/{message.pk}/").content.decode()
    assert "Delayed" in page
    assert "451 4.7.1 Try later" in page
    assert "Subject" not in client.get("/messages/?state=sent").content.decode()
    assert "Work" in client.get("/messages/?state=delayed").content.decode()
    read(settings, b"", notice(message.message_id, "delivered"))
    message.refresh_from_db()
    assert (message.state, message.error) == (State.SENT, "")


def test_only_messages_of_ours_that_were_sent_lately_are_believed(settings):
    waiting = actions.post(key="waiting", to="ruth@example.org", subject="Work", body="There is work.", at=AT)
    old, other = sent("old"), sent("other")
    Message.objects.filter(pk=old.pk).update(sent_at=AT - timedelta(days=15))
    read(settings, notice(waiting.message_id), notice(old.message_id), notice("<made.up@example.org>"), notice("none"))
    states = {one.key: one.state for one in Message.objects.all()}
    assert states == {"waiting": State.QUEUED, "old": State.SENT, "other": State.SENT}
    assert other.error == ""


def test_a_notice_of_the_first_sending_says_nothing_of_the_second(settings):
    w = factories.world()
    message = sent(partnership=w.partnership)
    late = notice(message.message_id)
    read(settings, late)
    again = actions.resend(message=Message.objects.get(), by=w.coordinator, at=AT)
    assert again.message_id != message.message_id
    Message.objects.update(sent_at=AT)
    read(settings, late, late, validity=8)
    assert Message.objects.get().state == State.SENT


def test_each_mail_is_read_once_and_a_mailbox_numbered_anew_from_the_last_week(settings):
    message = sent()
    mails = [OTHER, notice("<made.up@example.org>"), notice(message.message_id)]
    first = read(settings, *mails)
    assert [one for one in first if one.startswith("UID SEARCH")] == [
        'UID SEARCH SINCE 16-Nov-2026 HEADER Content-Type "multipart/report"'
    ]
    second = read(settings, *mails)
    assert 'UID SEARCH UID 4:* HEADER Content-Type "multipart/report"' in second
    assert not [one for one in second if one.startswith("UID FETCH")]
    assert (Reading.objects.get().number, Reading.objects.get().validity) == (3, 7)
    third = read(settings, *mails, validity=8)
    assert len([one for one in third if one.startswith("UID FETCH")]) == 2


def test_of_very_many_each_round_reads_some_and_goes_on_behind_them(settings, monkeypatch):
    monkeypatch.setattr(mailbox, "BATCH", 2)
    message = sent()
    mails = [notice("<made.up@example.org>")] * 4 + [notice(message.message_id)]
    states = []
    for _ in range(3):
        read(settings, *mails)
        states.append(Message.objects.get().state)
    assert states == [State.SENT, State.SENT, State.FAILED]


def hostile(message_id: str) -> list[bytes]:
    good = notice(message_id)
    head = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
    return [
        good.replace(b"message/delivery-status", b"text/plain"),
        good.replace(b"Action: failed", b"Action: relayed"),
        good.replace(b"Action: failed", b"Action: \xff\xfe failed"),
        good.replace(b"boundary=", b"bounds="),
        good.replace(b"Message-ID:", b"X-Message-ID:"),
        good.replace(b"multipart/report;", b"multipart/mixed; x=multipart/report;"),
        head + b"--b\r\nContent-Type: message/delivery-status\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n--b--",
        head + b"--b\r\n" + deep,
        head + b"\x00" * 500_000 + good,
        notice("<abc\0def@example.org>", returned="text/rfc822-headers"),
        notice("<abc\u00e9def@example.org>"),
        b"",
    ]


def test_what_cannot_be_understood_is_passed_over(settings):
    message = sent()
    for mail in hostile(message.message_id):
        assert mailbox.read(mail) is None
    read(settings, *hostile(message.message_id), notice("<made.up@example.org>"))
    message.refresh_from_db()
    assert message.state == State.SENT


def test_a_mail_that_brings_the_reading_down_is_not_met_again(settings, monkeypatch):
    message = sent()
    mails = [notice("<made.up@example.org>"), notice(message.message_id)]
    taken = actions.take_notice

    def stumble(*, notice, at):
        if notice.message_id == "<made.up@example.org>":
            raise DataError
        taken(notice=notice, at=at)

    monkeypatch.setattr(actions, "take_notice", stumble)
    with pytest.raises(DataError):
        read(settings, *mails)
    read(settings, *mails)
    assert Message.objects.get().state == State.FAILED


def test_words_are_words_on_one_line_and_short(settings, client):
    w = factories.world()
    message = sent(partnership=w.partnership)
    read(settings, notice(message.message_id, said="smtp; 550 <script>alert(1)</script>\x1b[31m " + "x" * 5000))
    message.refresh_from_db()
    assert message.error.startswith("550 <script>alert(1)</script> [31m xxx")
    assert len(message.error) == 300
    page = factories.sign_in(client, w.coordinator).get(f"/messages/{message.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert mailbox.read(notice("<a.b@example.org>", said="smtp;")).words == "The mail server gave no reason."


def test_without_a_mailbox_nothing_is_asked_and_trouble_stops_nothing_else(settings, caplog):
    settings.MAILBOX = ""
    jobs.read_delivery_notices(AT)
    assert caplog.records == []
    with served({1: OTHER}) as box, caplog.at_level(logging.WARNING):
        settings.MAILBOX = box.url.replace("se%20cret", "hunter2")
        jobs.read_delivery_notices(AT)
    for url in (box.url, "imaps://127.0.0.1:9/INBOX", "http://example.org/", "imap://[/"):
        settings.MAILBOX = url
        jobs.read_delivery_notices(AT)
    assert {record.msg for record in caplog.records} == {"The mailbox for delivery notices cannot be read: %s"}
    assert len(caplog.records) == 5
    assert "AUTHENTICATIONFAILED" in caplog.text
    assert "hunter2" not in caplog.text


def test_notices_are_plain_mail_to_begin_with():
    assert email.message_from_bytes(notice("<a@b>")).get_content_type() == "multipart/report"
