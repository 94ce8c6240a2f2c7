"""What an auditor and an authoriser type. Forms clean, question by question; they never save."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from candour.appraisal import queries
from candour.appraisal.models import Given
from candour.appraisal.queries import Filled, Page
from candour.tools import values
from candour.tools.document import Question
from candour.tools.values import Value
from candour.ui.forms import DateField, Form, RadioSelect, text_box

MOST = 20_000
PART = "q."
LABEL = 70


@dataclass(frozen=True)
class Typed:
    """A question as it was typed: what was understood, or what is wrong with it."""

    filled: Filled
    given: Given | None
    raw: Mapping[str, str]
    fault: str = ""


class SectionForm(Form):
    """The questions of one section, as many of them as were sent; each is cleaned by itself, so that one fault spoils
    no other answer. A question is `q.<key>`, with `.note`, `.day` and so on beside it, and `.seen`, the version that
    the page showed."""

    def __init__(self, page: Page, *args: Any, **kwargs: Any) -> None:
        self.page, self.keep_all = page, False
        super().__init__(*args, **kwargs)

    def refused(self) -> "SectionForm":
        """The same form, showing all that was typed: none of it could be saved."""
        self.keep_all = True
        return self

    def typed(self) -> list[Typed]:
        """Every question of which something was sent, in order."""
        return [self._typed(one) for one in self.page.filled if f"{PART}{one.question.key}.seen" in self.data]

    def given(self) -> list[Given]:
        """The answers that can be saved."""
        return [one.given for one in self.typed() if one.given is not None]

    def faults(self) -> list[Typed]:
        """The questions whose answer could not be understood."""
        return [one for one in self.typed() if one.fault]

    def left(self) -> list[tuple[str, str]]:
        """What could not be understood, as a page would send it again: it travels on until it is put right."""
        fields: list[tuple[str, str]] = []
        for one in self.faults():
            key = one.filled.question.key
            fields += [(f"{PART}{key}.seen", str(self.data[f"{PART}{key}.seen"])), *sent(one.filled.question, one.raw)]
        return fields

    def as_typed(self) -> list[tuple[Filled, Mapping[str, Any], str]]:
        """Every question as the page should show it again: with what was typed where it could not be kept."""
        wrong = (
            {one.filled.question.key: one for one in self.typed() if one.fault or self.keep_all} if self.data else {}
        )
        told = [
            (one, wrong[one.question.key].raw, wrong[one.question.key].fault)
            if one.question.key in wrong
            else (one, shown(one), "")
            for one in self.page.filled
        ]
        return [(one, {**raw, "others": _others(one, raw)}, fault) for one, raw, fault in told]

    def _typed(self, filled: Filled) -> Typed:
        question, name = filled.question, f"{PART}{filled.question.key}"
        raw = {part or "main": str(self.data.get(f"{name}{part and '.'}{part}", "")) for part in _parts(question)}
        if question.type == "multi-choice":
            raw["main"] = " ".join(o.key for o in filled.offered if f"{name}.pick.{o.key}" in self.data)
        raw |= {
            sent_as.removeprefix(f"{name}."): str(self.data[sent_as])
            for sent_as in self.data
            if sent_as.startswith(f"{name}.{values.OF}") and len(sent_as) <= len(name) + LABEL
        }
        raw |= {"private": str(self.data.get(f"{name}.private", ""))}
        try:
            value = _clean(filled, raw)
        except forms.ValidationError as error:
            return Typed(filled, None, raw, " ".join(error.messages))
        seen = str(self.data.get(f"{name}.seen", "0"))
        given = Given(question, value, raw["private"] == "on", int(seen) if seen.isdecimal() and len(seen) < 10 else 0)
        return Typed(filled, self._settled(filled, given, str(self.data.get(f"{name}.choose", ""))), raw)

    def _settled(self, filled: Filled, given: Given, chosen: str) -> Given | None:
        """Where two answers clashed, the one that was chosen; `theirs` needs no saving."""
        if chosen == "theirs":
            return None
        if chosen == "both":
            return Given(given.question, values.both(filled.value, given.value), given.private, given.seen)
        return given


def _parts(question: Question) -> tuple[str, ...]:
    """The parts in which a question of this type is sent."""
    own = {
        "date": ("", "day", "month", "year"),
        "number": ("", "figure"),
        "text": ("",),
        "points": ("",),
        "grade": ("", "reason"),
    }.get(question.type, ("", "note"))
    return own if question.points else (*own, *values.POINTER)


def _others(filled: Filled, raw: Mapping[str, str]) -> list[tuple[str, str]]:
    """What differs for each other child whom the return covers, or of whom the answer says something already."""
    labels = dict.fromkeys([*filled.others, *values.of_others(dict(raw))])
    return [] if filled.question.points else [(label, raw.get(f"{values.OF}{label}", "")) for label in labels]


def _clean(filled: Filled, raw: Mapping[str, str]) -> Value | None:
    if any(len(text) > MOST for text in raw.values()):
        raise forms.ValidationError(f"Shorten this to {MOST:,} characters or fewer")
    beside = {part: text for part, text in raw.items() if part in values.POINTER or part.startswith(values.OF)}
    return values.kept({**(_own(filled, raw) or {}), **beside})


def _own(filled: Filled, raw: Mapping[str, str]) -> Value | None:
    question = filled.question
    main = raw["main"]
    if question.type in ("text", "points"):
        return values.kept({"text": main})
    if question.type == "multi-choice":
        return values.kept({"choices": main, "note": raw["note"]})
    if main and main not in {option.key for option in filled.offered}:
        raise forms.ValidationError("Choose one of the answers")
    if question.type == "number":
        return values.kept({"choice": main, "number": "" if main else _figure(raw["figure"])})
    if question.type == "date":
        parts = [raw["day"], raw["month"], raw["year"]]
        day: date | None = None if main else DateField(required=False).clean(parts)
        return values.kept({"choice": main, "date": day.isoformat() if day else ""})
    if question.type == "grade":
        return values.kept({"grade": main, "reason": raw["reason"]})
    return values.kept({"choice": main, "note": raw["note"]})


def _figure(text: str) -> str:
    if text.strip() and not values.number(text):
        raise forms.ValidationError("Enter a number, such as 12 or 3.5")
    return values.number(text)


def shown(filled: Filled) -> dict[str, str]:
    """A kept answer in the parts in which a page shows it."""
    value = filled.value or {}
    raw = {"main": next((value[part] for part in ("text", "grade", "choice", "choices") if part in value), "")}
    raw |= {"figure": value.get("number", "")} if "number" in value else {}
    raw |= {"note": value.get("note", ""), "reason": value.get("reason", "")}
    if "date" in value:
        day = date.fromisoformat(value["date"])
        raw |= {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
    raw |= {part: text for part, text in value.items() if part in values.POINTER or part.startswith(values.OF)}
    return raw | {"private": "on" if filled.private else ""}


def sent(question: Question, raw: Mapping[str, str]) -> list[tuple[str, str]]:
    """An answer as a page would send it again, name by name."""
    name = f"{PART}{question.key}"
    if question.type == "multi-choice":
        picked = [(f"{name}.pick.{key}", "on") for key in raw.get("main", "").split()]
        return [*picked, *((f"{name}.{part}", text) for part, text in raw.items() if text and part != "main")]
    return [(name if part == "main" else f"{name}.{part}", text) for part, text in raw.items() if text]


INDEPENDENCE = {
    "none": "I have no connection to this child or family, and did not work with them",
    "worked": "I have worked with this child or family",
    "manages": "I manage, or have managed, somebody who did",
    "connected": "I am connected to this child or family in my own life, or a concern is about me",
}
HINTS = {
    "worked": "You may go on. It is noted, and read with the return.",
    "manages": "You may go on. It is noted, and read with the return.",
    "connected": "A relation, a friend, a neighbour, a colleague's child; or somebody has raised a concern about your "
    "own practice in this case. The case is then closed to you, and your service is asked to name somebody else. "
    "Which of these it is, nobody will ask.",
}


class IndependenceForm(Form):
    """What is true of a person and a child, declared before a return opens to them."""

    independence = forms.ChoiceField(
        label="Which of these is true for you?",
        choices=list(INDEPENDENCE.items()),
        widget=RadioSelect(hints=HINTS),
        error_messages={"required": "Say which of these is true for you"},
    )


class BeginForm(IndependenceForm):
    """What an auditor declares before the first question."""

    contact = forms.ChoiceField(
        label="How much did your service have to do with this child in the review period?",
        choices=[("full", "More than a brief contact"), ("brief", "A brief contact only")],
        widget=RadioSelect(
            hints={
                "full": "The questions for a service like yours.",
                "brief": "Once or twice, with no plan or assessment of your own. Six questions.",
            }
        ),
        error_messages={"required": "Say how much your service had to do with this child"},
    )


class DeclarationForm(Form):
    """What is declared when a return is submitted."""

    declared = forms.BooleanField(
        label="This return is fair and, as far as I can tell, complete. It may be read by the other services at the "
        "discussion.",
        error_messages={"required": "Tick the box to say that this return is fair and complete"},
    )


class NoteForm(Form):
    """What an authoriser asks the auditor to look at again, besides what stands beside the answers."""

    MOST = 4000

    note = forms.CharField(
        label="What should be looked at again?",
        help_text="The auditor sees this note on every page of the return, with what you wrote beside the answers.",
        widget=text_box(4),
        max_length=MOST,
        error_messages={"required": "Say what should be looked at again, here or beside the answers"},
    )

    def __init__(self, *args: Any, comments: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mark_optional = False
        self.fields["note"].required = not comments


class ReasonForm(Form):
    """Why a return is opened again or made void."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        error_messages={"required": "Say why, so that it can be read later"},
    )


