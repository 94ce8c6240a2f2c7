"""One case of a page with several: what a service says of a child, what screening says, who writes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from candour.identity.models import Relation
from candour.involvement.models import SAID, Involvement, Known, Outcome
from candour.kernel.clock import today
from candour.kernel.ids import is_id
from candour.notices.absences import Away
from candour.people.models import User
from candour.sampling.models import Case
from candour.ui.forms import CheckboxSelectMultiple, DateField, Form, RadioSelect, text_box

RELATIVES = [(value, label) for value, label in Relation.choices if value != Relation.CHILD]
NOBODY_INDEPENDENT = "none"


class RowForm(Form):
    """One case of a page with several; what is wrong with it names the case."""

    mark_optional = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, case: Case, **kwargs: Any) -> None:
        super().__init__(data, prefix=case.pk, **kwargs)
        self.case = case
        self.fields[self.first].label = f"{case}: {self.asks}"

    def full_clean(self) -> None:
        """Clean, and put the case's number before each thing that is wrong."""
        super().full_clean()
        for errors in self.errors.values():
            errors.data = [forms.ValidationError(f"{self.case}: {text}") for text in errors]

    def refuse(self, why: str) -> None:
        """Show what an action found wrong with this row; sent again, the row has seen what stands now."""
        self.add_error(self.first, f"{self.case}: {why}")
        self.seen_now(self.shown, self.initial[self.shown])

    first = "answer"
    shown = "version"
    """The hidden field that says which state of the row the page showed."""
    asks = "do you know this child?"


def _others() -> forms.CharField:
    """Who else is involved, as an answer and a screening ask alike."""
    return forms.CharField(
        label="Who else is involved?",
        max_length=200,
        required=False,
        help_text="Services that you know of, for example the school nurse, an earlier school. No names of people.",
    )


def _note(hint: str) -> forms.CharField:
    """A note to the coordinator beside an answer or a screening."""
    return forms.CharField(
        label="Note for the coordinator", max_length=1000, required=False, widget=text_box(2), help_text=hint
    )


class AnswerForm(RowForm):
    """What a service says of one child."""

    answer = forms.ChoiceField(
        label="Answer", choices=Known, required=False, widget=RadioSelect(inline=True, small=True)
    )
    relation = forms.ChoiceField(
        label="If only a relative is known: who?", choices=[("", "Choose"), *RELATIVES], required=False
    )
    known_as_other = forms.BooleanField(label="Known under another name", required=False)
    first_contact = DateField(label="First contact", required=False, help_text="")
    last_contact = DateField(label="Last contact", required=False, help_text="")
    team = forms.CharField(label="Team", max_length=120, required=False)
    others = _others()
    note = _note("For example what more you need. No names.")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """An answer where anything was said, its dates in order and not ahead."""
        said = {**self.cleaned_data}
        if not said.get("answer") and any(value for name, value in said.items() if name not in ("answer", "version")):
            self.add_error("answer", "choose an answer, or leave the whole case empty")
        if said.get("answer") == Known.RELATIVE and not said.get("relation"):
            self.add_error("relation", "say who is known")
        first, last = said.get("first_contact"), said.get("last_contact")
        for name, day in (("first_contact", first), ("last_contact", last)):
            if isinstance(day, date) and day > today():
                self.add_error(name, "a contact cannot lie ahead")
        if first and last and first > last:
            self.add_error("last_contact", "the last contact is before the first")
        return said

    @property
    def told(self) -> bool:
        """Whether this row says anything."""
        return bool(self.cleaned_data.get("answer"))

    @property
    def more(self) -> bool:
        """Whether the part below the answer holds something, so that it stands open."""
        names = [name for name in SAID if name != "answer"]
        held = (self.initial.get(name) if not self.is_bound else self[name].value() for name in names)
        filled = any(any(part for part in value) if isinstance(value, list) else value for value in held)
        return filled or (self.is_bound and any(name in self.errors for name in names))


