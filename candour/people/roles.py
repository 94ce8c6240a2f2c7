"""The roles that a grant can give, and the kinds of service; no table, so that rules and readers can name them."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person does. The first six hold in a partnership, the others in an agency."""

    COORDINATOR = "coordinator", "Coordinator"
    SECOND = "second", "Second person"
    CHAIR = "chair", "Chair"
    SCRUTINEER = "scrutineer", "Independent scrutineer"
    EXECUTIVE = "executive", "Executive"
    CONCERNS = "concerns", "Social care manager for concerns"
    CONTACT = "contact", "Agency contact"
    AUDITOR = "auditor", "Auditor"
    AUTHORISER = "authoriser", "Authoriser"
    OWNER = "owner", "Action owner"
    ONCE = "once", "One-off contributor"


PARTNERSHIP_ROLES = (
    Role.COORDINATOR,
    Role.SECOND,
    Role.CHAIR,
    Role.SCRUTINEER,
    Role.EXECUTIVE,
    Role.CONCERNS,
)
AGENCY_ROLES = (Role.CONTACT, Role.AUDITOR, Role.AUTHORISER, Role.OWNER, Role.ONCE)


class ServiceKind(TextChoices):
    """What a service is, which decides its questions and what it needs in order to know a child."""

    SOCIAL_CARE = "social-care", "Children's social care"
    POLICE = "police", "Police"
    HEALTH_VISITING = "health-visiting", "Midwifery, health visiting and school nursing"
    ACUTE = "acute", "Hospital and emergency care"
    GP = "gp", "GP practice"
    MENTAL_HEALTH = "mental-health", "Mental health"
    SCHOOL = "school", "School, college or early years"
    YOUTH_JUSTICE = "youth-justice", "Youth justice"
    PROBATION = "probation", "Probation"
    HOUSING = "housing", "Housing"
    VOLUNTARY = "voluntary", "Domestic abuse or voluntary sector"
