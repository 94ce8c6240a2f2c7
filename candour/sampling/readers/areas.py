"""Service areas: the first that applies is a child's. They are data; a reader fills in the facts."""

from dataclasses import dataclass

# Facts of one child, gathered over all its rows.
L1, L2, L3, L4, L5, L6, L7, L8, L9, L10 = (1 << n for n in range(10))
IN_CARE, PLAN_OPEN, LEAVER = 1 << 10, 1 << 11, 1 << 12
STATUS_CARE, STATUS_PLAN, STATUS_NEED, STATUS_ASSESSMENT, STATUS_CLOSED = (1 << n for n in range(13, 18))
ASSESSMENT_OPEN, ENQUIRY_OPEN, REFERRED, REFERRED_NFA, EARLY_HELP_OPEN = (1 << n for n in range(18, 23))


@dataclass(frozen=True)
class Area:
    """One service area: any of these facts puts a child in it, unless one of those stands against it."""

    code: str
    name: str
    any_of: int
    none_of: int = 0


AREAS = (
    Area("looked-after", "Looked after", IN_CARE),
    Area("child-protection", "Child protection", PLAN_OPEN),
    Area("care-leaver", "Care leaver", LEAVER),
    Area("child-in-need", "Child in need", STATUS_NEED),
    Area("s47-assessment", "s47 or assessment", STATUS_ASSESSMENT | ASSESSMENT_OPEN | ENQUIRY_OPEN),
    Area("referral", "Referral", REFERRED, L4 | L5 | L6 | L7 | L8),
    Area("referral-nfa", "Referral, no further action", REFERRED_NFA, L4 | L5 | L6 | L7 | L8),
    Area("early-help", "Early help", EARLY_HELP_OPEN),
    Area("contact-only", "Contact only", L1, L2 | L3 | L4 | L5 | L6 | L7 | L8 | L9 | L10),
    Area("closed", "Closed in period", -1),
)
ALL_CHILDREN = ("all", "All children")

# What a plain table may call an area, beside the names above; and areas that no return has yet.
SPOKEN = {
    "looked-after": "lac|cla|looked after child|children in care|child in care|cic|child looked after",
    "child-protection": "cp|cpp|child protection plan|cp plan|child protection",
    "care-leaver": "care leavers|leaving care|cl",
    "child-in-need": "cin|child in need plan|cin plan|children in need|s17|section 17",
    "s47-assessment": "assessment|open assessment|s47|section 47|s47 enquiry|section 47 enquiry|single assessment",
    "referral": "referral|referrals|mash|front door",
    "referral-nfa": "nfa|referral nfa|no further action",
    "early-help": "eh|early help|targeted early help|early help assessment|eha|caf",
    "family-help": "family help|family hub|families first",
    "macpt": "multi agency child protection team|macpt",
    "contact-only": "contact|contacts|contact only",
    "closed": "closed|closed episode|ended|closed case",
}
MORE_NAMES = {"family-help": "Family help", "macpt": "Multi-agency child protection team"}
NAMES = {area.code: area.name for area in AREAS} | MORE_NAMES | dict([ALL_CHILDREN])
BY_WORD = {word: code for code, words in SPOKEN.items() for word in words.split("|")} | {
    name.casefold(): code for code, name in NAMES.items()
}


def area_of(facts: int) -> str:
    """Give the code of the first area that applies."""
    return next(area.code for area in AREAS if (facts & area.any_of and not facts & area.none_of) or area.any_of == -1)
