"""What an earlier audit said to a service, to be read beside its return."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from candour.access.scope import visible
from candour.appraisal.flow import State
from candour.appraisal.models import Point, PointKind, Return
from candour.focus.models import Audit
from candour.people.models import Agency, User

MOST = 8


@dataclass(frozen=True)
class Said:
    """One thing that was said to a service or by it: in which year, in which audit, about which domain."""

    year: int
    audit: str
    domain: str
    text: str
    by_itself: bool = False


Recommended = Callable[[Audit, Agency], Iterable[Said]]
_recommended: list[Recommended] = []


def register_recommended(function: Recommended) -> Recommended:
    """Have a later step tell what was recommended, in public, to an agency in audits before this one."""
    if function not in _recommended:
        _recommended.append(function)
    return function


def said_before(ret: Return, user: User, domain: str = "") -> list[Said]:
    """What earlier audits recommended to this service's agency, and what the service itself said it would develop, as
    far as this person may read it; the latest first. With a domain, what was said about it, or about none."""
    told = [one for function in _recommended for one in function(ret.audit, ret.service.agency)]
    latest = sorted((one for one in told if not domain or one.domain in (domain, "")), key=_late)[:MOST]
    return sorted([*latest, *_own(ret, user, domain)], key=lambda one: (*_late(one), one.by_itself))


def _late(one: Said) -> tuple[int, str]:
    return -one.year, one.audit


def _own(ret: Return, user: User, domain: str) -> list[Said]:
    rows = (
        visible(Point, user)
        .filter(
            service=ret.service_id, partnership=ret.partnership_id, kind__in=(PointKind.DEVELOP, PointKind.RECOMMEND)
        )
        .filter(ret__state=State.SUBMITTED, ret__submitted_at__lt=ret.started_at)
        .filter(**{"domain": domain} if domain else {})
        .exclude(ret__audit=ret.audit_id)
        .select_related("ret__audit")
        .order_by("-ret__submitted_at", "section", "kind", "position")[:MOST]
    )
    return [
        Said((row.ret.submitted_at or row.ret.started_at).year, row.ret.audit.title, row.domain, row.text, True)
        for row in rows
    ]
