"""Forms about who may be drawn: areas, filters, single children, the council's own figures, service areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from candour.sampling.flow import Reason
from candour.ui.forms import CheckboxSelectMultiple, DateField, Form, RadioSelect, text_box

NARROW = {"class": "govuk-input--width-2"}
FOCUS = ("needs", "factors", "youngest", "oldest", "moments", "first", "last", "second")
LEFT_OUT = ("rules", "recent", "family")


class ScopeForm(Form):
    """Which children of the list may be drawn. What the list does not offer is not asked."""

    mark_optional = False
    areas = forms.MultipleChoiceField(
        label="Service areas that this audit looks at", widget=CheckboxSelectMultiple(small=True)
    )
    needs = forms.MultipleChoiceField(
        label="Need or kind of abuse", required=False, widget=CheckboxSelectMultiple(small=True)
    )
    factors = forms.MultipleChoiceField(
        label="Assessment factors: with any of these", required=False, widget=CheckboxSelectMultiple(small=True)
    )
    youngest = forms.IntegerField(
        label="Youngest age", required=False, min_value=-1, max_value=30, help_text="In years; -1 takes in the unborn.",
        widget=forms.NumberInput(attrs=NARROW),
    )  # fmt: skip
    oldest = forms.IntegerField(
        label="Oldest age", required=False, min_value=-1, max_value=30, widget=forms.NumberInput(attrs=NARROW)
    )
    moments = forms.MultipleChoiceField(
        label="Something happened in the period: any of these",
        required=False,
        widget=CheckboxSelectMultiple(small=True),
    )
    first = DateField(label="From", required=False, help_text="")
    last = DateField(label="To", required=False, help_text="The last day counts.")
    second = forms.ChoiceField(
        label="The second list",
        required=False,
        choices=[
            ("", "Make no difference"),
            ("both", "Only children in both lists"),
            ("here", "Only children not in it"),
        ],
        widget=RadioSelect,
    )
    rules = forms.MultipleChoiceField(label="Leave out", required=False, widget=CheckboxSelectMultiple(small=True))
    recent = forms.BooleanField(label="Leave out children audited in the last twelve months", required=False)
    family = forms.BooleanField(
        label="Only one child of each family",
        required=False,
        help_text="Which one is settled by the list itself; nobody chooses.",
    )

    def __init__(self, *args: Any, offers: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("areas", "needs", "factors", "moments", "rules"):
            self.field(name).choices = [(code, f"{label} ({count})") for code, label, count in offers[name]]
            if not offers[name] and name != "areas":
                del self.fields[name]
        if not offers["moments"]:
            del self.fields["first"], self.fields["last"]
        for name in ("second", "family"):
            if not offers[name]:
                del self.fields[name]
        self.fields["recent"].help_text = offers["recent"]

    def focus(self) -> list[forms.BoundField]:
        """The filters for the practice focus, for the page."""
        return [self[name] for name in FOCUS if name in self.fields]

    def left_out(self) -> list[forms.BoundField]:
        """What leaves children out whatever the focus, for the page."""
        return [self[name] for name in LEFT_OUT if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        youngest, oldest = cleaned.get("youngest"), cleaned.get("oldest")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("oldest", "The oldest age is below the youngest")
        first, last = cleaned.get("first"), cleaned.get("last")
        if cleaned.get("moments"):
            for name in ("first", "last"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, f"Enter the {name} day of the period")
        if first and last and first > last:
            self.add_error("last", "The last day lies before the first")
        return cleaned

    def scope(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        cleaned = self.cleaned_data
        narrowing = {name: _plain(cleaned.get(name)) for name in (*FOCUS, "recent", "family")}
        if not narrowing["moments"]:
            narrowing["first"] = narrowing["last"] = None
        return {"areas": cleaned["areas"], "rules": cleaned.get("rules", []), "narrowing": narrowing}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


class ExcludeForm(Form):
    """One child left out, by number."""

    number = forms.CharField(
        label="The child's number in the list",
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    reason = forms.ChoiceField(label="Reason", choices=Reason.choices)


class FiguresForm(Form):
    """The council's own figure beside each count, and why the two differ."""

    mark_optional = False

    def __init__(self, *args: Any, rows: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for number, row in enumerate(rows):
            self.fields[f"figure-{number}"] = forms.IntegerField(
                label=f"The council’s own: {row['label']}", required=False, min_value=0, initial=row["figure"],
                widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
            )  # fmt: skip
            self.fields[f"why-{number}"] = forms.CharField(
                label=f"Why it differs: {row['label']}", required=False, max_length=500, initial=row["why"]
            )

    def lines(self) -> list[tuple[Mapping[str, Any], forms.BoundField, forms.BoundField]]:
        """Each count with its two fields, for the page."""
        return [(row, self[f"figure-{n}"], self[f"why-{n}"]) for n, row in enumerate(self.rows)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for number, row in enumerate(self.rows):
            figure, why = cleaned.get(f"figure-{number}"), cleaned.get(f"why-{number}", "")
            if figure is not None and figure != row["count"] and not why.strip():
                self.add_error(f"why-{number}", f"{row['label']}: say why the council’s {figure} is not {row['count']}")
        return cleaned

    def figures(self) -> dict[str, tuple[int | None, str]]:
        """What was said, by the code of each value."""
        cleaned = self.cleaned_data
        return {row["code"]: (cleaned[f"figure-{n}"], cleaned[f"why-{n}"]) for n, row in enumerate(self.rows)}


class AreaForm(Form):
    """One service area as a partnership has it."""

    mark_optional = False
    name = forms.CharField(label="Name", max_length=60)
    position = forms.IntegerField(
        label="Its turn",
        min_value=1,
        max_value=999,
        help_text="A child stands in the first area that applies: the lower number comes first.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )
    words = forms.CharField(
        label="What a list’s status may say",
        required=False,
        max_length=2000,
        help_text="One a line, as the case system writes it. Capital letters do not matter.",
        widget=text_box(5),
    )
    teams = forms.CharField(
        label="Teams whose children belong here",
        required=False,
        max_length=2000,
        help_text="One a line: a part of the team’s name is enough.",
        widget=text_box(3),
    )
    used = forms.BooleanField(label="This area is in use", required=False)
