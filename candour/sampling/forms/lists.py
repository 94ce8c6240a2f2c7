"""Forms about a list: giving it, giving a second one beside it, mapping its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from candour.sampling import readers
from candour.ui.forms import Form

UNUSED = ("", "Not used")


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
        help_text="Annex A, the children in need census, SSDA903, the Standard Safeguarding Dataset, or any table with one"
        " row for each child: as a workbook (.xlsx, .xls, .xlsb, .ods), CSV or XML. Several at once, or a zip of them, are"
        " read as one list.",
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


class SecondForm(GiveForm):
    """A second list, joined to the first."""

    same_numbers = forms.BooleanField(
        label="Its numbers are those of the first list’s case system",
        required=False,
        help_text="Tick this only if one number stands for one child in both. Otherwise children are found by NHS"
        " number, UPN, or name and date of birth.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].help_text = (
            "For example the youth justice service’s list: any table with one row for"
            " each child, with name and date of birth or an identifier."
        )
        self.fields["pasted"].help_text = "Copied from a spreadsheet, with the row of headings."


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


class CodesForm(Form):
    """What each spelling in a column of codes means that was not understood by itself."""

    mark_optional = False

    def __init__(self, *args: Any, unknown: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in unknown:
            self.fields[one["print"]] = forms.ChoiceField(
                label=one["said"],
                help_text=f"{one['sheet']}, {one['column']}: {one['count']:,} row{'' if one['count'] == 1 else 's'}",
                required=False,
                choices=[
                    ("", "Leave it for now"),
                    (readers.codes.NOT_STATED, "It says nothing: not stated"),
                    *readers.codes.choices(one["field"]).items(),
                ],
            )

    def meanings(self) -> dict[str, str]:
        """What was said: codes by the fingerprint of their spelling."""
        return {spelling: code for spelling, code in self.cleaned_data.items() if code}
