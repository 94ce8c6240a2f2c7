"""What the bar, the navigation and the foot of every page show: who is here, for whom, and where they can go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from candour.access.policy import Can, allows
from candour.access.viewer import viewer_of
from candour.overview import queries
from candour.people.models import Role

Link = dict[str, Any]
DEMONSTRATION = "A demonstration: every partnership, person and child in it is invented."
# Which part of the product a page belongs to, by the beginning of its address.
PARTS = {
    "audits": (
        "/audits/",
        "/cases/",
        "/lists/",
        "/areas/",
        "/fixed-lists/",
        "/draws/",
        "/asks/",
        "/screenings/",
        "/subjects/",
        "/answers/",
        "/visits/",
        "/discussions/",
        "/themes/",
        "/findings/",
        "/recommendations/",
        "/briefings/",
    ),
    "returns": ("/returns/",),
    "practice": ("/our-practice/",),
    "learning": ("/learning/",),
    "actions": ("/actions/", "/sense-checks/"),
    "concerns": ("/concerns/",),
    "people": ("/people/",),
    "executive": ("/executive/",),
}


def site(request: HttpRequest) -> dict[str, Any]:
    """Context for every page, worked out only where the page has a bar."""
    return {"site": SimpleLazyObject(lambda: _site(request))}


def _site(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = {"home": "/", "footer": _footer(request), "notice": _notice()}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return found | {"sign_in": settings.LOGIN_URL}
    ties = queries.ties(user)
    return found | {
        "name": ties.name,
        "person": str(user),
        "roles": ties.roles,
        "nav": _nav(request),
        "links": _own_links(user),
        "sign_out": reverse("account_logout"),
    }


def _own_links(user: Any) -> list[Link]:
    """Whoever was called in for one case has no account to look after."""
    return [] if viewer_of(user).only_once else [{"text": "Your account", "href": reverse("members:account")}]


def _notice() -> str:
    return DEMONSTRATION if settings.MODE == "demo" else ""


def _nav(request: HttpRequest) -> list[Link]:
    user, viewer = request.user, viewer_of(request.user)
    if not viewer.grants:
        return []
    if viewer.only_once:
        current = _part(request.path) == "returns"
        return [{"text": "Your return", "href": reverse("appraisal:returns"), "current": current}]
    items = [("work", "Your work", reverse("overview:work")), ("audits", "Audits", reverse("focus:audits"))]
    if viewer.services:
        items.append(("returns", "Your returns", reverse("appraisal:returns")))
    if allows(user, Can.SEE_PRACTICE):
        items.append(("practice", "Our practice", reverse("overview:our_practice")))
    if viewer.has(Role.CONCERNS):
        items.append(("concerns", "Concerns", reverse("concerns:known")))
    items += [("learning", "Learning", reverse("learning:library")), ("actions", "Actions", reverse("impact:actions"))]
    if allows(user, Can.SEE_PEOPLE):
        items.append(("people", "People and agencies", reverse("members:people")))
    if allows(user, Can.SEE_EXECUTIVE):
        items.append(("executive", "For the executive", reverse("overview:executive")))
    here = _part(request.path)
    return [{"text": text, "href": href, "current": part == here} for part, text, href in items]


def _part(path: str) -> str:
    if path == "/":
        return "work"
    return next((part for part, starts in PARTS.items() if path.startswith(starts)), "")


def _footer(request: HttpRequest) -> list[Link]:
    user = getattr(request, "user", None)
    rows = [("Help", reverse("overview:help")), ("Accessibility", reverse("overview:accessibility"))]
    if user is not None and user.is_authenticated:
        rows += [
            (text, reverse(name))
            for can, text, name in (
                (Can.SEE_TOOL, "Audit tools", "tools:shelf"),
                (Can.RAISE_CONCERN, "Concerns", "concerns:known"),
                (Can.SEE_MESSAGES, "Messages", "notices:outbox"),
                (Can.SEE_TRAIL, "Trail", "overview:trail"),
                (Can.KEEP_RETENTION, "What is kept", "retention:kept"),
            )
            if allows(user, can) and not (can is Can.RAISE_CONCERN and viewer_of(user).has(Role.CONCERNS))
        ]
    return [{"text": text, "href": href} for text, href in rows]
