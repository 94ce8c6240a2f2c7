"""What the pages show that say who may be drawn, in figures, and in which groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from candour.access.policy import Can, allows
from candour.kernel.clock import now, today
from candour.kernel.ids import is_id
from candour.sampling.flow import RULES, ListState, Reason
from candour.sampling.models import Exclusion
from candour.sampling.queries.drawn import open_commitment, standing_draw
from candour.sampling.queries.index import ATTRIBUTES, area_names, in_order
from candour.sampling.queries.lists import areas_of
from candour.sampling.queries.narrowing import Eligible, counted, names_for, recognisable
from candour.sampling.queries.pairing import second_list
from candour.sampling.queries.planning import ONE, Plan, look
from candour.sampling.queries.witnesses import possible_witnesses
from candour.sampling.readers import codes

if TYPE_CHECKING:
    from candour.sampling.models import CaseList

WHOLE = "whole"
MOST_VALUES = 60  # of one attribute, such as teams, on a page


def own_counts(case_list: CaseList, attribute: str) -> dict[str, int]:
    """The list's counts of one attribute, by the codes under which the council's own figures are kept."""
    if attribute == WHOLE:
        return {WHOLE: case_list.children}
    found: dict[str, int] = ((case_list.tallies or {}).get("counts") or {}).get(attribute, {})
    return found


def figure_rows(case_list: CaseList, attribute: str) -> list[dict[str, Any]]:
    """Each count of an attribute with the council's own figure, the difference and its reason."""
    if attribute == WHOLE:
        said: dict[str, Any] = {WHOLE: [case_list.own_figure, case_list.difference]}
        counts = [(WHOLE, "Children in the list", case_list.children)]
    else:
        said = (case_list.own_figures or {}).get(attribute, {})
        counts = in_order(own_counts(case_list, attribute), names_for(case_list, attribute))[:MOST_VALUES]
    return [_figure_row(code, label, count, *said.get(code, [None, ""])) for code, label, count in counts]


def _figure_row(code: str, label: str, count: int, figure: int | None, why: str) -> dict[str, Any]:
    gap = None if figure is None else count - figure
    more = "" if not gap else f"{abs(gap):,} {'more' if gap > 0 else 'fewer'} in the list"
    return {"code": code, "label": label, "count": count, "figure": figure, "why": why, "gap": gap, "said": more}


def counts_page(case_list: CaseList, user: Any) -> dict[str, Any]:
    """The list in figures: every attribute with its counts and the council's own."""
    parts = []
    for attribute, name in ATTRIBUTES.items():
        rows = figure_rows(case_list, attribute)
        own = any(row["figure"] is not None for row in rows)
        if rows and (attribute != "team" or len(rows) > 1):
            bars = [(row["label"], row["count"], row["figure"] if own else None, f"{row['count']:,}") for row in rows]
            parts.append({
                "attribute": attribute, "name": name, "bars": bars, "own": own,
                "legend": ["List", "Council’s own"] if own else ["Children"],
                "gaps": [row for row in rows if row["gap"]],
            })  # fmt: skip
    may_fix = allows(user, Can.FIX_LIST, case_list)
    return {
        "parts": parts,
        "whole": figure_rows(case_list, WHOLE)[0],
        "may_say": may_fix and _open(case_list),
        "may_narrow": may_fix and case_list.state == ListState.KEPT and not case_list.beside_id,
        "kept": case_list.state == ListState.KEPT,
    }


def _open(case_list: CaseList) -> bool:
    audit = case_list.audit
    return case_list.state == ListState.KEPT and not (open_commitment(audit) or standing_draw(audit))


def attribute_name(attribute: str) -> str:
    """What an attribute is called on the page; empty where there is none such."""
    return "The whole list" if attribute == WHOLE else ATTRIBUTES.get(attribute, "")


