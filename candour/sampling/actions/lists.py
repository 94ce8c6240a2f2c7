"""What people do with lists: give one, have its columns mapped, keep it or set it aside, say who may be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import ProtectedError

from candour.access.policy import Can, demand
from candour.focus.flow import CasesFrom
from candour.focus.flow import State as AuditState
from candour.focus.models import Audit
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.sampling import queries, readers
from candour.sampling.flow import (
    EXPIRE,
    GIVE_UP,
    KEEP,
    LAPSE,
    PURGE,
    READ_AGAIN,
    SET_ASIDE,
    UNDERSTAND,
    CommitmentState,
    ListState,
    Reason,
)
from candour.sampling.models import Block, CaseList, ColumnMap, Exclusion, Upload
from candour.trail.act import act, record
from candour.trail.make import make

if TYPE_CHECKING:
    from candour.people.models import User

LARGEST = 80 * 1024 * 1024
UNDECIDED_FOR = timedelta(days=2)  # a list that nobody keeps goes by itself
LARGEST_REPORT = 1000


def under_way(audit: Audit) -> Audit:
    """Hold an audit's row, and refuse where its cases may not be chosen."""
    audit = Audit.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=audit.pk)
    if audit.state != AuditState.UNDER_WAY:
        raise Refused("Cases are chosen once the audit is under way, and before it is closed.")
    return audit


@act
def give_list(*, audit: Audit, files: Sequence[tuple[str, bytes]], by: User, at: datetime) -> CaseList:
    """Take a list in, sealed; it is read next, and nothing of it is kept until somebody says so."""
    demand(by, Can.READ_LIST, audit)
    audit = under_way(audit)
    if audit.cases_from == CasesFrom.GIVEN:
        raise Refused("The cases of this audit are given to the partnership; no list is needed.")
    if not files or not any(content for _, content in files):
        raise Refused("Choose a file, or paste the rows.")
    if sum(len(content) for _, content in files) > LARGEST:
        raise Refused("This is more than 80 MB, larger than a list of children can be.")
    if queries.open_commitment(audit) or queries.standing_draw(audit):
        raise Refused("This audit has a fixed list already. Withdraw it, or void the draw, before giving another.")
    for earlier in CaseList.objects.filter(audit=audit).in_hand():
        _let_go(earlier, by=by, at=at)
    case_list = CaseList.objects.create(
        partnership=audit.partnership, audit=audit, given_by=by, given_at=at, purge_on=today(at + UNDECIDED_FOR)
    )
    for number, (name, content) in enumerate(files, 1):
        upload = Upload(partnership=audit.partnership, audit=audit, case_list=case_list, number=number)
        upload.name, upload.content = name[:200], content
        upload.save(force_insert=True)
    record("give list", on=case_list, by=by, at=at, detail={"files": len(files)}, key=audit.pk)
    return case_list


@act
def hold_rows(*, case_list: CaseList, first: int, children: Sequence[readers.Child], at: datetime) -> None:
    """Keep the rows of some children, sealed, while a list is being read; safe to do again."""
    if CaseList.objects.get(pk=case_list.pk).state != ListState.READING:
        return
    Block.objects.filter(case_list=case_list, first=first).delete()
    block = Block(
        partnership_id=case_list.partnership_id, audit_id=case_list.audit_id, case_list=case_list, first=first,
        size=len(children),
    )  # fmt: skip
    block.body = readers.pack(children)
    block.save(force_insert=True)


