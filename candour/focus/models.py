"""Tables of the first step: the audit, its sources, its services and its dates."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from candour.focus.flow import CasesFrom, MilestoneKind, Pace, SourceKind, State
from candour.kernel.models import Row
from candour.kernel.tasks import ESCALATIONS, REMINDERS


def ordinary_reminders() -> list[int]:
    """Working days from a due date on which people are reminded."""
    return list(REMINDERS)


def ordinary_escalations() -> list[int]:
    """Working days after it on which the agency's board member hears."""
    return list(ESCALATIONS)


class Audit(Row):
    """One round of multi-agency work on one practice focus."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="audits")
    code = models.CharField(max_length=12)
    title = models.CharField(max_length=140)
    summary = models.TextField(blank=True)
    who = models.CharField(max_length=300)
    review_from = models.DateField()
    review_to = models.DateField()
    inclusion_rule = models.TextField(blank=True)
    lines = models.TextField(blank=True)
    lawful_basis = models.TextField(blank=True)
    graded = models.BooleanField(default=True)
    tool = models.ForeignKey("tools.ToolVersion", on_delete=models.PROTECT, null=True, related_name="+")
    cases_from = models.CharField(max_length=10, choices=CasesFrom, default=CasesFrom.DRAWN)
    pace = models.CharField(max_length=12, choices=Pace, default=Pace.ORDINARY)
    starts_on = models.DateField()
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)
    remind_on = models.JSONField(default=ordinary_reminders, blank=True)
    escalate_on = models.JSONField(default=ordinary_escalations, blank=True)
    escalation_paused_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="audit_code_once"),
            models.CheckConstraint(name="audit_period_in_order", condition=Q(review_to__gte=F("review_from"))),
            models.CheckConstraint(
                name="audit_decided_pair",
                condition=Q(decided_on__isnull=True, decided_by="") | Q(Q(decided_on__isnull=False), ~Q(decided_by="")),
            ),
            models.CheckConstraint(
                name="audit_under_way_decided", condition=Q(state=State.PLANNED) | Q(decided_on__isnull=False)
            ),
            models.CheckConstraint(
                name="audit_closed_dated", condition=~Q(state=State.CLOSED) | Q(closed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/audits/{self.pk}/"

    @property
    def enquiry(self) -> list[str]:
        """The key lines of enquiry, one a line."""
        return [line.strip() for line in self.lines.splitlines() if line.strip()]


class Source(Row):
    """One reason why this focus was chosen, with the evidence for it."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=20, choices=SourceKind)
    evidence = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "kind"], name="source_kind_once")]

    def __str__(self) -> str:
        return self.get_kind_display()


class CoreService(Row):
    """A service that this partnership expects in every audit unless it says otherwise."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="core_services")
    service = models.ForeignKey("people.Service", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "service"], name="core_service_once")]

    def __str__(self) -> str:
        return str(self.service)


class ExpectedService(Row):
    """A service expected to answer and to take part in one audit."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(
        Audit, on_delete=models.PROTECT, related_name="expected", related_query_name="expectedservice"
    )
    service = models.ForeignKey("people.Service", on_delete=models.PROTECT, related_name="expected_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "service"], name="expected_service_once")]

    def __str__(self) -> str:
        return str(self.service)


class Milestone(Row):
    """One date of an audit's timetable."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="milestones")
    kind = models.CharField(max_length=12, choices=MilestoneKind)
    due_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "kind"], name="milestone_once")]

    def __str__(self) -> str:
        return self.get_kind_display()
