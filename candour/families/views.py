"""Pages of the family's part in an audit and in one case."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, by_and_at, needs, public
from candour.access.policy import Can, allows
from candour.families import actions, queries
from candour.families.forms import AnswersForm, DecisionForm, LinkForm, OwnAnswersForm, ToldForm, ViewForm
from candour.families.models import Link, View
from candour.focus.models import Audit
from candour.involvement.forms import CodeForm
from candour.kernel.clock import now, today
from candour.kernel.errors import Refused
from candour.members import kept
from candour.sampling.models import Case

WRONG = "This is not the code. Ask whoever gave you the link: after five wrong ones it opens nothing"


@needs(Can.DECIDE_FAMILY, of=Audit)
def audit(request: Request, audit: Audit) -> HttpResponse:
    """Every case of an audit: is its family told, and have those who were asked heard what changed?"""
    return render(request, "families/audit.html", {"audit": audit, "lines": queries.lines(audit)})


@never_cache
@needs(Can.SEE_FAMILY, of=Case)
def show(request: Request, case: Case) -> HttpResponse:
    """What is decided on telling a family, and the views that were given."""
    writes = allows(request.user, Can.WRITE_VIEW, case)
    context = {
        "case": case,
        "family": queries.family(case, request.user),
        "decides": allows(request.user, Can.DECIDE_FAMILY, case),
        "writes": writes,
        "questionnaires": queries.questionnaires(case) if writes else {},
    }
    return render(request, "families/show.html", context)


@never_cache
@needs(Can.DECIDE_FAMILY, of=Case)
def decide(request: Request, case: Case) -> HttpResponse:
    """Decide whether a family is told and asked."""
    held = queries.family(case, request.user).decision
    initial = {"choice": held.choice, "why": held.why, "seen": held.mark} if held else {}
    form = DecisionForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.decide(case=case, **form.cleaned_data, **by_and_at(request))
        except Refused as refused:
            form.add_error(None, str(refused))
            form.seen_now("seen", held.mark if held else "")
        else:
            messages.success(request, "The decision is on record.")
            return redirect("families:show", case.pk)
    return render(request, "families/form.html", {"case": case, "form": form, "page": "decide"})


@never_cache
@needs(Can.WRITE_VIEW, of=Case)
def write(request: Request, case: Case) -> HttpResponse:
    """Write down what one person said, freely or question by question."""
    services, runs = queries.services_for(request.user, case), allows(request.user, Can.DECIDE_FAMILY, case)
    code = request.GET.get("questions", "")
    version = queries.questionnaires(case).get(code)
    asked, initial = queries.asked_by(version), {"gathered_on": today(), "whose": queries.WHOSE.get(code, "")}
    form = ViewForm(request.POST or None, initial=initial, services=services, runs=runs, asked=asked)
    if form.is_valid():
        said: dict[str, Any] = {"case": case, **form.said()}
        if attempt(request, actions.write_view, success="Written down.", **said, **by_and_at(request)):
            return redirect("families:show", case.pk)
    context = {"case": case, "form": form, "page": "write", "version": version}
    return render(request, "families/form.html", context)


@never_cache
@sensitive_post_parameters()
@needs(Can.WRITE_VIEW, of=Case)
def hand_link(request: Request, case: Case) -> HttpResponse:
    """Make a link to a short questionnaire, to hand over where that is safe."""
    code = request.GET.get("questions", "")
    version = queries.questionnaires(case).get(code)
    if version is None:
        raise Http404
    services, runs = queries.services_for(request.user, case), allows(request.user, Can.DECIDE_FAMILY, case)
    initial = {"whose": queries.WHOSE.get(code, "")}
    form = LinkForm(request.POST or None, initial=initial, services=services, runs=runs)
    if form.is_valid():
        said: dict[str, Any] = {"case": case, "questionnaire": version, **form.cleaned_data}
        if handed := attempt(request, actions.hand_link, **said, **by_and_at(request)):
            where = f"{settings.BASE_URL}{queries.address(handed.link)}"
            return render(request, "families/handed.html", {"case": case, "handed": handed, "where": where})
    context = {"case": case, "form": form, "page": "link", "version": version}
    return render(request, "families/form.html", context)


@require_POST
@needs(Can.KEEP_VIEW, of=Link)
def end_link(request: Request, link: Link) -> HttpResponse:
    """Take a link back."""
    said = "Taken back. The link opens nothing any more."
    attempt(request, actions.end_link, success=said, link=link, **by_and_at(request))
    return redirect("families:show", link.case_id)


@public
@never_cache
@sensitive_post_parameters()
def questions(request: HttpRequest, token: str) -> HttpResponse:
    """The link: type the code, answer what one likes. Opening it changes nothing."""
    link = queries.link_by(token)
    if link is None or not queries.is_open(link, today()):
        return _over(request, link)
    if queries.is_inside(link, request.POST.get("inside", "")):
        return _answered(request, link)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if attempt(request, actions.open_link, link=link, code=form.cleaned_data["code"], at=now()):
            asked, inside = queries.asked_by(link.questionnaire), {"inside": queries.inside(link)}
            return _asking(request, link, OwnAnswersForm(asked=asked, initial=inside))
        form.add_error("code", WRONG)
    return _outside(request, "families/code.html", {"link": link, "form": form})


def _answered(request: HttpRequest, link: Link) -> HttpResponse:
    form = OwnAnswersForm(request.POST, asked=queries.asked_by(link.questionnaire))
    if form.is_valid():
        said: dict[str, Any] = {"link": link, "at": now(), **form.said()}
        if attempt(request, actions.answer_link, **said):
            return redirect("families:thanks")
    return _asking(request, link, form)


def _asking(request: HttpRequest, link: Link, form: AnswersForm) -> HttpResponse:
    return _outside(request, "families/questions.html", {"link": link, "form": form})


def _outside(request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, page, context, status=HTTPStatus.UNPROCESSABLE_ENTITY if context["form"].errors else None)


def _over(request: HttpRequest, link: Link | None) -> HttpResponse:
    if link and link.view_id:
        return redirect("families:thanks")
    texts = kept.typed(request) if request.method == "POST" else []
    return render(request, "families/link_over.html", {"typed": texts}, status=HTTPStatus.NOT_FOUND)


@public
def thanks(request: HttpRequest) -> HttpResponse:
    """What somebody said by a link has come."""
    return render(request, "families/thanks.html")


@never_cache
@needs(Can.KEEP_VIEW, of=View)
def told(request: Request, view: View) -> HttpResponse:
    """A note that somebody has heard what changed."""
    form = ToldForm(request.POST or None, initial={"told_on": view.told_on or today(), "what": view.told})
    if form.is_valid():
        said: dict[str, Any] = {"view": view, **form.cleaned_data}
        if attempt(request, actions.tell, success="Noted.", **said, **by_and_at(request)):
            return redirect("families:show", view.case_id)
    return render(request, "families/form.html", {"case": view.case, "form": form, "view": view, "page": "told"})


@require_POST
@needs(Can.KEEP_VIEW, of=View)
def quote(request: Request, view: View) -> HttpResponse:
    """Note a leave to quote, or that it was taken back."""
    may = request.POST.get("may") == "yes"
    attempt(request, actions.let_quote, success="Noted.", view=view, may=may, **by_and_at(request))
    return redirect("families:show", view.case_id)


@require_POST
@needs(Can.KEEP_VIEW, of=View)
def take_back(request: Request, view: View) -> HttpResponse:
    """Take a view back because whoever gave it wishes so."""
    attempt(
        request, actions.take_back, success="Taken back. Nobody reads it any more.", view=view, **by_and_at(request)
    )
    return redirect("families:show", view.case_id)
