"""Identities entered by a filled form: read, looked at, kept or let go."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from candour.access.policy import Can, demand
from candour.identity.actions import add_person
from candour.kernel.errors import Refused
from candour.sampling import queries
from candour.sampling.actions.lists import under_way
from candour.sampling.models import IdentitySheet
from candour.trail.act import act, record

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.people.models import User

UNDECIDED_FOR = timedelta(days=2)


@act
def take_form(*, audit: Audit, filled: queries.FilledForm, by: User, at: datetime) -> IdentitySheet:
    """Hold a filled form as it was read, sealed; nothing of it is entered until somebody says so."""
    demand(by, Can.EDIT_IDENTITY, audit)
    audit = under_way(audit)
    if not filled.rows and not filled.refused:
        raise Refused("Nobody is entered in this form. Fill in at least one row, save it, and give it again.")
    IdentitySheet.objects.filter(audit=audit, given_by=by).delete()
    sheet = IdentitySheet(partnership_id=audit.partnership_id, audit=audit, given_by=by, given_at=at)
    sheet.body = filled.as_json()
    sheet.save(force_insert=True)
    detail = {"rows": len(filled.rows), "refused": len(filled.refused)}
    record("give a form of identities", on=audit, by=by, at=at, detail=detail)
    return sheet


@act
def keep_form(*, sheet: IdentitySheet, by: User, at: datetime) -> int:
    """Enter everybody in a form that was looked at; each is on the record as entered by this person."""
    demand(by, Can.EDIT_IDENTITY, sheet)
    audit = under_way(sheet.audit)
    held = IdentitySheet.objects.select_for_update(of=("self",)).filter(pk=sheet.pk).first()
    if held is None:
        raise Refused("This form has been kept or let go already.")
    named = {case.pk: case for case in queries.cases(audit).select_related("subject")}
    for row in held.body["rows"]:
        case = named.get(row["case"])
        if case is None or case.subject is None:
            raise Refused(
                f"The case in row {row['row']} is no longer in the audit. Take a new form, and give it again."
            )
        add_person(subject=case.subject, relation=row["relation"], values=row["values"], by=by, at=at)
    count = len(held.body["rows"])
    record("keep a form of identities", on=audit, by=by, at=at, detail={"people": count})
    held.delete()
    return count


@act
def let_form_go(*, sheet: IdentitySheet, by: User | None, at: datetime) -> None:
    """Let a filled form go; what was read of it is deleted."""
    if by is not None:
        demand(by, Can.EDIT_IDENTITY, sheet)
    record("let a form of identities go", on=sheet.audit, by=by, at=at)
    IdentitySheet.objects.filter(pk=sheet.pk).delete()
