"""The coordinator's pages: prepare the cases, ask, see who knows whom, remind."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from candour.access.guard import attempt, by_and_at, needs
from candour.access.policy import Can
from candour.focus.models import Audit
from candour.involvement import actions, queries
from candour.involvement.forms import AddServiceForm, GridFilter, KeepForm
from candour.involvement.models import Ask, Involvement, Screening
from candour.kernel.clock import now, today
from candour.people.models import Service
from candour.sampling.models import Case

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Can.SEE_GRID, of=Audit)
def grid(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Who knows these children, service by service, all of them or those that something is wanted of."""
    made, form = queries.grid(audit, today()), GridFilter(request.GET)
    narrowed = form.chosen()
    lines = made.shown(narrowed)
    context = {"audit": audit, "grid": made, "filter": form, "narrowed": narrowed, "lines": lines}
    context |= {"failing": [line for line in lines if line.failing], "mentions": queries.mentions(audit)}
    return render(request, "involvement/grid.html", context)


@require_POST
@needs(Can.SEE_GRID, of=Audit)
def export_grid(request: HttpRequest, audit: Audit) -> HttpResponse:
    """The grid as an Excel file without a formula; taking it is on record."""
    made = queries.workbook(audit, queries.grid(audit, today()), today())
    actions.note_export(audit=audit, **by_and_at(request))
    headers = {"Content-Disposition": f'attachment; filename="involvement-{audit.code}.xlsx"'}
    return HttpResponse(made, content_type=EXCEL, headers=headers)


@needs(Can.SEE_GRID, of=Audit)
def prepare(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Each case with its identities, its screening, and whether its services were asked."""
    rows = queries.preparation(audit)
    context = {"audit": audit, "rows": rows, "ready": queries.ready(audit, rows)}
    return render(request, "involvement/prepare.html", context)


@require_POST
@needs(Can.EDIT_IDENTITY, of=Case)
def begin_identities(request: HttpRequest, case: Case) -> HttpResponse:
    """Begin the file of a case, and go to it."""
    subject = attempt(request, actions.begin_identities, case=case, **by_and_at(request))
    if subject is None:
        return redirect("involvement:prepare", case.audit_id)
    return redirect("identity:show", subject.pk)


@require_POST
@needs(Can.ASK_SERVICE, of=Audit)
def start_screening(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Have social care and the police look first."""
    said = "Social care and the police have been asked to look at the sample."
    attempt(request, actions.start_screening, success=said, audit=audit, **by_and_at(request))
    return redirect("involvement:prepare", audit.pk)


@require_POST
@needs(Can.ASK_SERVICE, of=Audit)
def ask_services(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Ask every expected service about the cases that are ready."""
    done = attempt(
        request, actions.ask_services, success="The services have been asked.", audit=audit, **by_and_at(request)
    )
    return redirect("involvement:grid" if done else "involvement:prepare", audit.pk)


@require_POST
@needs(Can.ASK_SERVICE, of=Audit)
def remind(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Remind the services ticked, or every one shown that still has answers to give."""
    wanted = request.POST.getlist("ask") or request.POST.getlist("shown")
    asks = [ask for ask in queries.live_asks(audit) if not wanted or ask.pk in wanted]
    attempt(
        request, actions.remind, success="Reminders are on their way.", audit=audit, asks=asks, **by_and_at(request)
    )
    return redirect("involvement:grid", audit.pk)


@needs(Can.ASK_SERVICE, of=Audit)
def add_service(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Ask one more service, with where the mention of it comes from."""
    choices: dict[str, Any] = {
        "services": queries.addable_services(audit, today()),
        "cases": [row.case for row in queries.preparation(audit) if row.asked or row.cleared],
        "named_by": [ask.service for ask in queries.live_asks(audit)],
    }
    form = AddServiceForm(request.POST or None, initial=_named_in(request, choices["named_by"]), **choices)
    if form.is_valid():
        said = "The service has been asked."
        if attempt(request, actions.add_service, success=said, audit=audit, **form.chosen(), **by_and_at(request)):
            return redirect("involvement:grid", audit.pk)
    return render(request, "involvement/add_service.html", {"audit": audit, "form": form})


def _named_in(request: HttpRequest, services: list[Service]) -> dict[str, Any]:
    """The case and the service from which a mention comes, as the link on the grid gives them."""
    named = next((one for one in services if one.pk == request.GET.get("by")), None)
    said = f"Named by {named}" if named else ""
    return {"cases": request.GET.getlist("case"), "mentioned_by": named.pk if named else "", "mention": said}


@needs(Can.SEE_GRID, of=Audit)
def opened(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Who opened the list, when and for what, and how often lately."""
    return render(request, "involvement/opened.html", {"audit": audit} | queries.opened(audit, now()))


@needs(Can.REPLACE_CASE, of=Screening)
def keep(request: HttpRequest, screening: Screening) -> HttpResponse:
    """Keep a case although screening found something, with the reason."""
    form = KeepForm(request.POST or None)
    if form.is_valid():
        because = form.cleaned_data["because"]
        if attempt(request, actions.keep_case, screening=screening, because=because, **by_and_at(request)):
            return redirect("involvement:prepare", screening.case.audit_id)
    return render(request, "involvement/keep.html", {"screening": screening, "form": form})


@require_POST
@needs(Can.ASK_SERVICE, of=Ask)
def withdraw(request: HttpRequest, ask: Ask) -> HttpResponse:
    """Withdraw an ask made in error."""
    attempt(request, actions.withdraw_ask, success="The ask has been withdrawn.", ask=ask, **by_and_at(request))
    return redirect("involvement:grid", ask.audit_id)


@require_POST
@needs(Can.ASK_SERVICE, of=Ask)
def ask_again(request: HttpRequest, ask: Ask) -> HttpResponse:
    """Ask a service after all."""
    attempt(request, actions.ask_again, success="The service is asked again.", ask=ask, **by_and_at(request))
    return redirect("involvement:grid", ask.audit_id)


@require_POST
@needs(Can.ASK_SERVICE, of=Involvement)
def want_return(request: HttpRequest, involvement: Involvement) -> HttpResponse:
    """Ask for a return that is not owed, or no longer."""
    wanted = request.POST.get("wanted") == "yes"
    said = "A return is asked for." if wanted else "No return is asked for any more."
    attempt(request, actions.want_return, success=said, involvement=involvement, wanted=wanted, **by_and_at(request))
    return redirect("involvement:show", involvement.pk)
