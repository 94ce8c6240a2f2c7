"""Sealing: AES-256-GCM under one data key per owner, those keys under the installation's own.

A sealed text is `<owner id>:<base64 of nonce and ciphertext>`. Table, column and row are bound in as
associated data, so that a sealed text moved to another row does not open.
"""

import base64
import hashlib
import hmac
import os
import threading
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.signals import request_finished, request_started

from candour.kernel.errors import Refused
from candour.kernel.ids import LENGTH
from candour.kernel.models import Key

NONCE = 12


class Erased(Refused):
    """The key is gone, and with it what it sealed."""


class _Ring(threading.local):
    """The data keys opened for one request or job. What pages will need is gathered, then fetched at once."""

    def __init__(self) -> None:
        self.wanted: set[str] = set()
        self.opened: dict[str, bytes | None] = {}

    def get(self, owner: str) -> bytes | None:
        if owner not in self.opened:
            missing = (self.wanted | {owner}) - self.opened.keys()
            found = dict(Key.objects.filter(owner__in=missing).values_list("owner", "wrapped"))
            for name in missing:
                self.opened[name] = _unwrap(name, found[name]) if found.get(name) else None
            self.wanted.clear()
        return self.opened[owner]


_ring = _Ring()


def want(owner: str) -> None:
    """Say that this owner's key may soon be needed, so that one query fetches all."""
    _ring.wanted.add(owner)


def forget(**_: object) -> None:
    """Drop every opened key; happens around each request and each job."""
    _ring.wanted.clear()
    _ring.opened.clear()


request_started.connect(forget)
request_finished.connect(forget)


def _masters() -> list[bytes]:
    return [base64.b64decode(key) for key in settings.CANDOUR_KEYS["field"]]


def _encrypt(key: bytes, plain: bytes, context: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def _decrypt(key: bytes, sealed: bytes, context: str) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())


def _wrap(owner: str, key: bytes) -> str:
    return base64.b64encode(_encrypt(_masters()[0], key, f"key:{owner}")).decode()


def _unwrap(owner: str, wrapped: str) -> bytes:
    for master in _masters():
        try:
            return _decrypt(master, base64.b64decode(wrapped), f"key:{owner}")
        except InvalidTag:
            continue
    raise RuntimeError("A data key does not open under any of the installation's field keys: the wrong keys file.")


def make_key(owner: str, kind: str, at: datetime) -> None:
    """Give an owner (a partnership, an audit, a case, a person) the key for all that will be sealed for it."""
    key = AESGCM.generate_key(256)
    Key.objects.create(owner=owner, kind=kind, wrapped=_wrap(owner, key), made_at=at)
    _ring.opened[owner] = key


def destroy_key(owner: str, at: datetime) -> None:
    """Erase all that was ever sealed for this owner, by destroying the one key that opens it."""
    Key.objects.filter(owner=owner).update(wrapped="", destroyed_at=at)
    _ring.opened[owner] = None


def rewrap_keys() -> int:
    """Put every data key under the newest of the installation's field keys; returns how many."""
    count = 0
    for key in Key.objects.exclude(wrapped="").order_by("owner").iterator():
        key.wrapped = _wrap(key.owner, _unwrap(key.owner, key.wrapped))
        key.save(update_fields=["wrapped"])
        count += 1
    return count


def seal(owner: str, plain: bytes, context: str) -> str:
    """Seal bytes for an owner whose key exists."""
    key = _ring.get(owner)
    if key is None:
        raise Erased("Nothing can be written here any more: it has been erased.")
    return f"{owner}:{base64.b64encode(_encrypt(key, plain, context)).decode()}"


def owner_of(sealed: str) -> str:
    """Whose key opens a sealed text."""
    return sealed[:LENGTH]


def unseal(sealed: str, context: str) -> bytes:
    """Open what was sealed; raises Erased where the key has been destroyed."""
    key = _ring.get(owner_of(sealed))
    if key is None:
        raise Erased("This has been erased.")
    return _decrypt(key, base64.b64decode(sealed[LENGTH + 1 :]), context)


def keyed_index(kind: str, value: str) -> str:
    """A fingerprint (HMAC-SHA256, 64 hex digits) that finds equal values without holding them."""
    return keyed_indexes(kind, value)[0]


def keyed_indexes(kind: str, value: str) -> list[str]:
    """The fingerprint under every key that is still held, the newest first: what an older key marked is found too."""
    keys = (base64.b64decode(key) for key in settings.CANDOUR_KEYS["index"])
    return [hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest() for key in keys]
