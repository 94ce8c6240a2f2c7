"""Ofsted's Annex A, child-level lists 1 to 11: one workbook or one CSV per list, the layouts of 2016 to 2024."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from candour.sampling.readers import areas as a
from candour.sampling.readers import codes
from candour.sampling.readers.cells import ERROR, bare, key_of, known
from candour.sampling.readers.codes import yes
from candour.sampling.readers.found import DECEASED, Child, NotUsable, Reading
from candour.sampling.readers.gather import Sheet, finish, note_unread
from candour.sampling.readers.headings import Headings, find, matcher
from candour.sampling.readers.opening import Row, Table

KIND, NAME = "annex-a", "Annex A, child-level lists"
ID, BORN, AGE, SEX, ETHNIC = "childuniqueid", "dateofbirth", "ageofchildyears", "gender", "ethnicity"
TEAM = "allocatedteam"
_CORE = {ID, BORN, AGE, SEX, ETHNIC, "doesthechildhaveadisability", "allocatedteam", "allocatedworker"}
ALIASES = {
    "childid": ID, "childuniqueidentifier": ID, "childsuniqueid": ID, "uniqueid": ID, "childidentifier": ID,
    "childuniqueidnumber": ID, "uniquechildid": ID, "lachildid": ID,
    "dob": BORN, "birthdate": BORN, "childsdateofbirth": BORN, "dateofbirthorexpecteddateofbirth": BORN,
    "age": AGE, "ageyears": AGE, "ageofchild": AGE, "ageinyears": AGE, "ageofchildinyears": AGE, "sex": SEX,
    "ethnicorigin": ETHNIC, "ethnicbackground": ETHNIC, "disability": "doesthechildhaveadisability",
    "referraldate": "dateofreferral", "contactdate": "dateofcontact", "nfa": "referralnfa",
    "furtheraction": "referralnfa", "casestatusatdateoflist": "casestatus", "primaryneed": "primaryneedcode",
    "cpplanstartdate": "childprotectionplanstartdate", "cpplanenddate": "childprotectionplanenddate",
    "dateceasedtobelookedafterchild": "dateceasedtobelookedafter", "sourceofcontact": "contactsource",
}  # fmt: skip


@dataclass(frozen=True)
class List:
    """One of the lists: the headings that only it has, the dates on which an area rests, and its rule."""

    number: int
    name: str
    own: tuple[str, ...]
    dates: tuple[str, ...]
    rule: Callable[["At", Child, Row, dict[str, date | None]], int]
    one_row_each: bool = False


class At:
    """Where one list's columns stand."""

    def __init__(self, sheet: Sheet, headings: Headings) -> None:
        self.sheet, self._headings = sheet, headings
        self.places = {key: place for place, key in reversed(list(enumerate(headings.keys))) if key}

    def __call__(self, key: str) -> int | None:
        """Give a column's position, or nothing where the list lacks it."""
        return self.places.get(key)

    def said(self, row: Row, key: str) -> str:
        """Give what stands in a column, in lower case without its prefix."""
        place = self.places.get(key)
        return "" if place is None else bare(row[place])

    def ended(self, row: Row, starts: date | None, ends: date | None, what: str, key: str) -> bool:
        """Say whether something has ended; an end that lies ahead is no end yet."""
        self.sheet.in_order(starts, ends, what, self(key))
        return ends is not None and ends <= self.sheet.on


def _contacts(at: At, child: Child, row: Row, dates: dict[str, date | None]) -> int:
    return a.L1


def _early_help(at: At, child: Child, row: Row, dates: dict[str, date | None]) -> int:
    end = "assessmentcompletiondate"
    ended = at.ended(row, dates["assessmentstartdate"], dates[end], "Early help assessment", end)
    return a.L2 | (0 if ended else a.EARLY_HELP_OPEN)


def _referrals(at: At, child: Child, row: Row, dates: dict[str, date | None]) -> int:
    at.sheet.in_order(dates["dateofreferral"], None, "Referral", at("dateofreferral"))
    place = at("referralnfa")
    nfa = yes(row[place]) if place is not None else None
    if place is not None and nfa is None and known(row[place]):
        at.sheet.note("This is neither yes nor no; the referral counts as one that went further.", place)
    return a.L3 | (a.REFERRED_NFA if nfa else a.REFERRED)


