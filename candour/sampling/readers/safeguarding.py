"""The Standard Safeguarding Dataset's tables as CSV, each known by the first letters of its headings."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from candour.sampling.readers import areas as a
from candour.sampling.readers import codes
from candour.sampling.readers.cells import known
from candour.sampling.readers.found import DECEASED, Child, NotUsable, Reading
from candour.sampling.readers.gather import Sheet, finish, note_unread, nothing_used
from candour.sampling.readers.headings import Headings, find
from candour.sampling.readers.identifiers import nhs_problem, upn_problem
from candour.sampling.readers.opening import Row, Table

KIND, NAME = "safeguarding-dataset", "Standard Safeguarding Dataset"


@dataclass(frozen=True)
class Part:
    """One table that is read: what it is, its dates, what they say has begun and ended, and the facts of its rows."""

    letters: str
    name: str
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    moments: tuple[str, str] = ("", "")
    always: int = 0
    while_open: int = 0
    needs: tuple[str, ...] = ()
    team: tuple[str, ...] = ()


_SERVICES = (
    Part("cont", "contacts", ("contcontactdate",), moments=("contact", ""), always=a.L1),
    Part("earl", "early help", ("earlepisodestartdate",), ("earlepisodeenddate",), ("early-help", ""), a.L2,
         a.EARLY_HELP_OPEN),
    Part("cine", "episodes of need", ("cinereferraldate",), ("cineclosedate",), ("referral", "closed"),
         needs=("cinecinprimaryneedcode", "cineprimaryneedcode"), team=("cinereferralteam",)),
    Part("icpc", "initial child protection conferences", ("icpcicpcdate",), moments=("conference", ""), always=a.L5),
    Part("cina", "assessments", ("cinaassessmentstartdate",), ("cinaassessmentauthdate",), ("assessment", ""), a.L4,
         a.ASSESSMENT_OPEN, team=("cinaassessmentteam",)),
    Part("s47e", "section 47 enquiries", ("s47es47startdate",), ("s47es47enddate",), ("s47", ""), a.L5,
         a.ENQUIRY_OPEN, team=("s47es47completedbyteam",)),
    Part("cinp", "child in need plans", ("cinpcinplanstartdate", "cinpcinplanstart"),
         ("cinpcinplanenddate", "cinpcinplanend"), ("in-need", ""), a.L6, a.STATUS_NEED, team=("cinpcinplanteam",)),
    Part("cppl", "child protection plans", ("cpplcpplanstartdate",), ("cpplcpplanenddate",), ("plan", "plan-end"),
         a.L7, a.PLAN_OPEN, ("cpplcpplanlatestcategory", "cpplcpplaninitialcategory")),
    Part("clae", "episodes in care", ("claeclaepisodestartdate",),
         ("claeclaepisodeceaseddate", "claeclaepisodeceased", "claeclaepisodeenddate"), ("care", "care-end"), a.L8,
         a.IN_CARE, ("claeclaprimaryneedcode",)),
    Part("clea", "care leavers", always=a.L9 | a.LEAVER, team=("cleacareleaverallocatedteam",)),
)  # fmt: skip
_ABOUT = (
    Part("pers", "persons", ("persdob", "persexpecteddob")),
    Part("invo", "involvements", team=("invoprofessionalteam",)),
    Part("fami", "families"),
)
_FACTORS = "cinfassessmentid"
_PARTS = {part.letters: part for part in (*_SERVICES, *_ABOUT)}
_WITHOUT = (
    "These are tables of the Standard Safeguarding Dataset, without any that says which service a child has. What is"
    " needed is ssd_cin_episodes, ssd_cp_plans, ssd_cla_episodes and the like, and ssd_person beside them."
)


@dataclass
class _Links:
    """What one table says about the rows of another."""

    conferences: set[str] = field(default_factory=set)  # enquiries that a conference followed
    assessments: dict[str, str] = field(default_factory=dict)  # whose assessment it is


def recognise(table: Table) -> tuple[str, Headings] | None:
    """Say which of the tables this is: the first letters of its headings, or of the one with the person's number."""
    headings = find(table, lambda key: key, lambda keys: bool(_letters(keys)))
    return (_letters(set(headings.keys)), headings) if headings else None


def _letters(keys: set[str]) -> str:
    if _FACTORS in keys:
        return "cinf"
    for key in sorted(keys):
        letters = key[:4]
        if key == f"{letters}personid" and sum(1 for other in keys if other.startswith(letters)) >= 2:
            return letters
    return ""


def claims(tables: list[Table]) -> bool:
    """Say whether any of these tables is one of the dataset's that is read."""
    return any((found := recognise(table)) and found[0] in _PARTS for table in tables)


def read(
    tables: list[Table],
    on: date,
    tell: Callable[[int], None] | None = None,
    rules: Sequence[a.Area] = a.AREAS,
    spellings: codes.Spellings = codes.NONE,
) -> Reading:
    """Read who has which service from their tables, then who the children are."""
    reading = Reading(KIND, NAME, area_names=a.names_of(rules), tell=tell, spellings=spellings)
    found: dict[str, list[tuple[Table, Headings]]] = {}
    for table in tables:
        one = recognise(table)
        if one is None or one[0] not in {*_PARTS, "cinf"}:
            note_unread(reading, table, "This table says nothing that is needed")
        else:
            found.setdefault(one[0], []).append((table, one[1]))
    if not any(part.letters in found for part in _SERVICES):
        raise NotUsable(_WITHOUT)
    links = _Links()
    for part in (*_SERVICES, *_ABOUT):
        for table, headings in found.get(part.letters, ()):
            sheet = Sheet(reading, table, headings, on=on, one_row_each=part.letters == "pers", rules=rules)
            _read_part(sheet, part, links)
            sheet.close(f"Standard Safeguarding Dataset: {part.name}")
    for table, headings in found.get("cinf", ()):
        _read_factors(Sheet(reading, table, headings, on=on, rules=rules), links)
    if not reading.children:
        raise NotUsable(nothing_used(reading, "These tables of the Standard Safeguarding Dataset"))
    for child in reading.children.values():
        child.facts |= _settled(child.facts)
        child.area = a.area_of(child.facts, team=child.team, areas=rules)
    return finish(reading, on, a.LEAVER)


