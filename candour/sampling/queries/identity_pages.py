"""What the pages show about the identities of an audit's cases: masked, with what to check and who is held elsewhere."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from candour.focus.flow import State as AuditState
from candour.identity import queries as identity
from candour.identity.bounds import LABELS
from candour.identity.models import Relation
from candour.sampling.queries.chosen import cases

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.sampling.models import IdentitySheet


def identities_page(audit: Audit) -> dict[str, Any]:
    """Each case of an audit with who is entered, what to check, and where somebody is held already."""
    found = list(cases(audit).select_related("subject"))
    subjects = [case.subject_id for case in found if case.subject_id]
    masked, matches = identity.masked_by_subject(subjects), identity.matches_by_subject(subjects)
    rows = []
    for case in found:
        persons = [person for person in masked.get(case.subject_id or "", []) if not person.erased]
        rows.append({
            "case": case,
            "child": any(person.relation == Relation.CHILD.label for person in persons),
            "others": counted(person.relation for person in persons if person.relation != Relation.CHILD.label),
            "warnings": sum(len(person.warnings) for person in persons),
            "matches": matches.get(case.subject_id or "", []),
        })  # fmt: skip
    return {
        "rows": rows,
        "may_enter": audit.state == AuditState.UNDER_WAY,
        "missing": sum(not r["child"] for r in rows),
    }


def counted(relations: Any) -> str:
    """How many people of each relation, in words."""
    return ", ".join(f"{count} {str(name).lower()}" for name, count in Counter(relations).items())


def sheet_page(sheet: IdentitySheet) -> dict[str, Any]:
    """What was understood of a filled form, before anything of it is kept; no value is shown."""
    body = sheet.body or {"rows": [], "refused": [], "odd": [], "blank": 0}
    named = {case.pk: case for case in cases(sheet.audit)}
    rows = [
        {
            "row": row["row"],
            "case": named.get(row["case"], "No longer in the audit"),
            "relation": Relation(row["relation"]).label,
            "held": ", ".join(LABELS[name] for name, value in row["values"].items() if value),
        }
        for row in body["rows"]
    ]
    return {"rows": rows, "refused": body["refused"], "odd": body["odd"], "blank": body["blank"]}
