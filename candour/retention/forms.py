"""How long records are kept, and what is held whatever its date says."""

from collections.abc import Iterable
from typing import Any

from django import forms

from candour.focus.models import Audit
from candour.retention.models import FROM, LONGEST, MONTHS, Kind
from candour.sampling.models import Case
from candour.ui.forms import Form, RadioSelect, text_box


class PeriodsForm(Form):
    """How many months each kind of record is kept."""

    def __init__(self, *args: Any, months: dict[Kind, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in MONTHS:
            self.fields[kind.value] = forms.IntegerField(
                label=kind.label,
                help_text=f"Months after {FROM.get(kind, 'the audit is closed')}",
                min_value=1,
                max_value=LONGEST,
                initial=months[kind],
                widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
            )
        self.fields["sure"] = forms.ChoiceField(
            label="May records whose new date is near or past be removed at once?",
            required=False,
            choices=[("", "No"), ("yes", "Yes, remove them")],
            widget=RadioSelect,
        )

    def months(self) -> dict[Kind, int]:
        """The months by kind."""
        return {kind: self.cleaned_data[kind.value] for kind in MONTHS}


class HoldForm(Form):
    """What is kept although its date comes, and why."""

    what = forms.ChoiceField(label="What must be kept?")
    why = forms.CharField(
        label="Why, and who asked for it?",
        help_text="For example, a court order or an inquiry. Name no child.",
        widget=text_box(3),
        max_length=1000,
    )

    def __init__(self, *args: Any, audits: Iterable[Audit], cases: Iterable[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audits, self.cases = {one.pk: one for one in audits}, {one.pk: one for one in cases}
        self.field("what").choices = [("", "Choose an audit or a case")] + [
            (f"Audit {audit.code}", [(audit.pk, f"All of audit {audit.code}"), *self._within(audit)])
            for audit in self.audits.values()
        ]

    def _within(self, audit: Audit) -> list[tuple[str, str]]:
        return [(pk, f"{case}, audit {audit.code}") for pk, case in self.cases.items() if case.audit_id == audit.pk]

    def hold(self) -> dict[str, Any]:
        """The audit, the case where it is about one, and the reason."""
        chosen = self.cleaned_data["what"]
        case = self.cases.get(chosen)
        audit = self.audits[case.audit_id if case else chosen]
        return {"audit": audit, "case": case, "why": self.cleaned_data["why"]}
