"""Pages on which the briefing is written, checked, cleared, published and withdrawn."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from candour.access.guard import Request, attempt, by_and_at, needs
from candour.access.policy import Can
from candour.families import queries as families
from candour.focus.models import Audit
from candour.kernel.clock import now
from candour.kernel.errors import Refused, Stale
from candour.learning import actions, paper, queries
from candour.learning.flow import MOVES
from candour.learning.forms import (
    BecauseForm,
    BriefingForm,
    ClearForm,
    KeepForm,
)
from candour.learning.models import Briefing
from candour.trail.moves import offers
from candour.ui.paper import pdf_response

HANDED = "Handed over. Somebody who did not write it reads it next."


@require_POST
@needs(Can.WRITE_LEARNING, of=Audit)
def start_briefing(request: Request, audit: Audit) -> HttpResponse:
    """Begin the briefing from what was learnt."""
    made = attempt(request, actions.start_briefing, audit=audit, by=request.user, at=now())
    return redirect("learning:edit", pk=made.pk) if made else redirect("learning:show", pk=audit.pk)


@needs(Can.SEE_LEARNING, of=Briefing)
def briefing(request: Request, briefing: Briefing) -> HttpResponse:
    """How far a briefing is, and what can be done with it now."""
    context = {
        "briefing": briefing,
        "audit": briefing.audit,
        "document": queries.document(briefing, now()),
        "offers": offers(MOVES, briefing, request.user),
        "obstacle": queries.obstacle(briefing, request.user),
        "publication": queries.latest(briefing),
        "withdrawing": BecauseForm(prefix="withdraw"),
        "crumbs": queries.crumbs(briefing.audit, "show"),
    }
    return render(request, "learning/briefing.html", context)


@needs(Can.WRITE_LEARNING, of=Briefing)
def edit(request: Request, briefing: Briefing) -> HttpResponse:
    """Write the briefing, with the page that it makes beside it."""
    form, part = BriefingForm(request.POST or None, **queries.asked(briefing)), bool(request.headers.get("HX-Request"))
    kept = _keep(request, briefing, form) if form.is_valid() else {}
    if "saved" in kept and not part:
        return redirect("learning:check" if "check" in request.POST else "learning:edit", pk=briefing.pk)
    context = queries.editing(briefing, now()) | {"form": form, "part": part} | kept
    context["quotable"] = [] if part else families.quotable(briefing.audit)
    return render(request, "learning/edit.html" + ("#preview" if part else ""), context)


def _keep(request: Request, briefing: Briefing, form: BriefingForm) -> dict[str, Any]:
    """Keep what was typed, or say why not; where somebody else was quicker, what they wrote, part by part."""
    given = {"body": form.body, "version": form.cleaned_data["version"]}
    try:
        actions.save_briefing(briefing=briefing, by=request.user, at=now(), **given)
    except Stale as stale:
        briefing.refresh_from_db()
        return {"theirs": queries.beside(briefing, form.body), "refused": str(stale)}
    except Refused as refused:
        return {"refused": str(refused)}
    briefing.refresh_from_db()
    return {"saved": True}


@require_safe
@needs(Can.SEE_LEARNING, of=Briefing)
def draft_pdf(request: Request, briefing: Briefing) -> HttpResponse:
    """The draft as it would be printed."""
    at = now()
    document = queries.document(briefing, at)
    titled = {**document, "title": document["title"] or "A draft without a title yet"}
    return pdf_response(paper.print_pdf(titled, at=at), f"briefing-{briefing.audit.code}-draft.pdf")


@needs(Can.WRITE_LEARNING, of=Briefing)
def check(request: Request, briefing: Briefing) -> HttpResponse:
    """Look for whatever could tell who a child is."""
    if request.method == "POST":
        attempt(request, actions.check_disclosure, briefing=briefing, by=request.user, at=now())
        return redirect("learning:check", pk=briefing.pk)
    context = {
        "briefing": briefing,
        "audit": briefing.audit,
        "seen": queries.flags_in_context(briefing),
        "changed": queries.changed_flags(briefing),
        "stale": briefing.checked_version != briefing.version,
        "offers": offers(MOVES, briefing, request.user),
        "crumbs": queries.crumbs(briefing.audit, "show", briefing),
    }
    return render(request, "learning/check.html", context)


@require_POST
@needs(Can.WRITE_LEARNING, of=Briefing)
def settle(request: Request, briefing: Briefing) -> HttpResponse:
    """Keep a passage that the check points at, with the reason, or open it again."""
    flag, form, at = queries.flag_of(briefing, request.POST.get("flag", "")), KeepForm(request.POST), now()
    because = form.cleaned_data["because"] if form.is_valid() else ""
    if "reopen" in request.POST:
        attempt(request, actions.reopen_flag, flag=flag, by=request.user, at=at)
    else:
        attempt(request, actions.keep_flag, flag=flag, because=because, by=request.user, at=at)
    return HttpResponseRedirect(f"{reverse('learning:check', args=[briefing.pk])}#flag-{flag.pk}")


@require_POST
@needs(Can.WRITE_LEARNING, of=Briefing)
def ask(request: Request, briefing: Briefing) -> HttpResponse:
    """Ask a second person to clear the briefing."""
    attempt(request, actions.ask_clearance, briefing=briefing, by=request.user, at=now(), success=HANDED)
    return redirect("learning:briefing", pk=briefing.pk)


@require_POST
@needs(Can.WRITE_LEARNING, of=Briefing)
def take_back(request: Request, briefing: Briefing) -> HttpResponse:
    """Take the briefing back from whoever was to clear it."""
    attempt(request, actions.take_back, briefing=briefing, by=request.user, at=now())
    return redirect("learning:edit", pk=briefing.pk)


@needs(Can.CLEAR_BRIEFING, of=Briefing)
def clearance(request: Request, briefing: Briefing) -> HttpResponse:
    """Read the whole briefing as a second person, and clear it."""
    form = ClearForm(request.POST or None, any_kept=queries.any_kept(briefing))
    if form.is_valid():
        attempt(request, actions.clear_briefing, briefing=briefing, by=request.user, at=now(), success="Cleared.")
        return redirect("learning:briefing", pk=briefing.pk)
    return _clearance(request, briefing, form, BecauseForm())


def _clearance(request: Request, briefing: Briefing, form: ClearForm, back: BecauseForm) -> HttpResponse:
    said = {"form": form, "back": back, "seen": queries.flags_in_context(briefing)}
    return render(request, "learning/clearance.html", queries.editing(briefing, now()) | said)


@require_POST
@needs(Can.CLEAR_BRIEFING, of=Briefing)
def send_back(request: Request, briefing: Briefing) -> HttpResponse:
    """Send the briefing back to its writer, with the reason."""
    form = BecauseForm(request.POST)
    if not form.is_valid():
        return _clearance(request, briefing, ClearForm(any_kept=queries.any_kept(briefing)), form)
    arguments = form.cleaned_data | {"briefing": briefing, **by_and_at(request)}
    attempt(request, actions.send_back, success="Sent back to its writer.", **arguments)
    return redirect("learning:briefing", pk=briefing.pk)


@require_POST
@needs(Can.PUBLISH_BRIEFING, of=Briefing)
def publish(request: Request, briefing: Briefing) -> HttpResponse:
    """Publish a cleared briefing."""
    attempt(request, actions.publish_briefing, briefing=briefing, by=request.user, at=now(), success="Published.")
    return redirect("learning:briefing", pk=briefing.pk)


@require_POST
@needs(Can.PUBLISH_BRIEFING, of=Briefing)
def withdraw(request: Request, briefing: Briefing) -> HttpResponse:
    """Withdraw a published briefing, with the reason."""
    form = BecauseForm(request.POST, prefix="withdraw")
    because = form.cleaned_data["because"] if form.is_valid() else ""
    attempt(request, actions.withdraw_briefing, briefing=briefing, because=because, by=request.user, at=now())
    return redirect("learning:briefing", pk=briefing.pk)


@require_POST
@needs(Can.WRITE_LEARNING, of=Briefing)
def rewrite(request: Request, briefing: Briefing) -> HttpResponse:
    """Write a published briefing anew; what is published stays until then."""
    attempt(request, actions.rewrite_briefing, briefing=briefing, by=request.user, at=now())
    return redirect("learning:edit", pk=briefing.pk)
