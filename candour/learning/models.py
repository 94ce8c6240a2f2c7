"""Themes and findings, recommendations, and the briefing with its check and its publications."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from candour.kernel.fields import SealedJSON, SealedText
from candour.kernel.models import Row
from candour.learning import paper
from candour.learning.flow import State


class Theme(Row):
    """What recurs over the cases of an audit."""

    class Bearing(models.TextChoices):
        WORKS = "works", "What works"
        NEEDS_WORK = "needs-work", "What needs work"

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey("focus.Audit", on_delete=models.PROTECT, related_name="themes")
    position = models.PositiveSmallIntegerField()
    bearing = models.CharField(max_length=12, choices=Bearing)
    domain = models.CharField(max_length=40)
    title = SealedText(key="audit_id")
    note = SealedText(key="audit_id", blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class Finding(Row):
    """A point of a return, or a conclusion of the discussion, picked for a theme; it keeps what it came from.

    The source's words stay under the case's key; only what the coordinator writes anew is kept here.
    """

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey("focus.Audit", on_delete=models.PROTECT, related_name="findings")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="findings")
    case = models.ForeignKey("sampling.Case", on_delete=models.PROTECT, related_name="+", null=True)
    point = models.ForeignKey("appraisal.Point", on_delete=models.PROTECT, related_name="+", null=True)
    conclusion = models.ForeignKey("discussion.Conclusion", on_delete=models.PROTECT, related_name="+", null=True)
    wording = SealedText(key="audit_id", blank=True)
    picked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    picked_at = models.DateTimeField()

    class Meta:
        ordering = ["picked_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="finding_one_source",
                condition=Q(point__isnull=True) | Q(conclusion__isnull=True),
            ),
            models.UniqueConstraint(name="finding_point_once", fields=["theme", "point"]),
            models.UniqueConstraint(name="finding_conclusion_once", fields=["theme", "conclusion"]),
        ]

    def __str__(self) -> str:
        return f"Finding from {self.case}" if self.case_id else "Finding"

    @property
    def source(self):
        """The row whose words the finding took up, if it was picked from one."""
        return self.point if self.point_id else self.conclusion


class Recommendation(Row):
    """What should change, and whom it concerns; plain once the briefing that says it is cleared."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey("focus.Audit", on_delete=models.PROTECT, related_name="recommendations")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="recommendations", null=True)
    position = models.PositiveSmallIntegerField()
    draft = SealedText(key="audit_id")
    text = models.TextField(blank=True)
    agencies = models.ManyToManyField("people.Agency", related_name="+")
    due_on = models.DateField(null=True)
    echoes = models.ForeignKey("self", on_delete=models.PROTECT, related_name="echoed_by", null=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.wording

    @property
    def wording(self) -> str:
        """The cleared text, or the draft until there is one."""
        return self.text or self.draft


class Briefing(Row):
    """The public account of one audit: themes only, cleared by a second person."""

    State = State

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    audit = models.OneToOneField("focus.Audit", on_delete=models.PROTECT, related_name="briefing")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    body = SealedJSON(key="audit_id")
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    writers = models.JSONField(default=list)
    checked_version = models.PositiveIntegerField(null=True)
    checked_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    cleared_at = models.DateTimeField(null=True)
    sent_back_because = SealedText(key="audit_id", blank=True)

    class Meta:
        ordering = ["-written_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="briefing_cleared_pair",
                condition=Q(cleared_by__isnull=True, cleared_at__isnull=True)
                | Q(cleared_by__isnull=False, cleared_at__isnull=False),
            ),
            models.CheckConstraint(
                name="briefing_public_is_cleared",
                condition=~Q(state__in=[State.CLEARED, State.PUBLISHED]) | Q(cleared_by__isnull=False),
            ),
            models.CheckConstraint(
                name="briefing_cleared_by_another",
                condition=Q(cleared_by__isnull=True) | ~Q(cleared_by=models.F("written_by")),
            ),
        ]

    def __str__(self) -> str:
        return "Briefing"

    @property
    def missing(self) -> list[str]:
        """The parts that every briefing has and this one still lacks."""
        return paper.missing(self.body or {})

    @property
    def open_flags(self) -> int:
        """How many places that the check found are still to be settled."""
        return self.flags.filter(outcome=Flag.Outcome.OPEN).count()


class Flag(Row):
    """A place in a briefing where the disclosure check saw personal detail: a position, never the value."""

    class Outcome(models.TextChoices):
        OPEN = "open", "To be looked at"
        CHANGED = "changed", "Changed"
        KEPT = "kept", "Kept"

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey("focus.Audit", on_delete=models.PROTECT, related_name="+")
    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="flags")
    version = models.PositiveIntegerField()
    place = models.CharField(max_length=60)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    why = models.CharField(max_length=300)
    mark = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.OPEN)
    because = SealedText(key="audit_id", blank=True)
    found_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["place", "start", "id"]
        constraints = [
            models.CheckConstraint(name="flag_has_length", condition=Q(end__gt=models.F("start"))),
            models.CheckConstraint(
                name="flag_settled_has_time",
                condition=Q(outcome="open", settled_at__isnull=True)
                | (~Q(outcome="open") & Q(settled_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.place}"


class Publication(Row):
    """A briefing as it went public: frozen words and the PDF made of them."""

    partnership = models.ForeignKey("people.Partnership", on_delete=models.PROTECT, related_name="publications")
    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="publications")
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    document = models.JSONField()
    plain = models.TextField()
    pdf = models.BinaryField()
    pdf_pages = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_because = models.TextField(blank=True)

    class Meta:
        ordering = ["-published_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="publication_withdrawn_whole",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def letter(self) -> str:
        """The letter of its partnership's mark."""
        return paper.letter(self.partnership.short_name)
