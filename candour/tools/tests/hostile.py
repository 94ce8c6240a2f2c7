"""Word files that nobody should have to open: damaged, or made to do harm; and what came of reading so many of them.

As a program it reads a folder of them and prints what came of it, so that its memory is that of reading alone."""

import json
import random
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from candour.tools.document import read as read_document
from candour.tools.documents import documents
from candour.tools.word import PART, Unreadable, read, write

CORE = read_document(next(raw for raw in documents() if raw["code"] == "core"))
FORM = write(CORE, "gp", case="4")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MOST_MEMORY = 200  # MiB, with the interpreter and all that it has loaded


def parts_of(raw: bytes) -> dict[str, bytes]:
    """The files in a form."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = parts_of(FORM)
BODY = PARTS[PART]


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def form(body: bytes = BODY, method: int = zipfile.ZIP_DEFLATED, **more: bytes) -> bytes:
    """The form with another text, and other files beside it."""
    return packed({**PARTS, PART: body, **more}, method)


def beside(name: str, data: bytes) -> bytes:
    """The form with one more file, or another in its place."""
    return form(**{name: data})


def flipped(raw: bytes, dice: random.Random) -> bytes:
    """A few bits the other way round."""
    bad = bytearray(raw)
    for _ in range(dice.randint(1, 12)):
        bad[dice.randrange(len(bad))] ^= 1 << dice.randrange(8)
    return bytes(bad)


def torn(dice: random.Random, door: str) -> bytes:
    """A file of which the end, or a piece within, is missing or stands twice."""
    start, end = sorted(dice.randrange(len(FORM)) for _ in range(2))
    return dice.choice((FORM[:end], FORM[:start] + FORM[end:], FORM[:end] + FORM[start:], FORM[start:]))


def shuffled(dice: random.Random, door: str) -> bytes:
    """Tags in another order, so that tables, controls and text stand within each other anyhow."""
    pieces = BODY.split(b"><")
    for _ in range(dice.randint(1, 40)):
        one, other = dice.randrange(2, len(pieces) - 2), dice.randrange(2, len(pieces) - 2)
        pieces[one], pieces[other] = pieces[other], pieces[one]
    return form(b"><".join(pieces))


def nested(dice: random.Random, door: str) -> bytes:
    """Rows, cells, controls and deletions in each other, closed as they should be."""
    names = [dice.choice(("w:tbl", "w:tr", "w:tc", "w:p", "w:r", "w:sdt", "w:sdtContent", "w:del", "w:rPr", "w:pPr"))
             for _ in range(dice.randint(3, 240))]  # fmt: skip
    within = "".join(f"<{name}>" for name in names) + "<w:t>1.1 x</w:t><w:del/>"
    return form(BODY.replace(b"<w:body>", f"<w:body>{within}{closed(names)}".encode(), 1))


def closed(names: list[str]) -> str:
    """The ends of so many elements."""
    return "".join(f"</{name}>" for name in reversed(names))


def defined(dice: random.Random, door: str) -> bytes:
    """Definitions that fetch a file or an address, or grow a thousandfold."""
    laughs = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    inside = dice.choice((
        f'[<!ENTITY x SYSTEM "{door}/x">]', '[<!ENTITY x SYSTEM "file:///etc/hostname">]',
        f'[<!ENTITY % x SYSTEM "{door}/x.dtd"> %x;]', f'SYSTEM "{door}/x.dtd"', f'PUBLIC "-//W//X" "{door}/x.dtd"',
        f'[<!ENTITY e0 "ha">{laughs}<!ENTITY x "&e9;">]', f'[<!ENTITY x "{"a" * 100_000}">]',
    ))  # fmt: skip
    text = BODY.replace(b"Write here", b"&x;" * dice.randint(1, 3), 1)
    return form(text.replace(b"<w:document", f"<!DOCTYPE w:document {inside}><w:document".encode(), 1))


def linked(dice: random.Random, door: str) -> bytes:
    """Links to elsewhere, of the kinds that Word itself would follow."""
    kind = dice.choice(("attachedTemplate", "image", "aFChunk", "oleObject", "hyperlink", "frame", "subDocument"))
    link = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{door}/{kind}" TargetMode="External"/>'
    name = dice.choice(("word/_rels/document.xml.rels", "word/_rels/settings.xml.rels", "_rels/.rels"))
    held = PARTS.get(name, f'<Relationships xmlns="{PACKAGE}"></Relationships>'.encode())
    return beside(name, held.replace(b"</Relationships>", f"{link}</Relationships>".encode()))


def at_the_door(dice: random.Random, door: str) -> bytes:
    """A list of parts that names its text elsewhere, is enormous, or defines something."""
    target = dice.choice(
        (f"{door}/x.xml", "../../../etc/hostname", "/etc/hostname", "word/styles.xml", "", "word/none.xml")
    )
    before = dice.choice(("", f'<!DOCTYPE r SYSTEM "{door}/r.dtd">', " " * dice.choice((0, 100_000, 30_000_000))))
    link = f'<Relationship Id="a" Type="{OFFICE}/officeDocument" Target="{target}"/>'
    return beside("_rels/.rels", f'{before}<Relationships xmlns="{PACKAGE}">{link}</Relationships>'.encode())


def included(dice: random.Random, door: str) -> bytes:
    """Other ways to have a reader of XML fetch something, or read it as what it is not."""
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{door}/x"/>'
    sheet = f'<?xml-stylesheet type="text/xsl" href="{door}/x.xsl"?>'
    coded = dice.choice(("utf-16", "utf-8", "utf-7", "cp037"))
    plain = BODY.decode().split("?>", 1)[1]
    return form(dice.choice((
        BODY.replace(b"<w:body>", f"<w:body>{include}".encode(), 1),
        f"{sheet}{plain}".encode(),
        f"<?xml version='1.0' encoding='{coded}'?>{plain}".encode(coded, "replace"),
        f"<?xml version='1.0' encoding='{dice.choice(('utf-16', 'x-none', 'cp037'))}'?>{plain}".encode(),
    )))  # fmt: skip


def with_macros(dice: random.Random, door: str) -> bytes:
    """Programs, under the names that Word knows and some that it does not."""
    name = dice.choice(("word/vbaProject.bin", "word/VBAPROJECT.BIN", "vbaProject.bin", "word/vbaData.xml", "x.exe"))
    return beside(name, b"\xd0\xcf\x11\xe0" + dice.randbytes(2000))


def bomb(dice: random.Random, door: str) -> bytes:
    """Little that unpacks to much."""
    size = dice.choice((1_000_000, 9_900_000, 10_500_000, 60_000_000))
    part = dice.choice((b" ", b"a", b"<w:p/>", b'<a b=""/>', b"<a>", b"<!---->", b"<?a?>", b"&amp;", b"&#9;"))
    raw = form(b"<w:body xmlns:w='%s'>" % W.encode() + part * (size // len(part)) + b"</w:body>")
    return lying(raw) if dice.random() < 0.3 else raw


def lying(raw: bytes) -> bytes:
    """The same with its text said to be short."""
    at = raw.rfind(b"PK\x01\x02", 0, raw.rfind(PART.encode()))
    return raw[: at + 24] + (1000).to_bytes(4, "little") + raw[at + 28 :]


def crowded(dice: random.Random, door: str) -> bytes:
    """Very many files, elements, attributes, rows or levels."""
    many = dice.choice((1_000, 20_000, 140_000, 400_000))
    row = b"<w:tr><w:tc><w:p><w:r><w:t>1.1 x</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
    inner = dice.choice((
        b"<w:p/>" * many, b"<w:t>a</w:t>" * many, b"<w:p " + b" ".join(b'a%d=""' % n for n in range(many)) + b"/>",
        b"<w:p>" * many + b"</w:p>" * many, row * (many // 20), b"<w:del/>" * many, b"<w:sdt>" * 200 + b"</w:sdt>" * 200,
    ))  # fmt: skip
    whole = b"<w:document xmlns:w='%s'><w:body>%s</w:body></w:document>" % (W.encode(), inner)
    beside_it = {f"f{n}": b"" for n in range(6_000)} if dice.random() < 0.2 else {}
    return form(whole, **beside_it)


def packed_oddly(dice: random.Random, door: str) -> bytes:
    """Another way of packing, a password, or no zip at all."""
    return dice.choice((
        form(method=zipfile.ZIP_LZMA), form(method=zipfile.ZIP_BZIP2), b"\xd0\xcf\x11\xe0" + dice.randbytes(5000),
        dice.randbytes(5000), b"PK\x05\x06" + b"\0" * 18, packed({"word/document.xml/": b"", "a": b""}), b"%PDF-1.7",
        FORM.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"), b"{\\rtf1 }", FORM + FORM,
    ))  # fmt: skip


def misnamed(dice: random.Random, door: str) -> bytes:
    """A form that says that it is of something which is not, or says it at great length."""
    said = dice.choice((b"core version 9999", b"core version 0001", b"c" * 100_000 + b" version 1", b"none version 1"))
    kind = dice.choice((b"gp", b"police", b"x" * 40, b"../../x"))
    return form(BODY.replace(b"core version 1", said).replace("· gp ·".encode(), "· ".encode() + kind + " ·".encode()))


HARM = (
    lambda dice, door: flipped(FORM, dice), lambda dice, door: form(flipped(BODY, dice)), torn, shuffled, nested, defined,
    linked, at_the_door, included, with_macros, bomb, crowded, packed_oddly, misnamed,
)  # fmt: skip


def file(number: int, door: str) -> bytes:
    """The n-th of them, the same each time, all kinds in turn; `door` is an address that must not be asked."""
    return HARM[number % len(HARM)](random.Random(number), door)  # type: ignore[no-any-return]


def outcome(raw: bytes) -> str:
    """What a person is told, or "read"."""
    try:
        read(raw, lambda code, version: CORE if (code, version) == ("core", 1) else None)
    except Unreadable as refused:
        return str(refused)
    return "read"


@contextmanager
def listening() -> Iterator[tuple[str, list[Any]]]:
    """An address of this machine, and whoever came to it."""
    came: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def wait() -> None:
            while True:
                try:
                    caller, address = server.accept()
                except OSError:
                    return
                came.append(address)
                caller.close()

        threading.Thread(target=wait, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", came
        server.shutdown(socket.SHUT_RDWR)


def read_all(folder: Path) -> dict[str, Any]:
    """Read every file of a folder in this process: the sentences, the slowest in seconds, the most memory in MiB."""
    said: dict[str, int] = {}
    slowest = 0.0
    for path in sorted(folder.iterdir()):
        raw, began = path.read_bytes(), time.perf_counter()
        told = outcome(raw)
        slowest = max(slowest, time.perf_counter() - began)
        said[told] = said.get(told, 0) + 1
    return {"said": said, "slowest": slowest, "peak": peak()}


def peak() -> float:
    """The most memory that this process has held, in MiB. Linux keeps it from exec on; getrusage begins at the fork."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measured(count: int) -> dict[str, Any]:
    """So many files, made here and read in a process of its own; with how often an address outside it was asked."""
    with TemporaryDirectory(prefix="candour-hostile-") as folder, listening() as (door, came):
        for number in range(count):
            (Path(folder) / f"{number:05}.docx").write_bytes(file(number, door))
        reader = [sys.executable, "-m", "candour.tools.tests.hostile", folder]
        done = subprocess.run(reader, check=True, capture_output=True, text=True)
        return json.loads(done.stdout) | {"connections": len(came)}


if __name__ == "__main__":
    print(json.dumps(read_all(Path(sys.argv[1])), ensure_ascii=False))
