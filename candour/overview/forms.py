"""What narrows the trail."""

from typing import Any

from django import forms

from candour.people.models import Partnership, User
from candour.ui.forms import DateField, FilterForm


class TrailFilter(FilterForm):
    """Whose trail, whose acts, which verb, about what, when."""

    partnership = forms.ChoiceField(label="Partnership", required=False)
    who = forms.ChoiceField(label="Who", required=False)
    verb = forms.ChoiceField(label="What was done", required=False)
    since = DateField(label="From", required=False, help_text="")
    until = DateField(label="To", required=False, help_text="")
    of = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, partnerships: list[Partnership], people: list[User], verbs: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "partnership": ("All", [(p.pk, p.short_name) for p in partnerships]),
            "who": ("Anybody", [(user.pk, str(user)) for user in people]),
            "verb": ("Anything", [(verb, verb) for verb in verbs]),
        }
        for name, (every, rows) in choices.items():
            self.field(name).choices = [("", every), *rows]
        if len(partnerships) < 2:
            del self.fields["partnership"]
