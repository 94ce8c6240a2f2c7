"""How long each kind of record is kept, and what is held longer."""

from django.db import models
from django.db.models import Q

from candour.focus.models import Audit
from candour.kernel.fields import SealedText
from candour.kernel.models import Row
from candour.people.models import Partnership, User
from candour.sampling.models import Case

LONGEST = 600


class Kind(models.TextChoices):
    """The kinds of record that are kept for a time of their own; a case list bears its date itself."""

    IDENTITIES = "identities", "Identities of the children and families"
    TEXT = "text", "What was written about the cases"
    REPORT = "report", "The restricted report and the working papers of the draw"
    CONCERNS = "concerns", "Concerns"
    VISITS = "visits", "Names and addresses of people called in for one case"
    LISTS = "lists", "Case lists"


MONTHS = {Kind.IDENTITIES: 6, Kind.TEXT: 36, Kind.REPORT: 84, Kind.CONCERNS: 84, Kind.VISITS: 6}
"""How long each kind is kept unless the partnership says otherwise: names go long before findings."""
FROM = {Kind.CONCERNS: "the concern is closed", Kind.VISITS: "their link has ended"}
"""From when that time counts, where it is not from the closing of the audit."""


class Period(Row):
    """How many months a partnership keeps one kind of record, after the audit or the concern was closed or a link ended."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    months = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("partnership", "kind"), name="period_once_per_kind"),
            models.CheckConstraint(name="period_bounds", condition=Q(months__gte=1, months__lte=LONGEST)),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.months} months"


class Hold(Row):
    """That everything of an audit, or of one case of it, is kept until the hold is lifted."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    why = SealedText(key="partnership_id")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "id")
        constraints = (
            models.CheckConstraint(
                name="hold_lifted_pair",
                condition=Q(lifted_by__isnull=True, lifted_at__isnull=True)
                | Q(lifted_by__isnull=False, lifted_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"Hold on {self.case or 'the whole audit'}, audit {self.audit.code}"
