"""Service areas: the first that applies is a child's. They are data; a reader fills in the facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Facts of one child, gathered over all its rows.
L1, L2, L3, L4, L5, L6, L7, L8, L9, L10 = (1 << n for n in range(10))
IN_CARE, PLAN_OPEN, LEAVER = 1 << 10, 1 << 11, 1 << 12
STATUS_CARE, STATUS_PLAN, STATUS_NEED, STATUS_ASSESSMENT, STATUS_CLOSED = (1 << n for n in range(13, 18))
ASSESSMENT_OPEN, ENQUIRY_OPEN, REFERRED, REFERRED_NFA, EARLY_HELP_OPEN, EPISODE_OPEN = (1 << n for n in range(18, 24))


@dataclass(frozen=True)
class Area:
    """One service area: any of these facts puts a child in it, unless one of those stands against it.

    So does a status that the area's words name, or a team whose name has one of its team words in it.
    """

    code: str
    name: str
    any_of: int = 0
    none_of: int = 0
    words: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


def _area(code: str, name: str, any_of: int = 0, none_of: int = 0, words: str = "") -> Area:
    return Area(code, name, any_of, none_of, tuple(words.split("|")))


_SERVED = L4 | L5 | L6 | L7 | L8
AREAS = (
    _area("looked-after", "Looked after", IN_CARE,
          words="lac|cla|looked after child|children in care|child in care|cic|child looked after"),
    _area("child-protection", "Child protection", PLAN_OPEN, words="cp|cpp|child protection plan|cp plan"),
    _area("macpt", "Multi-agency child protection team",
          words="multi agency child protection team|macpt|multi-agency child protection"),
    _area("care-leaver", "Care leaver", LEAVER, words="care leavers|leaving care|cl"),
    _area("child-in-need", "Child in need", STATUS_NEED,
          words="cin|child in need plan|cin plan|children in need|s17|section 17"),
    _area("family-help", "Family help", words="family help plan|family hub|families first|fh"),
    _area("s47-assessment", "s47 or assessment", STATUS_ASSESSMENT | ASSESSMENT_OPEN | ENQUIRY_OPEN,
          words="assessment|open assessment|s47|section 47|s47 enquiry|section 47 enquiry|single assessment"),
    _area("referral", "Referral", REFERRED, _SERVED, "referrals|mash|front door"),
    _area("referral-nfa", "Referral, no further action", REFERRED_NFA, _SERVED, "nfa|referral nfa|no further action"),
    _area("early-help", "Early help", EARLY_HELP_OPEN, words="eh|targeted early help|early help assessment|eha|caf"),
    _area("contact-only", "Contact only", L1, L2 | L3 | L4 | L5 | L6 | L7 | L8 | L9 | L10, "contact|contacts"),
    _area("closed", "Closed in period", words="closed|closed episode|ended|closed case"),
)  # fmt: skip
ALL_CHILDREN = ("all", "All children")
NAMES = {area.code: area.name for area in AREAS} | dict([ALL_CHILDREN])


def names_of(areas: Iterable[Area]) -> dict[str, str]:
    """Give the names of areas by their codes, in the order in which they apply."""
    return {area.code: area.name for area in areas} | dict([ALL_CHILDREN])


def by_word(areas: Iterable[Area]) -> dict[str, str]:
    """Give the code of the area that a word stands for, in lower case; the first area that has the word."""
    found: dict[str, str] = {}
    for area in areas:
        for word in (area.name.casefold(), *area.words):
            found.setdefault(word, area.code)
    return found


def area_of(facts: int, status: str = "", team: str = "", areas: Sequence[Area] = AREAS) -> str:
    """Give the code of the first area that applies; where none does, the last, which is for what has ended."""
    team = team.casefold()
    for area in areas:
        if facts & area.any_of and not facts & area.none_of:
            return area.code
        if status and (status in area.words or status == area.name.casefold()):
            return area.code
        if team and any(word in team for word in area.teams):
            return area.code
    return CLOSED


CLOSED = "closed"
