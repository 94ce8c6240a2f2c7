"""Whether this session has shown a second factor. Without one it opens nothing but the pages that set one up."""

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

SHOWN = "second_factor"
WANTED = "after_second_factor"


def shown(session: SessionBase, person: Any) -> None:
    """Note that this person has shown a second factor in this session."""
    session[SHOWN] = person.pk


def has_shown(request: HttpRequest) -> bool:
    """Whether the person signed in has shown a second factor in this session."""
    return bool(request.user.pk) and request.session.get(SHOWN) == request.user.pk


def want(request: HttpRequest) -> None:
    """Remember the page that was wanted, to go on to."""
    if request.method == "GET":
        request.session[WANTED] = request.get_full_path()
