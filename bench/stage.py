"""Builds what is measured, in the database of the process that runs it: `python -m bench.stage returns 8 100`.

It prints one line of JSON: sessions of people who are signed in, and what each may open.
"""

import json
import resource
import secrets
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django

django.setup()

from django.conf import settings
from django.test import Client

from bench.alone import timed
from bench.cloning import clone_everything
from candour.appraisal import actions as appraisal
from candour.appraisal import queries as returns
from candour.appraisal.models import Given, Return
from candour.discussion.tests.factories import opened, released
from candour.focus import actions as focus
from candour.focus.flow import SourceKind
from candour.focus.models import Audit
from candour.focus.tests.factories import DECIDED, planned
from candour.involvement.models import Ask, AskedCase, Involvement, Known
from candour.involvement.tests import factories as involvement
from candour.involvement.tests.factories import case
from candour.kernel.clock import add_working_days, now, today
from candour.notices import actions as notices
from candour.notices import queries as reminders
from candour.notices.models import Message
from candour.people.models import Grant, Partnership, Role, ServiceKind, User
from candour.people.tests.factories import AT, SHORT, World, service, sign_in, world
from candour.sampling import actions as sampling
from candour.sampling import jobs
from candour.sampling.models import Case, CaseList
from candour.sampling.tests.factories import an_audit
from candour.tools.models import Tool, ToolVersion

SECTIONS = 8
CASES_ASKED = 8
QUESTIONS = 60
MORE_SERVICES = {
    "Mental health": ServiceKind.MENTAL_HEALTH,
    "Youth justice": ServiceKind.YOUTH_JUSTICE,
    "Probation": ServiceKind.PROBATION,
    "Housing": ServiceKind.HOUSING,
}
WORDS = "The strategy discussion took place on the same day; health was not there, and the record does not say why. "


