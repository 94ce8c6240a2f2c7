"""Writes a return as a Word form, blank or with its answers: controls tagged with the question's key, protected but
for them."""

from collections.abc import Mapping
from io import BytesIO
from itertools import count
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from candour.kernel.plain import plain
from candour.people.roles import ServiceKind
from candour.tools.document import Document, Question, Section, condition, label_of
from candour.tools.values import Value, chosen, headline
from candour.tools.word.marks import ABOUT, CHOOSE, DATE, HERE, MINE, NUMBER, OFF, ON, Given

HINT = "Placeholder Text"
WIDTHS = (Cm(6.5), Cm(10.5))
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"


def write(
    document: Document,
    kind: str,
    *,
    brief: bool = False,
    graded: bool = True,
    case: str = "",
    given: Given | None = None,
) -> bytes:
    """A form for one kind of service, blank or with the answers given so far, as the bytes of a .docx file."""
    file = docx.Document()
    file.core_properties.title = f"{document.name} – return"
    file.core_properties.author = ""
    file.core_properties.language = "en-GB"
    ids = count(1)
    file.add_heading(document.name, level=1)
    how = f"{' · brief' if brief else ''}{'' if graded else ' · no grades'}"
    told = f"{document.code} version {document.number} · {kind}{how} · case {case or '–'}"
    _look(file, told)
    if given:
        file.add_paragraph().add_run(plain(given.about)).bold = True
    file.add_paragraph()._p.append(_control(ABOUT, "This form", told, next(ids), locked=True))
    if given:
        file.add_paragraph()._p.append(_control(MINE, "This return", given.told, next(ids), locked=True))
    file.add_paragraph(_opening(document, kind, document.length(kind, brief=brief)))
    sections = document.sections(kind, brief=brief, graded=graded)
    asked = [question for section in sections for question in section.questions]
    for section in sections:
        _section(file, section, asked, given.answers if given else {}, ids)
    _protect(file)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _look(file: Any, told: str) -> None:
    """A4 in a plain letter, hints in grey, and at the foot of each page what the form is and which page of how many."""
    file.styles["Normal"].font.name = "Arial"
    file.styles["Normal"].font.size = Pt(11)
    file.styles.add_style(HINT, WD_STYLE_TYPE.CHARACTER).font.color.rgb = RGBColor(0x59, 0x59, 0x59)
    page = file.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    foot = page.footer.paragraphs[0]
    for words, counted in ((f"{told} · page ", "PAGE"), (" of ", "NUMPAGES")):
        foot.add_run(words)
        field = _element("w:fldSimple", instr=counted)
        field.append(_run("1"))
        foot._p.append(field)


def _opening(document: Document, kind: str, length: int) -> str:
    return (
        f"For {ServiceKind(kind).label}: at most {length} questions. It takes about {document.minutes} minutes, with "
        "reading the record, and less where fewer are asked. Answer "
        "from your service’s own record; say where in the record, not what it says word for word. Leave out every "
        "name. A return is a record like any other, and it may have to be disclosed. If a child may be unsafe now, "
        "phone first: do not wait for this form."
    )


def _section(file: Any, section: Section, asked: list[Question], answers: Mapping[str, Value], ids: Any) -> None:
    file.add_heading(f"{section.number}. {section.title}", level=2)
    if section.guidance:
        file.add_paragraph(section.guidance).paragraph_format.keep_with_next = True
    table = file.add_table(rows=0, cols=2)
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    for question in section.questions:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        left, right = row.cells
        left.width, right.width = WIDTHS
        left.paragraphs[0].add_run(f"{question.number} {question.prompt}").bold = True
        for line in _help(question, asked):
            left.add_paragraph(line)
        _answer(right, question, answers.get(question.key) or {}, ids)


def _help(question: Question, asked: list[Question]) -> list[str]:
    told = [f"{option.label}: {option.description}" for option in question.options if option.description]
    hint = "One point a line." if question.points else question.hint
    if question.unit:
        told.append(f"In {question.unit}.")
    only = condition(question, asked)
    return [*([only] if only else []), *([hint] if hint else []), *told]


