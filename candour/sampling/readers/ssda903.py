"""The return on children looked after (SSDA903) as a set of CSV files, each known by its headings."""

from collections.abc import Callable, Sequence
from datetime import date

from candour.sampling.readers import areas as a
from candour.sampling.readers.cells import known
from candour.sampling.readers.found import Child, NotUsable, Reading
from candour.sampling.readers.gather import Refused, Sheet, finish
from candour.sampling.readers.headings import Headings, find, repeats_headings
from candour.sampling.readers.identifiers import upn_problem
from candour.sampling.readers.opening import Row, Table

KIND, NAME = "ssda903", "Return on children looked after (SSDA903)"
_HEADER, _EPISODES, _LEAVERS, _UASC = "header", "episodes", "oc3", "uasc"
_FILES = (
    (_EPISODES, {"child", "decom", "rne", "ls"}),
    (_LEAVERS, {"child", "intouch", "activ", "accom"}),
    (_UASC, {"child", "duc"}),
    (_HEADER, {"child", "sex", "dob", "ethnic"}),
    ("reviews", {"child", "review", "reviewcode"}),
    ("oc2", {"child", "dob", "convicted"}),
    ("missing", {"child", "misstart"}),
    ("previous permanence", {"child", "prevperm"}),
    ("placed for adoption", {"child", "dateplaced"}),
    ("ad1", {"child", "dateint", "datematch"}),
    ("social worker", {"child", "swid"}),
)
_READ = {_HEADER, _EPISODES, _LEAVERS, _UASC}
_SHORT_BREAKS = {"v3", "v4"}


def recognise(table: Table) -> tuple[str, Headings] | None:
    """Say which file of the return a table is, from its headings."""
    headings = find(table, lambda key: key, lambda keys: any(words <= keys for _, words in _FILES))
    if headings is None:
        return None
    return next(name for name, words in _FILES if words <= set(headings.keys)), headings


def claims(tables: list[Table]) -> bool:
    """Say whether any of these tables is a file of the return."""
    return any(recognise(table) for table in tables)


def read(
    tables: list[Table],
    on: date,
    tell: Callable[[int], None] | None = None,
    rules: Sequence[a.Area] = a.AREAS,
) -> Reading:
    """Read episodes, care leavers and what describes the children; a header row alone does not put a child in care."""
    reading = Reading(KIND, NAME, area_names=a.names_of(rules), tell=tell)
    found: dict[str, list[tuple[Table, Headings]]] = {}
    for table in tables:
        if (one := recognise(table)) is None:
            reading.notes.add("This file is not one of the return's; it was not read.", file=table.file)
        elif one[0] not in _READ:
            reading.notes.add(
                f"This is the return's file of {one[0]}; it says nothing that is needed.", file=table.file
            )
        else:
            found.setdefault(one[0], []).append((table, one[1]))
    if _EPISODES not in found and _LEAVERS not in found:
        raise NotUsable(
            "This is part of the return on children looked after, without its episodes. What is needed is the file of"
            " episodes, and beside it the header and the care leavers (OC3)."
        )
    for name in (_EPISODES, _LEAVERS, _HEADER, _UASC):
        for table, headings in found.get(name, []):
            sheet = Sheet(reading, table, headings, on=on, one_row_each=name != _EPISODES)
            _read_file(sheet, name, headings)
            sheet.close(f"SSDA903 {name}")
    if not reading.children:
        raise NotUsable("There are no children in this return that can be used.")
    for child in reading.children.values():
        child.area = a.area_of(child.facts, areas=rules)
    return finish(reading, on, a.LEAVER)


def _read_file(sheet: Sheet, name: str, headings: Headings) -> None:
    places = {key: headings.place(key) for key in ("child", "dob", "sex", "ethnic", "upn", "decom", "dec", "ls", "cin")}
    child_place, born_place = places["child"], places["dob"]
    moments = (("care", places["decom"]), ("care-end", places["dec"]))
    if child_place is None:
        return
    for row in sheet.rows([place for key in ("dob", "decom", "dec") if (place := places[key]) is not None]):
        try:
            if repeats_headings(row, headings, child_place):
                raise Refused(child_place, "This row is the headings again.")
            number = sheet.number_of(row, child_place)
            born, starts, ends = (sheet.day(row, places[key]) for key in ("dob", "decom", "dec"))
            if name in (_HEADER, _UASC) and number not in sheet.reading.children:
                raise Refused(
                    child_place, "This child has no episode and is no care leaver: not in care by this return."
                )
        except Refused as refused:
            sheet.refuse(refused.place, refused.reason)
            continue
        child = sheet.child(number, row)
        sheet.born(child, born, born_place)
        _describe(sheet, child, row, places)
        if name == _EPISODES:
            sheet.in_order(starts, ends, "Episode", places["dec"])
            short = places["ls"] is not None and str(row[places["ls"]]).strip().casefold() in _SHORT_BREAKS
            if short:
                sheet.note("This episode is a short break (V3 or V4).", places["ls"])
            sheet.moments(child, row, [(kind, place) for kind, place in moments if place is not None])
            child.facts |= a.L8 | (a.IN_CARE if ends is None or ends > sheet.on else 0)
        elif name == _LEAVERS:
            child.facts |= a.L9 | a.LEAVER


def _describe(sheet: Sheet, child: Child, row: Row, places: dict[str, int | None]) -> None:
    for field, key in (("sex", "sex"), ("ethnicity", "ethnic"), ("need", "cin")):
        if (place := places[key]) is not None and row[place]:
            sheet.coded(child, field, row[place], place)
    place = places["upn"]
    said = known(row[place]) if place is not None else ""
    child.upn = child.upn or said
    if said and not said.upper().startswith("UN") and (problem := upn_problem(said)):
        sheet.note(f"{problem[0].upper()}{problem[1:]}.", place)
