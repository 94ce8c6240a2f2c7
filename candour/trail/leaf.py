"""What a leaf of the chain is, to the byte. `verify.py` beside this file says the same without Candour."""

import hashlib
import json
from datetime import UTC, datetime

START = "0" * 64


def stamp(at: datetime) -> str:
    """An instant as it stands in a leaf: UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def leaf_of(fields: dict[str, object]) -> str:
    """SHA-256 over a zero byte and the canonical JSON of seq, time, actor, verb, object, detail and previous."""
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(b"\x00" + text.encode()).hexdigest()


def detail_hash(salt: str, detail: dict[str, object]) -> str:
    """SHA-256 of salt and canonical JSON: says nothing without the salt, which stands with the sealed detail."""
    text = json.dumps(detail, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
    return hashlib.sha256((salt + text).encode()).hexdigest()
