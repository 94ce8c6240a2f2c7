"""Tables of the discussion: the meeting, each case in it, what the room concluded and what it asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from candour.discussion.flow import CaseState, Coming, How, State
from candour.kernel.fields import SealedText
from candour.kernel.models import Row


class Discussion(Row):
    """The multi-agency meeting at which the cases of one audit are talked through."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    audit = models.OneToOneField("focus.Audit", on_delete=models.PROTECT, related_name="discussion")
    meets_on = models.DateField()
    starts_at = models.TimeField(null=True)
    place = models.CharField(max_length=160)
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    scribe = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    minutes_per_case = models.PositiveSmallIntegerField(default=30)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="discussion_closed_once_opened", condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False)
            ),
            models.CheckConstraint(
                name="discussion_open_has_chair", condition=Q(state=State.PLANNED) | Q(chair__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Discussion of {self.audit}"


class Attendance(Row):
    """Whether a service comes to the discussion, and whom it sends."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    discussion = models.ForeignKey(Discussion, on_delete=models.PROTECT, related_name="attendance")
    service = models.ForeignKey("people.Service", on_delete=models.PROTECT, related_name="+")
    coming = models.CharField(max_length=10, choices=Coming, default=Coming.UNHEARD)
    who = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["discussion", "service"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_coming_display()}"


class CaseDiscussion(Row):
    """One case in the discussion: the story, the household and the child's words, as the room told them."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    discussion = models.ForeignKey(Discussion, on_delete=models.PROTECT, related_name="cases")
    case = models.OneToOneField("sampling.Case", on_delete=models.PROTECT, related_name="discussed")
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.OPEN)
    story = SealedText(key="case_id", blank=True, default="")
    household = SealedText(key="case_id", blank=True, default="")
    key_dates = SealedText(key="case_id", blank=True, default="")
    voice = SealedText(key="case_id", blank=True, default="")
    tested_domain = models.CharField(max_length=30, blank=True)
    tested_note = SealedText(key="case_id", blank=True, default="")
    reopened_for = SealedText(key="case_id", blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_agreed_pair",
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)


class Conclusion(Row):
    """What the room concluded for one case in one domain, beside the services' own grades."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("sampling.Case", on_delete=models.PROTECT, related_name="conclusions")
    case_discussion = models.ForeignKey(CaseDiscussion, on_delete=models.PROTECT, related_name="conclusions")
    domain = models.CharField(max_length=30)
    grade = models.CharField(max_length=30, blank=True)
    how = models.CharField(max_length=10, choices=How, default=How.DISCUSSED)
    reason = SealedText(key="case_id", blank=True, default="")
    dissent = SealedText(key="case_id", blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_discussion", "domain"], name="conclusion_once")]

    def __str__(self) -> str:
        return f"{self.case}: {self.domain}"


class CaughtAction(Row):
    """Something the room asked an agency to do about this case, caught before it is forgotten."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("sampling.Case", on_delete=models.PROTECT, related_name="caught")
    case_discussion = models.ForeignKey(CaseDiscussion, on_delete=models.PROTECT, related_name="caught")
    text = SealedText(key="case_id")
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case}: {self.agency}"
