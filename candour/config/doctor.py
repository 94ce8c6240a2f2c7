"""What is wrong with an installation, in sentences that say what to do."""

import argparse
import imaplib
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django_q.models import OrmQ, Schedule

from candour.config import running
from candour.identity import erasures
from candour.kernel import vault
from candour.kernel.clock import now
from candour.kernel.models import Key
from candour.notices import mailbox
from candour.notices.models import Message
from candour.trail.models import Chain, Entry

LATE = timedelta(minutes=5)
ROOM = 2 * 1024**3
LOOK_BACK = 200
"""How many of a chain's last entries are recomputed; `candour verify-trail` recomputes all."""


def doctor(options: argparse.Namespace) -> int:
    """Print what is wrong; without a database to look at, the rest cannot be told."""
    wrong = list(found())
    for sentence in wrong:
        print(sentence)
    if not wrong:
        print("Nothing is wrong that Candour can see.")
    return 1 if wrong else 0


def found() -> Iterator[str]:
    """Every sentence, in the order in which to put things right."""
    yield from settings_wrong()
    blocked = list(database_wrong())
    yield from blocked
    if not blocked:
        for look in LOOKS:
            yield from look()


def settings_wrong() -> Iterator[str]:
    """What does not fit in the settings."""
    yield from (str(message.msg) for message in run_checks() if message.is_serious())
    if not settings.PRODUCTION:
        yield f"Candour runs in {settings.MODE} mode. Real children's data need CANDOUR_MODE=production."
        return
    if not settings.BASE_URL.startswith("https://"):
        yield f"CANDOUR_URL is {settings.BASE_URL}: links in messages would not be encrypted. Give the https address."
    if settings.ALLOWED_HOSTS == ["127.0.0.1", "localhost", "testserver"]:
        yield "CANDOUR_HOSTS is not set, so that only this machine itself can open the pages."
    if settings.DEFAULT_FROM_EMAIL.endswith("@example.org>"):
        yield "CANDOUR_FROM is not set: messages would come from an address at example.org."


def database_wrong() -> Iterator[str]:
    """What keeps the database from being looked at."""
    try:
        connection.ensure_connection()
        if running.behind():
            yield "The database is behind this version of Candour. Run `candour prepare`."
        elif settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names():
            yield "The table that counts failed sign-ins is missing. Run `candour prepare`."
    except DatabaseError as error:
        yield f"The database does not answer: {str(error).strip().splitlines()[0]}."


def keys_wrong() -> Iterator[str]:
    """What is wrong with the installation's keys and with who was erased."""
    path = Path(os.environ.get("CANDOUR_KEYS_FILE", settings.DATA / "keys.json"))
    if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield f"Others on this machine can read {path}. Make it readable by its owner only: chmod 600 {path}."
    try:
        vault.forget()
        for owner in Key.objects.exclude(wrapped="").order_by("-made_at").values_list("owner", flat=True)[:20]:
            vault.seal(owner, b"", "doctor")
    except RuntimeError as error:
        yield str(error)
    gone = {line["owner"] for line in erasures.listed()}
    if Key.objects.filter(owner__in=gone).exclude(wrapped="").exists():
        yield "Somebody on the list of erasures still has a key here. Run `candour prepare`."
    if Key.objects.filter(destroyed_at__isnull=False).exclude(owner__in=gone).exists():
        yield f"{settings.CANDOUR_ERASURES} lacks erasures that were made here. Run `candour prepare`."


def worker_wrong() -> Iterator[str]:
    """Whether the worker keeps up."""
    if not Schedule.objects.exists():
        yield "The worker has no schedule. Run `candour prepare`."
    elif Schedule.objects.filter(next_run__lt=now() - LATE).exists():
        yield "The worker is not running: what it should have done minutes ago is still waiting. Run `candour work`."
    elif OrmQ.objects.filter(lock__lt=now() - 4 * LATE).exists():
        yield "Jobs have been waiting for more than twenty minutes. See whether the worker is stuck."


def messages_wrong() -> Iterator[str]:
    """Messages that did not go."""
    failed = Message.objects.filter(failed_at__isnull=False, failed_at__gt=now() - timedelta(days=7)).count()
    if failed:
        yield f"Messages given up in the last seven days: {failed}. The messages page says why, and sends them again."
    trouble = Message.objects.filter(sent_at__isnull=True, failed_at__isnull=True).exclude(error="")
    last = trouble.order_by("-queued_at").values_list("error", flat=True).first()
    if last:
        yield f"The mail server makes trouble: {last}."


def mailbox_wrong() -> Iterator[str]:
    """Whether the mailbox for delivery notices can be read, where there is one."""
    if settings.MAILBOX:
        try:
            with mailbox.opened(settings.MAILBOX, settings.EMAIL_TIMEOUT):
                pass
        except (OSError, ValueError, imaplib.IMAP4.error) as error:
            yield f"The mailbox for delivery notices cannot be read: {error}. See CANDOUR_MAILBOX."


def trail_wrong() -> Iterator[str]:
    """Whether the last entries of each chain hold together."""
    for chain in Chain.objects.order_by("name"):
        last = list(Entry.objects.filter(chain=chain).order_by("-seq")[:LOOK_BACK])
        head = last[0] if last else None
        if (head.seq if head else 0) != chain.length or (head and head.leaf != chain.head):
            yield f"The trail {chain.name} does not end where it should. Export it and run `candour verify-trail`."
        elif any(later.previous != earlier.leaf for later, earlier in pairwise(last)):
            yield f"The trail {chain.name} is broken. Export it and run `candour verify-trail`."


def machine_wrong() -> Iterator[str]:
    """What the machine itself lacks."""
    if (free := shutil.disk_usage(settings.DATA).free) < ROOM:
        yield f"Only {free // 1024**2} MB are free where the data stand ({settings.DATA})."
    sheet = "vendor/govuk-frontend.min.css"
    if settings.PRODUCTION and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        yield "The static files are not in place. Run `candour prepare`."
    elif finders.find(sheet) is None:
        yield "The interface's style sheet is missing. Run `make run` or `python setup/assets.py` once."


LOOKS: tuple[Callable[[], Iterator[str]], ...] = (
    keys_wrong,
    worker_wrong,
    messages_wrong,
    mailbox_wrong,
    trail_wrong,
    machine_wrong,
)
