"""Pages about a fixed list and its draw."""

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from candour.access.guard import attempt, by_and_at, needs, public
from candour.access.policy import Can
from candour.focus.models import Audit
from candour.kernel.clock import now
from candour.sampling import actions, jobs, queries
from candour.sampling.forms import NumberForm, ThrowForm, VoidForm
from candour.sampling.models import Commitment, Draw, Throw
from candour.ui.forms import posted


@needs(Can.SEE_LIST, of=Commitment)
def fixed(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """A fixed list: what is settled, its fingerprint, and who confirms it."""
    context = {"audit": commitment.audit, "fixed": commitment, **queries.fixed(commitment, request.user, now())}
    return render(request, "sampling/fixed.html", context)


@require_POST
@needs(Can.CONFIRM_LIST, of=Commitment)
def confirm(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """Confirm a fixed list as the second person."""
    words = "The list is fixed. Its fingerprint is on its way to the agencies."
    if confirmed := attempt(request, actions.confirm_list, success=words, fixed=commitment, **by_and_at(request)):
        jobs.after_confirming(confirmed)
    return redirect("sampling:fixed", commitment.pk)


@require_POST
@needs(Can.FIX_LIST, of=Commitment)
def withdraw(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """Withdraw a fixed list before it is drawn."""
    words = "The fixed list is withdrawn; it stays on the record."
    attempt(request, actions.withdraw_list, success=words, fixed=commitment, **by_and_at(request))
    return redirect("sampling:show", commitment.audit_id)


@needs(Can.DRAW, of=Commitment)
def draw_cases(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """Enter the public random number, and draw."""
    found = queries.fixed(commitment, request.user, now())
    given = {"beacon_round": commitment.beacon_round, "digits": found["digits"], "thrown": found["thrown"]}
    form = NumberForm(posted(request), **given)
    if form.is_valid():
        source = form.source()
        if made := attempt(request, jobs.draw_cases, fixed=commitment, source=source, **by_and_at(request)):
            return redirect("sampling:drawn", made.pk)
    context = {"audit": commitment.audit, "fixed": commitment, "form": form, **found}
    return render(request, "sampling/draw.html", context)


@never_cache
@needs(Can.THROW_DICE, of=Throw)
def throw(request: HttpRequest, throw: Throw) -> HttpResponse:
    """Type what one threw as a named witness."""
    form = ThrowForm(posted(request), dice=throw.dice)
    if form.is_valid():
        words = "Your dice are in. They are shown once every witness has typed theirs."
        given = {"throw": throw, "digits": form.cleaned_data["digits"]}
        if attempt(request, actions.throw_dice, success=words, **given, **by_and_at(request)):
            return redirect("sampling:throw", throw.pk)
    context = {"throw": throw, "fixed": throw.commitment, "audit": throw.commitment.audit, "form": form}
    return render(request, "sampling/throw.html", context)


@needs(Can.SEE_DRAW, of=Draw)
def present(request: HttpRequest, found: Draw) -> HttpResponse:
    """The result on a meeting's screen: one case after another, in the order drawn."""
    shown = request.GET.get("shown", "0")
    context = {"audit": found.audit, "draw": found, **queries.shown_one_by_one(found, shown)}
    return render(request, "sampling/present.html", context)


@needs(Can.SEE_DRAW, of=Draw)
def drawn(request: HttpRequest, found: Draw) -> HttpResponse:
    """The result: places in the order drawn, the sample beside the list, the receipt."""
    context = {"audit": found.audit, "draw": found, **queries.result(found, request.user)}
    return render(request, "sampling/drawn.html", context)


@never_cache
@needs(Can.TAKE_RECEIPT, of=Audit)
def receipt(request: HttpRequest, audit: Audit) -> HttpResponse:
    """The receipt of the draw that stands."""
    found = queries.standing_draw(audit)
    if found is None:
        raise Http404
    name = f"draw-{audit.code}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(queries.receipt(found), content_type="application/zip", headers=headers)


@needs(Can.VOID_DRAW, of=Draw)
def void(request: HttpRequest, found: Draw) -> HttpResponse:
    """Void a draw, for a listed reason."""
    form = VoidForm(posted(request))
    if form.is_valid():
        words = "The draw is void. It stays on the record."
        reason = form.cleaned_data["reason"]
        if attempt(request, actions.void_draw, success=words, found=found, reason=reason, **by_and_at(request)):
            return redirect("sampling:show", found.audit_id)
    return render(request, "sampling/void.html", {"audit": found.audit, "draw": found, "form": form})


@public
@csp_replace({"connect-src": [NONE]})
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Check a receipt in the visitor's browser, which is told to let the page's scripts reach nobody."""
    return render(request, "sampling/verify.html")
