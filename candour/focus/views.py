"""Pages of the first step."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, by_and_at, needs
from candour.access.policy import Can
from candour.focus import actions, queries
from candour.focus.flow import MOVES, Pace
from candour.focus.forms import (
    DecisionForm,
    HolidayForm,
    PaceForm,
    QuestionForm,
    RemindersForm,
    ServicesForm,
    SourcesForm,
    StartForm,
    TimetableForm,
    ToolForm,
)
from candour.focus.models import Audit
from candour.kernel.clock import now, today
from candour.people.models import Partnership
from candour.tools import queries as tools
from candour.trail.moves import offers


@needs(Can.SEE_AUDIT)
def audits(request: Request) -> HttpResponse:
    """The audits that this person may see, by how far they are, each with its next date."""
    groups = queries.audits_by_state(request.user)
    rows = [(label, [(audit, queries.next_date(audit, today())) for audit in audits]) for label, audits in groups]
    return render(request, "focus/audits.html", {"groups": rows, "may_start": queries.may_start_for(request.user)})


@needs(Can.SEE_AUDIT)
def programme(request: Request) -> HttpResponse:
    """What was and will be looked at, year by year."""
    return render(request, "focus/programme.html", {"years": queries.programme(request.user)})


@needs(Can.START_AUDIT)
def start(request: Request) -> HttpResponse:
    """Begin to plan an audit."""
    partnerships = list(queries.may_start_for(request.user))
    day = today()
    initial = {"code": queries.next_code(partnerships[0], day.year), "pace": Pace.ORDINARY}
    form = StartForm(request.POST or None, partnerships=partnerships, initial=initial)
    if form.is_valid():
        audit = attempt(request, actions.open_audit, by=request.user, at=now(), **form.cleaned_data)
        if audit:
            return redirect("focus:show", pk=audit.pk)
    return render(request, "focus/start.html", {"form": form})


@needs(Can.SEE_AUDIT, of=Audit)
def show(request: Request, audit: Audit) -> HttpResponse:
    """An audit as it is planned, and what is missing before it begins."""
    context = {
        "audit": audit,
        "offers": offers(MOVES, audit, request.user),
        "obstacle": queries.obstacle(audit, request.user),
        "may_edit": queries.may_edit(audit, request.user),
        "timetable": queries.timetable(audit),
        **queries.facts(audit),
    }
    return render(request, "focus/show.html", context)


@needs(Can.EDIT_AUDIT, of=Audit)
def question(request: Request, audit: Audit) -> HttpResponse:
    """What the audit asks, of which children, in which period."""
    initial = {name: getattr(audit, name) for name in actions.QUESTION}
    form = QuestionForm(request.POST or None, initial=initial)
    if form.is_valid():
        arguments = form.cleaned_data | {"audit": audit, **by_and_at(request)}
        if attempt(request, actions.edit_question, **arguments) is not None:
            return redirect("focus:show", pk=audit.pk)
    return render(request, "focus/question.html", {"audit": audit, "form": form})


@needs(Can.EDIT_AUDIT, of=Audit)
def sources(request: Request, audit: Audit) -> HttpResponse:
    """What the focus was chosen on, source by source."""
    form = SourcesForm(request.POST or None, rows=queries.source_rows(audit))
    if form.is_valid():
        evidence = form.cleaned_data
        attempt(request, actions.set_sources, audit=audit, evidence=evidence, by=request.user, at=now())
        return redirect("focus:show", pk=audit.pk)
    return render(request, "focus/sources.html", {"audit": audit, "form": form})


@needs(Can.EDIT_AUDIT, of=Audit)
def services(request: Request, audit: Audit) -> HttpResponse:
    """Which services are expected to take part."""
    every = [row for _, rows in queries.services_by_agency(audit.partnership, today()) for row in rows]
    chosen = {service.pk for service in queries.expected_services(audit)}
    form = ServicesForm(request.POST or None, services=every, chosen=chosen)
    if form.is_valid():
        attempt(request, actions.set_services, audit=audit, by=request.user, at=now(), **form.cleaned_data)
        return redirect("focus:show", pk=audit.pk)
    return render(request, "focus/services.html", {"audit": audit, "form": form})


@needs(Can.EDIT_AUDIT, of=Audit)
def tool(request: Request, audit: Audit) -> HttpResponse:
    """Which tool the audit is made with, whether it grades, and on what lawful basis."""
    basis = {
        "tool": audit.tool_id,
        "graded": "yes" if audit.graded else "no",
        "lawful_basis": audit.lawful_basis,
    }
    form = ToolForm(request.POST or None, tools=tools.offered(audit.partnership), initial=basis)
    if form.is_valid():
        attempt(request, actions.set_tool, audit=audit, by=request.user, at=now(), **form.cleaned_data)
        return redirect("focus:show", pk=audit.pk)
    return render(request, "focus/tool.html", {"audit": audit, "form": form})


@needs(Can.EDIT_AUDIT, of=Audit)
def timetable(request: Request, audit: Audit) -> HttpResponse:
    """The day of each step."""
    dates = {row.kind: row.due_on for row in queries.timetable(audit)}
    form = TimetableForm(request.POST or None, dates=dates)
    if form.is_valid():
        attempt(request, actions.set_timetable, audit=audit, dates=form.cleaned_data, by=request.user, at=now())
        return redirect("focus:show", pk=audit.pk)
    again = PaceForm(initial={"starts_on": audit.starts_on, "pace": audit.pace}, prefix="again")
    return render(request, "focus/timetable.html", {"audit": audit, "form": form, "again": again})


@require_POST
@needs(Can.EDIT_AUDIT, of=Audit)
def propose(request: Request, audit: Audit) -> HttpResponse:
    """Propose the timetable anew from another first day or pace."""
    form = PaceForm(request.POST, prefix="again")
    if form.is_valid():
        attempt(request, actions.propose_timetable, audit=audit, by=request.user, at=now(), **form.cleaned_data)
        return redirect("focus:timetable", pk=audit.pk)
    dates = {row.kind: row.due_on for row in queries.timetable(audit)}
    context = {"audit": audit, "form": TimetableForm(dates=dates), "again": form}
    return render(request, "focus/timetable.html", context)


@needs(Can.EDIT_AUDIT, of=Audit)
def reminders(request: Request, audit: Audit) -> HttpResponse:
    """When people are reminded, and when an agency's board member hears."""
    form = RemindersForm(request.POST or None, initial=RemindersForm.of(audit))
    if request.method == "POST" and form.is_valid():
        arguments = form.days() | {"audit": audit, **by_and_at(request)}
        if attempt(request, actions.set_reminders, success="Saved.", **arguments) is not None:
            return redirect("focus:show", pk=audit.pk)
    return render(request, "focus/reminders.html", {"audit": audit, "form": form})


