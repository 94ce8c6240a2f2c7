"""What appraisal leaves to do, for a person and for an audit."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from candour.access.viewer import viewer_of
from candour.appraisal.flow import State
from candour.appraisal.models import Return
from candour.appraisal.queries.late import escalated, late
from candour.appraisal.queries.reading import DUE
from candour.appraisal.queries.standing import mine, mine_in_brief, owed, release_of
from candour.focus import queries as focus
from candour.focus.flow import State as AuditState
from candour.focus.models import Audit
from candour.involvement import queries as involvement
from candour.involvement.models import Involvement
from candour.kernel.ids import LENGTH
from candour.kernel.tasks import Stage, Task
from candour.people.models import Role, User
from candour.sampling.flow import CaseState, case_name

NOBODY = "0" * LENGTH


def stage(audit: Audit) -> Stage:
    """How far the returns of an audit are, and the next act."""
    rows = owed(audit)
    url = reverse("appraisal:audit", args=[audit.pk])
    given = sum(ret is not None and ret.state == State.SUBMITTED for _, ret in rows)
    figures = f"{given} of {len(rows)} returns in"
    if release_of(audit):
        return Stage("done", figures, url=url)
    if not rows or audit.state != AuditState.UNDER_WAY:
        return Stage("todo", "" if not rows else figures, url=url)
    if given == len(rows):
        return Stage("now", f"All {given} returns in", "Release the pack", url, url)
    return Stage("now", figures, "See which returns are still to come", url, url)


def tasks(user: User, on: date) -> list[Task]:
    """The returns that a person has to write or to check, and the packs that a coordinator can release."""
    return [*_own_tasks(user), *_release_tasks(user), *_late_tasks(user, on)]


def _late_tasks(user: User, on: date) -> list[Task]:
    """Before a board member hears, the coordinator sees it coming."""
    mine = viewer_of(user).coordinates
    audits = escalated(mine) if mine else []
    first: dict[str, date] = {}
    for one in late(audits, on) if audits else ():
        days = [day for day, _ in one.steps if day >= on]
        if days:
            first[one.audit.pk] = min(days[0], first.get(one.audit.pk, days[0]))
    return [
        Task(
            f"See who is late in {audit.code}, before their board members hear",
            reverse("appraisal:late", args=[audit.pk]),
            due=first[audit.pk],
            note="You can hold the messages back.",
            partnership=audit.partnership.short_name,
            tag="Late",
            audit=audit.pk,
        )
        for audit in audits
        if audit.pk in first
    ]


def _own_tasks(user: User) -> list[Task]:
    me, rows = user.pk, mine_in_brief(user)
    due = focus.all_due({row.audit_id for row in rows}, DUE)
    about = {(row.audit_id, row.service_id): _about(row, due) for row in rows}
    found = []
    for row in rows:
        said = about[row.audit_id, row.service_id]
        if row.authoriser_id != me and row.ret__state in (None, State.DRAFT):
            found.append(_writing(row, said))
        if row.authoriser_id == me and row.ret__state == State.WITH_AUTHORISER:
            more = {"duty": (Role.AUTHORISER, row.service_id), "deadline": ""}
            found.append(
                Task(
                    f"Check the return on {_named(row)}",
                    address("authorise", row.ret__pk),
                    tag="To check",
                    **said | more,
                )
            )
    return found


def _about(row: Any, due: Mapping[str, date]) -> dict[str, Any]:
    """What is the same for all returns that somebody writes for one service in one audit."""
    return {
        "due": due.get(row.audit_id),
        "partnership": row.partnership__short_name,
        "audit": row.audit_id,
        "note": f"{row.service__name}, audit {row.audit__code}",
        "deadline": f"{involvement.RETURNS}{row.audit_id}",
        "duty": (Role.AUDITOR, row.service_id),
    }


def _named(row: Any) -> str:
    return case_name(row.case__number, chosen=row.case__purposive)


def _writing(row: Any, about: dict[str, Any]) -> Task:
    case = _named(row)
    if row.ret__pk is None:
        return Task(f"Begin your return on {case}", address("begin", row.pk), tag="Not started", **about)
    url = address("show", row.ret__pk)
    if row.ret__note_at and (row.ret__handed_at is None or row.ret__note_at > row.ret__handed_at):
        return Task(f"Look again at your return on {case}", url, tag="Sent back", tone="amber", **about)
    return Task(f"Go on with your return on {case}", url, tag="In progress", tone="teal", **about)


def address(page: str, pk: str) -> str:
    """The address of a return's page; looked up once for each page, not for each of many rows."""
    return _pattern(page).replace(NOBODY, pk)


def page_to_begin(answer: Involvement) -> str:
    """The page on which the return of an answer begins, or goes on once somebody has begun it."""
    return reverse("appraisal:begin", args=[answer.pk])


@cache
def _pattern(page: str) -> str:
    return reverse(f"appraisal:{page}", args=[NOBODY])


def _release_tasks(user: User) -> list[Task]:
    missing = (
        Involvement.objects.filter(involvement.OWED, audit=OuterRef("pk"))
        .filter(case__state=CaseState.ACTIVE)
        .exclude(ret__state__in=(State.SUBMITTED, State.VOID))
    )
    audits = (
        Audit.objects.filter(partnership__in=viewer_of(user).coordinates, state=AuditState.UNDER_WAY)
        .filter(~Exists(missing), release__isnull=True, returns__state=State.SUBMITTED)
        .select_related("partnership")
        .prefetch_related("milestones")
        .distinct()
        .order_by("code", "pk")
    )
    return [
        Task(
            f"Release the pack: {audit.code}",
            reverse("appraisal:audit", args=[audit.pk]),
            due=focus.due_on(audit, "pack"),
            note="All returns are in.",
            partnership=audit.partnership.short_name,
            tag="Ready",
            audit=audit.pk,
        )
        for audit in audits
    ]


def work(user: User) -> list[dict[str, Any]]:
    """A person's returns with the act that each waits for, those to do first."""
    rows = [_line(user, row, ret) for row, ret in mine(user)]
    return sorted(rows, key=lambda line: (line["rank"], line["due"] or date.max, str(line["involvement"].case)))


def _line(user: User, row: Involvement, ret: Return | None) -> dict[str, Any]:
    rank, text, tone, url = _standing(user, row, ret)
    due = focus.due_on(row.audit, DUE)
    return {"involvement": row, "ret": ret, "rank": rank, "tag": text, "tone": tone, "url": url, "due": due}


def _standing(user: User, row: Involvement, ret: Return | None) -> tuple[int, str, str, str]:
    own = row.authoriser_id != user.pk  # whoever does not check it writes it, alone or with others
    if ret is None:
        return (0 if own else 3), "Not started", "grey", reverse("appraisal:begin", args=[row.pk]) if own else ""
    url = reverse("appraisal:show", args=[ret.pk])
    if ret.state == State.SUBMITTED:
        return 4, "Submitted late" if ret.late else "Submitted", "teal", reverse("appraisal:check", args=[ret.pk])
    if ret.state == State.WITH_AUTHORISER:
        if not own:
            return 0, "To check", "amber", reverse("appraisal:authorise", args=[ret.pk])
        return 3, "With the authoriser", "blue", url
    if not own:
        return 3, "Being written", "blue", url
    return (0, "Sent back", "amber", url) if ret.note_at else (1, "In progress", "blue", url)
