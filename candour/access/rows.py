"""Which rows exist for whom: a table of models, and no row of a model that is not written in it.

A scope looks at a person's ties (`Viewer`) alone. Write it with `__in`: an empty set matches nothing, whereas a
missing value would match every row without one.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from candour.access.viewer import Viewer
from candour.people.roles import Role

Scope = Callable[[Viewer], Q]
STAFF = (Role.COORDINATOR, Role.SECOND, Role.CHAIR, Role.SCRUTINEER, Role.EXECUTIVE)


def worded(words: str, scope: Scope) -> Scope:
    """A scope with the sentence that docs/reference/access.md says of it."""
    scope.__doc__ = words
    return scope


def tied(*roles: str) -> Scope:
    """Rows of partnerships in which the person holds one of these roles."""
    return worded(
        f"All of the partnership's, for its {' and '.join(str(role) for role in roles)}.",
        lambda viewer: Q(partnership__in=viewer.partnerships_as(*roles)),
    )


def tied_or_own(*roles: str) -> Scope:
    """As `tied`, and the rows of the person's own services."""
    return worded(
        f"One's own service's; all of the partnership's, for its {' and '.join(str(role) for role in roles)}.",
        lambda viewer: tied(*roles)(viewer) | own_rows(viewer),
    )


WORKING = (Role.CONTACT, Role.AUDITOR, Role.AUTHORISER)


def own_rows(viewer: Viewer, *roles: str, service: str = "service") -> Q:
    """Rows of the services that the person acts for, each only in the partnerships to which its agency belongs.

    Not "any of my services in any of my partnerships": an agency that left one may share a person with one that stayed.
    """
    rows = Q(pk__in=())
    for partnership, services in sorted(viewer.served(*(roles or WORKING)).items()):
        rows |= Q(**{"partnership": partnership, f"{service}__in": sorted(services)})
    return rows


def cases(viewer: Viewer) -> Q:
    """Cases: all for those who run the audit; for a service, those about which it was asked; for a one-off contributor
    the one that they were called in about."""
    asked = own_rows(viewer, service="asked_cases__ask__service") & Q(asked_cases__ask__state="open")
    screening = own_rows(viewer, service="screenings__service")
    staff = (Role.COORDINATOR, Role.SECOND, Role.CHAIR, Role.SCRUTINEER)
    ids = Q(pk__in=_ids("sampling.Case", asked | screening)) | Q(pk__in=visits(viewer, "case"))
    return Q(partnership__in=viewer.partnerships_as(*staff)) | ids & ~Q(connections__user=viewer.user_id)


def visits(viewer: Viewer, of: str) -> Any:
    """What a one-off contributor was called in about, while that lasts: by id, of the answer, the case or the audit."""
    live = own_rows(viewer, Role.ONCE) & Q(user=viewer.user_id, ended_at__isnull=True)
    return _ids("involvement.Visit", live, of=of)


def shared(viewer: Viewer) -> Any:
    """The answers whose return one writes together with its auditor, as long as one is an auditor of the service."""
    own = own_rows(viewer, Role.AUDITOR, service="involvement__service") & Q(user=viewer.user_id)
    return _ids("involvement.Sharer", own, of="involvement")


def _ids(label: str, condition: Q, of: str = "pk") -> Any:
    from django.apps import apps  # noqa: PLC0415 - models are known by label only, once loaded

    return apps.get_model(label)._default_manager.filter(condition).values(of)


def involvements(viewer: Viewer) -> Q:
    """A service's answers: its own people's, save about a family that one is connected to; all for the coordinator; for
    a one-off contributor the one that they were called in about."""
    own = (own_rows(viewer) | Q(pk__in=visits(viewer, "involvement"))) & ~Q(case__connections__user=viewer.user_id)
    return own | Q(partnership__in=viewer.coordinates)


def openings(viewer: Viewer) -> Q:
    """Case grants: one's service's and one's own; all for the coordinator; none about a family that one is connected
    to, whatever else one is."""
    once = own_rows(viewer, Role.ONCE) & Q(subject__case__in=visits(viewer, "case"))
    own = own_rows(viewer) | once | Q(user=viewer.user_id)
    return (own | Q(partnership__in=viewer.coordinates)) & ~Q(subject__case__connections__user=viewer.user_id)


