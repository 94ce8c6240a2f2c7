"""The components, each a function with a signature: a misspelt argument is an error when the page is read."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from candour.ui import charts, fields
from candour.ui.tones import grade_look, tone

register = template.Library()

VARIANTS = {"": "", "secondary": "govuk-button--secondary", "warning": "govuk-button--warning"}


def _variant(name: str) -> str:
    if name not in VARIANTS:
        raise template.TemplateSyntaxError(f"A button is one of {', '.join(map(repr, VARIANTS))}, not {name!r}.")
    return VARIANTS[name]


# Small things


@register.inclusion_tag("ui/parts/tag.html")
def ui_tag(*, text: object, colour: str = "grey") -> dict[str, Any]:
    """A status in a word, with a colour that adds nothing to it."""
    return {"text": text, "colour": tone(colour)}


@register.inclusion_tag("ui/parts/grade.html")
def ui_grade(*, grade: str | None, short: bool = False) -> dict[str, Any]:
    """A grade as a shape with letters, and its word unless short."""
    return {"look": grade_look(grade or ""), "short": short}


@register.inclusion_tag("ui/parts/button.html")
def ui_button(*, text: str, href: str = "", variant: str = "", name: str = "", value: str = "") -> dict[str, Any]:
    """A button: a link where it has an address, else it submits the form it stands in."""
    return {"text": text, "href": href, "variant": _variant(variant), "name": name, "value": value}


@register.inclusion_tag("ui/parts/post.html", takes_context=True)
def ui_post(
    context: template.Context, *, text: str, url: str, variant: str = "", name: str = "", value: object = ""
) -> dict[str, Any]:
    """One act behind one button, sent as a form."""
    return {
        "csrf_token": context.get("csrf_token", ""),
        "text": text,
        "url": url,
        "variant": _variant(variant),
        "name": name,
        "value": value,
    }


@register.inclusion_tag("ui/parts/status.html")
def ui_status(*, text: object) -> dict[str, Any]:
    """A quiet line that a screen reader hears when it changes, such as “Saved 14:02”."""
    return {"text": text}


# Lists and figures


@register.inclusion_tag("ui/parts/summary.html")
def ui_summary(*, rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """What is known, label by label; a row may end in a link that changes it."""
    names = ("label", "value", "href", "link_text")
    return {"rows": [dict(zip(names, row, strict=False)) for row in rows]}


@register.inclusion_tag("ui/parts/crumbs.html")
def ui_crumbs(*, rows: Iterable[Sequence[str]]) -> dict[str, Any]:
    """The way here: (text, address) pairs, the last one without address where it is this page."""
    return {"rows": list(rows)}


@register.inclusion_tag("ui/parts/crumbs.html")
def ui_back(*, text: str, href: str) -> dict[str, Any]:
    """The way back to the one page above this."""
    return {"rows": [(text, href)]}


@register.inclusion_tag("ui/parts/steps.html")
def ui_steps(*, steps: Iterable[Any]) -> dict[str, Any]:
    """The steps of an audit in a line: done, now, still to come."""
    return {"steps": list(steps)}


@register.inclusion_tag("ui/parts/task.html")
def ui_task(*, title: str, href: str = "", note: str = "", tag: str = "", tone: str = "grey") -> dict[str, Any]:
    """One thing to do: what, a line about it, and its tag."""
    return {"title": title, "href": href, "note": note, "tag": tag, "tone": tone}


@register.inclusion_tag("ui/parts/bars.html")
def ui_bars(
    *, rows: Iterable[Sequence[Any]], caption: str, legend: Sequence[str] = ("Figure",), heading: str = ""
) -> dict[str, Any]:
    """Bars with their figures beside them. A row is (label, value[, value to compare[, words for the figure]])."""
    return {"chart": charts.chart(rows), "caption": caption, "legend": list(legend), "heading": heading}


@register.inclusion_tag("ui/parts/pagination.html", takes_context=True)
def ui_pagination(context: template.Context, *, page: Page[Any]) -> dict[str, Any]:
    """Where in a long list we are; the filters in the address stay."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    if query is not None:
        query.pop("page", None)
    kept = f"{query.urlencode()}&" if query else ""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "page": page,
        "numbers": list(numbers),
        "kept": f"?{kept}page=",
        "ellipsis": page.paginator.ELLIPSIS,
    }


# Forms


@register.inclusion_tag("ui/forms/errors.html")
def ui_errors(*, form: BaseForm | Iterable[BaseForm]) -> dict[str, Any]:
    """What is wrong with the form, each line a link to its field; it takes the focus."""
    forms = [form] if isinstance(form, BaseForm) else list(form)
    return {"errors": [error for one in forms for error in fields.summary(one)]}


@register.simple_tag
def ui_field(*, field: BoundField) -> SafeString:
    """One field with its label, hint and error."""
    return field.as_field_group()


@register.simple_tag
def ui_widget(*, field: BoundField) -> SafeString:
    """The bare control of a field, dressed and described; for field templates."""
    return fields.control(field)


@register.filter
def ui_dressed(field: BoundField) -> fields.Dressed:
    """What a field template needs to know of a field."""
    return fields.dress(field)


@register.inclusion_tag("ui/forms/whole.html", takes_context=True)
def ui_form(
    context: template.Context, *, form: BaseForm, text: str = "Save", url: str = "", cancel: str = ""
) -> dict[str, Any]:
    """A whole form: what is wrong, the fields, the button, the way out."""
    return {"csrf_token": context.get("csrf_token", ""), "form": form, "text": text, "url": url, "cancel": cancel}


# Blocks


def _block(name: str, content: str, **more: Any) -> SafeString:
    return render_to_string(f"ui/parts/{name}.html", {"content": content, **more})


@register.simple_block_tag(end_name="end_ui_panel")
def ui_panel(content: str, *, title: str = "", tint: bool = False) -> SafeString:
    """A part of the page set apart."""
    return _block("panel", content, title=title, tint=tint)


@register.simple_block_tag(end_name="end_ui_details")
def ui_details(content: str, *, summary: str) -> SafeString:
    """More, for whoever wants it."""
    return _block("details", content, summary=summary)


@register.simple_block_tag(end_name="end_ui_inset")
def ui_inset(content: str) -> SafeString:
    """Something said in passing, or quoted."""
    return _block("inset", content)


@register.simple_block_tag(end_name="end_ui_warning")
def ui_warning(content: str) -> SafeString:
    """What must not be overlooked before acting."""
    return _block("warning", content)


@register.simple_block_tag(end_name="end_ui_next")
def ui_next(content: str) -> SafeString:
    """The one next act of this page."""
    return _block("next", content)


@register.simple_block_tag(end_name="end_ui_empty")
def ui_empty(content: str) -> SafeString:
    """What stands where a list is still empty, and what will fill it."""
    return _block("empty", content)


@register.simple_block_tag(end_name="end_ui_table")
def ui_table(content: str, *, caption: str = "", scroll: bool = False) -> SafeString:
    """A table round the rows given; with scroll, a wide one that moves sideways in its own frame."""
    return _block("table", content, caption=caption, scroll=scroll)
