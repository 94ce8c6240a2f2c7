"""What the forms' common ground does with what people type."""

from datetime import date

import pytest
from django import forms

from candour.ui.fields import label_of
from candour.ui.forms import DateField, FilterForm, Form


class Dated(Form):
    due_on = DateField(label="Returns due")
    seen_on = DateField(label="Seen on", required=False)


def dated(day: str, month: str, year: str) -> Dated:
    return Dated({"due_on_day": day, "due_on_month": month, "due_on_year": year})


@pytest.mark.parametrize("month", ["3", "03", "Mar", "march"])
def test_a_date_is_read_as_people_write_it(month):
    form = dated("27", month, "2026")
    assert form.is_valid()
    assert form.cleaned_data == {"due_on": date(2026, 3, 27), "seen_on": None}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("", "", ""), "Enter returns due"),
        (("27", "", "2026"), "Enter the date with its day, month and year"),
        (("31", "2", "2026"), "Enter a real date, such as 27 3 2026"),
        (("27", "Brumaire", "2026"), "Enter a real date, such as 27 3 2026"),
        (("9" * 25, "3", "2026"), "Enter a real date, such as 27 3 2026"),
        (("27", "9" * 9, "2026"), "Enter a real date, such as 27 3 2026"),
        (("27", "3", "26"), "Enter a real date, such as 27 3 2026"),
    ],
)
def test_what_is_wrong_with_a_date_is_said(typed, said):
    assert dated(*typed).errors["due_on"] == [said]


def test_a_date_given_before_stands_in_its_boxes():
    for initial in (date(2026, 3, 27), "2026-03-27"):
        markup = str(Dated(initial={"due_on": initial})["due_on"].as_field_group())
        assert [f'value="{part}"' in markup for part in (27, 3, 2026)] == [True] * 3
    assert 'value="' not in str(Dated(initial={"due_on": "soon"})["due_on"])


def test_whether_a_date_has_changed():
    assert not Dated(dated("27", "3", "2026").data, initial={"due_on": date(2026, 3, 27)}).has_changed()
    assert Dated(dated("28", "3", "2026").data, initial={"due_on": date(2026, 3, 27)}).has_changed()


class Words(Form):
    nhs = forms.CharField(label="NHS number")
    asked = forms.CharField(label="Who asked?")
    kind = forms.ChoiceField(label="Kind of service", choices=[("a", "A")])
    agreed = forms.BooleanField(label="I have read it")
    file = forms.FileField(label="Case list")
    own = forms.CharField(label="Own", error_messages={"required": "Say it in your own words"})


def test_an_empty_field_says_what_to_do_about_it():
    assert {name: errors[0] for name, errors in Words({}).errors.items()} == {
        "nhs": "Enter NHS number",
        "asked": "Answer “Who asked?”",
        "kind": "Choose kind of service",
        "agreed": "Tick the box: I have read it",
        "file": "Choose a file: case list",
        "own": "Say it in your own words",
    }


class Bounded(Form):
    minutes = forms.IntegerField(label="Minutes", min_value=5, max_value=180)
    cases = forms.IntegerField(label="Cases", max_value=20)
    reason = forms.CharField(label="Reason", max_length=4)


def test_what_is_too_much_or_too_little_says_what_would_do():
    assert {
        name: errors[0] for name, errors in Bounded({"minutes": 0, "cases": 21, "reason": "Moved"}).errors.items()
    } == {
        "minutes": "Enter a number, 5 or more",
        "cases": "Enter a number, 20 or less",
        "reason": "Shorten this to 4 characters or fewer: it has 5",
    }


class Optional(Form):
    note = forms.CharField(label="Note", required=False)
    asked = forms.CharField(label="Anything else?", required=False)
    said = forms.CharField(label="Team, optional", required=False)


def test_what_may_be_left_empty_says_so_once_and_a_filter_not_at_all():
    form = Optional()
    assert [label_of(field) for field in form] == ["Note (optional)", "Anything else?", "Team, optional"]
    narrow = type("Narrow", (FilterForm,), {"who": forms.CharField(label="Who", required=False)})()
    assert label_of(narrow["who"]) == "Who"


class Headed(Form):
    heading = "why"
    why = forms.CharField(label="Why did you look?")
    when = DateField(label="When?")


def test_a_fields_label_can_be_the_pages_heading():
    form = Headed()
    assert "<h1" in str(form["why"].as_field_group())
    form.heading = "when"
    assert '<h1 class="govuk-fieldset__heading">' in str(form["when"].as_field_group())


def test_a_long_answer_is_counted_not_cut():
    class Told(Form):
        text = forms.CharField(label="Text", max_length=200, widget=forms.Textarea)

    markup = str(Told()["text"].as_field_group())
    assert 'data-maxlength="200"' in markup
    assert " maxlength=" not in markup


def test_hidden_fields_stay_hidden():
    class Versioned(Form):
        version = forms.IntegerField(widget=forms.HiddenInput)
        text = forms.CharField()

    markup = str(Versioned(initial={"version": 3}))
    assert '<input type="hidden" name="version" value="3" id="id_version">' in markup
    assert "Version" not in markup


def test_a_choice_that_has_gone_meanwhile_says_what_to_do_and_no_id():
    class Naming(Form):
        who = forms.ChoiceField(choices=[("1", "One")])
        others = forms.MultipleChoiceField(choices=[("1", "One")])

    form = Naming({"who": "gxfndf4e", "others": ["gxfndf4e"]})
    assert form.errors == {name: ["This choice is not in the list, or no longer. Choose again"] for name in form.fields}
