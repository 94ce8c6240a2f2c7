"""Reads a filled Word form: by the tags of its controls, and where an editor lost them, row by row."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from lxml import etree

from candour.people.roles import ServiceKind
from candour.tools.document import Document, Question
from candour.tools.values import Value, kept, number
from candour.tools.word.marks import ABOUT, CHOOSE, DATE, HERE, MINE, NUMBER, OFF, ON
from candour.tools.word.opening import Unreadable, W, body

HEAD = re.compile(
    r"(?P<code>[a-z0-9-]{1,40}) version (?P<number>\d{1,4}) · (?P<kind>[a-z-]{1,40})(?P<brief> · brief)?"
    r"(?P<ungraded> · no grades)? · case (?P<case>\S{1,40})"
)
WHOSE = re.compile(
    r"Return (?P<ret>[\w-]{1,40}) · answers as they stood at (?P<taken>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC"
)
ROW = re.compile(r"(\d{1,4}\.\d{1,4})\s")
WHY = "Why this grade?"
BESIDE = "Where in the record, or a word more"
WORDS = "Say how good, and why"
NO_DAY = "or choose"
BY_WORD = (
    "Click or tap here to enter text.", "Click here to enter text.", "Click or tap to enter a date.", "Choose an item.",
)  # fmt: skip
EMPTY = {"", ON, OFF, HERE, CHOOSE, DATE, NUMBER, NO_DAY, WHY, BESIDE, WORDS, *BY_WORD}
HINTS = {"text": {HERE}, "points": {HERE}, "date": {DATE, NO_DAY}, "number": {NUMBER, NO_DAY}, "multi-choice": {BESIDE}}
BOX = re.compile(r"([☒☑✅✓✔]|[☐□])\s*(.*)")
SYMBOLS = {"F0FE": ON, "F0FD": ON, "F052": ON, "F0A8": OFF, "F06F": OFF, "F0A3": OFF}
PLAIN = {f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}
SAID = (*(f"{W}{name}" for name in ("t", "br", "cr", "p", "sym")), *PLAIN)
STRAIGHT = str.maketrans("’‘“”–—‑‐\xa0", "''\"\"---- ")
ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b")
DATES = (
    "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %m %Y", "%d/%m/%y",
)  # fmt: skip


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
    root, warnings = body(raw)
    tagged = dict(_tagged(root))
    head = _search(HEAD, tagged.get(ABOUT, ""), root)
    if head is None:
        raise Unreadable("This Word file is no return: the line that names tool, version, service and case is missing.")
    document = find(head["code"], int(head["number"]))
    if document is None:
        raise Unreadable(f"This form is of {head['code']}, version {head['number']}, which is not known here.")
    if head["kind"] not in ServiceKind.values:
        raise Unreadable(f"This form is for a kind of service, “{head['kind'][:40]}”, that is not known here.")
    case = "" if head["case"] == "–" else head["case"]
    form = Form(head["code"], int(head["number"]), head["kind"], case, bool(head["brief"]), warnings=warnings)
    form.ret, form.taken = _whose(_search(WHOSE, tagged.get(MINE, ""), root))
    rows = dict(_rows(root))
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
    if left := _unasked(document, asked, tagged):
        form.warnings.append(f"Answers in the form to what is not asked here were left out: {', '.join(left)}.")
    return form


def _unasked(document: Document, asked: Sequence[Question], tagged: dict[str, str]) -> list[str]:
    """What has been written to questions that are not asked, by their words where they are known; five at most."""
    known = {"", ABOUT, MINE.partition(".")[0], *(question.key for question in asked)}
    written = dict.fromkeys(tag.partition(".")[0] for tag, said in tagged.items() if said not in EMPTY)
    others = [(key, document.question(key)) for key in written if key not in known]
    return [f"“{question.prompt if question else key[:60]}”" for key, question in others[:5]]


def _search(wanted: re.Pattern[str], told: str, root: Any) -> re.Match[str] | None:
    """A line by which a form is known: in its control, else anywhere in the text."""
    return wanted.search(told.replace("\xa0", " ")) or wanted.search(_text(root).replace("\xa0", " "))


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
    root, _ = body(raw)
    return _whose(_search(WHOSE, dict(_tagged(root)).get(MINE, ""), root))[0]


def _text(element: Any, most: int | None = None) -> str:
    """The text of a part of the document, a line for each paragraph and each break; of so many pieces at most."""
    found: list[str] = []
    for node in islice(element.iter(*SAID), most):
        if node.tag == f"{W}t":
            found.append(node.text or "")
        elif node.tag == f"{W}sym":
            found.append(SYMBOLS.get(node.get(f"{W}char", "").upper(), ""))
        elif node.tag in PLAIN:
            found.append(PLAIN[node.tag])
        elif found:
            found.append("\n")
    return "".join(found).strip()


def _tagged(root: Any) -> Iterator[tuple[str, str]]:
    """What each control holds, by its tag. Whether it is marked as showing a hint says nothing: some editors leave the
    mark where something was written, others take it from the hint; the hint's own words tell."""
    walk = etree.iterwalk(root, events=("start",), tag=f"{W}sdt")
    for _, control in walk:
        tag = control.find(f"{W}sdtPr/{W}tag")
        content = control.find(f"{W}sdtContent")
        if tag is None or content is None:
            continue
        walk.skip_subtree()
        yield tag.get(f"{W}val", ""), _text(content)


