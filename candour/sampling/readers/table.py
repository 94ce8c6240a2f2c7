"""Any plain table of children: youth justice, police, hospital, school. Columns known by heading, or mapped."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice

from candour.sampling.readers import areas, codes
from candour.sampling.readers.cells import ERROR, bare, key_of, known, text
from candour.sampling.readers.codes import yes
from candour.sampling.readers.found import DECEASED, Child, NeedsColumns, NotUsable, Preview, Reading
from candour.sampling.readers.gather import Sheet, finish, note_unread
from candour.sampling.readers.headings import LOOKED_THROUGH, Headings, find, matcher
from candour.sampling.readers.identifiers import nhs_problem, upn_problem
from candour.sampling.readers.opening import Row, Table

KIND, NAME = "table", "Plain table"
ROLES = {
    "number": "Child's number",
    "born": "Date of birth",
    "age": "Age",
    "sex": "Sex",
    "ethnicity": "Ethnic group",
    "area": "Service area or status",
    "need": "Need or kind of abuse",
    "starts": "Date it started",
    "ends": "Date it ended",
    "team": "Team",
    "factors": "Factors",
    "family": "Family or household",
    "first": "First names",
    "last": "Family name",
    "name": "Full name",
    "died": "Date of death",
    "nhs": "NHS number",
    "upn": "UPN",
}
_WORDS = {
    "number": "childuniqueid childid childsid childnumber childref childreference lachildid ypid youngpersonid"
    " personid personnumber personref personreference clientid clientnumber clientref swiftid mosaicid liquidlogicid"
    " frameworkiid ecinsid ypreference ypnumber serviceuserid serviceusernumber youthjusticeid yotid asset nominalid"
    " nominalnumber nicheid pupilid pupilnumber studentid patientid patientnumber hospitalnumber mrn rionumber systmoneid"
    " child childunique childidentifier uniqueid uniqueidentifier"
    " caseid casenumber caseno urn identifier idnumber recordid reference ref referencenumber id number no",
    "born": "dateofbirth dob birthdate born dateofbirthdob",
    "age": "ageofchildyears age ageyears ageinyears currentage",
    "sex": "gender sex gendercurrent",
    "ethnicity": "ethnicity ethnic ethnicgroup ethnicorigin ethnicbackground",
    "area": "servicearea casestatus status area service level plantype casetype group type currentstatus",
    "need": "primaryneed primaryneedcode categoryofabuse latestcategoryofabuse category need",
    "starts": "startdate datestarted startedon opened dateopened referraldate dateofreferral start",
    "ends": "enddate dateended endedon closed dateclosed closuredate dateofclosure end",
    "died": "dateofdeath persondeathdate deathdate deceased",
    "team": "allocatedteam team teamname workerteam",
    "factors": "factors factor assessmentfactors factorsidentified riskfactors",
    "family": "familyidentifier familyid familynumber familygroup householdid household householdnumber family"
    " siblinggroup siblinggroupid",
    "first": "forename forenames firstname firstnames givenname givennames",
    "last": "surname lastname familyname",
    "name": "name fullname childname childsname clientname",
    "nhs": "nhsnumber nhsno nhs",
    "upn": "upn uniquepupilnumber",
}
_ROLE_OF = {word: role for role, words in _WORDS.items() for word in words.split()}
_WEAK = {
    "caseid", "casenumber", "caseno", "uniqueid", "uniqueidentifier", "urn", "identifier", "idnumber", "recordid",
    "reference", "ref", "referencenumber", "id", "number", "no",
}  # fmt: skip
_PERSONAL = {"born", "age", "sex", "ethnicity", "first", "last", "name", "nhs", "upn", "died"}
_STRONG = {word for words in _WORDS.values() for word in words.split()} - {"no", "child", "id", "number", "type"}
_MOST_OWN_AREAS = 12
_NEEDED = "What is needed is a list of children with one row each, or Annex A's child-level lists."


def claims(tables: list[Table]) -> bool:
    """Take whatever no other reader knows."""
    return True


_ENDS = ("ddmmyyyy", "ddmmyy", "yesno", "yn", "optional", "ifknown")
_BEGINS = ("childs", "child", "youngpersons", "youngperson", "yps", "yp", "clients", "client", "pupils", "pupil", "students",
           "patients", "patient", "persons", "person", "nominals", "nominal", "suspect", "victim", "subject")  # fmt: skip
_near = matcher(_ROLE_OF, {})


@lru_cache(maxsize=2048)
def _canonical(key: str) -> str:
    """Give a heading as one that is known: without whose it is, or in what form it is written."""
    for end in ("", *_ENDS):
        for begin in ("", *_BEGINS):
            if key.startswith(begin) and key.endswith(end):
                within = key[len(begin) : len(key) - len(end)]
                if begin and within in _WEAK:
                    return "childid"
                if within in _ROLE_OF:
                    return within
    near = _near(key)
    return near if near in _ROLE_OF else key


def headings_of(table: Table) -> Headings | None:
    """Find a table's row of headings: one with at least two columns that are known, or the first row of words."""
    found = find(table, _canonical, lambda keys: len({_ROLE_OF[key] for key in keys if key in _ROLE_OF}) >= 2)
    if found:
        return found
    return find(table, _canonical, lambda keys: bool(keys & _STRONG)) or _first_row(table)


