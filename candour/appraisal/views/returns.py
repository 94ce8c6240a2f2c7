"""The pages of returns: a person's own, one return from its declaration to its lock, and the audit's."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, needs
from candour.access.policy import Can, allows
from candour.access.viewer import viewer_of
from candour.appraisal import actions, queries
from candour.appraisal.flow import MOVES, State
from candour.appraisal.forms import BeginForm, DeclarationForm, ReasonForm, SectionForm, sent, shown
from candour.appraisal.models import Return
from candour.appraisal.views.declaring import once_declared
from candour.focus import queries as focus
from candour.focus.models import Audit
from candour.involvement.models import Involvement
from candour.kernel.clock import local, now
from candour.kernel.errors import Refused
from candour.trail.moves import offers
from candour.ui.forms import posted

HOME = "Your returns"


def _about(request: Request, ret: Return, **more: Any) -> dict[str, Any]:
    """What every page about one return shows."""
    return {
        "ret": ret,
        "due": focus.due_on(ret.audit, queries.DUE),
        "crumbs": _way_to(request, ret),
        "offers": offers(MOVES, ret, request.user),
        "asked_back": queries.asked_back(ret) if ret.note_at and ret.state == State.DRAFT else [],
        "writing": ret.state == State.DRAFT and allows(request.user, Can.WRITE_RETURN, ret),
        **more,
    }


def _way_to(request: Request, ret: Return) -> list[tuple[str, str]]:
    """From one's own returns, or for whoever runs the audit from its returns."""
    here = (str(ret.case), reverse("appraisal:show", args=[ret.pk]))
    if ret.service_id in viewer_of(request.user).services:
        return [(HOME, reverse("appraisal:returns")), here]
    return [*_of_audit(ret.audit)["crumbs"], ("Returns", reverse("appraisal:audit", args=[ret.audit_id])), here]


@needs(Can.SEE_WORK)
def returns(request: Request) -> HttpResponse:
    """The returns that this person writes or checks."""
    return render(request, "appraisal/returns.html", {"rows": queries.work(request.user)})


@needs(Can.WRITE_RETURN, of=Involvement)
def begin(request: Request, involvement: Involvement) -> HttpResponse:
    """What there is to know and to declare before the first question."""
    if begun := queries.begun(involvement):
        return redirect("appraisal:show", pk=begun.pk)
    form = BeginForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return _begun(request, involvement, form.cleaned_data)
    crumbs = [(HOME, reverse("appraisal:returns")), (str(involvement.case), "")]
    return render(request, "appraisal/begin.html", queries.before(involvement) | {"form": form, "crumbs": crumbs})


def _begun(request: Request, involvement: Involvement, said: dict[str, str]) -> HttpResponse:
    if said["independence"] == "connected":
        shut = attempt(request, actions.declare_connection, involvement=involvement, by=request.user, at=now())
        return redirect("appraisal:closed" if shut else "appraisal:returns")
    told: dict[str, Any] = {
        "worked_with": said["independence"] == "worked",
        "manages_worker": said["independence"] == "manages",
        "brief": said["contact"] == "brief",
    }
    ret = attempt(request, actions.begin, involvement=involvement, by=request.user, at=now(), **told)
    if ret is None:
        return redirect("appraisal:returns")
    return redirect("appraisal:section", pk=ret.pk, slug=queries.sections_of(ret)[0].key)


@needs(Can.SEE_WORK)
def closed(request: Request) -> HttpResponse:
    """What happens now that a case is closed to this person."""
    return render(request, "appraisal/closed.html")


@needs(Can.SEE_RETURN, of=Return)
@once_declared
def show(request: Request, ret: Return) -> HttpResponse:
    """The sections of a return, and how far each is."""
    context = _about(request, ret, pages=queries.pages_of(ret, request.user))
    return render(request, "appraisal/show.html", context)


