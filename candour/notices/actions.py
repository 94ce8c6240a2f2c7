"""What is done to the outbox: a message is put in, and a failed one is sent again."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django_q.tasks import async_task

from candour.kernel.errors import Refused
from candour.notices import digest
from candour.notices.models import Channel, Message
from candour.notices.numbers import as_mobile
from candour.notices.registry import due_functions
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
    by: User | None = None,
) -> Message:
    """Put a message into the outbox, in the transaction that causes it; the same key is never sent twice.

    It says that there is work and links to `path`; no detail of a child is ever in it. A `private` one bears
    a link or code that lets somebody in.
    """
    address = to if isinstance(to, str) else to.email
    words = {"subject": " ".join(subject.split())[:200], "body": _with_link(body, path, "\n\n")}
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
    by: User | None = None,
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
    """Send a failed message again, from its first attempt."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if not message.failed_at:
        raise Refused("This message has not failed; there is nothing to send again.")
    if not message.body:
        raise Refused("This message carried a sign-in link that has been removed. Ask for a new one instead.")
    message.failed_at, message.error, message.attempts, message.next_try_at = None, "", 0, at
    message.save(update_fields=["failed_at", "error", "attempts", "next_try_at"])
    record("message sent again", on=message, by=by, at=at)
    _nudge_once()
    return message


@act
def remind_person(*, person: User, on: date, at: datetime, by: User | None = None) -> Message | None:
    """Tell a person once a day what is wanted of them soon, if anything is."""
    tasks = [task for tasks in due_functions() for task in tasks(person, on)]
    letter = digest.compose(person.name, tasks, on)
    if letter is None:
        return None
    return post(key=f"digest:{person.pk}:{on}", to=person, at=at, path="/", subject=letter.subject, body=letter.body)


def _nudge() -> None:
    async_task("candour.notices.jobs.send_due")


def _nudge_once() -> None:
    """Wake the worker when this transaction is through, once however many messages it posts."""
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] is _nudge for entry in waiting):
        transaction.on_commit(_nudge, robust=True)
