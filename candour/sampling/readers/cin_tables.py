"""The children in need census as CSV tables: the XML's blocks, one table each or flattened into one."""

from collections.abc import Callable, Sequence
from datetime import date

from candour.sampling.readers import areas as a
from candour.sampling.readers import codes
from candour.sampling.readers.cells import a_date, known
from candour.sampling.readers.cin_census import IN_ORDER, KIND, MOMENTS, NAME, settled
from candour.sampling.readers.found import DECEASED, Child, NotUsable, Reading
from candour.sampling.readers.gather import Sheet, finish, note_unread, nothing_used
from candour.sampling.readers.headings import Headings, find
from candour.sampling.readers.identifiers import upn_problem
from candour.sampling.readers.opening import Row, Table

_NUMBERS = ("lachildid", "childid", "lachildidentifier")
_EPISODE = {"cinreferraldate", "cinclosuredate", "referralnfa"}
_OWN = {
    *_EPISODE, "cindetailsid", "personbirthdate", "expectedpersonbirthdate", "gendercurrent", "assessmentactualstartdate",
    "assessmentauthorisationdate", "s47actualstartdate", "icpcnotrequired", "cppstartdate", "cppenddate", "cinplanstartdate",
    "cinplanenddate", "cppreviewdate", "upnunknown", "persondeathdate", "formerupn", "assessmentinternalreviewdate",
}  # fmt: skip
_ALONE = {"cinreferraldate", "cindetailsid", "assessmentactualstartdate", "s47actualstartdate", "cppstartdate",
          "personbirthdate", "gendercurrent", "upnunknown"}  # fmt: skip
_BLOCKS = ("cppstartdate", "assessmentactualstartdate", "s47actualstartdate", "cinplanstartdate", *_EPISODE)
_DAYS = (
    "cinreferraldate", "cinclosuredate", "assessmentactualstartdate", "assessmentauthorisationdate",
    "s47actualstartdate", "dateofinitialcpc", "cppstartdate", "cppenddate", "cinplanstartdate", "cinplanenddate",
)  # fmt: skip
_KEYED = {key.casefold(): moment for key, moment in MOMENTS.items()}


def recognise(table: Table) -> Headings | None:
    """Give a table's headings where it is one of the census's: it has the child's number and columns of the census."""
    return find(table, lambda key: key, _is_census)


def _is_census(keys: set[str]) -> bool:
    return bool(keys.intersection(_NUMBERS)) and (
        len(keys & _OWN) >= 2 or ("lachildid" in keys and bool(keys & _ALONE))
    )


def _header(table: Table) -> tuple[Headings, date | None] | None:
    """Give the census's own header, with its reference date."""
    headings = find(table, lambda key: key, lambda keys: {"collection", "referencedate"} <= keys)
    if headings is None:
        return None
    place = headings.place("referencedate")
    for number, row in table.rows():
        if number > headings.row and place is not None and place < len(row):
            return headings, a_date(row[place])[0]
    return headings, None


def claims(tables: list[Table]) -> bool:
    """Say whether any of these tables is one of the census's."""
    return any(recognise(table) for table in tables)


def read(
    tables: list[Table],
    on: date,
    tell: Callable[[int], None] | None = None,
    rules: Sequence[a.Area] = a.AREAS,
    spellings: codes.Spellings = codes.NONE,
) -> Reading:
    """Read episodes first, then what belongs to them and who the children are."""
    reading = Reading(KIND, NAME, area_names=a.names_of(rules), tell=tell, spellings=spellings)
    found: list[tuple[int, Table, Headings]] = []
    asked = on
    for table in tables:
        if headings := recognise(table) or find(table, lambda key: key, lambda keys: "lachildid" in keys):
            first = next((n for n, key in enumerate(reversed(_BLOCKS)) if key in headings.keys), len(_BLOCKS))
            found.append((first, table, headings))
        elif header := _header(table):
            asked = header[1] or asked
        else:
            note_unread(reading, table, "This is not one of the census's tables that are needed")
    if not any(_EPISODE & set(headings.keys) for _, _, headings in found):
        raise NotUsable(
            "This is part of the children in need census, without its episodes. What is needed is the table CINdetails,"
            " and beside it ChildIdentifiers, Assessments, Section47 and ChildProtectionPlans."
        )
    closed: set[tuple[str, str]] = set()
    for _, table, headings in sorted(found, key=lambda one: one[0]):
        sheet = Sheet(reading, table, headings, on=asked, rules=rules)
        _read_table(sheet, closed)
        sheet.close(NAME)
    if not reading.children:
        raise NotUsable(nothing_used(reading, "These tables of the children in need census"))
    for child in reading.children.values():
        if not child.facts & (a.L6 | a.REFERRED_NFA):
            reading.notes.add("A child of the census has no episode in these tables; it counts as closed.")
        child.facts |= settled(child.facts)
        child.area = a.area_of(child.facts, areas=rules)
    return finish(reading, on)


