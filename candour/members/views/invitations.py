"""Inviting somebody, and what an invitation offers to whoever opens its link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, by_and_at, needs, public
from candour.access.policy import Can
from candour.access.scope import visible
from candour.kernel.clock import now, today
from candour.members import actions, forms, queries, second_factor
from candour.members.models import Invitation, InvitationState
from candour.members.views.accounts import begin
from candour.members.views.people import partnership_in
from candour.people.models import User


@needs(Can.SEE_PEOPLE)
def invite(request: Request) -> HttpResponse:
    """Invite somebody to a role; a page that leads here may name the role and the place, and is gone back to."""
    partnership = partnership_in(request)
    wanted = {name: request.GET.get(name, "") for name in ("role", "place")}
    form = forms.InviteForm(request.POST or None, initial=wanted, **queries.offered(request.user, partnership, today()))
    if form.is_valid():
        facts = {"partnership": partnership, **by_and_at(request), **form.cleaned_data}
        if attempt(request, actions.invite, success="The invitation is on its way.", **facts) is not None:
            return redirect(_way_back(request) or queries.people_url(partnership))
    return render(request, "members/invite.html", {"form": form, "partnership": partnership})


def _way_back(request: Request) -> str:
    """The page of ours from which somebody came to invite; none where the address names another site."""
    wanted = request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


@require_POST
@needs(Can.SEE_PEOPLE)
def withdraw_invitation(request: Request, pk: str) -> HttpResponse:
    """Take an invitation back."""
    given = get_object_or_404(visible(Invitation, request.user), pk=pk)
    said = "The invitation has been withdrawn."
    attempt(request, actions.withdraw_invitation, success=said, invitation=given, **by_and_at(request))
    return redirect(queries.people_url(given.partnership))


@public
@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation offers. Opening the link changes nothing; accepting is a POST."""
    given = queries.invitation_by(token)
    if given is None or given.standing(now()) is not InvitationState.OPEN:
        return render(request, "members/invitation_over.html", status=404)
    if request.user.is_authenticated:
        return _accept(request, given, request.user)
    form = forms.JoinForm(request.POST or None, email=given.email, initial={"name": given.name})
    if (
        form.is_valid()
        and (made := attempt(request, actions.join, invitation=given, at=now(), **form.cleaned_data)) is not None
    ):
        return begin(request, made, "password", None)
    context = {"given": given, "form": form, "here": request.path}
    return render(request, "members/invitation.html", context)


def _accept(request: HttpRequest, given: Invitation, who: User) -> HttpResponse:
    """Somebody signed in accepts with one button, unless the invitation was sent to somebody else."""
    if not second_factor.has_shown(request):
        second_factor.want(request)
        return redirect("members:second_factor")
    if (
        request.method == "POST"
        and attempt(request, actions.accept, invitation=given, by=who, at=now(), success=f"You are now {given.offer}.")
        is not None
    ):
        return redirect("/")
    return render(request, "members/invitation.html", {"given": given, "mine": given.email == who.email})
