"""The list of erasures: one line for every destroyed key, replayed whenever a backup is restored."""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from candour.identity.models import IndexEntry, Opening, Person, Subject
from candour.kernel import vault
from candour.kernel.models import Key


def append_missing() -> int:
    """Write down every destroyed key that the list lacks, and return how many; safe to run twice."""
    path = Path(settings.CANDOUR_ERASURES)
    known = {line["owner"] for line in listed()}
    destroyed = Key.objects.filter(destroyed_at__isnull=False).order_by("destroyed_at", "owner")
    lines = [
        json.dumps({"owner": key.owner, "at": key.destroyed_at.isoformat()})
        for key in destroyed
        if key.destroyed_at and key.owner not in known
    ]
    if lines:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
    return len(lines)


def listed() -> list[dict[str, str]]:
    """The list as it stands: who was erased, and when."""
    path = Path(settings.CANDOUR_ERASURES)
    return [line for line in map(_line, path.read_text(encoding="utf-8").splitlines()) if line] if path.exists() else []


def replay(lines: Iterable[dict[str, str]]) -> int:
    """Erase again, after a restore, whoever was erased since the backup; returns how many keys went."""
    count = 0
    for line in lines:
        owner, at = line["owner"], datetime.fromisoformat(line["at"])
        if Key.objects.filter(owner=owner, destroyed_at__isnull=True).exists():
            vault.destroy_key(owner, at)
            count += 1
        IndexEntry.objects.filter(person_id=owner).delete()
        Person.objects.filter(pk=owner, erased_at__isnull=True).update(erased_at=at, warnings=[])
        whole = Subject.objects.filter(persons=owner, erased_at__isnull=True)
        gone = whole.exclude(pk__in=Person.objects.filter(erased_at__isnull=True).values("subject"))
        for subject in gone:
            Subject.objects.filter(pk=subject.pk).update(erased_at=at)
            Opening.objects.filter(subject=subject, closed_at__isnull=True).update(closed_at=at)
    return count


def _line(text: str) -> dict[str, str] | None:
    try:
        line = json.loads(text)
        return {"owner": str(line["owner"]), "at": str(line["at"])}
    except (ValueError, KeyError, TypeError):
        return None
