"""The children in need census as XML, years 2017 to 2026; read as a stream."""

import json
from collections.abc import Sequence
from datetime import date
from xml.etree.ElementTree import Element

from candour.sampling.readers import areas as a
from candour.sampling.readers import codes
from candour.sampling.readers.cells import a_date, identifier, known
from candour.sampling.readers.found import DECEASED, Child, NotUsable, Reading, Refusal
from candour.sampling.readers.gather import TWO_BIRTHS, TWO_GROUPS, TWO_SEXES, finish
from candour.sampling.readers.identifiers import upn_problem
from candour.sampling.readers.opening import Xml
from candour.sampling.readers.xml import local, stream

KIND, NAME = "cin-census", "Children in need census"
SHEET = "Children"
_SHEET = json.dumps(SHEET)
_written = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
MOMENTS = {
    "CINreferralDate": "referral", "CINclosureDate": "closed", "AssessmentActualStartDate": "assessment",
    "S47ActualStartDate": "s47", "DateOfInitialCPC": "conference", "CPPstartDate": "plan", "CPPendDate": "plan-end",
    "CINPlanStartDate": "in-need",
}  # fmt: skip
_WATCHED = {"collection", "referencedate", "children", "child"}
IN_ORDER = (
    ("CINreferralDate", "CINclosureDate", "Episode"),
    ("AssessmentActualStartDate", "AssessmentAuthorisationDate", "Assessment"),
    ("CPPstartDate", "CPPendDate", "Child protection plan"),
    ("CINPlanStartDate", "CINPlanEndDate", "Child in need plan"),
)
_OTHER = {
    "CLA": "the return on children looked after (SSDA903)", "SSDA903": "the return on children looked after (SSDA903)",
    "SCHOOL": "a school census", "SLASC": "a school census", "PRUC": "a school census", "EYC": "an early years census",
    "APC": "an alternative provision census", "SEN2": "the SEN2 return",
    "CSWW": "the social work workforce census, about staff", "PLASC": "a school census",
    "SWF": "the school workforce census",
}  # fmt: skip
_NEEDED = "What is needed is the children in need census, or Annex A's child-level lists."


def claims(documents: list[Xml]) -> bool:
    """Take every XML file: what is no census is refused by name."""
    return bool(documents)


def read(
    documents: list[Xml], on: date, rules: Sequence[a.Area] = a.AREAS, spellings: codes.Spellings = codes.NONE
) -> Reading:
    """Read every child of the census, one row for each of its episodes."""
    reading = Reading(KIND, NAME, area_names=a.names_of(rules), spellings=spellings)
    for document in documents:
        _Census(reading, document, on).read()
    if not reading.children:
        if reading.rows_read:
            raise NotUsable("This census has no child in it that can be used: every one was refused.")
        raise NotUsable("This census has no children in it.")
    for child in reading.children.values():
        child.facts |= settled(child.facts)
        child.area = a.area_of(child.facts, areas=rules)
    return finish(reading, on)


def settled(facts: int) -> int:
    """An open episode is a child in need, unless nothing of it is open but an assessment or an enquiry."""
    only_assessed = facts & (a.ASSESSMENT_OPEN | a.ENQUIRY_OPEN)
    return a.STATUS_NEED if facts & a.EPISODE_OPEN and not only_assessed else 0


