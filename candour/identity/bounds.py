"""What each kind of service may see of a file: only the fields and people it needs to match."""

from collections.abc import Iterable
from dataclasses import dataclass

from candour.people.models import ServiceKind

NAMES = ("given_names", "family_name", "also_known_as")
BASIC = (*NAMES, "born_on", "expected_on", "sex", "address", "postcode")
HEALTH = (*BASIC, "nhs_number", "gp_practice")
COUNCIL = (*BASIC, "council_number")
EDUCATION = (*BASIC, "upn", "school")
ALL_FIELDS = (*BASIC, "school", "gp_practice", "nhs_number", "upn", "council_number")

LABELS = {
    "given_names": "Given names",
    "family_name": "Family name",
    "also_known_as": "Also known as",
    "born_on": "Date of birth",
    "expected_on": "Expected date of birth",
    "sex": "Sex",
    "address": "Address",
    "postcode": "Postcode",
    "school": "School",
    "gp_practice": "GP practice",
    "nhs_number": "NHS number",
    "upn": "UPN",
    "council_number": "Council’s number",
}

CHILD_ONLY = ("child",)
WITH_ADULTS = ("child", "parent", "carer", "partner")
EVERYBODY = (*WITH_ADULTS, "sibling")


@dataclass(frozen=True)
class Bounds:
    """The fields and the people that an opening gives, and whose numbers of the councils' own; empty for all.

    A number that names no council is that of the only one there is; where there are several it is shown to none.
    """

    fields: tuple[str, ...]
    relations: tuple[str, ...]
    council: str = ""
    only: bool = False


BOUNDS: dict[str, Bounds] = {
    ServiceKind.SOCIAL_CARE: Bounds((*COUNCIL, "school"), EVERYBODY),
    ServiceKind.POLICE: Bounds(BASIC, EVERYBODY),
    ServiceKind.HEALTH_VISITING: Bounds(HEALTH, CHILD_ONLY),
    ServiceKind.ACUTE: Bounds(HEALTH, CHILD_ONLY),
    ServiceKind.GP: Bounds(HEALTH, CHILD_ONLY),
    ServiceKind.MENTAL_HEALTH: Bounds(HEALTH, WITH_ADULTS),
    ServiceKind.SCHOOL: Bounds(EDUCATION, CHILD_ONLY),
    ServiceKind.YOUTH_JUSTICE: Bounds(COUNCIL, CHILD_ONLY),
    ServiceKind.PROBATION: Bounds(BASIC, WITH_ADULTS),
    ServiceKind.HOUSING: Bounds(BASIC, WITH_ADULTS),
    ServiceKind.VOLUNTARY: Bounds(BASIC, CHILD_ONLY),
}
WITH_PARENTS = ("child", "parent", "carer")
CEILINGS: dict[str, Bounds] = {
    ServiceKind.SOCIAL_CARE: BOUNDS[ServiceKind.SOCIAL_CARE],
    ServiceKind.POLICE: BOUNDS[ServiceKind.POLICE],
    ServiceKind.HEALTH_VISITING: Bounds((*HEALTH, "school"), WITH_PARENTS),
    ServiceKind.ACUTE: Bounds(HEALTH, WITH_PARENTS),
    ServiceKind.GP: Bounds(HEALTH, WITH_PARENTS),
    ServiceKind.MENTAL_HEALTH: BOUNDS[ServiceKind.MENTAL_HEALTH],
    ServiceKind.SCHOOL: BOUNDS[ServiceKind.SCHOOL],
    ServiceKind.YOUTH_JUSTICE: Bounds((*COUNCIL, "school"), WITH_PARENTS),
    ServiceKind.PROBATION: BOUNDS[ServiceKind.PROBATION],
    ServiceKind.HOUSING: BOUNDS[ServiceKind.HOUSING],
    ServiceKind.VOLUNTARY: Bounds(BASIC, WITH_ADULTS),
}
NARROWEST = Bounds((*NAMES, "born_on"), CHILD_ONLY)
WIDEST = Bounds(ALL_FIELDS, EVERYBODY)


def within(kind: str, fields: Iterable[str], relations: Iterable[str]) -> Bounds:
    """What a partnership chose for a kind, held between the least by which anybody is found and the most allowed."""
    most = CEILINGS.get(kind, NARROWEST)
    wanted, people = {*fields, *NARROWEST.fields}, {*relations, *NARROWEST.relations}
    return Bounds(
        tuple(name for name in most.fields if name in wanted), tuple(one for one in most.relations if one in people)
    )


def bounds_of(kind: str) -> Bounds:
    """The bounds for a kind of service; a kind nobody wrote down gets the least."""
    return BOUNDS.get(kind, NARROWEST)
