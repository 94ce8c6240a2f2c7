"""Files of identities: the people around an index child, who may open them, who did, and the keyed index."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from candour.kernel.fields import SealedText
from candour.kernel.models import Row
from candour.people.models import Partnership, Service, ServiceKind, User


class Relation(models.TextChoices):
    """Who a person is to the index child."""

    CHILD = "child", "Child"
    PARENT = "parent", "Parent"
    CARER = "carer", "Carer"
    PARTNER = "partner", "Partner of a parent or carer"
    SIBLING = "sibling", "Brother or sister"


class Sex(models.TextChoices):
    """The sex as services record it."""

    FEMALE = "female", "Female"
    MALE = "male", "Male"
    OTHER = "other", "Another"
    UNKNOWN = "unknown", "Not known"


class IndexKind(models.TextChoices):
    """By which identifier the same person is found in another audit."""

    NHS = "nhs", "NHS number"
    UPN = "upn", "UPN"
    COUNCIL = "council", "council’s number"
    COUNCIL_OF = "council_of", "council’s number"  # the same with the council's name, where that is known
    NAME = "name", "name and date of birth"


class Purpose(models.TextChoices):
    """The preset purposes of a reveal: nobody types one of their own."""

    MATCH = "match", "To find these children in our records"
    SCREEN = "screen", "To see whether a case has to be replaced"
    AUDIT = "audit", "To read our record for the return"
    DISCUSS = "discuss", "To prepare or hold the discussion"
    CORRECT = "correct", "To check or correct the identities"
    SCRUTINY = "scrutiny", "Independent scrutiny of this case"


class SetBounds(Row):
    """What a partnership lets one kind of service see, where it is not what Candour proposes."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ServiceKind)
    fields = models.JSONField(default=list)
    relations = models.JSONField(default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("partnership", "kind"), name="set_bounds_once"),)

    def __str__(self) -> str:
        return self.get_kind_display()


class Subject(Row):
    """The file of one index child and the people around them, under a label without a name."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    label = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label


class Person(Row):
    """One person of a file, every identifying value sealed under a key of their own."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="persons")
    relation = models.CharField(max_length=10, choices=Relation)
    position = models.PositiveSmallIntegerField(default=1)
    held = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    given_names = SealedText(key="id", blank=True)
    family_name = SealedText(key="id", blank=True)
    also_known_as = SealedText(key="id", blank=True)
    born_on = SealedText(key="id", blank=True)
    expected_on = SealedText(key="id", blank=True)
    sex = SealedText(key="id", blank=True)
    address = SealedText(key="id", blank=True)
    postcode = SealedText(key="id", blank=True)
    school = SealedText(key="id", blank=True)
    gp_practice = SealedText(key="id", blank=True)
    nhs_number = SealedText(key="id", blank=True)
    upn = SealedText(key="id", blank=True)
    council_number = SealedText(key="id", blank=True)
    """One a line, after the council's name and a colon where there are several, with dates after a comma."""
    apart = models.BooleanField(default=False)  # after an adoption: never linked with another audit
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("subject_id", "position", "id")
        constraints = (
            models.UniqueConstraint(fields=("subject",), condition=Q(relation="child"), name="person_one_index_child"),
            models.UniqueConstraint(fields=("subject", "position"), name="person_position_once"),
        )

    def __str__(self) -> str:
        return self.get_relation_display()


class IndexEntryQuerySet(models.QuerySet["IndexEntry"]):
    """Entries of the keyed index."""

    def named(self) -> "IndexEntryQuerySet":
        """Each with whether it is known whose the councils' numbers of its person are."""
        of = IndexEntry.objects.filter(person=models.OuterRef("person"), kind=IndexKind.COUNCIL_OF)
        return self.annotate(named=models.Exists(of))


class IndexEntry(Row):
    """A keyed fingerprint of one identifier, which finds the same person in another audit."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="index_entries")
    kind = models.CharField(max_length=10, choices=IndexKind)
    digest = models.CharField(max_length=64)
    named: bool

    objects = IndexEntryQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "kind", "digest"), name="index_entry_once"),)
        indexes = (models.Index(fields=("partnership", "kind", "digest"), name="index_entry_find"),)

    def __str__(self) -> str:
        return self.get_kind_display()


class OpeningQuerySet(models.QuerySet["Opening"]):
    """Case grants."""

    def live(self, at: datetime) -> "OpeningQuerySet":
        """Those that still open at an instant: begun, not past their time, not closed."""
        return self.filter(opened_at__lte=at, until__gte=at, closed_at__isnull=True)


class Opening(Row):
    """A case grant: one service, or one person, may open this file until a time, in these bounds."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="openings")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    fields = models.JSONField(default=list)
    relations = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    why = SealedText(key="partnership_id", blank=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="opening_service_or_user",
                condition=Q(service__isnull=True, user__isnull=False) | Q(service__isnull=False, user__isnull=True),
            ),
            models.UniqueConstraint(
                fields=("subject", "service"),
                condition=Q(closed_at__isnull=True),
                name="opening_one_live_per_service",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} for {self.service or self.user}"


class Reveal(Row):
    """That one person saw one child's file: who, whose, which fields, for what purpose."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="reveals")
    opening = models.ForeignKey(Opening, models.PROTECT, null=True, blank=True, related_name="reveals")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose)
    persons = models.PositiveSmallIntegerField()
    fields = models.JSONField(default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "id")
        indexes = (models.Index(fields=("partnership", "at"), name="reveal_by_time"),)

    def __str__(self) -> str:
        return f"{self.subject}: {self.get_purpose_display()}"


class Erasure(Row):
    """That a file was erased: its keys destroyed, its index rows gone."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="erasure")
    reason = models.CharField(max_length=200)
    persons = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subject} erased"
