"""People and their roles."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, by_and_at, needs
from candour.access.policy import Can
from candour.access.scope import visible
from candour.kernel.clock import now, today
from candour.members import actions, forms, queries
from candour.people.models import Grant, Partnership, User


def partnership_in(request: Request) -> Partnership:
    """The partnership that the page is about: the one named in the address, or the person's first."""
    mine, slug = list(queries.partnerships(request.user)), request.GET.get("in")
    found = next((one for one in mine if one.slug == slug or not slug), None)
    if found is None:
        raise Http404
    return found


@needs(Can.SEE_PEOPLE)
def people(request: Request) -> HttpResponse:
    """People by agency, with their roles, and who has been invited."""
    partnership = partnership_in(request)
    context = {
        "partnership": partnership,
        "partnerships": queries.partnerships(request.user),
        "places": queries.places(request.user, partnership, today()),
        "waiting": queries.waiting(request.user, partnership, now()),
        "manages": queries.manages(request.user, partnership),
    }
    return render(request, "members/people.html", context)


@needs(Can.SEE_PEOPLE)
def person(request: Request, pk: str) -> HttpResponse:
    """One person: the roles that they hold and held, and a further one to give."""
    who, grants = person_in(request, pk)
    partnership = partnership_in(request)
    form = forms.RoleForm(request.POST or None, **queries.offered(request.user, partnership, today()))
    if form.is_valid():
        facts = {"person": who, "partnership": partnership, **by_and_at(request), **form.cleaned_data}
        if attempt(request, actions.give_role, success="They hold the role from now on.", **facts) is not None:
            return redirect("members:person", pk=pk)
    manages = queries.manages(request.user, partnership)
    context = {"who": who, "grants": queries.dated(grants, today()), "form": form, "partnership": partnership}
    context["absences"] = queries.absences_of(who, request.user, today())
    context["failing"] = queries.failing(who, partnership, now())
    context |= {"manages": manages, "has_second_factor": bool(queries.second_factors(who))}
    return render(request, "members/person.html", context)


def person_in(request: Request, pk: str) -> tuple[User, list[Grant]]:
    """Somebody whom this person looks after, with the roles that may be seen; no page where there is nobody such."""
    found = queries.person_here(request.user, pk)
    if found is None:
        raise Http404
    return found


@require_POST
@needs(Can.MANAGE_PEOPLE)
def reset_second_factor(request: Request, pk: str) -> HttpResponse:
    """Let somebody who has lost their second step set up a new one."""
    facts = {"person": person_in(request, pk)[0], "partnership": partnership_in(request), **by_and_at(request)}
    said = "They set up a new second step at their next sign-in."
    attempt(request, actions.reset_second_factor, success=said, **facts)
    return redirect("members:person", pk=pk)


def _grant(request: Request, pk: str) -> tuple[Grant, Partnership]:
    grant = get_object_or_404(visible(Grant, request.user).select_related("user", "partnership", "agency"), pk=pk)
    return grant, queries.partnership_of(grant, request.user)


@require_POST
@needs(Can.SEE_PEOPLE)
def withdraw_role(request: Request, pk: str) -> HttpResponse:
    """Take a role away, from the next request on."""
    grant, partnership = _grant(request, pk)
    facts = {"grant": grant, "partnership": partnership, **by_and_at(request)}
    said = "The role has been withdrawn. It counts no more, from this moment."
    attempt(request, actions.withdraw_role, success=said, **facts)
    return redirect("members:person", pk=grant.user_id)


@needs(Can.SEE_PEOPLE)
def end_role(request: Request, pk: str) -> HttpResponse:
    """Set the last day of a role."""
    grant, partnership = _grant(request, pk)
    form = forms.LastDayForm(request.POST or None, initial={"ends_on": grant.ends_on})
    if form.is_valid():
        facts = {"grant": grant, "partnership": partnership, "last_day": form.cleaned_data["ends_on"]}
        said = "The last day has been set."
        if attempt(request, actions.end_role, success=said, **facts, **by_and_at(request)) is not None:
            return redirect("members:person", pk=grant.user_id)
    context = {"form": form, "title": f"Last day of {grant}", "of": grant.user, "partnership": partnership}
    return render(request, "members/last_day.html", context)
