"""What the worker does with messages. Each job may run twice, or stop anywhere, and no harm is done."""

import smtplib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django_q.tasks import async_task

from candour.kernel.clock import is_working_day, now, today
from candour.notices import actions, queries
from candour.notices.models import Message
from candour.notices.registry import daily_functions

ATTEMPTS = 14
"""With the waits below, a message is given up after about two days."""
LONGEST_WAIT = timedelta(hours=6)
BATCH = 50
PATIENCE = 60.0
"""Seconds after which a batch leaves the rest to the next minute."""
PEOPLE = 50


@dataclass(frozen=True)
class Trouble:
    """Why a message did not go: the server's words, whether to try again, whether the server is at fault."""

    words: str
    again: bool = True
    server: bool = False


def send_due() -> int:
    """Send what is due, one at a time; returns how many went. Stops when the mail server is in trouble."""
    sent, server, stop_at = 0, get_connection(), monotonic() + PATIENCE
    try:
        for _ in range(BATCH):
            message = Message.objects.claim(now()) if monotonic() < stop_at else None
            if message is None:
                break
            trouble = _withheld(message) or _send(message, server)
            _mark(message, trouble, now())
            sent += not trouble
            if trouble and trouble.server:
                break
        else:
            async_task("candour.notices.jobs.send_due")  # a whole batch went: there may be more
    finally:
        _close(server)
    return sent


def _withheld(message: Message) -> Trouble | None:
    """A message waits in the queue while grants end: it goes only to somebody who still has a place."""
    if message.to_user and message.partnership and not queries.still_concerns(message, today()):
        return Trouble("Not sent: this person no longer has a role here.", again=False)
    return None


def _send(message: Message, server: BaseEmailBackend) -> Trouble | None:
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    letter = EmailMessage(
        message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.to_address], headers=headers
    )
    try:
        server.open()
        server.send_messages([letter])
    except Exception as error:  # whatever happened, the message stays and says why
        _close(server)
        return _read(error)
    return None


def _close(server: BaseEmailBackend) -> None:
    with suppress(smtplib.SMTPException, OSError):
        server.close()


def _read(error: Exception) -> Trouble:
    """What an error means for this message and for those behind it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return Trouble(_words(code, words), again=code < 500)
    if isinstance(error, smtplib.SMTPDataError):
        return Trouble(_words(error.smtp_code, error.smtp_error), again=error.smtp_code < 500)
    if isinstance(error, smtplib.SMTPResponseException):
        return Trouble(_words(error.smtp_code, error.smtp_error), server=True)
    if isinstance(error, (smtplib.SMTPException, OSError)):
        return Trouble(str(error) or type(error).__name__, server=True)
    if isinstance(error, ValueError):
        return Trouble(f"This message cannot be sent as it stands ({type(error).__name__}).", again=False)
    return Trouble(type(error).__name__)


def _words(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(said.split())}"


def _mark(message: Message, trouble: Trouble | None, at: datetime) -> None:
    """Write down how the attempt ended, unless another worker has since taken the message over."""
    mine = Message.objects.filter(pk=message.pk, lease=message.lease)
    free = {"lease": "", "leased_until": None}
    if trouble is None:
        emptied = {"body": ""} if message.private and settings.MODE != "demo" else {}
        mine.update(sent_at=at, error="", **free, **emptied)
    elif trouble.again and message.attempts < ATTEMPTS:
        mine.update(next_try_at=at + wait(message.attempts), error=trouble.words[:500], **free)
    else:
        mine.update(failed_at=at, error=trouble.words[:500], **free)


def wait(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a minute, then twice as long each time, six hours at most."""
    return min(timedelta(minutes=2 ** (attempts - 1)), LONGEST_WAIT)


def remind() -> None:
    """Remind people of what is due, on working days only."""
    day = today()
    if is_working_day(day):
        remind_some(day.isoformat(), "")


def remind_some(day: str, after: str) -> None:
    """Remind the next people in turn, then queue those behind them; a batch that comes late does nothing."""
    on = date.fromisoformat(day)
    if on != today():
        return
    people = queries.people_with_a_role(on, after, PEOPLE)
    for person in people:
        actions.remind_person(person=person, on=on, at=now())
    if len(people) == PEOPLE:
        async_task("candour.notices.jobs.remind_some", day, people[-1].pk)


def upkeep() -> None:
    """Queue each registered daily function by itself, so that one that fails does not hold up the rest."""
    for name in daily_functions():
        async_task("candour.notices.jobs.run_daily", name)


def run_daily(name: str) -> None:
    """Run one registered daily function, if this version still knows it."""
    if function := daily_functions().get(name):
        function(now())


def forget_old_messages(at: datetime) -> None:
    """Empty sign-in links after a week, sent or not, and delete messages after a year."""
    Message.objects.filter(private=True, queued_at__lt=at - timedelta(days=7)).exclude(body="").update(body="")
    Message.objects.filter(queued_at__lt=at - timedelta(days=366)).delete()
