"""Forms of the tool editor: they clean what was typed and decide nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from candour.people.models import Partnership
from candour.people.roles import ServiceKind
from candour.tools.document import DOMAINS, GRADES, Question, Section
from candour.tools.editing import WORDS, tidy
from candour.tools.format import KEY, LENGTHS, RATED
from candour.tools.models import fingerprint
from candour.tools.values import Value
from candour.ui.forms import CheckboxSelectMultiple, DateField, FilterForm, Form, RadioSelect, text_box

CODE = RegexValidator(rf"^{KEY.pattern}$", "Use small letters, figures and single hyphens, like our-core-tool.")
LONG = LENGTHS["text"]
TYPES = {
    "yes-partly-no": ("Yes, partly, no", "Or not recorded, or does not apply; and where the record shows it."),
    "choice": ("One of some answers", "You write the answers below."),
    "multi-choice": ("Any of some answers", "You write the answers below."),
    "text": ("A few sentences", ""),
    "date": ("A date", "Or not recorded, or does not apply."),
    "number": ("A number", "Or not recorded, or does not apply."),
}
NEW_ANSWERS = 4


class SeenForm(Form):
    """A form that knows what stood there when the page was opened. Where somebody else has changed it meanwhile, it
    shows what stands there now beside what was typed."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, seen: Mapping[str, Any], **kwargs: Any) -> None:
        self.clash: list[tuple[str, str]] = []
        initial = {**kwargs.pop("initial", {}), "seen": fingerprint(dict(seen))}
        super().__init__(*args, initial=initial, **kwargs)

    def beside(self, theirs: Mapping[str, Any]) -> None:
        """Show what stands there now; saving again writes over it knowingly."""
        self.clash = self.differing(theirs)
        data: Any = self.data
        self.data = data = data.copy()
        data["seen"] = fingerprint(dict(theirs))

    def differing(self, theirs: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What stands there now, with its label; each form says it in its own words."""
        return [(name, str(text)) for name, text in theirs.items()]


class PartForm(SeenForm):
    """A part of a tool that is being written, field by field."""

    def __init__(self, *args: Any, part: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, seen=part, initial={**self.initial_of(part), **kwargs.pop("initial", {})}, **kwargs)

    def initial_of(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """What each field holds of a part."""
        return dict(part)

    def differing(self, theirs: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The fields in which what was typed differs from what stands there now."""
        found, now = [], self.initial_of(theirs)
        for name, field in self.fields.items():
            mine, held = self[name].data or "", now.get(name) or ""
            if name != "seen" and str(mine) != str(held):
                found.append((str(field.label), str(held)))
        return found


class HeadForm(PartForm):
    """What stands on the first page."""

    name = forms.CharField(label="Title", max_length=LENGTHS["name"])
    about = forms.CharField(
        label="Opening paragraph",
        widget=text_box(5),
        max_length=LONG,
        help_text="What it is for, in two or three sentences.",
    )
    minutes = forms.IntegerField(
        label="Minutes, with reading the record",
        min_value=1,
        max_value=600,
        help_text="Ninety is much for busy people.",
    )


class SectionForm(PartForm):
    """A section: its title, its domain, guidance, and the grade that ends it."""

    title = forms.CharField(label="Title", max_length=200)
    domain = forms.ChoiceField(label="Domain", choices=list(DOMAINS.items()), help_text="Findings are gathered by it.")
    guidance = forms.CharField(
        label="Guidance", widget=text_box(4), max_length=LONG, required=False, help_text="Said at the top of the page."
    )
    graded = forms.BooleanField(label="It ends with a grade and its reason, and three short lists", required=False)
    ask = forms.CharField(
        label="What the grade asks",
        max_length=LONG,
        required=False,
        help_text="Such as: How good was assessment by your service?",
    )
    hint = forms.CharField(label="Help with the grade", max_length=LONG, required=False)
    outstanding = forms.CharField(
        label="What “Outstanding” means here", widget=text_box(2), max_length=LONG, required=False
    )
    good = forms.CharField(label="What “Good” means here", widget=text_box(2), max_length=LONG, required=False)
    requires_improvement = forms.CharField(
        label="What “Requires improvement” means here", widget=text_box(2), max_length=LONG, required=False
    )
    inadequate = forms.CharField(
        label="What “Inadequate” means here", widget=text_box(2), max_length=LONG, required=False
    )
    not_enough = forms.CharField(
        label="What “Not enough involvement to grade” means here", widget=text_box(2), max_length=LONG, required=False
    )

    def initial_of(self, part: Mapping[str, Any]) -> dict[str, Any]:
        grade = part.get("grade") or {}
        told = {key.replace("-", "_"): text for key, text in (grade.get("descriptors") or {}).items()}
        own = {name: part.get(name) or "" for name in ("title", "domain", "guidance")}
        return {**own, "graded": bool(grade), "ask": grade.get("ask", ""), "hint": grade.get("hint", ""), **told}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("graded"):
            for name in ("ask", *(key.replace("-", "_") for key in RATED)):
                if not cleaned.get(name):
                    self.add_error(name, f"Say it: {str(self.fields[name].label).lower()}.")
        return cleaned

    @property
    def parts(self) -> dict[str, Any]:
        """The section as the document holds it."""
        told = {key: self.cleaned_data.get(key.replace("-", "_")) for key in GRADES}
        grade = {"ask": self.cleaned_data["ask"], "hint": self.cleaned_data["hint"], "descriptors": tidy(told)}
        own = {name: self.cleaned_data[name] for name in ("title", "domain", "guidance")}
        return {**own, "grade": tidy(grade) if self.cleaned_data["graded"] else None}


class QuestionForm(PartForm):
    """A question: what it asks, how it is answered, and of whom it is asked."""

    mark_optional = False

    ask = forms.CharField(
        label="Question",
        widget=text_box(2),
        max_length=LONG,
        help_text="One thing only, in plain words. Never ask for a name.",
        error_messages={"required": "Write what is asked"},
    )
    hint = forms.CharField(label="Help, if it needs any", widget=text_box(2), max_length=LONG, required=False)
    section = forms.ChoiceField(label="Section")
    only = forms.ChoiceField(
        label="Of whom is it asked?",
        required=False,
        choices=[("", "Every kind of service"), *((k, f"Only: {label}") for k, label in ServiceKind.choices)],
    )
    type = forms.ChoiceField(
        label="Answered by",
        choices=[(key, label) for key, (label, _) in TYPES.items()],
        widget=RadioSelect(hints={key: hint for key, (_, hint) in TYPES.items() if hint}),
    )
    unit = forms.CharField(label="Unit, for a number", max_length=40, required=False, help_text="Such as: hours.")
    optional = forms.BooleanField(label="It may be left empty", required=False)

    def __init__(
        self, *args: Any, part: Mapping[str, Any], sections: Sequence[tuple[str, str]], answered: bool, **kwargs: Any
    ) -> None:
        self.options, self.answered = list(part.get("options") or ()), answered
        super().__init__(*args, part=part, **kwargs)
        self.field("section").choices = sections
        for place, option in enumerate((o for o in self.options if not o.get("retired")), 1):
            self._answer(option["key"], f"Answer {place}", option["label"], option.get("hint", ""))
        for option in (o for o in self.options if o.get("retired")):
            label = f"Offer again: “{option['label']}”"
            self.fields[f"again_{option['key']}"] = forms.BooleanField(label=label, required=False)
        for place in range(1, NEW_ANSWERS + 1):
            self._answer(f"new_{place}", f"New answer {place}", "", "")
        for name in ("unit", "optional"):
            self.fields[name] = self.fields.pop(name)

    def _answer(self, key: str, label: str, words: str, hint: str) -> None:
        gone = "Empty it to offer it no more." if words else ""
        box = forms.CharField(label=label, max_length=300, required=False, initial=words, help_text=gone)
        self.fields[f"answer_{key}"] = box
        more = forms.CharField(label=f"{label}: a line of help", max_length=300, required=False, initial=hint)
        self.fields[f"help_{key}"] = more

    def initial_of(self, part: Mapping[str, Any]) -> dict[str, Any]:
        names = ("ask", "hint", "section", "only", "type", "unit", "optional")
        told = {name: part.get(name, "") for name in names}
        for option in part.get("options") or ():
            if not option.get("retired"):
                told |= {f"answer_{option['key']}": option["label"], f"help_{option['key']}": option.get("hint", "")}
        return told

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        live = [option for option in self._answers() if not option.get("retired")]
        if cleaned.get("type") in ("choice", "multi-choice") and len(live) < 2:
            self.add_error("type", "Write at least two answers to choose from.")
        return cleaned

    def _answers(self) -> list[dict[str, Any]]:
        kept = []
        for option in self.options:
            key = option["key"]
            words = self.cleaned_data.get(f"answer_{key}", "")
            if option.get("retired"):
                kept.append(tidy({**option, "retired": not self.cleaned_data.get(f"again_{key}")}))
            elif words:
                kept.append(tidy({"key": key, "label": words, "hint": self.cleaned_data.get(f"help_{key}")}))
            elif self.answered:
                kept.append({**option, "retired": True})
        for place in range(1, NEW_ANSWERS + 1):
            if words := self.cleaned_data.get(f"answer_new_{place}"):
                key = _short_key(words, {option["key"] for option in (*self.options, *kept)})
                kept.append(tidy({"key": key, "label": words, "hint": self.cleaned_data.get(f"help_new_{place}")}))
        return kept

    @property
    def offered(self) -> list[forms.BoundField]:
        """The fields of the answers to choose from."""
        return [self[name] for name in self.fields if name.startswith(("answer_", "help_", "again_"))]

    @property
    def chosen_from(self) -> bool:
        """Whether the answers stand open: there are some to choose from, or something is wrong."""
        return bool(self.errors) or self["type"].value() in ("choice", "multi-choice")

    @property
    def parts(self) -> dict[str, Any]:
        """The question as the document holds it."""
        chosen = self.cleaned_data["type"] in ("choice", "multi-choice")
        names = ("ask", "hint", "section", "only", "type", "optional")
        told = {name: self.cleaned_data[name] for name in names}
        unit = self.cleaned_data["unit"] if self.cleaned_data["type"] == "number" else ""
        return {**told, "unit": unit, "options": self._answers() if chosen else []}


def _short_key(text: str, taken: Collection[str]) -> str:
    """A key for an answer that no other answer of its question has."""
    stem = "-".join(WORDS.findall(text.lower()))[: LENGTHS["option"] - 3].strip("-") or "answer"
    stem = stem if stem[0].isalpha() else f"a-{stem}"[: LENGTHS["option"] - 3].strip("-")
    return next(key for n in range(1, 100) if (key := stem if n == 1 else f"{stem}-{n}") not in taken)


class WhenForm(SeenForm):
    """By which answers to an earlier question another is asked."""

    among = forms.MultipleChoiceField(
        label="Ask it when that question is answered", widget=CheckboxSelectMultiple, required=True
    )

    def __init__(self, *args: Any, answers: Mapping[str, str], seen: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, seen=seen, initial={"among": seen.get("is", [])}, **kwargs)
        self.answers = answers
        self.field("among").choices = list(answers.items())

    def differing(self, theirs: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The condition that stands there now."""
        said = " or ".join(self.answers.get(key, key) for key in theirs.get("is", ()))
        return [("Condition", f"{theirs['question']}: {said}" if theirs else "Asked always")]


class KindForm(SeenForm):
    """Which of the questions for everybody a kind of service is asked."""

    def __init__(
        self,
        *args: Any,
        sections: Iterable[tuple[str, str, list[tuple[str, str]]]],
        asked: Collection[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, seen={"asked": sorted(asked)}, **kwargs)
        self.words = {key: words for _, _, choices in sections for key, words in choices}
        for key, title, choices in sections:
            self.fields[f"in_{key}"] = forms.MultipleChoiceField(
                label=title,
                choices=choices,
                required=False,
                initial=[choice for choice, _ in choices if choice in asked],
                widget=CheckboxSelectMultiple(small=True),
            )

    @property
    def asked(self) -> list[str]:
        """Everything ticked."""
        return [key for name in self.fields if name != "seen" for key in self.cleaned_data[name]]

    def differing(self, theirs: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The questions that are ticked now."""
        return [("Asked", "\n".join(self.words.get(key, key) for key in theirs["asked"]))]


class OwnForm(Form):
    """A form that asks for the partnership where there are several."""

    def __init__(self, *args: Any, partnerships: Iterable[Partnership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnerships = {row.pk: row for row in partnerships}
        if len(self.partnerships) > 1:
            choices = [(pk, str(row)) for pk, row in self.partnerships.items()]
            self.fields["partnership"] = forms.ChoiceField(label="Partnership", choices=choices, widget=RadioSelect)

    @property
    def partnership(self) -> Partnership:
        """The partnership chosen, or the only one."""
        return self.partnerships[self.cleaned_data.get("partnership") or next(iter(self.partnerships))]


class CopyForm(OwnForm):
    """A tool of the partnership's own."""

    name = forms.CharField(label="Title", max_length=LENGTHS["name"])
    code = forms.CharField(
        label="Short name",
        max_length=LENGTHS["code"],
        validators=[CODE],
        help_text="It stands in files and cannot change later. Small letters, figures and hyphens.",
    )


class BringInForm(OwnForm):
    """A tool as a written document, from a file or pasted."""

    file = forms.FileField(label="File", required=False, help_text="A YAML or JSON file (.yaml, .json).")
    text = forms.CharField(label="Or paste its text", widget=text_box(12), required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if file and file.size > 2_000_000:
            raise forms.ValidationError("The file is larger than a tool can be.")
        try:
            cleaned["document"] = file.read().decode("utf-8-sig") if file else cleaned.get("text", "")
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is no text that can be read (UTF-8).") from None
        if not cleaned["document"].strip():
            raise forms.ValidationError("Choose a file, or paste the tool’s text.")
        return cleaned


class TryForm(FilterForm):
    """A whole return to try out; nothing of it is kept."""

    def __init__(self, *args: Any, sections: Iterable[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = list(sections)
        for section in self.sections:
            for question in section.questions:
                self.fields[question.key] = _tried(question)
                if question.type == "grade":
                    self.fields[f"{question.key}.reason"] = forms.CharField(
                        label=f"{question.number} Why?", widget=text_box(3), required=False
                    )

    def keys_of(self, question: Question) -> list[str]:
        """The fields of a question."""
        return [key for key in (question.key, f"{question.key}.reason") if key in self.fields]

    @property
    def answers(self) -> dict[str, Value]:
        """What decides which other questions are asked."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        chosen = {key: " ".join(value) if isinstance(value, list) else value for key, value in given.items()}
        return {key: {"choices": value} for key, value in chosen.items() if isinstance(value, str) and value}


def _tried(question: Question) -> forms.Field:
    shared: dict[str, Any] = {
        "label": f"{question.number} {question.prompt}",
        "required": False,
        "help_text": question.hint,
    }
    choices = [(option.key, option.label) for option in question.options]
    hints = {option.key: option.description for option in question.options if option.description}
    if question.type == "date":
        return DateField(**shared)
    if question.type == "multi-choice":
        return forms.MultipleChoiceField(choices=choices, widget=CheckboxSelectMultiple(hints=hints), **shared)
    if choices and question.type != "number":
        return forms.ChoiceField(choices=choices, widget=RadioSelect(hints=hints), **shared)
    if question.type == "number":
        return forms.CharField(max_length=20, **shared)
    return forms.CharField(widget=text_box(3), **shared)
