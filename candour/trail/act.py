"""One way to act: one transaction, its trail entries gathered and appended last.

Taking a chain's head in the middle of a transaction deadlocks under load on PostgreSQL; so entries wait in a
buffer until everything else is written, and heads are taken in one fixed order.
"""

import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction

from candour.kernel import turn, vault
from candour.kernel.models import Key, KeyKind
from candour.people.models import User
from candour.trail.leaf import detail_hash, leaf_of, stamp
from candour.trail.models import Chain, Detail, Entry

F = TypeVar("F", bound=Callable[..., Any])
INSTALLATION = "installation"


@dataclass(frozen=True)
class _Pending:
    partnership: str | None
    at: datetime
    actor: str
    verb: str
    label: str
    object_id: str
    detail: dict[str, Any]
    key: str


class _Buffer(threading.local):
    entries: list[_Pending] | None = None


_buffer = _Buffer()


def act(function: F) -> F:
    """Run an action in one transaction; the outermost one appends what all of them recorded, last."""

    @wraps(function)
    def acting(*given: Any, **arguments: Any) -> Any:
        if _buffer.entries is not None:
            return _within(_buffer.entries, lambda: function(*given, **arguments))
        _buffer.entries = []
        try:
            with turn.taken(), transaction.atomic():
                result = function(*given, **arguments)
                _append(_buffer.entries)
                return result
        finally:
            _buffer.entries = None

    return acting  # type: ignore[return-value]


def _within(entries: list[_Pending], step: Callable[[], Any]) -> Any:
    """An act inside an act: should it be refused and the refusal caught, nothing of it stays, nor its entries."""
    before = len(entries)
    try:
        with transaction.atomic():
            return step()
    except BaseException:
        del entries[before:]
        raise


def record(
    verb: str,
    *,
    on: Any,
    by: User | None,
    at: datetime,
    detail: dict[str, Any] | None = None,
    key: str | None = None,
) -> None:
    """Note one act for the trail of the row's partnership (or the installation's, where it has none).

    `detail` is sealed under `key`, the id of an owner with a key (a case, a person), by default the partnership.
    """
    if _buffer.entries is None:
        raise RuntimeError(f"'{verb}' was recorded outside act(): nothing may be done off the record.")
    partnership = getattr(on, "partnership_id", None)
    entry = _Pending(
        partnership,
        at,
        by.pk if by else "",
        verb,
        on._meta.label,
        on.pk,
        detail or {},
        key or partnership or "",
    )
    _buffer.entries.append(entry)


def _append(pending: list[_Pending]) -> None:
    for partnership in sorted({entry.partnership for entry in pending}, key=lambda pk: pk or ""):
        _append_to(_locked_chain(partnership), [entry for entry in pending if entry.partnership == partnership])


def _locked_chain(partnership: str | None) -> Chain:
    name = partnership or INSTALLATION
    Chain.objects.get_or_create(name=name, defaults={"partnership_id": partnership})
    return Chain.objects.select_for_update().get(name=name)


def _append_to(chain: Chain, pending: list[_Pending]) -> None:
    entries, details = [], []
    for item in pending:
        chain.length += 1
        salt = secrets.token_hex(16)
        # What is hashed is what reads back from JSON: dates and ids as text.
        detail = json.loads(json.dumps(item.detail, default=str))
        entry = Entry(
            chain=chain,
            seq=chain.length,
            at=item.at,
            actor=item.actor,
            verb=item.verb,
            object_label=item.label,
            object_id=item.object_id,
            detail_hash=detail_hash(salt, detail),
            previous=chain.head,
        )
        entry.leaf = chain.head = leaf_of(leaf_fields(entry))
        entries.append(entry)
        owner = item.key or _installation_key(chain, item.at)
        details.append(Detail(entry=entry, owner_id=owner, body={"salt": salt, "detail": detail}))
    Entry.objects.bulk_create(entries)
    Detail.objects.bulk_create(details)
    chain.save(update_fields=["length", "head"])


def _installation_key(chain: Chain, at: datetime) -> str:
    if not Key.objects.filter(owner=chain.pk).exists():
        vault.make_key(chain.pk, KeyKind.OTHER, at)
    return chain.pk


def leaf_fields(entry: Entry) -> dict[str, object]:
    """The fields that a leaf is made of, as they are exported."""
    return {
        "seq": entry.seq,
        "time": stamp(entry.at),
        "actor": entry.actor,
        "verb": entry.verb,
        "object": f"{entry.object_label}:{entry.object_id}",
        "detail": entry.detail_hash,
        "previous": entry.previous,
    }
