"""The outbox, for the coordinator: what is queued, sent and failed, and why."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, needs, public
from candour.access.policy import Can
from candour.access.scope import visible
from candour.kernel.clock import now, today
from candour.notices import actions, appointments, queries
from candour.notices import calendar as calendars
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
    context = {"message": message, "demo": demo, "open": demo or not message.private}
    context |= {"own": message.to_user_id == request.user.pk, "leads": settings.BASE_URL in message.body}
    return render(request, "notices/show.html", context)


@require_POST
@needs(Can.SEE_MESSAGES, of=Message)
def resend(request: HttpRequest, message: Message) -> HttpResponse:
    """Send a failed message again, and go back to the page of ours from which that was asked."""
    attempt(
        request,
        actions.resend,
        message=message,
        by=request.user,
        at=now(),
        success="The message is in the queue again.",
    )
    back = request.POST.get("next", "")
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back) if ours else redirect("notices:show", pk=message.pk)


@never_cache
@needs(Can.KEEP_ACCOUNT)
def calendar(request: Request) -> HttpResponse:
    """The address of one's own calendar; a new one on request."""
    if request.method == "POST":
        attempt(request, actions.make_feed, by=request.user, at=now())
        return redirect("notices:calendar")
    own = queries.feed_of(request.user)
    address = f"{settings.BASE_URL}{appointments.address(own)}" if own else ""
    return render(request, "notices/calendar.html", {"address": address})


@public
@never_cache
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A person's calendar for the programme that keeps it: dates and counts, and the meetings they are asked to."""
    person = appointments.owner(token)
    if person is None:
        raise Http404
    days, meetings = appointments.days_of(person, today()), appointments.of(person, today())
    return HttpResponse(calendars.feed(days, meetings, now()), content_type="text/calendar; charset=utf-8")
