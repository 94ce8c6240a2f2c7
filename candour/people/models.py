"""Who there is: users, partnerships, agencies with their services, and the grants that tie them together."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from candour.kernel.clock import now
from candour.kernel.models import Row
from candour.people.roles import AGENCY_ROLES, PARTNERSHIP_ROLES, Role, ServiceKind


class UserManager(BaseUserManager["User"]):
    """Makes people; an address is kept in lower case, so that one person is one row."""

    def create_user(self, email: str, name: str = "", password: str | None = None) -> "User":
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())

    def holding(self, *roles: str, partnership: "Partnership | str", on: date) -> "models.QuerySet[User]":
        """The active people who hold one of these roles in a partnership on a day, by name."""
        held = Grant.objects.in_force(on).filter(role__in=roles, partnership=partnership)
        return self.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


class User(AbstractBaseUser, Row):
    """A person who can sign in. What they may do stands in their grants, never here."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    mail_to = models.EmailField(blank=True)
    """Where messages go to somebody who signs in by no address: a one-off contributor."""
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    @property
    def address(self) -> str:
        """Where their mail goes."""
        return self.mail_to or self.email


class Partnership(Row):
    """A safeguarding children partnership; owns its audits and their data."""

    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    slug = models.SlugField(unique=True)
    front_door_phone = models.CharField("children's social care front door", max_length=40, blank=True)
    out_of_hours_phone = models.CharField("out of hours", max_length=40, blank=True)
    police_phone = models.CharField("police", max_length=40, default="999")
    lado_contact = models.CharField("designated officer (LADO)", max_length=120, blank=True)
    escalation_url = models.URLField("escalation policy", blank=True)
    website = models.URLField(blank=True)
    school_holidays = models.JSONField(default=list, blank=True, help_text='Pauses as [["2026-12-19", "2027-01-03"]]')

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def partnership_id(self) -> str:
        return self.id

    def pauses(self) -> list[tuple[date, date]]:
        """School holidays as (first day, last day)."""
        return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in self.school_holidays]


class Agency(Row):
    """A partner organisation, such as the police or a hospital trust; stands once per installation."""

    name = models.CharField(max_length=120)
    partnerships = models.ManyToManyField(Partnership, through="Membership", related_name="agencies")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class Service(Row):
    """A service or team of an agency that knows children and owes returns."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="services")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=ServiceKind)

    class Meta:
        ordering = ["agency__name", "name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="service_once_in_agency")]

    def __str__(self) -> str:
        return self.name


class SpanQuerySet(models.QuerySet):
    """Rows that hold from a day until a day, both inclusive."""

    def on(self, day: date) -> Self:
        """Those in force on a day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class Membership(Row):
    """An agency's belonging to a partnership."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    board_name = models.CharField(max_length=120, blank=True)
    board_email = models.EmailField(blank=True)
    """The agency's board member, who hears where an answer or return stays out for long."""

    objects = SpanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "agency"], name="membership_once"),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} in {self.partnership}"


class GrantQuerySet(SpanQuerySet):
    """Roles that hold from a day until a day, or until withdrawn."""

    def in_force(self, day: date) -> Self:
        """Not withdrawn, begun, and not past their last day."""
        return self.on(day).filter(withdrawn_at__isnull=True)


class Grant(Row):
    """A role that a person holds in a partnership or an agency, from a day until a day (inclusive)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=12, choices=Role)
    partnership = models.ForeignKey(Partnership, models.PROTECT, null=True, blank=True, related_name="grants")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="grants")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="grants")
    deputy = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="grant_scope_fits_role",
                condition=Q(role__in=PARTNERSHIP_ROLES, partnership__isnull=False, agency__isnull=True)
                | Q(role__in=AGENCY_ROLES, agency__isnull=False, partnership__isnull=True),
            ),
            models.CheckConstraint(
                name="grant_service_within_agency",
                condition=Q(service__isnull=True) | Q(agency__isnull=False),
            ),
            models.CheckConstraint(
                name="grant_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="grant_withdrawn_pair",
                condition=Q(withdrawn_at__isnull=False) | Q(withdrawn_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.partnership or self.service or self.agency}"


class Absence(Row):
    """That a person is away, from a day until a day (inclusive), and who stands in. It gives nobody any access."""

    user = models.ForeignKey(User, models.PROTECT, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()
    deputy = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    objects = SpanQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(name="absence_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="absence_deputy_is_another", condition=~Q(deputy=F("user"))),
        ]

    def __str__(self) -> str:
        return f"{self.user} is away until {self.ends_on.day} {self.ends_on:%B %Y}"
