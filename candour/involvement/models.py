"""Who is asked about which case, what they answered, who writes the returns, and who was called in for one."""

import hashlib
import json
from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from candour.focus.models import Audit
from candour.identity.models import Relation
from candour.involvement.flow import State
from candour.kernel.fields import SealedText
from candour.kernel.models import Row
from candour.people.models import Grant, Partnership, Service, User
from candour.sampling.models import Case


class Outcome(models.TextChoices):
    """What a screening service says of a case: clear, or why it may have to be replaced."""

    WAITING = "", "No answer yet"
    CLEAR = "clear", "Nothing stands in the way"
    PROCEEDINGS = "proceedings", "Court case or police investigation is live"
    REVIEW = "review", "Statutory review is under way"
    FAMILY = "family", "A brother or sister is already among the cases"
    MOVED = "moved", "The family has moved away"
    ADOPTED = "adopted", "The child has been adopted"
    DIED = "died", "The child has died"
    RESTRICTED = "restricted", "The record is restricted"


class Known(models.TextChoices):
    """A service's answer about one child; a nil return is an answer."""

    KNOWN = "known", "Known in the period"
    EARLIER = "known-earlier", "Known earlier only"
    RELATIVE = "relative-only", "Only a sibling, parent or carer known"
    NOT_KNOWN = "not-known", "Not known"
    MORE_NEEDED = "more-needed", "More needed to match"
    RESTRICTED = "restricted", "Restricted: phone me"


class Ended(models.TextChoices):
    """Why somebody called in for one case no longer opens it."""

    RETURNED = "returned", "The return is in"
    CONNECTED = "connected", "Connected to the family"
    WITHDRAWN = "withdrawn", "Withdrawn by the coordinator"
    CLOSED = "closed", "Nothing is wanted any more"


class Ask(Row):
    """One service asked once in one audit: do you know these children?"""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="asks")
    service = models.ForeignKey(Service, models.PROTECT, related_name="asks")
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    due_on = models.DateField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("audit", "service"), name="ask_once_per_service"),)

    def __str__(self) -> str:
        return str(self.service)


