"""Writes a blank return as a Word form: controls tagged with the question's key, protected but for them."""

from io import BytesIO
from itertools import count
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from candour.people.roles import ServiceKind
from candour.tools.document import Document, Question, Section, condition

HERE = "Write here"
CHOOSE = "Choose an answer"
DATE = "Day month year, such as 3 June 2026"
NUMBER = "A number"
ABOUT = "candour"
ON, OFF = "☒", "☐"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"


def write(document: Document, kind: str, *, brief: bool = False, graded: bool = True, case: str = "") -> bytes:
    """A blank form for one kind of service, as the bytes of a .docx file."""
    file = docx.Document()
    file.core_properties.title = f"{document.name} – return"
    file.core_properties.author = ""
    file.core_properties.language = "en-GB"
    file.styles["Normal"].font.name = "Arial"
    file.styles["Normal"].font.size = Pt(11)
    ids = count(1)
    file.add_heading(document.name, level=1)
    told = f"{document.code} version {document.number} · {kind}{' · brief' if brief else ''} · case {case or '–'}"
    file.add_paragraph()._p.append(_control(ABOUT, "This form", told, next(ids), locked=True))
    file.add_paragraph(_opening(document, kind))
    sections = document.sections(kind, brief=brief, graded=graded)
    asked = [question for section in sections for question in section.questions]
    for section in sections:
        _section(file, section, asked, ids)
    _protect(file)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _opening(document: Document, kind: str) -> str:
    return (
        f"For {ServiceKind(kind).label}. It takes about {document.minutes} minutes, with reading the record. Answer "
        "from your service’s own record; say where in the record, not what it says word for word. Leave out every "
        "name. A return is a record like any other, and it may have to be disclosed. If a child may be unsafe now, "
        "phone first: do not wait for this form."
    )


def _section(file: Any, section: Section, asked: list[Question], ids: Any) -> None:
    file.add_heading(f"{section.number}. {section.title}", level=2)
    if section.guidance:
        file.add_paragraph(section.guidance)
    table = file.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for question in section.questions:
        left, right = table.add_row().cells
        left.width, right.width = Cm(7), Cm(9.5)
        left.paragraphs[0].add_run(f"{question.number} {question.prompt}").bold = True
        for line in _help(question, asked):
            left.add_paragraph(line)
        _answer(right, question, ids)


def _help(question: Question, asked: list[Question]) -> list[str]:
    told = [f"{option.label}: {option.description}" for option in question.options if option.description]
    hint = "One point a line." if question.points else question.hint
    if question.unit:
        told.append(f"In {question.unit}.")
    only = condition(question, asked)
    return [*([only] if only else []), *([hint] if hint else []), *told]


def _answer(cell: Any, question: Question, ids: Any) -> None:
    """The controls of a question, each in a paragraph of its own: the chosen part first, then what is written."""
    key, label = question.key, f"{question.number}"
    first = cell.paragraphs[0]._p
    if question.type in ("text", "points"):
        first.append(_control(key, label, HERE, next(ids), lines=True))
    elif question.type == "multi-choice":
        _boxes(cell, question, ids)
    elif question.type in ("date", "number"):
        asked = DATE if question.type == "date" else NUMBER
        first.append(_control(f"{key}.{question.type}", label, asked, next(ids)))
        cell.add_paragraph()._p.append(_drop_down(key, label, question, "or choose", next(ids)))
    elif question.options:
        first.append(_drop_down(key, label, question, CHOOSE, next(ids)))
        part = "reason" if question.type == "grade" else "note"
        said = "Why this grade?" if part == "reason" else "Where in the record, or a word more"
        cell.add_paragraph()._p.append(_control(f"{key}.{part}", f"{label} {part}", said, next(ids), lines=True))
    else:
        first.append(_control(f"{key}.reason", f"{label} reason", "Say how good, and why", next(ids), lines=True))


def _boxes(cell: Any, question: Question, ids: Any) -> None:
    """A box to tick for each answer, and what there is to say beside."""
    for place, option in enumerate(question.options):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        properties = _properties(f"{question.key}.pick.{option.key}", f"{question.number} {option.label}", next(ids))
        box = properties.makeelement(f"{{{W14}}}checkbox", nsmap={"w14": W14})
        for name, value in (("checked", "0"), ("checkedState", "2612"), ("uncheckedState", "2610")):
            part = box.makeelement(f"{{{W14}}}{name}")
            part.set(f"{{{W14}}}val", value)
            box.append(part)
        properties.append(box)
        paragraph._p.append(_wrapped(properties, OFF))
        paragraph.add_run(f" {option.label}")
    said = "Where in the record, or a word more"
    note = _control(f"{question.key}.note", f"{question.number} note", said, next(ids), lines=True)
    cell.add_paragraph()._p.append(note)


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element


def _control(tag: str, alias: str, text: str, number: int, *, lines: bool = False, locked: bool = False) -> Any:
    """A plain-text control holding a placeholder, or, locked, words that stay."""
    properties = _properties(tag, alias, number)
    if locked:
        properties.append(_element("w:lock", val="sdtContentLocked"))
    else:
        properties.append(_element("w:showingPlcHdr"))
    properties.append(_element("w:text", **({"multiLine": "1"} if lines else {})))
    return _wrapped(properties, text)


def _drop_down(tag: str, alias: str, question: Question, text: str, number: int) -> Any:
    properties = _properties(tag, alias, number)
    properties.append(_element("w:showingPlcHdr"))
    choices = _element("w:dropDownList")
    for option in question.options:
        choices.append(_element("w:listItem", displayText=option.label, value=option.key))
    properties.append(choices)
    return _wrapped(properties, text)


def _properties(tag: str, alias: str, number: int) -> Any:
    properties = _element("w:sdtPr")
    properties.append(_element("w:alias", val=alias))
    properties.append(_element("w:tag", val=tag))
    properties.append(_element("w:id", val=str(number)))
    return properties


def _wrapped(properties: Any, text: str) -> Any:
    control, content, run, words = (_element(name) for name in ("w:sdt", "w:sdtContent", "w:r", "w:t"))
    words.text = text
    run.append(words)
    content.append(run)
    control.append(properties)
    control.append(content)
    return control


def _protect(file: Any) -> None:
    """Only the controls can be filled in. Word wants this setting at its own place among the others."""
    settings = file.settings.element
    guard = _element("w:documentProtection", edit="forms", enforcement="1")
    later = ("autoFormatOverride", "styleLockTheme", "styleLockQFSet", "defaultTabStop", "autoHyphenation")
    after = next((found for name in later if (found := settings.find(qn(f"w:{name}"))) is not None), None)
    if after is None:
        settings.insert(1, guard)
    else:
        after.addprevious(guard)
