"""Themes and briefings to test with, walked to a stage by the real actions."""

from __future__ import annotations

from typing import Any

from candour.discussion.tests.factories import point, released
from candour.focus.models import Audit
from candour.identity import actions as identity
from candour.identity.models import Relation
from candour.learning import actions
from candour.learning.models import Briefing, Publication, Theme
from candour.people.tests.factories import AT, World

BODY = {
    "title": "Physical abuse: what we learnt from looking together",
    "lead": "Six services read their records side by side.",
    "why": "A national review asked every area to look.",
    "method": "Each service read its own record.",
    "works": "Children are seen on the day.",
    "needs_work": "- History is read one event at a time.",
    "voice": "“She told me what would happen next.” – a parent",
    "messages": {"recognition": "Draw the mark on a body map."},
    "questions": "When did we last read a whole chronology?",
    "contacts": "Front door: 01632 960123",
}


def looked_at(w: World, cases: int = 1, points: int = 1, code: str = "2026-03") -> Audit:
    """An audit whose returns are in, each with a point; the first case's child is Tyrell Okonkwo."""
    audit = released(w, cases, 2, code)
    rows = list(audit.returns.select_related("case", "service").order_by("case__number", "service__name"))
    for ret in rows[:points]:
        point(ret, "recognition", f"{ret.service} saw Tyrell on the day, {ret.case}.")
    case = audit.cases.order_by("number").first()
    subject = identity.add_subject(partnership=w.partnership, label="Case 1", by=w.coordinator, at=AT)
    values = {"given_names": "Tyrell", "family_name": "Okonkwo", "born_on": "2015-03-12", "address": "14 Larch Close"}
    identity.add_person(subject=subject, relation=Relation.CHILD, values=values, by=w.coordinator, at=AT)
    case.subject = subject
    case.save(update_fields=["subject"])
    return audit


def theme(w: World, audit: Audit, title: str = "Children are seen quickly", **more: Any) -> Theme:
    """A theme about what works."""
    wanted = {"bearing": Theme.Bearing.WORKS, "domain": "recognition", **more}
    return actions.add_theme(audit=audit, title=title, by=w.coordinator, at=AT, **wanted)


def recommended(w: World, audit: Audit, text: str = "Invite health to every strategy meeting", **more: Any) -> Any:
    """A recommendation for the police and the hospital."""
    agencies = more.pop("agencies", [w.police.agency, w.acute.agency])
    wanted = {"theme": None, "due_on": None, **more}
    return actions.save_recommendation(audit=audit, text=text, agencies=agencies, by=w.coordinator, at=AT, **wanted)


def drafted(w: World, audit: Audit, **body: Any) -> Briefing:
    """A briefing with every part written, by the coordinator."""
    briefing = actions.start_briefing(audit=audit, by=w.coordinator, at=AT)
    return actions.save_briefing(briefing=briefing, body=BODY | body, version=briefing.version, by=w.coordinator, at=AT)


def handed_over(w: World, audit: Audit, **body: Any) -> Briefing:
    """A checked briefing with the second person."""
    briefing = actions.check_disclosure(briefing=drafted(w, audit, **body), by=w.coordinator, at=AT)
    return actions.ask_clearance(briefing=briefing, by=w.coordinator, at=AT)


def cleared(w: World, audit: Audit, **body: Any) -> Briefing:
    """A briefing that the second person has cleared."""
    return actions.clear_briefing(briefing=handed_over(w, audit, **body), by=w.second, at=AT)


def published(w: World, audit: Audit, **body: Any) -> Publication:
    """A briefing in the public library."""
    return actions.publish_briefing(briefing=cleared(w, audit, **body), by=w.coordinator, at=AT)
