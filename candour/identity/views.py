"""Pages of a file of identities, and of what each kind of service sees of one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from candour.access.guard import attempt, by_and_at, needs
from candour.access.policy import Can
from candour.identity import actions, queries
from candour.identity.forms import NOT_SEALED, BoundsForm, EraseForm, PersonForm, ScrutinyForm
from candour.identity.homes import home_of
from candour.identity.models import Person, Purpose, Subject
from candour.kernel.clock import now
from candour.kernel.errors import Refused, Stale
from candour.people.models import Partnership, ServiceKind
from candour.ui.forms import posted

KEPT = "Kept. Files that are open to these services now show just that, from this moment."


@never_cache
@needs(Can.SEE_SUBJECT, of=Subject)
def show(request: HttpRequest, subject: Subject) -> HttpResponse:
    """A file as it stands: masked, with where its people are held already and who opened it."""
    return _page(request, subject)


@never_cache
@needs(Can.EDIT_IDENTITY, of=Subject)
def open_subject(request: HttpRequest, subject: Subject) -> HttpResponse:
    """The same page with the values, in the answer to one recorded act."""
    if request.method != "POST":
        return redirect("identity:show", subject.pk)
    revealed = attempt(request, actions.reveal_subject, subject=subject, purpose=Purpose.CORRECT, **by_and_at(request))
    return _page(request, subject, revealed)


@never_cache
@needs(Can.EDIT_IDENTITY, of=Subject)
def add(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Enter one more person of a file."""
    first = "child" if not queries.has_child(subject) else ""
    form = PersonForm(request.POST or None, initial={"relation": first})
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, actions.add_person(subject=subject, **_given(form), **by_and_at(request)))
        except Refused as refused:
            form.add_error(None, str(refused))
    return _form(request, subject, form)


@never_cache
@needs(Can.EDIT_IDENTITY, of=Person)
def correct(request: HttpRequest, person: Person) -> HttpResponse:
    """The form with a person's values, in the answer to one recorded act."""
    if request.method != "POST":
        return redirect("identity:show", person.subject_id)
    values = attempt(request, actions.reveal_person, person=person, **by_and_at(request))
    if values is None:
        return redirect("identity:show", person.subject_id)
    form = PersonForm(initial=values | {name: getattr(person, name) for name in NOT_SEALED})
    return _form(request, person.subject, form, person)


@never_cache
@needs(Can.EDIT_IDENTITY, of=Person)
def save(request: HttpRequest, person: Person) -> HttpResponse:
    """Keep a correction, unless somebody else was quicker."""
    if request.method != "POST":
        return redirect("identity:show", person.subject_id)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            return _saved(request, actions.edit_person(person=person, **_edited(form), **by_and_at(request)))
        except Refused as refused:
            form.add_error(None, str(refused))
            if isinstance(refused, Stale):
                form.overtaken(refused.theirs)
    return _form(request, person.subject, form, person)


@never_cache
@needs(Can.ERASE_IDENTITY, of=Subject)
def erase(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Erase a file for good, after saying why."""
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(request, actions.erase_subject, subject=subject, reason=reason, **by_and_at(request))
        return redirect("identity:show", subject.pk)
    return render(request, "identity/erase.html", {"subject": subject, "form": form})


@never_cache
@needs(Can.REVEAL_CASE, of=Subject)
def scrutiny(request: HttpRequest, subject: Subject) -> HttpResponse:
    """One case's identities for the scrutineer, for an hour, in the answer to one recorded act."""
    form = ScrutinyForm(request.POST or None)
    revealed: list[actions.Revealed] | None = None
    running = queries.opening_for(subject, request.user, now())  # type: ignore[arg-type]
    if request.method == "POST" and running:
        opening: dict[str, Any] = {"openings": [running], "purpose": Purpose.SCRUTINY}
        revealed = attempt(request, actions.open_list, **opening, **by_and_at(request))
    elif request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        opened = attempt(request, actions.open_for_scrutiny, subject=subject, why=why, **by_and_at(request))
        revealed = [opened] if opened else None
    context = {"subject": subject, "form": form, "revealed": revealed, "running": running}
    return render(request, "identity/scrutiny.html", context)


@needs(Can.SET_BOUNDS, of=Partnership)
def bounds(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """What each kind of service sees of a child's file."""
    context = {"partnership": partnership, "kinds": queries.all_bounds(partnership)}
    return render(request, "identity/bounds.html", context)


@needs(Can.SET_BOUNDS, of=Partnership)
def set_bounds(request: HttpRequest, partnership: Partnership, kind: str) -> HttpResponse:
    """Choose what one kind of service sees, within what it may ever see."""
    if kind not in ServiceKind.values:
        raise Http404
    now_seen = queries.bounds_for(partnership.pk, kind)
    initial = {"fields_shown": now_seen.fields, "people_shown": now_seen.relations}
    form = BoundsForm(posted(request), kind=kind, initial=initial)
    if form.is_valid():
        said = {"partnership": partnership, "kind": kind, **form.chosen()}
        attempt(request, actions.set_bounds, success=KEPT, **said, **by_and_at(request))
        return redirect("identity:bounds", partnership.pk)
    context = {"partnership": partnership, "form": form, "kind": ServiceKind(kind).label}
    return render(request, "identity/set_bounds.html", context)


def _page(request: HttpRequest, subject: Subject, revealed: Any = None) -> HttpResponse:
    context = queries.file(subject, now()) | {"revealed": revealed, "home": home_of(subject)}
    return render(request, "identity/show.html", context)


def _form(request: HttpRequest, subject: Subject, form: PersonForm, person: Person | None = None) -> HttpResponse:
    context = {"subject": subject, "form": form, "person": person, "home": home_of(subject)}
    return render(request, "identity/person.html", context)


def _given(form: PersonForm) -> dict[str, Any]:
    return {"values": form.values(), **{name: form.cleaned_data[name] for name in ("relation", "apart")}}


def _edited(form: PersonForm) -> dict[str, Any]:
    return {"version": form.cleaned_data["version"] or 0, **_given(form)}


def _saved(request: HttpRequest, person: Person) -> HttpResponse:
    messages.success(request, f"{person.get_relation_display()} saved.")
    return redirect("identity:show", person.subject_id)
