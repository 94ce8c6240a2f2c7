"""What people do with lists: give one, have its columns mapped, keep it or set it aside, say who may be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, ProtectedError, Q

from candour.access.policy import Can, demand
from candour.focus.flow import CasesFrom
from candour.focus.flow import State as AuditState
from candour.focus.models import Audit
from candour.identity.holds import is_held
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
)
from candour.sampling.models import Block, CaseList, CodeMap, ColumnMap, Match, Upload
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
def give_list(
    *, audit: Audit, files: Sequence[tuple[str, bytes]], beside: CaseList | None = None,
    same_numbers: bool = False, by: User, at: datetime,
) -> CaseList:  # fmt: skip
    """Take a list in, sealed; it is read next, and nothing of it is kept until somebody says so.

    With a list beside which it is given, it takes no list's place: its children are matched with that one's.
    """
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
    if beside is not None and (beside.audit_id != audit.pk or beside.state != ListState.KEPT or beside.beside_id):
        raise Refused("Keep the list first; a second one is joined to it.")
    for earlier in CaseList.objects.filter(audit=audit).in_hand().order_by("-beside", "pk"):
        if beside is None or earlier.beside_id:
            _let_go(earlier, by=by, at=at)
    case_list = CaseList.objects.create(
        partnership=audit.partnership, audit=audit, given_by=by, given_at=at, purge_on=today(at + UNDECIDED_FOR),
        beside=beside, same_numbers=same_numbers,
    )  # fmt: skip
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
    *, case_list: CaseList, reading: readers.Reading, kept: queries.Kept, previews: Iterable[readers.Preview],
    pairs: Iterable[queries.Pair] = (), at: datetime,
) -> CaseList:  # fmt: skip
    """Write down what was understood of a list: counts, refusals by position, and what is kept of each child."""
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
        "unknown": reading.unknown_spellings(LARGEST_REPORT // 10),
    }
    (case_list.index, case_list.people), case_list.tallies = kept.packed, kept.tallies
    case_list.save()
    Match.objects.filter(second=case_list).delete()
    Match.objects.bulk_create(
        Match(partnership_id=case_list.partnership_id, case_list=case_list.beside, second=case_list, **pair.__dict__)
        for pair in pairs
    )
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
def map_codes(*, case_list: CaseList, meanings: Mapping[str, str], by: User, at: datetime) -> CaseList:
    """Say what spellings mean that no code has; the list is read again, and the partnership need not say it twice."""
    demand(by, Can.READ_LIST, case_list)
    if not meanings:
        raise Refused("Say of at least one spelling what it means.")
    case_list = make(READ_AGAIN, case_list, by=by, at=at)
    case_list.progress = 0
    case_list.save(update_fields=["progress"])
    for spelling, code in meanings.items():
        CodeMap.objects.update_or_create(
            partnership_id=case_list.partnership_id, spelling=spelling, defaults={"code": code, "at": at}
        )
    return case_list


@act
def keep_list(*, case_list: CaseList, by: User, at: datetime) -> CaseList:
    """Keep a list as understood; it stays sealed until four weeks after the draw."""
    under_way(case_list.audit)
    case_list = make(KEEP, case_list, by=by, at=at, detail={"children": case_list.children})
    case_list.kept_at, case_list.purge_on = at, today(at + timedelta(weeks=26))
    case_list.save(update_fields=["kept_at", "purge_on"])
    if case_list.beside_id:
        CaseList.objects.filter(pk=case_list.beside_id).update(version=F("version") + 1)
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
    for second in case_list.seconds.in_hand():
        _let_go(second, by=by, at=at)
    case_list = make(SET_ASIDE if by else EXPIRE, case_list, by=by, at=at)
    if case_list.beside_id:
        CaseList.objects.filter(pk=case_list.beside_id).update(version=F("version") + 1)
    _empty(case_list)
    return case_list


@act
def purge_list(*, case_list: CaseList, at: datetime) -> CaseList:
    """Delete a list's file, its rows and what ties references to them, on its date."""
    if case_list.purge_on is None or case_list.purge_on > today(at) or is_held(audit=case_list.audit):
        return case_list
    if case_list.state != ListState.KEPT:
        return _let_go(case_list, by=None, at=at)
    for fixed in case_list.commitments.filter(state__in=[CommitmentState.PROPOSED, CommitmentState.CONFIRMED]):
        make(LAPSE, fixed, by=None, at=at)  # nobody drew from it in half a year
    CaseList.objects.filter(pk=case_list.pk).update(purged_at=at)
    for second in case_list.seconds.in_hand():
        second.purge_on = case_list.purge_on
        purge_list(case_list=second, at=at)
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
        Match.objects.filter(Q(case_list=case_list) | Q(second=case_list)).delete()
    except ProtectedError as problem:
        raise Refused("Something still stands on this list.") from problem
    case_list.report = case_list.columns = case_list.fixing = None
    case_list.index = case_list.people = b""
    case_list.save(update_fields=["report", "columns", "index", "people", "fixing"])
