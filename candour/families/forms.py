"""What is typed of a decision on a family, and of a view."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from candour.families.models import HEARD, Choice, Whose
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


class FromSomebodyForm(Form):
    """Whose view it is, which service gathers it, and how contact was made sure to be safe."""

    service = forms.ChoiceField(label="For which service do you write?")
    whose = forms.ChoiceField(label="Whose view is it?", choices=Whose.choices, widget=RadioSelect)
    safe_check = forms.CharField(
        label="How was it made sure that contact is safe?",
        required=False,
        help_text="Who checked, and how and when this person can be reached. Not needed for a practitioner.",
        widget=text_box(2),
        max_length=1000,
    )
    gathered_by = forms.CharField(
        label="Who asked them?", max_length=200, help_text="Somebody whom they know and trust: name and role."
    )

    def __init__(self, *args: Any, services: Iterable[Service], runs: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = {one.pk: one for one in services}
        choices = [(pk, str(one)) for pk, one in self.services.items()]
        if runs:
            choices.insert(0, ("partnership", "For the partnership"))
        if len(choices) == 1:
            self.fields["service"].widget = forms.HiddenInput()
            self.fields["service"].initial = choices[0][0]
        self.field("service").choices = choices

    def clean_service(self) -> Service | None:
        """The service, or none for the partnership itself."""
        return self.services.get(self.cleaned_data["service"])

    def clean(self) -> dict[str, Any]:
        """The check before contact, which only a practitioner does without."""
        said = super().clean() or self.cleaned_data
        if said.get("whose") and said["whose"] != Whose.PRACTITIONER and not said.get("safe_check"):
            self.add_error("safe_check", "Say who checked that contact is safe, and how this person can be reached")
        return said


class AnswersForm(Form):
    """What one person says; where a questionnaire is gone through, with their answers, none of which is required."""

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
    more = "What else did they say?"
    nothing = "Write down one answer at least, or what they said in their own words"

    def __init__(self, *args: Any, asked: Sequence[Question] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {f"asked-{question.key}": question for question in asked}
        self.fields |= {name: _asked(question) for name, question in self.asked.items()}
        names = [name for name in self.fields if name not in self.asked]
        place = names.index("words")
        self.order_fields([*names[:place], *self.asked, *names[place:]])
        if asked:
            self.fields["words"].required = False
            self.fields["words"].label = self.more

    def clean(self) -> dict[str, Any]:
        """That something was said."""
        said = super().clean() or self.cleaned_data
        if self.asked and not self.all_said():
            self.add_error("words", self.nothing)
        return said

    def clean_may_quote(self) -> bool:
        """Whether leave to quote was given."""
        return self.cleaned_data["may_quote"] == "yes"

    def all_said(self) -> str:
        """What they answered, each under its question, and what else they said."""
        given = {question: self.cleaned_data.get(name) for name, question in self.asked.items()}
        told = [f"{question.prompt}\n{_answer(question, said)}" for question, said in given.items() if said]
        return "\n\n".join(filter(None, [*told, self.cleaned_data.get("words", "")]))

    def said(self) -> dict[str, Any]:
        """What was said, as the record of it is made: the answers are part of the words."""
        rest = {name: value for name, value in self.cleaned_data.items() if name not in (*self.asked, "inside")}
        return rest | {"words": self.all_said()}


class ViewForm(FromSomebodyForm, AnswersForm):
    """What one person said, and how it came to be written down."""

    way = forms.ChoiceField(
        label="How did they give it?",
        choices=HEARD,
        widget=RadioSelect,
        help_text="Never by a link sent to the home: others may open it.",
    )
    gathered_on = DateField(label="On which day?")
    field_order = ("service", "whose", "safe_check", "way", "gathered_by", "gathered_on", "words", "may_quote")


class LinkForm(FromSomebodyForm):
    """To whom a questionnaire is handed, and why a link is safe for them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gathered_by"].label = "Who hands it over?"
        self.fields["safe_check"].label = "How was it made sure that a link is safe for them?"
        self.fields["safe_check"].help_text = (
            "Who checked, who else uses their telephone or computer, and how the link reaches them. Where you do not "
            "know, go through the questions with them instead. Not needed for a practitioner."
        )


class OwnAnswersForm(AnswersForm):
    """What somebody says by a link, alone."""

    mark_optional = False
    inside = forms.CharField(required=False, widget=forms.HiddenInput)
    more = "What else do you want to say?"
    nothing = "Answer one question at least, or write something here"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = "Leave out names, places and schools."
        quoting = self.field("may_quote")
        quoting.label = "May we print what you said, without your name?"
        quoting.choices = [("no", "No"), ("yes", "Yes")]


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
