"""What the gallery shows: each component with made-up matter, forms empty, filled in and refused."""

from typing import Any

from django import forms
from django.core.paginator import Paginator

from candour.ui.forms import CheckboxSelectMultiple, DateField, Form, RadioSelect, text_box

YES_NO = [("yes", "Yes"), ("partly", "Partly"), ("no", "No"), ("unrecorded", "Not recorded"), ("na", "Does not apply")]
GRADES = [
    ("outstanding", "Outstanding"),
    ("good", "Good"),
    ("requires-improvement", "Requires improvement"),
    ("inadequate", "Inadequate"),
]
SERVICES = [
    ("Social care", [("front-door", "Front door"), ("assessment", "Assessment team")]),
    ("Health", [("hv", "Health visiting"), ("ed", "Emergency department")]),
]


class Sampler(Form):
    """One field of every kind."""

    title = forms.CharField(label="What is the audit called?", help_text="People will know it by this name.")
    email = forms.EmailField(label="Email address")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    places = forms.IntegerField(label="How many children", min_value=4, max_value=20)
    due_on = DateField(label="Returns due")
    history = forms.ChoiceField(
        label="Was earlier history read before deciding what to do?",
        choices=YES_NO,
        widget=RadioSelect(inline=True),
    )
    grade = forms.ChoiceField(
        label="How good was recognition by your service?",
        choices=GRADES,
        widget=RadioSelect(
            hints={
                "good": "Seen in time, history read, child seen; small gaps only.",
                "requires-improvement": "Seen, but late, or read as a single event.",
            }
        ),
    )
    services = forms.MultipleChoiceField(
        label="Services to ask",
        choices=[(code, name) for _, group in SERVICES for code, name in group],
        widget=CheckboxSelectMultiple(hints={"hv": "Children under five"}),
    )
    lead = forms.ChoiceField(label="Who leads", choices=[("", "Choose one"), *SERVICES])
    note = forms.CharField(label="Note", widget=text_box(3), required=False)
    reason = forms.CharField(label="Why this grade?", max_length=300, widget=text_box(4))
    file = forms.FileField(label="Case list", help_text="An Annex A workbook, or a CSV or XLSX file.")
    agreed = forms.BooleanField(label="I have read the record myself", help_text="Not a summary of it.")


TYPED = {
    "title": "Physical abuse",
    "email": "ruth@example.org",
    "places": "8",
    "due_on_day": "18",
    "due_on_month": "12",
    "due_on_year": "2026",
    "history": "partly",
    "grade": "good",
    "services": ["hv"],
    "lead": "hv",
    "reason": "The mark was noted at the nine-month review and discussed the same day.",
    "agreed": "on",
}


def shelves(page: str) -> dict[str, Any]:
    """The matter of the gallery's page."""
    wrong = {**TYPED, "title": "", "email": "ruth", "due_on_month": "", "history": "", "services": [], "reason": ""}
    return {
        "empty": Sampler(prefix="a"),
        "typed": Sampler(initial={**TYPED, "due_on": "2026-12-18"}, prefix="b"),
        "refused": Sampler({f"c-{name}": value for name, value in wrong.items()}, prefix="c"),
        "crumbs": [("Audits", "#audits"), ("2026-03 Physical abuse", "#audit"), ("Gallery", "")],
        "legend": ("Sample", "Of the whole list, %"),
        "colours": ["grey", "teal", "amber", "red", "blue"],
        "grades": ["outstanding", "good", "requires-improvement", "inadequate", "not-enough", "", "works-well"],
        "page": Paginator(range(400), 20).get_page(page),
        "rows": [
            ("Practice focus", "Physical abuse in children under 10"),
            ("Review period", "1 April to 30 September 2026", "#review", "Change"),
            ("Tool", "Core tool, version 1"),
        ],
        "steps": [
            {"name": "Focus", "figures": "decided 14 Sep", "state": "done", "url": "#focus"},
            {"name": "Sampling", "figures": "8 of 214 children", "state": "done", "url": "#sampling"},
            {"name": "Involvement", "figures": "62 of 88 answers in", "state": "now", "url": "#involvement"},
            {"name": "Appraisal", "figures": "opens 30 Nov", "state": "todo", "url": ""},
            {"name": "Discussion", "figures": "14 Jan, Civic Centre", "state": "todo", "url": ""},
            {"name": "Learning", "figures": "briefing by 12 Feb", "state": "todo", "url": ""},
            {"name": "Impact", "figures": "sense check Aug 2027", "state": "todo", "url": ""},
        ],
        "compared": [
            ("Under 1", 38, 31, "3 of 8"),
            ("1 to 4", 38, 36, "3 of 8"),
            ("5 to 9", 25, 33, "2 of 8"),
        ],
        "single": [("Social care", 8), ("Police", 6), ("Health visiting", 5), ("Schools", 2)],
    }
