"""Calling in somebody for one case, and the code by which they come."""

from collections.abc import Iterable
from typing import Any

from django import forms

from candour.notices.numbers import as_mobile
from candour.people.models import User
from candour.sampling.models import Case
from candour.ui.forms import Form, RadioSelect


class CallForm(Form):
    """Who is called in for one case, and how the code reaches them."""

    case = forms.ChoiceField(label="For which case?", widget=RadioSelect(small=True))
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="Email address", help_text="The link goes there. Use their work address.")
    how = forms.ChoiceField(
        label="How does the code reach them?",
        choices=[("text", "By text message"), ("read", "I read it out to them")],
        widget=RadioSelect(small=True),
        help_text="The link alone opens nothing. Let the code go another way.",
    )
    mobile = forms.CharField(
        label="Mobile number, for the text message", max_length=40, required=False, help_text="Like 07700 900123."
    )
    authoriser = forms.ChoiceField(label="Who checks and submits it?", required=False)

    def __init__(
        self, *args: Any, cases: Iterable[Case], authorisers: Iterable[User], texts: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cases, self.authorisers = {case.pk: case for case in cases}, {user.pk: user for user in authorisers}
        self.field("case").choices = [(pk, str(case)) for pk, case in self.cases.items()]
        nobody = [("", "Nobody independent there: they submit it themselves")]
        self.field("authoriser").choices = nobody + [(pk, str(user)) for pk, user in self.authorisers.items()]
        if not texts:
            self.field("how").choices = [("read", "I read it out to them")]
            self.initial["how"] = "read"
            del self.fields["mobile"]

    def clean(self) -> dict[str, Any]:
        """A number that a text message can be sent to, where one is to be sent."""
        said = {**self.cleaned_data}
        if said.get("how") == "text" and not as_mobile(said.get("mobile", "")):
            self.add_error("mobile", "Enter a mobile number like 07700 900123, or choose to read the code out")
        return said

    def called(self) -> dict[str, Any]:
        """The case, who is called in, and how the code reaches them."""
        said = self.cleaned_data
        return {
            "case": self.cases[said["case"]],
            "name": said["name"],
            "email": said["email"],
            "by_text": said["how"] == "text",
            "mobile": said.get("mobile", ""),
            "authoriser": self.authorisers.get(said["authoriser"]),
        }


class CodeForm(Form):
    """The code that came another way than the link."""

    mark_optional = False
    code = forms.CharField(
        label="Your code",
        max_length=20,
        help_text="Six digits.",
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "spellcheck": "false",
                "class": "govuk-input--width-10",
            }
        ),
    )
