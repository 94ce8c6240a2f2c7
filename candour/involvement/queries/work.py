"""What involvement leaves to do, for a person and for an audit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Q
from django.urls import reverse

from candour.access.policy import Can, allows
from candour.access.rows import own_rows
from candour.access.viewer import viewer_of
from candour.focus.flow import MilestoneKind
from candour.focus.flow import State as AuditState
from candour.focus.models import Audit
from candour.identity.homes import Home
from candour.involvement.flow import State
from candour.involvement.models import Ask, AskedCase, Involvement, Known, Screening
from candour.involvement.queries.alone import alone
from candour.involvement.queries.lapsed import lapsed
from candour.involvement.queries.rows import OWED, Prepared, preparations, screened_audits
from candour.kernel.clock import today
from candour.kernel.tasks import Stage, Task
from candour.people.models import Role
from candour.sampling.flow import CaseState
from candour.sampling.models import Case

if TYPE_CHECKING:
    from candour.identity.models import Subject
    from candour.people.models import User

ANSWERS = "answers:"
"""How the key of the deadline of an ask begins."""


def home_of(subject: Subject) -> Home | None:
    """The page from which a case's identities are entered."""
    case = Case.objects.filter(subject=subject).select_related("audit").first()
    if case is None:
        return None
    return Home(reverse("involvement:prepare", args=[case.audit_id]), f"Cases of {case.audit.code}")


def case_links(case: Case, user: User) -> list[tuple[str, str]]:
    """The identities of a case, for whoever enters them and for the scrutineer."""
    if not case.subject_id:
        return []
    links = []
    if allows(user, Can.SEE_SUBJECT, case):
        links.append(("Identities", reverse("identity:show", args=[case.subject_id])))
    if allows(user, Can.REVEAL_CASE, case):
        links.append(("Identities, for scrutiny", reverse("identity:scrutiny", args=[case.subject_id])))
    return links


def tasks(user: User, on: date) -> list[Task]:
    """What involvement wants of a person: a contact's answers and names, a coordinator's next acts."""
    return [*_contact_tasks(user, on), *_coordinator_tasks(user), *alone(viewer_of(user).coordinates, on)]


def _contact_tasks(user: User, on: date) -> list[Task]:
    viewer = viewer_of(user)
    if not viewer.services_as(Role.CONTACT):
        return []
    asks = (
        Ask.objects.filter(own_rows(viewer, Role.CONTACT), audit__state=AuditState.UNDER_WAY)
        .exclude(state=State.WITHDRAWN)
        .select_related("audit", "partnership", "service")
        .order_by("due_on", "audit__code", "pk")
    )
    found = list(asks)
    asked, answered, unnamed, screening = counts(found)
    lost: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in lapsed(found, on):
        lost[one.answer.audit_id, one.answer.service_id].add(f"{one.says}.")
    made = []
    for ask in found:
        gone = sorted(lost[ask.audit_id, ask.service_id])
        open_now, done, nameless = asked[ask.pk], answered[ask.pk], unnamed[ask.pk]
        about = _about(ask)
        if screening[ask.pk]:
            made.append(_screening_task(ask, screening[ask.pk], about))
        if done < open_now and ask.state == State.OPEN:
            note = f"{ask.service}: {done} of {open_now} answered."
            title = f"Say which children you know: {ask.audit.code}"
            made.append(Task(title, reverse("involvement:answer", args=[ask.pk]), note=note, tag="Answer", **about))
        elif nameless or gone:
            missing = [f"{_many(nameless, 'case')} without an auditor."] if nameless else []
            note = f"{ask.service}: {' '.join([*missing, *gone])}"
            title = f"Name who completes the returns: {ask.audit.code}"
            made.append(Task(title, reverse("involvement:people", args=[ask.pk]), note=note, tag="Name", **about))
    return made


def _about(ask: Ask) -> dict[str, Any]:
    about = {"partnership": ask.partnership.short_name, "due": ask.due_on, "audit": ask.audit_id}
    return about | {"deadline": f"{ANSWERS}{ask.pk}", "duty": (Role.CONTACT, ask.service_id)}


