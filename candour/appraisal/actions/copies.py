"""What a service takes of its own returns, and what it gives back as filled Word forms."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from candour.access.policy import Can, demand
from candour.appraisal import queries
from candour.appraisal.actions.declaring import demand_declared
from candour.appraisal.actions.returns import LOCKED, save_answers
from candour.appraisal.flow import State
from candour.appraisal.models import Return, WordForm
from candour.kernel.errors import Refused
from candour.people.models import User
from candour.tools.values import both
from candour.tools.word import Form
from candour.trail.act import act, record

ENDINGS = {"pdf": "PDF", "docx": "Word form"}


@act
def take_copy(*, ret: Return, ending: str, by: User, at: datetime) -> bool:
    """Take the service's own copy of a return out of Candour; before the deadline or after it, locked or not."""
    demand(by, Can.TAKE_COPY, ret)
    demand_declared(ret, by)
    record("take a copy", on=ret, by=by, at=at, detail={"as": ENDINGS[ending]}, key=ret.case_id)
    return True


@act
def take_copies(*, rets: Sequence[Return], by: User, at: datetime) -> bool:
    """Take the Word forms of several returns at once."""
    if not rets:
        raise Refused("You have no return to write at the moment, so there is no form to take.")
    for ret in rets:
        take_copy(ret=ret, ending="docx", by=by, at=at)
    return True


@act
def take_overview(*, rets: Sequence[Return], by: User, at: datetime) -> bool:
    """Take what all returns of a service say out of Candour, for its board; each partnership's record says so."""
    if not rets:
        raise Refused("No return of this service is in yet, so there is nothing to print.")
    for ret in {ret.partnership_id: ret for ret in rets}.values():
        demand(by, Can.TAKE_COPY, ret)
        record("take the service's overview", on=ret, by=by, at=at, key=ret.case_id)
    return True


@act
def give_form(*, ret: Return, form: Form, by: User, at: datetime) -> WordForm:
    """Keep a filled form as it was understood, until its writer has looked at it; a newer one takes its place."""
    demand(by, Can.WRITE_RETURN, ret)
    demand_declared(ret, by)
    _demand_open(ret)
    WordForm.objects.filter(ret=ret, by=by).delete()
    return WordForm.objects.create(
        partnership_id=ret.partnership_id,
        ret=ret,
        case_id=ret.case_id,
        by=by,
        at=at,
        taken_at=queries.taken(form),
        answers=form.answers,
        warnings=form.warnings,
    )


def _demand_open(ret: Return) -> None:
    if Return.objects.select_for_update().only("state").get(pk=ret.pk).state != State.DRAFT:
        raise Refused(LOCKED)


@act
def take_in(
    *, form: WordForm, chosen: Mapping[str, str], seen: Mapping[str, int], by: User, at: datetime
) -> queries.Understood | None:
    """Take in the answers of a form as its writer chose: `mine`, `theirs` or `both`. What stands is overwritten only in
    the version that they saw; what has changed since is given back to choose again."""
    demand(by, Can.WRITE_RETURN, form.ret)
    demand_declared(form.ret, by)
    _demand_open(form.ret)
    found = queries.understood(form)
    save_answers(ret=form.ret, given=queries.aside(found, chosen), by=by, at=at)
    kept = []
    for one in found.all:
        choice = chosen.get(one.question.key, "theirs" if one.clash else "mine")
        if choice == "theirs" or seen.get(one.question.key) != one.seen:
            continue
        value = both(one.theirs.value, one.mine.value) if choice == "both" and one.theirs else one.mine.value
        kept.append(one.given(value))
    saved = save_answers(ret=form.ret, given=kept, by=by, at=at)
    moved = [one for one in found.all if seen.get(one.question.key) != one.seen]
    detail = {"answers taken in": len(kept), "changed meanwhile": len(moved)}
    record("take in a Word form", on=form.ret, by=by, at=at, detail=detail, key=form.case_id)
    if moved or saved.clashes:
        return queries.understood(form)
    form.delete()
    return None


@act
def leave_form(*, form: WordForm, by: User, at: datetime) -> None:
    """Let a form go without taking anything in."""
    demand(by, Can.WRITE_RETURN, form.ret)
    record("leave a Word form", on=form.ret, by=by, at=at, key=form.case_id)
    form.delete()
