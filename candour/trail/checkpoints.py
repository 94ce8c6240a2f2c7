"""Signed checkpoints: three lines and an Ed25519 signature, worth something once held outside the installation."""

import base64
import hashlib
from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from candour.trail.models import Chain, Checkpoint


def _private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.CANDOUR_KEYS["signing"][0]))


def public_key() -> bytes:
    """The 32 bytes with which anybody checks this installation's checkpoints."""
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    return _private_key().public_key().public_bytes(*raw)


def note(origin: str, length: int, head: str) -> str:
    """A C2SP signed note: origin, length and base64 head; a blank line; the signature with its key's short hash."""
    text = f"{origin}\n{length}\n{base64.b64encode(bytes.fromhex(head)).decode()}\n"
    short = hashlib.sha256(f"{origin}\n".encode() + b"\x01" + public_key()).digest()[:4]
    signature = base64.b64encode(short + _private_key().sign(text.encode())).decode()
    return f"{text}\n— {origin} {signature}\n"


def take(chain: Chain, *, reason: str, at: datetime) -> Checkpoint:
    """Sign where a chain stands now."""
    chain.refresh_from_db()
    text = note(f"candour/{chain.name}", chain.length, chain.head)
    return Checkpoint.objects.create(chain=chain, at=at, length=chain.length, head=chain.head, reason=reason, text=text)
