"""Pages of the discussion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, by_and_at, needs
from candour.access.policy import Can, allows
from candour.discussion import actions, queries
from candour.discussion.flow import CaseState, State
from candour.discussion.forms import (
    AcceptForm,
    ArrangeForm,
    AttendanceForm,
    CatchForm,
    ConclusionForm,
    ReopenForm,
    StoryForm,
)
from candour.discussion.models import Discussion
from candour.discussion.queries.board import SCALE, Board, Line
from candour.focus.models import Audit
from candour.kernel.clock import now, today
from candour.kernel.errors import Refused, Stale
from candour.sampling.models import Case
from candour.ui.forms import Form

F = TypeVar("F", bound=Form)


@needs(Can.SEE_BOARD, of=Audit)
def show(request: Request, audit: Audit) -> HttpResponse:
    """The discussion of an audit: when it meets, who comes, and how far its cases are."""
    discussion = queries.discussion_of(audit)
    move, obstacle = queries.next_move(discussion, request.user)
    context = {
        "audit": audit,
        "discussion": discussion,
        "released": queries.released(discussion.audit if discussion else audit),
        "may_arrange": allows(request.user, Can.ARRANGE_DISCUSSION, audit),
        "leads": allows(request.user, Can.LEAD_DISCUSSION, audit),
        "move": move,
        "obstacle": obstacle,
        "attendance": queries.attendance(discussion) if discussion else [],
        "rows": queries.case_rows(audit),
        "caught": list(queries.caught(audit)),
    }
    return render(request, "discussion/show.html", context)


@needs(Can.ARRANGE_DISCUSSION, of=Audit)
def arrange(request: Request, audit: Audit) -> HttpResponse:
    """When and where the room meets, who leads it and who writes."""
    initial = queries.arranged(audit)
    form = ArrangeForm(request.POST or None, initial=initial, leaders=queries.leaders(audit.partnership_id, today()))
    if form.is_valid():
        arguments = form.cleaned_data | {"audit": audit, **by_and_at(request)}
        if attempt(request, actions.arrange, **arguments) is not None:
            return redirect("discussion:show", pk=audit.pk)
    return render(request, "discussion/arrange.html", {"audit": audit, "form": form})


@needs(Can.LEAD_DISCUSSION, of=Discussion)
def attendance(request: Request, discussion: Discussion) -> HttpResponse:
    """Who came, and for which service."""
    form = AttendanceForm(request.POST or None, rows=queries.attendance(discussion))
    if form.is_valid():
        attempt(request, actions.set_attendance, discussion=discussion, rows=form.answers, by=request.user, at=now())
        return redirect("discussion:show", pk=discussion.audit_id)
    return render(request, "discussion/attendance.html", {"audit": discussion.audit, "form": form})


@require_POST
@needs(Can.LEAD_DISCUSSION, of=Discussion)
def begin(request: Request, discussion: Discussion) -> HttpResponse:
    """Open the discussion."""
    attempt(request, actions.open_discussion, discussion=discussion, by=request.user, at=now())
    return redirect("discussion:show", pk=discussion.audit_id)


@require_POST
@needs(Can.LEAD_DISCUSSION, of=Discussion)
def close(request: Request, discussion: Discussion) -> HttpResponse:
    """Close the discussion, and with it the pack and every identity."""
    success = "The discussion is closed. Services can no longer open the pack or any identity."
    attempt(request, actions.close_discussion, discussion=discussion, by=request.user, at=now(), success=success)
    return redirect("discussion:show", pk=discussion.audit_id)


@require_POST
@needs(Can.ARRANGE_DISCUSSION, of=Discussion)
def reopen(request: Request, discussion: Discussion) -> HttpResponse:
    """Open a closed discussion again."""
    attempt(request, actions.reopen_discussion, discussion=discussion, by=request.user, at=now())
    return redirect("discussion:show", pk=discussion.audit_id)


@needs(Can.SEE_BOARD, of=Case)
def board(request: Request, case: Case, domain: str = "") -> HttpResponse:
    """One case, domain by domain: the services side by side, and one conclusion to agree."""
    seen = _seen(request, case)
    line = seen.line(domain) if domain else next(iter(seen.open_lines or seen.lines), None)
    if domain and line is None:
        raise Http404
    form, theirs, done = _save(
        _conclusion_form(seen, line, request.POST or None),
        actions.conclude,
        held=seen.held,
        domain=line.domain if line else "",
        by=request.user,
    )
    if done:
        return redirect("discussion:board", pk=case.pk)
    return render(request, "discussion/board.html", _context(request, seen, line, form, theirs))


@needs(Can.SEE_BOARD, of=Case)
def present(request: Request, case: Case) -> HttpResponse:
    """The same for the projector, without what stays with coordinator and chair."""
    return render(request, "discussion/present.html", {"case": case, "board": _seen(request, case, projected=True)})


@needs(Can.LEAD_DISCUSSION, of=Case)
def story(request: Request, case: Case) -> HttpResponse:
    """The story of a case in a few lines, with the child's words."""
    seen = _seen(request, case)
    initial = {name: getattr(seen.held, name) for name in (*actions.STORY, "version")}
    form = StoryForm(request.POST or None, initial=initial)
    form, theirs, done = _save(form, actions.save_story, held=seen.held, by=request.user)
    if done:
        return redirect("discussion:board", pk=case.pk)
    return render(request, "discussion/story.html", {"case": case, "board": seen, "form": form, "theirs": theirs})


