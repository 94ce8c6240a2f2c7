"""What carries a message out of the house: a mail server, GOV.UK Notify, or in the demonstration nothing."""

from typing import Protocol

from django.conf import settings

from candour.notices.models import Channel, Message
from candour.notices.senders.notify import Notify
from candour.notices.senders.outcomes import Handed, Outcome, Trouble
from candour.notices.senders.smtp import Mail

__all__ = ["Handed", "Outcome", "Sender", "Trouble", "by_channel", "can_text"]


class Sender(Protocol):
    """Sends one message at a time, and says what came of it; it never raises."""

    def send(self, message: Message) -> Outcome: ...

    def close(self) -> None: ...


class Nowhere:
    """In the demonstration nothing leaves the machine: what would have been sent stands on its page."""

    def send(self, message: Message) -> Outcome:
        return None

    def close(self) -> None:
        return None


def can_text() -> bool:
    """Whether this installation can send text messages; where it cannot, a code is read out instead."""
    return bool(settings.NOTIFY["key"] and settings.NOTIFY["text"]) or settings.MODE != "production"


def by_channel() -> dict[str, Sender]:
    """Who carries what, as the settings say. A channel that nobody carries is not among them."""
    carried: dict[str, Sender] = {}
    notify = Notify() if settings.NOTIFY["key"] else None
    carried[Channel.MAIL] = notify if notify and settings.NOTIFY["mail"] else Mail()
    if notify and settings.NOTIFY["text"]:
        carried[Channel.TEXT] = notify
    elif settings.MODE != "production":
        carried[Channel.TEXT] = Nowhere()
    return carried
