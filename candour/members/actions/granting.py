"""Giving roles, setting their last day and withdrawing them."""

from datetime import date, datetime, timedelta
from typing import Any

from candour.access.policy import Can, allows, demand
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.members.actions.accounts import end_sessions
from candour.members.actions.places import OnRecordOf, Where
from candour.people.models import AGENCY_ROLES, Agency, Grant, Membership, Partnership, Role, Service, User
from candour.trail.act import act, record


def may_give(by: User, role: str, partnership: Partnership, agency: Agency | None) -> None:
    """A coordinator gives any role in the partnership; an agency's contact those who write and check its returns."""
    place = Where(partnership, agency)
    if agency and not Membership.objects.on(today()).filter(partnership=partnership, agency=agency).exists():
        raise Refused("That agency does not belong to this partnership.")
    if allows(by, Can.MANAGE_PEOPLE, place):
        return
    if role in (Role.AUDITOR, Role.AUTHORISER) and agency and allows(by, Can.MANAGE_OWN_PEOPLE, place):
        return
    demand(by, Can.MANAGE_PEOPLE, place)


def _check_span(starts_on: date, ends_on: date | None) -> None:
    if ends_on and ends_on < starts_on:
        raise Refused("The last day cannot be before the first.")


def offered(
    *,
    role: str,
    partnership: Partnership,
    agency: Agency | None,
    service: Service | None,
    starts_on: date | None,
    ends_on: date | None,
    by: User,
    at: datetime,
) -> dict[str, Any]:
    """A role with where it would hold and when; refused where it is not this person's to give, or ends too early."""
    agency = (agency or (service.agency if service else None)) if role in AGENCY_ROLES else None
    may_give(by, role, partnership, agency)
    starts_on = starts_on or today(at)
    _check_span(starts_on, ends_on)
    when = {"starts_on": starts_on, "ends_on": ends_on}
    return {"role": role, "partnership": partnership, "agency": agency, "service": service if agency else None, **when}


def refuse_twice(offer: dict[str, Any], **whose: Any) -> None:
    """Refuse a role to somebody who holds it in the same place already."""
    place = ("agency", "service") if offer["agency"] else ("partnership",)
    same = {name: offer[name] for name in ("role", *place)}
    if Grant.objects.in_force(offer["starts_on"]).filter(**same, **whose).exists():
        raise Refused("They hold this role already.")


def grant_role(
    *, partnership: Partnership, agency: Agency | None, by: User | None, at: datetime, **facts: Any
) -> Grant:
    """Put a role into force and on the partnership's record."""
    person = facts.pop("person")
    scope: dict[str, Any] = {"agency": agency} if agency else {"partnership": partnership}
    grant = Grant.objects.create(user=person, given_by=by, **scope, **facts)
    record("role given", on=OnRecordOf(grant, partnership), by=by, at=at, detail=_told(grant))
    return grant


def _told(grant: Grant) -> dict[str, str]:
    return {"role": grant.role, "person": grant.user_id, "agency": grant.agency_id or ""}


@act
def give_role(
    *,
    person: User,
    role: str,
    partnership: Partnership,
    by: User,
    at: datetime,
    agency: Agency | None = None,
    service: Service | None = None,
    deputy: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Grant:
    """Give a further role to somebody whom the giver already knows here."""
    offer = offered(
        role=role, partnership=partnership, agency=agency, service=service, starts_on=starts_on, ends_on=ends_on,
        by=by, at=at,
    )  # fmt: skip
    if person.mail_to:
        raise Refused("They were called in for one case and have no account. Invite them at their own address instead.")
    User.objects.select_for_update().get(pk=person.pk)
    refuse_twice(offer, user=person)
    return grant_role(person=person, deputy=deputy, by=by, at=at, **offer)


@act
def end_role(*, grant: Grant, partnership: Partnership, last_day: date, by: User, at: datetime) -> Grant:
    """Set the last day of a role; it still counts on that day."""
    held = _held(grant, partnership, by)
    if last_day < today(at):
        raise Refused("The last day cannot be in the past. To end the role now, withdraw it.")
    _check_span(held.starts_on, last_day)
    _keep_a_coordinator(held, last_day + timedelta(days=1))
    held.ends_on = last_day
    held.save(update_fields=["ends_on"])
    record(
        "role given an end", on=OnRecordOf(held, partnership), by=by, at=at, detail={**_told(held), "until": last_day}
    )
    return held


@act
def withdraw_role(*, grant: Grant, partnership: Partnership, by: User, at: datetime) -> None:
    """Take a role away from the next request on; a person left with no role is signed out everywhere."""
    held = _held(grant, partnership, by)
    _keep_a_coordinator(held, today(at))
    held.withdrawn_at, held.withdrawn_by = at, by
    held.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("role withdrawn", on=OnRecordOf(held, partnership), by=by, at=at, detail=_told(held))
    if not Grant.objects.in_force(today(at)).filter(user=held.user_id).exists():
        end_sessions(person=held.user, at=at)


def _held(grant: Grant, partnership: Partnership, by: User) -> Grant:
    held = Grant.objects.select_for_update().get(pk=grant.pk)
    if held.partnership_id and held.partnership_id != partnership.pk:
        raise Refused("That role belongs to another partnership.")
    if held.withdrawn_at:
        raise Refused("This role has been withdrawn already.")
    may_give(by, held.role, partnership, held.agency)
    return held


def _keep_a_coordinator(held: Grant, on: date) -> None:
    """Refuse to leave a partnership without anybody who runs its audits, from a day on."""
    if held.role != Role.COORDINATOR:
        return
    Partnership.objects.select_for_update().get(pk=held.partnership_id)
    others = Grant.objects.in_force(on).filter(role=Role.COORDINATOR, partnership=held.partnership_id)
    if not others.exclude(user=held.user_id).exists():
        raise Refused("This is the partnership's only coordinator. Give somebody else that role first.")
