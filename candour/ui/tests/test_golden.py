"""The components' markup against govuk-frontend's own fixtures: same tree, same classes, same relations of ids."""

import json
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from lxml import etree, html

from candour.ui.forms import CheckboxSelectMultiple, DateField, Form, RadioSelect

HERE = Path(__file__).parent
FIXTURES = json.loads((HERE / "govuk_fixtures.json").read_text(encoding="utf-8"))["fixtures"]
PACKAGE = Path(__file__).resolve().parents[3] / "node_modules/govuk-frontend/dist/govuk/components"

# What Candour adds on purpose, or Django writes for itself.
EXTRA = {
    "aria-invalid",
    "autocomplete",
    "cols",
    "rows",
    "tabindex",
    "data-threshold",
    "data-prevent-double-click",
    "spellcheck",
}
IDS = {"id", "for", "name", "aria-describedby", "aria-labelledby", "aria-controls"}
BOLD = {"govuk-label--s", "govuk-fieldset__legend--s", "govuk-table__caption--s", "cd-tag", "cd-tag--grey", "cd-crumbs"}


def tree(markup: str) -> list[Any]:
    """The markup as nested lists: tag, attributes with ids numbered by first use, children and words."""
    names: dict[str, int] = {}

    def attribute(key: str, value: str) -> tuple[str, object]:
        if key in IDS:
            kind = "name" if key == "name" else "id"
            return key, [names.setdefault(f"{kind} {word}", len(names)) for word in value.split()]
        return key, " ".join(sorted(word for word in value.split() if word not in BOLD))

    def walk(node: Any) -> list[Any]:
        kept = sorted((key, value) for key, value in node.attrib.items() if key not in EXTRA)
        inside = [words(node.text)]
        for child in node:
            inside += [walk(child), words(child.tail)]
        return [node.tag, [attribute(*pair) for pair in kept], *filter(None, inside)]

    def words(text: str | None) -> str:
        return " ".join((text or "").split())

    parts = [part for part in html.fragments_fromstring(markup) if not isinstance(part, str)]
    return [walk(part) for part in parts if isinstance(part.tag, str)]


WIDGETS = {
    "textarea": forms.Textarea,
    "character-count": forms.Textarea,
    "file-upload": forms.FileInput,
    "password-input": forms.PasswordInput,
}


def field_for(component: str, options: dict[str, Any]) -> forms.Field:
    """A form field that should look like the fixture."""
    label = options.get("label", options.get("fieldset", {}).get("legend", {})).get("text")
    common: dict[str, Any] = {"label": label, "help_text": options.get("hint", {}).get("text", "")}
    choices = [(str(item["value"]), item["text"]) for item in options.get("items", []) if "value" in item]
    if component == "radios":
        inline = "inline" in options.get("classes", "")
        chosen = next((str(i["value"]) for i in options["items"] if i.get("checked")), None)
        return forms.ChoiceField(choices=choices, widget=RadioSelect(inline=inline), initial=chosen, **common)
    if component == "checkboxes":
        return forms.MultipleChoiceField(choices=choices, widget=CheckboxSelectMultiple, **common)
    if component == "select":
        return forms.ChoiceField(choices=choices, **common)
    if component == "date-input":
        return DateField(**common)
    if component == "password-input":
        common["widget"] = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    elif component in WIDGETS:
        common["widget"] = WIDGETS[component]
    return forms.CharField(max_length=options.get("maxlength"), **common)


def as_field(component: str, options: dict[str, Any]) -> str:
    form = type("OneField", (Form,), {"it": field_for(component, options)})()
    if message := options.get("errorMessage"):
        form = type(form)({})
        form.full_clean()
        form.errors.clear()
        form.add_error("it", message["text"])
    return str(form["it"].as_field_group())


def tag(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def pages(options: dict[str, Any]) -> str:
    numbers = [item["number"] for item in options["items"] if "number" in item]
    current = next(item["number"] for item in options["items"] if item.get("current"))
    page = Paginator(range(max(numbers)), 1, allow_empty_first_page=True).page(current)
    return tag("{% ui_pagination page=page %}", page=page, request=RequestFactory().get("/"))


def rendered(component: str, o: dict[str, Any]) -> str:
    """Candour's own markup for a fixture."""
    if component == "button":
        return tag("{% ui_button text=text href=href %}", text=o["text"], href=o.get("href", ""))
    if component == "tag":
        return tag("{% ui_tag text=text %}", **o)
    if component == "details":
        return tag("{% ui_details summary=s %}{{ t }}{% end_ui_details %}", s=o["summaryText"], t=o["text"])
    if component == "warning-text":
        return tag("{% ui_warning %}{{ text }}{% end_ui_warning %}", text=o["text"])
    if component == "inset-text":
        return tag("{% ui_inset %}{{ text }}{% end_ui_inset %}", text=o["text"])
    if component == "pagination":
        return pages(o)
    if component == "error-summary":
        errors = [(e["text"], e["href"]) for e in o["errorList"]]
        return render_to_string("ui/forms/errors.html", {"errors": errors})
    if component == "notification-banner":
        return render_to_string("ui/parts/messages.html", {"messages": [Message(25, o["text"])]})
    if component == "summary-list":
        rows = [(r["key"]["text"], mark_safe(r["value"].get("html", r["value"].get("text")))) for r in o["rows"]]
        return tag("{% ui_summary rows=rows %}", rows=rows)
    if component == "breadcrumbs":
        return tag("{% ui_crumbs rows=rows %}", rows=[(i["text"], i.get("href", "")) for i in o["items"]])
    return as_field(component, o)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda f: f"{f['component']}: {f['name']}")
def test_the_markup_is_govuk_frontends(fixture):
    wanted, found = fixture["html"], rendered(fixture["component"], fixture["options"])
    if fixture["component"] == "notification-banner":
        wanted = wanted.replace("Success", "Done")
    if fixture["component"] == "pagination":
        wanted, found = without_addresses(wanted), without_addresses(found)
    assert tree(found) == tree(wanted)


def without_addresses(markup: str) -> str:
    """Pagination's markup with its links' addresses left out: ours keep the query of the page."""
    top = html.fragment_fromstring(markup)
    for link in top.iter("a"):
        link.attrib.pop("href")
    return etree.tostring(top, encoding="unicode")


@pytest.mark.skipif(not PACKAGE.exists(), reason="node_modules/govuk-frontend is not unpacked here")
def test_the_fixtures_kept_here_are_the_packages():
    for ours in FIXTURES:
        theirs = json.loads((PACKAGE / ours["component"] / "fixtures.json").read_text(encoding="utf-8"))["fixtures"]
        assert ours["html"] in [fixture["html"] for fixture in theirs if fixture["name"] == ours["name"]]