def _screening_task(ask: Ask, waiting: int, about: dict[str, Any]) -> Task:
    return Task(
        f"Look at the sample first: {ask.audit.code}",
        reverse("involvement:screen", args=[ask.pk]),
        note=f"{ask.service}: {_many(waiting, 'case')} before other services are asked.",
        tag="First",
        tone="amber",
        **about,
    )


def counts(asks: list[Ask]) -> tuple[dict[str, int], ...]:
    """By ask, how many cases were asked about, answered, without an auditor, and still to be screened."""
    active = {"case__state": CaseState.ACTIVE}
    asked: dict[str, int] = defaultdict(int)
    answered: dict[str, int] = defaultdict(int)
    unnamed: dict[str, int] = defaultdict(int)
    screening: dict[str, int] = defaultdict(int)
    by_place = {(ask.audit_id, ask.service_id): ask.pk for ask in asks}
    rows = AskedCase.objects.filter(ask__in=asks, **active).order_by("ask_id").values("ask_id")
    for row in rows.annotate(many=Count("pk")):
        asked[row["ask_id"]] = row["many"]
    given = Involvement.objects.filter(
        audit__in={ask.audit_id for ask in asks}, service__in={ask.service_id for ask in asks}, **active
    )
    places = given.order_by("audit_id", "service_id").values("audit_id", "service_id")
    for total in places.annotate(many=Count("pk"), nameless=Count("pk", filter=OWED & Q(auditor__isnull=True))):
        place = by_place.get((total["audit_id"], total["service_id"]), "")
        answered[place], unnamed[place] = total["many"], total["nameless"]
    waiting = Screening.objects.filter(ask__in=asks, outcome="", **active).order_by("ask_id").values("ask_id")
    for row in waiting.annotate(many=Count("pk")):
        screening[row["ask_id"]] = row["many"]
    return asked, answered, unnamed, screening


def late_asks(audits: Iterable[Audit], on: date) -> list[tuple[Ask, int]]:
    """The asks of these audits whose day has passed, each with how many of its answers are missing."""
    asks = list(
        Ask.objects.filter(audit__in=list(audits), state=State.OPEN, due_on__lt=on)
        .select_related("service")
        .order_by("due_on", "service__name", "pk")
    )
    active = {"case__state": CaseState.ACTIVE}
    rows = AskedCase.objects.filter(ask__in=asks, **active).order_by("ask_id").values("ask_id")
    asked = {row["ask_id"]: row["many"] for row in rows.annotate(many=Count("pk"))}
    given = Involvement.objects.filter(audit__in={ask.audit_id for ask in asks}, **active)
    places = given.order_by("audit_id", "service_id").values("audit_id", "service_id").annotate(many=Count("pk"))
    answered = {(row["audit_id"], row["service_id"]): row["many"] for row in places}
    missing = ((ask, asked.get(ask.pk, 0) - answered.get((ask.audit_id, ask.service_id), 0)) for ask in asks)
    return [(ask, many) for ask, many in missing if many > 0]


def _coordinator_tasks(user: User) -> list[Task]:
    mine = viewer_of(user).coordinates
    if not mine:
        return []
    under_way = Audit.objects.filter(partnership__in=mine, state=AuditState.UNDER_WAY)
    audits = list(under_way.select_related("partnership").prefetch_related("milestones").order_by("code", "pk"))
    made = []
    for audit, step in zip(audits, _stages(audits), strict=True):
        if step.state == "now" and step.next_text:
            about: dict[str, Any] = {"due": _due(audit), "note": step.figures, "audit": audit.pk}
            about["partnership"] = audit.partnership.short_name
            made.append(Task(f"{audit.code}: {step.next_text}", step.next_url, tag="Involvement", **about))
    return made


def _due(audit: Audit) -> date | None:
    return next((one.due_on for one in audit.milestones.all() if one.kind == MilestoneKind.INVOLVEMENT), None)