@needs(Can.BEGIN_AUDIT, of=Audit)
def decide(request: Request, audit: Audit) -> HttpResponse:
    """Note which group decided on the audit and when; with that it is under way."""
    form = DecisionForm(request.POST or None, initial={"decided_on": today()})
    if form.is_valid():
        arguments = form.cleaned_data | {"audit": audit, **by_and_at(request)}
        if attempt(request, actions.begin_audit, **arguments) is not None:
            return redirect(audit.get_absolute_url())
    return render(request, "focus/decide.html", {"audit": audit, "form": form})


@require_POST
@needs(Can.CLOSE_AUDIT, of=Audit)
def close(request: Request, audit: Audit) -> HttpResponse:
    """Close an audit: its retention counts from now on."""
    attempt(request, actions.close_audit, audit=audit, by=request.user, at=now(), success="The audit is closed.")
    return redirect("focus:show", pk=audit.pk)


@require_POST
@needs(Can.CLOSE_AUDIT, of=Audit)
def reopen(request: Request, audit: Audit) -> HttpResponse:
    """Open a closed audit again."""
    attempt(
        request,
        actions.reopen_audit,
        audit=audit,
        by=request.user,
        at=now(),
        success="The audit is open again.",
    )
    return redirect("focus:show", pk=audit.pk)


@needs(Can.START_AUDIT, of=Partnership)
def holidays(request: Request, partnership: Partnership) -> HttpResponse:
    """The school holidays in which nothing is due."""
    form = HolidayForm(request.POST or None)
    if form.is_valid():
        spell = (form.cleaned_data["first"], form.cleaned_data["last"])
        wanted = [*partnership.pauses(), spell]
        attempt(
            request,
            actions.set_school_holidays,
            partnership=partnership,
            holidays=wanted,
            by=request.user,
            at=now(),
        )
        return redirect("focus:holidays", pk=partnership.pk)
    return render(request, "focus/holidays.html", {"partnership": partnership, "form": form})


@require_POST
@needs(Can.START_AUDIT, of=Partnership)
def drop_holiday(request: Request, partnership: Partnership) -> HttpResponse:
    """Take a school holiday out."""
    first = request.POST.get("first", "")
    left = [spell for spell in partnership.pauses() if spell[0].isoformat() != first]
    attempt(
        request,
        actions.set_school_holidays,
        partnership=partnership,
        holidays=left,
        by=request.user,
        at=now(),
    )
    return redirect("focus:holidays", pk=partnership.pk)
