"""Forms of the second step: they clean what was typed and decide nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from candour.sampling import draw, readers
from candour.sampling.flow import Reason, VoidReason
from candour.ui.forms import CheckboxSelectMultiple, Form, RadioSelect

UNUSED = ("", "Not used")
WHEN = {
    "15": "In a quarter of an hour",
    "60": "In an hour",
    "1440": "This time tomorrow",
}


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Every file that was chosen."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in files]


class GiveForm(Form):
    """A list as files or as pasted rows."""

    mark_optional = False
    uploads = FilesField(
        label="Files",
        required=False,
        help_text="Annex A (.xlsx, or one CSV for each list), the children in need census (.xml), SSDA903 (.csv), or any"
        " table with one row for each child. Several at once, or a zip of them, are read as one list.",
    )
    pasted = forms.CharField(
        label="Or paste the rows",
        required=False,
        strip=False,
        max_length=2_000_000,
        help_text="Copied from a spreadsheet, with the row of headings. Names are not needed; leave them out.",
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )

    def given(self) -> list[tuple[str, bytes]]:
        """What was given, as names and bytes."""
        pasted = self.cleaned_data["pasted"].strip("\r\n")
        files = [(one.name or "", one.read()) for one in self.cleaned_data["uploads"]]
        return files + ([("Pasted rows", pasted.encode())] if pasted else [])


class ColumnsForm(Form):
    """What each column of a table is."""

    def __init__(self, *args: Any, previews: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for table in previews:
            for place, heading in enumerate(table["headings"]):
                self.fields[f"{table['key']}-{place}"] = forms.ChoiceField(
                    label=heading or f"Column {place + 1}",
                    required=False,
                    choices=[UNUSED, *readers.table.ROLES.items()],
                    initial=(table["roles"] or {}).get(str(place), ""),
                )

    mark_optional = False

    def columns(self) -> dict[str, dict[int, str]]:
        """The columns as mapped: for each table, the roles by position."""
        found: dict[str, dict[int, str]] = {}
        for name, role in self.cleaned_data.items():
            key, place = name.split("-")
            if role:
                found.setdefault(key, {})[int(place)] = role
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        met: set[tuple[str, str]] = set()
        for name, role in list(cleaned.items()):
            key = (name.split("-")[0], role)
            if role and key in met:
                self.add_error(name, f"Two columns cannot both be: {readers.table.ROLES[role].lower()}")
            met.add(key)
        return cleaned


class ScopeForm(Form):
    """Which children of the list may be drawn."""

    areas = forms.MultipleChoiceField(
        label="Service areas that this audit looks at", widget=CheckboxSelectMultiple(small=True)
    )
    rules = forms.MultipleChoiceField(label="Leave out", required=False, widget=CheckboxSelectMultiple(small=True))
    own_figure = forms.IntegerField(
        label="Children in the council's own report for the same period",
        required=False,
        min_value=0,
        help_text="A figure that somebody else counted shows whether a child was left out of the list.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
    )
    difference = forms.CharField(
        label="If it differs from the list: why?", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, *args: Any, areas: Iterable[tuple[str, str, int]], rules: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["areas"].choices = [(code, f"{name} ({count})") for code, name, count in areas]  # type: ignore[attr-defined]
        self.fields["rules"].choices = list(rules)  # type: ignore[attr-defined]
        if not rules:
            del self.fields["rules"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return {"rules": [], **cleaned}


class ExcludeForm(Form):
    """One child left out, by number."""

    number = forms.CharField(
        label="The child's number in the list",
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    reason = forms.ChoiceField(label="Reason", choices=Reason.choices)


class FixForm(Form):
    """How many places, in which groups, and where the public random number comes from."""

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
            ("proportional", "By service area, in proportion to its children"),
            ("equal", "By service area, the same number from each"),
            ("hand", "By service area, by hand"),
        ],
        widget=RadioSelect,
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
    thrown_when = forms.CharField(label="With dice: when and where?", max_length=120, required=False)

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = areas
        for code, name, count in areas:
            self.fields[f"hand-{code}"] = forms.IntegerField(
                label=f"{name} ({count})",
                min_value=0,
                max_value=count,
                required=False,
                widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
            )

    def plain(self) -> list[forms.BoundField]:
        """The fields that everybody answers, for the page."""
        return [self[name] for name in ("places", "grouping")]

    def hands(self) -> list[forms.BoundField]:
        """The fields for places by hand."""
        return [self[f"hand-{code}"] for code, _, _ in self.areas]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("source") == "dice":
            for name, ask in (("thrown_by", "Enter who throws the dice"), ("thrown_when", "Enter when and where")):
                if not cleaned.get(name):
                    self.add_error(name, ask)
        return cleaned

    def settled(self, at: datetime) -> dict[str, Any]:
        """What is fixed, as the action takes it."""
        cleaned = self.cleaned_data
        found: dict[str, Any] = {"places": cleaned["places"], "grouping": cleaned["grouping"]}
        found["by_hand"] = {code: cleaned.get(f"hand-{code}") or 0 for code, _, _ in self.areas}
        if cleaned["source"] == "dice":
            return found | {"thrown_by": cleaned["thrown_by"], "thrown_when": cleaned["thrown_when"]}
        ahead = timedelta(minutes=int(cleaned["when"] or 15), seconds=draw.PERIOD)
        return found | {"beacon_round": draw.round_at(at + ahead)}


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
