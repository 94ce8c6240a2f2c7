"""When somebody is away, and who stands in."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from candour.access.guard import Request, attempt, by_and_at, needs
from candour.access.policy import Can
from candour.kernel.clock import today
from candour.members import actions, forms, queries
from candour.members.views.people import partnership_in, person_in
from candour.people.models import Absence, Partnership, User


@needs(Can.KEEP_ACCOUNT)
def away(request: Request) -> HttpResponse:
    """When this person is away, and who stands in."""
    return _away(request, request.user, None)


@needs(Can.SEE_PEOPLE)
def away_of(request: Request, pk: str) -> HttpResponse:
    """When somebody whom one looks after is away, and who stands in."""
    return _away(request, person_in(request, pk)[0], partnership_in(request))


def _away(request: Request, who: User, partnership: Partnership | None) -> HttpResponse:
    """The days on which somebody is away: some more of them, another stand-in, or some called off."""
    rows, choices = queries.absences_of(who, request.user, today()), queries.stand_ins(who, request.user, today())
    typed = request.POST if "starts_on_day" in request.POST else None
    form = forms.AwayForm(typed, people=choices)
    if request.method == "POST" and _said(request, who, {row.pk: row for row, _ in rows}, form, partnership):
        return redirect(request.get_full_path())
    naming = [forms.StandInForm(prefix=row.pk, initial={"deputy": row.deputy_id}, people=choices) for row, _ in rows]
    context = {"who": who, "rows": [(*row, one) for row, one in zip(rows, naming, strict=True)], "form": form}
    context |= {"own": who == request.user, "partnership": partnership, "may": queries.may_be_away(who, today())}
    return render(request, "members/away.html", context)


def _said(
    request: Request, who: User, rows: dict[str, Absence], form: forms.AwayForm, partnership: Partnership | None
) -> bool:
    """Do what the page was sent for; whether it was done."""
    facts = {"partnership": partnership, **by_and_at(request)}
    if off := rows.get(request.POST.get("off", "")):
        attempt(request, actions.call_off, success="The absence has been called off.", absence=off, **facts)
        return True
    for pk, row in rows.items():
        named = forms.StandInForm(request.POST, prefix=pk, people=list(form.people.values()))
        if f"{pk}-deputy" in request.POST and named.is_valid():
            attempt(request, actions.name_stand_in, success="Saved.", absence=row, **facts, **named.said())
            return True
    said = "The days away have been added."
    return form.is_valid() and bool(attempt(request, actions.go_away, success=said, person=who, **facts, **form.said()))
