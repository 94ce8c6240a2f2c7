"""Delivery notices (RFC 3464) in a mailbox: which of our own messages did not arrive, or not yet.

The mailbox is opened for reading only, so nothing in it changes. A notice says nothing but by the Message-ID of a
message that we sent; what else it says is words to show, never to follow.
"""

import email
import imaplib
import ipaddress
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from email.message import Message as Mail
from urllib.parse import unquote, urlsplit

MOST_BYTES = 131_072
"""So much of a notice is read at most: ours are short, and what comes back of them stands within it."""
BATCH = 200
"""So many are read in one go; the next go on behind them."""
FAILED, DELAYED, ARRIVED = "failed", "delayed", "delivered"
ID = re.compile(r"<[!-;=?-~]{3,118}>")
"""Printable ASCII, as ours are: no database need be asked for anything else."""
CODE = re.compile(r"^[\w.-]{1,20};")


@dataclass(frozen=True)
class Notice:
    """What became of one message, in the words of a mail server."""

    message_id: str
    action: str
    words: str


@contextmanager
def opened(url: str, timeout: float) -> Iterator[tuple[imaplib.IMAP4, int]]:
    """The mailbox at an address such as imaps://name:password@mail.example.org/INBOX, and the validity of its numbers."""
    where = urlsplit(url)
    host, secure = where.hostname or "", where.scheme == "imaps"
    if where.scheme not in ("imaps", "imap") or not host:
        raise ValueError("the address does not begin with imaps:// or imap:// and a host")
    trust = ssl.create_default_context()
    if secure:
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, where.port or 993, ssl_context=trust, timeout=timeout)
    else:
        box = imaplib.IMAP4(host, where.port or 143, timeout=timeout)
    try:
        if not secure and not _here(host):
            box.starttls(trust)
        box.login(unquote(where.username or ""), unquote(where.password or ""))
        answer, _ = box.select(_quoted(unquote(where.path.lstrip("/")) or "INBOX"), readonly=True)
        if answer != "OK":
            raise ValueError("it has no such folder")
        validity = box.response("UIDVALIDITY")[1]
        yield box, int(validity[0] or 0) if validity and validity[0] else 0
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            box.logout()


def place(url: str) -> str:
    """Which mailbox an address means, without the password."""
    where = urlsplit(url)
    return f"{unquote(where.username or '')} {where.hostname}{where.path}"[:200]


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def numbers(box: imaplib.IMAP4, after: int, since: date) -> list[int]:
    """The reports that came after a number, or where there is none since a day, oldest first."""
    new = f"UID {after + 1}:*" if after else f"SINCE {since.day}-{MONTHS[since.month - 1]}-{since.year}"
    _, said = box.uid("SEARCH", f'{new} HEADER Content-Type "multipart/report"')
    found = sorted({int(one) for one in (said[0] or b"").split() if one.isdigit()})
    return [one for one in found if one > after][:BATCH]


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def fetched(box: imaplib.IMAP4, number: int) -> bytes:
    """The beginning of one mail; it stays unread."""
    _, said = box.uid("FETCH", str(number), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    return next((part[1] for part in said if isinstance(part, tuple)), b"")[:MOST_BYTES]


def read(raw: bytes) -> Notice | None:
    """What a notice says, or None where it is none, or cannot be understood."""
    try:
        return _read(email.message_from_bytes(raw[:MOST_BYTES]))
    except Exception:  # whatever somebody sends, the next mail is read
        return None


def _read(mail: Mail) -> Notice | None:
    if mail.get_content_type() != "multipart/report":
        return None
    parts = {part.get_content_type(): part for part in reversed(_parts(mail))}
    status, back = parts.get("message/delivery-status"), parts.get("message/rfc822") or parts.get("text/rfc822-headers")
    message_id = ID.search(_sent_id(back)) if back else None
    for block in _parts(status) if status and message_id else ():
        action = str(block.get("Action", "")).strip().lower()
        if message_id and action in (FAILED, DELAYED, ARRIVED):
            return Notice(message_id[0], action, _words(block))
    return None


def _parts(mail: Mail) -> list[Mail]:
    held = mail.get_payload() if mail.is_multipart() else ()
    return [part for part in held if isinstance(part, Mail)]


def _sent_id(back: Mail) -> str:
    """The Message-ID of what came back, as a whole or by its headers only."""
    text = back.get_payload(decode=True)
    whole = _parts(back) or [email.message_from_bytes(text if isinstance(text, bytes) else b"")]
    return str(whole[0].get("Message-ID", ""))


def _words(block: Mail) -> str:
    """The server's own words, as one plain line."""
    said = CODE.sub("", str(block.get("Diagnostic-Code") or block.get("Status") or "")).strip()
    plain = "".join(char if char.isprintable() else " " for char in said)
    return " ".join(plain.split())[:300] or "The mail server gave no reason."
