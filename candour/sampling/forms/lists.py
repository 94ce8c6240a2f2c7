"""Forms about a list: giving it, mapping its columns, saying who may be drawn, fixing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from candour.sampling import draw, readers
from candour.sampling.flow import Reason
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