def own_returns(viewer: Viewer) -> Q:
    """Returns that one writes or shares in writing, checks or answers for, save about a family that one is connected
    to."""
    named_here = Q(involvement__auditor=viewer.user_id) | Q(involvement__authoriser=viewer.user_id)
    answered_for = own_rows(viewer, Role.CONTACT)
    once = Q(involvement__in=visits(viewer, "involvement"), involvement__auditor=viewer.user_id)
    own = own_rows(viewer) & named_here | answered_for | once | Q(involvement__in=shared(viewer))
    return own & ~Q(case__connections__user=viewer.user_id)


def returns(viewer: Viewer) -> Q:
    """Returns: one's own; submitted ones for the coordinator; once released, all for chair and scrutineer and, until
    the discussion closes, for a service those of the cases that it returned on. None about a family that one is
    connected to, whatever else one is."""
    own = own_returns(viewer)
    released = Q(state="submitted", audit__release__isnull=False)
    returned_on = _ids("appraisal.Return", own & Q(state="submitted"), of="case")
    pack = released & Q(audit__release__closed_at__isnull=True, case__in=returned_on)
    leading = Q(partnership__in=viewer.partnerships_as(Role.CHAIR, Role.SCRUTINEER)) & released
    handed_in = Q(partnership__in=viewer.coordinates, state__in=("submitted", "void"))
    return (own | pack | leading | handed_in) & ~Q(case__connections__user=viewer.user_id)


def answers(viewer: Viewer) -> Q:
    """Answers of returns that one may read; a passage marked private stays with its service, coordinator and chair."""
    shared = Q(private=False) | own_rows(viewer, *WORKING, Role.ONCE)
    trusted = Q(partnership__in=viewer.partnerships_as(Role.COORDINATOR, Role.CHAIR))
    return Q(ret__in=_ids("appraisal.Return", returns(viewer))) & (shared | trusted)


def concerns(viewer: Viewer) -> Q:
    """Concerns: one's own; a child unsafe also for the managers who take them up, save about a family that one is
    connected to; without text also for the coordinator."""
    managed = Q(kind="unsafe", partnership__in=viewer.partnerships_as(Role.CONCERNS))
    mine = (Q(owner=viewer.user_id) | Q(raised_by=viewer.user_id)) & Q(partnership__in=viewer.partnerships)
    flagged = Q(kind="unsafe", partnership__in=viewer.coordinates)
    return (managed | mine) & ~Q(case__connections__user=viewer.user_id) | flagged


def views(viewer: Viewer) -> Q:
    """Views that people gave: those that one's own service gathered; all for those who lead the discussion; none about
    a family that one is connected to, whatever else one is."""
    own = own_rows(viewer, Role.CONTACT, Role.AUDITOR)
    leading = Q(partnership__in=viewer.partnerships_as(Role.COORDINATOR, Role.CHAIR, Role.SCRUTINEER))
    return (own | leading) & ~Q(case__connections__user=viewer.user_id)


def links(viewer: Viewer) -> Q:
    """Links to a short questionnaire that were handed to somebody: as the views that come by them."""
    return views(viewer)


def actions(viewer: Viewer) -> Q:
    """Actions: all for those who run or read the audit; one's own agency's otherwise."""
    own = Q(pk__in=())
    agencies = viewer.agencies_as(*(role for role in Role if role != Role.ONCE))
    for agency, partnership in sorted(pair for pair in viewer.members if pair[0] in agencies):
        own |= Q(agency=agency, partnership=partnership)
    return tied(*STAFF)(viewer) | own


def audits(viewer: Viewer) -> Q:
    """Audits: all for those who run them; for a service, those under way that expect it or have asked it."""
    wanted = own_rows(viewer, service="expectedservice__service") | own_rows(viewer, service="asks__service")
    once = Q(pk__in=visits(viewer, "audit"))
    return tied(*STAFF)(viewer) | Q(pk__in=_ids("focus.Audit", wanted & ~Q(state="planned"))) | once


def partnerships(viewer: Viewer) -> Q:
    """Partnerships to which any role ties the person."""
    return Q(pk__in=viewer.partnerships)


def _members(viewer: Viewer) -> Any:
    """The agencies that today belong to the partnerships that the person coordinates."""
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=viewer.day)
    here = Q(partnership__in=viewer.coordinates, starts_on__lte=viewer.day)
    return _ids("people.Membership", here & still, of="agency")


def agencies(viewer: Viewer) -> Q:
    """Agencies that belong today to the partnerships that the person coordinates, and those whose contact they are."""
    return Q(pk__in=_members(viewer)) | Q(pk__in=viewer.agencies_as(Role.CONTACT))


def grants(viewer: Viewer) -> Q:
    """Roles in the partnerships that the person coordinates, in the agencies that belong to them today, and in those
    whose contact they are."""
    members = _members(viewer)
    own = Q(agency__in=viewer.agencies_as(Role.CONTACT))
    return Q(partnership__in=viewer.coordinates) | Q(agency__in=members) | own