def long_tool() -> ToolVersion:
    """A published tool of sixty questions in eight sections, half of them text."""
    sections = []
    for place in range(SECTIONS):
        asked = [number for number in range(QUESTIONS) if number % SECTIONS == place]
        questions = [
            {
                "key": f"s{place}-q{number}",
                "ask": f"Was the child's own view sought, recorded and acted on at this point ({number})?",
                "type": "text" if (number // SECTIONS) % 2 else "yes-partly-no",
                "hint": "Look at the last six months of the record.",
            }
            for number in asked
        ]
        sections.append({"key": f"s{place}", "title": f"Section {place}", "domain": "impact", "questions": questions})
    tool = Tool.objects.create(code="bench-60", name="Sixty questions")
    document = {"code": "bench-60", "name": "Sixty questions", "number": 1, "minutes": 90, "about": "For the bench.",
                "sections": sections}  # fmt: skip
    return ToolVersion.objects.create(tool=tool, number=1, document=document, published_at=AT)


def audit_with(w: World, tool: ToolVersion, cases: int, code: str = "2026-03") -> Audit:
    """An audit under way on that tool, with so many cases."""
    audit = planned(w, code)
    acting: dict[str, Any] = {"audit": audit, "by": w.coordinator, "at": AT}
    focus.set_sources(evidence={SourceKind.PRACTICE_REVIEW: "Two local rapid reviews."}, **acting)
    focus.set_services(services=list(w.services.values()), keep=False, **acting)
    focus.set_tool(tool=tool, graded=False, lawful_basis="Children Act 2004", **acting)
    audit = focus.begin_audit(audit=Audit.objects.get(pk=audit.pk), by=w.coordinator, at=AT, **DECIDED)
    for number in range(1, cases + 1):
        case(w, audit, number)
    return audit


def begun(w: World, audit: Audit, of: str, number: int) -> Return:
    """One service's return about one case, begun by its auditor."""
    name = SHORT.get(of, of)
    auditor, contact = w.users[f"auditor_{name}"], w.users[f"contact_{name}"]
    answer = Involvement.objects.create(
        partnership=w.partnership,
        audit=audit,
        case=audit.cases.get(number=number),
        service=w.services[of],
        answer=Known.KNOWN,
        auditor=auditor,
        authoriser=w.users[f"authoriser_{name}"],
        answered_by=contact,
        answered_at=AT,
    )
    said = {"worked_with": False, "manages_worker": False, "brief": False}
    return appraisal.begin(involvement=answer, by=auditor, at=AT, **said)


def all_answered(ret: Return) -> int:
    """Every question of a return answered; returns how many."""
    questions = [question for section in returns.sections_of(ret) for question in section.questions]
    given = [Given(question, answer_to(question.type), False, 0) for question in questions]
    appraisal.save_answers(ret=ret, given=given, by=ret.auditor, at=AT)
    return len(given)


def answer_to(kind: str) -> dict[str, str]:
    """An answer of the right shape."""
    return {"text": WORDS * 3} if kind == "text" else {"choice": "partly"}


def session(person: User) -> dict[str, str]:
    """The cookies of somebody who is signed in, second factor and all."""
    client = sign_in(Client(), person)
    name = settings.SESSION_COOKIE_NAME
    return {name: client.cookies[name].value, settings.CSRF_COOKIE_NAME: secrets.token_hex(16)}


def make_returns(clients: int, answers: int) -> dict[str, Any]:
    """So many auditors, each with a begun return, beside so many answers of others."""
    w = world()
    services = list(w.services)
    count = clients + answers // QUESTIONS
    audit = audit_with(w, long_tool(), cases=count // len(services) + 1)
    rets = [begun(w, audit, services[place % len(services)], place // len(services) + 1) for place in range(count)]
    for ret in rets[clients:]:
        all_answered(ret)
    return {
        "clients": [
            {"cookies": session(ret.auditor), "ret": ret.pk, "questions": _questions(ret)} for ret in rets[:clients]
        ]
    }


def _questions(ret: Return) -> list[list[str]]:
    return [[section.key, q.key, q.type] for section in returns.sections_of(ret) for q in section.questions]


def make_board() -> dict[str, Any]:
    """A discussion that is open: eight cases, ten services, a grade and a reason from each for every domain."""
    w = world()
    for name, kind in MORE_SERVICES.items():
        w.services[name] = service(f"{name} Trust", name, kind, w.partnership)
    first = opened(w, cases=8, services=10)
    return {"cookies": session(w.chair), "case": first.case_id, "audit": first.case.audit_id}


def make_grid(cases: int, services: int) -> dict[str, Any]:
    """So many services asked about so many cases: two in three know the child, and half of those have begun."""
    w = world()
    kinds = list(ServiceKind)
    for number in range(len(w.services), services):
        kind = kinds[number % len(kinds)]
        w.services[f"more-{number}"] = service(f"Agency {number}", f"Service {number}", kind, w.partnership)
    audit = audit_with(w, long_tool(), cases)
    rows = list(audit.cases.order_by("number"))
    asks = [
        Ask(partnership=w.partnership, audit=audit, service=one, due_on=AT.date(), asked_at=AT)
        for one in w.services.values()
    ]
    Ask.objects.bulk_create(asks)
    asked, answers, rets = [], [], []
    for place, (ask, one) in enumerate((ask, one) for ask in asks for one in rows):
        asked.append(AskedCase(partnership=w.partnership, ask=ask, case=one, asked_at=AT))
        known = Known.KNOWN if place % 3 else Known.NOT_KNOWN
        here = {"partnership": w.partnership, "audit": audit, "case": one, "service": ask.service}
        people = {"auditor": w.auditor_police, "answered_by": w.contact_police, "answered_at": AT}
        answers.append(Involvement(**here, **people, answer=known))
        if place % 3 == 1:
            rets.append(Return(**here, involvement=answers[-1], started_by=w.auditor_police, started_at=AT))
    AskedCase.objects.bulk_create(asked)
    Involvement.objects.bulk_create(answers)
    Return.objects.bulk_create(rets)
    return {"cookies": session(w.coordinator), "audit": audit.pk}


def make_work(count: int) -> dict[str, Any]:
    """An auditor who owes so many returns, of fifty audits."""
    w = world()
    tool = long_tool()
    audits = [audit_with(w, tool, 0, f"2026-{number:02}") for number in range(1, 51)]
    cases, owed = [], []
    named = {"auditor": w.auditor_police, "authoriser": w.authoriser_police, "answered_by": w.contact_police}
    for number in range(count):
        audit = audits[number % len(audits)]
        one = Case(
            partnership=w.partnership, audit=audit, number=number + 1, ref=f"REF-{number}", random=False, made_at=AT
        )
        cases.append(one)
        row = {"partnership": w.partnership, "audit": audit, "case": one, "service": w.services["police"]}
        owed.append(Involvement(**row, **named, answer=Known.KNOWN, answered_at=AT))
    Case.objects.bulk_create(cases, batch_size=500)
    Involvement.objects.bulk_create(owed, batch_size=500)
    return {"cookies": session(w.auditor_police)}


def give_list(file: str) -> dict[str, Any]:
    """A case list uploaded to a second audit, for the worker to read."""
    w = SimpleNamespace(partnership=Partnership.objects.get())
    audit = an_audit(w, "2026-99")
    coordinator = Grant.objects.get(role=Role.COORDINATOR).user
    content = Path(file).read_bytes()
    given = sampling.give_list(audit=audit, files=[("list.xlsx", content)], by=coordinator, at=AT)
    return {"list": given.pk}


def read_list(pk: str) -> dict[str, Any]:
    """The list read as the worker reads it, with the time it took and the memory it held."""
    begun = time.perf_counter()
    jobs.read_list(pk)
    taken = time.perf_counter() - begun
    held = CaseList.objects.get(pk=pk)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": taken, "mb": peak, "state": held.state}


def kept() -> dict[str, Any]:
    """Every answer as it stands, with all that it said before: what must be there after a fault."""
    found: dict[str, Any] = {}
    for ret in Return.objects.order_by("pk"):
        found[ret.pk] = {
            answer.question: {
                "version": answer.version,
                "said": said(answer.value),
                "before": [said(revision.value) for revision in answer.revisions.order_by("version", "pk")],
            }
            for answer in ret.answers.order_by("question")
        }
    return found


def said(value: dict[str, str] | None) -> str:
    """The text or choice of an answer."""
    return next(iter((value or {}).values()), "")


def make_partnership(audits: int, cases: int, services: int) -> dict[str, Any]:
    """One partnership with so many audits whose packs are released; the coordinator's pages of the last."""
    w = world()
    for number in range(1, audits):
        released(w, cases, services, f"{2016 + number // 2}-{number:02}")
    first = opened(w, cases, services)
    audit = first.case.audit_id
    ret = Return.objects.filter(case=first.case).first()
    pages = {
        "Work list": "/",
        "Audits": "/audits/",
        "Audit": f"/audits/{audit}/",
        "Grid": f"/audits/{audit}/involvement/",
        "Returns": f"/audits/{audit}/returns/",
        "Return": f"/returns/{ret.pk}/",
        "Discussion": f"/audits/{audit}/discussion/",
        "Board": f"/cases/{first.case_id}/discussion/",
        "People": "/people/",
        "Messages": "/messages/",
        "Trail": "/trail/",
        "Library": "/learning/",
    }
    return {"cookies": session(w.coordinator), "pages": pages}


def make_crowd(count: int) -> dict[str, Any]:
    """The first partnership once more, until there are so many."""
    return {"rows": clone_everything(2, count)}


def remind_everybody(partnerships: int) -> dict[str, Any]:
    """The morning's round where each of so many partnerships has two audits, a day late with every answer."""
    w = world()
    for code in ("2026-01", "2026-02"):
        involvement.asked(w, CASES_ASKED, code)
    day = add_working_days(today(), 0)
    Ask.objects.update(due_on=add_working_days(day, -1))
    clone_everything(2, partnerships)
    Message.objects.all().delete()
    floor = timed(lambda: _write_messages(User.objects.count()))
    seconds = timed(lambda: _round(day))
    told = Message.objects.filter(key__startswith="digest:").count()
    return {"seconds": seconds, "floor": floor, "people": User.objects.count(), "told": told}


def _write_messages(many: int) -> None:
    for number in range(many):
        notices.post(key=f"floor:{number}", to="x@example.org", subject="x", body="x", at=now())


def _round(day: date) -> None:
    after = ""
    while people := reminders.people_with_a_role(day, after, 50):
        notices.remind_people(people=people, on=day, at=now())
        after = people[-1].pk


SCENES: dict[str, Callable[..., dict[str, Any]]] = {
    "returns": make_returns,
    "kept": kept,
    "board": make_board,
    "grid": make_grid,
    "work": make_work,
    "give-list": give_list,
    "read-list": read_list,
    "partnership": make_partnership,
    "crowd": make_crowd,
    "remind": remind_everybody,
}

if __name__ == "__main__":
    json.dump(SCENES[sys.argv[1]](*(int(word) if word.isdigit() else word for word in sys.argv[2:])), sys.stdout)
