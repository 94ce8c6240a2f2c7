"""What the worker does: read a list, send the checkpoint before a draw, purge what is due. Each may run twice."""

from __future__ import annotations

import logging
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import Error as DatabaseError
from django.db.models import Sum
from django.db.models.functions import Length
from django_q.tasks import async_task

from candour.access.acting import acting
from candour.access.policy import Can
from candour.kernel.clock import now, today
from candour.kernel.errors import Refused
from candour.notices.checkpoints import send_checkpoint
from candour.sampling import actions, queries, readers
from candour.sampling.flow import CommitmentState, ListState
from candour.sampling.models import CaseList, Commitment, Draw, IdentitySheet
from candour.trail.models import Chain

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.people.models import User

log = logging.getLogger(__name__)
AT_ONCE = 3_000_000  # characters sealed; a larger list is read by the worker
BLOCK = 500
FIXED_AT_ONCE = 5000  # children; a longer list is fixed by the worker
UNFORESEEN = (
    "This list could not be read: something in it is of a kind that Candour does not know. Save it again from the"
    " program that made it, or paste the rows."
)


def begin_reading(case_list: CaseList) -> None:
    """Read a small list now, outside any transaction, and leave a large one to the worker."""
    size = case_list.uploads.aggregate(size=Sum(Length("content")))["size"] or 0
    if size <= AT_ONCE:
        read_list(case_list.pk)
    else:
        async_task("candour.sampling.jobs.read_list", case_list.pk)


class NotRead(Exception):
    """That a list could not be read just now. It says nothing more: an error's own words may hold a row's values."""


def read_list(pk: str) -> None:
    """Read a list that waits for it, whatever is in it: what cannot be read is said so, and nobody is told a value."""
    try:
        _read_list(pk)
    except DatabaseError as problem:
        raise NotRead(f"{type(problem).__name__} while list {pk} was read") from None  # the worker tries again
    except Exception:
        log.exception("List %s could not be read", pk)
        case_list = CaseList.objects.get(pk=pk)
        actions.give_up(case_list=case_list, problem=UNFORESEEN, at=now())


def _read_list(pk: str) -> None:
    """Read a list; what was understood is written down in small batches."""
    case_list = CaseList.objects.select_related("partnership", "beside").filter(pk=pk, state=ListState.READING).first()
    if case_list is None:
        return
    try:
        acting(case_list.given_by_id or "", Can.READ_LIST, CaseList, pk)
    except Refused as refused:
        actions.give_up(case_list=case_list, problem=str(refused), at=now())
        return
    files = [(upload.name, bytes(upload.content)) for upload in case_list.uploads.order_by("number")]
    columns = _columns(case_list)
    CaseList.objects.filter(pk=pk).update(expected=queries.rows_expected(files), progress=0)
    try:
        reading, previews = _read(case_list, files, columns)
    except readers.NeedsColumns as needs:
        remembered = {} if columns else queries.remembered(case_list.partnership, needs.tables)
        if not remembered:
            actions.give_up(case_list=case_list, problem=str(needs), previews=needs.tables, at=now())
            return
        reading = _read_as(case_list, files, remembered)
        previews = readers.preview(files, remembered)
    except readers.NotUsable as problem:
        actions.give_up(case_list=case_list, problem=str(problem), at=now())
        return
    files.clear()
    _hold(case_list, reading)
    kept = queries.Kept.of(reading)
    pairs = queries.pairs_with(case_list, kept)
    actions.understand(case_list=case_list, reading=reading, kept=kept, previews=previews, pairs=pairs, at=now())


def _read(
    case_list: CaseList, files: list[tuple[str, bytes]], columns: dict[str, dict[int, str]]
) -> tuple[readers.Reading, list[readers.Preview]]:
    """Read with the columns as they were mapped, or as the partnership mapped the same headings before."""
    reading = _read_as(case_list, files, columns)
    previews = readers.preview(files, columns or None) if reading.kind == readers.table.KIND else []
    before = {} if columns else queries.remembered(case_list.partnership, previews)
    if all(before.get(preview.key, preview.roles) == preview.roles for preview in previews):
        return reading, previews
    whole = {preview.key: before.get(preview.key, preview.roles) for preview in previews}
    return _read_as(case_list, files, whole), readers.preview(files, whole)


