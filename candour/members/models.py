"""Who was invited, and what somebody had typed when their sign-in went."""

import hashlib
import secrets
from datetime import datetime

from django.db import models
from django.db.models import Q

from candour.kernel.models import Row
from candour.people.models import AGENCY_ROLES, PARTNERSHIP_ROLES, Agency, Partnership, Role, Service, User


def new_token() -> str:
    """The secret of an invitation's link; the database holds only its hash."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationState(models.TextChoices):
    """Where an invitation stands, as its dates tell."""

    OPEN = "open", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Ran out"


class Invitation(Row):
    """An offer of one role to whoever reads the mail at an address; opened by its link, taken up by a POST."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=12, choices=Role)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    deputy = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    """Nobody only for a partnership's first coordinator, whom the installation itself invites."""
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-invited_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="invitation_scope_fits_role",
                condition=Q(role__in=PARTNERSHIP_ROLES, agency__isnull=True)
                | Q(role__in=AGENCY_ROLES, agency__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_accepted_pair",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_withdrawn",
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.name}"

    def standing(self, at: datetime) -> InvitationState:
        """Whether it can still be accepted, and if not, why."""
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        return InvitationState.EXPIRED if self.expires_at <= at else InvitationState.OPEN

    @property
    def offer(self) -> str:
        """The role offered, in words."""
        place = self.service or self.agency or self.partnership
        return f"{'deputy ' if self.deputy else ''}{self.get_role_display().lower()}, {place}"


class KeptPost(Row):
    """What a person had typed when their page could no longer be sent; sealed under a key that only their
    browser holds, and gone after a week."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    path = models.CharField(max_length=500)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["-kept_at", "id"]
