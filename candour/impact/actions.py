"""What people do in impact: set actions, report on them, and judge later whether the learning is in practice."""

from datetime import date, datetime, timedelta
from typing import Any

from candour.access.policy import Can, demand
from candour.focus import actions as focus
from candour.focus import queries as focus_queries
from candour.focus.models import Audit
from candour.impact import queries
from candour.impact.flow import (
    BEGIN,
    BEGIN_CHECK,
    CONCLUDE,
    CONFIRM,
    DROP,
    FINISH,
    REOPEN,
    ActionState,
    CheckState,
)
from candour.impact.models import Action, Judgement, Progress, SenseCheck
from candour.kernel.clock import add_working_days, today
from candour.kernel.errors import Refused, Stale
from candour.learning import queries as learning
from candour.learning.models import Recommendation
from candour.notices import actions as notices
from candour.people.models import Agency, User
from candour.trail.act import act, record
from candour.trail.make import make

USUALLY = timedelta(days=90)  # for a recommendation without a date of its own
OPEN = (ActionState.OPEN, ActionState.UNDER_WAY)


# Actions


@act
def open_actions(*, audit: Audit, by: User, at: datetime) -> int:
    """Make an action for every agency that a cleared recommendation of this audit concerns and that has none yet."""
    demand(by, Can.EDIT_ACTION, audit)
    made = 0
    have = set(Action.objects.filter(recommendation__audit=audit).values_list("recommendation_id", "agency_id"))
    for recommendation in learning.cleared(audit):
        for agency in recommendation.agencies.all():
            if (recommendation.pk, agency.pk) not in have:
                set_action(recommendation=recommendation, agency=agency, due_on=None, by=by, at=at)
                made += 1
    if not made:
        raise Refused("Every agency that a cleared recommendation concerns has its action already.")
    return made


@act
def set_action(
    *,
    recommendation: Recommendation,
    agency: Agency,
    due_on: date | None,
    owner: User | None = None,
    step: str = "",
    by: User,
    at: datetime,
) -> Action:
    """Ask one agency to act on one recommendation by a day."""
    demand(by, Can.EDIT_ACTION, recommendation)
    if not recommendation.text:
        raise Refused("This recommendation has not been cleared yet.")
    if Action.objects.filter(recommendation=recommendation, agency=agency).exists():
        raise Refused("This agency has its action on this recommendation already.")
    _may_own(agency, owner, at)
    action = Action.objects.create(
        partnership_id=recommendation.partnership_id,
        recommendation=recommendation,
        agency=agency,
        owner=owner,
        step=step,
        due_on=due_on or recommendation.due_on or add_working_days(today(at) + USUALLY, 0),
        made_at=at,
    )
    _note(action, "set", "", by, at)
    record("set an action", on=action, by=by, at=at, detail={"agency": agency.pk, "due": action.due_on})
    _tell(action, at)
    return action


@act
def edit_action(
    *, action: Action, owner: User | None, due_on: date, step: str, version: int, by: User, at: datetime
) -> Action:
    """Name another owner, another day, or say more exactly what this agency does."""
    demand(by, Can.EDIT_ACTION, action)
    held = Action.objects.select_for_update().get(pk=action.pk)
    if held.version != version:
        raise Stale("Somebody else has changed this action meanwhile. Look at it again.", theirs=held)
    _may_own(held.agency, owner, at)
    moved, handed = held.due_on != due_on, held.owner_id != (owner.pk if owner else None)
    held.owner, held.step, held.version = owner, step, held.version + 1
    note = f"Due on {due_on.day} {due_on:%B %Y} instead of {held.due_on.day} {held.due_on:%B %Y}." if moved else ""
    held.due_on = due_on
    held.save(update_fields=["owner", "step", "due_on", "version"])
    _note(held, "changed", note, by, at)
    record("changed an action", on=held, by=by, at=at, detail={"due": due_on, "owner": held.owner_id})
    if handed:
        _tell(held, at)
    return held


def _may_own(agency: Agency, owner: User | None, at: datetime) -> None:
    if owner and owner.pk not in {person.pk for person in queries.people_of(agency, today(at))}:
        raise Refused("The owner has to hold a role in this agency. Invite them first.")


