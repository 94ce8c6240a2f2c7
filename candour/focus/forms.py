"""Forms of the first step: they clean what was typed and decide nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator

from candour.focus.flow import CasesFrom, MilestoneKind, Pace
from candour.ui.forms import DateField, Form, text_box

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from candour.focus.models import Audit
    from candour.people.models import Partnership, Service
    from candour.tools.models import ToolVersion

MOST_DAYS = 60
NO_NAMES = "Do not name or describe a child here: everybody who takes part in the audit reads this."
CODE = RegexValidator(r"^\d{4}-\d{2,3}$", "Write the code as the year, a hyphen and a number, like 2026-03.")


def labelled(service: Service) -> str:
    """A service with its agency, where that says more."""
    same = service.name == service.agency.name
    return service.name if same else f"{service.name} ({service.agency.name})"


class QuestionForm(Form):
    """The practice question and the children whose records are read."""

    code = forms.CharField(label="Code", max_length=8, validators=[CODE], help_text="Like 2026-03.")
    title = forms.CharField(label="Practice question", max_length=140, help_text="Ask it as a question.")
    summary = forms.CharField(label="In two sentences", widget=text_box(3), required=False, help_text=NO_NAMES)
    who = forms.CharField(
        label="Which children",
        max_length=300,
        help_text="For example: children under 10 with an injury at contact.",
    )
    review_from = DateField(label="Records are read from")
    review_to = DateField(label="Records are read to")
    inclusion_rule = forms.CharField(
        label="Inclusion rule",
        widget=text_box(3),
        required=False,
        help_text="How one can tell that a child belongs in.",
    )
    lines = forms.CharField(label="Key lines of enquiry", widget=text_box(6), required=False, help_text="One a line.")
    cases_from = forms.ChoiceField(
        label="Where the cases come from",
        choices=CasesFrom.choices,
        widget=forms.RadioSelect,
        initial=CasesFrom.DRAWN,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("review_from"), cleaned.get("review_to")
        if first and last and last < first:
            self.add_error("review_to", "The review period ends before it begins.")
        return cleaned


class PaceForm(Form):
    """From when, and how quickly: what the timetable is worked out from."""

    starts_on = DateField(label="The work starts on")
    pace = forms.ChoiceField(label="Pace", choices=Pace.choices, widget=forms.RadioSelect, initial=Pace.ORDINARY)


class StartForm(QuestionForm, PaceForm):
    """A new audit. The partnership is asked for only where there are several."""

    field_order = [
        "partnership",
        "code",
        "title",
        "summary",
        "who",
        "review_from",
        "review_to",
        "starts_on",
        "pace",
    ]

    def __init__(self, *args: Any, partnerships: list[Partnership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnerships = {row.pk: row for row in partnerships}
        if len(partnerships) > 1:
            choices = [(row.pk, str(row)) for row in partnerships]
            self.fields["partnership"] = forms.ChoiceField(
                label="Partnership", choices=choices, widget=forms.RadioSelect
            )
            self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = cleaned.get("partnership") or next(iter(self.partnerships))
        return cleaned | {"partnership": self.partnerships[chosen]}


class SourcesForm(Form):
    """A note of evidence for each source that the focus was chosen on."""

    def __init__(self, *args: Any, rows: Iterable[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label, evidence in rows:
            self.fields[kind] = forms.CharField(label=label, required=False, initial=evidence, widget=text_box(2))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(note.strip() for note in cleaned.values()):
            raise forms.ValidationError("Write down the evidence for at least one source.")
        return cleaned


class ServicesForm(Form):
    """The services expected, by agency."""

    keep = forms.BooleanField(label="Keep these as our core services for the next audits", required=False)

    def __init__(self, *args: Any, services: Iterable[Service], chosen: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = {service.pk: service for service in services}
        choices = [(pk, labelled(service)) for pk, service in self.services.items()]
        self.fields["services"] = forms.MultipleChoiceField(
            label="Services expected",
            choices=choices,
            initial=sorted(chosen),
            widget=forms.CheckboxSelectMultiple,
        )
        self.order_fields(["services", "keep"])

    def clean_services(self) -> list[Service]:
        return [self.services[pk] for pk in self.cleaned_data["services"]]


class ToolForm(Form):
    """The questions that services answer, and on what basis."""

    def __init__(self, *args: Any, tools: Iterable[ToolVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tools = {version.pk: version for version in tools}
        choices = [(pk, f"{version.tool.name} (version {version.number})") for pk, version in self.tools.items()]
        self.fields["tool"] = forms.ChoiceField(
            label="Audit tool",
            choices=choices,
            widget=forms.RadioSelect,
            help_text="The core tool suits any question; the others put a theme in its place.",
        )
        self.initial["tool"] = self.initial.get("tool") or next(iter(self.tools), None)
        self.fields["graded"] = forms.TypedChoiceField(
            label="Do services grade their own work?",
            choices=[("yes", "Yes, each section with a reason"), ("no", "No, in words only")],
            coerce=lambda value: value == "yes",
            widget=forms.RadioSelect,
        )
        self.fields["lawful_basis"] = forms.CharField(
            label="Lawful basis and data protection",
            widget=text_box(4),
            required=False,
            help_text="On what basis records are read and shared, and where the impact assessment is.",
        )

    def clean_tool(self) -> ToolVersion:
        return self.tools[self.cleaned_data["tool"]]


class TimetableForm(Form):
    """The dates of an audit, one a row."""

    def __init__(self, *args: Any, dates: Mapping[str, date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in MilestoneKind.choices:
            self.fields[kind] = DateField(label=label, initial=dates.get(kind), help_text="")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        before: tuple[str, date] | None = None
        for kind, label in MilestoneKind.choices:
            day = cleaned.get(kind)
            if day and before and day < before[1]:
                self.add_error(kind, f"{label} falls before “{before[0]}”.")
            before = (label, day) if day else before
        return cleaned


class DaysField(forms.CharField):
    """Numbers of working days, such as 5, 1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "text"}), **kwargs)

    def to_python(self, value: Any) -> Any:
        words = str(value or "").replace(",", " ").split()
        if not all(word.isdigit() and 1 <= int(word) <= MOST_DAYS for word in words):
            raise forms.ValidationError(f"Write working days as numbers from 1 to {MOST_DAYS}, like 5, 1.")
        return sorted({int(word) for word in words})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class RemindersForm(Form):
    """On which working days around a due date people are reminded, and when the board member hears."""

    mark_optional = False
    before = DaysField(label="Remind people so many working days before", help_text="Like 5, 1. Empty for never.")
    on_the_day = forms.BooleanField(label="Remind people on the day", required=False)
    after = DaysField(
        label="Remind people so many working days after",
        help_text="Like 1. Whoever has finished or declined hears nothing. After the last of these, once a week for "
        "four weeks.",
    )
    escalate = DaysField(
        label="Write to the agency’s board member so many working days after",
        help_text="Like 3, 5. For answers and returns that are still to come. Empty for never.",
    )

    def days(self) -> dict[str, list[int]]:
        """As an audit keeps them."""
        said = self.cleaned_data
        around = [-days for days in said["before"]] + [0] * said["on_the_day"] + said["after"]
        return {"remind_on": around, "escalate_on": said["escalate"]}

    @staticmethod
    def of(audit: Audit) -> dict[str, Any]:
        """As the form shows what an audit keeps."""
        return {
            "before": sorted((-days for days in audit.remind_on if days < 0), reverse=True),
            "on_the_day": 0 in audit.remind_on,
            "after": [days for days in audit.remind_on if days > 0],
            "escalate": audit.escalate_on,
        }


class DecisionForm(Form):
    """Who decided on the audit, and when."""

    decided_by = forms.CharField(
        label="Which group decided", max_length=120, help_text="For example: quality assurance group."
    )
    decided_on = DateField(label="When")


class HolidayForm(Form):
    """One school holiday to leave out of the working days."""

    first = DateField(label="First day")
    last = DateField(label="Last day")