def _first_row(table: Table) -> Headings | None:
    for number, row in islice(table.rows(), LOOKED_THROUGH):
        cells = [cell for cell in row if cell not in ("", None)]
        if len(cells) >= 2 and all(isinstance(cell, str) and not any(map(str.isdigit, cell)) for cell in cells):
            return Headings(number, tuple(map(text, row)), tuple(map(key_of, row)))
    return None


def roles_of(headings: Headings) -> dict[int, str]:
    """Say what the columns are, as far as their headings tell: each role once, the surest word first."""
    roles: dict[int, str] = {}
    for role, words in _WORDS.items():
        place = headings.place(*words.split())
        if place is not None and place not in roles:
            roles[place] = role
    weak = next((place for place, role in roles.items() if role == "number" and headings.keys[place] in _WEAK), None)
    if weak is not None and not _PERSONAL & set(roles.values()):
        del roles[weak]
    return roles


def read(
    tables: list[Table],
    on: date,
    columns: Mapping[str, Mapping[int, str]] | None = None,
    tell: Callable[[int], None] | None = None,
    rules: Sequence[areas.Area] = areas.AREAS,
    spellings: codes.Spellings = codes.NONE,
) -> Reading:
    """Read every table that has a column with the child's number."""
    reading = Reading(KIND, NAME, tell=tell, spellings=spellings)
    own: dict[str, str] = {}
    unread: list[Preview] = []
    for number, table in enumerate(tables):
        headings = headings_of(table)
        if headings is None:
            note_unread(reading, table, "This sheet has no row of headings")
            continue
        roles = dict((columns or {}).get(str(number), {})) or roles_of(headings)
        at = {role: place for place, role in roles.items() if place < len(headings.keys)}
        instead = next((role for role in ("upn", "nhs") if role in at), "")
        if "number" not in at and not instead:
            unread.append(_preview(str(number), table, headings, roles))
            continue
        sheet = Sheet(reading, table, headings, on=on, one_row_each=True, rules=rules)
        if "number" not in at:
            at["number"], sheet.squeezed = at[instead], True
            sheet.row = headings.row
            sheet.note(f"There is no column with the child's own number; the {ROLES[instead]} stands in its place.")
        _read_table(sheet, at, own)
        sheet.close("Table")
    _check(reading, tables, unread)
    _name_areas(reading, own, rules)
    return finish(reading, on)


def preview(tables: list[Table], columns: Mapping[str, Mapping[int, str]] | None = None) -> list[Preview]:
    """Show the tables as the page that maps columns needs them."""
    shown = []
    for number, table in enumerate(tables):
        if headings := headings_of(table):
            roles = dict((columns or {}).get(str(number), {})) or roles_of(headings)
            shown.append(_preview(str(number), table, headings, roles))
    return shown


def _preview(key: str, table: Table, headings: Headings, roles: dict[int, str]) -> Preview:
    rows = [list(map(text, row)) for number, row in islice(table.rows(), headings.row + 4) if number > headings.row]
    return Preview(key, table.sheet or table.file, list(headings.names), roles, rows[:3])


