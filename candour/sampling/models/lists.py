"""A list as it was given and read, and what narrows it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from candour.kernel.fields import SealedBinary, SealedJSON, SealedText
from candour.kernel.models import Row
from candour.sampling.flow import ListState, Pairing, Reason

PERSON = settings.AUTH_USER_MODEL


class CaseListQuerySet(models.QuerySet["CaseList"]):
    """Case lists as they were given."""

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
    expected = models.PositiveIntegerField(default=0)  # rows that the files say they have; 0 where they do not say
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


class CodeMap(Row):
    """What a partnership once said that a spelling in a column of codes means; the spelling is kept as its print."""

    partnership = models.ForeignKey("people.Partnership", models.PROTECT, related_name="+")
    spelling = models.CharField(max_length=64)  # fingerprint of the column and what stood there
    code = models.CharField(max_length=8)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "spelling"], name="code_map_once")]

    def __str__(self) -> str:
        return "What a spelling means"
