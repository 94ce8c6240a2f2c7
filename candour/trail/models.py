"""The record of acts: one hash chain per partnership, and one for the installation's sign-ins and accounts."""

from django.db import models

from candour.kernel.fields import SealedJSON
from candour.kernel.models import Row
from candour.people.models import Partnership


class Chain(Row):
    """One chain of entries, with its head. No partnership: the installation's own."""

    partnership = models.OneToOneField(Partnership, models.PROTECT, null=True, related_name="chain")
    name = models.CharField(max_length=60, unique=True)
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return self.name


class Entry(Row):
    """One act: who, when, what verb, on what, and a salted hash of its detail, chained to the one before."""

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="entries")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=16, blank=True)
    verb = models.CharField(max_length=80)
    object_label = models.CharField(max_length=60)
    object_id = models.CharField(max_length=16)
    detail_hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    leaf = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "seq"]
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="entry_seq_once")]
        indexes = [models.Index(fields=["object_id"]), models.Index(fields=["chain", "at"])]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"


class Detail(Row):
    """The detail of an entry, sealed under the key of whom it concerns: erased, the chain still holds."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="detail")
    owner_id = models.CharField(max_length=16)
    body = SealedJSON(key="owner_id")


class Checkpoint(Row):
    """A signed statement of how long a chain was and where its head stood; worth something once it is held outside."""

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="checkpoints")
    at = models.DateTimeField()
    length = models.PositiveBigIntegerField()
    head = models.CharField(max_length=64)
    reason = models.CharField(max_length=80)
    text = models.TextField()

    class Meta:
        ordering = ["chain", "-length", "-at"]
