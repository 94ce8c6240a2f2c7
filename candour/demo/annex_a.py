"""Case lists in the layout of Ofsted's Annex A (January 2024), of children who do not exist.

The demonstration and the measurements read them as a council's own; the same seed gives the same children.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, BinaryIO

import xlsxwriter

CORE = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)")
TEAM = ("Allocated Team", "Allocated Worker")
DISABILITY = "Does the Child have a Disability"
HEADINGS: dict[int, tuple[str, ...]] = {
    1: (*CORE, "Date of Contact", "Contact Source"),
    2: (*CORE, "Assessment start date", "Assessment completion date", "Organisation completing assessment"),
    3: (*CORE, "Date of referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months", *TEAM),
    4: (*CORE, DISABILITY, "Continuous Assessment Start Date", "Child Seen During Continuous Assessment",
        "Continuous Assessment Date of Authorisation",
        "Was the child assessed as requiring LA children’s social care support", *TEAM),
    5: (*CORE, DISABILITY, "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?",
        "Date of Initial Child Protection Conference",
        "Did the Initial Child Protection Conference Result in a Child Protection Plan",
        "Number of Section 47 Enquiries in the last 12 months", "Number of ICPCs in the last 12 months", *TEAM),
    6: (*CORE, DISABILITY, "CIN Start Date", "Primary Need Code", "Date Child Was Last Seen", "CIN Closure Date",
        "Reason for Closure", "Case status", *TEAM),
    7: (*CORE, DISABILITY, "Child Protection Plan Start Date", "Initial Category of Abuse",
        "Latest Category of Abuse", "Date of the Last Statutory Visit", "Was the Child Seen Alone?",
        "Date of latest review conference", "Child Protection Plan End Date",
        "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
        "Number of Previous Child Protection Plans", *TEAM),
    8: (*CORE, "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)", DISABILITY,
        "Date Started to be Looked After", "Child's Category of Need", "Start date of current legal status",
        "Child's Legal Status", "Date of Latest Statutory Review", "Date of Last Social Work Visit",
        "Date Ceased to be Looked After ", "Reason Ceased to be Looked After",
        "Start Date of Most Recent Placement", "Placement Type", *TEAM),
    9: (*CORE, "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)", DISABILITY, *TEAM,
        "Allocated Personal Advisor", "Eligibility Category", "Latest Pathway Plan Review Date", "LA in Touch",
        "Latest Date of Contact", "Type of Accommodation", "Suitability of Accommodation", "Activity Status"),
    10: ("Child Unique ID", "Family identifier", *CORE[1:], DISABILITY, "Date the Child Entered Care",
         "Date of Placement Order", "Date Placed for Adoption", "Date of Adoption Order "),
    11: ("Individual adopter identifier", "Family identifier", "Gender", "Ethnicity", "Disability",
         "Date enquiry received", "Date Stage 1 started", "Date application approved"),
}  # fmt: skip
NAMES = {
    1: "Contacts", 2: "Early Help", 3: "Referral", 4: "Assessments", 5: "Section 47 enquiries and ICPCs",
    6: "Children in Need", 7: "Child protection", 8: "Children in care", 9: "Care leavers", 10: "Adoption",
    11: "Adopters",
}  # fmt: skip
SEXES = ("a) Male", "b) Female", "a) Male", "b) Female", "b) Female", "c) Not stated/recorded")
GROUPS = ("a) WBRI",) * 9 + ("d) WOTH", "f) MWBC", "i) MOTH", "j) AIND", "k) APKN", "n) BCRB", "o) BAFR", "s) NOBT")
NEEDS = ("N1 - Abuse or neglect",) * 5 + ("N2 - Child's disability", "N4 - Family in acute stress",
                                           "N5 - Family dysfunction")  # fmt: skip
ABUSE = ("a) Neglect", "a) Neglect", "b) Physical abuse", "d) Emotional abuse", "d) Emotional abuse", "c) Sexual abuse")
SOURCES = ("f) 2A: Schools", "h) 3A: General practitioner", "i) 3B: Health visitor", "m) 3E: A&E", "q) 6: Police",
           "o) 5B: Other internal")  # fmt: skip
TEAMS = ("Locality 1", "Locality 2", "Locality 3", "Assessment North", "Assessment South", "Children with disabilities")
WORKERS = ("A. Larkin", "B. Osei", "C. Marsh", "D. Petrov", "E. Quinn", "F. Adeyemi", "G. Holt", "H. Rashid")
# How many in a thousand children stand in which part of the service.
SHARES = (("care", 110), ("plan", 130), ("need", 340), ("assessment", 130), ("leaver", 60), ("referral", 90),
          ("help", 80), ("contact", 40), ("closed", 20))  # fmt: skip


@dataclass
class Invented:
    """One child who does not exist, and the part of the service that the child stands in."""

    number: int
    part: str
    born: date
    core: tuple[Any, ...]


class Maker:
    """Makes rows for the lists, all from one seed."""

    def __init__(self, seed: int, on: date) -> None:
        self.chance = Random(seed)  # noqa: S311 - invented children, the same each time
        self.on = on
        self.last = 100_000 + seed % 1000

    def ago(self, least: int, most: int) -> date:
        """Give a day in the past."""
        return self.on - timedelta(days=self.chance.randint(least, most))

    def child(self) -> Invented:
        """Make a child with a number that nobody else has."""
        self.last += self.chance.randint(1, 60)
        part = self.chance.choices([name for name, _ in SHARES], [share for _, share in SHARES])[0]
        born = self.ago(6600, 8700) if part == "leaver" else self.ago(20, 6200)
        age = (self.on - born).days // 365.25
        core = (self.last, self.chance.choice(SEXES), self.chance.choice(GROUPS), born, int(age))
        return Invented(self.last, part, born, core)

    def team(self) -> tuple[str, str]:
        """Give a team and a worker."""
        return self.chance.choice(TEAMS), self.chance.choice(WORKERS)

    def disabled(self) -> str:
        """Say whether a child has a disability."""
        return "a) Yes" if self.chance.random() < 0.1 else "b) No"

    def rows(self, child: Invented) -> list[tuple[int, tuple[Any, ...]]]:
        """Make every row that speaks of a child, with the number of its list."""
        part = getattr(self, f"_{child.part}")
        return [(number, (*child.core, *rest)) for number, rest in part(child)]

    def _contact(self, child: Invented) -> list[tuple[int, tuple[Any, ...]]]:
        return [(1, (self.ago(1, 180), self.chance.choice(SOURCES)))]

    def _help(self, child: Invented) -> list[tuple[int, tuple[Any, ...]]]:
        return [(2, (self.ago(20, 180), "", self.chance.choice(("Family hub", "Eastfield Primary School"))))]

    def _referral(self, child: Invented, nfa: str = "") -> list[tuple[int, tuple[Any, ...]]]:
        answer = nfa or self.chance.choice(("a) Yes", "b) No", "b) No"))
        return [(3, (self.ago(1, 170), self.chance.choice(SOURCES), answer, self.chance.randint(1, 3), *self.team()))]

    def _assessment(self, child: Invented) -> list[tuple[int, tuple[Any, ...]]]:
        begun = self.ago(5, 45)
        rows = self._referral(child, "b) No")
        rows.append((4, (self.disabled(), begun, self.chance.choice(("a) Yes", "b) No")), "", "", *self.team())))
        if self.chance.random() < 0.4:
            rows.append((5, (self.disabled(), begun, "", "", "", 1, 0, *self.team())))
        return [*rows, self._six(begun, "d) Open assessment")]

    def _six(self, begun: date, status: str, end: Any = "", why: str = "") -> tuple[int, tuple[Any, ...]]:
        seen = self.ago(1, 40)
        return 6, (self.disabled(), begun, self.chance.choice(NEEDS), seen, end, why, status, *self.team())

    def _need(self, child: Invented) -> list[tuple[int, tuple[Any, ...]]]:
        return [self._six(self.ago(30, 700), "c) Child in need plan")]

    def _seven(self, begun: date, end: Any = "") -> tuple[int, tuple[Any, ...]]:
        abuse = self.chance.choice(ABUSE)
        return 7, (self.disabled(), begun, abuse, abuse, self.ago(1, 20), "a) Yes", self.ago(1, 90), end, "b) No",
                   self.chance.choice((0, 0, 0, 1)), *self.team())  # fmt: skip

    def _plan(self, child: Invented) -> list[tuple[int, tuple[Any, ...]]]:
        begun = self.ago(20, 500)
        return [self._six(begun - timedelta(days=40), "b) Child Protection plan"), self._seven(begun)]

    def _care(self, child: Invented) -> list[tuple[int, tuple[Any, ...]]]:
        begun = self.ago(30, 1500)
        legal = self.chance.choice(("C1: Interim care order", "C2: Full care order", "V2: Single period"))
        eight = ("b) No", self.disabled(), begun, self.chance.choice(NEEDS), begun, legal, self.ago(10, 170),
                 self.ago(1, 40), "", "", begun, "U6: Foster placement", *self.team())  # fmt: skip
        return [self._six(begun - timedelta(days=90), "a) Looked after child"), (8, eight)]

    def _leaver(self, child: Invented) -> list[tuple[int, tuple[Any, ...]]]:
        return [(9, ("b) No", self.disabled(), "Leaving care", self.chance.choice(WORKERS), self.chance.choice(WORKERS),
                     "b) Former relevant child", self.ago(5, 180), "a) Yes", self.ago(1, 50), "U: Independent living",
                     "a) Suitable", "F2: Full time in education"))]  # fmt: skip

    def _closed(self, child: Invented) -> list[tuple[int, tuple[Any, ...]]]:
        begun, end = self.ago(200, 600), self.ago(5, 170)
        return [
            self._six(begun, "e) Closed episode", end, "RC8 - Case closed after assessment"),
            self._seven(begun, end),
        ]


def write(out: BinaryIO | str, *, seed: int, on: date, children: int = 214, untidy: bool = True) -> None:
    """Write a workbook of all eleven lists; untidy as real ones are, with a few rows that cannot be used."""
    options = {"constant_memory": children > 5000, "default_date_format": "dd/mm/yyyy", "in_memory": children <= 5000}
    maker = Maker(seed, on)
    by_list: dict[int, list[tuple[Any, ...]]] = {number: [] for number in HEADINGS}
    for _ in range(children):
        for number, row in maker.rows(maker.child()):
            by_list[number].append(row)
    if untidy:
        _untidy(by_list)
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime.combine(on, time(), UTC), "title": "Invented children"})
        for number, headings in HEADINGS.items():
            sheet = book.add_worksheet(f"List {number}")
            sheet.write_row(0, 0, [f"List {number}: {NAMES[number]}"])
            sheet.write_row(1, 0, headings)
            for place, row in enumerate(by_list[number], 2):
                sheet.write_row(place, 0, row)


def _untidy(by_list: dict[int, list[tuple[Any, ...]]]) -> None:
    """Put in what a case system's export usually has: a lost number, a short year, a row twice, another spelling."""
    six, three = by_list[6], by_list[3]
    if len(six) > 20 and len(three) > 5:
        six.append(("", *six[3][1:]))
        six.append((six[4][0] + 1, *six[4][1:3], "03/04/15", *six[4][4:]))
        six.append(six[5])
        three.append((three[2][0], "Female?", *three[2][2:]))


def workbook(*, seed: int, on: date, children: int = 214, untidy: bool = True) -> bytes:
    """Give such a workbook as bytes."""
    out = io.BytesIO()
    write(out, seed=seed, on=on, children=children, untidy=untidy)
    return out.getvalue()
