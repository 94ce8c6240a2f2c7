"""Pages on which findings are grouped and recommendations written."""

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, by_and_at, needs
from candour.access.policy import Can, allows
from candour.focus.models import Audit
from candour.kernel.clock import now
from candour.learning import actions, queries
from candour.learning.flow import MOVES
from candour.learning.forms import (
    FindingForm,
    NarrowForm,
    NoteForm,
    PickForm,
    RecommendationForm,
    ThemeForm,
)
from candour.learning.models import Finding, Recommendation, Theme
from candour.trail.moves import offers


@needs(Can.SEE_LEARNING, of=Audit)
def show(request: Request, audit: Audit) -> HttpResponse:
    """What was learnt in an audit: themes, recommendations, and how far the briefing is."""
    briefing = queries.briefing_of(audit)
    context = {
        "audit": audit,
        "crumbs": queries.crumbs(audit),
        "themes": queries.told_themes(audit),
        "recommendations": queries.recommendations(audit),
        "briefing": briefing,
        "may_write": allows(request.user, Can.WRITE_LEARNING, audit),
        "may_report": allows(request.user, Can.SEE_BOARD, audit),
        "offers": offers(MOVES, briefing, request.user) if briefing else set(),
    }
    return render(request, "learning/show.html", context)


@needs(Can.SEE_BOARD, of=Audit)
def report(request: Request, audit: Audit) -> HttpResponse:
    """The restricted report, for those who run the audit."""
    context = {"audit": audit, "crumbs": queries.crumbs(audit, "show"), "rows": queries.recommendations(audit)}
    return render(request, "learning/report.html", context | queries.report(audit))


@needs(Can.WRITE_LEARNING, of=Audit)
def board(request: Request, audit: Audit) -> HttpResponse:
    """Passages of returns and discussion, to be gathered into themes."""
    return _board(request, audit)


def _board(request: Request, audit: Audit, pick_form: PickForm | None = None) -> HttpResponse:
    themes = queries.told_themes(audit)
    every = queries.passages(audit, themes)
    narrow = NarrowForm(request.GET, **queries.choices(every))
    found = queries.narrowed(every, narrow.cleaned_data if narrow.is_valid() else {})
    context = {
        "audit": audit,
        "crumbs": queries.crumbs(audit, "show"),
        "narrow": narrow,
        "page": Paginator(found, 25).get_page(request.GET.get("page")),
        "every": len(every),
        "themes": themes,
        "form": pick_form or PickForm(themes=[told.theme for told in themes], keys=[]),
    }
    return render(request, "learning/board.html", context)


@require_POST
@needs(Can.WRITE_LEARNING, of=Audit)
def pick(request: Request, audit: Audit) -> HttpResponse:
    """Put passages into a theme, or into a new one."""
    keys = [passage.key for passage in queries.passages(audit)]
    form = PickForm(request.POST, themes=queries.themes(audit), keys=keys)
    if not form.is_valid():
        return _board(request, audit, form)
    chosen, at = form.cleaned_data, now()
    if chosen["theme"]:
        attempt(request, actions.pick, theme=chosen["theme"], keys=chosen["keys"], by=request.user, at=at)
    else:
        given = {"audit": audit, "title": chosen["title"], "keys": chosen["keys"]}
        attempt(request, actions.pick_anew, **given, by=request.user, at=at)
    kept = QueryDict(request.POST.get("back", "")).urlencode()
    return HttpResponseRedirect(f"{reverse('learning:board', args=[audit.pk])}?{kept}")


@needs(Can.WRITE_LEARNING, of=Audit)
def new_theme(request: Request, audit: Audit) -> HttpResponse:
    """Begin a theme."""
    form = ThemeForm(request.POST or None)
    if form.is_valid():
        arguments = form.cleaned_data | {"audit": audit, **by_and_at(request)}
        if attempt(request, actions.add_theme, **arguments):
            return redirect("learning:board", pk=audit.pk)
    context = {"audit": audit, "form": form, "crumbs": queries.crumbs(audit, "show", "board")}
    return render(request, "learning/new_theme.html", context)


@needs(Can.WRITE_LEARNING, of=Theme)
def theme(request: Request, theme: Theme) -> HttpResponse:
    """One theme with its findings."""
    form = ThemeForm(request.POST or None, initial=queries.theme_as_typed(theme))
    if form.is_valid():
        attempt(request, actions.edit_theme, theme=theme, by=request.user, at=now(), **form.cleaned_data)
        return redirect("learning:theme", pk=theme.pk)
    return _theme(request, theme, form, NoteForm())


def _theme(request: Request, theme: Theme, form: ThemeForm, note: NoteForm) -> HttpResponse:
    context = {
        "theme": theme,
        "form": form,
        "told": queries.told_theme(theme),
        "note": note,
        "crumbs": queries.crumbs(theme.audit, "show", "board"),
    }
    return render(request, "learning/theme.html", context)