@act
def understand(
    *, case_list: CaseList, reading: readers.Reading, previews: Iterable[readers.Preview], at: datetime
) -> CaseList:
    """Write down what was understood of a list: counts, refusals by position, and each child's area."""
    case_list = CaseList.objects.select_for_update(of=("self",)).get(pk=case_list.pk)
    if case_list.state != ListState.READING:
        return case_list
    found = reading.as_json()
    case_list.kind, case_list.problem = reading.kind, ""
    case_list.rows_read, case_list.rows_used = reading.rows_read, reading.rows_used
    case_list.rows_refused, case_list.children = reading.rows_refused, len(reading.children)
    case_list.areas = reading.areas()
    case_list.areas_in = list(case_list.areas)
    case_list.report = {
        "kind_name": reading.kind_name,
        "refusals": found["refusals"][:LARGEST_REPORT],
        "warnings": found["warnings"][:LARGEST_REPORT],
        "sheets": reading.sheets,
        "area_names": reading.area_names,
        "previews": [preview.__dict__ for preview in previews],
    }
    case_list.index = queries.Index.of(reading.in_order()).pack()
    case_list.save()
    counts = {"read": reading.rows_read, "used": reading.rows_used, "children": len(reading.children)}
    return make(UNDERSTAND, case_list, by=None, at=at, detail=counts)


@act
def give_up(*, case_list: CaseList, problem: str, previews: Iterable[readers.Preview] = (), at: datetime) -> CaseList:
    """Write down the one sentence why a list cannot be used; its tables stay where columns have to be mapped."""
    case_list = CaseList.objects.select_for_update(of=("self",)).get(pk=case_list.pk)
    if case_list.state != ListState.READING:
        return case_list
    Block.objects.filter(case_list=case_list).delete()
    case_list.problem = problem
    case_list.report = {"previews": [preview.__dict__ for preview in previews]}
    case_list.rows_read = case_list.rows_used = case_list.rows_refused = case_list.children = 0
    case_list.save()
    return make(GIVE_UP, case_list, by=None, at=at)


@act
def map_columns(*, case_list: CaseList, columns: Mapping[str, Mapping[int, str]], by: User, at: datetime) -> CaseList:
    """Say what the columns of a list are; it is read again, and the partnership is offered the same next time."""
    demand(by, Can.READ_LIST, case_list)
    if not any("number" in roles.values() for roles in columns.values()):
        raise Refused("Say which column has the child's number.")
    case_list = make(READ_AGAIN, case_list, by=by, at=at)
    case_list.columns = {key: {str(place): role for place, role in roles.items()} for key, roles in columns.items()}
    case_list.progress = 0
    case_list.save(update_fields=["columns", "progress"])
    for preview in (case_list.report or {}).get("previews", []):
        roles = columns.get(preview["key"])
        if roles:
            ColumnMap.objects.update_or_create(
                partnership_id=case_list.partnership_id, headings=queries.headings_print(preview["headings"]),
                defaults={"columns": {str(place): role for place, role in roles.items()}, "at": at},
            )  # fmt: skip
    return case_list


@act
def keep_list(*, case_list: CaseList, by: User, at: datetime) -> CaseList:
    """Keep a list as understood; it stays sealed until four weeks after the draw."""
    under_way(case_list.audit)
    case_list = make(KEEP, case_list, by=by, at=at, detail={"children": case_list.children})
    case_list.kept_at, case_list.purge_on = at, today(at + timedelta(weeks=26))
    case_list.save(update_fields=["kept_at", "purge_on"])
    return case_list


@act
def set_aside(*, case_list: CaseList, by: User, at: datetime) -> CaseList:
    """Let a list go before anything was fixed from it: its file and rows are deleted at once."""
    if case_list.commitments.exclude(state=CommitmentState.WITHDRAWN).exists():
        raise Refused("A fixed list or a draw stands on this list; it stays until its date.")
    return _let_go(case_list, by=by, at=at)


def _let_go(case_list: CaseList, *, by: User | None, at: datetime) -> CaseList:
    if case_list.commitments.exclude(state=CommitmentState.WITHDRAWN).exists():
        return case_list  # a voided draw stands on it: it goes on its date
    case_list = make(SET_ASIDE if by else EXPIRE, case_list, by=by, at=at)
    _empty(case_list)
    return case_list


