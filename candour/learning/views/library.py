"""The public library."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from candour.access.guard import Request, public
from candour.learning import queries
from candour.learning.forms import (
    LibraryForm,
)
from candour.ui.paper import pdf_response

KEPT_FOR = 300  # seconds that a public page may be kept by whoever passes it on
SITE = {
    "name": "Learning from audits",
    "home": "/learning/",
    "nav": [
        {"text": "Briefings", "href": "/learning/", "current": True},
        {"text": "For people who take part", "href": "/", "current": False},
    ],
    "footer": [
        {"text": "All briefings", "href": "/learning/"},
        {"text": "Feed of new briefings", "href": "/learning/feed/"},
        {"text": "Check a draw", "href": "/verify/"},
    ],
}
OPEN = {"site": SITE, "messages": ()}


# The public library: the same bytes for everybody, so that nothing of whoever asks is read.


@public
@require_safe
def library(request: Request) -> HttpResponse:
    """Every published briefing, for anybody."""
    form = LibraryForm(request.GET, partnerships=queries.publishers(), years=queries.years())
    found = queries.published(**form.cleaned_data) if form.is_valid() else queries.published()
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    return _open(render(request, "learning/library.html", OPEN | {"page": page, "form": form}))


@public
@require_safe
def published(request: Request, slug: str) -> HttpResponse:
    """One published briefing; one that was withdrawn says so."""
    row = queries.published_as(slug)
    if row is None:
        raise Http404
    status = 410 if row.withdrawn_at else 200
    return _open(render(request, "learning/published.html", OPEN | {"row": row}, status=status))


@public
@require_safe
def published_pdf(request: Request, slug: str) -> HttpResponse:
    """The same as it was printed."""
    row = queries.published_as(slug, with_pdf=True)
    if row is None or row.withdrawn_at:
        raise Http404
    response = pdf_response(row.pdf, f"{slug}.pdf")
    del response["X-Robots-Tag"]
    return _open(response)


@public
@require_safe
def feed(request: Request) -> HttpResponse:
    """The newest briefings, for programmes that follow them."""
    rows = list(queries.published()[:50])
    context = OPEN | {"rows": rows, "updated": rows[0].published_at if rows else None, "base": settings.BASE_URL}
    return _open(render(request, "learning/feed.xml", context, content_type="application/atom+xml; charset=utf-8"))


def _open(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=KEPT_FOR)
    return response
