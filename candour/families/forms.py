"""What is typed of a decision on a family, and of a view."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from candour.families.models import Choice, Way, Whose
from candour.people.models import Service
from candour.tools.document import Question, label_of
from candour.ui.forms import CheckboxSelectMultiple, DateField, Form, RadioSelect, text_box


class DecisionForm(Form):
    """Whether a family is told and asked, and why."""

    choice = forms.ChoiceField(
        label="What is decided on telling the family?", choices=Choice.choices, widget=RadioSelect
    )
    why = forms.CharField(
        label="Why",
        required=False,
        help_text="Wanted where they are not told. Names nobody; services that were asked do not read it.",
        widget=text_box(3),
        max_length=1000,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ViewForm(Form):
    """What one person said, and how it came to be written down; where a questionnaire was gone through, with their
    answers, none of which is required."""

    service = forms.ChoiceField(label="For which service do you write?")
    whose = forms.ChoiceField(label="Whose view is it?", choices=Whose.choices, widget=RadioSelect)
    safe_check = forms.CharField(
        label="How was it made sure that contact is safe?",
        required=False,
        help_text="Who checked, and how and when this person can be reached. Not needed for a practitioner.",
        widget=text_box(2),
        max_length=1000,
    )
    way = forms.ChoiceField(
        label="How did they give it?",
        choices=Way.choices,
        widget=RadioSelect,
        help_text="Never by a link sent to the home: others may open it.",
    )
    gathered_by = forms.CharField(
        label="Who asked them?", max_length=200, help_text="Somebody whom they know and trust: name and role."
    )
    gathered_on = DateField(label="On which day?")
    words = forms.CharField(
        label="What did they say?",
        help_text="In their own words where you can. Leave out names, places and schools.",
        widget=text_box(6),
        max_length=6000,
    )
    may_quote = forms.ChoiceField(
        label="May they be quoted, without their name, in what is published?",
        choices=[("no", "No, or they were not asked this"), ("yes", "Yes, they said so when asked for this by itself")],
        widget=RadioSelect,
        initial="no",
    )

    def __init__(
        self, *args: Any, services: Iterable[Service], runs: bool, asked: Sequence[Question] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._ask(asked)
        self.services = {one.pk: one for one in services}
        choices = [(pk, str(one)) for pk, one in self.services.items()]
        if runs:
            choices.insert(0, ("partnership", "For the partnership"))
        if len(choices) == 1:
            self.fields["service"].widget = forms.HiddenInput()
            self.fields["service"].initial = choices[0][0]
        self.field("service").choices = choices

    def _ask(self, asked: Sequence[Question]) -> None:
        """Put the questions before what else was said, which may then be left empty."""
        self.asked = {f"asked-{question.key}": question for question in asked}
        self.fields |= {name: _asked(question) for name, question in self.asked.items()}
        names = [name for name in self.fields if name not in self.asked]
        place = names.index("words")
        self.order_fields([*names[:place], *self.asked, *names[place:]])
        if asked:
            self.fields["words"].required = False
            self.fields["words"].label = "What else did they say?"

    def clean(self) -> dict[str, Any]:
        """The check before contact, which only a practitioner does without, and that something was said."""
        said = self.cleaned_data
        if self.asked and not self.all_said():
            self.add_error("words", "Write down one answer at least, or what they said in their own words")
        if said.get("whose") and said["whose"] != Whose.PRACTITIONER and not said.get("safe_check"):
            self.add_error("safe_check", "Say who checked that contact is safe, and how this person can be reached")
        return said

    def all_said(self) -> str:
        """What they answered, each under its question, and what else they said."""
        given = {question: self.cleaned_data.get(name) for name, question in self.asked.items()}
        told = [f"{question.prompt}\n{_answer(question, said)}" for question, said in given.items() if said]
        return "\n\n".join(filter(None, [*told, self.cleaned_data.get("words", "")]))

    def view(self) -> dict[str, Any]:
        """The view, as the record of it is made."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in self.asked}
        service, may_quote = self.services.get(said["service"]), said["may_quote"] == "yes"
        return said | {"words": self.all_said(), "service": service, "may_quote": may_quote}


def _asked(question: Question) -> forms.Field:
    """A question of a voluntary questionnaire; any may be left empty."""
    told: dict[str, Any] = {"label": question.prompt, "required": False, "help_text": question.hint}
    choices = [(option.key, option.label) for option in question.options]
    if question.type == "multi-choice":
        return forms.MultipleChoiceField(choices=choices, widget=CheckboxSelectMultiple, **told)
    if question.type in ("choice", "yes-partly-no"):
        return forms.ChoiceField(choices=choices, widget=RadioSelect, **told)
    return forms.CharField(widget=text_box(3), max_length=2000, **told)


def _answer(question: Question, said: str | list[str]) -> str:
    """An answer in the words in which it was offered."""
    return "; ".join(label_of(question, one) for one in ([said] if isinstance(said, str) else said))


class ToldForm(Form):
    """That somebody has heard what changed."""

    told_on = DateField(label="On which day did they hear it?")
    what = forms.CharField(label="What were they told?", widget=text_box(3), max_length=2000)
