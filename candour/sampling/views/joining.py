"""Pages that join a second list to the first: give it, look at the pairs, decide which are one child."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candour.access.guard import attempt, by_and_at, needs
from candour.access.policy import Can
from candour.sampling import actions, jobs, queries
from candour.sampling.flow import ListState
from candour.sampling.forms import SecondForm
from candour.sampling.models import CaseList

ANSWERS = {"same": True, "different": False, "open": None}


@never_cache
@needs(Can.READ_LIST, of=CaseList)
def second(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """Give a second list, to be joined to this one."""
    form = SecondForm(request.POST, request.FILES) if request.method == "POST" else SecondForm()
    if form.is_valid():
        given: dict[str, Any] = {"audit": case_list.audit, "files": form.given(), "beside": case_list}
        given["same_numbers"] = form.cleaned_data["same_numbers"]
        if made := attempt(request, actions.give_list, **given, **by_and_at(request)):
            jobs.begin_reading(made)
            return redirect("sampling:understood", made.pk)
    context = {"audit": case_list.audit, "case_list": case_list, "form": form}
    return render(request, "sampling/second.html", context)


@never_cache
@needs(Can.FIX_LIST, of=CaseList)
def matching(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """How the children of two lists pair up; names are shown by a recorded act only."""
    return _matching(request, case_list, None)


@never_cache
@require_POST
@needs(Can.FIX_LIST, of=CaseList)
def pairs(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """The same page with the names of the next pairs, in the answer to one recorded act."""
    return _matching(
        request, case_list, attempt(request, actions.show_pairs, case_list=case_list, **by_and_at(request))
    )


def _matching(request: HttpRequest, second: CaseList, shown: list[queries.ShownPair] | None) -> HttpResponse:
    if second.beside is None or second.state not in (ListState.READ, ListState.KEPT):
        raise Http404
    context = {"audit": second.audit, "second": second, "shown": shown, **queries.matching(second)}
    return render(request, "sampling/matching.html", context)


@require_POST
@needs(Can.FIX_LIST, of=CaseList)
def confirm_sure(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """Confirm all sure pairs together."""
    words = "The sure pairs are confirmed."
    attempt(request, actions.decide_sure, success=words, case_list=case_list, **by_and_at(request))
    jobs.count_again(case_list.beside_id or "")
    return redirect("sampling:matching", case_list.pk)


@require_POST
@needs(Can.FIX_LIST, of=CaseList)
def decide(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """Say of single pairs whether they are one child, or take that back."""
    answers = {name: ANSWERS[value] for name in request.POST if (value := request.POST.get(name, "")) in ANSWERS}
    attempt(request, actions.decide_pairs, success="Saved.", case_list=case_list, answers=answers, **by_and_at(request))
    jobs.count_again(case_list.beside_id or "")
    return redirect("sampling:matching", case_list.pk)
