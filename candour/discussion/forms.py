"""Forms of the discussion: they clean what was typed and decide nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from candour.discussion.flow import Coming
from candour.tools.document import GRADES
from candour.ui.forms import DateField, Form, RadioSelect, text_box

if TYPE_CHECKING:
    from collections.abc import Iterable

    from candour.discussion.models import Attendance
    from candour.discussion.queries.board import Line
    from candour.people.models import Agency, Service, User


class ArrangeForm(Form):
    """When and where the room meets, who leads it and who writes."""

    meets_on = DateField(label="Day")
    starts_at = forms.TimeField(
        label="Time", required=False, input_formats=["%H:%M", "%H.%M"], help_text="For example, 09:30"
    )
    place = forms.CharField(label="Place", max_length=160, help_text="A room, or that it is held online.")
    minutes_per_case = forms.IntegerField(label="Minutes for each case", min_value=5, max_value=180, initial=30)

    def __init__(self, *args: Any, leaders: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leaders = {person.pk: person for person in leaders}
        people = [(pk, str(person)) for pk, person in self.leaders.items()]
        self.fields["chair"] = forms.ChoiceField(
            label="Chair", choices=[("", "Not named yet"), *people], required=False
        )
        self.fields["scribe"] = forms.ChoiceField(
            label="Scribe", choices=[("", "The chair writes"), *people], required=False
        )

    def clean_chair(self) -> User | None:
        return self.leaders.get(self.cleaned_data["chair"])

    def clean_scribe(self) -> User | None:
        return self.leaders.get(self.cleaned_data["scribe"])


class AttendanceForm(Form):
    """Who comes, service by service."""

    def __init__(self, *args: Any, rows: Iterable[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            pk = row.service_id
            self.fields[f"coming_{pk}"] = forms.ChoiceField(
                label=row.service.name,
                choices=Coming.choices,
                initial=row.coming,
                widget=RadioSelect(inline=True),
            )
            self.fields[f"who_{pk}"] = forms.CharField(
                label="Who comes", max_length=120, required=False, initial=row.who
            )

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """Each service's two fields, for the page."""
        return [(self[f"coming_{row.service_id}"], self[f"who_{row.service_id}"]) for row in self.rows]

    @property
    def answers(self) -> list[tuple[Service, str, str]]:
        """What was said for each service."""
        said = self.cleaned_data
        return [(r.service, said[f"coming_{r.service_id}"], said[f"who_{r.service_id}"]) for r in self.rows]


class StoryForm(Form):
    """The case in a few lines, as the room told it."""

    story = forms.CharField(label="The story in five lines", widget=text_box(6), required=False)
    household = forms.CharField(label="The household", widget=text_box(2), required=False)
    key_dates = forms.CharField(label="Key dates", widget=text_box(4), required=False, help_text="One a line.")
    voice = forms.CharField(label="In the child’s and the parents’ own words", widget=text_box(3), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ConclusionForm(Form):
    """The room's conclusion in one domain."""

    reason = forms.CharField(label="Reason", widget=text_box(5))
    dissent = forms.CharField(label="Anyone who sees it otherwise", widget=text_box(2), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, graded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if graded:
            self.fields["grade"] = forms.ChoiceField(
                label="The room’s grade", choices=list(GRADES.items()), widget=forms.RadioSelect
            )
            self.order_fields(["grade", "reason", "dissent", "version"])


class AcceptForm(Form):
    """Everything on which services agree, taken over together after one Good was looked at."""

    def __init__(self, *args: Any, testable: Iterable[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(line.domain, line.label) for line in testable]
        if choices:
            self.fields["tested"] = forms.ChoiceField(
                label="Which agreed “Good” did the room look at?", choices=choices, widget=forms.RadioSelect
            )
            self.fields["tested_note"] = forms.CharField(
                label="What the room saw in it", widget=text_box(2), help_text="Why it is good, or what was missing."
            )


class CatchForm(Form):
    """An action caught at the table."""

    text = forms.CharField(label="What is to be done", widget=text_box(2), max_length=600)
    due_on = DateField(label="By when")

    def __init__(self, *args: Any, agencies: Iterable[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {agency.pk: agency for agency in agencies}
        choices = [(pk, str(agency)) for pk, agency in self.agencies.items()]
        self.fields["agency"] = forms.ChoiceField(label="Which agency", choices=choices)
        self.order_fields(["text", "agency", "due_on"])

    def clean_agency(self) -> Agency:
        return self.agencies[self.cleaned_data["agency"]]


class ReopenForm(Form):
    """Why an agreed case is opened again."""

    reason = forms.CharField(label="Why is this case opened again?", widget=text_box(2))
