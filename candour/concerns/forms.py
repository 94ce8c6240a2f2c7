import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms

from candour.concerns.models import Route
from candour.kernel.clock import LONDON, now
from candour.people.models import User
from candour.ui.forms import DateField, Form, RadioSelect

TIME = re.compile(r"(\d{1,2})[:.](\d{2})")


class UnsafeForm(Form):
    """What was said on the phone about a child who may be unsafe now."""

    phoned_on = DateField(label="On which day did you phone?")
    phoned_time = forms.CharField(
        label="At what time?",
        max_length=5,
        help_text="For example, 14:30",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )
    told_whom = forms.CharField(label="Whom did you tell?", max_length=200, help_text="Name and role, or the desk.")
    reference = forms.CharField(label="Reference that you were given", max_length=80, required=False)
    text = forms.CharField(
        label="What did you see?",
        help_text="What in the record or the case makes you think that a child is unsafe.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
    )
    outcome = forms.CharField(
        label="What was agreed?",
        required=False,
        help_text="You can add this later.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    def clean_phoned_time(self) -> time:
        """The time on a London clock."""
        found = TIME.fullmatch(self.cleaned_data["phoned_time"].strip())
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            raise forms.ValidationError("Enter the time as hours and minutes, for example 14:30")
        return time(int(found[1]), int(found[2]))

    def clean(self) -> dict[str, Any]:
        """Day and time as one instant, which has to have passed."""
        said = self.cleaned_data
        if said.get("phoned_on") and said.get("phoned_time"):
            said["phoned_at"] = datetime.combine(said["phoned_on"], said["phoned_time"], LONDON)
            if said["phoned_at"] > now():
                self.add_error("phoned_time", "This time lies ahead. Phone first, then write it down")
        return said

    def call(self) -> dict[str, Any]:
        """The call, as the record of it is made."""
        names = ("text", "phoned_at", "told_whom", "reference", "outcome")
        return {name: self.cleaned_data[name] for name in names}


class PracticeForm(Form):
    """A concern about practice or a person, the way it goes and who receives it."""

    route = forms.ChoiceField(
        label="Which way does it go?",
        choices=[(one.value, one.label) for one in (Route.EMPLOYER, Route.LADO, Route.ESCALATION)],
        widget=RadioSelect(
            hints={
                Route.EMPLOYER: "Poor practice, or a worry about how somebody works.",
                Route.LADO: "Somebody who works with children may have harmed a child or may be a risk to children.",
                Route.ESCALATION: "A decision of another agency that leaves a child at risk.",
            }
        ),
    )
    owner = forms.ChoiceField(label="Who receives it?")
    text = forms.CharField(label="What is the concern?", widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)

    def __init__(self, *args: Any, recipients: Iterable[tuple[User, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {user.pk: user for user, _ in recipients}
        owner: Any = self.fields["owner"]
        owner.choices = [("", "Choose a person"), *((user.pk, text) for user, text in recipients)]

    def concern(self) -> dict[str, Any]:
        """The concern, with the person who receives it."""
        said = self.cleaned_data
        return {"route": said["route"], "owner": self.people[said["owner"]], "text": said["text"]}


class AddForm(Form):
    """What became known later."""

    text = forms.CharField(label="Add to it", widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class CloseForm(Form):
    """What came of a concern."""

    note = forms.CharField(label="What came of it?", widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
