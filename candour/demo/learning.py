"""What was learnt and what came of it: themes, recommendations, a published briefing, actions, a sense check."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from candour.appraisal.models import Point
from candour.demo.scene import SCRUTINEER, SECOND, Round
from candour.impact import actions as impact
from candour.kernel.clock import add_working_days, now, today
from candour.learning import actions as learning
from candour.learning import queries
from candour.learning.models import Briefing, Recommendation, Theme


def gather(of: Round, themes: tuple[dict[str, Any], ...]) -> list[Theme]:
    """Group what services noted into themes."""
    points = list(Point.objects.filter(ret__audit=of.audit, private=False).order_by("case__number", "pk"))
    made = []
    for told in themes:
        acting: dict[str, Any] = {"by": of.scene.lead, "at": of.at(52, 10)}
        head = {name: told[name] for name in ("title", "bearing", "domain", "note")}
        theme = learning.add_theme(audit=of.audit, **head, **acting)
        keys = [f"point:{p.pk}" for p in points if any(word in p.text for word in told["words"])][:6]
        if keys:
            learning.pick(theme=theme, keys=keys, **acting)
        made.append(theme)
    return made


def recommend(of: Round, wanted: tuple[dict[str, Any], ...], themes: list[Theme]) -> list[Recommendation]:
    """Write what should change, for whom and by when."""
    return [
        learning.save_recommendation(
            audit=of.audit,
            text=told["text"],
            agencies=[of.scene.agency(key) for key in told["for"]],
            theme=themes[told["theme"]],
            due_on=of.at(67).date() + timedelta(weeks=told["weeks"]),
            by=of.scene.lead,
            at=of.at(54, 15),
        )
        for told in wanted
    ]


def publish(of: Round, body: dict[str, Any]) -> None:
    """Write the briefing, have it checked and cleared by the second person, and publish it."""
    lead, second = of.scene.lead, of.scene.people[SECOND]
    briefing = learning.start_briefing(audit=of.audit, by=lead, at=of.at(55))
    whole = {**(briefing.body or {}), **body}
    briefing = learning.save_briefing(briefing=briefing, body=whole, version=1, by=lead, at=of.at(58))
    briefing = learning.check_disclosure(briefing=briefing, by=lead, at=of.at(58, 11))
    # The check finds nothing in these briefings; if it did, nobody could be asked to clear them.
    briefing = learning.ask_clearance(briefing=Briefing.objects.get(pk=briefing.pk), by=lead, at=of.at(59))
    briefing = learning.clear_briefing(briefing=briefing, by=second, at=of.at(62, 9))
    learning.publish_briefing(briefing=briefing, by=lead, at=of.at(67, 12))


def act_on(of: Round, told: tuple[tuple[int, str, str, str, str, str, str], ...]) -> None:
    """Ask agencies to act, each through its contact, and let them report."""
    cleared = list(queries.recommendations(of.audit))
    for place, (number, key, step, state, note, evidence, difference) in enumerate(told):
        owner = of.scene.contact(key)
        action = impact.set_action(
            recommendation=cleared[number],
            agency=of.scene.agency(key),
            due_on=cleared[number].due_on,
            owner=owner,
            step=step,
            by=of.scene.lead,
            at=of.at(70, 10, place),
        )
        if state != "open":
            done = state == "done"
            said = {"note": note, "evidence": evidence, "difference": difference}
            impact.report(action=action, done=done, by=owner, at=of.at(95 + place * 3), **said)


def sense_check(of: Round, told: dict[str, Any]) -> None:
    """Begin to look whether the learning is in practice; one recommendation is still to be judged."""
    scrutineer = of.scene.people[SCRUTINEER]
    due_on = add_working_days(today(), 8)
    check = impact.plan_check(
        follows=of.audit, way="newer-cases", due_on=due_on, by=of.scene.lead, at=now() - timedelta(days=20)
    )
    at = now() - timedelta(days=6)
    check = impact.begin_check(
        check=check,
        cases_looked_at=5,
        looked_from=today(at) - timedelta(days=120),
        looked_to=today(at),
        how=told["how"],
        by=scrutineer,
        at=at,
    )
    for recommendation, (verdict, evidence, seen_in) in zip(
        queries.recommendations(of.audit), told["judgements"], strict=False
    ):
        impact.judge(
            check=check,
            recommendation=recommendation,
            verdict=verdict,
            evidence=evidence,
            seen_in=seen_in,
            by=scrutineer,
            at=at + timedelta(hours=1),
        )
