"""The return on children looked after (SSDA903) as XML: its blocks as the tables that the CSV set has."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from candour.sampling.readers.opening import Row, Table, Xml
from candour.sampling.readers.xml import local, stream

_SIGN = re.compile(rb"<(?:\w+:)?(?:CHILDID|DECOM|EPISODE)\s*>", re.IGNORECASE)
_COLUMNS = {
    "episodes": ("CHILD", "DECOM", "RNE", "LS", "CIN", "DEC", "REC", "PLACE"),
    "oc3": ("CHILD", "DOB", "IN_TOUCH", "ACTIV", "ACCOM"),
    "uasc": ("CHILD", "DOB", "SEX", "DUC"),
    "header": ("CHILD", "SEX", "DOB", "ETHNIC", "UPN"),
}
_SAID = {"CHILDID": "CHILD", "PL": "PLACE", "ETHNICITY": "ETHNIC"}


def claims(document: Xml) -> bool:
    """Say whether an XML file is this return: its blocks have the return's names."""
    return bool(_SIGN.search(document.content[:400_000])) and b"LAchildID" not in document.content[:400_000]


def tables(document: Xml) -> list[Table]:
    """Give the return's tables out of its XML, their rows numbered as the children stand in it."""
    rows: dict[str, list[tuple[int, Row]]] = {name: [(0, list(columns))] for name, columns in _COLUMNS.items()}
    for number, child in enumerate(_children(document), 1):
        alone = _leaves(child, without={"EPISODE", "AREVIEW", "AMISSING"})
        for episode in (part for part in child.iter() if local(part).upper() == "EPISODE"):
            rows["episodes"].append((number, _row("episodes", alone | _leaves(episode))))
        rows["header"].append((number, _row("header", alone)))
        if alone.get("IN_TOUCH"):
            rows["oc3"].append((number, _row("oc3", alone)))
        if alone.get("DUC"):
            rows["uasc"].append((number, _row("uasc", alone)))
    return [_table(document.file, name, found) for name, found in rows.items() if len(found) > 1 or name == "episodes"]


def _table(file: str, name: str, rows: list[tuple[int, Row]]) -> Table:
    return Table(file, name, lambda: iter(rows))


def _row(name: str, said: dict[str, str]) -> Row:
    return [said.get(column, "") for column in _COLUMNS[name]]


def _children(document: Xml) -> Iterator[Element]:
    for element, parent in stream(document, {"child"}):
        if local(element).upper() == "CHILD" and len(element):
            yield element
            if parent is not element:
                parent.remove(element)


def _leaves(element: Element, without: frozenset[str] | set[str] = frozenset()) -> dict[str, str]:
    """Give what stands in the leaves of a block by their names, leaving some blocks inside it out."""
    found: dict[str, str] = {}
    for part in element:
        name = local(part).upper()
        if name in without:
            continue
        if len(part):
            found |= {key: value for key, value in _leaves(part, without).items() if key not in found}
        elif text := (part.text or "").strip():
            found.setdefault(_SAID.get(name, name), text)
    return found
