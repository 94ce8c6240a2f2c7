"""The forms' common ground: they clean what was typed and never save."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, QueryDict

OWN_WIDGETS = {
    f"django/forms/widgets/{name}.html": f"ui/widgets/{own}.html"
    for name, own in {
        "radio": "radios",
        "checkbox_select": "checkboxes",
        "checkbox": "tick",
        "clearable_file_input": "file",
    }.items()
}


class Renderer(TemplatesSetting):
    """Every form of the product, third parties' too, as govuk-frontend components."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"

    def get_template(self, template_name: str) -> Any:
        """Candour's template where it has one of its own for a widget."""
        return super().get_template(OWN_WIDGETS.get(template_name, template_name))


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: nothing where its page is only opened, and an empty form where one was sent."""
    return request.POST if request.method == "POST" else None


LIMITS: dict[str, Any] = {
    "min_value": "Enter a number, %(limit_value)s or more",
    "max_value": "Enter a number, %(limit_value)s or less",
    "max_length": "Shorten this to %(limit_value)d characters or fewer: it has %(show_value)d",
}
NOT_THERE = "This choice is not in the list, or no longer. Choose again"


class Form(forms.Form):
    """The base of every form. `heading` names the field whose label is the page's heading."""

    label_size = "s"
    heading = ""
    mark_optional = True
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def field(self, name: str) -> Any:
        """A field of this form, to be given the choices that depend on who asks."""
        return self.fields[name]

    def seen_now(self, name: str, mark: Any) -> None:
        """Put into a hidden field what stands now: sent again, a page that was overtaken has seen it."""
        sent: Any = self.data
        self.data = sent = sent.copy()
        sent[self.add_prefix(name)] = mark

    def full_clean(self) -> None:
        """Clean, and say in the words of each field what to do about it, whenever the field was added."""
        for name, field in self.fields.items():
            field.error_messages = {**LIMITS, **field.error_messages}
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _missing(field, field.label or name.replace("_", " "))
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = NOT_THERE
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = "Enter an email address like name@example.org"
        super().full_clean()


def _missing(field: forms.Field, label: Any) -> str:
    """What to do about an empty field, in the words of its label."""
    text = str(label)
    if text.endswith("?"):
        return f"Answer “{text}”"
    if isinstance(field, forms.BooleanField):
        return f"Tick the box: {text}"
    if text[:1].isupper() and not text[1:2].isupper():
        text = text[:1].lower() + text[1:]
    if isinstance(field, forms.FileField):
        return f"Choose a file: {text}"
    return f"Choose {text}" if isinstance(field, forms.ChoiceField) else f"Enter {text}"


def text_box(rows: int) -> forms.Textarea:
    """A box for a text of several lines, so many of them in view."""
    return forms.Textarea(attrs={"rows": rows})


class FilterForm(Form):
    """A form that narrows a list: nothing in it is required, so nothing says that it may be left empty."""

    mark_optional = False


class RadioSelect(forms.RadioSelect):
    """Radios with a line of help under a choice, side by side where they are short."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, str] | None = None,
        inline: bool = False,
        small: bool = False,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints, self.inline, self.small = dict(hints or {}), inline, small

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The widget's context with each choice's hint."""
        return _hinted(self, super().get_context(name, value, attrs))


class CheckboxSelectMultiple(forms.CheckboxSelectMultiple):
    """Tick boxes with a line of help under a choice; small where the list is long."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, str] | None = None,
        small: bool = False,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints, self.small = dict(hints or {}), small

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The widget's context with each choice's hint."""
        return _hinted(self, super().get_context(name, value, attrs))


def _hinted(widget: Any, context: dict[str, Any]) -> dict[str, Any]:
    context["widget"]["inline"] = getattr(widget, "inline", False)
    context["widget"]["small"] = getattr(widget, "small", False)
    for _, options, _ in context["widget"]["optgroups"]:
        for option in options:
            option["hint"] = widget.hints.get(str(option["value"]), "")
            if option["hint"]:
                option["attrs"]["aria-describedby"] = f"{option['attrs'].get('id', name_of(option))}-item-hint"
    return context


def name_of(option: dict[str, Any]) -> str:
    """An id for a choice of a widget that was given none."""
    return f"{option['name']}_{option['index']}"


class DateInput(forms.MultiWidget):
    """Day, month and year, each typed."""

    template_name = "ui/widgets/date.html"
    use_fieldset = True
    boxes = (("Day", 2), ("Month", 2), ("Year", 4))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        box = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__({part: forms.TextInput(attrs=box) for part in ("day", "month", "year")}, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The three boxes with their names and widths."""
        context = super().get_context(name, value, attrs)
        wrong = (attrs or {}).get("aria-invalid") == "true"
        for box, (label, width) in zip(context["widget"]["subwidgets"], self.boxes, strict=True):
            box.update(label=label, width=width, wrong=wrong)
        return context

    def decompress(self, value: date | str | None) -> list[Any]:
        """A date taken apart."""
        return parts_of(value)


def parts_of(value: date | str | None) -> list[Any]:
    """Day, month and year of a date; of one in ISO text too, as the address of a page may give it."""
    if isinstance(value, str) and value:
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return [None, None, None]
    return [value.day, value.month, value.year] if isinstance(value, date) else [None, None, None]


class DateField(forms.MultiValueField):
    """A date typed as day, month and year; posts as name_day, name_month and name_year."""

    widget = DateInput
    default_error_messages = {
        "incomplete": "Enter the date with its day, month and year",
        "invalid": "Enter a real date, such as 27 3 2026",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example, 27 3 2026")
        parts = tuple(forms.CharField(max_length=length, required=False) for length in (2, 9, 4))
        super().__init__(fields=parts, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> date | None:
        """The date, or what is wrong with it."""
        if isinstance(value, date):
            return value
        parts = [str(part or "").strip() for part in (value or [])]
        if not any(parts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if len(parts) < 3 or not all(parts):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        return self._date(parts)

    def _date(self, parts: list[str]) -> date:
        try:
            year = int(parts[2])
            found = date(year, _month(parts[1]), int(parts[0]))
        except (ValueError, OverflowError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if not 1900 <= year <= 2200:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def compress(self, data_list: list[Any]) -> date | None:
        """The parts as one date."""
        return self.clean(data_list)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another date stands there now."""
        before = initial if isinstance(initial, list) else parts_of(initial)
        return [str(part or "") for part in before] != [str(part or "").strip() for part in data or ["", "", ""]]

    def wrong_part(self, field: BoundField) -> int:
        """Which of the three boxes to go to first: the first empty one, else the day."""
        data = field.data or []
        return next((index for index, part in enumerate(data) if not str(part or "").strip()), 0)


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return MONTHS.index(text[:3].lower()) + 1
