"""The outbox, for the coordinator: what is queued, sent and failed, and why."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from candour.access.guard import attempt, needs
from candour.access.policy import Can
from candour.access.scope import visible
from candour.kernel.clock import now
from candour.notices import actions, queries
from candour.notices.models import Message, State

PAGE = 50


@needs(Can.SEE_MESSAGES)
def outbox(request: HttpRequest) -> HttpResponse:
    """Every message of the person's partnerships, newest first, or those in one state."""
    state = request.GET.get("state", "")
    messages = visible(Message, request.user)
    page = Paginator(queries.standing(messages, state), PAGE).get_page(request.GET.get("page"))
    figures = queries.counts(messages)
    states = [(choice.value, choice.label, figures[choice.value]) for choice in State]
    context = {"page": page, "states": states, "state": state, "demo": settings.MODE == "demo"}
    return render(request, "notices/outbox.html", context)


@needs(Can.SEE_MESSAGES, of=Message)
def show(request: HttpRequest, message: Message) -> HttpResponse:
    """One message with its attempts; its words where they let nobody in, and in the demonstration."""
    demo = settings.MODE == "demo"
    return render(request, "notices/show.html", {"message": message, "demo": demo, "open": demo or not message.private})


@require_POST
@needs(Can.SEE_MESSAGES, of=Message)
def resend(request: HttpRequest, message: Message) -> HttpResponse:
    """Send a failed message again."""
    attempt(
        request,
        actions.resend,
        message=message,
        by=request.user,
        at=now(),
        success="The message is in the queue again.",
    )
    return redirect("notices:show", pk=message.pk)
