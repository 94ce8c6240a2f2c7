"""The return of one service about one case: its answers, what they said before, and the points drawn from them."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from candour.appraisal.flow import State
from candour.focus.models import Audit
from candour.involvement.models import Involvement
from candour.kernel.fields import SealedJSON, SealedText
from candour.kernel.models import Row
from candour.people.models import Partnership, Service, User
from candour.sampling.models import Case
from candour.tools.document import Question
from candour.tools.values import Value


class PointKind(models.TextChoices):
    """What a service says of its own practice at the end of a section, one point a line."""

    GOOD = "good", "Good practice"
    DEVELOP = "develop", "To develop"
    RECOMMEND = "recommend", "Recommended"


class Leave(models.TextChoices):
    """What an author says to a line of good practice being passed on for others to learn from."""

    ASKED = "asked", "The author is asked"
    GIVEN = "given", "The author agreed"
    REFUSED = "refused", "The author would rather not"


class ReturnQuerySet(models.QuerySet["Return"]):
    """Returns, by how far they are."""

    def submitted(self) -> "ReturnQuerySet":
        """Those that are in."""
        return self.filter(state=State.SUBMITTED)

    def standing(self) -> "ReturnQuerySet":
        """All but the void."""
        return self.exclude(state=State.VOID)

    def with_names(self) -> "ReturnQuerySet":
        """With what a page says about a return, in the same query."""
        return self.select_related("involvement", "audit", "case", "service__agency")


class Return(Row):
    """One service's completed tool for one case. Who writes, shares and checks it stands in the involvement."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="returns")
    case = models.ForeignKey(Case, models.PROTECT, related_name="returns")
    service = models.ForeignKey(Service, models.PROTECT, related_name="returns")
    involvement = models.OneToOneField(Involvement, models.PROTECT, related_name="ret")
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    brief = models.BooleanField(default=False)
    worked_with = models.BooleanField(default=False)
    manages_worker = models.BooleanField(default=False)
    also_covers = SealedText(key="case_id")
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True, blank=True)
    note = SealedText(key="case_id")
    note_at = models.DateTimeField(null=True, blank=True)
    note_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    late = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "service"], name="return_once_per_service"),
            models.CheckConstraint(
                name="return_submitted_together",
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True, digest="")
                | Q(Q(submitted_at__isnull=False, submitted_by__isnull=False), ~Q(digest="")),
            ),
            models.CheckConstraint(
                name="return_submitted_signed",
                condition=~Q(state=State.SUBMITTED) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="return_note_pair",
                condition=Q(note_at__isnull=True, note_by__isnull=True)
                | Q(note_at__isnull=False, note_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["audit", "state"])]

    def __str__(self) -> str:
        return f"{self.case}, {self.service}"

    @property
    def others(self) -> tuple[str, ...]:
        """The brothers and sisters whom it covers too, by what each is called."""
        return tuple(self.also_covers.splitlines())

    @property
    def auditor(self) -> User | None:
        """Who completes it."""
        return self.involvement.auditor

    @property
    def writers(self) -> list[User]:
        """Everybody who writes it, the auditor first."""
        return self.involvement.writers

    @property
    def sharer_ids(self) -> frozenset[str]:
        """Who writes it together with the auditor, by id."""
        return self.involvement.sharer_ids

    @property
    def auditor_id(self) -> str | None:
        return self.involvement.auditor_id

    @property
    def authoriser(self) -> User | None:
        """Who checks it."""
        return self.involvement.authoriser

    @property
    def authoriser_id(self) -> str | None:
        return self.involvement.authoriser_id

    @property
    def no_authoriser(self) -> bool:
        """Whether the service declared that it has nobody to check it."""
        return self.involvement.no_authoriser


