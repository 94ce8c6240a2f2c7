"""Who lives in the demonstration: a partnership, eight agencies, and the people whom a visitor can be."""

from dataclasses import dataclass

from candour.people.models import ServiceKind
from candour.people.roles import Role


@dataclass(frozen=True)
class Persona:
    """One invented person: where they work, what they do, and what to try as them."""

    name: str
    says: str
    roles: tuple[Role, ...]
    service: str = ""  # the key of a service below; none for the partnership's own people

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@example.org"


PARTNERSHIP = {
    "name": "Northmere Safeguarding Children Partnership",
    "short_name": "Northmere",
    "slug": "northmere",
    "front_door_phone": "01632 960 100",
    "out_of_hours_phone": "01632 960 199",
    "police_phone": "999 in an emergency, or 101",
    "lado_contact": "01632 960 140, lado@example.org",
    "escalation_url": "https://northmere.example.org/resolving-professional-differences",
    "website": "https://northmere.example.org",
}

# Key: agency, service, kind.
SERVICES: dict[str, tuple[str, str, ServiceKind]] = {
    "care": ("Northmere Council", "Children’s social care", ServiceKind.SOCIAL_CARE),
    "police": ("Mereshire Constabulary", "Child protection unit", ServiceKind.POLICE),
    "nurses": (
        "Mere Valley Community Health Trust",
        "Health visiting and school nursing",
        ServiceKind.HEALTH_VISITING,
    ),
    "hospital": ("St Aldhelm’s Hospital Trust", "Emergency and children’s wards", ServiceKind.ACUTE),
    "surgery": ("Larchfield Surgery", "Larchfield Surgery", ServiceKind.GP),
    "minds": ("Harbour Mental Health Trust", "Child and adult mental health", ServiceKind.MENTAL_HEALTH),
    "school": ("Eastbrook Primary School", "Eastbrook Primary School", ServiceKind.SCHOOL),
    "lantern": ("Lantern", "Lantern domestic abuse service", ServiceKind.VOLUNTARY),
}

C, A, H, O = Role.CONTACT, Role.AUDITOR, Role.AUTHORISER, Role.OWNER  # noqa: E741 - four letters for four roles

PERSONAS: tuple[Persona, ...] = (
    Persona("Ruth Okafor", "Coordinator. Runs every audit: begin here.", (Role.COORDINATOR,)),
    Persona("Daniel Mercer", "Second person. Confirms a fixed list, clears a briefing.", (Role.SECOND,)),
    Persona("Helen Achterberg", "Chair. Go on with the discussion of Case 2.", (Role.CHAIR,)),
    Persona("Margaret Lyle", "Independent scrutineer. Read the cases; follow the trail.", (Role.SCRUTINEER,)),
    Persona("James Adeyemi", "Executive. One page: messages, decisions, actions.", (Role.EXECUTIVE,)),
    Persona("Priya Raman", "Social care manager. Take up a concern about a child.", (Role.CONCERNS,)),
    Persona("Simon Farrar", "Head of service. A concern that nobody takes up rises to him.", (Role.CONCERNS,)),
    Persona("Tom Brannigan", "Social care contact. Say which children are known.", (C, O), "care"),
    Persona("Lucy Farrow", "Social care auditor. Finish a return.", (A,), "care"),
    Persona("Megan Ashdown", "Social care auditor. Shares a return, and stands in for a colleague.", (A,), "care"),
    Persona("Chidi Nwosu", "Social care authoriser. Check a return, or send it back.", (H,), "care"),
    Persona("Karen Hollis", "Police contact and authoriser.", (C, H, O), "police"),
    Persona("Owen Pryce", "Police auditor. Begin a return.", (A,), "police"),
    Persona("Grace Tan", "Health visiting contact and authoriser.", (C, H, O), "nurses"),
    Persona("Bethan Rees", "Health visiting auditor. A return that came back with a note.", (A,), "nurses"),
    Persona("Imran Sheikh", "Hospital contact and authoriser. Report on an action.", (C, H, O), "hospital"),
    Persona("Sophie Lund", "Hospital auditor. Away, with nobody to stand in.", (A,), "hospital"),
    Persona("Colin Dewhurst", "GP practice contact.", (C, O), "surgery"),
    Persona("Fiona Mackie", "GP auditor. A short return, without an authoriser.", (A,), "surgery"),
    Persona("Yusuf Karim", "Mental health contact and authoriser. Has not answered yet.", (C, H, O), "minds"),
    Persona("Ella Strand", "Mental health auditor.", (A,), "minds"),
    Persona("Joan Whitfield", "Head of a primary school, its contact.", (C, O), "school"),
    Persona("Marcus Bell", "School auditor. Fifteen questions, no authoriser.", (A,), "school"),
    Persona("Nadia Petrov", "Domestic abuse service, contact and authoriser.", (C, H, O), "lantern"),
    Persona("Rosa Delgado", "Domestic abuse service, auditor.", (A,), "lantern"),
)