@require_POST
@needs(Can.LEAD_DISCUSSION, of=Case)
def accept(request: Request, case: Case) -> HttpResponse:
    """Accept together what the services agree on."""
    seen = _seen(request, case)
    form = AcceptForm(request.POST, testable=seen.good_to_test)
    if not form.is_valid():
        return render(request, "discussion/board.html", _context(request, seen, accept=form))
    attempt(request, actions.accept_agreed, held=seen.held, by=request.user, at=now(), **form.cleaned_data)
    return redirect("discussion:board", pk=case.pk)


@require_POST
@needs(Can.LEAD_DISCUSSION, of=Case)
def catch(request: Request, case: Case) -> HttpResponse:
    """Keep an action that was agreed at the table."""
    seen = _seen(request, case)
    form = CatchForm(request.POST, agencies=queries.agencies(case.partnership_id), prefix="catch")
    if not form.is_valid():
        return render(request, "discussion/board.html", _context(request, seen, catch=form))
    attempt(request, actions.catch_action, held=seen.held, by=request.user, at=now(), **form.cleaned_data)
    return redirect("discussion:board", pk=case.pk)


@require_POST
@needs(Can.LEAD_DISCUSSION, of=Case)
def drop(request: Request, case: Case) -> HttpResponse:
    """Take such an action out again."""
    held = _seen(request, case).held
    caught = request.POST.get("caught", "")
    attempt(request, actions.drop_action, held=held, caught=caught, by=request.user, at=now())
    return redirect("discussion:board", pk=case.pk)


@require_POST
@needs(Can.LEAD_DISCUSSION, of=Case)
def agree(request: Request, case: Case) -> HttpResponse:
    """Agree a case, and go on to the next."""
    seen = _seen(request, case)
    agreed = attempt(
        request, actions.agree_case, held=seen.held, by=request.user, at=now(), success=f"{case} is agreed."
    )
    if agreed is not None and seen.after:
        return redirect("discussion:board", pk=seen.after.case_id)
    return redirect("discussion:board", pk=case.pk)


@needs(Can.LEAD_DISCUSSION, of=Case)
def reopen_case(request: Request, case: Case) -> HttpResponse:
    """Open an agreed case again, with the reason."""
    held = _seen(request, case).held
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        attempt(request, actions.reopen_case, held=held, by=request.user, at=now(), **form.cleaned_data)
        return redirect("discussion:board", pk=case.pk)
    return render(request, "discussion/reopen_case.html", {"case": case, "form": form})


@needs(Can.SEE_BOARD, of=Audit)
def calibration(request: Request, audit: Audit) -> HttpResponse:
    """How far services' own grades and the room's conclusions agree."""
    found = queries.agreement(audit)
    context = {"audit": audit, "found": found, "matrix": queries.matrix(found.whole), "scale": SCALE}
    return render(request, "discussion/calibration.html", context)


def _seen(request: Request, case: Case, *, projected: bool = False) -> Board:
    seen = queries.board(case, request.user, projected=projected)
    if seen is None:
        raise Http404
    return seen


def _conclusion_form(seen: Board, line: Line | None, data: Any = None) -> ConclusionForm:
    saved = line.conclusion if line else None
    initial: dict[str, Any] = {"version": saved.version if saved else 0}
    if saved:
        initial |= {"grade": saved.grade, "reason": saved.reason, "dissent": saved.dissent}
    return ConclusionForm(data, initial=initial, graded=seen.case.audit.graded)


def _save(form: F, action: Callable[..., object], **arguments: Any) -> tuple[F, object, bool]:
    """Save what was typed. Where somebody saved meanwhile, theirs comes back beside it and nothing is lost."""
    if not (form.is_bound and form.is_valid()):
        return form, None, False
    try:
        action(**arguments, **form.cleaned_data, at=now())
    except Stale as stale:
        form.data = dict(form.data.items()) | {"version": str(getattr(stale.theirs, "version", 0))}
        form.add_error(None, str(stale))
        return form, stale.theirs, False
    except Refused as refused:
        form.add_error(None, str(refused))
        return form, None, False
    return form, None, True


def _context(
    request: Request,
    seen: Board,
    line: Line | None = None,
    form: ConclusionForm | None = None,
    theirs: object = None,
    *,
    accept: AcceptForm | None = None,
    catch: CatchForm | None = None,
) -> dict[str, Any]:
    line = line or next(iter(seen.open_lines or seen.lines), None)
    agencies = queries.agencies(seen.case.partnership_id)
    return _rights(request, seen) | {
        "case": seen.case,
        "board": seen,
        "discussion": seen.held.discussion,
        "line": line,
        "form": form or _conclusion_form(seen, line),
        "theirs": theirs,
        "accept": accept or AcceptForm(testable=seen.good_to_test),
        "catch": catch or CatchForm(agencies=agencies, prefix="catch"),
        "points": seen.points.get(line.domain, []) if line else [],
    }


def _rights(request: Request, seen: Board) -> dict[str, bool]:
    leads = allows(request.user, Can.LEAD_DISCUSSION, seen.held)
    running = seen.held.discussion.state == State.OPEN and seen.held.state == CaseState.OPEN
    return {"leads": leads, "writable": leads and running}
