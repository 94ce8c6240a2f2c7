"""The small Excel form for identities: only the sampled references go out; what comes back is checked cell by cell."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from candour.identity import checks
from candour.identity import queries as identity
from candour.identity.bounds import ALL_FIELDS, LABELS
from candour.identity.models import Relation, Sex
from candour.sampling import readers
from candour.sampling.queries.chosen import cases
from candour.sampling.readers import cells, opening

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.sampling.models import Case

REF, WHO = "Reference", "Who"
COLUMNS = (REF, "Case", WHO, *(LABELS[name] for name in ALL_FIELDS))
DATES = ("born_on", "expected_on")
OTHERS = 3  # blank rows for the people around each child
LONGEST = {"address": 400, "also_known_as": 200, "school": 160, "gp_practice": 160, "council_number": 300}
_WHO = {
    "child": Relation.CHILD, "index child": Relation.CHILD, "parent": Relation.PARENT, "mother": Relation.PARENT,
    "father": Relation.PARENT, "carer": Relation.CARER, "partner": Relation.PARTNER,
    "partner of a parent or carer": Relation.PARTNER, "sibling": Relation.SIBLING, "brother": Relation.SIBLING,
    "sister": Relation.SIBLING, "brother or sister": Relation.SIBLING,
}  # fmt: skip
_SEX = {"f": "female", "m": "male", **{str(label).casefold(): str(value) for value, label in Sex.choices}}
_CHECKS: dict[str, Callable[[str], str]] = {
    "nhs_number": checks.nhs_warning, "upn": checks.upn_warning, "postcode": checks.postcode_warning,
}  # fmt: skip


@dataclass
class FilledForm:
    """A form as read: the rows that can be kept, the rows refused, the cells to look at; by position, without values."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    refused: list[list[Any]] = field(default_factory=list)  # row, column, why
    odd: list[list[Any]] = field(default_factory=list)
    blank: int = 0

    def as_json(self) -> dict[str, Any]:
        """What is kept of it, sealed, until somebody decides."""
        return dict(self.__dict__)


def write_form(audit: Audit) -> bytes:
    """Write the form for an audit: a row for each child who is not entered yet, and blank ones for the family."""
    import xlsxwriter  # noqa: PLC0415 - only making a file pays for it

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, plain = book.add_worksheet("Identities"), book.add_format({"num_format": "@", "text_wrap": True})
        day, bold = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"bold": True, "text_wrap": True})
        sheet.set_column(0, 1, 16, plain)
        sheet.set_column(2, len(COLUMNS) - 1, 20, plain)
        for name in DATES:
            sheet.set_column(COLUMNS.index(LABELS[name]), COLUMNS.index(LABELS[name]), 14, day)
        sheet.write_row(0, 0, COLUMNS, bold)
        sheet.freeze_panes(1, 3)
        rows = list(_blank_rows(audit))
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
        last = len(rows) + 200
        lists = ((WHO, [str(label) for label in Relation.labels]), (LABELS["sex"], [str(one) for one in Sex.labels]))
        for heading, choices in lists:
            place = COLUMNS.index(heading)
            sheet.data_validation(1, place, last, place, {"validate": "list", "source": choices})
        _explain(book.add_worksheet("How to fill it in"), bold)
    return out.getvalue()


def _blank_rows(audit: Audit) -> Iterable[list[str]]:
    found = list(cases(audit))
    entered = identity.with_child(case.subject_id for case in found if case.subject_id)
    for case in found:
        if case.subject_id not in entered:
            yield [case.ref, str(case), str(Relation.CHILD.label)]
        for _ in range(OTHERS):
            yield [case.ref, str(case), ""]


def _explain(sheet: Any, bold: Any) -> None:
    sheet.set_column(0, 0, 110)
    sheet.write(0, 0, "How to fill it in", bold)
    for number, line in enumerate((
        "One row for each person. Say who they are to the child, and enter what services need to find them.",
        "Leave empty what you do not have. Rows without a name, date or number are passed over.",
        "For more people of one case, add a row with the same reference.",
        "The NHS number goes to health services only, the UPN to schools, the council’s number to the council.",
        "Where the partnership has several councils, write the council’s name before the number, one a line in the cell",
        "(Alt and Enter), with dates: “Northmere Council: 12345, until July 2026”. Each council then sees its own alone.",
        "This file holds identities once it is filled: keep it where such files are kept, and delete it afterwards.",
    ), 1):  # fmt: skip
        sheet.write(number, 0, line)


