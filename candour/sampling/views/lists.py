"""Pages about a list: give it, see what was understood, say what its columns are, keep it or let it go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from candour.access.guard import attempt, by_and_at, needs
from candour.access.policy import Can
from candour.focus.models import Audit
from candour.sampling import actions, jobs, queries
from candour.sampling.flow import ListState
from candour.sampling.forms import CodesForm, ColumnsForm, GiveForm
from candour.sampling.models import CaseList
from candour.ui.forms import posted


@needs(Can.SEE_DRAW, of=Audit)
def show(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Where the choosing of cases stands; once drawn, the result."""
    if found := queries.standing_draw(audit):
        return redirect("sampling:drawn", found.pk)
    return render(request, "sampling/show.html", {"audit": audit, **queries.step(audit, request.user)})


@never_cache
@needs(Can.READ_LIST, of=Audit)
def give(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Give a list, as files or pasted; it is read at once where it is small, else by the worker."""
    form = GiveForm(request.POST, request.FILES) if request.method == "POST" else GiveForm()
    if form.is_valid():
        given = attempt(request, actions.give_list, audit=audit, files=form.given(), **by_and_at(request))
        if given:
            jobs.begin_reading(given)
            return redirect("sampling:understood", given.pk)
    return render(request, "sampling/give.html", {"audit": audit, "form": form})


@never_cache
@needs(Can.SEE_LIST, of=CaseList)
def understood(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """What was understood of a list, before anything is kept; while it is being read, how far."""
    reading = case_list.state == ListState.READING
    if request.htmx and not reading:  # type: ignore[attr-defined]
        return HttpResponseClientRefresh()
    page = "sampling/understood.html"
    context = {"audit": case_list.audit, "case_list": case_list, **queries.understood(case_list, request.user)}
    return render(request, f"{page}#progress" if request.htmx else page, context)  # type: ignore[attr-defined]


@never_cache
@needs(Can.READ_LIST, of=CaseList)
def columns(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """Say what the columns of a table are; it is read again."""
    previews = queries.report_lines(case_list)["previews"]
    form = ColumnsForm(posted(request), previews=previews)
    if form.is_valid():
        mapped = form.columns()
        if again := attempt(request, actions.map_columns, case_list=case_list, columns=mapped, **by_and_at(request)):
            jobs.begin_reading(again)
            return redirect("sampling:understood", case_list.pk)
    tables = [(table, [form[f"{table['key']}-{n}"] for n in range(len(table["headings"]))]) for table in previews]
    context = {"audit": case_list.audit, "case_list": case_list, "form": form, "tables": tables}
    return render(request, "sampling/columns.html", context)


@never_cache
@needs(Can.READ_LIST, of=CaseList)
def spellings(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """Say what the spellings mean that were not understood; the list is read again."""
    form = CodesForm(posted(request), unknown=queries.unknown_spellings(case_list))
    if form.is_valid():
        said = form.meanings()
        if again := attempt(request, actions.map_codes, case_list=case_list, meanings=said, **by_and_at(request)):
            jobs.begin_reading(again)
            return redirect("sampling:understood", case_list.pk)
    context = {"audit": case_list.audit, "case_list": case_list, "form": form}
    return render(request, "sampling/spellings.html", context)


@require_POST
@needs(Can.READ_LIST, of=CaseList)
def keep(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """Keep a list as understood."""
    kept = attempt(request, actions.keep_list, case_list=case_list, **by_and_at(request))
    if kept and case_list.beside_id:
        return redirect("sampling:matching", case_list.pk)
    return redirect("sampling:children" if kept else "sampling:understood", case_list.pk)


@require_POST
@needs(Can.READ_LIST, of=CaseList)
def set_aside(request: HttpRequest, case_list: CaseList) -> HttpResponse:
    """Let a list go."""
    words = "The list and its rows are deleted."
    attempt(request, actions.set_aside, success=words, case_list=case_list, **by_and_at(request))
    return redirect("sampling:show", case_list.audit_id)
