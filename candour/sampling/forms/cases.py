"""Forms about a draw and its cases."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from candour.sampling import draw, readers
from candour.sampling.flow import Reason, VoidReason
from candour.ui.forms import Form, RadioSelect


class NumberForm(Form):
    """The public random number, typed or pasted."""

    number = forms.CharField(
        label="The public random number",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "class": "cd-mono"}),
    )

    def __init__(self, *args: Any, beacon_round: int | None, digits: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.beacon_round = beacon_round
        if beacon_round is None:
            self.fields["number"].label = "The digits thrown, in order"
            self.fields["number"].help_text = f"At least {digits} digits; spaces between them do not matter."
        else:
            self.fields[
                "number"
            ].help_text = "The 64 digits called “randomness”, or the whole answer of one of the pages."

    def clean_number(self) -> str:
        """The source as the draw takes it."""
        said = self.cleaned_data["number"].strip()
        if self.beacon_round is None:
            digits = "".join(said.split()).replace(",", "")
            if not (digits.isascii() and digits.isdigit()):
                raise forms.ValidationError("Enter digits only")
            return f"{draw.DICE}:{digits}"
        return f"{draw.BEACON}:{self.beacon_round}:{self._randomness(said)}"

    def _randomness(self, said: str) -> str:
        if said.startswith("{"):
            try:
                answer = json.loads(said)
                if int(answer["round"]) != self.beacon_round:
                    raise forms.ValidationError(f"This is round {int(answer['round'])}, not {self.beacon_round}")
                said = str(answer["randomness"])
            except (ValueError, KeyError, TypeError):
                raise forms.ValidationError("This is not the answer of one of the pages") from None
        value = "".join(said.split()).lower().strip('"')
        if len(value) != 64 or set(value) - set("0123456789abcdef"):
            raise forms.ValidationError("Enter the 64 digits, each 0 to 9 or a to f")
        return value


class ReplaceForm(Form):
    """Why a case is replaced."""

    reason = forms.ChoiceField(label="Why is this case replaced?", choices=Reason.choices, widget=RadioSelect)
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        help_text="Who said so, and when. It is sealed with the case.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class VoidForm(Form):
    """Why a draw is voided."""

    reason = forms.ChoiceField(label="Why is this draw voided?", choices=VoidReason.choices, widget=RadioSelect)


class GivenForm(Form):
    """Cases that somebody else chose: how many of each service area."""

    mark_optional = False
    origin = forms.CharField(
        label="Who chose the cases?", max_length=120, help_text="For example: the inspectors, on 2 November."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in self.names().items():
            self.fields[f"area-{code}"] = forms.IntegerField(
                label=name,
                min_value=0,
                max_value=60,
                required=False,
                widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
            )

    @staticmethod
    def names() -> dict[str, str]:
        """The areas offered, by code."""
        left = {"all", "closed", "contact-only", "referral-nfa"}
        return {code: name for code, name in readers.areas.NAMES.items() if code not in left} | {"none": "Not said"}

    def counts(self) -> list[forms.BoundField]:
        """The fields for the counts, for the page."""
        return [self[f"area-{code}"] for code in self.names()]

    def given(self) -> list[str]:
        """One area for each case."""
        return [
            "" if code == "none" else name
            for code, name in self.names().items()
            for _ in range(self.cleaned_data.get(f"area-{code}") or 0)
        ]
