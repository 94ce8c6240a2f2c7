"""What is done to agencies: they join a partnership and leave it, name services, and their member of the board."""

from datetime import date, datetime

from candour.access.policy import Can, demand
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.members.actions.places import OnRecordOf, Where, membership_of
from candour.people.models import Agency, Membership, Partnership, Service, User
from candour.trail.act import act, record


@act
def add_agency(
    *, partnership: Partnership, name: str, services: list[tuple[str, str]], by: User, at: datetime
) -> Agency:
    """Have an agency belong to the partnership, with its services as (name, kind)."""
    demand(by, Can.MANAGE_PEOPLE, Where(partnership, None))
    if Membership.objects.filter(partnership=partnership, agency__name__iexact=name.strip()).exists():
        raise Refused("An agency of this name belongs to the partnership already.")
    agency = Agency.objects.create(name=name.strip())
    Membership.objects.create(partnership=partnership, agency=agency, starts_on=today(at))
    for title, kind in services:
        Service.objects.create(agency=agency, name=title.strip(), kind=kind)
    record("agency joined", on=OnRecordOf(agency, partnership), by=by, at=at, detail={"name": agency.name})
    return agency


@act
def add_service(*, agency: Agency, partnership: Partnership, name: str, kind: str, by: User, at: datetime) -> Service:
    """Name a further service of an agency."""
    demand(by, Can.MANAGE_PEOPLE, Where(partnership, agency))
    membership_of(agency, partnership, at)
    if Service.objects.filter(agency=agency, name__iexact=name.strip()).exists():
        raise Refused("The agency has a service of this name already.")
    service = Service.objects.create(agency=agency, name=name.strip(), kind=kind)
    record("service named", on=OnRecordOf(service, partnership), by=by, at=at, detail={"name": service.name})
    return service


@act
def name_board_member(
    *, agency: Agency, partnership: Partnership, name: str, email: str, by: User, at: datetime
) -> Membership:
    """Name the agency's board member, who hears where something of the agency stays out for long; or nobody."""
    demand(by, Can.MANAGE_PEOPLE, Where(partnership, agency))
    membership = membership_of(agency, partnership, at)
    membership.board_name, membership.board_email = name.strip(), email.strip().lower()
    membership.save(update_fields=["board_name", "board_email"])
    detail = {"named": bool(membership.board_email)}
    record("board member named", on=OnRecordOf(agency, partnership), by=by, at=at, detail=detail)
    return membership


@act
def end_membership(*, agency: Agency, partnership: Partnership, last_day: date, by: User, at: datetime) -> Membership:
    """Set the last day on which an agency belongs to the partnership."""
    demand(by, Can.MANAGE_PEOPLE, Where(partnership, agency))
    membership = membership_of(agency, partnership, at)
    if last_day < today(at) or last_day < membership.starts_on:
        raise Refused("The last day cannot be in the past.")
    membership.ends_on = last_day
    membership.save(update_fields=["ends_on"])
    record("agency given an end", on=OnRecordOf(agency, partnership), by=by, at=at, detail={"until": last_day})
    return membership
