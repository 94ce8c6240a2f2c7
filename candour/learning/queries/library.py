"""The public library: what is published and not withdrawn."""

from django.db.models import Q, QuerySet

from candour.learning.models import Publication


def published(partnership: str = "", words: str = "", year: str = "") -> QuerySet[Publication]:
    """The public library: what is published and not withdrawn, the latest first."""
    rows = Publication.objects.filter(withdrawn_at__isnull=True).select_related("partnership").defer("pdf")
    if partnership:
        rows = rows.filter(partnership__slug=partnership)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(summary__icontains=words) | Q(plain__icontains=words))
    if year.isdigit():
        rows = rows.filter(published_at__year=int(year))
    return rows.order_by("-published_at", "pk")


def publishers() -> list[tuple[str, str]]:
    """The partnerships that have published something: (slug, name)."""
    rows = Publication.objects.filter(withdrawn_at__isnull=True)
    return list(rows.values_list("partnership__slug", "partnership__name").distinct().order_by("partnership__name"))


def years() -> list[int]:
    """The years in which something was published that still stands, the latest first."""
    rows = Publication.objects.filter(withdrawn_at__isnull=True).dates("published_at", "year", order="DESC")
    return [day.year for day in rows]


def published_as(slug: str, with_pdf: bool = False) -> Publication | None:
    """What was published under this address, withdrawn or not."""
    rows = Publication.objects.filter(slug=slug).select_related("partnership")
    return (rows if with_pdf else rows.defer("pdf")).first()
