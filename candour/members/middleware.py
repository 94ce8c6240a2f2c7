"""What stands between signing in and the pages: the second factor, and the keeping of what was typed."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.sites.requests import RequestSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from candour.access.guard import PUBLIC
from candour.members import idle, kept, second_factor, visiting

Handler = Callable[[HttpRequest], HttpResponse]

OPEN_WITHOUT = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "members:second_factor",
    }
)
"""The pages that a session without a second factor may open: those that show or set one up, and the way out."""


class SecondFactor:
    """A session that has not shown a second factor reaches the pages for it, and none else that needs signing in.

    One that nobody has used for long reaches none.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if getattr(view, "need", None) is PUBLIC or not request.user.is_authenticated:
            return None
        if idle.too_long(request.session):
            logout(request)
            return None  # as if nobody were signed in: the guard asks, and what was sent is kept
        if visiting.is_visit(request.session):
            return visiting.turned_away(request, view)
        match = request.resolver_match
        if second_factor.has_shown(request) or (match and match.view_name in OPEN_WITHOUT):
            return None
        second_factor.want(request)
        return redirect("members:second_factor")

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        # allauth puts the host's name where the base page expects the partnership's.
        context = response.context_data or {}
        if isinstance(context.get("site"), RequestSite):
            del context["site"]
        return response


class KeptPosts:
    """Keeps what was typed where the sign-in had gone, and lets it go once it has been sent after all.

    Where the page is open to its writer no more, what was typed is given back at once.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST":
            response = kept.after_post(request, response)
        kept.hand_key(request, response)
        if "Cache-Control" not in response and request.user.is_authenticated:
            response["Cache-Control"] = "no-store"  # so that "back" after signing out shows nobody a case
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return kept.given_back(request, exception)
