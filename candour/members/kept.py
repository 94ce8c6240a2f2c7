"""A page that could not be sent, because the sign-in or the page's token had gone, is kept for whoever typed it.

The browser holds a cookie with a random key, and of each page it was given the hash of the page's token beside the
person it was given to. What was typed is sealed under that key; the database cannot open it, nor can anybody else.
"""

import base64
import hashlib
import json
import os
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CSRF_TOKEN_LENGTH, _unmask_cipher_token  # type: ignore[attr-defined]
from django.shortcuts import redirect, render
from django.urls import reverse

from candour.access.guard import PUBLIC, Request
from candour.kernel.clock import now
from candour.kernel.ids import is_id, new_id
from candour.members import second_factor
from candour.members.models import KeptPost
from candour.people.models import User

COOKIE = "candour_kept"
FIELD = "_kept"
DAYS = 7
PEOPLE = 5
"""How many people's pages one browser remembers."""
MOST = 400_000
"""Bytes of text that are kept; more than any form of the product takes."""
NEVER = ("password", "code", "credential", "token", "csrfmiddlewaretoken", FIELD)
NOT_THESE = ("/account/", "/invitation/")
"""Pages about signing in: what is typed there is secret, or is nothing."""
LONGEST_PATH = 500
NONCE = 12


def after_post(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep a POST that was turned away to sign in; let go of a kept one that has now been taken."""
    away = response.headers.get("Location", "") if response.status_code == 302 else ""
    if away.startswith((settings.LOGIN_URL, reverse("members:second_factor"))):
        return _turned_away(request, response)
    if request.user.is_authenticated and is_id(pk := request.POST.get(FIELD, "")) and response.status_code < 400:
        KeptPost.objects.filter(pk=pk, user=request.user).delete()
    return response


def _turned_away(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if request.POST.get(FIELD) or not keep(request):
        return response
    if request.user.is_authenticated:
        request.session[second_factor.WANTED] = reverse("members:kept")
        return response
    return redirect(f"{settings.LOGIN_URL}?next={reverse('members:kept')}")


def keep(request: HttpRequest) -> bool:
    """Keep what this request carries, if it came from a page of ours that this browser gave to a known person."""
    memory, match = _memory(request), request.resolver_match
    if request.headers.get("Accept") == "application/json":
        return False  # a page that sends by itself keeps its words on the device, and sends them again
    if not memory or not match or getattr(match.func, "need", PUBLIC) is PUBLIC or not _from_here(request):
        return False
    if request.path.startswith(NOT_THESE):
        return False
    person = memory["people"].get(_mark(_secret_of(_token(request))))
    fields = {name: request.POST.getlist(name) for name in request.POST if not _never(name)}
    plain = json.dumps(fields).encode()
    if not person or not fields or len(plain) > MOST or not User.objects.filter(pk=person).exists():
        return False
    pk = new_id()
    path = request.get_full_path()
    if len(path) > LONGEST_PATH:
        return False
    sealed = _seal(memory["key"], plain, f"{pk}:{person}:{path}")
    KeptPost.objects.create(pk=pk, user_id=person, path=path, sealed=sealed, kept_at=now())
    return True


def typed(request: HttpRequest) -> list[str]:
    """The texts of a page that could not be kept, to be given back at once; no password is among them."""
    texts = (text for name, values in request.POST.lists() if not _never(name) for text in values)
    return [text for text in texts if " " in text.strip()]


def given_back(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """Say no to whoever sent a page that is not open to them, or no longer, and give back the texts that they typed."""
    status = 404 if isinstance(exception, Http404) else 403 if isinstance(exception, PermissionDenied) else None
    if status is None or request.method != "POST" or not request.user.is_authenticated:
        return None
    texts = typed(request)
    return render(request, f"ui/{status}.html", {"typed": texts}, status=status) if texts else None


def opened(request: Request) -> list[tuple[KeptPost, dict[str, list[str]]]]:
    """What this person typed in this browser and could not send, newest first."""
    memory = _memory(request)
    if not memory:
        return []
    rows = KeptPost.objects.filter(user=request.user, kept_at__gt=now() - timedelta(days=DAYS))
    found = ((row, _unseal(memory["key"], row)) for row in rows.order_by("-kept_at", "id"))
    return [(row, fields) for row, fields in found if fields is not None]


def hand_key(request: HttpRequest, response: HttpResponse) -> None:
    """Give a signed-in browser its key, and have it remember to whom the pages with this token were given."""
    if "public" in response.get("Cache-Control", ""):
        return  # a page that is the same for everybody hands nobody a cookie, nor asks who they are
    if not request.user.is_authenticated or not (secret := request.META.get("CSRF_COOKIE")):
        return
    memory, mark = _memory(request), _mark(secret)
    if memory and memory["people"].get(mark) == request.user.pk and memory["since"] > _days(now()) - 1:
        return
    people = {**(memory["people"] if memory else {}), mark: request.user.pk}
    key = memory["key"] if memory else base64.b64encode(os.urandom(32)).decode()
    value = {"key": key, "people": dict(list(people.items())[-PEOPLE:]), "since": _days(now())}
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=COOKIE),
        max_age=DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _memory(request: HttpRequest) -> dict[str, Any] | None:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=DAYS * 86400)
    except signing.BadSignature:
        return None


def _days(at: datetime) -> int:
    return int(at.timestamp() // 86400)


def _never(name: str) -> bool:
    return any(word in name.lower() for word in NEVER)


def _from_here(request: HttpRequest) -> bool:
    """Whether the form stood on a page of this site, so that nobody else's page can plant words here."""
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return source.partition("://")[2].split("/")[0] == request.get_host()


def _token(request: HttpRequest) -> str:
    return request.POST.get("csrfmiddlewaretoken") or request.headers.get("X-CSRFToken", "")


def _secret_of(token: str) -> str:
    return _unmask_cipher_token(token) if len(token) == CSRF_TOKEN_LENGTH and token.isalnum() else token


def _mark(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:20]


def _seal(key: str, plain: bytes, context: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(base64.b64decode(key)).encrypt(nonce, plain, context.encode())


def _unseal(key: str, row: KeptPost) -> dict[str, list[str]] | None:
    sealed, context = bytes(row.sealed), f"{row.pk}:{row.user_id}:{row.path}"
    try:
        plain = AESGCM(base64.b64decode(key)).decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())
    except InvalidTag:
        return None
    return json.loads(plain)
