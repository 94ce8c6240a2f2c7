"""Commands that read files and print what they hold; they need no installation."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from candour.kernel.clock import today
from candour.people.roles import ServiceKind
from candour.sampling import draw as drawing
from candour.sampling import readers
from candour.tools import word
from candour.tools.document import Document
from candour.tools.document import read as read_document
from candour.tools.documents import documents, earlier
from candour.trail import verify

_LISTS = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".xml", ".zip"}


def frame(options: argparse.Namespace) -> int:
    """Read case lists as the upload would, and print what was understood; 1 where they cannot be used."""
    try:
        files = [(path.name, path.read_bytes()) for path in _within(options.files)]
    except OSError as problem:
        found, status = {"error": f"{problem.filename}: {problem.strerror}."}, 1
    else:
        with _only_our_words():
            found, status = readers.report(files, today())
    print(json.dumps(found, indent=1, ensure_ascii=False) if options.json else readers.print_report(found).rstrip())
    return status


def _within(paths: Sequence[Path]) -> Iterator[Path]:
    """Give the files that are named, and of a folder the lists that stand in it."""
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.is_file() and one.suffix.lower() in _LISTS)
        else:
            yield path


@contextmanager
def _only_our_words() -> Iterator[None]:
    """Keep what the library of spreadsheets writes by itself about a damaged file off the screen."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def draw(options: argparse.Namespace) -> int:
    """Draw from the three files, printed as the stranger's check prints it."""
    source = options.source.read_bytes()
    orders = drawing.draw(options.cohort.read_bytes(), options.plan.read_bytes(), source)
    print(drawing.print_draw(orders), end="")
    return 0


def verify_draw(options: argparse.Namespace) -> int:
    """Run the draw of a receipt again, and say what agrees or what does not."""
    for sentence in drawing.verify_receipt(options.receipt.read_bytes()):
        print(sentence)
    return 0


def verify_trail(options: argparse.Namespace) -> int:
    """Verify an exported trail, exactly as the script in the export does by itself."""
    key = ["--key", options.key] if options.key else []
    return int(verify.main([*key, options.file, *options.checkpoints]))


def export_tool(options: argparse.Namespace) -> int:
    """Write a blank Word return of a shipped tool for one kind of service."""
    document = next((found for found in _tools() if found.code == options.tool), None)
    if document is None:
        return _unusable(f"There is no tool “{options.tool}”; there is {', '.join(found.code for found in _tools())}.")
    if options.agency not in ServiceKind.values:
        return _unusable(f"“{options.agency}” is no kind of service; there are {', '.join(ServiceKind.values)}.")
    try:
        options.docx.write_bytes(word.write(document, options.agency))
    except OSError as error:
        return _unusable(f"{options.docx} could not be written: {error.strerror}.")
    return 0


def read_tool(options: argparse.Namespace) -> int:
    """Print what a filled Word return holds; 1 where it is none."""
    try:
        form = word.read(options.file.read_bytes(), _find_tool)
    except OSError as error:
        return _unusable(f"{options.file} could not be read: {error.strerror}.")
    except word.Unreadable as error:
        return _unusable(str(error))
    told = {"tool": form.tool, "version": form.version, "agency": form.agency, "case": form.case}
    told |= {"answers": form.answers, "warnings": form.warnings}
    print(json.dumps(told, indent=1, ensure_ascii=False) if options.json else _spoken(told))
    return 0


def _tools() -> list[Document]:
    return [read_document(raw) for raw in documents()]


def _find_tool(code: str, number: int) -> Document | None:
    known = [*_tools(), *(read_document(raw) for raw in earlier())]
    return next((found for found in known if (found.code, found.number) == (code, number)), None)


def _spoken(told: dict[str, Any]) -> str:
    head = f"{told['tool']} version {told['version']}, {told['agency']}, case {told['case'] or 'not named'}"
    answers = [f"{key}: {' – '.join(value.values())}" for key, value in told["answers"].items()]
    return "\n".join([head, *answers, *told["warnings"]])


def _unusable(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