def _assessments(at: At, child: Child, row: Row, dates: dict[str, date | None]) -> int:
    end = "continuousassessmentdateofauthorisation"
    ended = at.ended(row, dates["continuousassessmentstartdate"], dates[end], "Assessment", end)
    return a.L4 | (0 if ended else a.ASSESSMENT_OPEN)


def _enquiries(at: At, child: Child, row: Row, dates: dict[str, date | None]) -> int:
    start = dates["strategydiscussioninitiatingsection47enquirystartdate"]
    conference = dates["dateofinitialchildprotectionconference"]
    at.sheet.in_order(start, conference, "Section 47 enquiry", at("dateofinitialchildprotectionconference"))
    unnecessary = at.said(row, "wasaninitialchildprotectionconferencedeemedunnecessary")
    result = at.said(row, "didtheinitialchildprotectionconferenceresultinachildprotectionplan")
    outcome = conference or unnecessary.startswith("y") or result[:1] in ("y", "n")
    return a.L5 | (a.ENQUIRY_OPEN if start and not outcome else 0)


_STATUS = (
    ("looked after", a.STATUS_CARE), ("child protection", a.STATUS_PLAN), ("child in need", a.STATUS_NEED),
    ("assessment", a.STATUS_ASSESSMENT), ("closed", a.STATUS_CLOSED),
)  # fmt: skip


def _in_need(at: At, child: Child, row: Row, dates: dict[str, date | None]) -> int:
    end = "cinclosuredate"
    ended = at.ended(row, dates["cinstartdate"], dates[end], "Child in need", end)
    reason = at.said(row, "reasonforclosure")
    if reason and ("rc2" in reason or "died" in reason):
        child.flags |= DECEASED
    status = at.said(row, "casestatus")
    fact = next((fact for words, fact in _STATUS if words in status), 0)
    if status and not fact:
        child.status = status
        if status not in at.sheet.words:
            at.sheet.note("This case status was not understood.", at("casestatus"))
    if not status and not ended:
        at.sheet.note("There is no case status, and no date of closure: no area was guessed.", at("casestatus"))
    if ended and fact not in (0, a.STATUS_CLOSED):
        at.sheet.note("The case status says open, the date of closure says closed.", at("casestatus"))
    if fact == a.STATUS_CLOSED and not dates[end]:
        at.sheet.note("The case status says closed, but there is no date of closure.", at("casestatus"))
    return a.L6 | fact


def _protection(at: At, child: Child, row: Row, dates: dict[str, date | None]) -> int:
    end = "childprotectionplanenddate"
    ended = at.ended(row, dates["childprotectionplanstartdate"], dates[end], "Child protection plan", end)
    return a.L7 | (0 if ended else a.PLAN_OPEN)


def _care(at: At, child: Child, row: Row, dates: dict[str, date | None]) -> int:
    end = "dateceasedtobelookedafter"
    ended = at.ended(row, dates["datestartedtobelookedafter"], dates[end], "Time in care", end)
    if "died" in at.said(row, "reasonceasedtobelookedafter"):
        child.flags |= DECEASED
    return a.L8 | (0 if ended else a.IN_CARE)


def _leavers(at: At, child: Child, row: Row, dates: dict[str, date | None]) -> int:
    return a.L9 | a.LEAVER


def _adoption(at: At, child: Child, row: Row, dates: dict[str, date | None]) -> int:
    return a.L10


def _adopters(at: At, child: Child, row: Row, dates: dict[str, date | None]) -> int:
    raise AssertionError("rows about adopters are never used")


