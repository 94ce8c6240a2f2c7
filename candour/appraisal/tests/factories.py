"""Returns to test with, walked to a stage by the real actions."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from candour.appraisal import actions, queries
from candour.appraisal.models import Given, Return
from candour.focus.models import Audit
from candour.focus.tests.factories import under_way
from candour.involvement.models import Involvement, Known
from candour.involvement.tests.factories import case
from candour.people.models import Service, User
from candour.people.tests.factories import AT as NOW
from candour.people.tests.factories import SHORT, World
from candour.tools.document import Question
from candour.tools.values import Value

AT = NOW - timedelta(days=1)
CANARY = "Zebedee Quillfeather"


def audit(w: World, cases: int = 1, code: str = "2026-03") -> Audit:
    """An audit under way with so many cases."""
    made = under_way(w, code)
    for number in range(1, cases + 1):
        case(w, made, number)
    return made


def short(w: World, service: Service) -> str:
    """What the world calls a service's people."""
    key = next(key for key, one in w.services.items() if one.pk == service.pk)
    return SHORT.get(key, key)


def known(w: World, on: Audit, service: Service, number: int = 1, **more: Any) -> Involvement:
    """A service's answer that it knows the child, with its auditor and authoriser named."""
    name = short(w, service)
    named = {"auditor": w.users[f"auditor_{name}"], "authoriser": w.users[f"authoriser_{name}"], **more}
    about = on.cases.get(number=number)
    contact = w.users[f"contact_{name}"]
    row = {"partnership": w.partnership, "audit": on, "case": about, "service": service, "answer": Known.KNOWN}
    return Involvement.objects.create(**{"answered_by": contact, "answered_at": AT, **row, **named})


def draft(w: World, on: Audit, service: Service, number: int = 1, brief: bool = False, **more: Any) -> Return:
    """A return that has been begun."""
    answer = known(w, on, service, number, **more)
    said = {"worked_with": False, "manages_worker": False, "brief": brief}
    return actions.begin(involvement=answer, by=answer.auditor, at=AT, **said)


def value(question: Question, said: str = "As the record of 3 March shows.") -> Value:
    """An answer of the right shape."""
    if question.type == "grade":
        return {"grade": "good", "reason": said} if question.options else {"reason": said}
    if question.type in ("text", "points"):
        return {"text": said}
    plain = {"date": {"date": "2026-06-01"}, "number": {"number": "3"}}
    part = "choices" if question.type == "multi-choice" else "choice"
    return plain.get(question.type) or {part: question.options[0].key}


def given(question: Question, what: Value | None = None, seen: int = 0, private: bool = False) -> Given:
    """An answer as somebody gives it."""
    return Given(question, what if what is not None else value(question), private, seen)


def answer(ret: Return, *, said: str = "As the record of 3 March shows.", private: Sequence[str] = ()) -> Return:
    """Every question answered."""
    questions = [q for section in queries.sections_of(ret) for q in section.questions]
    all_given = [Given(q, value(q, said), q.key in private, 0) for q in questions]
    actions.save_answers(ret=ret, given=all_given, by=ret.auditor, at=AT)
    return ret


def handed_over(w: World, on: Audit, service: Service, number: int = 1, **more: Any) -> Return:
    """A whole return with its authoriser, who has declared that they know nobody in it."""
    ret = answer(draft(w, on, service, number), **more)
    actions.hand_over(ret=ret, by=ret.auditor, at=AT)
    declared(ret, ret.authoriser)
    return fresh(ret)


def declared(ret: Return, person: User | None) -> None:
    """Somebody who comes to a return has declared that they know nobody in it, so that it opens to them."""
    assert person is not None
    actions.declare(ret=fresh(ret), worked_with=False, manages_worker=False, by=person, at=AT)


def submitted(w: World, on: Audit, service: Service, number: int = 1, **more: Any) -> Return:
    """A return that is in."""
    ret = handed_over(w, on, service, number, **more)
    actions.submit(ret=ret, by=ret.authoriser, at=AT)
    return fresh(ret)


def fresh(ret: Return) -> Return:
    """The return as the database has it."""
    return Return.objects.get(pk=ret.pk)
