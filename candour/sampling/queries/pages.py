"""What each page of the step shows."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from candour.access.policy import Can, allows
from candour.access.viewer import viewer_of
from candour.focus.flow import CasesFrom
from candour.focus.flow import State as AuditState
from candour.notices import queries as notices
from candour.notices.models import State
from candour.people.models import Role
from candour.sampling import draw
from candour.sampling.flow import CaseState, CommitmentState, ListState
from candour.sampling.models import Case, CaseList, Commitment, Draw
from candour.sampling.queries.chosen import all_cases, case_links, held_before
from candour.sampling.queries.drawn import counts, drawn_rows, groups, open_commitment, voided_draws
from candour.sampling.queries.lists import areas_of, current_list, report_lines
from candour.sampling.queries.witnesses import thrown, throws_of
from candour.sampling.queries.work import said_time

if TYPE_CHECKING:
    from candour.focus.models import Audit


def step(audit: Audit, user: Any) -> dict[str, Any]:
    """Where the choosing of cases stands, before there is a draw."""
    may_give = allows(user, Can.READ_LIST, audit) and audit.state == AuditState.UNDER_WAY
    sees_lists = allows(user, Can.SEE_LIST, audit)
    return {
        "is_given": audit.cases_from == CasesFrom.GIVEN,
        "case_list": current_list(audit) if sees_lists else None,
        "fixed": open_commitment(audit),
        "sees_lists": sees_lists,
        "voided": list(voided_draws(audit)),
        "cases": [case for case in all_cases(audit) if not case.random],
        "may_give": may_give,
        "planned": audit.state == AuditState.PLANNED,
    }


def understood(case_list: CaseList, user: Any) -> dict[str, Any]:
    """What the page about a list shows."""
    return {
        **report_lines(case_list),
        "areas": [(name, count) for _, name, count in areas_of(case_list)],
        "legend": ["Children"],
        "several_files": len({sheet["file"] for sheet in (case_list.report or {}).get("sheets", [])}) > 1,
        "several": len(case_list.areas) > 1,
        "may_keep": allows(user, Can.READ_LIST, case_list),
        "reading": case_list.state == ListState.READING,
        "expected": max(case_list.expected, case_list.progress) if case_list.expected else 0,
        "to_check": case_list.state == ListState.READ,
        "gone": case_list.state in (ListState.LEFT, ListState.PURGED),
    }


def fixed(commitment: Commitment, user: Any, at: datetime) -> dict[str, Any]:
    """What the pages about a fixed list show."""
    number = commitment.beacon_round
    sizes = counts(commitment)
    bits = draw.bits_needed(sizes, draw.read_plan(commitment.plan.encode()))
    state = commitment.state
    document = json.loads(commitment.document)
    throws = throws_of(commitment)
    return {
        "mailed": _mailed(commitment),
        "throws": throws,
        "all_thrown": bool(thrown(throws)),
        "thrown": thrown(throws) if throws else None,
        "thrown_digits": thrown(throws).removeprefix("dice:"),
        "seconds": max(0, int((draw.round_time(number) - at).total_seconds())) if number is not None else 0,
        "inclusion": [(step["rule"], step["children"]) for step in document.get("inclusion", [])],
        "groups": groups(commitment),
        "total": sum(sizes.values()),
        "number_at": said_time(draw.round_time(number)) if number is not None else "",
        "is_out": not throws or bool(thrown(throws)) if number is None else draw.round_time(number) <= at,
        "relays": [f"{relay}/{draw.CHAIN}/public/{number}" for relay in draw.RELAYS] if number is not None else [],
        "digits": draw.dice_needed(bits),
        "bits": f"{bits:.1f}",
        "is_own": commitment.fixed_by_id == user.pk,
        "waiting": state == CommitmentState.PROPOSED,
        "ready": state == CommitmentState.CONFIRMED,
        "may_confirm": state == CommitmentState.PROPOSED
        and commitment.fixed_by_id != user.pk
        and allows(user, Can.CONFIRM_LIST, commitment),
        "may_withdraw": state in (CommitmentState.PROPOSED, CommitmentState.CONFIRMED)
        and allows(user, Can.FIX_LIST, commitment),
        "may_draw": state == CommitmentState.CONFIRMED and allows(user, Can.DRAW, commitment),
        "case_list": commitment.case_list,
        "plan_print": document.get("plan", ""),
        "list_print": document.get("cohort", ""),
    }


def _mailed(commitment: Commitment) -> str:
    """To how many people of the agencies the fingerprint went, and how far each message is."""
    if commitment.confirmed_at is None:
        return "When the second person confirms"
    states = Counter(State(state).label.lower() for _, state, _ in notices.with_key(f"fixed:{commitment.pk}:"))
    if not states:
        return "To nobody: no service is expected in this audit yet, or none has a contact"
    people = "1 person" if states.total() == 1 else f"{states.total()} people"
    return f"To {people} in the agencies: " + ", ".join(f"{count} {state}" for state, count in sorted(states.items()))


def result(found: Draw, user: Any) -> dict[str, Any]:
    """What the page of a draw shows."""
    commitment = found.commitment
    rows = drawn_rows(found)
    case_list = commitment.case_list
    beside = list(all_cases(found.audit).filter(purposive=True))
    replaced = sum(1 for row in rows if row.case and row.case.state == CaseState.REPLACED)
    return {
        "rows": rows,
        "sees_cases": found.partnership_id
        in viewer_of(user).partnerships_as(Role.COORDINATOR, Role.SECOND, Role.CHAIR, Role.SCRUTINEER),
        "total": sum(counts(commitment).values()),
        "grouped": len(commitment.strata) > 1,
        "figures": [_figure(figure) for figure in found.figures],
        "legend": ["Sample", "List, %"],
        "list_print": draw.fingerprint(commitment.cohort.encode()),
        "plan_print": draw.fingerprint(commitment.plan.encode()),
        "source_shown": found.source.replace("drand-quicknet:", "drand, round ").replace("dice:", "dice "),
        "replaced": replaced,
        "voided": list(voided_draws(found.audit)),
        "figure_agrees": case_list.own_figure is not None and case_list.own_figure == case_list.children,
        "case_list": case_list,
        "fixed": commitment,
        "beside": beside,
        "may_choose": found.state == "stands"
        and found.audit.state == AuditState.UNDER_WAY
        and not any(case.state == CaseState.ACTIVE for case in beside)
        and allows(user, Can.CHOOSE_CASE, found.audit),
        "may_void": found.state == "stands" and allows(user, Can.VOID_DRAW, found),
        "may_replace": found.state == "stands" and allows(user, Can.REPLACE_CASE, found),
        "may_take": found.state == "stands" and allows(user, Can.TAKE_RECEIPT, found.audit),
        "sees_lists": allows(user, Can.SEE_LIST, found),
    }


def _figure(figure: dict[str, Any]) -> dict[str, Any]:
    """A figure for the bars: shares of the sample and of the list, with the counts in words."""
    listed = sum(row[1] for row in figure["rows"]) or 1
    drawn = sum(row[2] for row in figure["rows"]) or 1
    bars = [
        (label, round(100 * of_sample / drawn), round(100 * of_list / listed), f"{of_sample} of {drawn}")
        for label, of_list, of_sample in figure["rows"]
    ]
    return {"name": figure["name"], "bars": bars, "sentence": figure["sentence"]}


def case_page(case: Case, user: Any) -> dict[str, Any]:
    """What the page of a case shows."""
    return {
        "held": held_before(case),
        "links": case_links(case, user),
        "may_replace": case.state == CaseState.ACTIVE and allows(user, Can.REPLACE_CASE, case),
        "sees_note": bool(case.reason_code) and allows(user, Can.REPLACE_CASE, case),
        "may_trace": case.place_id is not None and case.state != CaseState.VOID and allows(user, Can.TRACE_REF, case),
        "sees_draw": allows(user, Can.SEE_DRAW, case),
    }
