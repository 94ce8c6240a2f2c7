"""Who may do what: a table of verbs, and nothing that is not written in it. Which rows exist for whom: `rows.py`.

A rule looks at a person's ties (`Viewer`) and at plain attributes of the thing: `partnership_id`, `service_id`,
`agency_id`, `auditor_id`, `sharer_ids`, `authoriser_id`, `owner_id`. With no thing it answers "anywhere at all?".
"""

from collections.abc import Callable
from typing import Any

import rules

from candour.access.verbs import Can
from candour.access.viewer import viewer_of
from candour.kernel.errors import Refused
from candour.people.roles import Role

Rule = Callable[[Any, Any], bool]


def holds(*roles: str) -> Any:
    """The person holds one of these roles in the thing's partnership (directly or through their agency)."""

    def test(user: Any, thing: Any) -> bool:
        partnerships = viewer_of(user).partnerships_as(*roles)
        return bool(partnerships) if thing is None else thing.partnership_id in partnerships

    return rules.predicate(test, name=f"{' or '.join(roles)} of the partnership")


def serves(*roles: str) -> Any:
    """The person holds one of these roles for the thing's service, whose partnership their agency belongs to."""

    def test(user: Any, thing: Any) -> bool:
        viewer = viewer_of(user)
        if thing is None:
            return bool(viewer.services_as(*roles))
        return thing.service_id in viewer.served(*roles).get(thing.partnership_id, ())

    return rules.predicate(test, name=f"{' or '.join(roles)} of the service")


def works_in(*roles: str) -> Any:
    """The person holds one of these roles in the thing's agency."""

    def test(user: Any, thing: Any) -> bool:
        agencies = viewer_of(user).agencies_as(*roles)
        return bool(agencies) if thing is None else thing.agency_id in agencies

    return rules.predicate(test, name=f"{' or '.join(roles)} of the agency")


def named(attribute: str) -> Any:
    """The thing names the person in this attribute."""

    def test(user: Any, thing: Any) -> bool:
        return thing is not None and bool(user.pk) and getattr(thing, f"{attribute}_id") == user.pk

    return rules.predicate(test, name=f"its {attribute}")


@rules.predicate(name="anybody signed in")
def somebody(user: Any, thing: Any) -> bool:
    """Whoever is signed in."""
    return True


@rules.predicate(name="anybody with a role")
def anybody(user: Any, thing: Any) -> bool:
    """Whoever holds a role, of the thing's partnership where there is a thing."""
    viewer = viewer_of(user)
    return bool(viewer.grants) if thing is None else thing.partnership_id in viewer.partnerships


@rules.predicate(name="shipped with Candour")
def shipped(user: Any, thing: Any) -> bool:
    """A thing that Candour brings, for whoever holds a role."""
    return thing is not None and thing.partnership_id is None and bool(viewer_of(user).grants)


@rules.predicate(name="coordinator of any partnership")
def coordinates(user: Any, thing: Any) -> bool:
    """Whoever coordinates any partnership, whatever the thing is of."""
    return bool(viewer_of(user).coordinates)


@rules.predicate(name="not the person who wrote it")
def not_writer(user: Any, thing: Any) -> bool:
    """Not whoever wrote the thing or a part of it."""
    return thing is None or (thing.written_by_id != user.pk and user.pk not in thing.writers)


@rules.predicate(name="one of those who share it")
def shares(user: Any, thing: Any) -> bool:
    """Whoever writes the thing together with its auditor."""
    return thing is not None and bool(user.pk) and user.pk in thing.sharer_ids


@rules.predicate(name="a child may be unsafe")
def unsafe(user: Any, thing: Any) -> bool:
    """The thing is a concern that a child may be unsafe."""
    return thing is None or thing.kind == "unsafe"


@rules.predicate(name="about practice or a person")
def practice(user: Any, thing: Any) -> bool:
    """The thing is a concern about practice or a person."""
    return thing is not None and thing.kind == "practice"


@rules.predicate(name="nobody has it")
def unowned(user: Any, thing: Any) -> bool:
    """Nobody owns the thing."""
    return thing is not None and thing.owner_id is None


coordinator = holds(Role.COORDINATOR)
second = holds(Role.SECOND)
chair = holds(Role.CHAIR)
scrutineer = holds(Role.SCRUTINEER)
executive = holds(Role.EXECUTIVE)
concerns_manager = holds(Role.CONCERNS)
own_contact = serves(Role.CONTACT)
own_auditor = serves(Role.AUDITOR)
own_authoriser = serves(Role.AUTHORISER)
called_in = serves(Role.ONCE)
own_service = serves(Role.CONTACT, Role.AUDITOR, Role.AUTHORISER)
in_partnership = anybody

