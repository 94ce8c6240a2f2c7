"""A service's own copies of its returns, and filled Word forms given back."""

import zipfile
from io import BytesIO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, needs
from candour.access.policy import Can
from candour.appraisal import actions, paper, queries
from candour.appraisal.forms import WordFormForm
from candour.appraisal.models import Return
from candour.appraisal.views.declaring import once_declared
from candour.appraisal.views.returns import HOME, _about
from candour.kernel.clock import now, today
from candour.tools.word import Unreadable
from candour.ui.paper import pdf_response

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    head = {"Content-Disposition": f'attachment; filename="{name}"', "X-Robots-Tag": "noindex"}
    return HttpResponse(content, content_type=kind, headers=head)


@require_POST
@needs(Can.TAKE_COPY, of=Return)
def copy_pdf(request: Request, ret: Return) -> HttpResponse:
    """The service's own copy as PDF."""
    at = now()
    if not attempt(request, actions.take_copy, ret=ret, ending="pdf", by=request.user, at=at):
        return redirect("appraisal:check", pk=ret.pk)
    return pdf_response(paper.print_return(queries.on_paper(ret, at), at=at), queries.file_name(ret, "pdf"))


@require_POST
@needs(Can.TAKE_COPY, of=Return)
def copy_word(request: Request, ret: Return) -> HttpResponse:
    """The return as a Word form with its answers."""
    at = now()
    if not attempt(request, actions.take_copy, ret=ret, ending="docx", by=request.user, at=at):
        return redirect("appraisal:check", pk=ret.pk)
    return _file(queries.as_word(ret, at), DOCX, queries.file_name(ret, "docx"))


@needs(Can.SEE_WORK)
def words(request: Request) -> HttpResponse:
    """Word forms of several returns at once: taken as a zip, given back as a zip."""
    form = WordFormForm(request.POST or None, request.FILES or None)
    lines = []
    if request.method == "POST" and form.is_valid():
        lines = _given(request, form)
    crumbs = [(HOME, reverse("appraisal:returns")), ("Word forms", "")]
    context = {"form": form, "lines": lines, "rows": queries.being_written(request.user), "crumbs": crumbs}
    return render(request, "appraisal/words.html", context, status=422 if form.errors else 200)


def _given(request: Request, form: WordFormForm) -> list[tuple[str, Return | None, str]]:
    """Each form of a file by name, with the return that it belongs to or the sentence why it was not kept."""
    lines: list[tuple[str, Return | None, str]] = []
    try:
        for name, raw in queries.forms_in(form.cleaned_data["file"].read()):
            lines.append((name or form.cleaned_data["file"].name, *_one(request, raw)))
    except Unreadable as why:
        form.add_error("file", str(why))
    return lines


def _one(request: Request, raw: bytes) -> tuple[Return | None, str]:
    try:
        ret = queries.return_of(raw, request.user)
        if ret is None:
            return None, "It names no return that you write. Give it on the page of its return."
        read = queries.read_form(raw, ret, request.user)
    except Unreadable as why:
        return None, str(why)
    kept = attempt(request, actions.give_form, ret=ret, form=read, by=request.user, at=now())
    return (ret, "") if kept else (None, "It was not kept.")


@require_POST
@needs(Can.SEE_WORK)
def words_zip(request: Request) -> HttpResponse:
    """The Word forms of all returns that this person is writing, as a zip."""
    at, rets = now(), queries.being_written(request.user)
    if not attempt(request, actions.take_copies, rets=rets, by=request.user, at=at):
        return redirect("appraisal:words")
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for ret in rets:
            file.writestr(queries.file_name(ret, "docx"), queries.as_word(ret, at))
    return _file(out.getvalue(), "application/zip", f"returns-{today(at).isoformat()}.zip")


@needs(Can.WRITE_RETURN, of=Return)
@once_declared
def word(request: Request, ret: Return) -> HttpResponse:
    """Give a filled form, and see what was understood before anything is taken in."""
    form = WordFormForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _kept(request, ret, form):
        return redirect("appraisal:word", pk=ret.pk)
    waiting = queries.form_waiting(ret, request.user)
    found = queries.understood(waiting) if waiting else None
    context = _about(request, ret, form=form, found=found)
    context["crumbs"] = [*context["crumbs"], ("Word form", "")]
    return render(request, "appraisal/word.html", context, status=422 if form.errors else 200)


def _kept(request: Request, ret: Return, form: WordFormForm) -> bool:
    try:
        read = queries.read_form(form.cleaned_data["file"].read(), ret, request.user)
    except Unreadable as why:
        form.add_error("file", str(why))
        return False
    return bool(attempt(request, actions.give_form, ret=ret, form=read, by=request.user, at=now()))


@require_POST
@needs(Can.WRITE_RETURN, of=Return)
@once_declared
def word_take(request: Request, ret: Return) -> HttpResponse:
    """Take in what was chosen of a form."""
    form = queries.form_waiting(ret, request.user)
    if form is None:
        messages.info(request, "There is no Word form waiting: it was settled on another page.")
        return redirect("appraisal:show", pk=ret.pk)
    chosen, seen = _chosen(request)
    attempt(request, actions.take_in, form=form, chosen=chosen, seen=seen, by=request.user, at=now())
    if queries.form_waiting(ret, request.user) is not None:
        messages.info(request, "Some answers changed while you were choosing. Look at what is left once more.")
        return redirect("appraisal:word", pk=ret.pk)
    messages.success(request, "The answers of your Word form are in the return.")
    return redirect("appraisal:check", pk=ret.pk)


def _chosen(request: HttpRequest) -> tuple[dict[str, str], dict[str, int]]:
    chosen = {name[2:-7]: str(value) for name, value in request.POST.items() if name.endswith(".choose")}
    seen = {name[2:-5]: str(value) for name, value in request.POST.items() if name.endswith(".seen")}
    return chosen, {key: int(text) for key, text in seen.items() if text.isdecimal() and len(text) < 10}


@require_POST
@needs(Can.WRITE_RETURN, of=Return)
@once_declared
def word_leave(request: Request, ret: Return) -> HttpResponse:
    """Let a form go."""
    form = queries.form_waiting(ret, request.user)
    if form is not None:
        attempt(request, actions.leave_form, form=form, by=request.user, at=now(), success="The form was let go.")
    return redirect("appraisal:show", pk=ret.pk)