def _tell(action: Action, at: datetime) -> None:
    if action.owner:
        notices.post(
            key=f"action:{action.pk}:{action.owner_id}",
            to=action.owner,
            subject=f"{action.partnership.short_name}: an action after an audit is yours",
            body="Your agency has been asked to act on what an audit recommends, and you are named as its owner.",
            path=queries.address(action),
            partnership=action.partnership,
            at=at,
        )


def _note(action: Action, what: str, note: str, by: User | None, at: datetime) -> None:
    Progress.objects.create(partnership_id=action.partnership_id, action=action, what=what, note=note, by=by, at=at)


@act
def report(*, action: Action, done: bool, note: str, evidence: str, difference: str, by: User, at: datetime) -> Action:
    """Say how far an action is; with what shows it, and the difference it made, it can be done."""
    demand(by, Can.REPORT_ACTION, action)
    held = Action.objects.select_for_update().get(pk=action.pk)
    if held.state not in OPEN:
        raise Refused(f"This action is {held.get_state_display()}.")
    if not (done or note or evidence != held.evidence or difference != held.difference):
        raise Refused("Write how far it is.")
    held.evidence, held.difference = evidence, difference
    held.closed_at = at if done else None
    held.save(update_fields=["evidence", "difference", "closed_at"])
    _note(held, "done" if done else "under way", note, by, at)
    if done:
        return make(FINISH, held, by=by, at=at)
    return make(BEGIN, held, by=by, at=at) if held.state == ActionState.OPEN else held


@act
def drop_action(*, action: Action, because: str, by: User, at: datetime) -> Action:
    """Let an action go, with the reason on record."""
    held = Action.objects.select_for_update().get(pk=action.pk)
    held.dropped_because, held.closed_at = because.strip(), at
    held.save(update_fields=["dropped_because", "closed_at"])
    held = make(DROP, held, by=by, at=at)
    _note(held, "dropped", because.strip(), by, at)
    return held


@act
def reopen_action(*, action: Action, because: str, by: User, at: datetime) -> Action:
    """Take up a closed action again, because it is not in practice after all."""
    if not because.strip():
        raise Refused("Say why it is taken up again.")
    held = make(REOPEN, action, by=by, at=at)
    held.closed_at, held.dropped_because = None, ""
    held.save(update_fields=["closed_at", "dropped_because"])
    _note(held, "taken up again", because.strip(), by, at)
    return held


# Sense checks


@act
def plan_check(*, follows: Audit, way: str, due_on: date, by: User, at: datetime) -> SenseCheck:
    """Plan a later look at whether an audit's recommendations are in practice; a small audit of its own may carry it."""
    demand(by, Can.JUDGE_LEARNING, follows)
    if not learning.cleared(follows).exists():
        raise Refused("This audit has no cleared recommendation that could be tested.")
    if SenseCheck.objects.filter(follows=follows).exclude(state=CheckState.CONCLUDED).exists():
        raise Refused("A sense check of this audit is planned or under way already.")
    audit = _small_audit(follows, due_on, by, at) if way == SenseCheck.Way.AUDIT else None
    check = SenseCheck.objects.create(
        partnership_id=follows.partnership_id,
        follows=follows,
        audit=audit,
        way=way,
        due_on=due_on,
        made_by=by,
        made_at=at,
    )
    record("planned a sense check", on=check, by=by, at=at, detail={"follows": follows.pk, "due": due_on})
    return check


def _small_audit(follows: Audit, due_on: date, by: User, at: datetime) -> Audit:
    starts_on = max(today(at), add_working_days(due_on, -20))
    about: dict[str, Any] = {
        "title": f"Sense check of {follows.code}"[:140],
        "who": follows.who,
        "summary": f"Whether what was recommended after {follows.code} is in practice, in a few newer cases.",
        "lines": "\n".join(row.text for row in learning.cleared(follows)),
        "review_from": follows.review_to + timedelta(days=1),
        "review_to": max(starts_on, follows.review_to + timedelta(days=2)),
        "inclusion_rule": follows.inclusion_rule,
        "pace": "compressed",
    }
    code = focus_queries.next_code(follows.partnership, starts_on.year)
    return focus.open_audit(partnership=follows.partnership, code=code, starts_on=starts_on, by=by, at=at, **about)