POLICY: dict[Can, Rule] = {
    Can.KEEP_ACCOUNT: somebody,
    Can.SEE_WORK: anybody,
    Can.SEE_EXECUTIVE: executive | coordinator,
    Can.SEE_TRAIL: coordinator | scrutineer,
    Can.SEE_PEOPLE: coordinator | holds(Role.CONTACT),
    Can.MANAGE_PEOPLE: coordinator,
    Can.MANAGE_OWN_PEOPLE: works_in(Role.CONTACT),
    Can.SEE_MESSAGES: coordinator,
    Can.SEE_TOOL: anybody | shipped,
    Can.COPY_TOOL: coordinator | shipped & coordinates,
    Can.WRITE_TOOL: coordinator,
    Can.SEE_AUDIT: anybody,
    Can.START_AUDIT: coordinator,
    Can.EDIT_AUDIT: coordinator,
    Can.BEGIN_AUDIT: coordinator,
    Can.CLOSE_AUDIT: coordinator,
    Can.SEE_LIST: coordinator | second | scrutineer,
    Can.READ_LIST: coordinator,
    Can.FIX_LIST: coordinator,
    Can.CONFIRM_LIST: second | coordinator | scrutineer,
    Can.THROW_DICE: named("witness"),
    Can.DRAW: coordinator | second,
    Can.VOID_DRAW: coordinator,
    Can.SEE_DRAW: coordinator | second | scrutineer | chair | executive,
    Can.TAKE_RECEIPT: anybody,
    Can.CHOOSE_CASE: coordinator,
    Can.KEEP_AREAS: coordinator,
    Can.TRACE_REF: scrutineer | coordinator,
    Can.REPLACE_CASE: coordinator,
    Can.SEE_CASE: anybody,
    Can.SEE_SUBJECT: coordinator,
    Can.EDIT_IDENTITY: coordinator,
    Can.OPEN_LIST: own_contact | own_auditor | own_authoriser | called_in,
    Can.REVEAL_CASE: scrutineer,
    Can.SET_BOUNDS: coordinator,
    Can.ERASE_IDENTITY: coordinator,
    Can.SCREEN_CASE: own_contact,
    Can.SEE_GRID: coordinator,
    Can.ASK_SERVICE: coordinator,
    Can.ANSWER_ASK: own_contact,
    Can.NAME_AUDITOR: own_contact | coordinator,
    Can.SEE_ANSWER: own_contact | coordinator,
    Can.OPEN_CASE: own_contact
    | (named("auditor") | named("authoriser")) & own_service
    | named("auditor") & called_in
    | own_auditor & shares,
    Can.SEE_RETURNS: coordinator,
    Can.SEE_RETURN: own_service | named("auditor") & called_in | coordinator | chair | scrutineer,
    Can.TAKE_COPY: own_service | named("auditor") & called_in,
    Can.CELEBRATE: own_service | named("auditor") & called_in,
    Can.SEE_PRACTICE: own_contact,
    Can.WRITE_RETURN: named("auditor") & (own_service | called_in) | own_auditor & shares,
    Can.CHECK_RETURN: named("authoriser") & own_service,
    Can.VOID_RETURN: coordinator,
    Can.RELEASE_PACK: coordinator,
    Can.READ_PACK: coordinator | chair | scrutineer | holds(Role.CONTACT, Role.AUDITOR, Role.AUTHORISER),
    Can.SEE_BOARD: coordinator | chair | scrutineer,
    Can.LEAD_DISCUSSION: coordinator | chair,
    Can.ARRANGE_DISCUSSION: coordinator,
    Can.SEE_LEARNING: coordinator | second | chair | scrutineer,
    Can.WRITE_LEARNING: coordinator | chair,
    Can.CLEAR_BRIEFING: (second | coordinator) & not_writer,
    Can.PUBLISH_BRIEFING: coordinator,
    Can.SEE_ACTIONS: anybody,
    Can.EDIT_ACTION: coordinator,
    Can.REPORT_ACTION: coordinator | named("owner"),
    Can.JUDGE_LEARNING: coordinator | scrutineer,
    Can.SEE_FAMILY: coordinator | chair | scrutineer | holds(Role.CONTACT, Role.AUDITOR),
    Can.DECIDE_FAMILY: coordinator,
    Can.WRITE_VIEW: coordinator | holds(Role.CONTACT, Role.AUDITOR),
    Can.KEEP_VIEW: coordinator | serves(Role.CONTACT, Role.AUDITOR),
    Can.KEEP_RETENTION: coordinator,
    Can.RAISE_CONCERN: anybody,
    Can.SEE_CONCERN: (named("owner") | named("raised_by")) & in_partnership | (coordinator | concerns_manager) & unsafe,
    Can.READ_CONCERN: named("owner") & in_partnership
    | (named("raised_by") & in_partnership | concerns_manager) & unsafe,
    Can.OWN_CONCERN: named("owner") & in_partnership | concerns_manager & unsafe,
    Can.HAND_ON_CONCERN: (named("owner") | named("raised_by") & unowned) & in_partnership & practice,
    Can.KEEP_CONCERN_RULE: coordinator | concerns_manager,
}


def allows(user: Any, can: Can, thing: Any = None) -> bool:
    """Whether a person may do this to that; a verb that is not written in the policy is refused."""
    rule = POLICY.get(can)
    return bool(getattr(user, "is_authenticated", False) and user.is_active and rule and rule(user, thing))


def demand(user: Any, can: Can, thing: Any = None) -> None:
    """Refuse an action that the person may not take, whoever calls it (page, command or demonstration)."""
    if not allows(user, can, thing):
        raise Refused(f"You do not hold a role that may {can.value}.")