@act
def purge_list(*, case_list: CaseList, at: datetime) -> CaseList:
    """Delete a list's file, its rows and what ties references to them, on its date."""
    if case_list.purge_on is None or case_list.purge_on > today(at):
        return case_list
    if case_list.state != ListState.KEPT:
        return _let_go(case_list, by=None, at=at)
    for fixed in case_list.commitments.filter(state__in=[CommitmentState.PROPOSED, CommitmentState.CONFIRMED]):
        make(LAPSE, fixed, by=None, at=at)  # nobody drew from it in half a year
    CaseList.objects.filter(pk=case_list.pk).update(purged_at=at)
    case_list = make(PURGE, case_list, by=None, at=at, detail={"children": case_list.children})
    _empty(case_list)
    for fixed in case_list.commitments.order_by("pk"):
        fixed.refs = b""  # the salt stays: with it and the council's own file a ref can still be traced
        fixed.save(update_fields=["refs"])
    return case_list


def _empty(case_list: CaseList) -> None:
    try:
        Block.objects.filter(case_list=case_list).delete()
        Upload.objects.filter(case_list=case_list).delete()
    except ProtectedError as problem:
        raise Refused("Something still stands on this list.") from problem
    case_list.report, case_list.columns, case_list.index = None, None, b""
    case_list.save(update_fields=["report", "columns", "index"])


# Who may be drawn -----------------------------------------------------------------------------


def _kept(case_list: CaseList, by: User) -> CaseList:
    demand(by, Can.FIX_LIST, case_list)
    case_list = CaseList.objects.select_for_update(of=("self",)).get(pk=case_list.pk)
    if case_list.state != ListState.KEPT:
        raise Refused("Keep the list first.")
    if queries.open_commitment(case_list.audit):
        raise Refused("The list is fixed. Withdraw that first, if it is to be changed.")
    return case_list


@act
def set_scope(
    *, case_list: CaseList, areas: Iterable[str], rules: Iterable[str], own_figure: int | None, difference: str,
    by: User, at: datetime,
) -> CaseList:  # fmt: skip
    """Say which service areas the audit looks at, who is left out by rule, and how the council's own count compares."""
    case_list = _kept(case_list, by)
    chosen, left_out = set(areas), sorted(set(rules))
    case_list.areas_in = [code for code in case_list.areas if code in chosen]
    if not case_list.areas_in:
        raise Refused("Choose at least one service area.")
    if own_figure is not None and own_figure != case_list.children and not difference.strip():
        raise Refused("The council's own figure differs from the list: say why.")
    case_list.own_figure, case_list.difference = own_figure, difference.strip() if own_figure is not None else ""
    case_list.save()
    case_list.exclusions.exclude(rule="").exclude(rule__in=left_out).delete()
    for rule in left_out:
        facts: dict[str, Any] = {"partnership_id": case_list.partnership_id, "by": by, "at": at}
        Exclusion.objects.get_or_create(case_list=case_list, rule=rule, child=None, defaults=facts)
    detail = {"areas": case_list.areas_in, "left out": left_out, "own figure": own_figure}
    record("say who may be drawn", on=case_list, by=by, at=at, detail=detail)
    return case_list


@act
def exclude_child(*, case_list: CaseList, number: str, reason: str, by: User, at: datetime) -> Exclusion:
    """Leave one child out before the list is fixed, for a listed reason."""
    case_list = _kept(case_list, by)
    index = queries.index_of(case_list)
    wanted = number.strip()
    if index is None or wanted not in index.number:
        raise Refused("No child in the list has this number.")
    place = index.number.index(wanted)
    made, new = Exclusion.objects.get_or_create(
        case_list=case_list, child=place, rule="",
        defaults={"partnership_id": case_list.partnership_id, "reason": Reason(reason), "by": by, "at": at},
    )  # fmt: skip
    if not new:
        raise Refused("This child is left out already.")
    record("leave a child out", on=case_list, by=by, at=at, detail={"reason": made.reason})
    return made


@act
def include_child(*, exclusion: Exclusion, by: User, at: datetime) -> None:
    """Take back that a child was left out."""
    case_list = _kept(exclusion.case_list, by)
    record("take a child back in", on=case_list, by=by, at=at, detail={"reason": exclusion.reason})
    exclusion.delete()
