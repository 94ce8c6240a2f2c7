"""Before a return opens to whoever checks it, or took it over: what they declare."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from candour.access.guard import Request, attempt, by_and_at, needs
from candour.access.policy import Can
from candour.appraisal import actions, queries
from candour.appraisal.forms import IndependenceForm
from candour.appraisal.models import Return
from candour.ui.forms import posted


def once_declared(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open the page of a return only after its checker, or its new writer, has declared."""

    @wraps(view)
    def asked(request: Request, ret: Return, *args: Any, **kwargs: Any) -> HttpResponse:
        if queries.must_declare(ret, request.user):
            return redirect("appraisal:declare", pk=ret.pk)
        return view(request, ret, *args, **kwargs)

    return asked


@needs(Can.SEE_RETURN, of=Return)
def declare(request: Request, ret: Return) -> HttpResponse:
    """What is true of this person and this child, before the return opens to them."""
    if not queries.must_declare(ret, request.user):
        return redirect("appraisal:show", pk=ret.pk)
    form = IndependenceForm(posted(request))
    if form.is_valid():
        return _declared(request, ret, form.cleaned_data["independence"])
    return render(request, "appraisal/declare.html", {"ret": ret, "form": form})


def _declared(request: HttpRequest, ret: Return, said: str) -> HttpResponse:
    acting: dict[str, Any] = by_and_at(request)
    if said == "connected":
        shut = attempt(request, actions.declare_connection, involvement=ret.involvement, **acting)
        return redirect("appraisal:closed" if shut else "appraisal:returns")
    acting |= {"worked_with": said == "worked", "manages_worker": said == "manages"}
    attempt(request, actions.declare, ret=ret, **acting)
    return redirect("appraisal:authorise" if ret.authoriser_id == request.user.pk else "appraisal:show", pk=ret.pk)
