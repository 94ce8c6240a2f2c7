"""The two ways out of a case, and the pages of a concern."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candour.access.guard import attempt, by_and_at, needs
from candour.access.policy import Can, allows
from candour.access.viewer import viewer_of
from candour.concerns import actions, queries
from candour.concerns.flow import MOVES
from candour.concerns.forms import AddForm, CloseForm, PassForm, PracticeForm, RuleForm, UnsafeForm
from candour.concerns.models import Concern
from candour.kernel.clock import today
from candour.people.models import Partnership
from candour.sampling.models import Case
from candour.trail.moves import offers


@never_cache
@needs(Can.RAISE_CONCERN, of=Case)
def unsafe(request: HttpRequest, case: Case) -> HttpResponse:
    """A child may be unsafe now: phone first, then write down the call."""
    form = UnsafeForm(request.POST or None, initial={"phoned_on": today()})
    if form.is_valid():
        concern = attempt(request, actions.raise_unsafe, case=case, **form.call(), **by_and_at(request))
        if concern:
            return redirect("concerns:show", concern.pk)
    context = {
        "case": case,
        "form": form,
        "phones": queries.phones(case.partnership),
        "owner": queries.first_owner(case, today()),
    }
    return render(request, "concerns/unsafe.html", context)


@never_cache
@needs(Can.RAISE_CONCERN, of=Case)
def practice(request: HttpRequest, case: Case) -> HttpResponse:
    """A concern about practice or a person, to the employer, the LADO or by the escalation policy."""
    person: Any = request.user
    form = PracticeForm(request.POST or None, recipients=queries.recipients(case, today(), but=person))
    if form.is_valid():
        concern = attempt(request, actions.raise_practice, case=case, **form.concern(), **by_and_at(request))
        if concern:
            return redirect("concerns:show", concern.pk)
    return render(request, "concerns/practice.html", {"case": case, "form": form})


@needs(Can.RAISE_CONCERN)
def known(request: HttpRequest) -> HttpResponse:
    """The concerns that one may know of."""
    person: Any = request.user
    several = len(viewer_of(person).partnerships) > 1
    context = {"rows": queries.known_to(person), "ruled": queries.ruled(person), "several": several}
    return render(request, "concerns/known.html", context)


@needs(Can.KEEP_CONCERN_RULE, of=Partnership)
def rule(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Whom to phone in this partnership, who takes up a concern, and when it rises to whom."""
    held: dict[str, Any] = {"rule": queries.rule_of(partnership), "managers": queries.managers(partnership, today())}
    form = RuleForm(request.POST or None, partnership=partnership, **held)
    if form.is_valid():
        said = {"partnership": partnership, "contacts": form.contacts(), "rule": form.rule()}
        if attempt(request, actions.keep_rule, success="Saved.", **said, **by_and_at(request)):
            return redirect("concerns:rule", partnership.pk)
    context = {"partnership": partnership, "form": form, "phones": queries.phones(partnership)}
    return render(request, "concerns/rule.html", context)


@never_cache
@needs(Can.SEE_CONCERN, of=Concern)
def show(request: HttpRequest, concern: Concern) -> HttpResponse:
    """A concern: all of it for those who may read it, only whether it is open for everybody else."""
    return _page(request, concern)


def _page(request: HttpRequest, concern: Concern, **typed: str) -> HttpResponse:
    """The page of a concern; `typed` are texts that could not be saved and are given back, in their boxes too."""
    moves, reads = offers(MOVES, concern, request.user), allows(request.user, Can.READ_CONCERN, concern)
    context = {
        "concern": concern,
        "reads": reads,
        "raised": concern.raised_by_id == request.user.pk,
        "history": queries.history(concern) if reads else [],
        "entries": queries.entries(concern),
        "moves": moves,
        "form": AddForm(initial=typed),
        "closing": CloseForm(initial=typed),
        "typed": [text for text in typed.values() if text.strip()],
    }
    return render(request, "concerns/show.html", context)


@never_cache
@require_POST
@needs(Can.READ_CONCERN, of=Concern)
def add(request: HttpRequest, concern: Concern) -> HttpResponse:
    """Add what became known later; what came of it is kept in its box, as only closing saves it."""
    typed = _typed(request)
    if typed["note"].strip():
        messages.error(request, "You have also written what came of it. Close it to save both, or empty that box.")
        return _page(request, concern, **typed)
    said = {"concern": concern, "text": typed["text"]}
    if attempt(request, actions.add, success="Added.", **said, **by_and_at(request)) is None:
        concern.refresh_from_db()
        return _page(request, concern, **typed)
    return redirect("concerns:show", concern.pk)


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("text", "note")}


@require_POST
@needs(Can.OWN_CONCERN, of=Concern)
def acknowledge(request: HttpRequest, concern: Concern) -> HttpResponse:
    """Take up a concern."""
    attempt(request, actions.acknowledge, success="You have taken this up.", concern=concern, **by_and_at(request))
    return redirect("concerns:show", concern.pk)


@never_cache
@needs(Can.HAND_ON_CONCERN, of=Concern)
def pass_on(request: HttpRequest, concern: Concern) -> HttpResponse:
    """Give a concern about practice to somebody else, after saying why."""
    form = PassForm(request.POST or None, recipients=queries.next_owners(concern, today()))
    if form.is_valid():
        passed = form.passed()
        said = f"{passed['owner']} has it from now on."
        if attempt(request, actions.pass_on, success=said, concern=concern, **passed, **by_and_at(request)):
            return redirect("/")
    return render(request, "concerns/pass_on.html", {"concern": concern, "form": form})


@never_cache
@require_POST
@needs(Can.OWN_CONCERN, of=Concern)
def close(request: HttpRequest, concern: Concern) -> HttpResponse:
    """Close a concern with what came of it, and with what was to be added."""
    typed = _typed(request)
    said = {"concern": concern, "note": typed["note"], "text": typed["text"]}
    if attempt(request, actions.close, success="Closed.", **said, **by_and_at(request)) is None:
        concern.refresh_from_db()
        return _page(request, concern, **typed)
    return redirect("concerns:show", concern.pk)