@act
def begin_check(
    *,
    check: SenseCheck,
    cases_looked_at: int | None,
    looked_from: date | None,
    looked_to: date | None,
    how: str,
    by: User,
    at: datetime,
) -> SenseCheck:
    """Say in figures what the sense check looks at: how many newer cases, of which months, and how."""
    demand(by, Can.JUDGE_LEARNING, check)
    held = SenseCheck.objects.select_for_update().get(pk=check.pk)
    if held.state == CheckState.CONCLUDED:
        raise Refused("This sense check is concluded.")
    held.cases_looked_at, held.looked_from, held.looked_to, held.how = cases_looked_at, looked_from, looked_to, how
    held.save(update_fields=["cases_looked_at", "looked_from", "looked_to", "how"])
    return make(BEGIN_CHECK, held, by=by, at=at) if held.state == CheckState.PLANNED else held


@act
def judge(
    *,
    check: SenseCheck,
    recommendation: Recommendation,
    verdict: str,
    evidence: str,
    seen_in: int | None = None,
    then: str = Judgement.Then.LEAVE,
    by: User,
    at: datetime,
) -> Judgement:
    """Judge one recommendation: embedded, partly, not, or cannot tell; with what shows it."""
    demand(by, Can.JUDGE_LEARNING, check)
    held = SenseCheck.objects.select_for_update().get(pk=check.pk)
    if held.state != CheckState.UNDER_WAY:
        raise Refused(f"This sense check is {held.get_state_display()}: nothing can be judged in it now.")
    if recommendation.audit_id != held.follows_id or not recommendation.text:
        raise Refused("This sense check does not test that recommendation.")
    if not evidence.strip():
        raise Refused("Say what shows it.")
    if seen_in is not None and held.cases_looked_at is not None and seen_in > held.cases_looked_at:
        raise Refused(f"It was seen in more cases than the {held.cases_looked_at} that were looked at.")
    if verdict == Judgement.Verdict.NOT and then == Judgement.Then.CLOSE:
        raise Refused("What is not in practice cannot be closed.")
    row = Judgement.objects.filter(sense_check=held, recommendation=recommendation).first()
    row = row or Judgement(partnership_id=held.partnership_id, sense_check=held, recommendation=recommendation)
    row.verdict, row.evidence, row.seen_in, row.then = verdict, evidence.strip(), seen_in, then
    row.by, row.at, row.version = by, at, row.version + 1
    row.save()
    record("judged a recommendation", on=row, by=by, at=at, detail={"verdict": verdict, "then": then})
    return row


@act
def conclude_check(*, check: SenseCheck, message: str, by: User, at: datetime) -> SenseCheck:
    """Conclude a sense check: each judgement closes its recommendation's actions, takes them up again, or leaves them."""
    held = SenseCheck.objects.select_for_update().get(pk=check.pk)
    held.message, held.concluded_at = message.strip(), at
    held.save(update_fields=["message", "concluded_at"])
    held = make(CONCLUDE, held, by=by, at=at)
    for judgement in held.judgements.select_related("recommendation").order_by("pk"):
        _follow(judgement, by, at)
    return held


def _follow(judgement: Judgement, by: User, at: datetime) -> None:
    said = f"{judgement.get_verdict_display()}: {judgement.evidence}"
    for action in judgement.recommendation.actions.select_for_update().order_by("pk"):
        if judgement.then == Judgement.Then.CLOSE and action.state in OPEN:
            action.closed_at = at
            action.save(update_fields=["closed_at"])
            _note(make(CONFIRM, action, by=by, at=at), "closed by the sense check", said, by, at)
        elif judgement.then == Judgement.Then.REOPEN and action.state not in OPEN:
            reopened = make(REOPEN, action, by=by, at=at, detail={"sense_check": judgement.sense_check_id})
            reopened.closed_at, reopened.dropped_because = None, ""
            reopened.save(update_fields=["closed_at", "dropped_because"])
            _note(reopened, "taken up again after the sense check", said, by, at)
