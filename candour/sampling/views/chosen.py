"""Pages about cases: one case, replacing it, its row, and cases given to us."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candour.access.guard import attempt, by_and_at, needs
from candour.access.policy import Can
from candour.focus.models import Audit
from candour.sampling import actions, queries
from candour.sampling.forms import ChooseForm, GivenForm, ReplaceForm
from candour.sampling.models import Case
from candour.ui.forms import posted


@needs(Can.SEE_CASE, of=Case)
def case(request: HttpRequest, case: Case) -> HttpResponse:
    """One case: its number, its area, who held the place before; what later steps offer is linked."""
    return _page(request, case)


def _page(request: HttpRequest, case: Case, traced: actions.Traced | None = None) -> HttpResponse:
    context = {"audit": case.audit, "case": case, "traced": traced, **queries.case_page(case, request.user)}
    return render(request, "sampling/case.html", context)


@never_cache
@require_POST
@needs(Can.TRACE_REF, of=Case)
def row(request: HttpRequest, case: Case) -> HttpResponse:
    """The same page with the row that the case stands for, in the answer to one recorded act."""
    return _page(request, case, attempt(request, actions.trace_case, case=case, **by_and_at(request)))


@needs(Can.REPLACE_CASE, of=Case)
def replace(request: HttpRequest, case: Case) -> HttpResponse:
    """Replace a case: the reason first, then the next in line."""
    form = ReplaceForm(posted(request))
    if form.is_valid():
        words = f"{case} is replaced. Its number is not used again."
        attempt(request, actions.replace_case, success=words, case=case, **form.cleaned_data, **by_and_at(request))
        return redirect("sampling:show", case.audit_id)
    context = {"audit": case.audit, "case": case, "form": form, **queries.case_page(case, request.user)}
    return render(request, "sampling/replace.html", context)


@needs(Can.CHOOSE_CASE, of=Audit)
def choose(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Add one case chosen for a reason, beside those drawn."""
    form = ChooseForm(posted(request), areas=queries.named_areas(audit.partnership_id))
    if form.is_valid():
        words = "The case is added. It is marked everywhere as not drawn at random."
        if attempt(request, actions.choose_case, success=words, audit=audit, **form.cleaned_data, **by_and_at(request)):
            return redirect("sampling:show", audit.pk)
    return render(request, "sampling/choose.html", {"audit": audit, "form": form})


@needs(Can.READ_LIST, of=Audit)
def give_cases(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Enter cases that somebody else has chosen."""
    form = GivenForm(posted(request))
    if form.is_valid():
        origin = form.cleaned_data["origin"]
        if attempt(request, actions.give_cases, audit=audit, areas=form.given(), origin=origin, **by_and_at(request)):
            return redirect("sampling:show", audit.pk)
    return render(request, "sampling/given.html", {"audit": audit, "form": form})
