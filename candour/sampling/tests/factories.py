"""Walks an audit through the second step by the real actions, to wherever a test wants it."""

from datetime import UTC, date, datetime, timedelta

from candour.focus.flow import CasesFrom
from candour.focus.flow import State as AuditState
from candour.focus.models import Audit
from candour.kernel import vault
from candour.kernel.models import KeyKind
from candour.sampling import actions, jobs
from candour.sampling.models import Case, CaseList, Commitment, Draw
from candour.sampling.tests import files as f

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DICE = "dice:" + "31415926535897932384" * 4


def an_audit(w, code="2026-03", given=False, **more) -> Audit:
    """Make an audit under way, with its key."""
    audit = Audit.objects.create(
        partnership=w.partnership, code=code, title="Physical abuse of babies", who="Children under two",
        review_from=date(2026, 1, 1), review_to=date(2026, 6, 30), starts_on=date(2026, 10, 1), opened_at=AT,
        state=AuditState.UNDER_WAY, decided_on=date(2026, 9, 14), decided_by="Quality group",
        cases_from=CasesFrom.GIVEN if given else CasesFrom.DRAWN, **more,
    )  # fmt: skip
    vault.make_key(audit.pk, KeyKind.AUDIT, AT)
    return audit


def workbook(children=20) -> bytes:
    """Make a workbook of so many children: two thirds in need, the rest on a child protection plan."""
    born = [date(2014 + n % 12, 1 + n % 12, 1) for n in range(children)]
    six = [f.need(1000 + n, "b) Child Protection plan" if n % 3 == 0 else "c) Child in need plan", born=born[n],
                  age=2026 - born[n].year, sex="a) Male" if n % 2 else "b) Female") for n in range(children)]  # fmt: skip
    seven = [[1000 + n, "", "", born[n], "", date(2026, 3, 1), "Neglect", ""] for n in range(0, children, 3)]
    return f.book(List_6=[f.LIST_6, *six], List_7=[f.LIST_7, *seven])


def a_list(w, audit=None, children=20, content=None, keep=True) -> CaseList:
    """Give and read a list, and keep it."""
    audit = audit or an_audit(w)
    given = actions.give_list(
        audit=audit, files=[("list.xlsx", content or workbook(children))], by=w.coordinator, at=AT
    )
    jobs.read_list(given.pk)
    given.refresh_from_db()
    return actions.keep_list(case_list=given, by=w.coordinator, at=AT) if keep else given


def fixed(w, case_list=None, places=4, confirm=True, **more) -> Commitment:
    """Fix a list for dice, and have it confirmed."""
    case_list = case_list or a_list(w)
    more = more or {"thrown_by": "the scrutineer", "thrown_when": "today"}
    made = actions.fix_list(case_list=case_list, places=places, by=w.coordinator, at=AT, **more)
    return actions.confirm_list(fixed=made, by=w.second, at=AT + timedelta(minutes=1)) if confirm else made


def drawn(w, audit=None, places=4, children=20, **more) -> Draw:
    """Walk the whole way to a draw."""
    ready = fixed(w, a_list(w, audit, children), places, **more)
    return actions.draw_cases(fixed=ready, source=DICE, by=w.coordinator, at=AT + timedelta(minutes=5))


def some_cases(w, audit=None, places=4) -> list[Case]:
    """Give the cases of a fresh draw, by number."""
    return list(Case.objects.filter(audit=drawn(w, audit, places).audit).by_number())