def _rows(root: Any) -> Iterator[tuple[str, tuple[list[str], list[str]]]]:
    """Each table row that begins with a question's number: the paragraphs of its answer, and of them what stands in no
    control."""
    walk = etree.iterwalk(root, events=("start",), tag=f"{W}tr")
    for _, row in walk:
        cells = list(islice(row.iter(f"{W}tc"), 2))
        found = ROW.match(_text(cells[0], 40) + " ") if len(cells) > 1 else None
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
    told = {
        part: _said(question, tagged[name]) if name in tagged else by_row.get(part, "") for part, name in names.items()
    }
    return told | {"ticked": "\n".join(ticked)}


def _longer(tagged: dict[str, str], by_row: dict[str, str]) -> dict[str, str]:
    """What the tags say, with the lines after it where an editor kept only the first line in the control."""
    more = {part: by_row.get(part, "") for part in ("main", "reason", "note")}
    return tagged | {part: text for part, text in more.items() if tagged[part] and text.startswith(tagged[part])}


def _by_row(question: Question, lines: list[str]) -> dict[str, str]:
    """What a row says by the order of its lines: what was chosen, then what was written. `odd`: what should have been
    chosen, and is none of the answers."""
    rows = "\n".join(lines).strip().split("\n")
    said = [_said(question, row) for row in rows]
    if question.type in ("text", "points"):
        return {"main": "\n".join(said)}
    if question.type == "multi-choice":
        return _ticked(question, said)
    if question.type in ("date", "number"):
        return _set(question, [row for row in said if row and row != NUMBER])
    part = "reason" if question.type == "grade" else "note"
    if not question.options:
        return {part: "\n".join(said)}
    if said[0] and not _choice(question, said[0]):
        return {part: "\n".join(said), "odd": said[0]}
    return {"main": said[0], part: "\n".join(said[1:])}


def _ticked(question: Question, said: list[str]) -> dict[str, str]:
    boxes = [found for row in said if (found := BOX.fullmatch(row))]
    labels = {_plain(option.label) for option in (*question.options, *question.past)}
    bare = [row for row in said if _plain(row) in labels]
    note = [row for row in said if not BOX.fullmatch(row) and row not in bare]
    ticked = "\n".join(found[2] for found in boxes if found[1] not in "☐□")
    return {"ticked": ticked, "note": "\n".join(note), "odd": "" if boxes else "\n".join(bare)}


def _set(question: Question, said: list[str]) -> dict[str, str]:
    reads = _date if question.type == "date" else number
    figure = next((row for row in said if reads(row)), "")
    chosen = next((row for row in said if _choice(question, row)), "")
    return {question.type: figure or ("" if chosen else "".join(said[:1])), "main": "" if figure else chosen}


def _said(question: Question, text: str) -> str:
    """The words of a line, less the hint of this question that an editor left them behind. “A number” may begin a
    sentence."""
    text, hints = text.strip(), _hints(question)
    if text in hints:
        return ""
    hint = next((one for one in sorted(hints - {NUMBER}, key=len, reverse=True) if text.startswith(one)), "")
    return text.removeprefix(hint).strip()


def _hints(question: Question) -> set[str]:
    """What the controls of a question may say before anything is written."""
    graded = {CHOOSE, WHY} if question.options else {WORDS}
    return {*HINTS.get(question.type, graded if question.type == "grade" else {CHOOSE, BESIDE}), *BY_WORD}


def _value(question: Question, parts: dict[str, str], warnings: list[str]) -> Value | None:
    main = parts.get("main", "")
    if question.type in ("text", "points"):
        return kept({"text": main})
    if question.type == "multi-choice":
        keys = [key for label in parts.get("ticked", "").splitlines() if (key := _choice(question, label))]
        if parts.get("odd"):
            warnings.append(f"{question.number}: which answers are ticked cannot be seen; none was taken.")
        return kept({"choices": " ".join(keys), "note": parts.get("note", "")})
    choice = _choice(question, main)
    if odd := parts.get("odd"):
        warnings.append(f"{question.number}: “{odd[:40]}” is none of the answers; it was taken as words beside them.")
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
    wanted = _plain(text)
    return next((o.key for o in (*question.options, *question.past) if wanted in (_plain(o.label), o.key)), "")


def _plain(text: str) -> str:
    """Words as they compare, whatever an editor made of their quotes, dashes, spaces and last stop."""
    return " ".join(text.translate(STRAIGHT).split()).strip(" .,;:").casefold()


def _date(text: str) -> str:
    plain = ORDINAL.sub("", " ".join(text.translate(STRAIGHT).replace(",", " ").split()))
    for form in DATES:
        try:
            found: date = datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day, not an instant
        except ValueError:
            continue
        return found.isoformat() if 1900 <= found.year <= 2200 else ""
    return ""


def _with(question: Question, parts: dict[str, str], beside: list[str], warnings: list[str]) -> dict[str, str]:
    """The same with what was written beside the controls, where an editor allowed it: no word is lost unsaid."""
    part = {"text": "main", "points": "main", "grade": "reason", "date": "", "number": ""}.get(question.type, "note")
    known = "\n".join(parts.values())
    labels = {_plain(option.label) for option in (*question.options, *question.past)}
    more = [line for line in beside if _said(question, line) and _plain(line) not in labels and line not in known]
    if not more:
        return parts
    if not part:
        warnings.append(f"{question.number}: “{more[0][:80]}” stands beside the field; it was left out.")
        return parts
    warnings.append(f"{question.number}: words stand beside the field; they were taken with the answer.")
    return parts | {part: "\n".join(filter(None, [parts.get(part, ""), *more]))}