class Closing(Row):
    """That the asking of an audit is over: no service is asked any more, and no file opens again."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    audit = models.OneToOneField(Audit, models.PROTECT, related_name="asking_closed")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Asking closed in {self.audit}"


class AskedCase(Row):
    """A case that an ask covers, with where the mention of the service came from if it was added."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    ask = models.ForeignKey(Ask, models.PROTECT, related_name="asked_cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="asked_cases")
    mentioned_by = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    mention = models.CharField(max_length=120, blank=True)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("ask", "case"), name="asked_case_once"),
            models.CheckConstraint(
                name="asked_case_dates_in_order",
                condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(from_on__lte=F("until_on")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.ask}: {self.case}"


def outcome_mark(outcome: str, note: str, others: str) -> str:
    """What screening says of a case, as one mark, so that a page can send along what it showed; empty for nothing."""
    return hashlib.sha256(json.dumps([outcome, note, others]).encode()).hexdigest()[:16] if outcome else ""


class Screening(Row):
    """Social care or the police look at one case before others learn a name."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    ask = models.ForeignKey(Ask, models.PROTECT, related_name="screenings")
    case = models.ForeignKey(Case, models.PROTECT, related_name="screenings")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default=Outcome.WAITING)
    note = SealedText(key="case_id", blank=True)
    others = SealedText(key="case_id", blank=True)
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    kept_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_because = SealedText(key="case_id", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "service"), name="screening_once"),
            models.CheckConstraint(
                name="screening_answered_pair",
                condition=Q(outcome="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(outcome="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="screening_kept_pair",
                condition=Q(kept_by__isnull=True, kept_at__isnull=True)
                | Q(kept_by__isnull=False, kept_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case}: {self.get_outcome_display()}"

    @property
    def mark(self) -> str:
        """What has been said of it by now."""
        return outcome_mark(self.outcome, self.note, self.others)


def marked(auditor: str | None, authoriser: str | None, nobody: bool, sharers: Iterable[str]) -> str:
    """Who is named for a return, as one mark, so that a page can send along what it showed; empty where nobody is."""
    who = (
        ("writes", auditor),
        ("checks", "nobody" if nobody else authoriser),
        *(("shares", pk) for pk in sorted(sharers)),
    )
    return ",".join(f"{what}:{pk}" for what, pk in who if pk)


SAID = ("answer", "relation", "known_as_other", "first_contact", "last_contact", "team", "note", "others")
"""What a service says of a child: an answer holds it, and a correction what it said before."""


class Involvement(Row):
    """One service's answer about one case, and who there completes and checks its return."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="involvements")
    case = models.ForeignKey(Case, models.PROTECT, related_name="involvements")
    service = models.ForeignKey(Service, models.PROTECT, related_name="involvements")
    answer = models.CharField(max_length=16, choices=Known)
    relation = models.CharField(max_length=10, choices=Relation, blank=True)
    known_as_other = models.BooleanField(default=False)
    first_contact = models.DateField(null=True, blank=True)
    last_contact = models.DateField(null=True, blank=True)
    team = models.CharField(max_length=120, blank=True)
    note = SealedText(key="case_id", blank=True)
    others = SealedText(key="case_id", blank=True)
    auditor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sharers = models.ManyToManyField(User, through="Sharer", through_fields=("involvement", "user"), related_name="+")
    authoriser = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    no_authoriser = models.BooleanField(default=False)
    return_wanted = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "service"), name="involvement_once"),
            models.CheckConstraint(
                name="involvement_one_authoriser",
                condition=Q(no_authoriser=False) | Q(authoriser__isnull=True),
            ),
            models.CheckConstraint(name="involvement_two_people", condition=~Q(auditor=F("authoriser"))),
            models.CheckConstraint(
                name="involvement_contact_order",
                condition=Q(first_contact__isnull=True)
                | Q(last_contact__isnull=True)
                | Q(first_contact__lte=F("last_contact")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case}: {self.get_answer_display()}"

    @property
    def owes(self) -> bool:
        """Whether a return is owed of it, as `queries.OWED` asks the database."""
        return self.answer == Known.KNOWN or self.return_wanted

    @cached_property
    def sharing(self) -> list[User]:
        """Who writes its return together with the auditor, by name."""
        return sorted(self.sharers.all(), key=lambda person: (person.name, person.pk))

    @property
    def sharer_ids(self) -> frozenset[str]:
        return frozenset(person.pk for person in self.sharing)

    @property
    def mark(self) -> str:
        """Who is named for it now."""
        return marked(self.auditor_id, self.authoriser_id, self.no_authoriser, self.sharer_ids)

    @property
    def writers(self) -> list[User]:
        """Everybody who writes its return, the auditor first."""
        return [*([self.auditor] if self.auditor else []), *self.sharing]


class Sharer(Row):
    """Somebody who writes a return together with its auditor, as long as this row exists."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    involvement = models.ForeignKey(Involvement, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("involvement", "user"), name="sharer_once"),)

    def __str__(self) -> str:
        return f"{self.user} shares {self.involvement}"


class Correction(Row):
    """What an answer said before it was corrected."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    involvement = models.ForeignKey(Involvement, models.PROTECT, related_name="corrections")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    answer = models.CharField(max_length=16, choices=Known)
    relation = models.CharField(max_length=10, choices=Relation, blank=True)
    known_as_other = models.BooleanField(default=False)
    first_contact = models.DateField(null=True, blank=True)
    last_contact = models.DateField(null=True, blank=True)
    team = models.CharField(max_length=120, blank=True)
    note = SealedText(key="case_id", blank=True)
    others = SealedText(key="case_id", blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ("-version", "id")
        constraints = (models.UniqueConstraint(fields=("involvement", "version"), name="correction_once"),)

    def __str__(self) -> str:
        return self.get_answer_display()


class Visit(Row):
    """Somebody without an account called in to complete the return of one case, by a link and a code."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    involvement = models.ForeignKey(Involvement, models.PROTECT, related_name="visits")
    user = models.ForeignKey(User, models.PROTECT, related_name="visits")
    grant = models.OneToOneField(Grant, models.PROTECT, related_name="+")
    by_text = models.BooleanField()
    mobile = SealedText(key="case_id", blank=True)
    """Emptied when the visit ends."""
    link = models.PositiveSmallIntegerField(default=1)
    """The number of the link that opens it; an earlier one opens nothing."""
    code_hash = models.CharField(max_length=128, blank=True)
    code_number = models.PositiveSmallIntegerField(default=0)
    code_at = models.DateTimeField(null=True, blank=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    until = models.DateField()
    called_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=12, choices=Ended, blank=True)

    class Meta:
        ordering = ("-called_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("involvement",), condition=Q(ended_at__isnull=True), name="visit_one_live_per_answer"
            ),
            models.CheckConstraint(
                name="visit_ended_pair",
                condition=Q(ended_at__isnull=True, ended="") | (Q(ended_at__isnull=False) & ~Q(ended="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} for {self.case}"