def _answer(cell: Any, question: Question, value: Value, ids: Any) -> None:
    """The controls of a question, each in a paragraph of its own: the chosen part first, then what is written."""
    key, label = question.key, f"{question.number}"
    first = cell.paragraphs[0]._p
    if question.type in ("text", "points"):
        _lines(cell, key, label, HERE, value.get("text", ""), next(ids))
    elif question.type == "multi-choice":
        _boxes(cell, question, value, ids)
    elif question.type in ("date", "number"):
        asked = DATE if question.type == "date" else NUMBER
        said = headline(question, value) if question.type == "date" else value.get("number", "")
        said = "" if value.get("choice") else said
        first.append(_control(f"{key}.{question.type}", label, asked, next(ids), said=said))
        cell.add_paragraph()._p.append(_drop_down(key, label, question, "or choose", value, next(ids)))
    elif question.options:
        first.append(_drop_down(key, label, question, CHOOSE, value, next(ids)))
        part = "reason" if question.type == "grade" else "note"
        asked = "Why this grade?" if part == "reason" else "Where in the record, or a word more"
        _lines(cell, f"{key}.{part}", f"{label} {part}", asked, value.get(part, ""), next(ids))
    else:
        _lines(cell, f"{key}.reason", f"{label} reason", "Say how good, and why", value.get("reason", ""), next(ids))


def _boxes(cell: Any, question: Question, value: Value, ids: Any) -> None:
    """A box to tick for each answer, and what there is to say beside."""
    ticked = chosen(value)
    offered = [*question.options, *(option for option in question.past if option.key in ticked)]
    for place, option in enumerate(offered):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        properties = _properties(f"{question.key}.pick.{option.key}", f"{question.number} {option.label}", next(ids))
        box = properties.makeelement(f"{{{W14}}}checkbox", nsmap={"w14": W14})
        on = option.key in ticked
        for name, state in (("checked", "1" if on else "0"), ("checkedState", "2612"), ("uncheckedState", "2610")):
            part = box.makeelement(f"{{{W14}}}{name}")
            part.set(f"{{{W14}}}val", state)
            box.append(part)
        properties.append(box)
        paragraph._p.append(_wrapped(properties, ON if on else OFF))
        paragraph.add_run(f" {option.label}")
    asked = "Where in the record, or a word more"
    _lines(cell, f"{question.key}.note", f"{question.number} note", asked, value.get("note", ""), next(ids))


def _lines(cell: Any, tag: str, alias: str, text: str, said: str, number: int) -> None:
    """A control for several lines, each a paragraph: LibreOffice loses breaks within one. Word wants a cell to end in a
    paragraph that is no control's."""
    properties = _properties(tag, alias, number)
    if not said:
        properties.append(_element("w:showingPlcHdr"))
    properties.append(_element("w:richText"))
    control, content = _element("w:sdt"), _element("w:sdtContent")
    for line in plain(said or text).split("\n"):
        paragraph = _element("w:p")
        paragraph.append(_run(line, hint=not said))
        content.append(paragraph)
    control.extend([properties, content])
    last = cell.paragraphs[-1]
    (last if len(last._p) == 0 else cell.add_paragraph())._p.addprevious(control)


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element


def _control(tag: str, alias: str, text: str, number: int, *, said: str = "", locked: bool = False) -> Any:
    """A plain-text control holding what has been said, else a placeholder; or, locked, words that stay."""
    properties = _properties(tag, alias, number)
    if locked:
        properties.append(_element("w:lock", val="sdtContentLocked"))
    elif not said:
        properties.append(_element("w:showingPlcHdr"))
    properties.append(_element("w:text"))
    return _wrapped(properties, said or text, hint=not (said or locked))


def _drop_down(tag: str, alias: str, question: Question, text: str, value: Value, number: int) -> Any:
    properties = _properties(tag, alias, number)
    held = value.get("grade") or value.get("choice") or ""
    if not held:
        properties.append(_element("w:showingPlcHdr"))
    choices = _element("w:dropDownList")
    for option in (*question.options, *(past for past in question.past if past.key == held)):
        choices.append(_element("w:listItem", displayText=option.label, value=option.key))
    properties.append(choices)
    return _wrapped(properties, label_of(question, held) if held else text, hint=not held)


def _properties(tag: str, alias: str, number: int) -> Any:
    properties = _element("w:sdtPr")
    properties.append(_element("w:alias", val=alias))
    properties.append(_element("w:tag", val=tag))
    properties.append(_element("w:id", val=str(number)))
    return properties


def _wrapped(properties: Any, text: str, *, hint: bool = False) -> Any:
    control, content = _element("w:sdt"), _element("w:sdtContent")
    content.append(_run(plain(text), hint=hint))
    control.extend([properties, content])
    return control


def _run(text: str, *, hint: bool = False) -> Any:
    run = _element("w:r")
    if hint:
        run.append(_element("w:rPr"))
        run[0].append(_element("w:rStyle", val=HINT.replace(" ", "")))
    for place, piece in enumerate(text.split("\t")):
        words = _element("w:t")
        words.text = piece
        if piece != piece.strip():
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.extend([_element("w:tab"), words] if place else [words])
    return run


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
