"""The pages of a service that is asked: open the list, answer, name who completes and checks the returns."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from csp.constants import NONE
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from candour.access.guard import attempt, by_and_at, needs
from candour.access.policy import Can, allows
from candour.identity import actions as identity
from candour.identity.models import Purpose
from candour.involvement import actions, queries
from candour.involvement.forms import AnswerForm, PeopleForm, PurposeForm, ScreenForm, initial_of, left_over, typed
from candour.involvement.models import SAID, Ask, Involvement, Known
from candour.kernel.clock import now, today
from candour.kernel.errors import Refused
from candour.members import queries as members
from candour.notices import absences
from candour.people.models import Role

GONE = (
    "A case that you wrote about is no longer in the audit, so nothing has been saved yet. What you wrote about it stands "
    "at the end of this page: copy it if you need it, then save again."
)


@never_cache
@needs(Can.ANSWER_ASK, of=Ask)
def answer(request: HttpRequest, ask: Ask) -> HttpResponse:
    """Do you know these children? All answers in one go, all kept or none."""
    sheet = queries.sheet(ask, now())
    rows = [AnswerForm(request.POST or None, case=line.case, initial=initial_of(line.answer)) for line in sheet.lines]
    if request.method == "POST" and all([row.is_valid() for row in rows]) and not _gone(request, sheet):
        given = {row.case.pk: _given(row) for row in rows if row.told}
        kept = _attempt_rows(request, rows, actions.answer, ask=ask, given=given, **by_and_at(request))
        if kept is not None:
            return redirect("involvement:rest" if "rest" in request.POST else "involvement:answer", ask.pk)
    return _sheet(request, ask, sheet, rows)


@never_cache
@csp_replace({"connect-src": [NONE]})
@needs(Can.ANSWER_ASK, of=Ask)
def open_answers(request: HttpRequest, ask: Ask) -> HttpResponse:
    """The same page with the children's identities, in the answer to one recorded act; what was typed stays."""
    if request.method != "POST":
        return redirect("involvement:answer", ask.pk)
    sheet = queries.sheet(ask, now())
    sheet.show(_opened(request, sheet, PurposeForm(request.POST)))
    initial = [typed(AnswerForm, request.POST, line.case) for line in sheet.lines]
    rows = [AnswerForm(case=line.case, initial=said) for line, said in zip(sheet.lines, initial, strict=True)]
    return _sheet(request, ask, sheet, rows)


@needs(Can.ANSWER_ASK, of=Ask)
def rest(request: HttpRequest, ask: Ask) -> HttpResponse:
    """“Not known” for all that is left, after one look at what that means."""
    if request.method == "POST":
        said = "Thank you: there is an answer for every child."
        attempt(request, actions.not_known_for_the_rest, success=said, ask=ask, **by_and_at(request))
        return redirect("involvement:answer", ask.pk)
    return render(request, "involvement/rest.html", {"ask": ask, "cases": queries.unanswered(ask)})


@needs(Can.NAME_AUDITOR, of=Ask)
def people(request: HttpRequest, ask: Ask) -> HttpResponse:
    """Who completes the returns of a service, who shares in them and who checks them."""
    owed = queries.owing_of(ask)
    choices = _people_of(ask)
    gone = absences.away([user.pk for people in choices.values() for user in people], today())
    lost = queries.lapsed([ask], today())
    rows = [PeopleForm(request.POST or None, case=one.case, gone=gone, **_named(one, lost), **choices) for one in owed]
    if request.method == "POST" and all([row.is_valid() for row in rows]):
        named = {row.case.pk: actions.Named(**row.named()) for row in rows}
        if _attempt_rows(request, rows, actions.name_people, ask=ask, named=named, **by_and_at(request)) is not None:
            _warn(request, ask, gone, named.values())
            return redirect("involvement:people", ask.pk)
    context: dict[str, Any] = {"ask": ask, "rows": rows, "lost": lost} | choices
    context["own"] = allows(request.user, Can.ANSWER_ASK, ask)
    context["invited"] = members.invited_for(ask.service, ask.partnership, now())
    return render(request, "involvement/people.html", context)


@never_cache
@needs(Can.SCREEN_CASE, of=Ask)
def screen(request: HttpRequest, ask: Ask) -> HttpResponse:
    """Does anything stand in the way of auditing these cases?"""
    sheet = queries.screening_sheet(ask, now())
    rows = [ScreenForm(request.POST or None, case=line.case, initial=line.said()) for line in sheet.lines]
    if request.method == "POST" and all([row.is_valid() for row in rows]) and not _gone(request, sheet):
        looked = {row.case.pk: actions.Looked(**row.cleaned_data) for row in rows if row.cleaned_data["outcome"]}
        if _attempt_rows(request, rows, actions.screen, ask=ask, looked=looked, **by_and_at(request)) is not None:
            return redirect("involvement:screen", ask.pk)
    return _screening(request, ask, sheet, rows)


@never_cache
@needs(Can.SCREEN_CASE, of=Ask)
def open_screening(request: HttpRequest, ask: Ask) -> HttpResponse:
    """The same page with the identities, in the answer to one recorded act; what was typed stays."""
    if request.method != "POST":
        return redirect("involvement:screen", ask.pk)
    sheet = queries.screening_sheet(ask, now())
    sheet.show(_opened(request, sheet, Purpose.SCREEN))
    initial = [typed(ScreenForm, request.POST, line.case) for line in sheet.lines]
    rows = [ScreenForm(case=line.case, initial=said) for line, said in zip(sheet.lines, initial, strict=True)]
    return _screening(request, ask, sheet, rows)


