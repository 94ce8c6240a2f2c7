"""The return on children looked after (SSDA903): a set of CSV files, each known by its headings, or the same as XML."""

from collections.abc import Callable, Sequence
from datetime import date

from candour.sampling.readers import areas as a
from candour.sampling.readers import codes
from candour.sampling.readers.found import DECEASED, Child, NotUsable, Reading
from candour.sampling.readers.gather import Sheet, finish, note_unread, nothing_used
from candour.sampling.readers.headings import Headings, find, matcher
from candour.sampling.readers.identifiers import upn_problem
from candour.sampling.readers.opening import Row, Table

KIND, NAME = "ssda903", "Return on children looked after (SSDA903)"
_HEADER, _EPISODES, _LEAVERS, _UASC = "header", "episodes", "oc3", "uasc"
_FILES = (
    (_EPISODES, {"child", "decom", "dec"}),
    (_LEAVERS, {"child", "intouch", "accom"}),
    (_UASC, {"child", "duc"}),
    (_HEADER, {"child", "sex", "dob", "ethnic"}),
    ("reviews", {"child", "review", "reviewcode"}),
    ("oc2", {"child", "sdqscore"}),
    ("oc2", {"child", "convicted"}),
    ("missing", {"child", "misstart"}),
    ("previous permanence", {"child", "prevperm"}),
    ("placed for adoption", {"child", "dateplaced"}),
    ("ad1", {"child", "dateint", "datematch"}),
    ("social worker", {"child", "swid"}),
)
_READ = {_HEADER, _EPISODES, _LEAVERS, _UASC}
_COLUMNS = ("child", "dob", "sex", "ethnic", "upn", "decom", "dec", "ls", "cin", "intouch", "rec")
_SHORT_BREAKS = {"v3", "v4"}
_canonical = matcher(
    {key for _, keys in _FILES for key in keys} | {"upn", "cin", "rne", "ls", "activ"},
    {"childid": "child", "childlaid": "child", "chichild": "child", "ethnicity": "ethnic", "gender": "sex",
     "dateofbirth": "dob", "dateepisodecommenced": "decom", "dateepisodeceased": "dec"},
)  # fmt: skip


def recognise(table: Table) -> tuple[str, Headings] | None:
    """Say which file of the return a table is, from its headings."""
    headings = find(table, _canonical, lambda keys: any(words <= keys for _, words in _FILES))
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
    spellings: codes.Spellings = codes.NONE,
) -> Reading:
    """Read episodes, care leavers and what describes the children; a header row alone does not put a child in care."""
    reading = Reading(KIND, NAME, area_names=a.names_of(rules), tell=tell, spellings=spellings)
    found: dict[str, list[tuple[Table, Headings]]] = {}
    for table in tables:
        if (one := recognise(table)) is None:
            note_unread(reading, table, "This file is not one of the return's")
        elif one[0] not in _READ:
            note_unread(reading, table, f"This is the return's file of {one[0]}; it says nothing that is needed")
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
        raise NotUsable(nothing_used(reading, "These files of the return on children looked after"))
    for child in reading.children.values():
        child.area = a.area_of(child.facts, areas=rules)
    return finish(reading, on, a.LEAVER)


def _read_file(sheet: Sheet, name: str, headings: Headings) -> None:
    places = {key: headings.place(key) for key in _COLUMNS}
    child_place, born_place = places["child"], places["dob"]
    moments = (("care", places["decom"]), ("care-end", places["dec"]))
    if child_place is None:
        return
    dates = {key: places[key] for key in ("dob", "decom", "dec")}
    for row, number, days in sheet.readable(child_place, dates):
        if name in (_HEADER, _UASC) and number not in sheet.reading.children:
            sheet.refuse(child_place, "This child has no episode and is no care leaver: not in care by this return.")
            continue
        starts, ends = days["decom"], days["dec"]
        child = sheet.child(number, row)
        sheet.born(child, days["dob"], born_place)
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
        if (place := places["intouch"]) is not None and str(row[place]).strip().casefold() == "died":
            child.flags |= DECEASED
        if (place := places["rec"]) is not None and str(row[place]).strip().casefold() == "e2":
            child.flags |= DECEASED


def _describe(sheet: Sheet, child: Child, row: Row, places: dict[str, int | None]) -> None:
    for field, key in (("sex", "sex"), ("ethnicity", "ethnic"), ("need", "cin")):
        if (place := places[key]) is not None and row[place]:
            sheet.coded(child, field, row[place], place)
    sheet.checked(child, "upn", row, places["upn"], upn_problem)
