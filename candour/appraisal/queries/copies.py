"""A service's own copy of a return: on paper, and as a Word form with its answers."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.text import slugify

from candour.access.rows import shared
from candour.access.scope import visible
from candour.access.viewer import viewer_of
from candour.appraisal import paper
from candour.appraisal.flow import State
from candour.appraisal.models import Declaration, Return
from candour.appraisal.queries.declared import declared
from candour.appraisal.queries.hands import wrote
from candour.appraisal.queries.reading import answers_of, document, pages_of
from candour.kernel.clock import local
from candour.people.models import User
from candour.tools import word


def case_code(ret: Return) -> str:
    """The case of a return as its Word form names it."""
    return f"{ret.audit.code}/{ret.case.number}"


def file_name(ret: Return, ending: str) -> str:
    """What a copy is called: audit, case and service, and nobody's name."""
    return f"return-{ret.audit.code}-case-{ret.case.number}-{slugify(str(ret.service))}.{ending}"


def on_paper(ret: Return, at: datetime) -> dict[str, Any]:
    """The document of a service's own copy, as the return stands."""
    return paper.compose(
        title=f"Return on {ret.case}",
        lead=f"{ret.service}. {ret.audit.title}",
        about=f"Audit {ret.audit.code} · {_standing(ret, at)}",
        partnership=ret.partnership.name,
        short_name=ret.partnership.short_name,
        pages=pages_of(ret),
        foot=_foot(ret),
    )


def _standing(ret: Return, at: datetime) -> str:
    if ret.state == State.SUBMITTED and ret.submitted_at:
        late = ", after the day it was due" if ret.late else ""
        return f"Submitted {local(ret.submitted_at):%-d %B %Y} by {ret.submitted_by}{late}"
    return f"{ret.get_state_display()}; as it stood on {local(at):%-d %B %Y at %H:%M}"


def _foot(ret: Return) -> list[str]:
    told = [f"Written by {', '.join(str(person) for person in wrote(ret))}."]
    if said := declared(ret):
        told.append(f"Declared: {' '.join(said)}")
    told.append(f"The copy of {ret.service}, for its own records. Each grade is the service’s own.")
    if ret.digest:
        told.append(f"Fingerprint of the answers as they were submitted: {ret.digest}")
    return told


def as_word(ret: Return, at: datetime) -> bytes:
    """The return as a Word form with the answers given so far."""
    given = word.Given(
        ret=ret.pk,
        about=f"{ret.partnership.short_name} audit {ret.audit.code} · {ret.case} · {ret.service}",
        taken=at,
        answers={key: answer.value for key, answer in answers_of(ret).items() if answer.value},
    )
    kind, graded = ret.service.kind, ret.audit.graded
    return word.write(document(ret), kind, brief=ret.brief, graded=graded, case=case_code(ret), given=given)


def being_written(user: User) -> list[Return]:
    """The returns that a person is writing, alone or with others, by audit and case; those open to them already."""
    opened = Q(started_by=user) | Q(pk__in=Declaration.objects.filter(user=user).values("ret"))
    rows = visible(Return.objects.with_names(), user).filter(written_by(user), opened, state=State.DRAFT)
    return list(rows.order_by("audit__code", "case__number", "pk"))


def written_by(user: User) -> Q:
    """The returns that a person writes, alone or with others."""
    return Q(involvement__auditor=user) | Q(involvement__in=shared(viewer_of(user)))