@needs(Can.SEE_ANSWER, of=Involvement)
def show(request: HttpRequest, involvement: Involvement) -> HttpResponse:
    """One service's answer about one case, with its history."""
    context = {
        "answer": involvement,
        "history": queries.history(involvement),
        "ask": queries.ask_behind(involvement),
        "answers": allows(request.user, Can.ANSWER_ASK, involvement),
        "runs": allows(request.user, Can.ASK_SERVICE, involvement),
    }
    return render(request, "involvement/show.html", context)


@never_cache
@needs(Can.OPEN_CASE, of=Involvement)
def open_case(request: HttpRequest, involvement: Involvement) -> HttpResponse:
    """The identities of a case for whoever completes or checks its return, in the answer to one recorded act."""
    revealed = None
    if request.method == "POST":
        arguments: dict[str, Any] = {"involvement": involvement, "purpose": Purpose.AUDIT}
        revealed = attempt(request, actions.open_case, **arguments, **by_and_at(request))
    context = {"answer": involvement, "revealed": revealed, "persons": queries.masked(involvement)}
    return render(request, "involvement/open_case.html", context)


def _people_of(ask: Ask) -> dict[str, Any]:
    kinds = (("auditors", Role.AUDITOR), ("authorisers", Role.AUTHORISER))
    return {name: queries.people_of([ask.service], role, today())[ask.service_id] for name, role in kinds}


def _warn(request: HttpRequest, ask: Ask, gone: dict[str, absences.Away], named: Iterable[actions.Named]) -> None:
    """Whoever has been named although they are away, and who stands in."""
    roles: dict[str, set[str]] = defaultdict(set)
    for one in named:
        writers = [(user, Role.AUDITOR) for user in (one.auditor, *one.sharers)]
        for user, role in (*writers, (one.authoriser, Role.AUTHORISER)):
            if user and user.pk in gone:
                roles[user.pk].add(role)
    for pk in sorted(roles):
        messages.warning(request, f"{gone[pk].says(ask.service_id, roles[pk])}.")


def _gone(request: HttpRequest, sheet: queries.Sheet) -> bool:
    """Whether something was written about a case that has left the audit meanwhile: then nothing is saved unseen."""
    gone = bool(left_over(request.POST, [line.case for line in sheet.lines]))
    if gone:
        messages.error(request, GONE)
    return gone


def _sheet(request: HttpRequest, ask: Ask, sheet: queries.Sheet, rows: list[AnswerForm]) -> HttpResponse:
    context = {"ask": ask, "sheet": sheet, "lines": sheet.with_rows(rows), "rows": rows, "purpose": PurposeForm()}
    context["typed"] = left_over(request.POST, [line.case for line in sheet.lines])
    return render(request, "involvement/answer.html", context)


def _screening(request: HttpRequest, ask: Ask, sheet: queries.Sheet, rows: list[ScreenForm]) -> HttpResponse:
    context = {"ask": ask, "sheet": sheet, "lines": sheet.with_rows(rows), "rows": rows}
    context["typed"] = left_over(request.POST, [line.case for line in sheet.lines])
    return render(request, "involvement/screen.html", context)


def _opened(request: HttpRequest, sheet: queries.Sheet, purpose: PurposeForm | str) -> list[identity.Revealed]:
    if isinstance(purpose, PurposeForm):
        purpose = purpose.cleaned_data["purpose"] if purpose.is_valid() else Purpose.MATCH
    opened: dict[str, Any] = {"openings": sheet.openings, "purpose": purpose}
    return attempt(request, identity.open_list, **opened, **by_and_at(request)) or []


def _attempt_rows(request: HttpRequest, rows: list[Any], action: Any, **arguments: Any) -> int | None:
    try:
        count: int = action(**arguments)
    except actions.RowsRefused as refused:
        for row in rows:
            if row.case.pk in refused.rows:
                row.refuse(refused.rows[row.case.pk])
        return None
    except Refused as refused:
        messages.error(request, str(refused))
        return None
    if count:
        messages.success(request, "Saved. Thank you.")
    elif "rest" not in request.POST:
        messages.info(request, "Nothing has changed.")
    return count


def _given(row: AnswerForm) -> actions.Given:
    said = row.cleaned_data
    relation = said["relation"] if said["answer"] == Known.RELATIVE else ""
    given = {name: said[name] for name in SAID} | {"relation": relation}
    return actions.Given(**given, version=said["version"] or 0)


def _named(one: Involvement, lost: list[queries.Lapsed]) -> dict[str, Any]:
    nobody = "none" if one.no_authoriser else ""
    named = {"auditor": one.auditor_id or "", "authoriser": one.authoriser_id or nobody}
    initial = named | {"sharers": sorted(one.sharer_ids), "seen": one.mark}
    gone = {who.user.pk: f"{who.user}, who {who.how}" for who in lost if who.answer == one}
    return {"initial": initial, "lost": gone, "kept": one.auditor, "checks": one.authoriser, "shared": one.sharing}
