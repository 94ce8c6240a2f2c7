"""Somebody without an account completes one return: the coordinator calls them in, and they come by link and code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from candour.access.guard import attempt, needs, public
from candour.access.policy import Can
from candour.involvement import actions, queries
from candour.involvement.forms import CallForm, CodeForm
from candour.involvement.models import Ask, Visit
from candour.kernel.clock import now, today
from candour.members import visiting
from candour.notices.senders import can_text
from candour.people.models import Role

WRONG = "This is not the code, or it is an older one. Check it and type it again."
USED_UP = "The code was typed wrongly too often, so that it is worth nothing now. Get a new one."


@never_cache
@needs(Can.ASK_SERVICE, of=Ask)
def once(request: HttpRequest, ask: Ask) -> HttpResponse:
    """Call somebody in for one case, and see who has been."""
    cases = queries.callable_cases(ask)
    authorisers = queries.people_of([ask.service], Role.AUTHORISER, today())[ask.service_id]
    form = CallForm(request.POST or None, cases=cases, authorisers=authorisers, texts=can_text())
    if request.method == "POST" and form.is_valid():
        called = attempt(request, actions.call_in, ask=ask, by=request.user, at=now(), **form.called())
        if called is not None:
            return _called(request, called)
    context = {"ask": ask, "form": form, "free": bool(cases), "rows": queries.visits_of(ask)}
    return render(request, "involvement/once.html", context)


def _called(request: HttpRequest, called: actions.Called) -> HttpResponse:
    visit = called.visit
    context = {"visit": visit, "code": called.code, "ask": queries.ask_behind(visit.involvement)}
    return render(request, "involvement/once_called.html", context)


@never_cache
@require_POST
@needs(Can.ASK_SERVICE, of=Visit)
def call_again(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new link and a new code, in the place of lost ones."""
    called = attempt(request, actions.call_again, visit=visit, by=request.user, at=now())
    return _called(request, called) if called else _back(visit)


@require_POST
@needs(Can.ASK_SERVICE, of=Visit)
def withdraw_visit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take a link back."""
    said = f"{visit.user} can no longer open the case."
    attempt(request, actions.withdraw_visit, success=said, visit=visit, by=request.user, at=now())
    return _back(visit)


def _back(visit: Visit) -> HttpResponse:
    return redirect("involvement:once", queries.ask_behind(visit.involvement).pk)


@public
@never_cache
@sensitive_post_parameters("code")
def come_in(request: HttpRequest, token: str) -> HttpResponse:
    """The link: type the code, and be at the return. Opening the link changes nothing."""
    visit = queries.visit_by(token)
    if visit is None or not queries.standing(visit):
        return render(request, "involvement/once_over.html", {"visit": visit}, status=404)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = attempt(request, actions.come_in, visit=visit, code=form.cleaned_data["code"], at=now())
        if person is not None:
            return visiting.begin(request, person, queries.return_page(visit.involvement))
        form.add_error("code", USED_UP if queries.used_up(visit) else WRONG)
    context = {"visit": visit, "form": form, "token": token, "due": queries.returns_due(visit.audit)}
    return render(request, "involvement/come_in.html", context, status=422 if form.errors else 200)


@public
@require_POST
def send_code(request: HttpRequest, token: str) -> HttpResponse:
    """Have a new code sent by text message."""
    visit = queries.visit_by(token)
    if visit is not None:
        said = "A new code is on its way to your phone. Earlier codes no longer work."
        attempt(request, actions.send_code, success=said, visit=visit, at=now())
    return redirect("involvement:come_in", token)
