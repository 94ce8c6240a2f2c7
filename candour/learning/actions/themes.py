"""Grouping what was seen and saying what should change."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from candour.access.policy import Can, demand
from candour.appraisal import queries as appraisal
from candour.discussion.models import Conclusion
from candour.focus.models import Audit
from candour.kernel.errors import Refused
from candour.learning import queries
from candour.learning.flow import State
from candour.learning.models import Briefing, Finding, Recommendation, Theme
from candour.people.models import Agency, User
from candour.trail.act import act, record

LOCKED = "The briefing is no longer a draft. Take it back to edit before you change what it says."


# Themes and findings


@act
def add_theme(*, audit: Audit, title: str, bearing: str, domain: str, note: str = "", by: User, at: datetime) -> Theme:
    """Begin a theme: something that recurs, well done or to be done better."""
    demand(by, Can.WRITE_LEARNING, audit)
    last = Theme.objects.filter(audit=audit).aggregate(last=Max("position"))["last"] or 0
    theme = Theme.objects.create(
        partnership_id=audit.partnership_id,
        audit=audit,
        position=last + 1,
        title=title,
        bearing=bearing,
        domain=domain,
        note=note,
        made_at=at,
    )
    record("began a theme", on=theme, by=by, at=at, key=audit.pk)
    return theme


@act
def edit_theme(*, theme: Theme, title: str, bearing: str, domain: str, note: str, by: User, at: datetime) -> Theme:
    """Say a theme better, or move it to another domain."""
    demand(by, Can.WRITE_LEARNING, theme)
    theme.title, theme.bearing, theme.domain, theme.note = title, bearing, domain, note
    theme.save()
    return theme


@act
def move_theme(*, theme: Theme, up: bool, by: User, at: datetime) -> None:
    """Put a theme before or after its neighbour."""
    demand(by, Can.WRITE_LEARNING, theme)
    rows = list(Theme.objects.select_for_update().filter(audit=theme.audit_id).order_by("position", "pk"))
    here = next(place for place, row in enumerate(rows) if row.pk == theme.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows, start=1):
        if row.position != place:
            row.position = place
            row.save(update_fields=["position"])


@act
def drop_theme(*, theme: Theme, by: User, at: datetime) -> None:
    """Take away a theme that holds nothing any more."""
    demand(by, Can.WRITE_LEARNING, theme)
    if theme.findings.exists() or theme.recommendations.exists():
        raise Refused("This theme still holds findings or recommendations. Move or remove those first.")
    record("dropped a theme", on=theme, by=by, at=at, key=theme.audit_id)
    theme.delete()


@act
def pick(*, theme: Theme, keys: Iterable[str], by: User, at: datetime) -> int:
    """Put passages of returns and of the discussion into a theme; what is in it already stays once."""
    demand(by, Can.WRITE_LEARNING, theme)
    split = [key.partition(":") for key in keys]
    wanted = [pk for kind, _, pk in split if kind == "point"]
    points = appraisal.points(theme.audit).filter(pk__in=wanted, private=False)
    conclusions = Conclusion.objects.filter(
        pk__in=[pk for kind, _, pk in split if kind == "conclusion"], case__audit=theme.audit_id
    )
    there = set(theme.findings.values_list("point", "conclusion"))
    sources: list[dict[str, Any]] = [{"point": p, "case_id": p.case_id} for p in points if (p.pk, None) not in there]
    sources += [{"conclusion": c, "case_id": c.case_id} for c in conclusions if (None, c.pk) not in there]
    if not sources:
        raise Refused("Tick at least one passage that is not in this theme yet.")
    for source in sources:
        finding = Finding.objects.create(
            partnership_id=theme.partnership_id,
            audit_id=theme.audit_id,
            theme=theme,
            picked_by=by,
            picked_at=at,
            **source,
        )
        record("picked a finding", on=finding, by=by, at=at, key=theme.audit_id)
    return len(sources)


@act
def pick_anew(*, audit: Audit, title: str, keys: Iterable[str], by: User, at: datetime) -> int:
    """Begin a theme with passages: what it is about, and its domain, are as the first of them has it."""
    wanted = list(keys)
    bearing, domain = queries.first_words(audit, wanted)
    theme = add_theme(audit=audit, title=title, bearing=bearing, domain=domain, by=by, at=at)
    return pick(theme=theme, keys=wanted, by=by, at=at)


@act
def note_finding(*, theme: Theme, wording: str, by: User, at: datetime) -> Finding:
    """Add to a theme something that was seen but stands in no return, such as what families said."""
    demand(by, Can.WRITE_LEARNING, theme)
    finding = Finding.objects.create(
        partnership_id=theme.partnership_id,
        audit_id=theme.audit_id,
        theme=theme,
        wording=wording,
        picked_by=by,
        picked_at=at,
    )
    record("noted a finding", on=finding, by=by, at=at, key=theme.audit_id)
    return finding


@act
def edit_finding(*, finding: Finding, theme: Theme, wording: str, by: User, at: datetime) -> Finding:
    """Word a finding anew, without the child in it, or move it to another theme."""
    demand(by, Can.WRITE_LEARNING, finding)
    if theme.audit_id != finding.audit_id:
        raise Refused("This theme belongs to another audit.")
    if not wording and not finding.source:
        raise Refused("Write what was seen.")
    twice = Finding.objects.filter(theme=theme).exclude(pk=finding.pk)
    if finding.source and twice.filter(point=finding.point_id, conclusion=finding.conclusion_id).exists():
        raise Refused("That theme holds this passage already.")
    finding.theme, finding.wording = theme, wording
    finding.save()
    return finding


@act
def drop_finding(*, finding: Finding, by: User, at: datetime) -> None:
    """Take a finding out of its theme; what it came from stays where it is."""
    demand(by, Can.WRITE_LEARNING, finding)
    record("dropped a finding", on=finding, by=by, at=at, key=finding.audit_id)
    finding.delete()


# Recommendations


def _open_to_change(audit_id: str) -> None:
    briefing = Briefing.objects.filter(audit=audit_id).first()
    if briefing and briefing.state != State.DRAFT:
        raise Refused(LOCKED)


@act
def save_recommendation(
    *,
    audit: Audit,
    recommendation: Recommendation | None = None,
    text: str,
    agencies: Sequence[Agency],
    theme: Theme | None,
    due_on: date | None,
    echoes: Recommendation | None = None,
    by: User,
    at: datetime,
) -> Recommendation:
    """Write what should change, whom it concerns and by when; an earlier one that said it before may be named."""
    demand(by, Can.WRITE_LEARNING, audit)
    _open_to_change(audit.pk)
    if recommendation is None:
        last = Recommendation.objects.filter(audit=audit).aggregate(last=Max("position"))["last"] or 0
        recommendation = Recommendation(partnership_id=audit.partnership_id, audit=audit, position=last + 1, made_at=at)
    recommendation.draft, recommendation.theme = text, theme
    recommendation.due_on, recommendation.echoes = due_on, echoes
    recommendation.save()
    recommendation.agencies.set(agencies)
    _text_changed(audit.pk)
    record("wrote a recommendation", on=recommendation, by=by, at=at, key=audit.pk)
    return recommendation


@act
def drop_recommendation(*, recommendation: Recommendation, by: User, at: datetime) -> None:
    """Take back a recommendation that nobody has acted on."""
    demand(by, Can.WRITE_LEARNING, recommendation)
    _open_to_change(recommendation.audit_id)
    if recommendation.text:
        raise Refused("This recommendation has been cleared and given out. Reword it instead.")
    record("dropped a recommendation", on=recommendation, by=by, at=at, key=recommendation.audit_id)
    recommendation.agencies.clear()
    recommendation.delete()
    _text_changed(recommendation.audit_id)


def _text_changed(audit_id: str) -> None:
    for briefing in Briefing.objects.select_for_update().filter(audit=audit_id):
        briefing.version += 1
        briefing.save(update_fields=["version"])
