"""The outbox: every message that Candour sends stands here first, in the transaction that causes it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

from candour.kernel.ids import new_id
from candour.kernel.models import Row
from candour.people.models import Partnership, User

LEASE = timedelta(minutes=15)
"""How long a worker may hold a message: longer than any job may run, so that no two send it together."""


class Channel(models.TextChoices):
    """How a message travels."""

    MAIL = "mail", "Mail"
    TEXT = "text", "Text message"


class State(models.TextChoices):
    """Where a message stands, as its dates tell."""

    QUEUED = "queued", "Queued"
    HANDED = "handed", "Being delivered"
    DEFERRED = "deferred", "Will be tried again"
    SENT = "sent", "Sent"
    DELAYED = "delayed", "Delayed"
    FAILED = "failed", "Failed"


def new_message_id() -> str:
    """A Message-ID that stays with the message through every attempt, so that a repeat shows as one."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    return f"<{new_id()}@{domain or 'localhost'}>"


class MessageQuerySet(models.QuerySet["Message"]):
    """The outbox, as the worker takes it."""

    def queued(self) -> "MessageQuerySet":
        """Not sent, and not given up."""
        return self.filter(sent_at__isnull=True, failed_at__isnull=True)

    def due(self, at: datetime) -> "MessageQuerySet":
        """Queued, its time come, and in no worker's hands."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
        return self.queued().filter(free, next_try_at__lte=at).order_by("next_try_at", "id")

    def claim(self, at: datetime, channels: Iterable[str] = Channel.values) -> "Message | None":
        """Take the next due message of these channels into this worker's hands, or None; never in two hands at once.

        A message whose last worker never came back may have gone already; nobody can say.
        """
        for pk in self.due(at).filter(channel__in=channels).values_list("pk", flat=True)[:20]:
            lease = new_id()
            taken = self.due(at).order_by().filter(pk=pk)
            died = Case(When(~Q(lease="") & Q(reference=""), then=Value(True)), default=F("doubtful"))
            if taken.update(lease=lease, leased_until=at + LEASE, attempts=F("attempts") + 1, doubtful=died):
                return self.select_related("to_user", "partnership").get(pk=pk)
        return None


class Message(Row):
    """One message to one address. It says that there is work and links to it; it never tells of a child."""

    key = models.CharField(max_length=200, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, null=True, blank=True, related_name="+")
    to_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=4, choices=Channel, default=Channel.MAIL)
    to_address = models.CharField(max_length=254)
    """A mail address; for a text message a mobile number such as +447700900123."""
    subject = models.CharField(max_length=200)
    body = models.TextField()
    private = models.BooleanField(default=False)
    """Bears a link or code that lets somebody in: never shown to another person, and emptied once sent."""
    calendar = models.TextField(blank=True)
    """An invitation that goes with it, as RFC 5545 has it."""
    message_id = models.CharField(max_length=120, unique=True, default=new_message_id)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.CharField(max_length=16, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    doubtful = models.BooleanField(default=False)
    """An attempt ended so that nobody can say whether it went: it may arrive twice, under one Message-ID."""
    reference = models.CharField(max_length=64, blank=True)
    """What the service that delivers it calls it, from being handed over until it is known how that went."""
    handed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "id"]
        indexes = [models.Index(fields=["sent_at", "failed_at", "next_try_at"], name="message_due")]
        constraints = [
            models.CheckConstraint(
                name="message_sent_or_failed", condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True)
            ),
            models.CheckConstraint(name="message_failed_says_why", condition=Q(failed_at__isnull=True) | ~Q(error="")),
            models.CheckConstraint(
                name="message_handed_pair",
                condition=Q(reference="", handed_at__isnull=True) | ~Q(reference="") & Q(handed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def undelivered(self) -> str:
        """Where a failed message could not go, and why, in the server's words."""
        return f"Could not be delivered to {self.to_address}: {self.error}"

    @property
    def state(self) -> State:
        """Queued, being delivered, to be tried again, sent or failed."""
        if self.sent_at:
            return State.DELAYED if self.error else State.SENT
        if self.failed_at:
            return State.FAILED
        if self.handed_at:
            return State.HANDED
        return State.DEFERRED if self.error else State.QUEUED


class Reading(Row):
    """How far a mailbox has been read for delivery notices."""

    place = models.CharField(max_length=200, unique=True)
    validity = models.BigIntegerField(default=0)
    """As long as the mailbox gives the same, its numbers mean the same mails."""
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.place


class Round(Row):
    """One morning's round of reminders; what the last one left out, the next one catches up."""

    day = models.DateField(unique=True)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Reminders of {self.day}"


class Appointment(Row):
    """One meeting that people are invited to, or a deadline: its UID stays, its sequence rises with each change."""

    key = models.CharField(max_length=80, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    uid = models.CharField(max_length=120, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    on = models.DateField()
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    summary = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=200, blank=True)
    deadline = models.BooleanField(default=False)
    """A day by which something is wanted of those invited, no meeting."""
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="appointment_span_pair",
                condition=Q(starts_at__isnull=True, ends_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
            ),
        )

    def __str__(self) -> str:
        return self.summary


class Invitee(Row):
    """One person invited to a meeting, or no longer."""

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="invitees")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("appointment", "user"), name="invitee_once"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.appointment}"


class Feed(Row):
    """That a person has a private calendar address, and which number it bears."""

    user = models.OneToOneField(User, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"Calendar of {self.user}"
