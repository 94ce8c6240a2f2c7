"""Pages of impact: actions, sense checks, and what changed."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, by_and_at, needs
from candour.access.policy import Can, allows
from candour.focus.models import Audit
from candour.impact import actions, queries
from candour.impact.flow import MOVES
from candour.impact.forms import (
    ActionForm,
    BecauseForm,
    ConcludeForm,
    JudgeForm,
    LookForm,
    NarrowForm,
    PlanForm,
    ReportForm,
)
from candour.impact.models import Action, SenseCheck
from candour.kernel.clock import now, today
from candour.trail.moves import offers

CONCLUDED = "The sense check is concluded, and what it says of the actions is done."


@needs(Can.SEE_ACTIONS, of=Audit)
def show(request: Request, audit: Audit) -> HttpResponse:
    """What follows from an audit: its actions, and the sense checks of its recommendations."""
    told = queries.asked(audit, request.user, today())
    checks = list(queries.visible_checks(audit, request.user))
    context = {
        "audit": audit,
        "crumbs": queries.crumbs(audit),
        "told": told,
        "checks": checks,
        "may_set": allows(request.user, Can.EDIT_ACTION, audit),
        "may_plan": queries.may_plan(audit, request.user, told, checks),
        "unasked": any(row.unasked for row in told),
        "follows": queries.audit_followed_by(audit),
    }
    return render(request, "impact/show.html", context)


@require_POST
@needs(Can.EDIT_ACTION, of=Audit)
def ask(request: Request, audit: Audit) -> HttpResponse:
    """Ask agencies for actions on a recommendation."""
    attempt(
        request, actions.open_actions, audit=audit, by=request.user, at=now(), success="Each agency has its action."
    )
    return redirect("impact:show", pk=audit.pk)


@needs(Can.SEE_ACTIONS)
def actions_page(request: Request) -> HttpResponse:
    """The actions that this person may see, narrowed as they wish."""
    form = NarrowForm(request.GET, **queries.choices(request.user))
    narrow = form.cleaned_data if form.is_valid() else {}
    rows = queries.narrowed(queries.actions(request.user), narrow, request.user, today())
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "lines": queries.lines(page.object_list, today())}
    return render(request, "impact/actions.html", context)


@needs(Can.SEE_ACTIONS, of=Action)
def action(request: Request, action: Action) -> HttpResponse:
    """One action: what was done about it, and a report on it."""
    form = ReportForm(request.POST or None, initial=queries.reported(action))
    if form.is_valid() and _report(request, action, form):
        return redirect("impact:action", pk=action.pk)
    context = {
        "action": action,
        "form": form,
        "because": BecauseForm(),
        "offers": offers(MOVES, action, request.user),
        "crumbs": queries.crumbs(None, "actions"),
    }
    return render(request, "impact/action.html", context | queries.of_action(action, request.user, today()))


def _report(request: Request, action: Action, form: ReportForm) -> Action | None:
    arguments = form.cleaned_data | {"action": action, **by_and_at(request)}
    return attempt(request, actions.report, success="Kept.", **arguments)


@needs(Can.EDIT_ACTION, of=Action)
def set_action(request: Request, action: Action) -> HttpResponse:
    """Who does what by when."""
    people = queries.people_of(action.agency, today())
    initial = {name: getattr(action, name) for name in ("version", "step", "due_on")} | {"owner": action.owner_id}
    form = ActionForm(request.POST or None, people=people, initial=initial)
    if form.is_valid():
        arguments = form.cleaned_data | {"action": action, **by_and_at(request)}
        attempt(request, actions.edit_action, success="Kept.", **arguments)
        return redirect("impact:action", pk=action.pk)
    context = {"action": action, "form": form, "crumbs": queries.crumbs(None, "actions")}
    return render(request, "impact/set_action.html", context)


@require_POST
@needs(Can.EDIT_ACTION, of=Action)
def drop(request: Request, action: Action) -> HttpResponse:
    """Drop an action, with the reason."""
    form = BecauseForm(request.POST)
    because = form.cleaned_data["because"] if form.is_valid() else ""
    attempt(request, actions.drop_action, action=action, because=because, by=request.user, at=now(), success="Dropped.")
    return redirect("impact:action", pk=action.pk)


@require_POST
@needs(Can.JUDGE_LEARNING, of=Action)
def reopen(request: Request, action: Action) -> HttpResponse:
    """Open an action again, with the reason."""
    form = BecauseForm(request.POST)
    because = form.cleaned_data["because"] if form.is_valid() else ""
    attempt(request, actions.reopen_action, action=action, because=because, by=request.user, at=now())
    return redirect("impact:action", pk=action.pk)


@needs(Can.SEE_ACTIONS)
def changed(request: Request) -> HttpResponse:
    """What changed over the years, as sense checks found it."""
    page = Paginator(queries.changed(request.user), 10).get_page(request.GET.get("page"))
    years = queries.years(page.object_list)
    context = {"page": page, "years": years, "bars": queries.verdict_bars(request.user)}
    return render(request, "impact/changed.html", context | {"crumbs": queries.crumbs(None, "actions")})


@needs(Can.SEE_ACTIONS)
def checks(request: Request) -> HttpResponse:
    """The sense checks that this person may see."""
    page = Paginator(queries.checks(request.user), 25).get_page(request.GET.get("page"))
    return render(request, "impact/checks.html", {"page": page, "crumbs": queries.crumbs(None, "actions")})


@needs(Can.JUDGE_LEARNING, of=Audit)
def plan(request: Request, audit: Audit) -> HttpResponse:
    """Plan a sense check of an audit's recommendations."""
    form = PlanForm(request.POST or None, initial={"due_on": queries.check_due(audit)})
    if form.is_valid():
        arguments = form.cleaned_data | {"follows": audit, **by_and_at(request)}
        if made := attempt(request, actions.plan_check, **arguments):
            return redirect("impact:check", pk=made.pk)
    context = {"audit": audit, "form": form, "crumbs": queries.crumbs(audit, "show")}
    return render(request, "impact/plan.html", context)


