"""Actions with what became of them, and sense checks with what they judged."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from candour.impact.flow import ActionState, CheckState
from candour.kernel.fields import SealedText
from candour.kernel.models import Row


class Action(Row):
    """What one agency does about one recommendation, by when, and what became of it."""

    State = ActionState

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    recommendation = models.ForeignKey("learning.Recommendation", on_delete=models.PROTECT, related_name="actions")
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    step = models.TextField(blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=ActionState, default=ActionState.OPEN)
    evidence = SealedText(key="partnership_id", blank=True)
    difference = SealedText(key="partnership_id", blank=True)
    dropped_because = SealedText(key="partnership_id", blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(name="action_once_an_agency", fields=["recommendation", "agency"]),
            models.CheckConstraint(
                name="action_closed_has_time",
                condition=Q(state__in=[ActionState.OPEN, ActionState.UNDER_WAY]) | Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.step or self.recommendation.wording


class Progress(Row):
    """One report on an action, as it was given."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="progress")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    what = models.CharField(max_length=60)
    note = SealedText(key="partnership_id", blank=True)

    class Meta:
        ordering = ["-at", "id"]

    def __str__(self) -> str:
        return self.what


class SenseCheck(Row):
    """A short later look at whether an audit's recommendations are in practice."""

    State = CheckState

    class Way(models.TextChoices):
        NEWER_CASES = "newer-cases", "A few newer cases, looked at together"
        AUDIT = "audit", "A small audit of its own"

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey("focus.Audit", on_delete=models.PROTECT, related_name="sense_checks")
    audit = models.OneToOneField("focus.Audit", on_delete=models.PROTECT, related_name="sense_check_of", null=True)
    way = models.CharField(max_length=12, choices=Way.choices)
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=CheckState, default=CheckState.PLANNED)
    cases_looked_at = models.PositiveSmallIntegerField(null=True)
    looked_from = models.DateField(null=True)
    looked_to = models.DateField(null=True)
    how = SealedText(key="partnership_id", blank=True)
    message = SealedText(key="partnership_id", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="sense_check_audit_only_its_way",
                condition=Q(way="audit") | Q(audit__isnull=True),
            ),
            models.CheckConstraint(
                name="sense_check_concluded_has_time",
                condition=~Q(state=CheckState.CONCLUDED) | Q(concluded_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return "Sense check"

    @property
    def unjudged(self) -> int:
        """How many of the recommendations that it tests have no judgement yet."""
        tested = self.follows.recommendations.exclude(text="").count()
        return max(0, tested - self.judgements.count())


class Judgement(Row):
    """Whether one recommendation is in practice, and what shows it."""

    class Verdict(models.TextChoices):
        EMBEDDED = "embedded", "Embedded"
        PARTLY = "partly", "Partly"
        NOT = "not", "Not in practice"
        CANNOT_TELL = "cannot-tell", "Cannot tell"

    class Then(models.TextChoices):
        CLOSE = "close", "Close its actions"
        REOPEN = "reopen", "Reopen its actions"
        LEAVE = "leave", "Leave its actions as they are"

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    sense_check = models.ForeignKey(SenseCheck, on_delete=models.PROTECT, related_name="judgements")
    recommendation = models.ForeignKey("learning.Recommendation", on_delete=models.PROTECT, related_name="judgements")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    evidence = SealedText(key="partnership_id")
    seen_in = models.PositiveSmallIntegerField(null=True)
    then = models.CharField(max_length=8, choices=Then, default=Then.LEAVE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="judgement_once", fields=["sense_check", "recommendation"]),
        ]

    def __str__(self) -> str:
        return self.get_verdict_display()

    @property
    def tone(self) -> str:
        """The colour that goes with the verdict's word."""
        return {"embedded": "teal", "partly": "amber", "not": "red"}.get(self.verdict, "grey")
