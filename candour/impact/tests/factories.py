"""Actions and sense checks to test with, walked to a stage by the real actions."""

from __future__ import annotations

from datetime import date
from typing import Any

from candour.focus.models import Audit
from candour.impact import actions
from candour.impact.models import Action, Judgement, SenseCheck
from candour.learning.tests.factories import cleared, looked_at, recommended
from candour.people.tests.factories import AT, World

EVIDENCE = {
    "evidence": "The list of invitations of each meeting.",
    "difference": "Bruises were seen by a doctor sooner.",
}


def recommended_audit(w: World, count: int = 1, code: str = "2026-03") -> Audit:
    """An audit whose briefing is cleared with so many recommendations, each for the police and the hospital."""
    audit = looked_at(w, code=code)
    for number in range(1, count + 1):
        recommended(w, audit, f"Invite health to meetings of kind {number}")
    cleared(w, audit)
    return audit


def asked(w: World, count: int = 1, code: str = "2026-03") -> Audit:
    """An audit with an action for each of the two agencies of each recommendation."""
    audit = recommended_audit(w, count, code)
    actions.open_actions(audit=audit, by=w.coordinator, at=AT)
    return audit


def owned(w: World, audit: Audit, **more: Any) -> Action:
    """The police's action, owned by their contact."""
    row = Action.objects.get(recommendation__audit=audit, agency=w.police.agency)
    wanted = {"owner": w.contact_police, "due_on": date(2027, 3, 31), "step": "", "version": row.version, **more}
    return actions.edit_action(action=row, by=w.coordinator, at=AT, **wanted)


def planned(w: World, audit: Audit, way: str = SenseCheck.Way.NEWER_CASES) -> SenseCheck:
    """A sense check that has been planned."""
    return actions.plan_check(follows=audit, way=way, due_on=date(2027, 9, 30), by=w.coordinator, at=AT)


def begun(w: World, audit: Audit) -> SenseCheck:
    """A sense check that looks at four newer cases."""
    looked = {
        "cases_looked_at": 4,
        "looked_from": date(2027, 4, 1),
        "looked_to": date(2027, 7, 31),
        "how": "Read together",
    }
    return actions.begin_check(check=planned(w, audit), by=w.scrutineer, at=AT, **looked)


def judged(w: World, check: SenseCheck, verdict: str = "embedded", then: str = "leave") -> list[Judgement]:
    """Every recommendation of a sense check judged alike."""
    given = {"verdict": verdict, "evidence": "Seen in the minutes.", "seen_in": 3, "then": then}
    return [
        actions.judge(check=check, recommendation=row, by=w.scrutineer, at=AT, **given)
        for row in check.follows.recommendations.order_by("position")
    ]
