"""What a device kept of a return is opened for whoever typed it, and for nobody else; and what seems to name somebody."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from candour.appraisal import queries
from candour.appraisal.tests import factories as make
from candour.people.tests.factories import sign_in, world

pytestmark = pytest.mark.django_db
WORDS = [["context-work", {"q.context-work": make.CANARY, "q.context-work.seen": "0"}]]


@pytest.fixture
def w():
    return world()


@pytest.fixture
def ret(w):
    return make.draft(w, make.audit(w), w.health_visiting)


def sealed(key: str, words: object = WORDS) -> str:
    """As a page seals it, with the public key alone."""
    to = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(key))
    own = ec.generate_private_key(ec.SECP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = HKDF(SHA256(), 32, salt=point, info=b"candour waiting").derive(own.exchange(ec.ECDH(), to))
    nonce = bytes(12)
    return base64.b64encode(point + nonce + AESGCM(secret).encrypt(nonce, json.dumps(words).encode(), None)).decode()


def test_it_is_opened_for_whoever_typed_it(client, ret):
    url = f"/returns/{ret.pk}/waiting/"
    sign_in(client, ret.auditor)
    told = client.post(url, {"sealed": sealed(queries.device_key(ret, ret.auditor))})
    assert (told.status_code, told.json()) == (200, {"waiting": WORDS})
    assert client.get(url).status_code == 405


@pytest.mark.parametrize("spoilt", ["", "%%%", "é", "²", "AAAA", base64.b64encode(bytes(200)).decode()])
def test_what_is_spoilt_is_not_opened(client, ret, spoilt):
    sign_in(client, ret.auditor)
    assert client.post(f"/returns/{ret.pk}/waiting/", {"sealed": spoilt}).status_code == 422


def test_another_auditor_of_the_return_does_not_open_it(client, w, ret):
    kept = sealed(queries.device_key(ret, ret.auditor))
    ret.involvement.auditor = w.contact_hv
    ret.involvement.save()
    assert queries.opened_waiting(ret, w.contact_hv, kept) is None
    sign_in(client, w.auditor_hv)
    assert client.post(f"/returns/{ret.pk}/waiting/", {"sealed": kept}).status_code == 404


def test_it_is_opened_after_the_installation_has_taken_a_new_key(ret, settings):
    kept = sealed(queries.device_key(ret, ret.auditor))
    keys = settings.CANDOUR_KEYS
    settings.CANDOUR_KEYS = {**keys, "index": [base64.b64encode(bytes(32)).decode(), *keys["index"]]}
    assert queries.opened_waiting(ret, ret.auditor, kept) == WORDS


def test_the_page_for_no_connection_and_its_script_are_the_same_for_everybody(client, w, ret):
    pages = [client.get(url).content for url in ("/returns/offline/", "/returns/offline.js")]
    sign_in(client, ret.auditor)
    script = client.get("/returns/offline.js")
    assert script["Content-Type"] == "text/javascript"
    assert script.content == pages[1]
    assert b"There is no connection" in pages[0]


def test_what_seems_to_name_somebody_is_said_without_script_too(client, ret):
    sign_in(client, ret.auditor)
    said = {"q.context-work.seen": "0", "q.context-work": "Mrs Quillfeather rang.", "go": "stay"}
    page = client.post(f"/returns/{ret.pk}/section/context/", said, follow=True).content.decode()
    assert "“Mrs Quillfeather”: write the role instead" in page
    assert "write the role instead" in client.get(f"/returns/{ret.pk}/check/").content.decode()
    by_script = client.post(f"/returns/{ret.pk}/section/context/", said, headers={"Accept": "application/json"})
    assert list(by_script.json()["named"]) == ["context-work"]
