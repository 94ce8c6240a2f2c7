"""Cases with submitted returns, and discussions at each stage, to test with."""

from __future__ import annotations

from datetime import date
from typing import Any

from candour.appraisal.flow import State as ReturnState
from candour.appraisal.models import Answer, Point, Release, Return
from candour.discussion import actions
from candour.discussion.models import CaseDiscussion, Discussion
from candour.focus.models import Audit
from candour.focus.tests.factories import under_way
from candour.involvement.models import Involvement
from candour.kernel import vault
from candour.kernel.models import KeyKind
from candour.people.models import Service
from candour.people.tests.factories import AT, World
from candour.sampling.models import Case

GRADES = {"recognition": "good", "joint-working": "good", "impact": "requires-improvement"}


def case(audit: Audit, number: int) -> Case:
    """A case that was given, with its key."""
    made = Case.objects.create(
        partnership=audit.partnership,
        audit=audit,
        number=number,
        ref=f"{audit.pk}-{number}",
        area="Child in need",
        random=False,
        made_at=AT,
    )
    vault.make_key(made.pk, KeyKind.CASE, AT)
    return made


def submitted(w: World, of: Case, service: Service, grades: dict[str, str] | None = None, **more: Any) -> Return:
    """A service's submitted return with a grade and a reason for each section named."""
    person = w.coordinator
    scope = {"partnership": of.partnership, "audit": of.audit, "case": of, "service": service}
    involvement = Involvement.objects.create(answer="known", answered_by=person, answered_at=AT, **scope)
    done = {"submitted_at": AT, "submitted_by": person, "digest": "0" * 64, "state": ReturnState.SUBMITTED}
    ret = Return.objects.create(involvement=involvement, started_by=person, started_at=AT, **scope, **done)
    for section, grade in (grades or GRADES).items():
        answer(ret, f"{section}-grade", section, {"grade": grade, "reason": f"{service}: why {section}."}, **more)
    return ret


def answer(ret: Return, question: str, section: str, value: dict[str, str], *, private: bool = False) -> Answer:
    """One answer of a return."""
    return Answer.objects.create(
        partnership=ret.partnership,
        ret=ret,
        case=ret.case,
        service=ret.service,
        question=question,
        section=section,
        domain=section,
        value=value,
        grade=value.get("grade", ""),
        private=private,
        by=ret.started_by,
        at=AT,
    )


def point(ret: Return, section: str, text: str, *, private: bool = False) -> Point:
    """One line of good practice of a return."""
    scope = {"partnership": ret.partnership, "ret": ret, "case": ret.case, "service": ret.service}
    return Point.objects.create(
        **scope, section=section, domain=section, kind="good", position=1, text=text, private=private
    )


def released(w: World, cases: int = 1, services: int = 2, code: str = "2026-03") -> Audit:
    """An audit whose returns are in and whose pack is released; every service gives the same grades."""
    audit = under_way(w, code)
    for number in range(1, cases + 1):
        made = case(audit, number)
        for service in list(w.services.values())[:services]:
            submitted(w, made, service)
    Release.objects.create(partnership=w.partnership, audit=audit, at=AT, by=w.coordinator)
    return audit


def arranged(w: World, audit: Audit, **more: Any) -> Discussion:
    """A discussion with a day, a place and a chair."""
    wanted = {"meets_on": date(2027, 1, 14), "place": "Civic Centre, room 2", "chair": w.chair, **more}
    return actions.arrange(audit=audit, by=w.coordinator, at=AT, **wanted)


def opened(w: World, cases: int = 1, services: int = 2) -> CaseDiscussion:
    """The first case of an open discussion."""
    discussion = arranged(w, released(w, cases, services))
    actions.open_discussion(discussion=discussion, by=w.chair, at=AT)
    return CaseDiscussion.objects.select_related("case__audit", "discussion").get(case__number=1)
