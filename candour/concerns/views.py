from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candour.access.guard import attempt, needs
from candour.access.policy import Can, allows
from candour.concerns import actions, queries
from candour.concerns.flow import ACKNOWLEDGE, CLOSE, MOVES
from candour.concerns.forms import AddForm, CloseForm, PracticeForm, UnsafeForm
from candour.concerns.models import Concern
from candour.kernel.clock import now, today
from candour.sampling.models import Case
from candour.trail.moves import offers


@never_cache
@needs(Can.RAISE_CONCERN, of=Case)
def unsafe(request: HttpRequest, case: Case) -> HttpResponse:
    """A child may be unsafe now: phone first, then write down the call."""
    form = UnsafeForm(request.POST or None, initial={"phoned_on": today()})
    if form.is_valid():
        concern = attempt(request, actions.raise_unsafe, case=case, **form.call(), **_now(request))
        if concern:
            return redirect("concerns:show", concern.pk)
    return render(request, "concerns/unsafe.html", {"case": case, "form": form})


@never_cache
@needs(Can.RAISE_CONCERN, of=Case)
def practice(request: HttpRequest, case: Case) -> HttpResponse:
    """A concern about practice or a person, to the employer, the LADO or by the escalation policy."""
    person: Any = request.user
    form = PracticeForm(request.POST or None, recipients=queries.recipients(case.partnership, today(), but=person))
    if form.is_valid():
        concern = attempt(request, actions.raise_practice, case=case, **form.concern(), **_now(request))
        if concern:
            return redirect("concerns:show", concern.pk)
    return render(request, "concerns/practice.html", {"case": case, "form": form})


@needs(Can.SEE_CONCERN)
def known(request: HttpRequest) -> HttpResponse:
    """The concerns that one may know of."""
    person: Any = request.user
    return render(request, "concerns/known.html", {"rows": queries.known_to(person)})


@never_cache
@needs(Can.SEE_CONCERN, of=Concern)
def show(request: HttpRequest, concern: Concern) -> HttpResponse:
    """A concern: all of it for those who may read it, only its state for the coordinator."""
    moves = offers(MOVES, concern, request.user)
    context = {
        "concern": concern,
        "reads": allows(request.user, Can.READ_CONCERN, concern),
        "entries": queries.entries(concern),
        "may_acknowledge": ACKNOWLEDGE.name in moves,
        "may_close": CLOSE.name in moves,
        "form": AddForm(),
        "closing": CloseForm(),
    }
    return render(request, "concerns/show.html", context)


@require_POST
@needs(Can.READ_CONCERN, of=Concern)
def add(request: HttpRequest, concern: Concern) -> HttpResponse:
    """Add what became known later."""
    text = request.POST.get("text", "")
    attempt(request, actions.add, success="Added.", concern=concern, text=text, **_now(request))
    return redirect("concerns:show", concern.pk)


@require_POST
@needs(Can.OWN_CONCERN, of=Concern)
def acknowledge(request: HttpRequest, concern: Concern) -> HttpResponse:
    """Take up a concern."""
    attempt(request, actions.acknowledge, success="You have taken this up.", concern=concern, **_now(request))
    return redirect("concerns:show", concern.pk)


@require_POST
@needs(Can.OWN_CONCERN, of=Concern)
def close(request: HttpRequest, concern: Concern) -> HttpResponse:
    """Close a concern with what came of it."""
    note = request.POST.get("note", "")
    attempt(request, actions.close, success="Closed.", concern=concern, note=note, **_now(request))
    return redirect("concerns:show", concern.pk)


def _now(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "at": now()}