def absences(viewer: Viewer) -> Q:
    """Absences: one's own, and those of the people who have not left the agencies that belong today to the partnerships
    that the person coordinates, or whose contact they are."""
    near = Q(agency__in=_members(viewer)) | Q(agency__in=viewer.agencies_as(Role.CONTACT))
    there = Q(withdrawn_at__isnull=True) & (Q(ends_on__isnull=True) | Q(ends_on__gte=viewer.day))
    return Q(user=viewer.user_id) | Q(user__in=_ids("people.Grant", near & there, of="user"))


def invitations(viewer: Viewer) -> Q:
    """Invitations of the partnerships that the person coordinates, and to the agencies whose contact they are."""
    own = Q(agency__in=viewer.agencies_as(Role.CONTACT), partnership__in=viewer.partnerships)
    return Q(partnership__in=viewer.coordinates) | own


def entries(viewer: Viewer) -> Q:
    """The trail of the partnership, for its coordinator and scrutineer; what was done with a concern stands with it."""
    here = Q(chain__partnership__in=viewer.partnerships_as(Role.COORDINATOR, Role.SCRUTINEER))
    return here & ~Q(object_label="concerns.Concern")


def throws(viewer: Viewer) -> Q:
    """Dice for a fixed list: one's own as a named witness; all of them for whoever sees the fixed list."""
    staff = (Role.COORDINATOR, Role.SECOND, Role.SCRUTINEER)
    own = Q(witness=viewer.user_id, partnership__in=viewer.partnerships_as(*STAFF))
    return tied(*staff)(viewer) | own


def tool_versions(viewer: Viewer) -> Q:
    """Tools that Candour brings, and the partnership's own; what is still being written, for its coordinator."""
    published = Q(published_at__isnull=False)
    own = Q(tool__partnership__in=viewer.partnerships) & published | Q(tool__partnership__in=viewer.coordinates)
    return Q(tool__partnership__isnull=True) & published | own


SCOPES: dict[str, Scope] = {
    "people.Partnership": partnerships,
    "people.Agency": agencies,
    "people.Grant": grants,
    "people.Absence": absences,
    "members.Invitation": invitations,
    "trail.Entry": entries,
    "notices.Message": tied(Role.COORDINATOR),
    "tools.ToolVersion": tool_versions,
    "focus.Audit": audits,
    "sampling.CaseList": tied(Role.COORDINATOR, Role.SECOND, Role.SCRUTINEER),
    "sampling.Commitment": tied(Role.COORDINATOR, Role.SECOND, Role.SCRUTINEER),
    "sampling.Throw": throws,
    "sampling.Draw": tied(*STAFF),
    "sampling.Case": cases,
    "sampling.IdentitySheet": tied(Role.COORDINATOR),
    "identity.Subject": tied(Role.COORDINATOR, Role.SCRUTINEER),
    "identity.Person": tied(Role.COORDINATOR),
    "identity.Opening": openings,
    "involvement.Ask": tied_or_own(Role.COORDINATOR),
    "involvement.Screening": tied_or_own(Role.COORDINATOR),
    "involvement.Involvement": involvements,
    "involvement.Visit": tied(Role.COORDINATOR),
    "appraisal.Return": returns,
    "appraisal.Answer": answers,
    "appraisal.Point": answers,
    "appraisal.Release": lambda viewer: Q(partnership__in=viewer.partnerships),
    "discussion.Discussion": tied(Role.COORDINATOR, Role.CHAIR, Role.SCRUTINEER),
    "discussion.CaseDiscussion": tied(Role.COORDINATOR, Role.CHAIR, Role.SCRUTINEER),
    "discussion.Conclusion": tied(Role.COORDINATOR, Role.CHAIR, Role.SCRUTINEER),
    "learning.Theme": tied(Role.COORDINATOR, Role.CHAIR, Role.SCRUTINEER, Role.SECOND),
    "learning.Finding": tied(Role.COORDINATOR, Role.CHAIR, Role.SCRUTINEER, Role.SECOND),
    "learning.Recommendation": tied(*STAFF),
    "learning.Briefing": tied(Role.COORDINATOR, Role.CHAIR, Role.SCRUTINEER, Role.SECOND),
    "impact.Action": actions,
    "impact.SenseCheck": tied(*STAFF),
    "concerns.Concern": concerns,
    "families.View": views,
    "families.Link": links,
    "retention.Hold": tied(Role.COORDINATOR),
}
