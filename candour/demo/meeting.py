"""The discussion: who comes, what the room concludes, what it asks for."""

from __future__ import annotations

from datetime import time
from typing import Any

from candour.appraisal import actions as appraisal
from candour.demo.content import learning as said
from candour.demo.content.bank import GOOD, MIXED
from candour.demo.scene import LEAD, Round
from candour.discussion import actions as discussion
from candour.discussion.models import CaseDiscussion, Discussion
from candour.discussion.queries import board
from candour.focus import queries as focus
from candour.kernel.clock import add_working_days

PLACE = "Civic Centre, Mere Room"


def arrange(of: Round) -> Discussion:
    """Release the pack and arrange the day; the chair leads, the coordinator writes."""
    appraisal.release(audit=of.audit, by=of.scene.lead, at=of.at(42, 15))
    meets_on = focus.due_on(of.audit, "discussion") or of.at(47).date()
    acting: dict[str, Any] = {"by": of.scene.lead, "at": of.at(42, 16)}
    made = discussion.arrange(
        audit=of.audit,
        meets_on=meets_on,
        starts_at=time(9, 30),
        place=PLACE,
        chair=of.scene.chair,
        scribe=of.scene.people[LEAD],
        minutes_per_case=35,
        **acting,
    )
    rows = [
        (of.scene.services[key], "apologies" if key == "surgery" else "coming", str(of.scene.auditor(key)))
        for key in of.keys
    ]
    discussion.set_attendance(discussion=made, rows=rows, by=of.scene.lead, at=of.at(44, 12))
    return made


def begin(of: Round, made: Discussion) -> list[CaseDiscussion]:
    """Open the discussion and tell the stories that the content has."""
    discussion.open_discussion(discussion=made, by=of.scene.chair, at=of.at(47, 9))
    rows = CaseDiscussion.objects.filter(discussion=made).select_related("case__audit", "discussion__audit")
    held = list(rows.order_by("case__number"))
    for place, (one, told) in enumerate(zip(held, of.text.get("cases", ()), strict=False)):
        words = {name: told[name] for name in ("story", "household", "key_dates", "voice")}
        acting: dict[str, Any] = {"by": of.scene.lead, "at": of.at(47, 9, 31 + place)}
        held[place] = discussion.save_story(held=one, version=0, **words, **acting)
    return held


def talk_through(of: Round, held: CaseDiscussion, told: dict[str, Any], *, agree: bool) -> None:
    """Conclude what the content has the room say, catch its actions and, where wanted, agree the case."""
    acting: dict[str, Any] = {"by": of.scene.chair, "at": of.at(47, 10)}
    for domain, (grade, reason, dissent) in told["room"].items():
        discussion.conclude(held=held, domain=domain, grade=grade, reason=reason, dissent=dissent, version=0, **acting)
    due_on = add_working_days(of.at(47).date(), 20)
    for text, key in told["caught"]:
        discussion.catch_action(held=held, text=text, agency=of.scene.agency(key), due_on=due_on, **acting)
    if agree:
        discussion.agree_case(held=held, **acting)


def settle(of: Round, held: CaseDiscussion) -> None:
    """Bring a case of an audit that is over to its end: the agreed rest together, the others one by one."""
    acting: dict[str, Any] = {"by": of.scene.chair, "at": of.at(47, 11)}
    seen = board(held.case, of.scene.chair)
    if seen is None:
        raise LookupError("The discussion of this case has not been opened.")
    if seen.to_accept:
        tested = next((line.domain for line in seen.good_to_test), "")
        note = "Read together from the record: the visit was made on the day, and what was seen is described."
        discussion.accept_agreed(held=held, tested=tested, tested_note=note if tested else "", **acting)
    for line in seen.apart:
        grades = sorted((grade for grade in line.grades if grade in said.ROOM), key=list(said.ROOM).index)
        grade = grades[len(grades) // 2] if grades else (GOOD if of.scene.chance.random() < 0.5 else MIXED)
        reason = of.scene.chance.choice(said.ROOM[grade])
        discussion.conclude(held=held, domain=line.domain, grade=grade, reason=reason, version=0, **acting)
    discussion.agree_case(held=held, **acting)


def close(of: Round, made: Discussion) -> None:
    """Close the discussion."""
    discussion.close_discussion(discussion=made, by=of.scene.chair, at=of.at(47, 16))