class ScreenForm(RowForm):
    """Whether anything stands in the way of auditing one case."""

    first, shown = "outcome", "seen"
    asks = "does anything stand in the way?"

    outcome = forms.ChoiceField(
        label="Does anything stand in the way?",
        choices=[choice for choice in Outcome.choices if choice[0]],
        required=False,
        widget=RadioSelect(small=True),
    )
    others = _others()
    note = _note("No names.")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """An outcome where a note was written."""
        said = self.cleaned_data.get("note") or self.cleaned_data.get("others")
        if said and not self.cleaned_data.get("outcome"):
            self.add_error("outcome", "say whether anything stands in the way")
        return self.cleaned_data


class PeopleForm(RowForm):
    """Who completes the return of one case, who shares in writing it and who checks it."""

    first, shown = "auditor", "seen"
    asks = "who completes the return?"

    auditor = forms.ChoiceField(label="Completes the return", required=False)
    authoriser = forms.ChoiceField(label="Who checks and submits it?", required=False)
    sharers = forms.MultipleChoiceField(
        label="Who else writes it?",
        required=False,
        widget=CheckboxSelectMultiple(small=True),
        help_text="Each says first what is true of them and this child. Any of them can hand the return in. Somebody whom "
        "you leave out has it no more; what they wrote stays.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        auditors: Iterable[User],
        authorisers: Iterable[User],
        gone: Mapping[str, Away],
        lost: Mapping[str, str] | None = None,
        kept: User | None = None,
        checks: User | None = None,
        shared: Sequence[User] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        says = {pk: f"{one.user}, {one.back}" for pk, one in gone.items()} | dict(lost or {})
        self.auditors = {user.pk: user for user in auditors}
        self.sharing = self.auditors | {user.pk: user for user in shared}  # who has left shares until taken out
        self.field("sharers").choices = [(pk, says.get(pk, str(user))) for pk, user in self.sharing.items()]
        if len(self.auditors) < 2 and not shared:
            del self.fields["sharers"]
        self.authorisers = {user.pk: user for user in authorisers}
        for person, people in ((kept, self.auditors), (checks, self.authorisers)):
            if person:  # somebody called in, or who has left, stays named until another is
                people.setdefault(person.pk, person)
        unnamed = [("", "Not named yet")]
        nobody = [(NOBODY_INDEPENDENT, "No independent authoriser here")]
        self.field("auditor").choices = unnamed + [(pk, says.get(pk, str(user))) for pk, user in self.auditors.items()]
        self.field("authoriser").choices = (
            unnamed + [(pk, says.get(pk, str(user))) for pk, user in self.authorisers.items()] + nobody
        )

    def named(self) -> dict[str, Any]:
        """The people chosen."""
        authoriser = self.cleaned_data["authoriser"]
        return {
            "auditor": self.auditors.get(self.cleaned_data["auditor"]),
            "authoriser": self.authorisers.get(authoriser),
            "no_authoriser": authoriser == NOBODY_INDEPENDENT,
            "sharers": [self.sharing[pk] for pk in self.cleaned_data.get("sharers", ())],
            "seen": self.cleaned_data["seen"],
        }


def typed(form: type[RowForm], data: Mapping[str, Any], case: Case, **more: Any) -> dict[str, Any]:
    """What was typed in one row so far, taken over unchecked into the next page."""
    row = form(case=case, **more)
    return {
        name: field.widget.value_from_datadict(data, {}, row.add_prefix(name)) for name, field in row.fields.items()
    }


WRITTEN = ("-team", "-others", "-note")


def left_over(data: Mapping[str, str], cases: Iterable[Case]) -> list[str]:
    """The texts that were typed about cases which stand on the page no more."""
    here = {case.pk for case in cases}
    texts = ((name.partition("-")[0], text) for name, text in data.items() if name.endswith(WRITTEN) and text.strip())
    return [text for pk, text in texts if is_id(pk) and pk not in here]


def initial_of(answer: Involvement | None) -> dict[str, Any]:
    """A row as it was answered before."""
    if answer is None:
        return {"version": 0}
    return {name: getattr(answer, name) for name in (*SAID, "version")}
