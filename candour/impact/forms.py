"""Forms of impact: they clean what was typed and decide nothing."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from candour.impact.models import Judgement, SenseCheck
from candour.people.models import User
from candour.ui.forms import DateField, FilterForm, Form, RadioSelect, text_box

STATES = (
    ("to-do", "To do"),
    ("overdue", "Overdue"),
    ("open", "Not begun"),
    ("under-way", "Under way"),
    ("done", "Done"),
    ("dropped", "Dropped"),
)
NO_CHILD = "Write it so that nobody could know a child from it."


class NarrowForm(FilterForm):
    """Which actions to look at."""

    state = forms.ChoiceField(label="State", choices=[("", "All"), *STATES], required=False)
    mine = forms.BooleanField(label="Only mine", required=False)

    def __init__(
        self, *args: Any, agencies: Iterable[tuple[str, str]], audits: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("agency", agencies), ("audit", audits)):
            self.fields[name] = forms.ChoiceField(label=name.capitalize(), choices=[("", "All"), *rows], required=False)
        self.order_fields(("state", "agency", "audit", "mine"))


class ActionForm(Form):
    """What one agency does, who owns it there, by when."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.CharField(
        label="What this agency does",
        widget=text_box(3),
        required=False,
        max_length=600,
        help_text="Where this is empty, the recommendation's own words stand.",
    )
    due_on = DateField(label="By")

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {person.pk: person for person in people}
        rows = [("", "Nobody yet"), *((person.pk, str(person)) for person in people)]
        self.fields["owner"] = forms.ChoiceField(
            label="Owner",
            choices=rows,
            required=False,
            help_text="Somebody who holds a role in this agency. Others have to be invited first.",
        )
        self.order_fields(("version", "step", "owner", "due_on"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["owner"] = self.people.get(cleaned.get("owner", ""))
        return cleaned


class ReportForm(Form):
    """How far an action is."""

    mark_optional = False

    note = forms.CharField(label="How far is it?", widget=text_box(3), required=False, help_text=NO_CHILD)
    evidence = forms.CharField(
        label="What shows it", widget=text_box(3), required=False, help_text="Where somebody else could see it."
    )
    difference = forms.CharField(label="What difference it made for children", widget=text_box(3), required=False)
    done = forms.ChoiceField(
        label="It is",
        choices=[("", "under way"), ("done", "done")],
        widget=RadioSelect(inline=True),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["done"] = bool(cleaned.get("done"))
        if cleaned["done"]:
            for name in ("evidence", "difference"):
                if not cleaned.get(name):
                    self.add_error(name, "Write this before you report the action as done.")
        return cleaned


class BecauseForm(Form):
    """A reason."""

    because = forms.CharField(label="Why", widget=text_box(2), max_length=600)


class PlanForm(Form):
    """A sense check: how, and by when."""

    way = forms.ChoiceField(
        label="How",
        choices=SenseCheck.Way.choices,
        initial=SenseCheck.Way.NEWER_CASES,
        widget=RadioSelect(
            hints={
                "newer-cases": "A few people read two to five newer cases and say here what they found.",
                "audit": "An audit begins with the same question, newer months and a short timetable.",
            }
        ),
    )
    due_on = DateField(label="By")


class LookForm(Form):
    """What a sense check looked at, in figures."""

    cases_looked_at = forms.IntegerField(label="Newer cases looked at", min_value=1, max_value=200, required=False)
    looked_from = DateField(label="Records read from", required=False)
    looked_to = DateField(label="Records read to", required=False)
    how = forms.CharField(label="How", widget=text_box(3), required=False, help_text=NO_CHILD)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("looked_from"), cleaned.get("looked_to")
        if first and last and last < first:
            self.add_error("looked_to", "The records end before they begin.")
        return cleaned


class JudgeForm(Form):
    """Whether one recommendation is in practice."""

    verdict = forms.ChoiceField(label="Is it in practice?", choices=Judgement.Verdict.choices, widget=RadioSelect)
    evidence = forms.CharField(label="What shows it", widget=text_box(4), help_text=NO_CHILD)
    seen_in = forms.IntegerField(label="Seen in how many of the cases", min_value=0, max_value=200, required=False)
    then = forms.ChoiceField(
        label="Its actions", choices=Judgement.Then.choices, widget=RadioSelect, initial=Judgement.Then.LEAVE
    )


class ConcludeForm(Form):
    """What the sense check says in a sentence or two."""

    message = forms.CharField(label="In a sentence or two", widget=text_box(3), required=False, help_text=NO_CHILD)
