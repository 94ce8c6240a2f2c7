"""Opens a Word file: finds its text and nothing else. Follows no link, runs no macro, resolves no entity."""

import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from lxml import etree

PART = "word/document.xml"
MOST_FILE = 20 * 1024 * 1024
MOST_TEXT = 10 * 1024 * 1024
MOST_PARTS = 150_000
MOST_LISTED = 256 * 1024
MOST_LINKS = 64 * 1024
MACROS = "This file holds macros, which no return needs: save it as a plain Word document (.docx) and give that."
OUTSIDE = "The file links to something outside itself; nothing was fetched from there."
STRUCK = "The form holds tracked changes: what was put in was read, what was struck out was not."
COMMENTS = "The form holds comments; they were not read."
DAMAGED = (
    "This file is damaged, or no Word document (.docx). If you saved the form in another format, save it as .docx and "
    "give that back; else take the form again."
)
NO_WORD = (
    "This is no Word document (.docx). Save the form as one, and give that back. Several forms in a zip are given back "
    "under “Word forms”."
)
LARGE = "This file would be larger than a return can be, once unpacked."
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
WORDS = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
W = f"{{{WORDS.decode()}}}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
LINK = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Unreadable(Exception):
    """A sentence that says why a file is no form of ours."""


def opened(raw: bytes) -> zipfile.ZipFile:
    """A zip with a list of contents that is not larger than one can be; whoever reads from it minds DAMAGE."""
    if len(raw) > MOST_FILE:
        raise Unreadable("This file is larger than a return can be.")
    end = raw.rfind(b"PK\x05\x06", max(0, len(raw) - 65_557))
    listed = int.from_bytes(raw[end + 12 : end + 16], "little") if end >= 0 else 0
    if listed > MOST_LISTED or b"PK\x06\x06" in raw:
        raise Unreadable(LARGE)
    return zipfile.ZipFile(BytesIO(raw))


def contents(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """One file of a zip, and of a longer one no more than one byte too much."""
    info = archive.getinfo(name)
    if info.file_size > most:
        raise Unreadable(LARGE)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    with archive.open(info) as part:
        return part.read(most + 1)


def body(raw: bytes) -> tuple[Any, list[str]]:
    """The text of a Word file as it stands once its tracked changes are accepted, and what is strange about the file."""
    try:
        with opened(raw) as archive:
            main = _main(archive)
            text = contents(archive, main, MOST_TEXT)
            strange = _strange(archive, main)
    except KeyError:
        raise Unreadable(NO_WORD) from None
    except DAMAGE:
        raise Unreadable(DAMAGED) from None
    if len(text) > MOST_TEXT or text.count(b"<") + text.count(b"=") > MOST_PARTS:
        raise Unreadable(LARGE)
    root = _parsed(text.replace(STRICT, WORDS))
    if next(root.iter(f"{W}commentReference"), None) is not None:
        strange.append(COMMENTS)
    return root, [*strange, *_accepted(root)]


def _main(archive: zipfile.ZipFile) -> str:
    """Where the text stands: some editors give the part another name, and say so at the door."""
    try:
        links = _parsed(contents(archive, "_rels/.rels", MOST_LINKS))
    except (KeyError, Unreadable, *DAMAGE):
        return PART
    named = [link.get("Target", "") for link in links.iter(LINK) if link.get("Type", "").endswith("/officeDocument")]
    names = archive.namelist()
    return next((name for target in named if (name := target.lstrip("/")) in names), PART)


def _strange(archive: zipfile.ZipFile, main: str) -> list[str]:
    """Refuse a file that brings macros; say of one that points outside that nothing was fetched."""
    if any(name.lower().endswith("vbaproject.bin") for name in archive.namelist()):
        raise Unreadable(MACROS)
    folder, name = posixpath.split(main)
    try:
        with archive.open(f"{folder}/_rels/{name}.rels") as part:
            links = part.read(MOST_TEXT)
    except (KeyError, *DAMAGE):
        return []
    return [OUTSIDE] if b'TargetMode="External"' in links else []


def _parsed(text: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("This Word file is damaged.") from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable("This Word file holds definitions that no Word document needs.")
    return root


def _accepted(root: Any) -> list[str]:
    """Take out what was struck out or moved away, the paragraphs that this leaves empty, and what stands twice."""
    for control in [again for paragraph in root.iter(f"{W}p") for again in _again(paragraph)]:
        control.getparent().remove(control)
    tracked = next(root.iter(f"{W}ins", f"{W}moveTo"), None) is not None
    emptied: list[Any] = []
    for gone in list(root.iter(f"{W}del", f"{W}moveFrom", FALLBACK)):
        if gone is root:
            raise Unreadable(NO_WORD)
        tracked = tracked or gone.tag != FALLBACK
        emptied += islice(gone.iterancestors(f"{W}p"), 1) if gone.getparent().tag == f"{W}rPr" else ()
        gone.getparent().remove(gone)
    for paragraph in emptied:  # one that was both struck out and moved away stands in it twice
        if paragraph.getparent() is not None and not any(node.text for node in paragraph.iter(f"{W}t")):
            paragraph.getparent().remove(paragraph)
    return [STRUCK] if tracked else []


def _again(paragraph: Any) -> Iterator[Any]:
    """What LibreOffice writes once more: a control with two kinds of script as one whole, then as a piece of each kind
    with the whole behind it."""
    first: dict[str, str] = {}
    for control in paragraph.iterchildren(f"{W}sdt"):
        alias = control.find(f"{W}sdtPr/{W}alias")
        name = alias.get(f"{W}val", "") if alias is not None else ""
        words = "".join(node.text or "" for node in control.iterfind(f"{W}sdtContent/{W}r/{W}t"))
        if first.get(name) and words.endswith(first[name]):
            yield control
        first.setdefault(name, words if alias is not None else "")
