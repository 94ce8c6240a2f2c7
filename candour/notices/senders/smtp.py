"""Mail by SMTP, through Django's connection; every way in which a server can fail is told in its own words."""

import re
import smtplib
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend

from candour.notices.models import Message
from candour.notices.senders.outcomes import Outcome, Trouble

METHOD = re.compile(r"^METHOD:(\w+)", re.MULTILINE)
DOUBTFUL = "The connection was lost after the message had been handed over, so it may have arrived"


class Doubtful(Exception):
    """The connection was lost after the message itself had been given, before the server said that it has it."""


class _Noticing(smtplib.SMTP):
    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Doubtful(str(error) or type(error).__name__) from error


class _NoticingSSL(_Noticing, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    """Django's, which notices whether a connection was lost before or after the message was given."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _NoticingSSL if self.use_ssl else _Noticing


class Mail:
    """One connection for a batch of messages, opened again after each trouble."""

    def __init__(self) -> None:
        self.server = get_connection()

    def send(self, message: Message) -> Outcome:
        headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
        letter = EmailMultiAlternatives(
            message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.to_address], headers=headers
        )
        if message.calendar:
            method = METHOD.search(message.calendar)
            letter.attach_alternative(message.calendar, f"text/calendar; method={method[1] if method else 'PUBLISH'}")
        try:
            self.server.open()
            gone = self.server.send_messages([letter])
        except Exception as error:  # whatever happened, the message stays and says why
            self.close()
            return read(error)
        return None if gone else Trouble("There is no address to which it could go.", again=False)

    def close(self) -> None:
        with suppress(smtplib.SMTPException, OSError):
            self.server.close()


def read(error: Exception) -> Trouble:
    """What an error means for this message and for those behind it."""
    if isinstance(error, Doubtful):
        return Trouble(f"{DOUBTFUL} ({error}).", server=True, doubtful=True)
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