LISTS = (
    List(1, "Contacts", ("dateofcontact", "contactsource"), (), _contacts),
    List(2, "Early help", ("assessmentstartdate", "assessmentcompletiondate", "organisationcompletingassessment"),
         ("assessmentstartdate", "assessmentcompletiondate"), _early_help),
    List(3, "Referrals", ("dateofreferral", "referralsource", "referralnfa", "numberofreferralsinlast12months"),
         ("dateofreferral",), _referrals),
    List(4, "Assessments", ("continuousassessmentstartdate", "childseenduringcontinuousassessment",
         "continuousassessmentdateofauthorisation", "wasthechildassessedasrequiringlachildrenssocialcaresupport"),
         ("continuousassessmentstartdate", "continuousassessmentdateofauthorisation"), _assessments),
    List(5, "Section 47 enquiries and conferences", ("strategydiscussioninitiatingsection47enquirystartdate",
         "wasaninitialchildprotectionconferencedeemedunnecessary", "dateofinitialchildprotectionconference",
         "didtheinitialchildprotectionconferenceresultinachildprotectionplan",
         "numberofsection47enquiriesinthelast12months", "numberoficpcsinthelast12months"),
         ("strategydiscussioninitiatingsection47enquirystartdate", "dateofinitialchildprotectionconference"),
         _enquiries),
    List(6, "Children in need", ("cinstartdate", "primaryneedcode", "datechildwaslastseen", "cinclosuredate",
         "reasonforclosure", "casestatus"), ("cinstartdate", "cinclosuredate"), _in_need, True),
    List(7, "Child protection", ("childprotectionplanstartdate", "initialcategoryofabuse", "latestcategoryofabuse",
         "dateofthelaststatutoryvisit", "wasthechildseenalone", "childprotectionplanenddate",
         "numberofpreviouschildprotectionplans"), ("childprotectionplanstartdate", "childprotectionplanenddate"),
         _protection, True),
    List(8, "Children in care", ("datestartedtobelookedafter", "childscategoryofneed", "childslegalstatus",
         "dateceasedtobelookedafter", "reasonceasedtobelookedafter", "placementtype", "startdateofcurrentlegalstatus"),
         ("datestartedtobelookedafter", "dateceasedtobelookedafter"), _care, True),
    List(9, "Care leavers", ("eligibilitycategory", "laintouch", "typeofaccommodation", "suitabilityofaccommodation",
         "activitystatus", "allocatedpersonaladvisor"), (), _leavers, True),
    List(10, "Adoption", ("familyidentifier", "datethechildenteredcare", "dateofplacementorder",
         "dateplacedforadoption", "dateofmatchingchildandprospectiveadopters"), (), _adoption),
    List(11, "Adopters", ("individualadopteridentifier", "dateenquiryreceived", "datestage1started",
         "dateapplicationapproved", "dateofleavingadoptionprocess"), (), _adopters),
)  # fmt: skip
_canonical = matcher(_CORE | {key for one in LISTS for key in one.own}, ALIASES)
MOMENTS = {
    "dateofcontact": "contact", "assessmentstartdate": "early-help", "dateofreferral": "referral",
    "continuousassessmentstartdate": "assessment", "strategydiscussioninitiatingsection47enquirystartdate": "s47",
    "dateofinitialchildprotectionconference": "conference", "cinstartdate": "in-need", "cinclosuredate": "closed",
    "childprotectionplanstartdate": "plan", "childprotectionplanenddate": "plan-end",
    "datestartedtobelookedafter": "care", "dateceasedtobelookedafter": "care-end",
}  # fmt: skip
_DATES = {
    "assessmentstartdate": "Assessment start date", "assessmentcompletiondate": "Assessment completion date",
    "dateofreferral": "Date of referral", "continuousassessmentstartdate": "Continuous Assessment Start Date",
    "continuousassessmentdateofauthorisation": "Continuous Assessment Date of Authorisation",
    "strategydiscussioninitiatingsection47enquirystartdate": "Section 47 Enquiry Start Date",
    "dateofinitialchildprotectionconference": "Date of Initial Child Protection Conference",
    "cinstartdate": "CIN Start Date", "cinclosuredate": "CIN Closure Date",
    "childprotectionplanstartdate": "Child Protection Plan Start Date",
    "childprotectionplanenddate": "Child Protection Plan End Date",
    "datestartedtobelookedafter": "Date Started to be Looked After",
    "dateceasedtobelookedafter": "Date Ceased to be Looked After",
}  # fmt: skip
_NEEDS = ("latestcategoryofabuse", "childscategoryofneed", "primaryneedcode", "initialcategoryofabuse")


def recognise(table: Table) -> tuple[List, Headings] | None:
    """Say which list a table is, from its headings; the sheet's name only settles a draw."""
    headings = find(table, _canonical, lambda keys: bool(_which(keys, "")))
    if headings is None:
        return None
    which = _which(set(headings.keys), table.sheet or table.file)
    return (which, headings) if which else None


def _which(keys: set[str], name: str) -> List | None:
    if ID not in keys and "individualadopteridentifier" not in keys:
        return None
    said = key_of(name).removesuffix("csv")
    scored = [(len(keys.intersection(one.own)), said.endswith(f"list{one.number}"), -one.number, one) for one in LISTS]
    best = max(scored, key=lambda score: score[:3])
    return best[3] if best[0] >= 2 else None


def claims(tables: list[Table]) -> bool:
    """Say whether any of these tables is one of Annex A's lists."""
    return any(recognise(table) for table in tables)