def _check(reading: Reading, tables: list[Table], unread: list[Preview]) -> None:
    if unread and not reading.children:
        raise NeedsColumns("No column was recognised as the child's number. Say which column it is.", unread)
    for table in unread:
        reading.notes.add("This sheet has no column with the child's number; it was not read.", sheet=table.name)
    if not reading.children:
        if reading.rows_read:
            raise NotUsable("There is no row in this list that can be used: every one was refused.")
        if any(True for table in tables for _ in islice(table.rows(), 1)) and not reading.sheets:
            raise NotUsable(f"No row of headings was found in this file. {_NEEDED}")
        raise NotUsable("There are no children in this list: it has headings only.")


def _read_table(sheet: Sheet, at: Mapping[str, int], own: dict[str, str]) -> None:
    dates = {role: at.get(role) for role in ("born", "starts", "ends")}
    for row, number, days in sheet.readable(at["number"], dates):
        born, starts, ends = days["born"], days["starts"], days["ends"]
        child = sheet.child(number, row)
        sheet.born(child, born, at.get("born"))
        sheet.age(child, row, at.get("age"))
        for field in ("sex", "ethnicity", "need"):
            if (place := at.get(field)) is not None and row[place]:
                sheet.coded(child, field, row[place], place)
        if "ends" in at:
            sheet.in_order(starts, ends, "This row", at["ends"])
        if ERROR in row:
            sheet.note("A cell holds an error of the spreadsheet; it was read as blank.", row.index(ERROR))
        _described(sheet, child, row, at)
        sheet.checked(child, "nhs", row, at.get("nhs"), nhs_problem)
        sheet.checked(child, "upn", row, at.get("upn"), upn_problem)
        _died(child, row, at)
        _area(sheet, child, row, at, own)


def _described(sheet: Sheet, child: Child, row: Row, at: Mapping[str, int]) -> None:
    for field in ("team", "family", "name"):
        sheet.plain(child, field, row, at.get(field))
    first, last = (known(row[at[role]]) if role in at else "" for role in ("first", "last"))
    if first or last:
        child.name = f"{first} {last}".strip()[:120]
    sheet.factors(child, row, at.get("factors"))
    sheet.moments(child, row, [(kind, at[role]) for role, kind in (("starts", "start"), ("ends", "end")) if role in at])


def _died(child: Child, row: Row, at: Mapping[str, int]) -> None:
    if (place := at.get("died")) is not None and known(row[place]) and yes(row[place]) is not False:
        child.flags |= DECEASED


def _area(sheet: Sheet, child: Child, row: Row, at: Mapping[str, int], own: dict[str, str]) -> None:
    place = at.get("area")
    said = "" if place is None else bare(row[place])
    if not said:
        area = "" if place is not None else areas.ALL_CHILDREN[0]
    else:
        area = sheet.words.get(said) or own.setdefault(said, f"own-{len(own) + 1}")
    order = list(sheet.words.values())
    if not child.area:
        child.area = area
    elif area and area != child.area:
        sheet.note("This child has rows in two service areas; the first in the order of areas was taken.", place)
        ranked = [code for code in (area, child.area) if code in order]
        child.area = min(ranked, key=order.index) if ranked else child.area


def _name_areas(reading: Reading, own: dict[str, str], rules: Sequence[areas.Area]) -> None:
    """Name the areas: the known ones by their names, the list's own by their words where these are few and plain."""
    plain = len(own) <= _MOST_OWN_AREAS and all(
        len(word) <= 40 and not any(map(str.isdigit, word)) for word in own
    ) and len(own) * 2 <= len(reading.children) + 2  # fmt: skip
    names = areas.names_of(rules)
    names |= {code: word[:1].upper() + word[1:] if plain else "Not understood" for word, code in own.items()}
    for child in reading.children.values():
        if child.area.startswith("own-") and not plain:
            child.area = "not-understood"
        child.area = child.area or "not-stated"
    names |= {"not-understood": "Not understood", "not-stated": "Not stated"}
    reading.area_names = names
    if own and not plain:
        reading.notes.add("The service areas in this list were not understood; children of these stand together.")