def _settled(facts: int) -> int:
    """An open episode is a child in need once it was assessed, and a referral until then."""
    if not facts & a.EPISODE_OPEN or facts & (a.ASSESSMENT_OPEN | a.ENQUIRY_OPEN):
        return 0
    return a.STATUS_NEED if facts & (a.L4 | a.L5 | a.L6 | a.L7 | a.L8) else a.REFERRED


def _read_part(sheet: Sheet, part: Part, links: _Links) -> None:
    place = sheet.headings.place
    number_place = place(f"{part.letters}personid")
    starts, ends = place(*part.starts), place(*part.ends)
    if number_place is None:
        return
    own = place("s47es47enquiryid"), place("icpcs47enquiryid"), place("cinaassessmentid")
    need, team = place(*part.needs), place(*part.team)
    about = part in _ABOUT
    for row, number, days in sheet.readable(number_place, {"starts": starts, "ends": ends}):
        if about and number not in sheet.reading.children:
            sheet.refuse(number_place, "This person has no service in these tables.")
            continue
        child = sheet.child(number, row)
        if about:
            _describe(sheet, child, row, part)
        else:
            began, ended = days["starts"], days["ends"]
            sheet.in_order(began, ended, part.name[0].upper() + part.name[1:], ends)
            sheet.moments(child, row, [(kind, one) for kind, one in zip(part.moments, (starts, ends), strict=True)
                                       if kind and one is not None])  # fmt: skip
            open_now = ended is None or ended > sheet.on
            child.facts |= _facts(sheet, part, row, open_now, links)
            if need is not None and row[need]:
                sheet.coded(child, "need", row[need], need)
        sheet.plain(child, "team", row, team)
        if part.letters == "icpc" and own[1] is not None and (said := known(row[own[1]])):
            links.conferences.add(said)
        if part.letters == "cina" and own[2] is not None and (said := known(row[own[2]])):
            links.assessments[said] = number


def _facts(sheet: Sheet, part: Part, row: Row, open_now: bool, links: _Links) -> int:
    place = sheet.headings.place
    if part.letters == "cine":
        nfa = place("cinereferralnfa")
        if nfa is not None and codes.yes(row[nfa]):
            return a.L3 | a.REFERRED_NFA
        return a.L3 | (a.EPISODE_OPEN if open_now else 0)
    if part.letters == "s47e":
        enquiry, nfa = place("s47es47enquiryid"), place("s47es47nfa")
        decided = nfa is not None and codes.yes(row[nfa])
        met = enquiry is not None and known(row[enquiry]) in links.conferences
        open_now = open_now and not decided and not met
    return part.always | (part.while_open if open_now else 0)


def _describe(sheet: Sheet, child: Child, row: Row, part: Part) -> None:
    place = sheet.headings.place
    if part.letters == "fami":
        sheet.plain(child, "family", row, place("famifamilyid"))
    if part.letters != "pers":
        return
    births = [place("persdob"), place("persexpecteddob")]
    born = next((one for one in births if one is not None and known(row[one])), None)
    sheet.born(child, sheet.day_or_none(row, born), born)
    for name, keys in (("sex", ("perssex", "persgender")), ("ethnicity", ("persethnicity",))):
        one = place(*keys)
        if one is not None and row[one]:
            sheet.coded(child, name, row[one], one)
    for name, key, problem in (("upn", "persupn", upn_problem), ("nhs", "perscommonchildid", nhs_problem)):
        sheet.checked(child, name, row, place(key), problem)
    first, last = (
        known(row[one]) if (one := place(key)) is not None else "" for key in ("persforename", "perssurname")
    )
    child.name = f"{first} {last}".strip()[:120] or child.name
    died = place("persdeathdate")
    if died is not None and known(row[died]):
        child.flags |= DECEASED


def _read_factors(sheet: Sheet, links: _Links) -> None:
    """Add the factors that an assessment found; the table knows the assessment only."""
    which, said = sheet.headings.place(_FACTORS), sheet.headings.place("cinfassessmentfactorsjson")
    for row in sheet.rows([]):
        number = links.assessments.get(known(row[which])) if which is not None else None
        if number is None or said is None:
            sheet.refuse(which, "No assessment among these tables has these factors.")
            continue
        child = sheet.child(number, row)
        child.factors = tuple(sorted({*child.factors, *_factors(row[said])}))
    sheet.close("Standard Safeguarding Dataset: assessment factors")


def _factors(said: object) -> tuple[str, ...]:
    try:
        found = json.loads(str(said))
    except (ValueError, RecursionError):
        return codes.factors(said)
    if isinstance(found, dict):
        found = [name for name, value in found.items() if codes.yes(value)]
    return codes.factors(" ".join(map(str, found)) if isinstance(found, list) else str(found))
