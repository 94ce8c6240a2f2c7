"""The door, held against every way of forgetting it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import path

from candour.access import checks
from candour.access.guard import PUBLIC, Need, PolicyMiddleware, declare, needs, public
from candour.access.policy import POLICY, Can, allows, demand
from candour.access.rows import SCOPES
from candour.access.scope import seen, visible
from candour.kernel.errors import Refused
from candour.people.models import Partnership, Service, User
from candour.people.tests.factories import AT, other_world, world

pytestmark = pytest.mark.django_db


def bare(request):
    return HttpResponse("open")


@needs(Can.SEE_PEOPLE, of=Partnership)
def show(request, partnership):
    return HttpResponse(partnership.name)


@needs(Can.START_AUDIT)
def start(request):
    return HttpResponse("started")


def ask(view, user, **kwargs):
    request = RequestFactory().get("/somewhere/")
    request.user = user
    return view(request, **kwargs)


def test_own_row_is_served_and_a_foreign_one_is_missing():
    here, there = world(), other_world()
    assert ask(show, here.coordinator, pk=here.partnership.pk).content.decode() == here.partnership.name
    for pk in (there.partnership.pk, "0" * 16):
        with pytest.raises(Http404) as missing:
            ask(show, here.coordinator, pk=pk)
        assert str(missing.value) == ""


def test_a_seen_row_may_still_be_forbidden():
    here = world()
    with pytest.raises(PermissionDenied):
        ask(show, here.executive, pk=here.partnership.pk)


def test_without_a_row_the_right_must_be_held_somewhere():
    here = world()
    assert ask(start, here.coordinator).status_code == 200
    with pytest.raises(PermissionDenied):
        ask(start, here.auditor_hv)


def test_a_stranger_is_sent_to_sign_in():
    assert ask(start, AnonymousUser()).url == "/account/login/?next=/somewhere/"


def test_a_view_that_declares_nothing_is_refused_by_the_middleware():
    request = RequestFactory().get("/")
    request.user = world().coordinator
    with pytest.raises(PermissionDenied):
        PolicyMiddleware(bare).process_view(request, bare, (), {})
    assert PolicyMiddleware(bare).process_view(request, public(lambda request: None), (), {}) is None


def test_a_route_that_declares_nothing_keeps_candour_from_starting(monkeypatch):
    monkeypatch.setattr(checks, "routes", lambda: [("bare/", path("bare/", bare))])
    (error,) = checks.every_route_declares(None)
    assert (error.id, error.msg) == ("access.E001", "The route /bare/ does not say what it needs.")


def test_a_third_partys_routes_are_given_their_needs():
    patterns = [path("a/", lambda request: None, name="a"), path("b/", lambda request: None, name="b")]
    declare(patterns, {"a": PUBLIC}, default=Need(Can.SEE_WORK))
    assert [pattern.callback.need.can for pattern in patterns] == [None, Can.SEE_WORK]


def test_a_verb_that_is_not_written_is_refused(monkeypatch):
    here = world()
    assert allows(here.coordinator, Can.START_AUDIT)
    monkeypatch.delitem(POLICY, Can.START_AUDIT)
    assert not allows(here.coordinator, Can.START_AUDIT)
    assert [error.id for error in checks.every_verb_is_decided(None)] == ["access.E002"]
    with pytest.raises(Refused, match="may start an audit"):
        demand(here.coordinator, Can.START_AUDIT)


def test_a_model_without_a_scope_has_no_rows():
    here = world()
    assert Service._meta.label not in SCOPES
    assert User._meta.label not in SCOPES
    assert not visible(Service, here.coordinator).exists()


def test_somebody_with_no_account_or_a_closed_one_may_nothing():
    here = world()
    here.coordinator.is_active = False
    assert not any(allows(here.coordinator, can) for can in Can)
    assert not any(allows(AnonymousUser(), can) for can in Can)
    assert not visible(Partnership, AnonymousUser()).exists()


def test_a_row_is_seen_for_as_long_as_its_ties_hold_and_by_nobody_else():
    here, there = world(), other_world()
    for _ in range(2):  # the second time from the statement that is kept
        assert seen(Partnership, User.objects.get(pk=here.coordinator.pk), here.partnership.pk) == here.partnership
        assert seen(Partnership, there.coordinator, here.partnership.pk) is None
    here.coordinator.grants.update(withdrawn_at=AT)
    assert seen(Partnership, User.objects.get(pk=here.coordinator.pk), here.partnership.pk) is None


def test_nobody_and_a_table_without_a_scope_see_nothing():
    here = world()
    assert seen(Partnership, AnonymousUser(), here.partnership.pk) is None
    assert seen(Service, here.coordinator, here.police.pk) is None