def scope(case_list: CaseList) -> dict[str, Any]:
    """Who of a list may be drawn, for the pages that settle it."""
    found = counted(case_list)
    names = area_names(case_list)
    rows = list(case_list.exclusions.select_related("by").order_by("at", "pk"))
    chosen_rules = [row.rule for row in rows if row.rule]
    second = second_list(case_list)
    return {
        "offers": _offers(case_list, found, chosen_rules, second),
        "initial": _initial(case_list, chosen_rules),
        "eligible": found,
        "steps": _steps(found.steps),
        "bars": [(names.get(code, code), count) for code, count in found.by_area.items()],
        "legend": ["Children"],
        "left_out": left_out(found),
        "singles": [row for row in rows if row.child is not None],
        "second": second,
        "frozen": not _open(case_list),
    }


def _steps(steps: Sequence[Sequence[Any]]) -> list[tuple[str, int, int]]:
    """Each step in words, how many remain after it, and how many it left out."""
    before = [steps[0][1], *(left for _, left in steps)] if steps else []
    return [(words, left, was - left) for (words, left), was in zip(steps, before, strict=False)]


def _offers(case_list: CaseList, found: Eligible, chosen_rules: list[str], second: CaseList | None) -> dict[str, Any]:
    tallies = case_list.tallies or {}
    offers = tallies.get("offers") or {}
    needs: dict[str, int] = (tallies.get("counts") or {}).get("need", {})
    ruled = {**found.by_rule, **found.ruled}
    audited, known = recognisable(case_list)
    return {
        "areas": areas_of(case_list),
        "needs": in_order(needs, codes.NEEDS) if len(needs) > 1 else [],
        "factors": [(code, codes.FACTORS.get(code, code), count) for code, count in offers.get("factors", {}).items()],
        "moments": [(kind, codes.MOMENTS.get(kind, kind), count) for kind, count in offers.get("moments", {}).items()],
        "rules": [
            (code, label, ruled.get(code, 0)) for code, label in RULES.items() if ruled.get(code) or code in chosen_rules
        ],
        "second": second is not None and second.state == ListState.KEPT,
        "family": offers.get("families", False),
        "recent": f"{audited} were, in this partnership’s other audits; {known} of them can be known again by an identifier."
        " Who they are is not shown.",
    }  # fmt: skip


def _initial(case_list: CaseList, chosen_rules: list[str]) -> dict[str, Any]:
    audit = case_list.audit
    period = {"first": audit.review_from, "last": audit.review_to}
    return {"areas": case_list.areas_in, "rules": chosen_rules, **period, **(case_list.narrowing or {})}


def left_out(found: Eligible) -> list[tuple[str, int]]:
    """Who was left out of what the audit looks at, by reason, with counts."""
    by_rule = [(RULES[rule], count) for rule, count in found.by_rule.items()]
    return by_rule + [(str(Reason(reason).label), count) for reason, count in found.by_reason.items()]


def exclusion(case_list: CaseList, pk: str) -> Exclusion | None:
    """One exclusion of a list."""
    return case_list.exclusions.filter(pk=pk, child__isnull=False).first() if is_id(pk) else None


def fix_page(case_list: CaseList, plan: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the page shows that fixes a list: who may be drawn, and the groups that a plan makes."""
    found = counted(case_list)
    names = area_names(case_list)
    groups, problem = look(case_list, *plan_of(plan)) if plan and plan["grouping"] != ONE else ([], "")
    return {
        "eligible": found,
        "bars": [(names.get(code, code), count) for code, count in found.by_area.items()],
        "legend": ["Children"],
        "attributes": {
            name: label for name, label in ATTRIBUTES.items() if len(found.tallies.get(name, {})) > 1 or name == "area"
        },
        "witnesses": possible_witnesses(case_list.partnership, today(now())),
        "groups": groups,
        "group_problem": problem,
        "small": [group for group in groups if group.small],
        "by_hand": bool(plan and plan["grouping"] == "hand"),
        "fixing": case_list.fixing if case_list.fixing_at else None,
        "fix_problem": (case_list.fixing or {}).get("problem", ""),
        "frozen": not _open(case_list),
    }  # fmt: skip


def plan_of(settled: Mapping[str, Any]) -> tuple[Plan, dict[str, int]]:
    """The plan in what was settled, and the places by hand."""
    plan = Plan(
        settled["places"], settled.get("grouping") or ONE, settled.get("group_by") or "area",
        settled.get("cross_by") or "", settled.get("floor") or 0,
    )  # fmt: skip
    return plan, dict(settled.get("by_hand") or {})
