"""Reads a filled Word form: by the tags of its controls, and where an editor lost them, row by row. Opens nothing but
the text of the document; follows no link, runs no macro, resolves no entity."""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import islice
from typing import Any

from lxml import etree

from candour.people.roles import ServiceKind
from candour.tools.document import Document, Question
from candour.tools.values import Value, kept, number
from candour.tools.word.writing import ABOUT, CHOOSE, DATE, HERE, MINE, NUMBER, OFF, ON

PART = "word/document.xml"
MOST_FILE = 20 * 1024 * 1024
MOST_TEXT = 10 * 1024 * 1024
LINKS = "word/_rels/document.xml.rels"
MACROS = "This file holds macros, which no return needs: save it as a plain Word document (.docx) and give that."
OUTSIDE = "The file links to something outside itself; nothing was fetched from there."
MOST_PARTS = 150_000
MOST_LISTED = 256 * 1024
DAMAGE = (
    zipfile.BadZipFile,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    OverflowError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEAD = re.compile(
    r"(?P<code>[a-z0-9-]{1,40}) version (?P<number>\d{1,4}) · (?P<kind>[a-z-]{1,40})(?P<brief> · brief)?"
    r"(?P<ungraded> · no grades)? · case (?P<case>\S{1,40})"
)
WHOSE = re.compile(
    r"Return (?P<ret>[\w-]{1,40}) · answers as they stood at (?P<taken>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC"
)
ROW = re.compile(r"(\d{1,4}\.\d{1,4})\s")
EMPTY = {
    HERE,
    CHOOSE,
    DATE,
    NUMBER,
    "or choose",
    "Why this grade?",
    "Where in the record, or a word more",
    "Say how good, and why",
}
DATES = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %m %Y")


class Unreadable(Exception):
    """A sentence that says why a file is no form of ours."""


@dataclass
class Form:
    """What a filled form says."""

    tool: str
    version: int
    agency: str
    case: str
    brief: bool = False
    ret: str = ""
    taken: datetime | None = None
    answers: dict[str, Value] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def read(raw: bytes, find: Callable[[str, int], Document | None]) -> Form:
    """What a filled form says; `find` gives the document of a tool's version, or None where there is none."""
    body = _body(raw)
    warnings = _strange(raw)
    tagged = dict(_tagged(body))
    head = HEAD.search(tagged.get(ABOUT, "")) or HEAD.search(_text(body))
    if head is None:
        raise Unreadable("This Word file is no return: the line that names tool, version, service and case is missing.")
    document = find(head["code"], int(head["number"]))
    if document is None:
        raise Unreadable(f"This form is of {head['code']}, version {head['number']}, which is not known here.")
    if head["kind"] not in ServiceKind.values:
        raise Unreadable(f"This form is for a kind of service, “{head['kind'][:40]}”, that is not known here.")
    case = "" if head["case"] == "–" else head["case"]
    form = Form(head["code"], int(head["number"]), head["kind"], case, bool(head["brief"]), warnings=warnings)
    form.ret, form.taken = _whose(WHOSE.search(tagged.get(MINE, "")) or WHOSE.search(_text(body)))
    rows = dict(_rows(body))
    asked = document.questions(form.agency, brief=form.brief, graded=not head["ungraded"])
    if not any(question.key in tagged or f"{question.key}.reason" in tagged for question in asked):
        form.warnings.append("The form has lost its tags, as some editors do; it was read by its question numbers.")
    for question in asked:
        lines, beside = rows.get(question.number, ([], []))
        parts = by_row = _by_row(question, lines)
        if _has(question, tagged):
            parts = _longer(_by_tag(question, tagged, by_row), by_row)
            parts = _with(question, parts, beside, form.warnings)
        value = _value(question, parts, form.warnings)
        if value:
            form.answers[question.key] = value
    return form


def _whose(found: re.Match[str] | None) -> tuple[str, datetime | None]:
    """The return that a form was taken from, and when; a form that was written blank names none."""
    if found is None:
        return "", None
    try:
        return found["ret"], datetime.strptime(found["taken"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return found["ret"], None


def whose(raw: bytes) -> str:
    """The id of the return that a form was taken from; empty where it names none."""
    body = _body(raw)
    return _whose(WHOSE.search(dict(_tagged(body)).get(MINE, "")) or WHOSE.search(_text(body)))[0]


def opened(raw: bytes) -> zipfile.ZipFile:
    """A zip with a list of contents that is not larger than one can be; whoever reads from it minds DAMAGE."""
    if len(raw) > MOST_FILE:
        raise Unreadable("This file is larger than a return can be.")
    end = raw.rfind(b"PK\x05\x06", max(0, len(raw) - 65_557))
    listed = int.from_bytes(raw[end + 12 : end + 16], "little") if end >= 0 else 0
    if listed > MOST_LISTED or b"PK\x06\x06" in raw:
        raise Unreadable("This file would be larger than a return can be, once unpacked.")
    return zipfile.ZipFile(BytesIO(raw))


def contents(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """One file of a zip, and of a longer one no more than one byte too much."""
    info = archive.getinfo(name)
    if info.file_size > most:
        raise Unreadable("This file would be larger than a return can be, once unpacked.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    with archive.open(info) as part:
        return part.read(most + 1)


def _body(raw: bytes) -> Any:
    try:
        with opened(raw) as archive:
            text = contents(archive, PART, MOST_TEXT)
    except KeyError:
        raise Unreadable("This is no Word document.") from None
    except DAMAGE:
        raise Unreadable("This file is damaged, or no Word document (.docx).") from None
    if len(text) > MOST_TEXT or text.count(b"<") + text.count(b"=") > MOST_PARTS:
        raise Unreadable("This file would be larger than a return can be, once unpacked.")
    return _parsed(text)


def _parsed(text: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("This Word file is damaged.") from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable("This Word file holds definitions that no Word document needs.")
    return root


def _text(element: Any) -> str:
    """The text of a part of the document, a line for each paragraph and each break."""
    found: list[str] = []
    for node in element.iter(f"{W}t", f"{W}br", f"{W}cr", f"{W}p", f"{W}tab"):
        if node.tag == f"{W}t":
            found.append(node.text or "")
        elif node.tag == f"{W}tab":
            found.append(" ")
        elif found:
            found.append("\n")
    return "".join(found).strip()


def _tagged(body: Any) -> Iterator[tuple[str, str]]:
    walk = etree.iterwalk(body, events=("start",), tag=f"{W}sdt")
    for _, control in walk:
        tag = control.find(f"{W}sdtPr/{W}tag")
        content = control.find(f"{W}sdtContent")
        if tag is None or content is None:
            continue
        walk.skip_subtree()
        waiting = control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
        yield tag.get(f"{W}val", ""), "" if waiting else _text(content)


def _rows(body: Any) -> Iterator[tuple[str, tuple[list[str], list[str]]]]:
    """Each table row that begins with a question's number: the paragraphs of its answer, and of them what stands in no
    control."""
    walk = etree.iterwalk(body, events=("start",), tag=f"{W}tr")
    for _, row in walk:
        cells = list(islice(row.iter(f"{W}tc"), 2))
        found = ROW.match("".join(islice(cells[0].itertext(), 40)).lstrip() + " ") if len(cells) > 1 else None
        if found:
            walk.skip_subtree()
            paragraphs = list(cells[1].iter(f"{W}p"))
            yield found[1], ([_text(one) for one in paragraphs], [_beside(one) for one in paragraphs])


def _beside(paragraph: Any) -> str:
    """The words of a paragraph that stand in no control."""
    words = (node for node in paragraph.iter(f"{W}t") if next(node.iterancestors(f"{W}sdt"), None) is None)
    return "".join(node.text or "" for node in words).strip()


def _has(question: Question, tagged: dict[str, str]) -> bool:
    return any(name == question.key or name.startswith(f"{question.key}.") for name in tagged)


def _by_tag(question: Question, tagged: dict[str, str], by_row: dict[str, str]) -> dict[str, str]:
    """What the controls say; a control that lost its tag while others kept theirs is read from the row."""
    parts = ("note", "reason", "date", "number")
    names = {"main": question.key, **{part: f"{question.key}.{part}" for part in parts}}
    ticked = [
        o.label for o in (*question.options, *question.past) if ON in tagged.get(f"{question.key}.pick.{o.key}", "")
    ]
    told = {part: _said(tagged[name]) if name in tagged else by_row.get(part, "") for part, name in names.items()}
    return told | {"ticked": "\n".join(ticked)}


def _longer(tagged: dict[str, str], by_row: dict[str, str]) -> dict[str, str]:
    """What the tags say, with the lines after it where an editor kept only the first line in the control."""
    more = {part: by_row.get(part, "") for part in ("main", "reason", "note")}
    return tagged | {part: text for part, text in more.items() if tagged[part] and text.startswith(tagged[part])}


def _by_row(question: Question, lines: list[str]) -> dict[str, str]:
    said = [_said(line) for line in lines]
    if question.type in ("text", "points"):
        return {"main": "\n".join(said)}
    if question.type == "multi-choice":
        boxes = [line for line in said if line.startswith((ON, OFF))]
        ticked = [line.replace(ON, "").strip() for line in boxes if ON in line]
        return {"ticked": "\n".join(ticked), "note": "\n".join(line for line in said if line not in boxes)}
    if question.type in ("date", "number"):
        return {question.type: said[0] if said else "", "main": next((line for line in said[1:] if line), "")}
    part = "reason" if question.type == "grade" else "note"
    if not question.options:
        return {part: "\n".join(said)}
    return {"main": said[0] if said else "", part: "\n".join(said[1:])}


def _said(text: str) -> str:
    return "" if text.strip() in EMPTY else text.strip()


def _value(question: Question, parts: dict[str, str], warnings: list[str]) -> Value | None:
    main = parts.get("main", "")
    if question.type in ("text", "points"):
        return kept({"text": main})
    if question.type == "multi-choice":
        keys = [key for label in parts.get("ticked", "").splitlines() if (key := _choice(question, label))]
        return kept({"choices": " ".join(keys), "note": parts.get("note", "")})
    choice = _choice(question, main)
    if main and not choice:
        warnings.append(f"{question.number}: “{main[:40]}” is none of the answers; it was left out.")
    if question.type == "date":
        day = _date(parts.get("date", ""))
        if parts.get("date") and not day:
            warnings.append(f"{question.number}: the date could not be read; it was left out.")
        return kept({"date": day} if day else {"choice": choice})
    if question.type == "number":
        figure = number(parts.get("number", ""))
        if parts.get("number") and not figure:
            warnings.append(f"{question.number}: the number could not be read; it was left out.")
        return kept({"number": figure} if figure else {"choice": choice})
    if question.type == "grade":
        return kept({"grade": choice, "reason": parts.get("reason", "")})
    return kept({"choice": choice, "note": parts.get("note", "")})


def _choice(question: Question, text: str) -> str:
    wanted = text.strip().casefold()
    return next((o.key for o in (*question.options, *question.past) if wanted in (o.label.casefold(), o.key)), "")


def _date(text: str) -> str:
    for form in DATES:
        try:
            found: date = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day, not an instant
        except ValueError:
            continue
        return found.isoformat() if 1900 <= found.year <= 2200 else ""
    return ""


def _with(question: Question, parts: dict[str, str], beside: list[str], warnings: list[str]) -> dict[str, str]:
    """The same with what was written beside the controls, where an editor allowed it: no word is lost unsaid."""
    part = {"text": "main", "points": "main", "grade": "reason", "date": "", "number": ""}.get(question.type, "note")
    known = "\n".join(parts.values())
    labels = {option.label for option in (*question.options, *question.past)}
    more = [line for line in beside if _said(line) and line not in labels and line not in known]
    if not more:
        return parts
    if not part:
        warnings.append(f"{question.number}: “{more[0][:80]}” stands beside the field; it was left out.")
        return parts
    warnings.append(f"{question.number}: words stand beside the field; they were taken with the answer.")
    return parts | {part: "\n".join(filter(None, [parts.get(part, ""), *more]))}


def _strange(raw: bytes) -> list[str]:
    """Refuse a file that brings macros; say of one that points outside that nothing was fetched."""
    try:
        with opened(raw) as archive:
            names = archive.namelist()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise Unreadable(MACROS)
            links = b""
            if LINKS in names:
                with archive.open(LINKS) as part:
                    links = part.read(MOST_TEXT)
    except DAMAGE:
        return []
    return [OUTSIDE] if b'TargetMode="External"' in links else []
