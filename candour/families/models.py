"""Whether a family is told, and what its members and the practitioners said."""

from django.db import models
from django.db.models import Q

from candour.kernel.fields import SealedText
from candour.kernel.models import Row
from candour.people.models import Partnership, Service, User
from candour.sampling.models import Case
from candour.tools.models import ToolVersion


class Choice(models.TextChoices):
    """What is decided on telling a family of the audit."""

    ASKED = "asked", "Told, and asked for their views"
    DECLINED = "declined", "Told and asked; they do not wish to take part"
    TOLD = "told", "Told, and not asked for their views"
    NOT_SAFE = "not-safe", "Not told: it would not be safe"
    NOT_TOLD = "not-told", "Not told, for another reason"


REACHED = (Choice.ASKED, Choice.DECLINED, Choice.TOLD)


class Whose(models.TextChoices):
    """Whose view it is."""

    CHILD = "child", "The child"
    PARENT = "parent", "A parent"
    CARER = "carer", "A carer"
    SIBLING = "sibling", "A brother or sister"
    RELATIVE = "relative", "Another member of the family"
    PRACTITIONER = "practitioner", "A practitioner"


class Way(models.TextChoices):
    """How somebody gave their view."""

    TALK = "talk", "Face to face"
    PHONE = "phone", "By telephone, at a number and time that are safe"
    WRITTEN = "written", "In writing or drawing, with the worker there"
    GROUP = "group", "In a group or at a meeting"
    LINK = "link", "By a link that was handed over where that is safe"


HEARD = tuple((value, label) for value, label in Way.choices if value != Way.LINK)
"""The ways in which a worker hears somebody; a link is handed over, and answered by the person alone."""


class Decision(Row):
    """Whether the family of one case is told of the audit and asked, and why."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, models.PROTECT, related_name="family_decision")
    choice = models.CharField(max_length=12, choices=Choice)
    why = SealedText(key="case_id")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.get_choice_display()

    @property
    def mark(self) -> str:
        """Which decision it is, of those that were made one after the other."""
        return self.at.isoformat()


class View(Row):
    """What one person said about the help that was given, as somebody they trust wrote it down."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="family_views")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    whose = models.CharField(max_length=12, choices=Whose)
    way = models.CharField(max_length=8, choices=Way)
    gathered_by = SealedText(key="case_id")
    gathered_on = models.DateField()
    contact_checked = models.BooleanField(default=False)
    safe_check = SealedText(key="case_id")
    """How it was made sure that contact is safe; asked of everybody but a practitioner."""
    words = SealedText(key="case_id")
    may_quote = models.BooleanField(default=False)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    told_on = models.DateField(null=True, blank=True)
    told = SealedText(key="case_id")
    """What they were told of what changed."""

    class Meta:
        ordering = ("gathered_on", "id")
        constraints = (
            models.CheckConstraint(
                name="view_contact_checked", condition=Q(whose="practitioner") | Q(contact_checked=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_whose_display()}, {self.case}"


class Link(Row):
    """A short questionnaire that somebody trusted has handed to one person, where it was judged that a link is safe.

    Whoever holds the link and the code answers it once; neither shows anything of a child.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    questionnaire = models.ForeignKey(ToolVersion, models.PROTECT, related_name="+")
    whose = models.CharField(max_length=12, choices=Whose)
    gathered_by = SealedText(key="case_id")
    safe_check = SealedText(key="case_id")
    """Both go over to the view once there is one."""
    code_hash = models.CharField(max_length=128, blank=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    until = models.DateField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    view = models.OneToOneField(View, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("made_at", "id")
        constraints = (
            models.CheckConstraint(
                name="link_answered_or_ended", condition=Q(view__isnull=True) | Q(ended_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.questionnaire}, {self.case}"
