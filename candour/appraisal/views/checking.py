"""The authoriser's pages, and what was submitted before a return was opened again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, needs
from candour.access.policy import Can
from candour.appraisal import actions, queries
from candour.appraisal.forms import DeclarationForm, NoteForm
from candour.appraisal.models import Return
from candour.appraisal.views.declaring import once_declared
from candour.appraisal.views.returns import _about
from candour.kernel.clock import now

COMMENT = "c."
SEEN = "w."
"""Stands beside a comment with the mark of what the page showed: only what was shown can be overwritten or emptied."""


def _said(request: HttpRequest) -> dict[str, actions.Remark]:
    """What was written beside single answers, by question."""
    told = {name[len(COMMENT) :]: str(text) for name, text in request.POST.items() if name.startswith(COMMENT)}
    return {
        key: actions.Remark(_tidy(text), str(request.POST.get(f"{SEEN}{key}", "")))
        for key, text in told.items()
        if text.strip() or request.POST.get(f"{SEEN}{key}")
    }


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()[: NoteForm.MOST]


def _note(request: HttpRequest) -> NoteForm:
    """The note as typed: nothing keeps it before it goes, so every answer gives it back."""
    return NoteForm(request.POST, prefix="back", comments=1)


@needs(Can.CHECK_RETURN, of=Return)
@once_declared
def authorise(request: Request, ret: Return) -> HttpResponse:
    """The authoriser reads a return, says something of single answers, then submits it or sends it back."""
    return _authorise(request, ret)


def _authorise(
    request: Request, ret: Return, *, kept: actions.Kept | None = None, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page again, with what was typed beside the answers as far as it could not be kept."""
    shown = {"note": NoteForm(prefix="back"), "declaration": DeclarationForm()} | forms
    clashes = kept.clashes if kept else frozenset()
    typed = {key: one.text for key, one in _said(request).items() if kept is None or key in clashes}
    told: dict[str, Any] = {"declared": queries.declared(ret), "wrote": queries.wrote(ret)}
    told |= {"sheets": queries.sheets(ret, typed, clashes), "clashes": clashes, "handed": queries.handed(ret)}
    context = _about(request, ret, errors=list(shown.values()), naming=True, **told, **shown)
    return render(request, "appraisal/authorise.html", context, status=status)


def _keep(request: Request, ret: Return, **more: Any) -> actions.Kept | None:
    return attempt(request, actions.save_comments, ret=ret, said=_said(request), by=request.user, at=now(), **more)


@require_POST
@needs(Can.CHECK_RETURN, of=Return)
@once_declared
def comments(request: Request, ret: Return) -> HttpResponse:
    """Keep what was written beside the answers, to go on later."""
    kept = _keep(request, ret)
    if kept is None or kept.clashes:
        return _authorise(request, ret, kept=kept, note=_note(request), status=409)
    messages.success(request, "Your comments are saved. Nobody else sees them until you send the return back.")
    if request.POST.get("back-note", "").strip():
        messages.info(request, "Your note is not saved: it goes when you send the return back. It still stands below.")
        return _authorise(request, ret, kept=kept, note=_note(request))
    return redirect("appraisal:authorise", pk=ret.pk)


@require_POST
@needs(Can.CHECK_RETURN, of=Return)
@once_declared
def send_back(request: Request, ret: Return) -> HttpResponse:
    """Send a return back with a note, and with what was written beside the answers."""
    kept = _keep(request, ret)
    form = NoteForm(request.POST, prefix="back", comments=kept.unsent if kept else 0)
    if kept is None or kept.clashes or not form.is_valid():
        status = 422 if kept and not kept.clashes else 409
        return _authorise(request, ret, kept=kept, note=form, status=status)
    told = {"note": form.cleaned_data["note"], "handed": request.POST.get("handed", "")}
    said = f"The return is back with {ret.auditor}."
    if attempt(request, actions.send_back, ret=ret, by=request.user, at=now(), success=said, **told):
        return redirect("appraisal:returns")
    return _authorise(request, ret, kept=kept, note=form, status=409)


@require_POST
@needs(Can.CHECK_RETURN, of=Return)
@once_declared
def submit(request: Request, ret: Return) -> HttpResponse:
    """Submit a return that has been checked; what was just written beside an answer is kept first."""
    kept = _keep(request, ret)
    form, note = DeclarationForm(request.POST), _note(request)
    if note.is_valid() and note.cleaned_data["note"]:
        note.add_error("note", "This note has not gone to the auditor. Send the return back, or empty it.")
    if kept is None or kept.clashes or not form.is_valid() or not note.is_valid():
        status = 422 if kept and not kept.clashes else 409
        return _authorise(request, ret, kept=kept, declaration=form, note=note, status=status)
    told = {"handed": request.POST.get("handed", ""), "success": "Return submitted."}
    if attempt(request, actions.submit, ret=ret, by=request.user, at=now(), **told):
        return redirect("appraisal:check", pk=ret.pk)
    return _authorise(request, ret, kept=kept, declaration=form, note=note, status=409)


@needs(Can.SEE_RETURN, of=Return)
@once_declared
def submitted(request: Request, ret: Return, number: int) -> HttpResponse:
    """One version of a return as it was submitted."""
    found = queries.submissions(ret).filter(number=number).first()
    if found is None:
        raise Http404
    context = _about(request, ret, version=found, pages=queries.as_submitted(found, request.user), own=False)
    return render(request, "appraisal/submitted.html", context)