@needs(Can.SEE_ACTIONS, of=SenseCheck)
def check(request: Request, check: SenseCheck) -> HttpResponse:
    """One sense check: what is judged, and what is still to be."""
    judging = queries.judging(check)
    context = {
        "check": check,
        "judging": judging,
        "ready": all(judgement for _, judgement, _ in judging),
        "may_judge": allows(request.user, Can.JUDGE_LEARNING, check),
        "conclude": ConcludeForm(),
        "crumbs": queries.crumbs(check.follows, "show"),
    }
    return render(request, "impact/check.html", context)


@needs(Can.JUDGE_LEARNING, of=SenseCheck)
def begin(request: Request, check: SenseCheck) -> HttpResponse:
    """Begin a sense check: what is looked at, and how."""
    initial = {name: getattr(check, name) for name in LookForm.base_fields}
    form = LookForm(request.POST or None, initial=initial)
    if form.is_valid():
        arguments = form.cleaned_data | {"check": check, **by_and_at(request)}
        attempt(request, actions.begin_check, **arguments)
        return redirect("impact:check", pk=check.pk)
    context = {"check": check, "form": form, "crumbs": queries.crumbs(check.follows, "show")}
    return render(request, "impact/begin.html", context)


@needs(Can.JUDGE_LEARNING, of=SenseCheck)
def judge(request: Request, check: SenseCheck) -> HttpResponse:
    """Judge whether one recommendation is in practice."""
    recommendation = queries.tested(check, request.GET.get("recommendation", ""))
    if recommendation is None:
        raise Http404
    form = JudgeForm(request.POST or None, initial=queries.judged(check, recommendation))
    if form.is_valid():
        arguments = form.cleaned_data | {"check": check, **by_and_at(request)}
        if attempt(request, actions.judge, recommendation=recommendation, **arguments):
            return redirect("impact:check", pk=check.pk)
    context = {"check": check, "recommendation": recommendation, "form": form}
    return render(request, "impact/judge.html", context | {"crumbs": queries.crumbs(check.follows, "show", check)})


@require_POST
@needs(Can.JUDGE_LEARNING, of=SenseCheck)
def conclude(request: Request, check: SenseCheck) -> HttpResponse:
    """Conclude a sense check with its message."""
    form = ConcludeForm(request.POST)
    message = form.cleaned_data["message"] if form.is_valid() else ""
    attempt(request, actions.conclude_check, check=check, message=message, by=request.user, at=now(), success=CONCLUDED)
    return redirect("impact:check", pk=check.pk)