class _Census:
    """One file while it is read."""

    def __init__(self, reading: Reading, document: Xml, on: date) -> None:
        self.reading, self.document = reading, document
        self.on = on  # until the file says its own reference date
        self.number = len(reading.sheets)
        self.position = 0
        self.used = self.refused = 0
        self._upns: set[str] = set()
        self._seen_children = False

    def read(self) -> None:
        """Go through the file."""
        for element, parent in stream(self.document, _WATCHED):
            name = local(element)
            if name == "Collection":
                self._collection((element.text or "").strip())
            elif name == "ReferenceDate" and (said := a_date((element.text or "").strip())[0]):
                self.on = said
            elif name == "Children":
                self._seen_children = True
            elif name == "Child" and parent is not element and local(parent) == "Children":
                self.position += 1
                self._child(element)
                parent.remove(element)
        if not self._seen_children and not self.position:
            raise NotUsable(f"This XML file is not one that is known. {_NEEDED}")
        self.reading.rows_read += self.used + self.refused
        self.reading.rows_used += self.used
        self.reading.sheets.append(
            {"file": self.document.file, "sheet": SHEET, "read_as": NAME, "used": self.used, "refused": self.refused}
        )

    def _collection(self, said: str) -> None:
        if said.upper() != "CIN":
            what = next((name for word, name in _OTHER.items() if said.upper().startswith(word)), "another return")
            raise NotUsable(f"This is {what}. {_NEEDED}")

    def _note(self, reason: str, column: str) -> None:
        self.reading.notes.add(reason, file=self.document.file, sheet=SHEET, row=self.position, column=column)

    def _child(self, element: Element) -> None:
        episodes = [part for part in element if local(part) == "CINdetails"]
        parts = [(local(part), (part.text or "").strip()) for part in element.iter()]
        said = {name: text for name, text in parts if text}
        number, problem = identifier(said.get("LAchildID", ""))
        column = "LAchildID"
        born, unread = a_date(said.get("PersonBirthDate", "") or said.get("ExpectedPersonBirthDate", ""))
        if unread and not problem:
            problem, column = unread, "PersonBirthDate"
        if problem:
            self.refused += max(len(episodes), 1)
            what = "The child's number" if column == "LAchildID" else "This date"
            for _ in range(max(len(episodes), 1)):
                self.reading.refusals.append(
                    Refusal(self.document.file, SHEET, self.position, column, f"{what} {problem}.")
                )
            return
        self.used += max(len(episodes), 1)
        child = self.reading.children.get(number)
        if child is None:
            child = self.reading.children[number] = Child(number, first=(self.number, self.position))
        else:
            self._note("This child's number stands in the census before; the two were merged.", "LAchildID")
            if child.born and born and child.born != born:
                child.facts |= TWO_BIRTHS
                self._note("This child has two different dates of birth; neither is taken.", "PersonBirthDate")
        child.rows.append(f"{_SHEET}\t{self.position}\t{_written(parts)}".encode())
        child.born = child.born or born
        self._describe(child, said)
        for episode in episodes:
            child.facts |= self._facts(episode)
        self._moments(child, parts)

    def _describe(self, child: Child, said: dict[str, str]) -> None:
        for field, names, bit in (("sex", ("Sex", "GenderCurrent", "Gender"), TWO_SEXES),
                                  ("ethnicity", ("Ethnicity",), TWO_GROUPS), ("need", ("PrimaryNeedCode",), 0)):  # fmt: skip
            name = next((name for name in names if said.get(name)), "")
            if not name:
                continue
            code, understood = codes.understand(field, said[name], self.reading.spellings)
            if not understood:
                self.reading.not_understood(
                    field, known(said[name])[:60], file=self.document.file, sheet=SHEET, column=name, row=self.position
                )
            had = getattr(child, field)
            if bit and code and had and code != had:
                child.facts |= bit
                self._note("This child is described in two different ways in the census; neither is taken.", name)
            elif code:
                setattr(child, field, code)
        if said.get("PersonDeathDate"):
            child.flags |= DECEASED
        upn = known(said.get("UPN", ""))
        if upn and not codes.NO_UPN.fullmatch(upn):
            if problem := upn_problem(upn):
                self._note(f"{problem[0].upper()}{problem[1:]}.", "UPN")
            if upn in self._upns:
                self._note("This UPN stands with another child too.", "UPN")
            self._upns.add(upn)
            child.upn = child.upn or upn

    def _moments(self, child: Child, parts: list[tuple[str, str]]) -> None:
        for name, said in parts:
            if said and (moment := MOMENTS.get(name)) and (day := a_date(said)[0]):
                child.dates += ((moment, day.toordinal()),)
            elif said and name == "AssessmentFactors":
                child.factors = tuple(sorted({*child.factors, *codes.factors(said)}))

    def _facts(self, episode: Element) -> int:
        said = {local(part): (part.text or "").strip() for part in episode}
        starts = self._day(said.get("CINreferralDate", ""), "CINreferralDate")
        closed = self._day(said.get("CINclosureDate", ""), "CINclosureDate")
        if starts and starts > self.on:
            self._note("This date lies after the census's reference date.", "CINreferralDate")
        if starts and closed and closed < starts:
            self._note("The two dates are in an impossible order.", "CINclosureDate")
        open_now = closed is None or closed > self.on
        nfa = codes.yes(said.get("ReferralNFA", ""))
        if said.get("ReferralNFA", "0") not in ("0", "1"):
            self._note("The schema wants 0 or 1; it was understood all the same.", "ReferralNFA")
        if nfa and said.get("CINclosureDate"):
            self._note("No further action, yet the episode has a date of closure.", "ReferralNFA")
        elif nfa:
            return a.REFERRED_NFA
        return a.L6 | (a.EPISODE_OPEN | self._inner(episode, said) if open_now else 0)

    def _inner(self, episode: Element, said: dict[str, str]) -> int:
        facts = 0
        for part in episode:
            if not len(part):
                continue
            inner = {local(one): (one.text or "").strip() for one in part.iter() if len(one) == 0}
            name = local(part).casefold()
            days = {
                key: self._day(inner.get(key, ""), key) for pair in IN_ORDER[1:] for key in pair[:2] if key in inner
            }
            for first, then, what in IN_ORDER[1:]:
                if (begun := days.get(first)) and (ended := days.get(then)) and ended < begun:
                    self._note(f"{what}: the two dates are in an impossible order.", then)
            if name == "childprotectionplans" and not self._over(days.get("CPPendDate")):
                facts |= a.PLAN_OPEN
            elif name == "cinplandates" and not self._over(days.get("CINPlanEndDate")):
                facts |= a.STATUS_NEED
            elif name == "assessments" and not inner.get("AssessmentAuthorisationDate"):
                facts |= a.ASSESSMENT_OPEN
            elif name == "section47" and not (
                inner.get("DateOfInitialCPC") or said.get("DateOfInitialCPC") or codes.yes(inner.get("ICPCnotRequired"))
            ):
                facts |= a.ENQUIRY_OPEN
        return facts

    def _over(self, day: date | None) -> bool:
        return day is not None and day <= self.on

    def _day(self, said: str, column: str) -> date | None:
        found, problem = a_date(said)
        if problem:
            self._note(f"This date {problem}; it counts as blank.", column)
        return found
