"""Two people fix a list, and then it is drawn, once; a draw may be voided, and stays on the record."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from candour.access.policy import Can, demand
from candour.focus import queries as focus
from candour.identity.actions import add_subject, close_openings
from candour.kernel import vault
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.kernel.models import KeyKind
from candour.notices.actions import post
from candour.people.models import Grant, Role, User
from candour.sampling import draw, queries
from candour.sampling.actions.lists import under_way
from candour.sampling.actions.witnessing import name_witnesses, named_witnesses
from candour.sampling.flow import (
    CONFIRM,
    DRAW,
    DROP,
    VOID,
    WITHDRAW,
    CaseState,
    CommitmentState,
    ListState,
    Reason,
    VoidReason,
)
from candour.sampling.models import Case, CaseList, Commitment, Draw, Place
from candour.trail.act import act
from candour.trail.act import record as note
from candour.trail.make import make

if TYPE_CHECKING:
    from candour.focus.models import Audit

KEPT_AFTER_DRAW = timedelta(weeks=4)


@act
def fix_list(
    *,
    case_list: CaseList,
    places: int,
    grouping: str = queries.ONE,
    by_hand: Mapping[str, int] | None = None,
    group_by: str = queries.AREA,
    cross_by: str = "",
    floor: int = 0,
    beacon_round: int | None = None,
    thrown_by: str = "",
    thrown_when: str = "",
    witnesses: Sequence[str] = (),
    prepared: queries.Ready | None = None,
    by: User,
    at: datetime,
) -> Commitment:
    """Settle everything before the public random number can be known: who, how many, from where the number comes.

    What takes long is prepared before this, outside the transaction; what was prepared from a list that has changed
    since is refused.
    """
    demand(by, Can.FIX_LIST, case_list)
    audit = under_way(case_list.audit)
    case_list = CaseList.objects.select_for_update(of=("self",)).get(pk=case_list.pk)
    if case_list.state != ListState.KEPT:
        raise Refused("Keep the list first.")
    if queries.open_commitment(audit) or queries.standing_draw(audit):
        raise Refused("This audit has a fixed list already.")
    named = named_witnesses(audit.partnership, witnesses, at) if beacon_round is None else {}
    thrown_by = thrown_by.strip() or ", then ".join(named.values())
    announced = _announced(beacon_round, thrown_by, thrown_when, at) | (
        {"witnesses": list(named.values())} if named else {}
    )
    plan = queries.Plan(places, grouping, group_by, cross_by, floor)
    made = prepared or queries.ready(case_list, plan, by_hand or {})
    if made.version != case_list.version:
        raise Refused("Somebody changed who may be drawn meanwhile. Look at the counts, and fix the list again.")
    names = {group.code: group.name for group in made.groups}
    document = draw.write_commitment(
        cohort=made.cohort, plan=made.plan_text, binding=made.binding, announced=announced, reasons=Reason.values,
        inclusion=made.inclusion, groups=names, at=at,
    )  # fmt: skip
    fixed = Commitment(
        partnership_id=audit.partnership_id, audit=audit, case_list=case_list, places=places,
        cohort=made.cohort.decode(), plan=made.plan_text.decode(), binding=made.binding.decode(),
        document=document.decode(), digest=draw.fingerprint(document), strata=names,
        source_kind=draw.DICE if beacon_round is None else draw.BEACON, beacon_round=beacon_round,
        thrown_by=thrown_by[:120], thrown_when=thrown_when.strip(), fixed_by=by, fixed_at=at,
    )  # fmt: skip
    fixed.refs, fixed.salt, fixed.listed = made.refs, made.salt, made.listed
    fixed.save(force_insert=True)
    name_witnesses(fixed, list(named))
    case_list.fixing = case_list.fixing_at = None
    case_list.save(update_fields=["fixing", "fixing_at"])
    detail = {"digest": fixed.digest, "children": made.children, "places": places}
    note("fix list", on=fixed, by=by, at=at, detail=detail)
    return fixed


@act
def ask_to_fix(*, case_list: CaseList, settled: dict[str, Any], by: User, at: datetime) -> CaseList:
    """Leave the fixing of a long list to the worker, as whoever asked; asked again, it begins again."""
    demand(by, Can.FIX_LIST, case_list)
    held = CaseList.objects.select_for_update(of=("self",)).get(pk=case_list.pk)
    if held.state != ListState.KEPT or queries.open_commitment(held.audit) or queries.standing_draw(held.audit):
        raise Refused("This list cannot be fixed now.")
    held.fixing, held.fixing_at, held.progress = {"by": by.pk, "settled": settled}, at, 0
    held.save(update_fields=["fixing", "fixing_at", "progress"])
    note("ask to fix list", on=held, by=by, at=at, detail={"places": settled["places"]})
    return held


@act
def give_up_fixing(*, case_list: CaseList, problem: str, at: datetime) -> None:
    """Write down why a long list could not be fixed."""
    held = CaseList.objects.select_for_update(of=("self",)).get(pk=case_list.pk)
    if held.fixing:
        held.fixing, held.fixing_at = {**held.fixing, "problem": problem}, None
        held.save(update_fields=["fixing", "fixing_at"])


def _announced(beacon_round: int | None, thrown_by: str, thrown_when: str, at: datetime) -> dict[str, object]:
    if beacon_round is None:
        if not (thrown_by.strip() and thrown_when.strip()):
            raise Refused("Say who throws the dice, and when.")
        return {"kind": draw.DICE, "thrown_by": thrown_by.strip(), "when": thrown_when.strip()}
    if draw.round_time(beacon_round) < at + draw.NOTICE:
        raise Refused("The public random number must come out at least ten minutes from now.")
    return {"kind": draw.BEACON, "round": beacon_round, "at": draw.round_time(beacon_round).isoformat()}


@act
def confirm_list(*, fixed: Commitment, by: User, at: datetime) -> Commitment:
    """Confirm a fixed list as the second person; its fingerprint goes to the agencies."""
    demand(by, Can.CONFIRM_LIST, fixed)
    held = Commitment.objects.select_for_update(of=("self",)).get(pk=fixed.pk)
    if held.fixed_by_id == by.pk:
        raise Refused("Whoever fixed the list cannot confirm it: it needs a second person.")
    if held.beacon_round is not None and draw.round_time(held.beacon_round) <= at:
        raise Refused("The public random number is out already. Withdraw this, and fix the list with a later one.")
    under_way(held.audit)
    if held.state == CommitmentState.PROPOSED:
        Commitment.objects.filter(pk=held.pk).update(confirmed_by=by, confirmed_at=at)
    fixed = make(CONFIRM, held, by=by, at=at, detail={"digest": held.digest})
    _tell_agencies(fixed, at)
    return fixed


def _tell_agencies(fixed: Commitment, at: datetime) -> None:
    audit = fixed.audit
    agencies = {service.agency_id for service in focus.expected_services(audit)}
    contacts = (
        User.objects.filter(
            is_active=True,
            grants__in=Grant.objects.in_force(today(at)).filter(role=Role.CONTACT, agency__in=agencies),
        )
        .distinct()
        .order_by("pk")
    )
    total = sum(queries.counts(fixed).values())
    for person in contacts:
        post(
            key=f"fixed:{fixed.pk}:{person.pk}", to=person, partnership=audit.partnership, at=at,
            subject=f"{audit.partnership.short_name}: the list of audit {audit.code} is fixed before the draw",
            body=(
                f"For the audit {audit.code}, {fixed.places} of {total} children will be drawn at random.\n"
                "The list is fixed. Keep this fingerprint: with it you can check later that nobody changed the list"
                f" once the random number was known.\n\n{fixed.digest}\n\nYou need do nothing now."
            ),
        )  # fmt: skip


@act
def withdraw_list(*, fixed: Commitment, by: User, at: datetime) -> Commitment:
    """Withdraw a fixed list before it is drawn; it stays on the record."""
    return make(WITHDRAW, fixed, by=by, at=at, detail={"digest": fixed.digest})


@act
def draw_cases(
    *, fixed: Commitment, source: str, prepared: queries.Drawing | None = None, by: User, at: datetime
) -> Draw:
    """Draw the cases from a fixed list with the public random number that was announced.

    The draw itself is worked out before this, outside the transaction, where `prepared` says so.
    """
    demand(by, Can.DRAW, fixed)
    fixed = Commitment.objects.select_for_update(of=("self",)).get(pk=fixed.pk)
    audit = under_way(fixed.audit)
    if (throws := queries.throws_of(fixed)) and queries.thrown(throws) != source:
        raise Refused("This list is drawn with what its witnesses threw, once every one of them has typed it.")
    made = prepared or queries.drawing(fixed, source)
    if (made.source.kind, made.source.round) != (fixed.source_kind, fixed.beacon_round):
        raise Refused("This number does not come from where it was announced to come from.")
    if fixed.beacon_round is not None and draw.round_time(fixed.beacon_round) > at:
        raise Refused("This public random number is not out yet.")
    fixed = make(DRAW, fixed, by=by, at=at, detail={"source": made.source.text})
    found = Draw.objects.create(
        partnership_id=audit.partnership_id, audit=audit, commitment=fixed, source=made.source.text, key=made.key,
        result=made.result, figures=_written(made.figures), drawn_by=by, drawn_at=at,
    )  # fmt: skip
    for order in made.orders:
        for number, ref in enumerate(order.sample, 1):
            place = Place.objects.create(
                partnership_id=audit.partnership_id, draw=found, stratum=order.stratum, number=number
            )
            new_case(audit, ref=ref, at=at, by=by, area=made.areas.get(ref, ""), place=place, position=number)
    CaseList.objects.filter(pk=fixed.case_list_id).update(purge_on=today(at + KEPT_AFTER_DRAW))
    detail = {"key": found.key, "source": found.source, "of": fixed.digest}
    note("draw cases", on=found, by=by, at=at, detail=detail)
    return found


def _areas(fixed: Commitment) -> dict[str, str]:
    index, names = queries.index_of(fixed.case_list), queries.area_names(fixed.case_list)
    if index is None or not fixed.refs:
        return {}
    pairs = json.loads(gzip.decompress(fixed.refs))
    return {ref: names.get(index.area[place], index.area[place]) for ref, place in pairs}


def area_of_ref(found: Draw, ref: str) -> str:
    """The service area of the child that a ref stands for, while the list is there."""
    return _areas(found.commitment).get(ref, "")


def new_case(
    audit: Audit, *, ref: str, at: datetime, by: User, area: str = "", place: Place | None = None,
    position: int | None = None, origin: str = "", because: str = "",
) -> Case:  # fmt: skip
    """Make a case with the next number, which is never used again, its key and its file of identities."""
    last = Case.objects.filter(audit=audit).order_by("-number").values_list("number", flat=True).first() or 0
    mark = " (not random)" if because else ""
    label = f"Case {last + 1}{mark} of audit {audit.code}"
    subject = add_subject(partnership=audit.partnership, label=label, by=by, at=at)
    case = Case(
        partnership_id=audit.partnership_id, audit=audit, number=last + 1, ref=ref, area=area[:60], place=place,
        stratum=place.stratum if place else "", position=position, random=place is not None, origin=origin,
        subject=subject, purposive=bool(because), made_at=at,
    )  # fmt: skip
    vault.make_key(case.pk, KeyKind.CASE, at)
    case.chosen_because = because
    case.save(force_insert=True)
    return case


def hold_against_list(found: Draw) -> None:
    """Work out how the sample looks beside the list, while the list is there."""
    made = queries.figures(found)
    if made:
        found.figures = _written(made)
        found.save(update_fields=["figures"])


def _written(figures: list[draw.Figure]) -> list[dict[str, Any]]:
    return [{"name": one.name, "rows": one.rows, "sentence": one.sentence} for one in figures]


@act
def void_draw(*, found: Draw, reason: str, by: User, at: datetime) -> Draw:
    """Void a draw for a listed reason: its cases go, the record stays, and the list may be fixed again."""
    demand(by, Can.VOID_DRAW, found)
    held = Draw.objects.select_for_update(of=("self",)).get(pk=found.pk)
    under_way(held.audit)
    if reason not in VoidReason.values:
        raise Refused("Say why the draw is voided.")
    beside = Q(audit=held.audit_id, purposive=True)
    for case in Case.objects.filter(Q(place__draw=held) | beside, state=CaseState.ACTIVE).by_number():
        if case.subject:
            close_openings(subject=case.subject, by=by, at=at)
        make(DROP, case, by=by, at=at)
    return _voided(held, reason, by, at)


def _voided(held: Draw, reason: str, by: User, at: datetime) -> Draw:
    if problem := VOID.why_not(held.state, by, held):
        raise Refused(problem)
    held.void_reason, held.voided_by, held.voided_at = reason, by, at
    held.save(update_fields=["void_reason", "voided_by", "voided_at"])
    return make(VOID, held, by=by, at=at, detail={"reason": reason})