class OthersForm(Form):
    """The brothers and sisters whom a return covers too."""

    others = forms.CharField(
        label="Which other children does this return cover?",
        help_text="One child a line, such as “Older sister” or “Unborn baby”; at most six. No names.",
        widget=text_box(4),
        required=False,
        max_length=400,
    )
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean_seen(self) -> str:
        """What stood there as the page was opened; a browser sends its lines with other ends."""
        return str(self.cleaned_data["seen"]).replace("\r\n", "\n")

    def clean_others(self) -> list[str]:
        lines = [" ".join(line.split()) for line in str(self.cleaned_data["others"]).splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if len(found) > 6:
            raise forms.ValidationError("Name six children at most; a larger family is better told in words")
        if any(len(line) > 40 for line in found):
            raise forms.ValidationError("Call each child by 40 letters at most, such as “Older sister”")
        if any(queries.seems_named({"label": line}) for line in found):
            raise forms.ValidationError("Call each child by their place in the family, not by a name")
        return found


class WordFormForm(Form):
    """A filled Word form, or several in a zip."""

    file = forms.FileField(
        label="The filled form",
        help_text="A Word document (.docx) that was taken from Candour. Nothing is changed before you have seen what "
        "was understood.",
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.zip"}),
        error_messages={
            "required": "Choose the filled form",
            "empty": "This file is empty. Choose the form that you have filled in",
        },
    )
