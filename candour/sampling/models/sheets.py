"""A filled form of identities, sealed between its reading and the word of whoever keeps it."""

from __future__ import annotations

from django.db import models

from candour.kernel.fields import SealedJSON
from candour.kernel.models import Row
from candour.sampling.models.lists import PERSON


class IdentitySheet(Row):
    """A filled form of identities as it was read; gone once it is kept, let go, or two days old."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    audit = models.ForeignKey("focus.Audit", models.PROTECT, related_name="identity_sheets")
    given_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    body = SealedJSON(key="audit_id")  # the rows that can be kept, and what is wrong or odd by row and column

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "given_by"], name="identity_sheet_one_in_hand")]

    def __str__(self) -> str:
        return "A filled form of identities"
