"""Agencies: their services, their member of the board, and when they leave."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from candour.access.guard import Request, attempt, by_and_at, needs
from candour.access.policy import Can
from candour.access.scope import visible
from candour.kernel.clock import today
from candour.members import actions, forms, queries
from candour.members.views.people import partnership_in
from candour.people.models import Agency


@needs(Can.MANAGE_PEOPLE)
def new_agency(request: Request) -> HttpResponse:
    """Have an agency belong to the partnership."""
    partnership = partnership_in(request)
    form = forms.AgencyForm(request.POST or None)
    if form.is_valid():
        facts = {"partnership": partnership, **form.agency(), **by_and_at(request)}
        if attempt(request, actions.add_agency, success="The agency has been added.", **facts) is not None:
            return redirect(queries.people_url(partnership))
    return render(request, "members/new_agency.html", {"form": form, "partnership": partnership})


@needs(Can.SEE_PEOPLE)
def agency(request: Request, pk: str) -> HttpResponse:
    """An agency's services and people; a coordinator names further services here."""
    partnership = partnership_in(request)
    place = queries.place(request.user, partnership, pk, today())
    if place is None:
        raise Http404
    form = forms.ServiceForm(request.POST or None)
    if form.is_valid():
        facts = {"agency": place.agency, "partnership": partnership, **by_and_at(request), **form.cleaned_data}
        if attempt(request, actions.add_service, success="The service has been named.", **facts) is not None:
            return redirect("members:agency", pk=pk)
    context = {"place": place, "form": form, "partnership": partnership}
    context["manages"] = queries.manages(request.user, partnership)
    return render(request, "members/agency.html", context)


@needs(Can.MANAGE_PEOPLE)
def board_member(request: Request, pk: str) -> HttpResponse:
    """Name the board member of an agency."""
    partnership = partnership_in(request)
    place = queries.place(request.user, partnership, pk, today())
    if place is None or place.membership is None:
        raise Http404
    held = {"name": place.membership.board_name, "email": place.membership.board_email}
    form = forms.BoardForm(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        facts = {"agency": place.agency, "partnership": partnership, **by_and_at(request), **form.cleaned_data}
        if attempt(request, actions.name_board_member, success="Saved.", **facts) is not None:
            return redirect(queries.agency_url(place, partnership))
    context = {"form": form, "place": place, "partnership": partnership}
    return render(request, "members/board_member.html", context)


@needs(Can.MANAGE_PEOPLE)
def end_membership(request: Request, pk: str) -> HttpResponse:
    """Set the last day on which an agency belongs to the partnership."""
    partnership = partnership_in(request)
    of = get_object_or_404(visible(Agency, request.user), pk=pk)
    form = forms.LastDayForm(request.POST or None)
    if form.is_valid():
        facts = {"agency": of, "partnership": partnership, "last_day": form.cleaned_data["ends_on"]}
        said = "The last day has been set."
        if attempt(request, actions.end_membership, success=said, **facts, **by_and_at(request)) is not None:
            return redirect(queries.people_url(partnership))
    context = {"form": form, "title": f"Last day of {of} in {partnership}", "partnership": partnership}
    return render(request, "members/last_day.html", context)