def stage(audit: Audit) -> Stage:
    """How far involvement is in one audit, and the one next act."""
    return _stages([audit])[0]


def _stages(audits: list[Audit]) -> list[Stage]:
    cases, totals, screened = preparations(audits), _totals(audits), screened_audits(audits)
    return [_stage(audit, cases[audit.pk], totals[audit.pk], audit.pk in screened) for audit in audits]


def _stage(audit: Audit, cases: list[Prepared], totals: dict[str, Any], screens: bool) -> Stage:
    prepare, url = (reverse(f"involvement:{page}", args=[audit.pk]) for page in ("prepare", "grid"))
    if not cases:
        return Stage("todo", "no cases yet", url=prepare)
    if not all(row.asked for row in cases):
        figures, text = _before(cases, screens)
        return Stage("now", figures, text, prepare, prepare)
    figures = f"{totals['answered']} of {totals['asked']} answers, {_many(totals['owed'], 'return')} owed"
    if totals["answered"] >= totals["asked"] and not totals["unnamed"] and not totals["phone"]:
        return Stage("done", figures, url=url)
    return Stage("now", figures, _after(totals), url, url)


def _totals(audits: list[Audit]) -> dict[str, dict[str, Any]]:
    """Per audit: answers asked for, answered, owed, owed without an auditor, and those to phone about."""
    names = ("asked", "answered", "owed", "unnamed", "phone")
    found: dict[str, dict[str, Any]] = {audit.pk: {"due": None, **dict.fromkeys(names, 0)} for audit in audits}
    active = Q(case__state=CaseState.ACTIVE)
    asked = AskedCase.objects.filter(active, ask__audit__in=audits).exclude(ask__state=State.WITHDRAWN)
    for row in (
        asked.order_by("ask__audit_id").values("ask__audit_id").annotate(many=Count("pk"), due=Max("ask__due_on"))
    ):
        found[row["ask__audit_id"]].update(asked=row["many"], due=row["due"])
    given = Involvement.objects.filter(active, audit__in=audits).order_by("audit_id").values("audit_id")
    counted = given.annotate(
        answered=Count("pk"),
        owed=Count("pk", filter=OWED),
        unnamed=Count("pk", filter=OWED & Q(auditor__isnull=True)),
        phone=Count("pk", filter=Q(answer__in=[Known.RESTRICTED, Known.MORE_NEEDED])),
    )
    for total in counted:
        found[total["audit_id"]].update({name: total[name] for name in names[1:]})  # type: ignore[literal-required]
    return found


def _before(cases: list[Prepared], screens: bool) -> tuple[str, str]:
    unasked = [row for row in cases if not row.asked]
    nameless = [row for row in unasked if not row.persons]
    flagged = [row for row in unasked if row.flagged]
    waiting = [row for row in unasked if row.waiting]
    unseen = [row for row in unasked if screens and not row.screenings]
    figures = f"identities of {len(cases) - len(nameless)} of {len(cases)} cases"
    if flagged:
        return figures, f"decide whether to replace {_many(len(flagged), 'case')}."
    if nameless:
        return figures, f"enter the identities of {_many(len(nameless), 'case')}."
    if unseen:
        return figures, f"ask social care and the police to look at {_many(len(unseen), 'case')}."
    if waiting:
        return figures, f"wait for social care and the police to look at {_many(len(waiting), 'case')}."
    return figures, f"ask about {_many(len(unasked), 'case')}."


def _after(totals: dict[str, Any]) -> str:
    late = totals["due"] is not None and today() > totals["due"]
    missing = totals["asked"] - totals["answered"]
    if missing > 0:
        return f"remind: {_many(missing, 'answer')} still to come." if late else f"{_many(missing, 'answer')} to come."
    if totals["phone"]:
        return f"phone about {_many(totals['phone'], 'answer')}."
    return f"see that {_many(totals['unnamed'], 'return')} gets an auditor."


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
