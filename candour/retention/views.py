"""Pages of what is kept, for how long, and of holds."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, by_and_at, needs
from candour.access.policy import Can
from candour.people.models import Partnership
from candour.retention import actions, queries
from candour.retention.forms import HoldForm, PeriodsForm
from candour.retention.models import FROM, Hold

PER_PAGE = 50


@needs(Can.KEEP_RETENTION)
def kept(request: Request) -> HttpResponse:
    """The partnerships whose records one looks after; one alone opens by itself."""
    partnerships = queries.kept_in(request.user)
    if len(partnerships) == 1:
        return redirect("retention:show", partnerships[0].pk)
    return render(request, "retention/kept.html", {"partnerships": partnerships})


@needs(Can.KEEP_RETENTION, of=Partnership)
def show(request: Request, partnership: Partnership) -> HttpResponse:
    """What is kept, and on which day what will be removed."""
    months, holds = queries.periods(partnership), queries.holds(partnership)
    kinds = [(kind.label, many, FROM.get(kind, "the audit is closed")) for kind, many in months.items()]
    lines = Paginator(queries.lines(partnership, months, holds), PER_PAGE)
    page = lines.get_page(request.GET.get("page"))
    context = {"partnership": partnership, "kinds": kinds, "page": page, "holds": holds}
    return render(request, "retention/show.html", context)


@needs(Can.KEEP_RETENTION, of=Partnership)
def periods(request: Request, partnership: Partnership) -> HttpResponse:
    """How long each kind of record is kept."""
    form = PeriodsForm(request.POST or None, months=queries.periods(partnership))
    if form.is_valid():
        sure = form.cleaned_data["sure"] == "yes"
        said: dict[str, Any] = {"partnership": partnership, "months": form.months(), "sure": sure}
        if attempt(request, actions.set_periods, success="Saved.", **said, **by_and_at(request)):
            return redirect("retention:show", partnership.pk)
    return render(request, "retention/periods.html", {"partnership": partnership, "form": form})


@needs(Can.KEEP_RETENTION, of=Partnership)
def hold(request: Request, partnership: Partnership) -> HttpResponse:
    """Keep an audit or a case whatever its date says."""
    form = HoldForm(request.POST or None, **queries.holdable(partnership))
    if form.is_valid():
        held = attempt(request, actions.hold, success="It is kept.", **form.hold(), **by_and_at(request))
        if held:
            return redirect("retention:show", partnership.pk)
    return render(request, "retention/hold.html", {"partnership": partnership, "form": form})


@require_POST
@needs(Can.KEEP_RETENTION, of=Hold)
def lift(request: Request, hold: Hold) -> HttpResponse:
    """Lift a hold."""
    attempt(request, actions.lift, success="The hold is lifted.", hold=hold, **by_and_at(request))
    return redirect("retention:show", hold.partnership_id)
