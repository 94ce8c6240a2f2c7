"""The form that fixes a list: how many places, in which groups, and where the public random number comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms

from candour.sampling import draw
from candour.ui.forms import CheckboxSelectMultiple, Form, RadioSelect, text_box

WHEN = {
    "15": "In a quarter of an hour",
    "60": "In an hour",
    "1440": "This time tomorrow",
}
PLAN = ("places", "grouping", "group_by", "cross_by", "floor")


class FixForm(Form):
    """How many places, in which groups, and where the public random number comes from."""

    mark_optional = False
    places = forms.IntegerField(
        label="How many cases?",
        min_value=1,
        max_value=500,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )
    grouping = forms.ChoiceField(
        label="Groups",
        initial="one",
        help_text="Groups are offered from ten cases on; with fewer, being in a small group can give a child away.",
        choices=[
            ("one", "One group: every child has the same chance"),
            ("proportional", "In groups, in proportion to their children"),
            ("equal", "In groups, the same number from each"),
            ("hand", "In groups, by hand"),
        ],
        widget=RadioSelect,
    )
    group_by = forms.ChoiceField(label="Group by", required=False)
    cross_by = forms.ChoiceField(label="And, crossed with it, by", required=False)
    floor = forms.IntegerField(
        label="At least so many from each group",
        required=False,
        min_value=0,
        max_value=50,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
    source = forms.ChoiceField(
        label="Where the public random number comes from",
        initial="drand",
        choices=[("drand", "drand, a public service"), ("dice", "Ten-sided dice")],
        widget=RadioSelect(
            hints={
                "drand": "Nobody can know or change its number beforehand; anybody can look it up afterwards.",
                "dice": "Thrown by somebody named here, after the list is fixed. No waiting.",
            }
        ),
    )
    when = forms.ChoiceField(
        label="With drand: when?",
        choices=list(WHEN.items()),
        initial="15",
        required=False,
        widget=RadioSelect(inline=True),
    )
    thrown_by = forms.CharField(label="With dice: who throws them?", max_length=120, required=False)
    witnesses = forms.MultipleChoiceField(
        label="With dice: named witnesses",
        required=False,
        help_text="Each throws some of the dice and types them from their own sign-in; nobody sees another’s until all"
        " have. Name none, and whoever draws types what was thrown.",
        widget=CheckboxSelectMultiple(small=True),
    )
    thrown_when = forms.CharField(label="With dice: when and where?", max_length=120, required=False)

    def __init__(self, *args: Any, attributes: Mapping[str, str], witnesses: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("witnesses").choices = list(witnesses.items())
        rows = list(attributes.items())
        self.field("group_by").choices = rows
        self.field("cross_by").choices = [("", "Nothing else"), *rows]
        self.looking = "look" in self.data

    def full_clean(self) -> None:
        """Looking at the groups asks for nothing about the random number."""
        if self.looking:
            self.fields["source"].required = False
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("cross_by") and cleaned.get("cross_by") == cleaned.get("group_by"):
            self.add_error("cross_by", "Choose something else than what the groups are made by already")
        if cleaned.get("source") == "dice" and not self.looking:
            for name, ask in (("thrown_by", "Enter who throws the dice"), ("thrown_when", "Enter when and where")):
                if not cleaned.get(name) and not (name == "thrown_by" and cleaned.get("witnesses")):
                    self.add_error(name, ask)
        return cleaned

    def by_hand(self) -> dict[str, int]:
        """The places typed for each group, by its code."""
        return {
            name.removeprefix("hand-"): int(value)
            for name, value in self.data.items() if name.startswith("hand-") and str(value).strip().isdigit()
        }  # fmt: skip

    def plan(self) -> dict[str, Any]:
        """How many places in which groups, as the action takes it."""
        cleaned = self.cleaned_data
        found = {name: cleaned.get(name) for name in PLAN}
        found["floor"], found["group_by"] = found["floor"] or 0, found["group_by"] or "area"
        return found | {"by_hand": self.by_hand()}

    def settled(self, at: datetime) -> dict[str, Any]:
        """All that is fixed, as the action takes it."""
        cleaned = self.cleaned_data
        if cleaned["source"] == "dice":
            return self.plan() | {name: cleaned[name] for name in ("thrown_by", "thrown_when", "witnesses")}
        ahead = timedelta(minutes=int(cleaned["when"] or 15), seconds=draw.PERIOD)
        return self.plan() | {"beacon_round": draw.round_at(at + ahead)}


class ChooseForm(Form):
    """One case chosen for a reason, beside those drawn."""

    mark_optional = False
    because = forms.CharField(
        label="Why is this case chosen?",
        max_length=2000,
        help_text="What it can teach that the drawn ones may not. No name; it is sealed with the case.",
        widget=text_box(4),
    )
    area = forms.ChoiceField(label="Service area", required=False)

    def __init__(self, *args: Any, areas: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("area").choices = [("", "Not said"), *((name, name) for name in areas)]