def _read_table(sheet: Sheet, closed: set[tuple[str, str]]) -> None:
    at = {key: place for place, key in reversed(list(enumerate(sheet.headings.keys))) if key}
    number_place = next((at[key] for key in _NUMBERS if key in at), None)
    if number_place is None:
        return
    born_place = next((at[key] for key in ("personbirthdate", "expectedpersonbirthdate") if key in at), None)
    moments = [(kind, at[key]) for key, kind in _KEYED.items() if key in at]
    for row, number, days in sheet.readable(number_place, {key: at[key] for key in _DAYS if key in at},
                                            also=(born_place,)):  # fmt: skip
        child = sheet.child(number, row)
        _describe(sheet, child, row, at)
        sheet.moments(child, row, moments)
        for first, then, what in IN_ORDER:
            first, then = first.casefold(), then.casefold()
            if first in at and then in at:
                sheet.in_order(days.get(first), days.get(then), what, at[then])
        episode = known(row[at["cindetailsid"]]) if "cindetailsid" in at else ""
        _episode(sheet, child, row, at, days, (number, episode), closed)


def _episode(
    sheet: Sheet, child: Child, row: Row, at: dict[str, int], days: dict[str, date | None], key: tuple[str, str],
    closed: set[tuple[str, str]],
) -> None:  # fmt: skip
    def has(*names: str) -> bool:
        return any(name in at and known(row[at[name]]) for name in names)

    def ended(name: str) -> bool:
        day = days.get(name)
        return day is not None and day <= sheet.on

    if has(*_EPISODE):
        nfa = codes.yes(row[at["referralnfa"]]) if "referralnfa" in at else None
        if nfa and days.get("cinclosuredate"):
            sheet.note("No further action, yet the episode has a date of closure.", at["referralnfa"])
        if nfa and not days.get("cinclosuredate"):
            child.facts |= a.REFERRED_NFA
        else:
            child.facts |= a.L6 | (0 if ended("cinclosuredate") else a.EPISODE_OPEN)
        if ended("cinclosuredate"):
            closed.add(key)
    if key[1] and key in closed:
        return
    if has("cppstartdate") and not ended("cppenddate"):
        child.facts |= a.PLAN_OPEN
    if has("cinplanstartdate") and not ended("cinplanenddate"):
        child.facts |= a.STATUS_NEED
    if has("assessmentactualstartdate") and not has("assessmentauthorisationdate"):
        child.facts |= a.ASSESSMENT_OPEN
    if has("s47actualstartdate") and not has("dateofinitialcpc"):
        place = at.get("icpcnotrequired")
        if place is None or not codes.yes(row[place]):
            child.facts |= a.ENQUIRY_OPEN


def _describe(sheet: Sheet, child: Child, row: Row, at: dict[str, int]) -> None:
    for key in ("personbirthdate", "expectedpersonbirthdate"):
        if key in at and known(row[at[key]]):
            sheet.born(child, sheet.day_or_none(row, at[key]), at[key])
            break
    for field, keys in (("sex", ("sex", "gendercurrent", "gender")), ("ethnicity", ("ethnicity",)),
                        ("need", ("primaryneedcode", "latestcategoryofabuse"))):  # fmt: skip
        place = next((at[key] for key in keys if key in at), None)
        if place is not None and row[place]:
            sheet.coded(child, field, row[place], place)
    sheet.factors(child, row, at.get("assessmentfactors", at.get("assessmentfactor")))
    sheet.checked(child, "upn", row, at.get("upn"), upn_problem)
    if "persondeathdate" in at and known(row[at["persondeathdate"]]):
        child.flags |= DECEASED
