"""What is typed of a person, of what a service sees, and of why a file is erased or opened for scrutiny."""

from datetime import date
from typing import Any

from django import forms

from candour.identity.bounds import CEILINGS, LABELS, NARROWEST
from candour.identity.models import Relation, Sex
from candour.ui.forms import CheckboxSelectMultiple, DateField, Form, RadioSelect, text_box

NOT_SEALED = ("relation", "apart", "version")
ERASE_REASONS = (
    "The time for keeping them is over",
    "They were entered for the wrong child",
    "The person or the family asked, and the partnership agreed",
)


class PersonForm(Form):
    """One person of a file. Nothing is required but something to find them by."""

    mark_optional = False

    relation = forms.ChoiceField(label="Who is this?", choices=Relation, widget=RadioSelect(inline=True))
    given_names = forms.CharField(label="Given names", max_length=120, required=False)
    family_name = forms.CharField(label="Family name", max_length=120, required=False)
    also_known_as = forms.CharField(
        label="Also known as",
        max_length=200,
        required=False,
        help_text="Other names in use, earlier family names, other spellings.",
    )
    born_on = DateField(label="Date of birth", required=False)
    expected_on = DateField(
        label="Expected date of birth", required=False, help_text="For an unborn child. For example, 27 3 2027"
    )
    sex = forms.ChoiceField(label="Sex", choices=[("", "Not entered"), *Sex.choices], required=False)
    address = forms.CharField(label="Address", max_length=400, required=False, widget=text_box(3))
    postcode = forms.CharField(label="Postcode", max_length=10, required=False)
    school = forms.CharField(
        label="School, college or early years",
        max_length=300,
        required=False,
        widget=text_box(2),
        help_text="One a line. Where the child moved, with dates: the earlier one, until July 2026.",
    )
    gp_practice = forms.CharField(
        label="GP practice",
        max_length=300,
        required=False,
        widget=text_box(2),
        help_text="One a line, with dates where the child moved.",
    )
    nhs_number = forms.CharField(
        label="NHS number",
        max_length=20,
        required=False,
        help_text="Ten digits. Only health services will see it.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    upn = forms.CharField(
        label="Unique pupil number (UPN)",
        max_length=20,
        required=False,
        help_text="A letter and twelve characters. Only schools will see it.",
    )
    council_number = forms.CharField(
        label="Council’s own number",
        max_length=300,
        required=False,
        widget=text_box(2),
        help_text="As in the case system. Only the council’s services will see it. Where the partnership has several "
        "councils, after the council’s name, one a line, with dates: “Northmere Council: 12345, until July 2026”. Each "
        "then sees its own.",
    )
    apart = forms.BooleanField(
        label="Keep apart from every other audit",
        required=False,
        help_text="For a child who has been adopted: this entry is never linked with another one.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name not in NOT_SEALED:
                field.widget.attrs.setdefault("autocomplete", "off")

    def overtaken(self, person: Any) -> None:
        """Let the next save of what was typed here replace what somebody else saved meanwhile."""
        self.data = {**self.data.dict(), "version": str(person.version)}  # type: ignore[attr-defined]

    def values(self) -> dict[str, str]:
        """What was typed, as text: dates in ISO form."""
        given = {name: self.cleaned_data[name] for name in self.cleaned_data if name not in NOT_SEALED}
        return {
            name: value.isoformat() if isinstance(value, date) else str(value or "") for name, value in given.items()
        }


class BoundsForm(Form):
    """What a kind of service sees of a file, out of what it may ever see."""

    fields_shown = forms.MultipleChoiceField(
        label="What it sees of each person",
        required=False,
        widget=CheckboxSelectMultiple(small=True),
        help_text="Names and the date of birth are always shown: without them nobody is found.",
    )
    people_shown = forms.MultipleChoiceField(
        label="Whom it sees besides the child", required=False, widget=CheckboxSelectMultiple(small=True)
    )
    mark_optional = False

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most, people = CEILINGS[kind], dict(Relation.choices)
        fields = [(name, LABELS[name]) for name in most.fields if name not in NARROWEST.fields]
        others = [(one, people[one]) for one in most.relations if one not in NARROWEST.relations]
        for name, choices in (("fields_shown", fields), ("people_shown", others)):
            self.field(name).choices = choices
            if not choices:
                del self.fields[name]

    def chosen(self) -> dict[str, Any]:
        """The fields and the people chosen."""
        said = self.cleaned_data
        return {"fields": said["fields_shown"], "relations": said.get("people_shown", [])}


class EraseForm(Form):
    """Why the identities of a file are erased, out of three reasons."""

    reason = forms.ChoiceField(
        label="Why are they erased?", choices=[(why, why) for why in ERASE_REASONS], widget=RadioSelect
    )


class ScrutinyForm(Form):
    """What the scrutineer needs the identities of one case for."""

    why = forms.CharField(
        label="What do you need this for?",
        max_length=500,
        widget=text_box(3),
        help_text="Kept with the record of this act. Name nobody here.",
    )
