"""From the list to the answers: drawing, identities, screening, and which service knows which child."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from candour.demo import annex_a
from candour.demo.content import families
from candour.demo.scene import SECOND, Round
from candour.identity import actions as identity
from candour.involvement import actions as involvement
from candour.involvement.actions.answering import Given
from candour.involvement.actions.naming import Named
from candour.involvement.actions.preparing import Looked
from candour.involvement.models import Ask
from candour.sampling import actions as sampling
from candour.sampling import jobs
from candour.sampling import queries as sampling_queries
from candour.sampling.models import Case, CaseList, Commitment

# Service areas that the demonstration's audits look at: children with whom somebody is working.
AREAS = ("looked-after", "child-protection", "child-in-need", "s47-assessment", "referral", "early-help")
TEAMS = {"care": "Assessment team east", "police": "Child protection unit", "nurses": "Harbour team"}


def fix(of: Round, seed: int) -> Commitment:
    """Read a case list and fix it, for a second person to confirm."""
    by = of.scene.lead
    file = annex_a.workbook(seed=seed, on=of.audit.starts_on)
    case_list = sampling.give_list(audit=of.audit, files=[("children.xlsx", file)], by=by, at=of.at(5))
    jobs.read_list(case_list.pk)
    case_list = sampling.keep_list(case_list=CaseList.objects.get(pk=case_list.pk), by=by, at=of.at(5, 11))
    sampling.set_scope(
        case_list=case_list,
        areas=[code for code in case_list.areas if code in AREAS],
        rules=[],
        by=by,
        at=of.at(5, 11, 10),
    )
    return sampling.fix_list(
        case_list=case_list,
        places=of.text["places"],
        thrown_by=SECOND,
        thrown_when="at the subgroup’s meeting, in view of everybody",
        by=by,
        at=of.at(6, 9),
    )


def draw(of: Round, seed: int) -> None:
    """Have the second person confirm the fixed list, throw the dice and draw."""
    fixed = sampling.confirm_list(fixed=fix(of, seed), by=of.scene.people[SECOND], at=of.at(6, 14))
    digits = "".join(str(of.scene.chance.randrange(10)) for _ in range(60))
    sampling.draw_cases(fixed=fixed, source=f"dice:{digits}", by=of.scene.lead, at=of.at(7, 11))
    of.cases = list(sampling_queries.cases(of.audit))


def identify(of: Round, first: int) -> None:
    """Enter the sampled children and their parents."""
    for place, case in enumerate(of.cases):
        _enter(of, case, place, first + place, of.at(8, 10, place))


def _enter(of: Round, case: Case, place: int, family: int, at: datetime) -> None:
    girl = _told(of, place).get("girl", place % 2 == 0)
    born = of.audit.review_to - timedelta(days=500 + place * 371)
    acting: dict[str, Any] = {"by": of.scene.lead, "at": at}
    subject = involvement.begin_identities(case=case, **acting)
    identity.add_person(subject=subject, relation="child", values=families.child(family, girl, born), **acting)
    for relation, values in families.adults(family, born):
        identity.add_person(subject=subject, relation=relation, values=values, **acting)


def screen(of: Round, stopped: int = -1) -> None:
    """Let social care and the police look first; the police may have something against one case."""
    involvement.start_screening(audit=of.audit, by=of.scene.lead, at=of.at(8, 15))
    for key in ("care", "police"):
        looked = {case.pk: Looked("clear") for case in of.cases}
        if key == "police" and stopped >= 0:
            looked[of.cases[stopped].pk] = Looked("proceedings", "A hearing is listed for next month.")
        involvement.screen(ask=ask_of(of, key), looked=looked, by=of.scene.contact(key), at=of.at(9, 12))


def replace(of: Round, place: int, family: int) -> None:
    """Replace a case that cannot be audited by the next in line, before others learn a name."""
    note = "Told by the police at screening; the hearing comes first."
    acting: dict[str, Any] = {"by": of.scene.lead, "at": of.at(9, 14)}
    taken = sampling.replace_case(case=of.cases[place], reason="proceedings", note=note, **acting)
    of.cases = list(sampling_queries.cases(of.audit))
    if taken is None:
        raise LookupError("The demonstration's list has no next in line.")
    _enter(of, taken, len(of.cases), family, of.at(9, 15))
    involvement.start_screening(audit=of.audit, by=of.scene.lead, at=of.at(9, 15, 30))
    for key in ("care", "police"):
        looking = ask_of(of, key)
        involvement.screen(ask=looking, looked={taken.pk: Looked("clear")}, by=of.scene.contact(key), at=of.at(10, 9))


def ask(of: Round) -> None:
    """Ask every service expected."""
    involvement.ask_services(audit=of.audit, by=of.scene.lead, at=of.at(10))


def ask_of(of: Round, key: str) -> Ask:
    """The ask to one service."""
    rows = Ask.objects.select_related("audit", "service", "partnership")
    return rows.get(audit=of.audit, service=of.scene.services[key])


def answer(of: Round, keys: tuple[str, ...] = ()) -> None:
    """Answer for each child, and name who completes and who checks the returns."""
    for place, key in enumerate(keys or of.keys):
        asked, contact = ask_of(of, key), of.scene.contact(key)
        given = {case.pk: _answer_of(of, number, key) for number, case in enumerate(of.cases)}
        involvement.answer(ask=asked, given=given, by=contact, at=of.at(11 + place % 4, 11, place))
        authoriser = of.scene.authoriser(key)
        named = Named(of.scene.auditor(key), authoriser, authoriser is None)
        known = [case_id for case_id, one in given.items() if one.answer == "known"]
        if known:
            named_by = {case_id: named for case_id in known}
            involvement.name_people(ask=asked, named=named_by, by=contact, at=of.at(11 + place % 4, 12, place))


def known_by(of: Round, number: int) -> tuple[str, ...]:
    """The services that know the n-th child."""
    told = _told(of, number)
    if "known" in told:
        known: tuple[str, ...] = told["known"]
        return known
    keys = of.keys
    missing = {keys[(number * 3 + 2) % len(keys)], keys[(number * 5 + 4) % len(keys)]} - {"care"}
    return tuple(key for key in keys if key not in missing)


def _told(of: Round, number: int) -> dict[str, Any]:
    told = of.text.get("cases", ())
    return told[number] if number < len(told) else {}


def _answer_of(of: Round, number: int, key: str) -> Given:
    if key in known_by(of, number):
        return Given(
            "known", first_contact=_day(of, 150 - number * 9), last_contact=_day(of, 12), team=TEAMS.get(key, "")
        )
    other = _told(of, number).get("others", {}).get(key, ("not-known", "relative-only", "known-earlier")[number % 3])
    return Given(other, relation="parent" if other == "relative-only" else "")


def _day(of: Round, before: int) -> date:
    return of.audit.review_to - timedelta(days=before)
