"""A service takes its list to another network: an encrypted file, and its password by another way."""

import secrets
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from candour.access.guard import Request, attempt, needs
from candour.access.policy import Can
from candour.involvement import actions, queries
from candour.involvement.forms import TakeForm
from candour.involvement.models import Ask
from candour.involvement.views.running import EXCEL
from candour.kernel.clock import now
from candour.notices.numbers import as_mobile
from candour.notices.senders import can_text

SALT = "candour.involvement.list"
MINUTES = 15
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, EACH = 5, 4


@never_cache
@needs(Can.ANSWER_ASK, of=Ask)
def take_list(request: Request, ask: Ask) -> HttpResponse:
    """Choose the way of the password; then take the file."""
    sheet, mobile = queries.sheet_to_take(ask, now()), as_mobile(request.user.phone) if can_text() else ""
    form = TakeForm(request.POST if "way" in request.POST else None, mobile=mobile)
    context: dict[str, Any] = {"ask": ask, "sheet": sheet, "form": form, "minutes": MINUTES}
    if "seal" in request.POST:
        return _file(request, ask, sheet, _unsealed(request, ask), texted=False)
    if form.is_valid() and form.cleaned_data["way"] == "text":
        return _file(request, ask, sheet, _password(), texted=True)
    if form.is_valid():
        password = _password()
        context |= {"password": password, "seal": signing.dumps([ask.pk, request.user.pk, password], salt=SALT)}
    return render(request, "involvement/take_list.html", context)


def _password() -> str:
    """Five groups of four that are read out without doubt."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(EACH)) for _ in range(GROUPS))


def _unsealed(request: HttpRequest, ask: Ask) -> str:
    """The password that this person was shown a moment ago for this list; empty where it was not."""
    try:
        of, who, password = signing.loads(request.POST["seal"], salt=SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        return ""
    return str(password) if (of, who) == (ask.pk, request.user.pk) else ""


def _file(request: Request, ask: Ask, sheet: queries.Sheet, password: str, *, texted: bool) -> HttpResponse:
    if not password:
        messages.error(request, "That password was shown too long ago. Choose again: you get a new one.")
        return redirect("involvement:take_list", ask.pk)
    taking: dict[str, Any] = {"ask": ask, "openings": sheet.openings, "password": password, "texted": texted}
    files = attempt(request, actions.take_list, **taking, by=request.user, at=now())
    if files is None:
        return redirect("involvement:take_list", ask.pk)
    sheet.show(files)
    children = [(str(line.case), line.shown) for line in sheet.lines]
    headers = {"Content-Disposition": f'attachment; filename="children-{ask.audit.code}.xlsx"'}
    return HttpResponse(queries.locked_list(ask.audit, children, password), content_type=EXCEL, headers=headers)
