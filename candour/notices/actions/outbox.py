"""The outbox: a message is put in, and a failed one is sent again."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django_q.tasks import async_task

from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.notices import absences, digest
from candour.notices.mailbox import ARRIVED, FAILED, Notice
from candour.notices.models import Channel, Message, new_message_id
from candour.notices.numbers import as_mobile
from candour.notices.senders import can_text
from candour.people.models import Partnership, User
from candour.trail.act import act, record


@act
def post(
    *,
    key: str,
    to: User | str,
    subject: str,
    body: str,
    at: datetime,
    path: str = "",
    partnership: Partnership | None = None,
    private: bool = False,
    calendar: str = "",
    duty: absences.Duty | None = None,
) -> Message:
    """Put a message into the outbox, in the transaction that causes it; the same key is never sent twice.

    It says that there is work and links to `path`; no detail of a child is ever in it. A `private` one bears
    a link or code that lets somebody in. Where a person is away to whom one about a `duty` (a role at a service)
    is written, whoever stands in hears that something has come for them, and no more.
    """
    if duty and isinstance(to, User):
        ((reader, lead),) = absences.readers([to], duty, today(at))
        if reader != to:
            letter = digest.instead(str(to), lead, partnership.short_name if partnership else "")
            to, subject, body, path, calendar = reader, letter.subject, letter.body, "/", ""
    address = to if isinstance(to, str) else to.address
    words = {"subject": " ".join(subject.split())[:200], "body": _with_link(body, path, "\n\n")}
    words["calendar"] = calendar
    person = None if isinstance(to, str) else to
    return _queue(key, at, partnership=partnership, to_user=person, to_address=address, private=private, **words)


@act
def post_text(
    *,
    key: str,
    number: str,
    label: str,
    body: str,
    at: datetime,
    path: str = "",
    partnership: Partnership | None = None,
    private: bool = False,
) -> Message:
    """Put a text message to a mobile number into the outbox; the same key is never sent twice.

    The coordinator knows it by its `label`. A `private` one bears a code that lets somebody in. Ask
    `senders.can_text()` first whether this installation can send any.
    """
    mobile = as_mobile(number)
    if not mobile:
        raise Refused("This is not a mobile number. Write it like 07700 900123, or with + and the country’s code.")
    if not can_text():
        raise Refused("This installation cannot send text messages.")
    words = {"subject": " ".join(label.split())[:200], "body": _with_link(body, path, " ")}
    return _queue(key, at, channel=Channel.TEXT, partnership=partnership, to_address=mobile, private=private, **words)


def _with_link(body: str, path: str, between: str) -> str:
    return f"{body.strip()}{between}{settings.BASE_URL}{path}\n" if path else f"{body.strip()}\n"


def _queue(key: str, at: datetime, **fields: Any) -> Message:
    message, made = Message.objects.get_or_create(key=key, defaults={"queued_at": at, "next_try_at": at, **fields})
    if made:
        _nudge_once()
    return message


@act
def resend(*, message: Message, by: User, at: datetime) -> Message:
    """Send a failed message again, from its first attempt, to where its receiver's mail goes now."""
    message = Message.objects.select_for_update(of=("self",)).select_related("to_user").get(pk=message.pk)
    if not message.failed_at:
        raise Refused("This message has not failed; there is nothing to send again.")
    if not message.body:
        raise Refused("This message carried a sign-in link that has been removed. Ask for a new one instead.")
    if message.to_user:
        message.to_address = message.to_user.address
    message.message_id = new_message_id()  # what comes back of the first sending says nothing of this one
    message.failed_at, message.error, message.attempts, message.next_try_at = None, "", 0, at
    message.save(update_fields=["to_address", "message_id", "failed_at", "error", "attempts", "next_try_at"])
    record("message sent again", on=message, by=by, at=at)
    _nudge_once()
    return message


@act
def forget_person(*, user: User, texts: str, at: datetime) -> None:
    """Delete what was sent to somebody whose address is kept no longer.

    A text message bears their number and not whose it is: theirs are those whose key begins with `texts`.
    """
    Message.objects.filter(Q(to_user=user) | Q(channel=Channel.TEXT, key__startswith=texts)).delete()


NEWS = timedelta(days=14)
"""So long after a message has gone a delivery notice of it is believed."""


@act
def take_notice(*, notice: Notice, at: datetime) -> bool:
    """Write down what a mail server says became of a message that has gone; whether it was one of ours."""
    gone = Message.objects.select_for_update().filter(channel=Channel.MAIL, sent_at__gte=at - NEWS)
    message = gone.filter(message_id=notice.message_id).first()
    if message is None:
        return False
    message.error = "" if notice.action == ARRIVED else notice.words
    if notice.action == FAILED:
        message.sent_at, message.failed_at = None, at
    message.save(update_fields=["error", "sent_at", "failed_at"])
    return True


def _nudge() -> None:
    async_task("candour.notices.jobs.send_due")


def _nudge_once() -> None:
    """Wake the worker when this transaction is through, once however many messages it posts."""
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] is _nudge for entry in waiting):
        transaction.on_commit(_nudge, robust=True)
