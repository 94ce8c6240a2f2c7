"""The door: every view says what it needs, or is not served."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from candour.access.policy import Can, allows
from candour.access.scope import seen
from candour.kernel.clock import now
from candour.kernel.errors import Refused
from candour.people.models import User

View = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """A request that has come through the door: somebody is signed in."""

    user: User


T = TypeVar("T")


@dataclass(frozen=True)
class Need:
    """What a view asks of whoever opens it. `can` is None where anybody may, signed in or not."""

    can: Can | None
    of: type[Model] | None = None


PUBLIC = Need(None)


def public(view: View) -> View:
    """Anybody may open this page."""
    view.need = PUBLIC  # type: ignore[attr-defined]
    return view


def needs(can: Can, of: type[Model] | None = None) -> Callable[[View], View]:
    """Open this page to whoever may; with `of`, load that row by the URL's id: unseen 404, forbidden 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if of is None:
                _permit(request, can, None)
                return view(request, *args, **kwargs)
            thing = _load(request, of, kwargs.pop("pk"))
            _permit(request, can, thing)
            return view(request, thing, *args, **kwargs)

        guarded.need = Need(can, of)  # type: ignore[attr-defined]
        return guarded

    return decorate


def _load(request: HttpRequest, of: type[Model], pk: str) -> Model:
    thing = seen(of, request.user, pk)
    if thing is None:
        raise Http404
    return thing


def _permit(request: HttpRequest, can: Can, thing: Model | None) -> None:
    if not allows(request.user, can, thing):
        raise PermissionDenied


def declare(patterns: list[Any], wanted: dict[str, Need], default: Need) -> list[Any]:
    """Give each route of a third party its need by URL name, the default where it is not named."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            declare(pattern.url_patterns, wanted, default)
        else:
            need = wanted.get(pattern.name, default)
            pattern.callback.need = need
    return patterns


def attempt(request: HttpRequest, action: Callable[..., T], /, *, success: str = "", **arguments: Any) -> T | None:
    """Do it, or tell the person in a message why not. Returns what the action returned, or None."""
    try:
        result = action(**arguments)
    except Refused as refused:
        messages.error(request, str(refused))
        return None
    if success:
        messages.success(request, success)
    return result


def by_and_at(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and when: what every action is told."""
    return {"by": request.user, "at": now()}


class PolicyMiddleware:
    """A view that declares no need answers 403, whoever asks; a declared one without guard is guarded here. An address
    that only takes what a button sends says so to whoever comes back to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET":
            return response
        told = {"Allow": response.headers.get("Allow", "POST")}
        return HttpResponse(render_to_string("ui/405.html", request=request), status=response.status_code, headers=told)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase | None:
        need: Need | None = getattr(view, "need", None)
        if need is None:
            raise PermissionDenied
        if need.can is not None and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return None
