"""What is declared before a return opens to somebody: a tie closes the case to them, other knowledge is printed."""

from datetime import datetime

from candour.access.policy import Can, allows, demand
from candour.appraisal import queries
from candour.appraisal.models import Connection, Declaration, Return
from candour.concerns import actions as concerns
from candour.involvement import actions as involvement_actions
from candour.involvement.models import Ended, Involvement
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.notices import absences
from candour.notices.actions import post
from candour.people.models import Role, User
from candour.trail.act import act, record


@act
def declare_connection(*, involvement: Involvement, by: User, at: datetime) -> Connection:
    """Close a case to somebody who is tied to the family or the subject of a concern, and have another named."""
    if not allows(by, Can.CHECK_RETURN, involvement):
        demand(by, Can.WRITE_RETURN, involvement)
    connection, made = Connection.objects.get_or_create(
        case_id=involvement.case_id,
        user=by,
        defaults={
            "partnership_id": involvement.partnership_id,
            "service_id": involvement.service_id,
            "at": at,
        },
    )
    if made:
        record("declare connection", on=connection, by=by, at=at, key=involvement.case_id)
        what = _place(involvement, by)
        contacts, duty = queries.contacts(involvement.service, today(at)), (Role.CONTACT, involvement.service_id)
        for person, lead in absences.readers(contacts, duty, today(at)):
            post(
                key=f"connection:{connection.pk}:{person.pk}",
                to=person,
                subject=f"{involvement.partnership.short_name}: please name another {what}, audit {involvement.audit.code}",
                body=f"{lead}{by} has declared that {involvement.case} in audit {involvement.audit.code} has to be closed "
                f"to them. Please name another {what} for {involvement.service}.",
                partnership=involvement.partnership,
                path=f"/answers/{involvement.pk}/",
                at=at,
            )
        involvement_actions.end_visits(involvement=involvement, because=Ended.CONNECTED, by=by, at=at)
        concerns.take_away(case=involvement.case, person=by, at=at)
        involvement_actions.stop_sharing(case_id=involvement.case_id, person=by, by=by, at=at)
    return connection


def _place(involvement: Involvement, person: User) -> str:
    if person.pk in involvement.sharer_ids:
        return "writer"
    return "auditor" if involvement.auditor_id == person.pk else "authoriser"


@act
def declare(*, ret: Return, worked_with: bool, manages_worker: bool, by: User, at: datetime) -> Declaration:
    """Put down what the checker, or a writer who took a return over, declares before it opens to them."""
    if not allows(by, Can.CHECK_RETURN, ret):
        demand(by, Can.WRITE_RETURN, ret)
    said = {"worked_with": worked_with, "manages_worker": manages_worker, "at": at}
    told, made = Declaration.objects.get_or_create(
        ret=ret, user=by, defaults={"partnership_id": ret.partnership_id, **said}
    )
    if made:
        detail = {"worked with the child": worked_with, "manages who did": manages_worker}
        record("declare independence", on=ret, by=by, at=at, detail=detail, key=ret.case_id)
    return told


def demand_declared(ret: Return, by: User) -> None:
    """Refuse whoever has still to say what is true of them and this child, whichever way they come."""
    if queries.must_declare(ret, by):
        raise Refused("Open the return first and say what is true of you and this child; then you can go on.")
