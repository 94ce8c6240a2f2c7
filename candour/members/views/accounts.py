"""Signing in, one's own account, and what was typed and could not be sent."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, needs, public
from candour.access.policy import Can
from candour.kernel.clock import now, today
from candour.members import actions, kept, queries, second_factor
from candour.people.models import User


class SignIn(allauth_views.LoginView):
    """The sign-in page; in the demonstration it lists the invented people, one click each."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = get_next_redirect_url(self.request) or ""
        return super().get_context_data(**kwargs) | {"personas": queries.listed_personas(), "wanted": wanted}


sign_in = public(SignIn.as_view())


@public
@require_POST
def enter_demonstration(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demonstration's people. Anywhere else there is no such page."""
    if not queries.personas():
        raise Http404
    person = attempt(request, actions.enter_demonstration, email=request.POST.get("email", ""), at=now())
    if person is None:
        return redirect("account_login")
    response = begin(request, person, "demonstration", get_next_redirect_url(request))
    second_factor.shown(request.session, person)
    return response


def begin(request: HttpRequest, person: User, how: str, wanted: str | None) -> HttpResponse:
    """Begin a session for a person, as allauth begins one, and go where they wanted."""
    adapter = get_adapter()
    adapter.login(request, person)
    record_authentication(request, person, method=how)
    return adapter.post_login(
        request, person, email_verification="none", signal_kwargs=None, email=None, signup=False, redirect_url=wanted
    )


@public
def visit_over(request: HttpRequest) -> HttpResponse:
    """What somebody called in for one case sees once their return is in, or their link taken back."""
    return render(request, "members/visit_over.html")


@needs(Can.KEEP_ACCOUNT)
def account(request: Request) -> HttpResponse:
    """A person's own account: the roles that they hold, and how they sign in."""
    return render(request, "members/account.html", {"grants": queries.own_roles(request.user, today())})


@never_cache
@needs(Can.KEEP_ACCOUNT)
def set_up_second_factor(request: Request) -> HttpResponse:
    """The second step of signing in: set one up, or show the one that there is."""
    if second_factor.has_shown(request):
        return redirect(request.session.pop(second_factor.WANTED, "/"))
    return render(request, "members/second_factor.html", {"factors": queries.second_factors(request.user)})


@public
def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's token was out of date: keep what was typed for its writer, or at least give it back here."""
    if kept.keep(request):
        return render(request, "members/stale_page.html", status=403)
    return render(request, "ui/csrf.html", {"typed": kept.typed(request)}, status=403)


@never_cache
@needs(Can.KEEP_ACCOUNT)
def kept_posts(request: Request) -> HttpResponse:
    """What this person typed in this browser and could not send, with a button that sends it now."""
    return render(request, "members/kept.html", {"posts": queries.readable(kept.opened(request))})


@require_POST
@needs(Can.KEEP_ACCOUNT)
def forget_kept(request: Request, pk: str) -> HttpResponse:
    """Throw away what was kept."""
    attempt(request, actions.forget_kept, by=request.user, pk=pk, at=now(), success="It has been thrown away.")
    return redirect("members:kept")
