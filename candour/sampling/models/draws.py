"""The fixed list, the draw, and the cases that all later steps point at."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from candour.kernel.fields import SealedBinary, SealedJSON, SealedText
from candour.kernel.models import Row
from candour.sampling.flow import CaseState, CommitmentState, DrawState, Reason, VoidReason, case_name
from candour.sampling.models.lists import PERSON, CaseList


class _Commitments(models.Manager["Commitment"]):
    """Fixed lists without what is long about them, which is read when it is asked for."""

    def get_queryset(self) -> models.QuerySet[Commitment]:
        return super().get_queryset().defer("cohort", "binding", "refs")


class Commitment(Row):
    """A fixed list: everything that is settled, and fingerprinted, before the public random number can be known."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    audit = models.ForeignKey("focus.Audit", models.PROTECT, related_name="commitments")
    case_list = models.ForeignKey(CaseList, models.PROTECT, related_name="commitments")
    state = models.CharField(max_length=12, choices=CommitmentState, default=CommitmentState.PROPOSED)
    places = models.PositiveIntegerField()
    cohort = models.TextField()
    plan = models.TextField()
    binding = models.TextField()
    document = models.TextField()  # commitment.json, to the byte
    digest = models.CharField(max_length=64)
    strata = models.JSONField(default=dict)  # the group's code: the name that the page shows
    source_kind = models.CharField(max_length=16)
    beacon_round = models.PositiveBigIntegerField(null=True)
    thrown_by = models.CharField(max_length=120, blank=True)
    thrown_when = models.CharField(max_length=120, blank=True)
    listed = SealedJSON(key="audit_id")  # who may be drawn, counted by attribute and group
    refs = SealedBinary(key="audit_id")  # which ref stands for which child
    salt = SealedBinary(key="audit_id")
    fixed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    fixed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    objects = _Commitments()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="commitment_confirmed_pair",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="commitment_two_people",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("fixed_by")),
            ),
            models.UniqueConstraint(
                fields=["audit"],
                condition=Q(state__in=[CommitmentState.PROPOSED, CommitmentState.CONFIRMED]),
                name="commitment_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Fixed list {self.digest[:16]}"


class Throw(Row):
    """What one named witness threw for a fixed list: digits typed from the witness's own sign-in, once."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="throws")
    number = models.PositiveSmallIntegerField()  # its turn among the witnesses
    witness = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    dice = models.PositiveSmallIntegerField()  # how many this witness throws at least
    digits = models.CharField(max_length=200, blank=True)
    thrown_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="throw_number_once"),
            models.UniqueConstraint(fields=["commitment", "witness"], name="throw_witness_once"),
            models.CheckConstraint(
                name="throw_thrown_pair",
                condition=Q(thrown_at__isnull=True, digits="") | Q(thrown_at__isnull=False) & ~Q(digits=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Dice of {self.witness}"


class Draw(Row):
    """The random choice made from a fixed list; one each. A voided one stays on the record."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    audit = models.ForeignKey("focus.Audit", models.PROTECT, related_name="draws")
    commitment = models.OneToOneField(Commitment, models.PROTECT, related_name="draw")
    state = models.CharField(max_length=12, choices=DrawState, default=DrawState.STANDS)
    source = models.TextField()
    key = models.CharField(max_length=64)
    result = models.TextField()  # result.tsv, to the byte
    figures = models.JSONField(default=list)  # sample against list, attribute by attribute
    drawn_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    void_reason = models.CharField(max_length=12, choices=VoidReason, blank=True)
    voided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit"], condition=Q(state=DrawState.STANDS), name="draw_one_stands"),
            models.CheckConstraint(
                name="draw_void_explained",
                condition=Q(state=DrawState.STANDS) | ~Q(void_reason="") & Q(voided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Draw of {self.drawn_at:%d %B %Y}"


class Place(Row):
    """One place of a draw; who holds it may change, in the order of the reserves."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="places")
    stratum = models.CharField(max_length=20)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "stratum", "number"], name="place_once")]

    def __str__(self) -> str:
        return f"Place {self.number}"


class CaseQuerySet(models.QuerySet["Case"]):
    """The cases of an audit."""

    def active(self) -> CaseQuerySet:
        return self.filter(state=CaseState.ACTIVE)

    def by_number(self) -> CaseQuerySet:
        return self.order_by("audit", "number")


class Case(Row):
    """One chosen child in one audit, shown everywhere by number; a number is never used again."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    audit = models.ForeignKey("focus.Audit", models.PROTECT, related_name="cases")
    number = models.PositiveIntegerField()
    ref = models.CharField(max_length=32, unique=True)
    area = models.CharField(max_length=60, blank=True)
    stratum = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=12, choices=CaseState, default=CaseState.ACTIVE)
    random = models.BooleanField(default=True)  # False: given to us, or chosen for a reason
    purposive = models.BooleanField(default=False)  # chosen for a reason, beside the drawn ones
    chosen_because = SealedText(key="id")
    origin = models.CharField(max_length=120, blank=True)  # who gave it, where it was given
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="cases")
    position = models.PositiveIntegerField(null=True)  # in the order drawn, within its group
    subject = models.OneToOneField("identity.Subject", models.PROTECT, null=True, related_name="case")
    reason_code = models.CharField(max_length=12, choices=Reason, blank=True)  # why it was replaced
    reason_note = SealedText(key="id")
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="case_number_once"),
            models.UniqueConstraint(
                fields=["place"], condition=Q(state=CaseState.ACTIVE), name="case_one_holds_a_place"
            ),
            models.CheckConstraint(
                name="case_replaced_explained",
                condition=~Q(state=CaseState.REPLACED) | ~Q(reason_code="") & Q(replaced_at__isnull=False),
            ),
            models.CheckConstraint(name="case_purposive_not_random", condition=Q(purposive=False) | Q(random=False)),
            models.CheckConstraint(
                name="case_drawn_has_place", condition=Q(random=False) | Q(place__isnull=False, position__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["audit", "state"])]

    def __str__(self) -> str:
        return case_name(self.number, chosen=self.purposive)

    def get_absolute_url(self) -> str:
        return f"/cases/{self.pk}/"
