"""Pages about the identities of an audit's cases: who is entered, and the form to fill in Excel."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from candour.access.guard import attempt, by_and_at, needs
from candour.access.policy import Can
from candour.focus.models import Audit
from candour.sampling import actions, jobs, queries
from candour.sampling.forms import FilledIdentitiesForm
from candour.sampling.models import IdentitySheet

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@needs(Can.EDIT_IDENTITY, of=Audit)
def identities(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Who is entered for each case; a filled form is given here."""
    form = FilledIdentitiesForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    if form.is_valid():
        given = {"audit": audit, "files": form.given(), **by_and_at(request)}
        if sheet := attempt(request, jobs.read_form, **given):
            return redirect("sampling:identity_sheet", sheet.pk)
    context = {"audit": audit, "form": form, **queries.identities_page(audit)}
    return render(request, "sampling/identities.html", context)


@never_cache
@require_safe
@needs(Can.EDIT_IDENTITY, of=Audit)
def identity_form(request: HttpRequest, audit: Audit) -> HttpResponse:
    """The form to fill in: references only."""
    headers = {"Content-Disposition": f'attachment; filename="identities-{audit.code}.xlsx"'}
    return HttpResponse(queries.write_form(audit), content_type=EXCEL, headers=headers)


@never_cache
@needs(Can.EDIT_IDENTITY, of=IdentitySheet)
def identity_sheet(request: HttpRequest, sheet: IdentitySheet) -> HttpResponse:
    """What was understood of a filled form, cell by cell, before anything of it is kept."""
    context = {"audit": sheet.audit, "sheet": sheet, **queries.sheet_page(sheet)}
    return render(request, "sampling/identity_sheet.html", context)


@require_POST
@needs(Can.EDIT_IDENTITY, of=IdentitySheet)
def keep_identities(request: HttpRequest, sheet: IdentitySheet) -> HttpResponse:
    """Enter everybody in a filled form."""
    audit, words = sheet.audit_id, "Everybody in the form is entered. Delete the file where you filled it in."
    attempt(request, actions.keep_form, success=words, sheet=sheet, **by_and_at(request))
    return redirect("sampling:identities", audit)


@require_POST
@needs(Can.EDIT_IDENTITY, of=IdentitySheet)
def drop_identities(request: HttpRequest, sheet: IdentitySheet) -> HttpResponse:
    """Let a filled form go."""
    audit = sheet.audit_id
    attempt(request, actions.let_form_go, success="Nothing of that form was kept.", sheet=sheet, **by_and_at(request))
    return redirect("sampling:identities", audit)
