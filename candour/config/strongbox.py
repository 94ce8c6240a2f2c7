"""An encrypted file of lines: compressed, in authenticated pieces, readable only with the installation's keys.

First a line that says what it is, in the open; then pieces, each its length and AES-256-GCM under a key of this
file alone. The last piece says that it is the last, so that a file cut short does not pass for a whole one.
"""

import base64
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from candour.kernel.errors import Refused

MAGIC = "candour-backup/1"
PIECE = 1 << 20
LAST = 1 << 31


def _cipher(master: str, salt: bytes) -> AESGCM:
    derive = HKDF(algorithm=SHA256(), length=32, salt=salt, info=MAGIC.encode())
    return AESGCM(derive.derive(base64.b64decode(master)))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def write(path: Path, about: dict[str, str], lines: Iterable[dict[str, Any]]) -> int:
    """Write a new file that only its owner reads, whole or not at all; returns how many lines."""
    if path.exists():
        raise Refused(f"{path} is there already; a backup never overwrites anything.")
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            count = _write(file, about, lines)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return count


def _write(file: BinaryIO, about: dict[str, str], lines: Iterable[dict[str, Any]]) -> int:
    salt = os.urandom(32)
    head = json.dumps({"format": MAGIC, **about, "salt": base64.b64encode(salt).decode()}).encode() + b"\n"
    file.write(head)
    cipher = _cipher(settings.CANDOUR_KEYS["field"][0], salt)
    squeeze, held, number, count = zlib.compressobj(6), bytearray(), 0, 0
    for line in lines:
        held += squeeze.compress(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        count += 1
        while len(held) > PIECE:
            _piece(file, cipher, number, bytes(held[:PIECE]), head, last=False)
            del held[:PIECE]
            number += 1
    held += squeeze.flush()
    _piece(file, cipher, number, bytes(held), head, last=True)
    return count


def _piece(file: BinaryIO, cipher: AESGCM, number: int, plain: bytes, head: bytes, *, last: bool) -> None:
    sealed = cipher.encrypt(_nonce(number), plain, head + bytes([last]))
    file.write((len(sealed) | (LAST if last else 0)).to_bytes(4, "big") + sealed)


def about(path: Path) -> dict[str, str]:
    """What a backup says of itself in the open; refused where the file is none."""
    with path.open("rb") as file:
        return _about(file.readline(4096), path)


def _about(head: bytes, path: Path) -> dict[str, str]:
    try:
        said: dict[str, str] = json.loads(head)
    except ValueError:
        said = {}
    if not isinstance(said, dict) or said.get("format") != MAGIC:
        raise Refused(f"{path} is not a backup made by Candour.")
    return said


def made_at(path: Path) -> datetime:
    """When a backup was made."""
    return datetime.fromisoformat(about(path)["made_at"]).astimezone(UTC)


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a backup; refused where it is cut short, was altered, or needs other keys."""
    unpack, rest = zlib.decompressobj(), b""
    for piece in _pieces(path):
        *lines, rest = (rest + unpack.decompress(piece)).split(b"\n")
        yield from map(json.loads, lines)
    if rest or not unpack.eof:
        raise Refused(f"{path} is not whole.")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        head = file.readline(4096)
        salt = base64.b64decode(_about(head, path)["salt"])
        ciphers = [_cipher(master, salt) for master in settings.CANDOUR_KEYS["field"]]
        number, last = 0, False
        while not last:
            size = int.from_bytes(file.read(4), "big")
            last, size = bool(size & LAST), size & ~LAST
            sealed = file.read(size) if 16 <= size <= 2 * PIECE else b""
            if not sealed or len(sealed) != size:
                raise Refused(f"{path} is cut short.")
            plain, ciphers = _open(ciphers, number, sealed, head + bytes([last]), path)
            yield plain
            number += 1


def _open(ciphers: list[AESGCM], number: int, sealed: bytes, bound: bytes, path: Path) -> tuple[bytes, list[AESGCM]]:
    for cipher in ciphers:
        try:
            return cipher.decrypt(_nonce(number), sealed, bound), [cipher]
        except InvalidTag:
            continue
    if number:
        raise Refused(f"{path} was altered after it was made.")
    raise Refused(f"{path} does not open: it was made under other keys than this installation's, or was altered.")
