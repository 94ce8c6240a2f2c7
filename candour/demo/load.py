"""Makes the demonstration, once: a partnership with audits at every stage, acted step by step by its people."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from candour.concerns import actions as acting_on_concerns
from candour.concerns.queries import CONTACTS
from candour.demo import asking, hearing, learning, meeting, writing
from candour.demo.content import audits, domestic, heard
from candour.demo.content import learning as learnt
from candour.demo.personas import PARTNERSHIP
from candour.demo.scene import ABOVE, ALONE, AUDITORS, FOUNDED, MANAGER, SHARER, Round, Scene, decide, make_scene, plan
from candour.focus import actions as focus
from candour.kernel.clock import now, today
from candour.kernel.errors import Refused
from candour.members import actions as members
from candour.people.models import Partnership

HOLIDAYS = (((2, 15), (2, 19)), ((4, 1), (4, 14)), ((5, 27), (5, 31)), ((7, 24), (8, 31)), ((10, 25), (10, 29)),
            ((12, 20), (12, 31)))  # fmt: skip


def load() -> bool:
    """Make the demonstration partnership where there is none yet; says whether it did."""
    if settings.PRODUCTION:
        raise Refused("The demonstration is not for a production installation.")
    if Partnership.objects.filter(slug=PARTNERSHIP["slug"]).exists():
        return False
    with transaction.atomic():
        scene = make_scene()
        keep_rule(scene)
        older(scene)
        published(scene)
        in_discussion(scene)
        half_done(scene)
        drawn(scene)
        fixed(scene)
        keep_holidays(scene)
        being_planned(scene)
    return True


def _asked(scene: Scene, text: dict, seed: int, first: int) -> Round:
    of = plan(scene, text)
    decide(of)
    asking.draw(of, seed)
    asking.identify(of, first)
    asking.screen(of)
    asking.ask(of)
    return of


def _over(scene: Scene, text: dict, seed: int, first: int) -> Round:
    """An audit from its list to the close of its discussion, and until its families have heard what changed."""
    of = _asked(scene, text, seed, first)
    hearing.decide(of)
    asking.answer(of)
    hearing.hear(of)
    writing.write_all(of)
    made = meeting.arrange(of)
    for held in meeting.begin(of, made):
        meeting.settle(of, held)
    meeting.close(of, made)
    return of


def older(scene: Scene) -> None:
    """The audit of bruises, long published, whose learning is being sense-checked."""
    of = _over(scene, audits.BRUISING | {"families": heard.BRUISING}, 11, 0)
    themes = learning.gather(of, learnt.BRUISING_THEMES)
    learning.recommend(of, learnt.BRUISING_RECOMMENDATIONS, themes)
    learning.publish(of, learnt.BRUISING_BRIEFING)
    hearing.tell(of)
    learning.act_on(of, learnt.BRUISING_ACTIONS)
    learning.sense_check(of, learnt.SENSE_CHECK)
    focus.close_audit(audit=of.audit, by=scene.lead, at=of.at(140))


def published(scene: Scene) -> None:
    """The audit of neglect: its briefing is out, and its actions are under way."""
    of = _over(scene, audits.NEGLECT | {"families": heard.NEGLECT}, 12, 4)
    themes = learning.gather(of, learnt.NEGLECT_THEMES)
    learning.recommend(of, learnt.NEGLECT_RECOMMENDATIONS, themes)
    learning.publish(of, learnt.NEGLECT_BRIEFING)
    hearing.tell(of)
    learning.act_on(of, learnt.NEGLECT_ACTIONS)


def in_discussion(scene: Scene) -> None:
    """The audit of domestic abuse: all returns in; the room has agreed one case and is at the second."""
    of = _asked(scene, audits.DOMESTIC | {"cases": domestic.CASES, "families": heard.DOMESTIC}, 13, 10)
    hearing.decide(of)
    asking.answer(of)
    hearing.hear(of)
    writing.write_all(of)
    held = meeting.begin(of, meeting.arrange(of))
    meeting.talk_through(of, held[0], domestic.CASES[0], agree=True)
    meeting.talk_through(of, held[1], domestic.CASES[1], agree=False)


def half_done(scene: Scene) -> None:
    """The audit of physical abuse: answers in, returns at every stage between not begun and submitted, and some
    families still to be decided on."""
    of = _asked(scene, audits.INJURY | {"families": heard.INJURY}, 14, 16)
    hearing.decide(of)
    asking.answer(of)
    hearing.hear(of)
    for number in range(len(of.cases)):
        for place, key in enumerate(asking.known_by(of, number)):
            stage = (number + place * 2) % 5
            if stage == 3 or (number, key) == (1, "nurses"):
                writing.write(of, number, key, until=writing.HAND_OVER, day=24)
            elif stage < 3 and number < 4:
                writing.write(of, number, key, day=17 + number + place)
            elif number < 5:
                writing.write(of, number, key, until=writing.LEAVE, share=writing.BEGUN, day=26)
    writing.send_back(of, "nurses", learnt.SENT_BACK)
    writing.share(of, 4, "care")
    days_away(scene)
    concerns(of)


def days_away(scene: Scene) -> None:
    """Who is away: the hospital's auditor now, with nobody to stand in, and social care's next week, with somebody."""
    away, later, deputy = (scene.people[name] for name in (ALONE, AUDITORS["care"], SHARER))
    at, monday = now() - timedelta(days=2), today() + timedelta(days=7 - today().weekday())
    members.go_away(
        person=away, starts_on=today() - timedelta(days=1), ends_on=today() + timedelta(days=8), by=away, at=at
    )
    members.go_away(person=later, starts_on=monday, ends_on=monday + timedelta(days=4), deputy=deputy, by=later, at=at)


def concerns(of: Round) -> None:
    """Worries about a child that came up while reading: one dealt with, one that rose because nobody took it up in time,
    one raised this morning."""
    told, earlier, waited = learnt.CONCERN, learnt.EARLIER_CONCERN, learnt.RISEN_CONCERN
    manager, above = of.scene.people[MANAGER], of.scene.people[ABOVE]
    raised = writing.worry(of, of.cases[0], "surgery", earlier, of.at(22, 15))
    raised = acting_on_concerns.acknowledge(concern=raised, by=manager, at=of.at(22, 16))
    acting_on_concerns.close(concern=raised, note=earlier["closing"], by=manager, at=of.at(24, 11))
    raised = writing.worry(of, of.cases[2], "school", waited, of.at(24, 15))
    raised = acting_on_concerns.rise(concern=raised, by=None, at=raised.rises_at or raised.raised_at)
    acting_on_concerns.acknowledge(concern=raised, by=above, at=of.at(25, 9))
    writing.worry(of, of.cases[1], "hospital", told, of.at(30, 9))


def keep_rule(scene: Scene) -> None:
    """Keep who takes up a concern, and to whom it rises where nobody does within four hours."""
    contacts = {name: PARTNERSHIP[name] for name in CONTACTS}
    rule = {"manager": scene.people[MANAGER], "rises_to": scene.people[ABOVE], "hours": 4, "office_hours": False}
    at = now() - FOUNDED + timedelta(days=2)
    acting_on_concerns.keep_rule(partnership=scene.partnership, contacts=contacts, rule=rule, by=scene.lead, at=at)


def drawn(scene: Scene) -> None:
    """The audit of parents' mental health: one case replaced after screening, the services asked, some answers in."""
    of = plan(scene, audits.PARENTS)
    decide(of)
    asking.draw(of, 15)
    asking.identify(of, 22)
    asking.screen(of, stopped=3)
    asking.replace(of, 3, 27)
    asking.ask(of)
    asking.answer(of, ("care", "police", "school"))


def fixed(scene: Scene) -> None:
    """The audit of the first year: its list is fixed and waits for the second person."""
    of = plan(scene, audits.BABIES)
    decide(of)
    asking.fix(of, 16)


def being_planned(scene: Scene) -> None:
    """The next audit: planned, waiting for the subgroup's decision."""
    plan(scene, audits.SILENCE)


def keep_holidays(scene: Scene) -> None:
    """Keep the school holidays of this year and the next, so that the next timetable leaves them out."""
    years = (today().year, today().year + 1)
    spells = [(date(year, *first), date(year, *last)) for year in years for first, last in HOLIDAYS]
    at = now() - timedelta(days=4)
    scene.partnership = focus.set_school_holidays(partnership=scene.partnership, holidays=spells, by=scene.lead, at=at)