def read(
    tables: list[Table],
    on: date,
    tell: Callable[[int], None] | None = None,
    rules: Sequence[a.Area] = a.AREAS,
    spellings: codes.Spellings = codes.NONE,
) -> Reading:
    """Read every list; a sheet that is none is said, and adopters, who are adults, are refused row by row."""
    reading = Reading(KIND, NAME, area_names=a.names_of(rules), tell=tell, spellings=spellings)
    met: dict[int, Sheet] = {}
    for table in tables:
        found = recognise(table)
        if found is None:
            note_unread(reading, table, "This sheet is not one of the lists")
            continue
        which, headings = found
        sheet = Sheet(reading, table, headings, on=on, one_row_each=which.one_row_each, rules=rules)
        _read_list(sheet, which, headings)
        sheet.close(f"List {which.number}: {which.name}")
        met[which.number] = sheet
    if not reading.children:
        if set(met) == {11} and reading.rows_read:
            raise NotUsable(
                "This is Annex A's list of adopters, who are adults. What is needed is its lists about children, 1 to 10."
            )
        if reading.rows_read:
            raise NotUsable("This is Annex A, but there is no row in it that can be used: every one was refused.")
        raise NotUsable("This is Annex A, but there are no children in it: its lists have headings only.")
    _settle(reading, met, rules)
    return finish(reading, on, a.LEAVER)


def _read_list(sheet: Sheet, which: List, headings: Headings) -> None:
    at = At(sheet, headings)
    id_place = at(ID) if which.number != 11 else at("individualadopteridentifier")
    if id_place is None:
        return
    for key in which.dates:
        if at(key) is None:
            sheet.reading.notes.add(
                f"List {which.number} has no column “{_DATES[key]}”; it counts as blank.",
                file=sheet.table.file, sheet=sheet.table.sheet,
            )  # fmt: skip
    date_places = {key: at(key) for key in which.dates}
    coded = [("sex", at(SEX)), ("ethnicity", at(ETHNIC))]
    coded += [("need", next((place for key in _NEEDS if (place := at(key)) is not None), None))]
    born_place, age_place, team_place = at(BORN), at(AGE), at(TEAM)
    moments = [(kind, place) for key, kind in MOMENTS.items() if (place := at(key)) is not None]
    for row, number, days in sheet.readable(id_place, {BORN: born_place, **date_places}):
        if which.number == 11:
            sheet.refuse(id_place, "List 11 is about adopters, who are adults.")
            continue
        child = sheet.child(number, row)
        sheet.born(child, days[BORN], born_place)
        sheet.age(child, row, age_place)
        sheet.plain(child, "team", row, team_place)
        sheet.moments(child, row, moments)
        for field, place in coded:
            if place is not None and row[place]:
                sheet.coded(child, field, row[place], place)
        if ERROR in row:
            sheet.note("A cell holds an error of the spreadsheet; it was read as blank.", row.index(ERROR))
        facts = which.rule(at, child, row, days)
        child.facts |= facts
        if facts & (a.STATUS_CARE | a.STATUS_PLAN):
            child.first = (sheet.number, sheet.row)


def _settle(reading: Reading, met: dict[int, Sheet], rules: Sequence[a.Area]) -> None:
    """Give each child its area, and say where List 6 disagrees with Lists 7 and 8."""
    six = met.get(6)
    for child in reading.children.values():
        facts = child.facts
        child.area = a.area_of(facts, child.status, child.team, rules)
        if six is None or not facts & a.L6:
            continue
        says_care, says_plan = facts & a.STATUS_CARE, facts & a.STATUS_PLAN
        in_care, on_plan = facts & a.IN_CARE and 8 in met, facts & a.PLAN_OPEN and 7 in met
        where = {"file": six.table.file, "sheet": six.table.sheet, "column": "Case status"}
        row = child.first[1] if child.first[0] == six.number else 0
        if says_care and not in_care:
            reading.notes.add("The status says looked after, but List 8 does not have this child in care.",
                              row=row, **where)  # fmt: skip
        elif says_plan and not on_plan:
            reading.notes.add("The status says on a child protection plan, but List 7 has no open plan.",
                              row=row, **where)  # fmt: skip
        elif in_care and not says_care:
            reading.notes.add("List 8 has this child in care, but the status says otherwise.", row=row, **where)
        elif on_plan and not in_care and not says_plan:
            reading.notes.add(
                "List 7 has an open plan for this child, but the status says otherwise.", row=row, **where
            )
