"""Verify an exported trail, offline, with nothing but Python's standard library.

    python verify.py TRAIL.jsonl [CHECKPOINT.txt ...] [--key BASE64]

The trail is one JSON object a line: seq, time, actor, verb, object, detail, previous, leaf. A leaf is the SHA-256 of a
zero byte and the canonical JSON of the other seven. A checkpoint is a signed note (C2SP signed-note): origin, length
and base64 head, a blank line, and an Ed25519 signature (RFC 8032). Exit 0: nothing wrong; 1: broken; 2: usage.
"""

import base64
import hashlib
import json
import sys
from dataclasses import dataclass

START = "0" * 64
FIELDS = ("seq", "time", "actor", "verb", "object", "detail", "previous")


@dataclass(frozen=True)
class Note:
    """A checkpoint as read: whose chain, how long it was, its head in hex, and the signature over the text."""

    origin: str
    length: int
    head: str
    text: str
    signature: bytes


def read_note(content):
    """A checkpoint's file; raises ValueError where it is none."""
    text, blank, rest = content.replace("\r\n", "\n").partition("\n\n")
    lines = text.split("\n")
    if not blank or len(lines) != 3 or not rest.startswith("— "):
        raise ValueError("this is no checkpoint: three lines, a blank line and a signature are expected")
    signed = base64.b64decode(rest.split()[-1], validate=True)
    return Note(lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True).hex(), text + "\n", signed[4:])


def leaf_of(row):
    """The leaf that a row's other fields give."""
    text = json.dumps({name: row[name] for name in FIELDS}, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(b"\x00" + text.encode()).hexdigest()


def read_rows(lines):
    """The rows of an export, or a sentence for the first line that is none."""
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            rows.append({name: row[name] for name in (*FIELDS, "leaf")})
        except (ValueError, KeyError, TypeError):
            return rows, [f"Line {number} is no row of a trail."]
    return rows, []


def broken_at(rows):
    """The first place where the chain itself breaks, as a sentence; empty where it holds."""
    previous = START
    for position, row in enumerate(rows, 1):
        if row["seq"] != position:
            return [f"Row {position} is missing or out of place: row {row['seq']} stands there."]
        if row["previous"] != previous:
            return [f"Row {position} does not follow row {position - 1}: one of the two was replaced."]
        if leaf_of(row) != row["leaf"]:
            return [f"Row {position} was altered: its contents do not give its leaf."]
        previous = row["leaf"]
    return []


def against(rows, notes):
    """What the checkpoints contradict: rows cut off the end, or an interval that was written anew."""
    agreed, wrong = 0, []
    for note in sorted(notes, key=lambda note: note.length):
        if note.length > len(rows):
            wrong.append(f"Rows {len(rows) + 1} to {note.length} are missing: a checkpoint counted {note.length}.")
            break
        head = rows[note.length - 1]["leaf"] if note.length else START
        if head != note.head:
            wrong.append(
                f"Rows {agreed + 1} to {note.length} were written anew: row {note.length} is not the one "
                "that the checkpoint signed."
            )
            break
        agreed = note.length
    return wrong


def verify(lines, notes=(), key=None):
    """Every fault found, as sentences; an empty list means that the trail is whole as far as the checkpoints reach."""
    forged = [
        f"The checkpoint at row {n.length} is not signed by this key."
        for n in notes
        if key and not signed_by(key, n.text.encode(), n.signature)
    ]
    rows, unreadable = read_rows(lines)
    return forged + (unreadable or broken_at(rows)) + against(rows, [] if unreadable else notes)


# Ed25519, as in RFC 8032 section 6, verification only.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _recover_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def _point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    k, m, n, o = f - e, h - g, h + g, f + e
    return (k * m % P, n * o % P, m * n % P, k * o % P)


def _times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point, scalar = _add(point, point), scalar >> 1
    return result


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _recover_x(_BASE_Y, 0)
BASE = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def signed_by(key, message, signature):
    """Whether the 64 bytes are this 32-byte public key's Ed25519 signature over the message."""
    a, r = _point(key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q or len(signature) != 64:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    left, right = _times(s, BASE), _add(r, _times(h, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


def main(arguments):
    """The command; prints what it found."""
    key = None
    if "--key" in arguments:
        at = arguments.index("--key")
        key = base64.b64decode(arguments[at + 1]) if arguments[at + 1 :] else None
        arguments = arguments[:at] + arguments[at + 2 :]
    if not arguments:
        print(__doc__.strip().split("\n\n")[1].strip(), file=sys.stderr)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            lines = [line for line in file if line.strip()]
        notes = []
        for name in arguments[1:]:
            with open(name, encoding="utf-8") as file:
                notes.append(read_note(file.read()))
    except (OSError, ValueError) as fault:
        print(f"It could not be read: {fault}.", file=sys.stderr)
        return 2
    wrong = verify(lines, notes, key)
    reach = max((note.length for note in notes), default=0)
    print("\n".join(wrong) or f"{len(lines)} rows, and the chain holds.")
    if not wrong and reach < len(lines):
        print(f"Rows after {reach} stand under no checkpoint that you gave: rows cut off there would not show.")
    if notes and not key:
        print("No key was given: the checkpoints' signatures were not checked.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
