"""The cases: those that later steps stand on, and how they came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from candour.sampling.flow import CaseState
from candour.sampling.models import Case
from candour.sampling.queries.drawn import counts, standing_draw

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.people.models import User


def cases(audit: Audit) -> QuerySet[Case]:
    """The cases of an audit, by number; replaced ones are not among them."""
    return Case.objects.filter(audit=audit).active().by_number()


def all_cases(audit: Audit) -> QuerySet[Case]:
    """Every case that the audit has had, by number."""
    return Case.objects.filter(audit=audit).by_number()


def held_before(case: Case) -> list[Case]:
    """Who held a case's place, in order, the case itself included."""
    if case.place_id is None:
        return [case]
    return list(Case.objects.filter(place=case.place_id).by_number())


CaseLinks = Callable[[Case, "User"], Iterable[tuple[str, str]]]
_case_links: list[CaseLinks] = []


def register_case_links(function: CaseLinks) -> CaseLinks:
    """Have a later step's links, as (text, address), shown on the page of a case."""
    if function not in _case_links:
        _case_links.append(function)
    return function


def case_links(case: Case, user: User) -> list[tuple[str, str]]:
    """What later steps offer on the page of a case."""
    return [link for function in _case_links for link in function(case, user)]


def sampling_note(audit: Audit) -> str:
    """How the cases came about, as a report says it."""
    found, chosen = standing_draw(audit), list(all_cases(audit))
    others = [case for case in chosen if not case.random and case.state == CaseState.ACTIVE]
    given = [case for case in others if not case.purposive]
    parts = []
    if found:
        total = sum(counts(found.commitment).values())
        replaced = Counter(
            case.get_reason_code_display() for case in chosen if case.random and case.state == CaseState.REPLACED
        )
        day = f"{found.drawn_at.day} {found.drawn_at:%B %Y}"
        parts.append(f"{found.commitment.places} of {total} children, drawn at random on {day}.")
        if replaced:
            why = "; ".join(f"{count} because: {reason.lower()}" for reason, count in sorted(replaced.items()))
            parts.append(f"Replaced by the next in line: {why}.")
    if given:
        who = f" by {given[0].origin}" if given[0].origin else ""
        noun = "case was" if len(given) == 1 else "cases were"
        parts.append(f"{len(given)} {noun} given to the partnership{who}, not drawn at random.")
    if len(given) < len(others):
        parts.append(
            "One more case was chosen for a reason, not drawn at random; no figure about the sample counts it."
        )
    return " ".join(parts)
