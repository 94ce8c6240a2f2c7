"""Base classes, and the data keys under which everything private stands."""

from django.db import models
from django.db.models import Q

from candour.kernel.ids import LENGTH, new_id


class Row(models.Model):
    """A row with a random public id."""

    id = models.CharField(primary_key=True, max_length=LENGTH, default=new_id, editable=False)

    class Meta:
        abstract = True


class KeyKind(models.TextChoices):
    """What a data key protects, which decides how it is kept and when it goes."""

    PARTNERSHIP = "partnership", "a partnership's own notes"
    AUDIT = "audit", "an audit's case lists"
    CASE = "case", "the text about one case"
    PERSON = "person", "one person's identity"
    OTHER = "other", "something else"


class Key(models.Model):
    """A data key, wrapped by the installation's; destroying it erases all that it sealed.

    Kept out of the main backup: see docs/adr on encryption and erasure.
    """

    owner = models.CharField(primary_key=True, max_length=LENGTH)
    kind = models.CharField(max_length=12, choices=KeyKind)
    wrapped = models.TextField(blank=True)
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="key_wrapped_or_destroyed",
                condition=Q(destroyed_at__isnull=True) & ~Q(wrapped="") | Q(destroyed_at__isnull=False, wrapped=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} key"
