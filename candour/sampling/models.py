"""Tables of the second step: the list, the fixed list, the draw, and the cases that all later steps point at."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from candour.kernel.fields import SealedBinary, SealedJSON, SealedText
from candour.kernel.models import Row
from candour.sampling.flow import CaseState, CommitmentState, DrawState, ListState, Pairing, Reason, VoidReason

PERSON = settings.AUTH_USER_MODEL


class CaseListQuerySet(models.QuerySet["CaseList"]):
    def kept(self) -> CaseListQuerySet:
        return self.filter(state=ListState.KEPT)

    def in_hand(self) -> CaseListQuerySet:
        """Those that somebody is still looking at, or that are kept."""
        return self.exclude(state__in=[ListState.LEFT, ListState.PURGED])

    def newest_first(self) -> CaseListQuerySet:
        return self.order_by("-given_at", "pk")


_ListManager = models.Manager.from_queryset(CaseListQuerySet)


class _CaseLists(_ListManager):
    """Lists without what is long about them, which is read when it is asked for."""

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("index", "people")


class CaseList(Row):
    """A file of children from a case system, as read for one audit; its rows are sealed and purged on a date."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    audit = models.ForeignKey("focus.Audit", models.PROTECT, related_name="case_lists")
    state = models.CharField(max_length=12, choices=ListState, default=ListState.READING)
    given_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    kind = models.CharField(max_length=20, blank=True)
    problem = models.TextField(blank=True)  # the sentence why it could not be read
    columns = SealedJSON(key="audit_id")  # the columns as mapped on the page: {sheet: {column: role}}
    report = SealedJSON(key="audit_id")  # what was understood: positions, reasons and counts
    index = SealedBinary(key="audit_id")  # per child, in order: area, flags and what the sample is held against
    people = SealedBinary(key="audit_id")  # per child: name, birth date and identifiers, where the list has them
    tallies = SealedJSON(key="audit_id")  # children by attribute, and what the list may be narrowed by
    own_figures = SealedJSON(
        key="audit_id"
    )  # the council's own, with the reason of a difference: {attribute: {code: …}}
    narrowing = SealedJSON(key="audit_id")  # the filters for the practice focus, in codes
    settled = SealedJSON(key="audit_id")  # who may be drawn, as last counted, and at which version
    version = models.PositiveIntegerField(default=0)  # raised whenever who may be drawn may have changed
    fixing = SealedJSON(key="audit_id")  # what the worker is asked to fix, until it is done
    fixing_at = models.DateTimeField(null=True)
    progress = models.PositiveIntegerField(default=0)  # rows read so far
    rows_read = models.PositiveIntegerField(default=0)
    rows_used = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    children = models.PositiveIntegerField(default=0)
    areas = models.JSONField(default=dict)  # children per area's code
    areas_in = models.JSONField(default=list)  # codes of the areas that the audit looks at
    kept_at = models.DateTimeField(null=True)
    own_figure = models.PositiveIntegerField(null=True)  # the council's own count for the same period
    difference = models.TextField(blank=True)  # why the two differ
    purge_on = models.DateField(null=True)
    purged_at = models.DateTimeField(null=True)
    beside = models.ForeignKey("self", models.PROTECT, null=True, related_name="seconds")  # the list it is joined to
    same_numbers = models.BooleanField(default=False)  # whether both have the numbers of one case system

    objects = _CaseLists()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="caselist_adds_up",
                condition=Q(rows_read=models.F("rows_used") + models.F("rows_refused")),
            ),
            models.CheckConstraint(
                name="caselist_purged_dated", condition=~Q(state=ListState.PURGED) | Q(purged_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"List of {self.given_at:%d %B %Y}"


class Upload(Row):
    """One file of a list as it came, sealed; gone when the list is purged or set aside."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    audit = models.ForeignKey("focus.Audit", models.PROTECT, related_name="+")
    case_list = models.ForeignKey(CaseList, models.PROTECT, related_name="uploads")
    number = models.PositiveSmallIntegerField()
    name = SealedText(key="audit_id")
    content = SealedBinary(key="audit_id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_list", "number"], name="upload_number_once")]

    def __str__(self) -> str:
        return f"File {self.number}"


class Block(Row):
    """Some hundred children of a list with their rows as read, sealed; gone with the list."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    audit = models.ForeignKey("focus.Audit", models.PROTECT, related_name="+")
    case_list = models.ForeignKey(CaseList, models.PROTECT, related_name="blocks")
    first = models.PositiveIntegerField()  # position of its first child in the list, from 0
    size = models.PositiveIntegerField()
    body = SealedBinary(key="audit_id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_list", "first"], name="block_first_once")]

    def __str__(self) -> str:
        return f"Children {self.first + 1} to {self.first + self.size}"


class Exclusion(Row):
    """Children left out of the list before it is fixed: one by one, or by a rule about all of them."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    case_list = models.ForeignKey(CaseList, models.PROTECT, related_name="exclusions")
    child = models.PositiveIntegerField(null=True)  # position in the list
    rule = models.CharField(max_length=12, blank=True)  # adult, unborn, deceased
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_list", "child"], name="exclusion_child_once"),
            models.CheckConstraint(
                name="exclusion_child_or_rule",
                condition=Q(child__isnull=False, rule="") & ~Q(reason="")
                | Q(child__isnull=True, reason="") & ~Q(rule=""),
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display() if self.reason else self.rule


class Match(Row):
    """A child of a list who seems to be a child of the list beside it: two positions and why, never a name."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    case_list = models.ForeignKey(CaseList, models.PROTECT, related_name="matches")
    second = models.ForeignKey(CaseList, models.PROTECT, related_name="+")
    child = models.PositiveIntegerField()  # position in the list
    other = models.PositiveIntegerField()  # position in the second list
    why = models.CharField(max_length=12, choices=Pairing)
    sure = models.BooleanField()
    same = models.BooleanField(null=True)  # as a person decided; nothing while nobody has
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["second", "child", "other"], name="match_pair_once"),
            models.CheckConstraint(
                name="match_decided_pair",
                condition=Q(same__isnull=True, decided_at__isnull=True)
                | Q(same__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.get_why_display()


class ServiceArea(Row):
    """A service area as one partnership has it: its name, its turn, and what a list says of children in it."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)  # statuses, one a line
    teams = models.TextField(blank=True)  # parts of names of teams, one a line
    used = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="service_area_once")]

    def __str__(self) -> str:
        return self.name


class ColumnMap(Row):
    """How a partnership mapped the columns of a table once; offered when the same headings come again."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    headings = models.CharField(max_length=64)  # fingerprint of the headings
    columns = models.JSONField()  # {position: role}
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "headings"], name="column_map_once")]

    def __str__(self) -> str:
        return "Columns of a table"


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
        return f"Case {self.number} (not random)" if self.purposive else f"Case {self.number}"

    def get_absolute_url(self) -> str:
        return f"/cases/{self.pk}/"
