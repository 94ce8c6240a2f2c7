"""Forms of learning: they clean what was typed and decide nothing."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from candour.learning.models import Theme
from candour.tools.document import DOMAINS
from candour.ui.forms import CheckboxSelectMultiple, DateField, FilterForm, Form, RadioSelect, text_box

NO_CHILD = "Say it so that nobody could know the child or the family."
PARAGRAPHS = "Leave an empty line between paragraphs. Begin a line with a dash for a list, with a “ for a quotation."


class NarrowForm(FilterForm):
    """Which passages of the returns and the discussion to look at."""

    words = forms.CharField(label="Words", required=False)
    field_order = ("words", "kind", "domain", "service", "case", "left")
    left = forms.BooleanField(label="Only what is in no theme yet", required=False)

    def __init__(
        self,
        *args: Any,
        kinds: dict[str, str],
        domains: Iterable[tuple[str, str]],
        services: Iterable[tuple[str, str]],
        cases: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = {"kind": kinds.items(), "domain": domains, "service": services, "case": cases}
        for name, rows in choices.items():
            every = [("", "All"), *rows]
            self.fields[name] = forms.ChoiceField(label=name.capitalize(), choices=every, required=False)
        self.order_fields(self.field_order)


class ThemeForm(Form):
    """A theme: what recurs, and whether it works or needs work."""

    title = forms.CharField(label="What recurs", max_length=160, help_text=NO_CHILD)
    bearing = forms.ChoiceField(
        label="It is about",
        choices=Theme.Bearing.choices,
        widget=RadioSelect(inline=True),
        initial=Theme.Bearing.NEEDS_WORK,
    )
    domain = forms.ChoiceField(label="Domain", choices=list(DOMAINS.items()))
    note = forms.CharField(label="In a sentence or two", required=False, widget=text_box(3))


class PickForm(Form):
    """Passages ticked on the board, and the theme that they go into: one that is there, or a new one."""

    mark_optional = False

    title = forms.CharField(label="or into a new theme", max_length=160, required=False)

    def __init__(self, *args: Any, themes: Sequence[Theme], keys: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.themes = {theme.pk: theme for theme in themes}
        rows = [("", "Choose a theme"), *((theme.pk, theme.title) for theme in themes)]
        self.fields["theme"] = forms.ChoiceField(label="Put into", choices=rows, required=False)
        self.fields["keys"] = forms.MultipleChoiceField(
            choices=[(key, key) for key in keys], error_messages={"required": "Tick at least one passage."}
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("theme")) == bool(cleaned.get("title")):
            self.add_error("theme", "Choose a theme, or name a new one.")
        cleaned["theme"] = self.themes.get(cleaned.get("theme", ""))
        return cleaned


class FindingForm(Form):
    """A finding in words that point to no child, and the theme it belongs to."""

    wording = forms.CharField(
        label="Your own wording",
        required=False,
        widget=text_box(4),
        help_text=f"{NO_CHILD} Where this is empty, its source's own words count.",
    )

    def __init__(self, *args: Any, themes: Sequence[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.themes = {theme.pk: theme for theme in themes}
        rows = [(theme.pk, theme.title) for theme in themes]
        self.fields["theme"] = forms.ChoiceField(label="Theme", choices=rows)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["theme"] = self.themes.get(cleaned.get("theme", ""))
        return cleaned


class NoteForm(Form):
    """Something that was seen and stands in no return."""

    wording = forms.CharField(label="What was seen or said", widget=text_box(3), help_text=NO_CHILD)


class RecommendationForm(Form):
    """What should change, whom it concerns, by when, and whether it was said before."""

    text = forms.CharField(
        label="What should change",
        widget=text_box(3),
        max_length=600,
        help_text="Begin with a verb, and say it so that one can tell later whether it was done.",
    )
    due_on = DateField(label="To be done by", required=False)
    field_order = ("text", "agencies", "due_on", "theme", "echoes")

    def __init__(
        self, *args: Any, agencies: Any, themes: Sequence[Theme], echoes: Sequence[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.themes = {theme.pk: theme for theme in themes}
        self.echoes = {row.pk: row for row in echoes}
        self.fields["agencies"] = forms.ModelMultipleChoiceField(
            label="Agencies that it concerns", queryset=agencies, widget=CheckboxSelectMultiple(small=True)
        )
        rows = [("", "None in particular"), *((row.pk, row.title) for row in themes)]
        self.fields["theme"] = forms.ChoiceField(label="Theme that it follows from", choices=rows, required=False)
        if echoes:
            said = [("", "No, this is new"), *((row.pk, f"{row.audit.code}: {row.text}") for row in echoes)]
            self.fields["echoes"] = forms.ChoiceField(
                label="Have we said this before?",
                choices=said,
                required=False,
                widget=RadioSelect,
                help_text="Earlier recommendations of this partnership in like words.",
            )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["agencies"] = list(cleaned.get("agencies") or [])
        cleaned["theme"] = self.themes.get(cleaned.get("theme", ""))
        cleaned["echoes"] = self.echoes.get(cleaned.get("echoes", ""))
        return cleaned


class BriefingForm(Form):
    """All parts of the briefing. `version` is the one that the page was opened with."""

    mark_optional = False

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="Title", max_length=200, required=False)
    lead = forms.CharField(label="One sentence under the title", max_length=300, required=False, widget=text_box(2))
    why = forms.CharField(label="Why we looked", required=False, widget=text_box(6), help_text=PARAGRAPHS)
    method = forms.CharField(
        label="How we looked",
        required=False,
        widget=text_box(4),
        help_text="How many children and how they were chosen stands at the foot as well, whatever you write here.",
    )
    works = forms.CharField(label="What works", required=False, widget=text_box(8))
    needs_work = forms.CharField(label="What needs work", required=False, widget=text_box(8))
    voice = forms.CharField(
        label="What children and families told us",
        required=False,
        widget=text_box(5),
        help_text="Quotations that could be anybody's: “She told me what would happen next.” – a parent",
    )
    questions = forms.CharField(
        label="Ask in your team", required=False, widget=text_box(5), help_text="One question a line."
    )
    contacts = forms.CharField(
        label="Where to turn",
        required=False,
        widget=text_box(5),
        help_text="One a line: services' telephone numbers and addresses of pages, never a person's own.",
    )

    def __init__(self, *args: Any, domains: Iterable[tuple[str, str]], body: dict[str, Any], **kwargs: Any) -> None:
        messages = body.get("messages") or {}
        initial = {**body, **{f"message_{code}": text for code, text in messages.items()}, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.domains = dict(domains)
        for code, label in self.domains.items():
            self.fields[f"message_{code}"] = forms.CharField(label=label, required=False, widget=text_box(3))

    @property
    def messages(self) -> list[Any]:
        """The fields of the messages by domain."""
        return [self[f"message_{code}"] for code in self.domains]

    @property
    def body(self) -> dict[str, Any]:
        """What was typed, as the briefing keeps it."""
        typed = {name: self.cleaned_data[name] for name in self.fields if name != "version" and "message_" not in name}
        told = {code: self.cleaned_data[f"message_{code}"] for code in self.domains}
        return {**typed, "messages": {code: text for code, text in told.items() if text.strip()}}


class KeepForm(Form):
    """Why a passage that the check found can stay."""

    because = forms.CharField(label="Kept because", max_length=300)


class BecauseForm(Form):
    """A reason, in a sentence or two."""

    because = forms.CharField(label="Why", widget=text_box(3), max_length=600)


class ClearForm(Form):
    """What the second person vouches for."""

    read = forms.BooleanField(label="I have read the whole briefing as a neighbour of the family would read it")
    nobody = forms.BooleanField(
        label="Nobody could know a child or a family from it: no name, date, exact age, school or rare circumstance"
    )
    kept = forms.BooleanField(label="I agree with every passage that was kept, and why", required=False)

    def __init__(self, *args: Any, any_kept: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if any_kept:
            self.fields["kept"].required = True
        else:
            del self.fields["kept"]


class LibraryForm(FilterForm):
    """What a reader looks for in the public library."""

    words = forms.CharField(label="Words", required=False, max_length=100)

    def __init__(
        self, *args: Any, partnerships: Iterable[tuple[str, str]], years: Iterable[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partnership"] = forms.ChoiceField(
            label="Partnership", choices=[("", "All"), *partnerships], required=False
        )
        self.fields["year"] = forms.ChoiceField(
            label="Year", choices=[("", "All"), *((str(year), year) for year in years)], required=False
        )
