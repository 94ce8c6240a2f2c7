"""What the worker does with messages. Each job may run twice, or stop anywhere, and no harm is done."""

import imaplib
import logging
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django_q.tasks import async_task

from candour.kernel.clock import is_working_day, local, now, today
from candour.kernel.plain import plain
from candour.notices import actions, mailbox, queries
from candour.notices.models import Message, Reading
from candour.notices.registry import daily_functions, often_functions, round_functions
from candour.notices.senders import Handed, Outcome, Trouble, by_channel

logger = logging.getLogger(__name__)
ATTEMPTS = 14
"""With the waits below, a message is given up after about two days."""
LONGEST_WAIT = timedelta(hours=6)
NO_NEWS = timedelta(days=4)
"""After so long without a word on its delivery, a message that was handed over counts as failed."""
NO_WORD = "No word came of its delivery in four days."
BATCH = 50
PATIENCE = 60.0
"""Seconds after which a batch leaves the rest to the next minute."""
PEOPLE = 50
MORNING, EVENING = 7, 19
"""Hours in London between which people are reminded; at night nobody is."""


def send_due() -> int:
    """Send what is due, one at a time; returns how many went. A channel whose server is in trouble rests."""
    sent, senders, stop_at = 0, by_channel(), monotonic() + PATIENCE
    try:
        for _ in range(BATCH):
            message = Message.objects.claim(now(), senders) if monotonic() < stop_at else None
            if message is None:
                break
            sender = senders[message.channel]
            outcome = _withheld(message) or sender.send(message)
            _mark(message, outcome, now())
            sent += outcome is None
            if isinstance(outcome, Trouble) and outcome.server:
                senders = {channel: other for channel, other in senders.items() if other is not sender}
        else:
            async_task("candour.notices.jobs.send_due")  # a whole batch went: there may be more
    finally:
        for sender in senders.values():
            sender.close()
    return sent


def _withheld(message: Message) -> Trouble | None:
    """A message waits in the queue while grants end: it goes only to somebody who still has a place, and as long as what
    it says stands in it."""
    if not message.body and not message.reference:
        return Trouble("Not sent: the link or code in it was removed after a week.", again=False)
    person, home = message.to_user, message.partnership
    if not message.reference and person and home and not queries.still_concerns(person, home, today()):
        return Trouble("Not sent: this person no longer has a role here.", again=False)
    return None


def _mark(message: Message, outcome: Outcome, at: datetime) -> None:
    """Write down how the attempt ended, unless another worker has since taken the message over."""
    mine = Message.objects.filter(pk=message.pk, lease=message.lease)
    free: dict[str, Any] = {"lease": "", "leased_until": None}
    back = free | {"reference": "", "handed_at": None}
    asked = {"attempts": message.attempts - 1} if message.reference else {}  # asking for news is no attempt
    if outcome is None:
        emptied = {"body": ""} if message.private and settings.MODE != "demo" else {}
        mine.update(sent_at=at, error="", **back, **emptied, **asked)
    elif isinstance(outcome, Handed):
        _wait_for_news(mine, message, outcome, at, free | asked)
    elif outcome.again and message.attempts < ATTEMPTS:
        doubt = {"doubtful": True} if outcome.doubtful else {}
        kept = free if message.reference and outcome.server else back
        mine.update(next_try_at=at + wait(message.attempts), error=plain(outcome.words)[:500], **kept, **doubt)
    else:
        mine.update(failed_at=at, error=plain(outcome.words)[:500], **back)


def _wait_for_news(
    mine: QuerySet[Message], message: Message, handed: Handed, at: datetime, free: dict[str, Any]
) -> None:
    """Ask again later how the delivery went: soon at first, then ever more rarely, and not for ever."""
    since = message.handed_at or at
    if at - since > NO_NEWS:
        mine.update(failed_at=at, error=NO_WORD, **free | {"reference": "", "handed_at": None})
        return
    later = at + min(max(at - since, timedelta(minutes=1)), LONGEST_WAIT)
    mine.update(reference=handed.reference, handed_at=since, next_try_at=later, error="", doubtful=False, **free)


def wait(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a minute, then twice as long each time, six hours at most."""
    return min(timedelta(minutes=2 ** (attempts - 1)), LONGEST_WAIT)


WEEK = timedelta(days=7)
"""So far back a mailbox is read that is new."""


def read_delivery_notices(at: datetime) -> None:
    """Read what has come into the mailbox for delivery notices, where there is one, each mail once."""
    if not settings.MAILBOX:
        return
    try:
        with mailbox.opened(settings.MAILBOX, settings.EMAIL_TIMEOUT) as (box, validity):
            _read_on(box, validity, at)
    except (OSError, ValueError, imaplib.IMAP4.error) as error:
        logger.warning("The mailbox for delivery notices cannot be read: %s", error)


def _read_on(box: imaplib.IMAP4, validity: int, at: datetime) -> None:
    place = mailbox.place(settings.MAILBOX)
    mark, _ = Reading.objects.get_or_create(place=place, defaults={"validity": validity})
    if mark.validity != validity:
        mark.validity, mark.number = validity, 0
    for number in mailbox.numbers(box, mark.number, today(at - WEEK)):
        notice = mailbox.read(mailbox.fetched(box, number))
        mark.number = number
        mark.save(update_fields=["validity", "number"])  # first, so that a mail which does harm is met only once
        if notice:
            actions.take_notice(notice=notice, at=at)


def remind() -> None:
    """Begin the day's round of reminders, on working days and by day; one that stopped half-way begins again."""
    at = now()
    day = today(at)
    if is_working_day(day) and MORNING <= local(at).hour < EVENING and actions.begin_round(day=day, at=at):
        for name in round_functions():
            async_task("candour.notices.jobs.run_round", name, day.isoformat())
        remind_some(day.isoformat(), "")


def run_round(name: str, day: str) -> None:
    """Run one function of the morning round, if this version still knows it and the day is not over."""
    function = round_functions().get(name)
    if function and date.fromisoformat(day) == today():
        function(now())


def remind_some(day: str, after: str) -> None:
    """Remind the next people in turn, then queue those behind them; a batch that comes late does nothing."""
    on = date.fromisoformat(day)
    if on != today():
        return
    people = queries.people_with_a_role(on, after, PEOPLE)
    actions.remind_people(people=people, on=on, since=queries.last_round(on), at=now())
    if len(people) == PEOPLE:
        async_task("candour.notices.jobs.remind_some", day, people[-1].pk)
    else:
        actions.finish_round(day=on, at=now())


def upkeep() -> None:
    """Queue each registered daily function by itself, so that one that fails does not hold up the rest."""
    for name in daily_functions():
        async_task("candour.notices.jobs.run_daily", name)


def often() -> None:
    """Queue each function that cannot wait for the night by itself: one that fails does not hold up a concern."""
    for name in often_functions():
        async_task("candour.notices.jobs.run_often", name)


def run_often(name: str) -> None:
    """Run one function that cannot wait for the night, if this version still knows it."""
    if function := often_functions().get(name):
        function(now())


def run_daily(name: str) -> None:
    """Run one registered daily function, if this version still knows it."""
    if function := daily_functions().get(name):
        function(now())


def forget_old_messages(at: datetime) -> None:
    """Empty sign-in links after a week, sent or not, and delete messages after a year."""
    Message.objects.filter(private=True, queued_at__lt=at - timedelta(days=7)).exclude(body="").update(body="")
    Message.objects.filter(queued_at__lt=at - timedelta(days=366)).delete()
