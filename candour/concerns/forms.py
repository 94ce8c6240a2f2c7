"""What is typed of a concern, and of the rule for who takes one up."""

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms

from candour.concerns.models import Route, Rule
from candour.concerns.queries import CONTACTS
from candour.kernel.clock import LONDON, now
from candour.people.models import Partnership, User
from candour.ui.forms import DateField, Form, RadioSelect, text_box

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
        widget=text_box(5),
        max_length=4000,
    )
    outcome = forms.CharField(
        label="What was agreed?",
        required=False,
        help_text="You can add this later.",
        widget=text_box(3),
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
    text = forms.CharField(label="What is the concern?", widget=text_box(5), max_length=4000)

    def __init__(self, *args: Any, recipients: Iterable[tuple[User, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {user.pk: user for user, _ in recipients}
        self.field("owner").choices = [("", "Choose a person"), *((user.pk, text) for user, text in recipients)]

    def concern(self) -> dict[str, Any]:
        """The concern, with the person who receives it."""
        said = self.cleaned_data
        return {"route": said["route"], "owner": self.people[said["owner"]], "text": said["text"]}


class AddForm(Form):
    """What became known later."""

    text = forms.CharField(label="Add to it", widget=text_box(3), max_length=4000)


class PassForm(Form):
    """To whom a concern about practice is passed on, and why."""

    owner = forms.ChoiceField(label="Who receives it from now on?")
    reason = forms.CharField(
        label="Why does it go to them?",
        help_text="Kept with the concern, for whoever has it.",
        widget=text_box(3),
        max_length=2000,
    )

    def __init__(self, *args: Any, recipients: Iterable[tuple[User, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {user.pk: user for user, _ in recipients}
        self.field("owner").choices = [("", "Choose a person"), *((user.pk, text) for user, text in recipients)]

    def passed(self) -> dict[str, Any]:
        """The person, and the reason."""
        return {"owner": self.people[self.cleaned_data["owner"]], "reason": self.cleaned_data["reason"]}


class CloseForm(Form):
    """What came of a concern."""

    note = forms.CharField(label="What came of it?", widget=text_box(3), max_length=4000)


class RuleForm(Form):
    """Whom to phone in a partnership, who takes up a concern, and when it rises to whom."""

    front_door_phone = forms.CharField(label="Children’s social care, front door", max_length=40)
    out_of_hours_phone = forms.CharField(label="Out of hours", max_length=40, required=False)
    police_phone = forms.CharField(label="Police", max_length=40, help_text="For example, 999 in an emergency, or 101")
    lado_contact = forms.CharField(label="Designated officer (LADO)", max_length=120, required=False)
    escalation_url = forms.URLField(
        label="Address of your escalation policy", required=False, assume_scheme="https", max_length=200
    )
    manager = forms.ChoiceField(label="Who owns a new concern about a child’s safety?", required=False)
    hours = forms.IntegerField(
        label="After how many hours does it rise, if nobody takes it up?",
        min_value=1,
        max_value=72,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )
    office_hours = forms.ChoiceField(
        label="Which hours count?",
        choices=[("", "Every hour, day and night"), ("yes", "From nine to five on working days")],
        required=False,
        widget=RadioSelect,
    )
    rises_to = forms.ChoiceField(
        label="To whom does it rise first?",
        required=False,
        help_text="The second time it rises to every social care manager, and you are told that it is open still.",
    )

    def __init__(self, *args: Any, partnership: Partnership, rule: Rule, managers: Iterable[User], **more: Any) -> None:
        said = {name: getattr(partnership, name) for name in CONTACTS}
        said |= {"manager": rule.manager_id, "rises_to": rule.rises_to_id, "hours": rule.hours}
        super().__init__(*args, initial=said | {"office_hours": "yes" if rule.office_hours else ""}, **more)
        self.people: dict[str, User] = {one.pk: one for one in managers}
        for name, nobody in (("manager", "The first of the social care managers"), ("rises_to", "All of them")):
            self.field(name).choices = [("", nobody), *((pk, str(one)) for pk, one in self.people.items())]

    def contacts(self) -> dict[str, str]:
        """Whom to phone, where to write."""
        return {name: self.cleaned_data[name] for name in CONTACTS}

    def rule(self) -> dict[str, Any]:
        """Who takes up a concern, and when it rises."""
        said = self.cleaned_data
        people = {name: self.people.get(said[name]) for name in ("manager", "rises_to")}
        return {**people, "hours": said["hours"], "office_hours": bool(said["office_hours"])}
