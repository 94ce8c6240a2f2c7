"""Signing in, invitations, people and agencies."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, by_and_at, needs, public
from candour.access.policy import Can
from candour.access.scope import visible
from candour.kernel.clock import now, today
from candour.members import actions, forms, kept, queries, second_factor
from candour.members.models import Invitation, InvitationState
from candour.people.models import Absence, Agency, Grant, Partnership, User

# Signing in


class SignIn(allauth_views.LoginView):
    """The sign-in page; in the demonstration it lists the invented people, one click each."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = get_next_redirect_url(self.request) or ""
        return super().get_context_data(**kwargs) | {"personas": queries.listed_personas(), "wanted": wanted}


sign_in = public(SignIn.as_view())


@public
@require_POST
def enter_demonstration(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demonstration's people. Anywhere else there is no such page."""
    if not queries.personas():
        raise Http404
    person = attempt(request, actions.enter_demonstration, email=request.POST.get("email", ""), at=now())
    if person is None:
        return redirect("account_login")
    response = _begin(request, person, "demonstration", get_next_redirect_url(request))
    second_factor.shown(request.session, person)
    return response


def _begin(request: HttpRequest, person: User, how: str, wanted: str | None) -> HttpResponse:
    """Begin a session for a person, as allauth begins one, and go where they wanted."""
    adapter = get_adapter()
    adapter.login(request, person)
    record_authentication(request, person, method=how)
    return adapter.post_login(
        request, person, email_verification="none", signal_kwargs=None, email=None, signup=False, redirect_url=wanted
    )


@public
def visit_over(request: HttpRequest) -> HttpResponse:
    """What somebody called in for one case sees once their return is in, or their link taken back."""
    return render(request, "members/visit_over.html")


@needs(Can.KEEP_ACCOUNT)
def account(request: Request) -> HttpResponse:
    """A person's own account: the roles that they hold, and how they sign in."""
    return render(request, "members/account.html", {"grants": queries.own_roles(request.user, today())})


@never_cache
@needs(Can.KEEP_ACCOUNT)
def set_up_second_factor(request: Request) -> HttpResponse:
    """The second step of signing in: set one up, or show the one that there is."""
    if second_factor.has_shown(request):
        return redirect(request.session.pop(second_factor.WANTED, "/"))
    return render(request, "members/second_factor.html", {"factors": queries.second_factors(request.user)})


@needs(Can.KEEP_ACCOUNT)
def away(request: Request) -> HttpResponse:
    """When this person is away, and who stands in."""
    return _away(request, request.user, None)


def _away(request: Request, who: User, partnership: Partnership | None) -> HttpResponse:
    """The days on which somebody is away: some more of them, another stand-in, or some called off."""
    rows, choices = queries.absences_of(who, request.user, today()), queries.stand_ins(who, request.user, today())
    typed = request.POST if "starts_on_day" in request.POST else None
    form = forms.AwayForm(typed, people=choices)
    if request.method == "POST" and _said(request, who, {row.pk: row for row, _ in rows}, form, partnership):
        return redirect(request.get_full_path())
    naming = [forms.StandInForm(prefix=row.pk, initial={"deputy": row.deputy_id}, people=choices) for row, _ in rows]
    context = {"who": who, "rows": [(*row, one) for row, one in zip(rows, naming, strict=True)], "form": form}
    context |= {"own": who == request.user, "partnership": partnership, "may": queries.may_be_away(who, today())}
    return render(request, "members/away.html", context)


def _said(
    request: Request, who: User, rows: dict[str, Absence], form: forms.AwayForm, partnership: Partnership | None
) -> bool:
    """Do what the page was sent for; whether it was done."""
    facts = {"partnership": partnership, **by_and_at(request)}
    if off := rows.get(request.POST.get("off", "")):
        attempt(request, actions.call_off, success="The absence has been called off.", absence=off, **facts)
        return True
    for pk, row in rows.items():
        named = forms.StandInForm(request.POST, prefix=pk, people=list(form.people.values()))
        if f"{pk}-deputy" in request.POST and named.is_valid():
            attempt(request, actions.name_stand_in, success="Saved.", absence=row, **facts, **named.said())
            return True
    said = "The days away have been added."
    return form.is_valid() and bool(attempt(request, actions.go_away, success=said, person=who, **facts, **form.said()))


# What was typed and could not be sent


@public
def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's token was out of date: keep what was typed for its writer, or at least give it back here."""
    if kept.keep(request):
        return render(request, "members/stale_page.html", status=403)
    return render(request, "ui/csrf.html", {"typed": kept.typed(request)}, status=403)


@never_cache
@needs(Can.KEEP_ACCOUNT)
def kept_posts(request: Request) -> HttpResponse:
    """What this person typed in this browser and could not send, with a button that sends it now."""
    return render(request, "members/kept.html", {"posts": queries.readable(kept.opened(request))})


@require_POST
@needs(Can.KEEP_ACCOUNT)
def forget_kept(request: Request, pk: str) -> HttpResponse:
    """Throw away what was kept."""
    attempt(request, actions.forget_kept, by=request.user, pk=pk, at=now(), success="It has been thrown away.")
    return redirect("members:kept")


# Invitations


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
        return _begin(request, made, "password", None)
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


@needs(Can.SEE_PEOPLE)
def invite(request: Request) -> HttpResponse:
    """Invite somebody to a role; a page that leads here may name the role and the place, and is gone back to."""
    partnership = _partnership(request)
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
    attempt(
        request,
        actions.withdraw_invitation,
        invitation=given,
        by=request.user,
        at=now(),
        success="The invitation has been withdrawn.",
    )
    return redirect(queries.people_url(given.partnership))


# People and their roles


def _partnership(request: Request) -> Partnership:
    """The partnership that the page is about: the one named in the address, or the person's first."""
    mine, slug = list(queries.partnerships(request.user)), request.GET.get("in")
    found = next((one for one in mine if one.slug == slug or not slug), None)
    if found is None:
        raise Http404
    return found


@needs(Can.SEE_PEOPLE)
def people(request: Request) -> HttpResponse:
    """People by agency, with their roles, and who has been invited."""
    partnership = _partnership(request)
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
    who, grants = _person(request, pk)
    partnership = _partnership(request)
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


def _person(request: Request, pk: str) -> tuple[User, list[Grant]]:
    found = queries.person_here(request.user, pk, today())
    if found is None:
        raise Http404
    return found


@needs(Can.SEE_PEOPLE)
def away_of(request: Request, pk: str) -> HttpResponse:
    """When somebody whom one looks after is away, and who stands in."""
    return _away(request, _person(request, pk)[0], _partnership(request))


@require_POST
@needs(Can.MANAGE_PEOPLE)
def reset_second_factor(request: Request, pk: str) -> HttpResponse:
    """Let somebody who has lost their second step set up a new one."""
    facts = {"person": _person(request, pk)[0], "partnership": _partnership(request), **by_and_at(request)}
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


# Agencies


@needs(Can.MANAGE_PEOPLE)
def new_agency(request: Request) -> HttpResponse:
    """Have an agency belong to the partnership."""
    partnership = _partnership(request)
    form = forms.AgencyForm(request.POST or None)
    if form.is_valid():
        kind, names = form.cleaned_data["kind"], form.cleaned_data["services"]
        services = [(name, kind) for name in names]
        facts = {"partnership": partnership, "name": form.cleaned_data["name"], "services": services}
        if (
            attempt(
                request, actions.add_agency, by=request.user, at=now(), success="The agency has been added.", **facts
            )
            is not None
        ):
            return redirect(queries.people_url(partnership))
    return render(request, "members/new_agency.html", {"form": form, "partnership": partnership})


@needs(Can.SEE_PEOPLE)
def agency(request: Request, pk: str) -> HttpResponse:
    """An agency's services and people; a coordinator names further services here."""
    partnership = _partnership(request)
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
    partnership = _partnership(request)
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
    partnership = _partnership(request)
    of = get_object_or_404(visible(Agency, request.user), pk=pk)
    form = forms.LastDayForm(request.POST or None)
    if form.is_valid():
        facts = {"agency": of, "partnership": partnership, "last_day": form.cleaned_data["ends_on"]}
        said = "The last day has been set."
        if attempt(request, actions.end_membership, success=said, **facts, **by_and_at(request)) is not None:
            return redirect(queries.people_url(partnership))
    context = {"form": form, "title": f"Last day of {of} in {partnership}", "partnership": partnership}
    return render(request, "members/last_day.html", context)
