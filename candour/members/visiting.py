"""A session begun by a link and a code, for somebody called in for one case: it reaches their work and nothing else."""

from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from candour.access.policy import Can
from candour.access.viewer import viewer_of
from candour.members import kept, second_factor
from candour.people.models import User

VISITING = "visiting"
STILL_OPEN = frozenset({"account_logout", "members:kept", "members:forget_kept"})
"""The pages about an account that a visitor may open too: the way out, and what they had typed."""


def begin(request: HttpRequest, person: User, wanted: str) -> HttpResponse:
    """Begin a visitor's session: link and code are two proofs. What they had typed and lost comes first."""
    logout(request)
    get_adapter().login(request, person)
    record_authentication(request, person, method="visit")
    second_factor.shown(request.session, person)
    request.session[VISITING] = True
    return redirect(reverse("members:kept") if kept.opened(request) else wanted)  # type: ignore[arg-type]


def is_visit(session: SessionBase) -> bool:
    """Whether this session was begun by a link and a code."""
    return bool(session.get(VISITING))


def turned_away(request: HttpRequest, view: Any) -> HttpResponse | None:
    """Where a visitor is sent instead: out once their return is in, home from the pages about accounts."""
    if not viewer_of(request.user).only_once:
        return _over(request)
    need, match = getattr(view, "need", None), request.resolver_match
    own = match is not None and match.view_name in STILL_OPEN
    return redirect("/") if need is not None and need.can is Can.KEEP_ACCOUNT and not own else None


def _over(request: HttpRequest) -> HttpResponse:
    """Out, with the texts of a page that they were just sending: the link that would bring them back opens no more."""
    by_script = request.headers.get("Accept") == "application/json"  # then the words stand on the page itself
    texts = kept.typed(request) if request.method == "POST" and not by_script else []
    logout(request)
    if not texts:
        return redirect("members:visit_over")
    page = render(request, "members/visit_over.html", {"typed": texts}, status=HTTPStatus.FORBIDDEN)
    page["Cache-Control"] = "no-store"
    return page
