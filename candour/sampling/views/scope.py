"""Pages that say who of a list may be drawn, in figures beside the council's own, and that fix it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from candour.access.guard import attempt, by_and_at, needs
from candour.access.policy import Can
from candour.kernel.clock import now
from candour.sampling import actions, jobs, queries
from candour.sampling.forms import ExcludeForm, FiguresForm, FixForm, ScopeForm
from candour.sampling.models import CaseList, Commitment
from candour.ui.forms import posted


@never_cache
@needs(Can.SEE_LIST, of=CaseList)
def counts(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """The list in figures, attribute by attribute, with the council's own beside."""
    context = {"audit": case_list.audit, "case_list": case_list, **queries.counts_page(case_list, request.user)}
    return render(request, "sampling/counts.html", context)


@never_cache
@needs(Can.FIX_LIST, of=CaseList)
def figures(request: HttpRequest, case_list: CaseList, attribute: str) -> HttpResponse:
    """Type the council's own figures beside the list's."""
    name = queries.attribute_name(attribute)
    if not name:
        raise Http404
    form = FiguresForm(posted(request), rows=queries.figure_rows(case_list, attribute))
    if form.is_valid():
        given = {"case_list": case_list, "attribute": attribute, "figures": form.figures()}
        if attempt(request, actions.say_figures, success="The figures are saved.", **given, **by_and_at(request)):
            return redirect("sampling:counts", case_list.pk)
    context = {"audit": case_list.audit, "case_list": case_list, "form": form, "name": name}
    return render(request, "sampling/figures.html", context)


@never_cache
@needs(Can.FIX_LIST, of=CaseList)
def children(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """Say which children of the list may be drawn; each filter shows how many remain after it."""
    found = queries.scope(case_list)
    form = ScopeForm(posted(request), offers=found["offers"], initial=found["initial"])
    if form.is_valid():
        kept = attempt(request, actions.set_scope, case_list=case_list, **form.scope(), **by_and_at(request))
        jobs.count_again(case_list.pk)
        return redirect("sampling:fix" if kept and "go" in request.POST else "sampling:children", case_list.pk)
    return _children(request, case_list, form, ExcludeForm(), found)


def _children(
    request: HttpRequest, case_list: CaseList, form: ScopeForm, leave_out: ExcludeForm, found: dict[str, Any]
) -> HttpResponse:
    context = {"audit": case_list.audit, "case_list": case_list, "form": form, "leave_out": leave_out, **found}
    return render(request, "sampling/children.html", context)


@require_POST
@needs(Can.FIX_LIST, of=CaseList)
def leave_out(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """Leave one child out."""
    form = ExcludeForm(request.POST)
    if form.is_valid():
        done = "The child is left out."
        attempt(
            request, actions.exclude_child, success=done, case_list=case_list, **form.cleaned_data, **by_and_at(request)
        )
        jobs.count_again(case_list.pk)
        return redirect("sampling:children", case_list.pk)
    found = queries.scope(case_list)
    return _children(request, case_list, ScopeForm(offers=found["offers"], initial=found["initial"]), form, found)


@require_POST
@needs(Can.FIX_LIST, of=CaseList)
def take_back(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """Take back that a child was left out."""
    if found := queries.exclusion(case_list, request.POST.get("exclusion", "")):
        attempt(request, actions.include_child, success="The child is back in.", exclusion=found, **by_and_at(request))
        jobs.count_again(case_list.pk)
    return redirect("sampling:children", case_list.pk)


@never_cache
@needs(Can.FIX_LIST, of=CaseList)
def fix(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """Say how many cases, in which groups, and where the random number comes from, and fix the list."""
    found = queries.fix_page(case_list, None)
    if request.htmx:  # type: ignore[attr-defined]
        return _progress(request, case_list, found)
    form = FixForm(posted(request), attributes=found["attributes"], witnesses=found["witnesses"], initial={"places": 8})
    if form.is_valid():
        if not form.looking and (made := _fix(request, case_list, form)):
            return made
        found = queries.fix_page(case_list, form.plan())
    context = {"audit": case_list.audit, "case_list": case_list, "form": form, **found}
    return render(request, "sampling/fix.html", context)


def _fix(request: HttpRequest, case_list: CaseList, form: FixForm) -> HttpResponse | None:
    settled, by = form.settled(now()), request.user
    made = attempt(request, jobs.begin_fixing, case_list=case_list, settled=settled, by=by)
    if isinstance(made, Commitment):
        return redirect("sampling:fixed", made.pk)
    return redirect("sampling:fix", case_list.pk) if made else None


def _progress(request: HttpRequest, case_list: CaseList, found: dict[str, Any]) -> HttpResponse:
    """How far the worker is; once it is done, the page as it stands then."""
    if not found["fixing"]:
        return HttpResponseClientRefresh()
    return render(request, "sampling/fix.html#progress", {"case_list": case_list, **found})
