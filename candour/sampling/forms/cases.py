"""Forms about a draw and its cases."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from candour.sampling import draw, readers
from candour.sampling.flow import Reason, VoidReason
from candour.ui.forms import Form, RadioSelect, text_box

LARGEST_FORM = 5 * 1024 * 1024


class NumberForm(Form):
    """The public random number, typed or pasted."""

    number = forms.CharField(
        label="The public random number",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "class": "cd-mono"}),
    )

    def __init__(
        self, *args: Any, beacon_round: int | None, digits: int = 0, thrown: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.beacon_round, self.thrown = beacon_round, thrown
        if thrown is not None:
            del self.fields["number"]
        elif beacon_round is None:
            self.fields["number"].label = "The digits thrown, in order"
            self.fields["number"].help_text = f"At least {digits} digits; spaces between them do not matter."
        else:
            self.fields[
                "number"
            ].help_text = "The 64 digits called “randomness”, or the whole answer of one of the pages."

    def source(self) -> str:
        """The source as the draw takes it: what was typed here, or what witnesses threw."""
        return self.cleaned_data["number"] if self.thrown is None else self.thrown

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


class ThrowForm(Form):
    """What one named witness threw."""

    mark_optional = False
    digits = forms.CharField(
        label="The digits that you threw, in order",
        max_length=400,
        widget=forms.TextInput(attrs={"class": "cd-mono", "inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, dice: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dice = dice
        self.fields["digits"].help_text = f"At least {dice}; spaces between them do not matter. A ten counts as 0."

    def clean_digits(self) -> str:
        """The digits without what stands between them."""
        digits = "".join(self.cleaned_data["digits"].split()).replace(",", "")
        if not (digits.isascii() and digits.isdigit()):
            raise forms.ValidationError("Enter digits only")
        if not self.dice <= len(digits) <= 200:
            raise forms.ValidationError(f"Enter at least {self.dice} digits; these are {len(digits)}")
        return digits


class FilledIdentitiesForm(Form):
    """The form for identities, filled."""

    mark_optional = False
    upload = forms.FileField(
        label="The filled form",
        help_text="The Excel file that you took here, with the rows filled. What was understood is shown before"
        " anything is kept.",
    )

    def given(self) -> list[tuple[str, bytes]]:
        """What was given, as name and bytes."""
        upload = self.cleaned_data["upload"]
        return [(upload.name or "", upload.read())]

    def clean_upload(self) -> Any:
        """A form of this kind is small."""
        upload = self.cleaned_data["upload"]
        if upload.size > LARGEST_FORM:
            raise forms.ValidationError("This is larger than a form for identities can be. Choose the form itself")
        return upload


class ReplaceForm(Form):
    """Why a case is replaced."""

    reason = forms.ChoiceField(label="Why is this case replaced?", choices=Reason.choices, widget=RadioSelect)
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        help_text="Who said so, and when. It is sealed with the case.",
        widget=text_box(3),
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