@needs(Can.WRITE_RETURN, of=Return)
@once_declared
def section(request: Request, ret: Return, slug: str) -> HttpResponse:
    """One section of a return, to be answered."""
    found = queries.section_of(ret, slug)
    if found is None:
        raise Http404
    if request.method == "POST" and _by_script(request):
        return _save_for_script(request, ret, SectionForm(queries.blank(ret, found), request.POST))
    form = SectionForm(queries.page_of(ret, found), posted(request))
    if request.method == "POST":
        return _save(request, ret, form)
    if ret.state != State.DRAFT:
        return redirect("appraisal:check", pk=ret.pk)
    return _section(request, ret, form)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _section(request: Request, ret: Return, form: SectionForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = _about(request, ret, form=form, page=form.page, questions=form.as_typed(), **more)
    context |= queries.beside(ret, form.page.section) | queries.on_device(ret, form.page.section, request.user)
    return render(request, "appraisal/section.html", context, status=status)


def _save(request: Request, ret: Return, form: SectionForm) -> HttpResponse:
    """Save a section sent by its button: what can be kept is, and the page says what could not."""
    try:
        saved = actions.save_answers(ret=ret, given=form.given(), by=request.user, at=now())
    except Refused as refused:
        return _section(request, ret, form.refused(), status=409, refused=str(refused))
    if saved.clashes:
        return _clash(request, ret, form, saved.clashes)
    if form.faults():
        fresh = SectionForm(queries.page_of(ret, form.page.section), request.POST)
        return _section(request, ret, fresh, status=422)
    return _onward(request, ret, form)


def _clash(request: Request, ret: Return, form: SectionForm, clashes: Sequence[actions.Clash]) -> HttpResponse:
    rows = [(clash, *queries.set_beside(clash.given, clash.theirs)) for clash in clashes]
    pairs = [(clash, mine, theirs, sent(mine.question, shown(mine))) for clash, mine, theirs in rows]
    context = _about(request, ret, page=form.page, pairs=pairs, left=form.left())
    context |= queries.on_device(ret, form.page.section, request.user)
    return render(request, "appraisal/clash.html", context, status=409)


def _onward(request: Request, ret: Return, form: SectionForm) -> HttpResponse:
    if opened := queries.opened(ret, form.page):
        messages.info(request, f"Your answer asks for more: see {opened[0].number}.")
        url = reverse("appraisal:section", args=[ret.pk, form.page.section.key])
        return redirect(f"{url}#q.{opened[0].key}")
    after = queries.beside(ret, form.page.section)["after"]
    if request.POST.get("go") == "next" and after:
        return redirect("appraisal:section", pk=ret.pk, slug=after.key)
    if request.POST.get("go") == "stay":
        return redirect("appraisal:section", pk=ret.pk, slug=form.page.section.key)
    return redirect("appraisal:check" if request.POST.get("go") == "next" else "appraisal:show", pk=ret.pk)


def _save_for_script(request: Request, ret: Return, form: SectionForm) -> JsonResponse:
    """Save what a page sent by itself, and tell it what stands now."""
    at = now()
    try:
        saved = actions.save_answers(ret=ret, given=form.given(), by=request.user, at=at)
    except Refused as refused:
        return JsonResponse({"refused": str(refused)}, status=409)
    told: dict[str, Any] = {
        "at": f"{local(at):%H:%M}",
        "versions": saved.versions,
        "clashes": [clash.given.question.key for clash in saved.clashes],
        "faults": {one.filled.question.key: one.fault for one in form.faults()},
        "named": {one.question.key: queries.seems_named(one.value) for one in form.given()},
        "asks": queries.asked_in(ret, form.page.section),
    }
    return JsonResponse(told, status=409 if saved.clashes else 422 if told["faults"] else 200)


@needs(Can.SEE_RETURN, of=Return)
@once_declared
def check(request: Request, ret: Return) -> HttpResponse:
    """All answers on one page, with what is missing and what comes next."""
    return _check(request, ret, DeclarationForm())


def _check(request: Request, ret: Return, declaration: DeclarationForm, status: int = 200) -> HttpResponse:
    pages = queries.pages_of(ret, request.user)
    missing = sum(len(page.wanted) - page.done for page in pages)
    context = _about(
        request, ret, pages=pages, missing=missing, declaration=declaration, earlier=queries.opened_again(ret)
    )
    context["own"] = allows(request.user, Can.TAKE_COPY, ret)
    context["naming"] = context["writing"]
    context["declared"] = queries.declared(ret)
    return render(request, "appraisal/check.html", context, status=status)


@needs(Can.SEE_RETURN, of=Return)
@once_declared
def history(request: Request, ret: Return, slug: str) -> HttpResponse:
    """What one answer has said, newest first."""
    question = queries.document(ret).question(slug)
    revisions = queries.history(ret, question, request.user) if question else []
    if not revisions:
        raise Http404
    context = _about(request, ret, question=question, revisions=revisions)
    return render(request, "appraisal/history.html", context)


@require_POST
@needs(Can.WRITE_RETURN, of=Return)
@once_declared
def hand_over(request: Request, ret: Return) -> HttpResponse:
    """Hand a return to its authoriser."""
    said = f"Your return is with {ret.authoriser}."
    attempt(request, actions.hand_over, ret=ret, by=request.user, at=now(), success=said)
    return redirect("appraisal:check", pk=ret.pk)


@require_POST
@needs(Can.WRITE_RETURN, of=Return)
@once_declared
def take_back(request: Request, ret: Return) -> HttpResponse:
    """Take a return back, to write on."""
    attempt(request, actions.take_back, ret=ret, by=request.user, at=now(), success="You can write on.")
    return redirect("appraisal:show", pk=ret.pk)


@require_POST
@needs(Can.WRITE_RETURN, of=Return)
@once_declared
def submit_alone(request: Request, ret: Return) -> HttpResponse:
    """Submit a return for a service that has nobody to check it."""
    form = DeclarationForm(request.POST)
    if not form.is_valid():
        return _check(request, ret, form, 422)
    attempt(request, actions.submit_alone, ret=ret, by=request.user, at=now(), success="Return submitted.")
    return redirect("appraisal:check", pk=ret.pk)


@needs(Can.SEE_RETURNS, of=Audit)
def audit(request: Request, audit: Audit) -> HttpResponse:
    """How far the returns of an audit are, without what stands in them."""
    context = queries.progress(audit) | _of_audit(audit, "Returns")
    context["measured"] = queries.measured(audit.tool_id, [audit.partnership_id]) if audit.tool_id else None
    return render(request, "appraisal/audit.html", context)


def _of_audit(audit: Audit, *here: str) -> dict[str, Any]:
    above = [("Audits", reverse("focus:audits")), (audit.code, audit.get_absolute_url())]
    crumbs = [*above, *((text, "") for text in here)]
    return {"audit": audit, "crumbs": crumbs}


@require_POST
@needs(Can.RELEASE_PACK, of=Audit)
def release(request: Request, audit: Audit) -> HttpResponse:
    """Release the pack to the services that returned."""
    attempt(request, actions.release, audit=audit, by=request.user, at=now(), success="The pack is released.")
    return redirect("appraisal:audit", pk=audit.pk)


@needs(Can.VOID_RETURN, of=Return)
def withdraw(request: Request, ret: Return) -> HttpResponse:
    """The coordinator opens a submitted return again, or makes it void, with a reason."""
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        act = actions.void if request.POST.get("what") == "void" else actions.reopen
        if attempt(request, act, ret=ret, reason=form.cleaned_data["reason"], by=request.user, at=now()):
            return redirect("appraisal:audit", pk=ret.audit_id)
    return render(request, "appraisal/withdraw.html", _about(request, ret, form=form))


@needs(Can.READ_PACK, of=Audit)
def pack(request: Request, audit: Audit) -> HttpResponse:
    """The cases of a released pack that this person may read."""
    cases = queries.pack_cases(audit, request.user)
    return render(
        request, "appraisal/pack.html", {"audit": audit, "cases": cases, "release": queries.release_of(audit)}
    )


@needs(Can.READ_PACK, of=Audit)
def pack_case(request: Request, audit: Audit, number: int) -> HttpResponse:
    """The returns on one case, service by service."""
    found = queries.pack(audit, number, request.user)
    if not found:
        raise Http404
    told = queries.declared_of([ret for ret, _ in found])
    rows = [(ret, pages, told[ret.pk]) for ret, pages in found]
    context = _of_audit(audit) | {"rows": rows, "case": rows[0][0].case}
    context["crumbs"] += [("Pack", reverse("appraisal:pack", args=[audit.pk])), (str(context["case"]), "")]
    return render(request, "appraisal/pack_case.html", context)
