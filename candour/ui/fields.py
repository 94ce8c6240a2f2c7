"""Form fields dressed as govuk-frontend components: ids, classes, descriptions and the summary of errors."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.forms.widgets import Input
from django.utils.safestring import SafeString

# Django derives tick boxes from radios, so they come first.
CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "govuk-textarea"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (forms.RadioSelect, "govuk-radios__input"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.MultiWidget, "govuk-input"),
    (Input, "govuk-input"),
)
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.MultiWidget, forms.SelectDateWidget)
TICKS = (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.CheckboxInput)


@dataclass(frozen=True)
class Dressed:
    """What a field template shows of a field."""

    kind: str
    label: str
    size: str
    heading: bool
    hint_id: str
    error_id: str
    described_by: str
    count: int | None


def kind_of(field: BoundField) -> str:
    """Which template shows it: a group with a legend, one tick box, a password, or one control with a label."""
    widget = field.field.widget
    if isinstance(widget, GROUPS):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    if isinstance(widget, forms.PasswordInput):
        return "password"
    return "line"


def first_id(field: BoundField) -> str:
    """The id of the control that a link to this field should bring the focus to."""
    widget = field.field.widget
    if isinstance(widget, forms.MultiWidget):
        wrong = getattr(field.field, "wrong_part", None)
        return f"{field.auto_id}_{wrong(field) if wrong else 0}"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def label_of(field: BoundField) -> str:
    """The label, and that it may be left empty where the form says so."""
    label = str(field.label or "")
    mark = getattr(field.form, "mark_optional", True)
    if field.field.required or not mark or isinstance(field.field.widget, forms.CheckboxInput):
        return label
    return label if "optional" in label.lower() or label.endswith("?") or not label else f"{label} (optional)"


def dress(field: BoundField) -> Dressed:
    """A field's label, ids and description."""
    hint_id = f"{field.auto_id}_helptext" if field.help_text else ""
    error_id = f"{field.auto_id}_error" if field.errors else ""
    count = _count(field)
    given = (field.field.widget.attrs.get("aria-describedby") or "").split()
    ids = [*given, f"{field.auto_id}-info" if count else "", hint_id, error_id]
    return Dressed(
        kind=kind_of(field),
        label=label_of(field),
        size=getattr(field.form, "label_size", "s"),
        heading=getattr(field.form, "heading", "") == field.name,
        hint_id=hint_id,
        error_id=error_id,
        described_by=" ".join(filter(None, ids)),
        count=count,
    )


def _count(field: BoundField) -> int | None:
    longest: int | None = getattr(field.field, "max_length", None)
    return longest if isinstance(field.field.widget, forms.Textarea) else None


def control(field: BoundField) -> SafeString:
    """The control itself with its classes, described by its hint and error."""
    widget = field.field.widget
    attrs: dict[str, Any] = {}
    name = next((name for kind, name in CLASSES if isinstance(widget, kind)), "")
    classes = [name, widget.attrs.get("class", "")]
    dressed = dress(field)
    if field.errors and name and not isinstance(widget, (*TICKS, forms.MultiWidget)):
        classes.append(f"{name}--error")
    if isinstance(widget, forms.NumberInput) and "width" not in classes[1]:
        classes.append("govuk-input--width-5")
    if dressed.count:
        classes.append("govuk-js-character-count")
        attrs["maxlength"] = False
    if isinstance(widget, forms.PasswordInput):
        classes += ["govuk-password-input__input", "govuk-js-password-input-input"]
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    # A group's fieldset carries the description; on one control it stands on the control.
    attrs["aria-describedby"] = False if dressed.kind == "group" else dressed.described_by or False
    attrs["class"] = " ".join(filter(None, classes))
    return field.as_widget(attrs=attrs)


def summary(form: BaseForm) -> list[tuple[str, str]]:
    """Each error of a form with the id it leads to; an error of the whole form leads nowhere."""
    if not form.is_bound:
        return []
    found = [(str(message), "") for message in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else f"#{first_id(field)}"
        found += [(str(message), target) for message in field.errors]
    return found
