"""What a person typed and could not send: kept on their device, sealed to their return's public key, opened here."""

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from candour.appraisal.models import Return
from candour.kernel import vault
from candour.people.models import User
from candour.tools.document import Section

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
POINT, NONCE = 65, 12
MOST = 2_000_000


def device_key(ret: Return, user: User) -> str:
    """The public key, in base64, to which this person's unsent words of this return are sealed on their device."""
    private = _private(_marks(ret, user)[0])
    return base64.b64encode(private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)).decode()


def on_device(ret: Return, section: Section, user: User) -> dict[str, str]:
    """What a page needs to keep unsent words: the key they are sealed to, and where on the device they stand."""
    key = device_key(ret, user)
    return {"device_key": key, "shelf": f"candour:{ret.pk}:{section.key}:{key[2:14]}:"}


def opened_waiting(ret: Return, user: User, sealed: str) -> list[Any] | None:
    """The words that a device kept for this person and this return; None where they are somebody else's or spoilt."""
    try:
        raw = base64.b64decode(sealed[:MOST], validate=True)
    except ValueError:  # no base64, or not even ASCII
        return None
    for mark in _marks(ret, user):
        if (plain := _unsealed(_private(mark), raw)) is not None:
            return plain
    return None


def _marks(ret: Return, user: User) -> list[str]:
    return vault.keyed_indexes("device", f"{ret.pk}:{user.pk}")


def _private(mark: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(mark, 16) % (ORDER - 1) + 1, CURVE)


def _unsealed(private: ec.EllipticCurvePrivateKey, raw: bytes) -> list[Any] | None:
    point, nonce, sealed = raw[:POINT], raw[POINT : POINT + NONCE], raw[POINT + NONCE :]
    try:
        shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point))
        key = HKDF(SHA256(), 32, salt=point, info=b"candour waiting").derive(shared)
        found = json.loads(AESGCM(key).decrypt(nonce, sealed, None))
    except (ValueError, InvalidTag):
        return None
    return found if isinstance(found, list) else None
