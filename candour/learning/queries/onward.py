"""What learning tells an earlier step: what was recommended to an agency, once it was said in public."""

from collections.abc import Iterator

from candour.appraisal.queries import Said
from candour.focus.models import Audit
from candour.learning.models import Publication, Recommendation
from candour.people.models import Agency


def recommended(audit: Audit, agency: Agency) -> Iterator[Said]:
    """What published briefings of this partnership's other audits recommended to an agency, the latest first."""
    public = Publication.objects.filter(partnership=audit.partnership_id, withdrawn_at__isnull=True)
    when = dict(public.order_by("published_at").values_list("briefing__audit", "published_at"))
    rows = Recommendation.objects.filter(agencies=agency, audit__in=list(when)).exclude(audit=audit).exclude(text="")
    for row in rows.select_related("audit", "theme").order_by("-made_at", "position", "pk")[:40]:
        yield Said(when[row.audit_id].year, row.audit.title, row.theme.domain if row.theme else "", row.text)
