"""Which agencies are late, and when their board member hears; the coordinator sees it first and can hold it back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, needs
from candour.access.policy import Can
from candour.appraisal import queries
from candour.focus import actions as focus
from candour.focus.models import Audit
from candour.kernel.clock import now, today


@needs(Can.SEE_RETURNS, of=Audit)
def late(request: Request, audit: Audit) -> HttpResponse:
    """The agencies that are late, what their board member will read and when, and what went."""
    rows = [_row(one) for one in queries.with_messages(queries.late([audit], today()))]
    above = [("Audits", reverse("focus:audits")), (audit.code, audit.get_absolute_url())]
    crumbs = [*above, ("Returns", reverse("appraisal:audit", args=[audit.pk])), ("Late agencies", "")]
    return render(request, "appraisal/late.html", {"audit": audit, "rows": rows, "crumbs": crumbs})


def _row(one: queries.Late) -> dict[str, Any]:
    subject, body = queries.letter(one)
    return {"late": one, "next": one.next_on(today()), "subject": subject, "body": body}


@require_POST
@needs(Can.EDIT_AUDIT, of=Audit)
def pause(request: Request, audit: Audit) -> HttpResponse:
    """Hold back the messages to board members, or let them go again."""
    paused = request.POST.get("what") == "pause"
    said = "No board member hears until you let the messages go again." if paused else "The messages go again."
    attempt(request, focus.pause_escalation, success=said, audit=audit, paused=paused, by=request.user, at=now())
    return redirect("appraisal:late", pk=audit.pk)