def read_form(audit: Audit, files: Sequence[tuple[str, bytes]], on: date) -> FilledForm:
    """Read a filled form; raises readers.NotUsable with the one sentence why it is none."""
    by_ref = {case.ref: case for case in cases(audit).select_related("subject")}
    table, places = _table(files)
    found = FilledForm()
    entered = set(identity.with_child(case.subject_id for case in by_ref.values() if case.subject_id))
    met: set[str] = set()
    councils = identity.councils(audit.partnership_id)
    for number, row in table:
        said = {heading: row[place] if place < len(row) else "" for heading, place in places.items()}
        _Line(found, number, said, by_ref, councils, on).take(entered, met)
    return found


def _table(files: Sequence[tuple[str, bytes]]) -> tuple[Iterable[tuple[int, list[Any]]], dict[str, int]]:
    for table in opening.open_all(files).tables:
        rows = iter(table.rows())
        for _, (_, row) in zip(range(5), rows, strict=False):
            keys = [cells.key_of(cell) for cell in row]
            places = {name: keys.index(key) for name in COLUMNS if (key := cells.key_of(name)) in keys}
            if REF in places and WHO in places:
                return rows, places
    raise readers.NotUsable(
        "This is not the form for identities: no sheet has the columns Reference and Who. Take the form from this page."
    )


class _Line:
    """One row of a form while it is checked."""

    def __init__(
        self,
        found: FilledForm,
        number: int,
        said: Mapping[str, Any],
        by_ref: Mapping[str, Case],
        councils: Collection[str],
        on: date,
    ) -> None:
        self.found, self.number, self.said, self.by_ref, self.on = found, number, said, by_ref, on
        self.councils = councils
        self.bad = False

    def refuse(self, column: str, why: str) -> None:
        self.found.refused.append([self.number, column, why])
        self.bad = True

    def take(self, entered: set[str], met: set[str]) -> None:
        """Check every cell; keep the row where nothing in it is refused."""
        values = {name: self._cell(name) for name in ALL_FIELDS}
        if not self.bad and not any(value for name, value in values.items() if name != "sex"):
            self.found.blank += 1
            return
        case = self.by_ref.get(cells.text(self.said[REF]).strip().upper())
        if case is None:
            self.refuse(REF, "No case that is in this audit now has this reference.")
        relation = _WHO.get(cells.text(self.said[WHO]).strip().casefold(), "")
        if not relation:
            self.refuse(WHO, f"Say who this is: {', '.join(str(label).lower() for label in Relation.labels)}.")
        elif case and relation == Relation.CHILD:
            if case.subject_id in entered:
                self.refuse(WHO, "The child of this case is entered already; correct that on its page.")
            elif case.ref in met:
                self.refuse(WHO, "An earlier row is the child of this case; one case has one.")
            met.add(case.ref)
        if self.bad or case is None:
            return
        if case.subject_id and identity.held_in(case.subject_id, case.partnership_id, values):
            self.refuse("", "This person is entered in this case already.")
            return
        self._look(values, relation)
        self.found.rows.append({"row": self.number, "case": case.pk, "relation": str(relation), "values": values})

    def _cell(self, name: str) -> str:
        cell, label = self.said.get(LABELS[name], ""), LABELS[name]
        if name in DATES:
            return self._day(cell, label)
        if name == "sex":
            said = cells.text(cell).strip().casefold()
            if said and said not in _SEX:
                self.refuse(label, f"This is none of {', '.join(str(one).lower() for one in Sex.labels)}.")
            return _SEX.get(said, "")
        if isinstance(cell, float):
            cell, problem = cells.identifier(cell)
            if problem:
                self.refuse(label, f"This {problem}.")
        said = cells.known(cell)
        if name == "council_number" and (why := checks.council_warning(said, self.councils)):
            self.refuse(label, why)
        if len(said) > LONGEST.get(name, 120):
            self.refuse(label, f"This is longer than {LONGEST.get(name, 120)} characters.")
        return said

    def _day(self, cell: Any, label: str) -> str:
        if not cell or not cells.text(cell).strip():
            return ""
        day, problem = cells.a_date(cell)
        if problem or day is None:
            self.refuse(label, f"This date {problem or cells.NOT_A_DATE}. Type it as day/month/year.")
            return ""
        return day.isoformat()

    def _look(self, values: Mapping[str, str], relation: str) -> None:
        for name, check in _CHECKS.items():
            if why := check(values[name]):
                self.found.odd.append([self.number, LABELS[name], why])
        born, expected = (date.fromisoformat(values[name]) if values[name] else None for name in DATES)
        if why := checks.birth_warning(born, expected, relation == Relation.CHILD, self.on):
            self.found.odd.append([self.number, LABELS["born_on"], why])