@require_POST
@needs(Can.WRITE_LEARNING, of=Theme)
def move_theme(request: Request, theme: Theme) -> HttpResponse:
    """Put a theme before or behind its neighbour."""
    attempt(request, actions.move_theme, theme=theme, up="up" in request.POST, by=request.user, at=now())
    return redirect("learning:board", pk=theme.audit_id)


@require_POST
@needs(Can.WRITE_LEARNING, of=Theme)
def drop_theme(request: Request, theme: Theme) -> HttpResponse:
    """Take a theme away."""
    audit = theme.audit_id
    attempt(request, actions.drop_theme, theme=theme, by=request.user, at=now(), success="The theme is gone.")
    return redirect("learning:board", pk=audit)


@require_POST
@needs(Can.WRITE_LEARNING, of=Theme)
def note_finding(request: Request, found: Theme) -> HttpResponse:
    """Write down a finding that stands in no passage."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _theme(request, found, ThemeForm(initial=queries.theme_as_typed(found)), form)
    attempt(request, actions.note_finding, theme=found, by=request.user, at=now(), **form.cleaned_data)
    return redirect("learning:theme", pk=found.pk)


@needs(Can.WRITE_LEARNING, of=Finding)
def finding(request: Request, finding: Finding) -> HttpResponse:
    """One finding: its wording and its theme."""
    initial = {"theme": finding.theme_id, "wording": finding.wording}
    form = FindingForm(request.POST or None, themes=queries.themes(finding.audit), initial=initial)
    if form.is_valid():
        arguments = form.cleaned_data | {"finding": finding, **by_and_at(request)}
        if attempt(request, actions.edit_finding, **arguments):
            return redirect("learning:theme", pk=form.cleaned_data["theme"].pk)
    crumbs = queries.crumbs(finding.audit, "show", "board")
    context = {"finding": finding, "told": queries.told(finding), "form": form, "crumbs": crumbs}
    return render(request, "learning/finding.html", context)


@require_POST
@needs(Can.WRITE_LEARNING, of=Finding)
def drop_finding(request: Request, finding: Finding) -> HttpResponse:
    """Take a finding out."""
    theme_id = finding.theme_id
    attempt(request, actions.drop_finding, finding=finding, by=request.user, at=now(), success="Taken out.")
    return redirect("learning:theme", pk=theme_id)


@needs(Can.SEE_LEARNING, of=Audit)
def recommendations(request: Request, audit: Audit) -> HttpResponse:
    """The recommendations of an audit."""
    context = {
        "audit": audit,
        "page": Paginator(queries.recommendations(audit), 25).get_page(request.GET.get("page")),
        "may_write": allows(request.user, Can.WRITE_LEARNING, audit),
        "crumbs": queries.crumbs(audit, "show"),
    }
    return render(request, "learning/recommendations.html", context)


@needs(Can.WRITE_LEARNING, of=Audit)
def new_recommendation(request: Request, audit: Audit) -> HttpResponse:
    """Write a recommendation, shown beside earlier ones that say the like."""
    around = queries.around_recommendation(audit, request.POST.get("text", ""))
    form = RecommendationForm(request.POST or None, **around)
    if form.is_valid():
        arguments = {"audit": audit, **form.cleaned_data, **by_and_at(request)}
        made = attempt(request, actions.save_recommendation, **arguments)
        if made and around["echoes"] and not made.echoes_id:
            return redirect("learning:recommendation", pk=made.pk)
        return redirect("learning:recommendations", pk=audit.pk)
    context = {"audit": audit, "form": form, "crumbs": queries.crumbs(audit, "show", "recommendations")}
    return render(request, "learning/recommendation.html", context)


@needs(Can.WRITE_LEARNING, of=Recommendation)
def recommendation(request: Request, row: Recommendation) -> HttpResponse:
    """Change a recommendation."""
    around = queries.around_recommendation(row.audit, request.POST.get("text", row.wording))
    form = RecommendationForm(request.POST or None, **around, initial=queries.written(row))
    if form.is_valid():
        arguments = {"audit": row.audit, "recommendation": row, **form.cleaned_data, **by_and_at(request)}
        if attempt(request, actions.save_recommendation, **arguments):
            return redirect("learning:recommendations", pk=row.audit_id)
    crumbs = queries.crumbs(row.audit, "show", "recommendations")
    context = {"audit": row.audit, "recommendation": row, "form": form, "crumbs": crumbs}
    return render(request, "learning/recommendation.html", context)


@require_POST
@needs(Can.WRITE_LEARNING, of=Recommendation)
def drop_recommendation(request: Request, row: Recommendation) -> HttpResponse:
    """Take a recommendation back."""
    audit = row.audit_id
    attempt(request, actions.drop_recommendation, recommendation=row, by=request.user, at=now(), success="Taken back.")
    return redirect("learning:recommendations", pk=audit)
