"""Concerns with what was added to them, and the partnership's rule for who takes them up."""

from django.db import models
from django.db.models import Q

from candour.concerns.flow import HOURS, State
from candour.kernel.fields import SealedText
from candour.kernel.models import Row
from candour.people.models import Partnership, Service, User
from candour.sampling.models import Case


class Kind(models.TextChoices):
    """The two ways out of an audit."""

    UNSAFE = "unsafe", "A child may be unsafe now"
    PRACTICE = "practice", "A concern about practice or a person"


class Route(models.TextChoices):
    """Where a concern about practice goes; a child who may be unsafe goes by phone."""

    PHONE = "phone", "By phone to the front door or the police"
    EMPLOYER = "employer", "The employer"
    LADO = "lado", "The designated officer (LADO)"
    ESCALATION = "escalation", "The escalation policy"


class Rule(Row):
    """Who takes up that a child may be unsafe in a partnership, and after how long it rises to whom."""

    partnership = models.OneToOneField(Partnership, models.PROTECT, related_name="concern_rule")
    manager = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    rises_to = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    hours = models.PositiveSmallIntegerField(default=HOURS)
    office_hours = models.BooleanField(default=False)
    """Whether only the hours from nine to five of working days count."""

    class Meta:
        constraints = (models.CheckConstraint(name="concern_rule_hours", condition=Q(hours__gte=1, hours__lte=72)),)

    def __str__(self) -> str:
        return f"Rule for concerns of {self.partnership}"


class Concern(Row):
    """Something seen in a case that cannot wait for the audit, its text sealed under a key of its own."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="concerns")
    kind = models.CharField(max_length=10, choices=Kind)
    route = models.CharField(max_length=12, choices=Route)
    state = models.CharField(max_length=14, choices=State, default=State.OPEN)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    text = SealedText(key="id")
    phoned_at = models.DateTimeField(null=True, blank=True)
    told_whom = SealedText(key="id", blank=True)
    reference = SealedText(key="id", blank=True)
    outcome = SealedText(key="id", blank=True)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    risen = models.PositiveSmallIntegerField(default=0)
    """How often it has risen because nobody took it up."""
    rises_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_note = SealedText(key="id", blank=True)

    class Meta:
        ordering = ("-raised_at", "id")
        constraints = (
            models.CheckConstraint(
                name="concern_route_of_kind",
                condition=Q(kind="unsafe", route="phone") | (Q(kind="practice") & ~Q(route="phone")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.case}"


class Entry(Row):
    """What was added to a concern later, by its owner or by who raised it."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="entries")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    text = SealedText(key="concern_id")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"added to {self.concern_id}"