class Answer(Row):
    """One answer to one question, as it stands now; only a grade is plain, so that figures outlive the text."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    ret = models.ForeignKey(Return, models.PROTECT, related_name="answers")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    question = models.CharField(max_length=60)
    section = models.CharField(max_length=40)
    domain = models.CharField(max_length=40)
    value = SealedJSON(key="case_id")
    grade = models.CharField(max_length=24, blank=True)
    private = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ret", "question"], name="answer_once")]

    def __str__(self) -> str:
        return self.question


@dataclass(frozen=True)
class Given:
    """An answer as somebody gives it, with the version that they had before them (0: none yet)."""

    question: Question
    value: Value | None
    private: bool
    seen: int


class Revision(Row):
    """What an answer said at one save; `aside` where it clashed with another and was not taken."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="revisions")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    value = SealedJSON(key="case_id")
    private = models.BooleanField(default=False)
    aside = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["answer", "-at", "-version", "id"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "version"], condition=Q(aside=False), name="revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.answer} {self.version}"


class Comment(Row):
    """What an authoriser says of one answer; its auditor reads it once the return is sent back."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    ret = models.ForeignKey(Return, models.PROTECT, related_name="comments")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    question = models.CharField(max_length=60)
    text = SealedText(key="case_id")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["ret", "question", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ret", "question"], condition=Q(sent_at__isnull=True), name="comment_once_unsent"
            )
        ]

    def __str__(self) -> str:
        return f"Comment on {self.question}"


class Submission(Row):
    """One version of a return as it was submitted; opened again or made void, it can still be read."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    ret = models.ForeignKey(Return, models.PROTECT, related_name="submissions")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    late = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)
    versions = models.JSONField(default=dict)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = SealedText(key="case_id")

    class Meta:
        ordering = ["ret", "number"]
        constraints = [
            models.UniqueConstraint(fields=["ret", "number"], name="submission_once"),
            models.CheckConstraint(
                name="submission_opened_pair",
                condition=Q(opened_at__isnull=True, opened_by__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ret}, version {self.number}"


class WordForm(Row):
    """A filled Word form as it was understood, until its writer has said what of it should stand."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    ret = models.ForeignKey(Return, models.PROTECT, related_name="word_forms")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    answers = SealedJSON(key="case_id")
    warnings = SealedJSON(key="case_id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ret", "by"], name="word_form_once")]

    def __str__(self) -> str:
        return f"Word form of {self.ret}"


class Point(Row):
    """One line of good practice, development or recommendation, made when its return is submitted."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    ret = models.ForeignKey(Return, models.PROTECT, related_name="points")
    case = models.ForeignKey(Case, models.PROTECT, related_name="points")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    section = models.CharField(max_length=40)
    domain = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=PointKind)
    position = models.PositiveSmallIntegerField()
    text = SealedText(key="case_id")
    private = models.BooleanField(default=False)
    celebrated_at = models.DateTimeField(null=True, blank=True)
    celebrated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    leave = models.CharField(max_length=8, choices=Leave, blank=True)
    leave_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["ret", "section", "kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["ret", "section", "kind", "position"], name="point_once"),
            models.CheckConstraint(
                name="point_celebrated_together",
                condition=Q(celebrated_at__isnull=True, celebrated_by__isnull=True, leave="", leave_at__isnull=True)
                | Q(Q(celebrated_at__isnull=False, celebrated_by__isnull=False), ~Q(leave="")),
            ),
            models.CheckConstraint(
                name="point_leave_answered",
                condition=~Q(leave__in=["given", "refused"]) | Q(leave_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.position}"

    @property
    def celebrated(self) -> bool:
        """Whether it is marked to be passed on, and its author agrees."""
        return self.leave == Leave.GIVEN


class Connection(Row):
    """Somebody is connected to a child's family, so that this case is closed to them."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="connections")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="connection_once")]

    def __str__(self) -> str:
        return f"{self.case}: connected"


class Declaration(Row):
    """What somebody who comes to a return after it was begun declares before it opens: its checker, or a new writer."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    ret = models.ForeignKey(Return, models.PROTECT, related_name="declarations")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    worked_with = models.BooleanField(default=False)
    manages_worker = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ret", "user"], name="declaration_once")]

    def __str__(self) -> str:
        return f"{self.ret}: declared"


class Release(Row):
    """The pack of an audit: until this row exists no service sees another's return, and none after it is closed."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    audit = models.OneToOneField(Audit, models.PROTECT, related_name="release")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="release_closed_pair",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Pack of {self.audit}"
