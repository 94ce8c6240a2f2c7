"""What the coordinator asks for, and the purpose and the form in which a list is opened."""

from collections.abc import Iterable
from typing import Any

from django import forms

from candour.identity.models import Purpose
from candour.people.models import Service
from candour.sampling.models import Case
from candour.ui.forms import CheckboxSelectMultiple, DateField, FilterForm, Form, RadioSelect, text_box


class AddServiceForm(Form):
    """One more service, about which cases, and where the mention of it comes from."""

    service = forms.ChoiceField(label="Service")
    cases = forms.MultipleChoiceField(label="About which cases?", widget=CheckboxSelectMultiple(small=True))
    mention = forms.CharField(
        label="Where does the mention come from?",
        max_length=120,
        help_text="For example “named by health visiting, Case 2”. No names of people.",
    )
    mentioned_by = forms.ChoiceField(label="Which service named it, if one did?", required=False)
    from_on = DateField(
        label="From",
        required=False,
        help_text="Only where it knew the child for a part of the period: the school after a move, for example.",
    )
    until_on = DateField(label="Until", required=False, help_text="For example the last day at the earlier practice.")

    def __init__(
        self, *args: Any, services: Iterable[Service], cases: Iterable[Case], named_by: Iterable[Service], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.services = {service.pk: service for service in services}
        self.named_by = {service.pk: service for service in named_by}
        self.field("mentioned_by").choices = [("", "None"), *((pk, str(one)) for pk, one in self.named_by.items())]
        self.all_cases = {case.pk: case for case in cases}
        named = [(pk, f"{service.name}, {service.agency}") for pk, service in self.services.items()]
        self.field("service").choices = [("", "Choose a service"), *named]
        self.field("cases").choices = [(pk, str(case)) for pk, case in self.all_cases.items()]

    def chosen(self) -> dict[str, Any]:
        """The service and the cases chosen, and the mention."""
        return {
            "service": self.services[self.cleaned_data["service"]],
            "cases": [self.all_cases[pk] for pk in self.cleaned_data["cases"]],
            "mention": self.cleaned_data["mention"],
            "mentioned_by": self.named_by.get(self.cleaned_data["mentioned_by"]),
            "between": (self.cleaned_data["from_on"], self.cleaned_data["until_on"]),
        }

    def clean(self) -> dict[str, Any]:
        """Dates in their order."""
        first, last = self.cleaned_data.get("from_on"), self.cleaned_data.get("until_on")
        if first and last and first > last:
            self.add_error("until_on", "Give a last day that is not before the first")
        return self.cleaned_data


class GridFilter(FilterForm):
    """Which services of the grid to look at."""

    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", "Every service"),
            ("answers", "Answers still to give"),
            ("late", "Something late"),
            ("returns", "Returns still to come"),
            ("unnamed", "Returns with nobody named"),
            ("phone", "To be phoned about"),
            ("away", "Somebody away, or who has left"),
            ("undelivered", "Not delivered"),
        ],
    )

    def chosen(self) -> str:
        """The kind of service chosen; none where somebody typed another one into the address."""
        return self.cleaned_data["show"] if self.is_valid() else ""


class KeepForm(Form):
    """Why a case stays in the audit all the same."""

    because = forms.CharField(
        label="Why does it stay?",
        max_length=500,
        widget=text_box(3),
        help_text="Kept with the case. No names.",
    )


class PurposeForm(Form):
    """What the list is opened for: one of the preset purposes."""

    purpose = forms.ChoiceField(
        label="What do you open it for?",
        choices=[(one.value, one.label) for one in (Purpose.MATCH, Purpose.AUDIT, Purpose.DISCUSS)],
        initial=Purpose.MATCH,
    )


class TakeForm(Form):
    """Which way the password of an encrypted list goes."""

    way = forms.ChoiceField(
        label="Which way shall the password go?",
        choices=[
            ("text", "As a text message to my mobile"),
            ("shown", "Shown on the next page, for me to write down or read out by phone"),
        ],
        widget=RadioSelect,
    )

    def __init__(self, *args: Any, mobile: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        way = self.field("way")
        if mobile:
            way.choices = [("text", f"As a text message to my mobile, which ends in {mobile[-3:]}"), way.choices[1]]
        else:
            way.choices = way.choices[1:]
            self.initial.setdefault("way", "shown")