def _read_as(
    case_list: CaseList, files: list[tuple[str, bytes]], columns: dict[str, dict[int, str]]
) -> readers.Reading:
    def tell(rows: int) -> None:
        CaseList.objects.filter(pk=case_list.pk).update(progress=rows)

    home = case_list.partnership_id
    on, rules, said = today(case_list.given_at), queries.area_rules(home), queries.spellings(home)
    return readers.read(files, on, columns or None, tell, rules, said)


def _columns(case_list: CaseList) -> dict[str, dict[int, str]]:
    mapped = case_list.columns or {}
    return {key: {int(place): role for place, role in roles.items()} for key, roles in mapped.items()}


def _hold(case_list: CaseList, reading: readers.Reading) -> None:
    children, first = reading.in_order(), 0
    while batch := list(islice(children, BLOCK)):
        actions.hold_rows(case_list=case_list, first=first, children=batch, at=now())
        first += len(batch)
        for child in batch:
            child.rows.clear()


def count_again(pk: str) -> None:
    """Count who may be drawn, outside any transaction, and keep it with the list; safe to do again."""
    case_list = CaseList.objects.filter(pk=pk, state=ListState.KEPT).first()
    if case_list and (case_list.settled or {}).get("version") != case_list.version:
        found = queries.eligible(case_list)
        actions.hold_count(case_list=case_list, found=found, version=case_list.version, at=now())


def begin_fixing(case_list: CaseList, settled: dict[str, Any], by: User) -> Commitment | CaseList:
    """Fix a small list now, and leave a large one to the worker; either way it is made ready outside any transaction."""
    if case_list.children <= FIXED_AT_ONCE:
        prepared = queries.ready(case_list, *queries.plan_of(settled))
        return actions.fix_list(case_list=case_list, **settled, prepared=prepared, by=by, at=now())
    asked = actions.ask_to_fix(case_list=case_list, settled=settled, by=by, at=now())
    async_task("candour.sampling.jobs.fix_list", case_list.pk)
    return asked


def fix_list(pk: str) -> None:
    """Fix a large list that waits for it: made ready piece by piece, then written down in one short act."""
    case_list = CaseList.objects.select_related("partnership").filter(pk=pk, state=ListState.KEPT).first()
    if case_list is None or not (wanted := case_list.fixing) or "problem" in wanted:
        return
    settled = wanted["settled"]

    def tell(children: int) -> None:
        CaseList.objects.filter(pk=pk).update(progress=children)

    try:
        by, _ = acting(wanted["by"], Can.FIX_LIST, CaseList, pk)
        prepared = queries.ready(case_list, *queries.plan_of(settled), tell)
        actions.fix_list(case_list=case_list, **settled, prepared=prepared, by=by, at=now())
    except Refused as refused:
        actions.give_up_fixing(case_list=case_list, problem=str(refused), at=now())


def draw_cases(*, fixed: Commitment, source: str, by: User, at: datetime) -> Draw:
    """Draw the cases: worked out outside any transaction, then written down in one short act."""
    prepared = queries.drawing(fixed, source) if fixed.state == CommitmentState.CONFIRMED else None
    return actions.draw_cases(fixed=fixed, source=source, prepared=prepared, by=by, at=at)


def after_confirming(fixed: Commitment) -> None:
    """Sign where the record stands, and send it out, before the public random number can be known."""
    chain = Chain.objects.select_related("partnership").get(partnership=fixed.partnership_id)
    send_checkpoint(chain=chain, reason="list fixed before a draw", at=now())


def read_form(*, audit: Audit, files: list[tuple[str, bytes]], by: User, at: datetime) -> IdentitySheet:
    """Read a filled form of identities outside any transaction, and hold what was understood, sealed."""
    try:
        filled = queries.read_form(audit, files, today(at))
    except readers.NotUsable as problem:
        raise Refused(str(problem)) from None
    return actions.take_form(audit=audit, filled=filled, by=by, at=at)


def purge_lists(at: datetime) -> None:
    """Delete every list whose date has come, those that nobody kept, and forms of identities that nobody kept."""
    for sheet in IdentitySheet.objects.filter(given_at__lte=at - actions.UNDECIDED_FOR).order_by("pk"):
        actions.let_form_go(sheet=sheet, by=None, at=at)
    due = CaseList.objects.filter(purge_on__lte=today(at)).in_hand().order_by("purge_on", "pk")
    for case_list in due.select_related("audit"):
        actions.purge_list(case_list=case_list, at=at)
