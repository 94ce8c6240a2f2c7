"""Backup and restore. The keys of what can be erased stand in a small backup of their own, kept for a short time."""

import argparse
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction

from candour.config import rows, running, strongbox
from candour.identity import erasures
from candour.kernel import vault
from candour.kernel.clock import now
from candour.kernel.errors import Refused
from candour.kernel.ids import new_id

TELL_TALE = ("people.User", "people.Partnership", "kernel.Key")


def keys_of(file: Path) -> Path:
    """Where the keys backup of a backup stands."""
    return file.with_name(file.name + ".keys")


def backup(options: argparse.Namespace) -> int:
    """Write the main backup and the keys backup of one moment, and let old keys backups go."""
    made, gone = save(options.file, keep=timedelta(days=options.keep_keys))
    print(f"Backed up {made} rows to {options.file}, and the keys beside it to {keys_of(options.file)}.")
    print("Copy the two to different places. Neither opens without the installation's keys file.")
    if gone:
        print(f"Old keys backups deleted: {gone}.")
    return 0


def save(file: Path, *, keep: timedelta) -> tuple[int, int]:
    """Back up to a file; returns how many rows, and how many old keys backups went."""
    keys = keys_of(file)
    if keys.exists():
        raise Refused(f"{keys} is there already; a backup never overwrites anything.")
    erasures.append_missing()
    about = {"made_at": now().isoformat(), "of": new_id()}
    with rows.snapshot():
        made = strongbox.write(file, {"holds": "main", **about}, _lines(apart=False))
        try:
            strongbox.write(keys, {"holds": "keys", **about}, _lines(apart=True))
        except BaseException:
            file.unlink(missing_ok=True)
            raise
    tables = len(rows.models(apart=False))
    return made - tables - 1, prune(file.parent, keep)


def _lines(*, apart: bool) -> Iterator[dict[str, Any]]:
    yield {"version": rows.version(), "erasures": erasures.listed()}
    yield from rows.dump(rows.models(apart=apart))


def prune(folder: Path, keep: timedelta) -> int:
    """Delete the keys backups that have been kept long enough; returns how many."""
    gone = 0
    for file in sorted(folder.glob("*.keys")):
        try:
            old = strongbox.about(file)["holds"] == "keys" and strongbox.made_at(file) < now() - keep
        except (Refused, KeyError, ValueError):
            continue
        if old:
            file.unlink()
            gone += 1
    return gone


def restore(options: argparse.Namespace) -> int:
    """Restore a backup with its keys into an empty installation, and erase again what was erased since."""
    keys = options.keys or keys_of(options.file)
    if not keys.exists():
        raise Refused(
            f"There is no keys backup at {keys}, and without one all that is sealed stays sealed. Name another with "
            "--keys; one made later than the backup does as well."
        )
    running.migrate()
    count, again = load(options.file, keys)
    print(f"Restored {count} rows. Erased again since the backup: {again}. Everybody signs in afresh.")
    return 0


def load(file: Path, keys: Path) -> tuple[int, int]:
    """Restore two backup files; returns how many rows, and how many keys the list of erasures took again."""
    if strongbox.about(file)["holds"] != "main" or strongbox.about(keys)["holds"] != "keys":
        raise Refused("A restore takes the main backup first, and a keys backup with --keys.")
    if strongbox.made_at(keys) < strongbox.made_at(file):
        raise Refused("The keys backup is older than the backup, so that keys would be missing. Take a later one.")
    everything = [*rows.models(apart=False), *rows.models(apart=True)]
    with transaction.atomic():
        if any(apps.get_model(label)._base_manager.exists() for label in TELL_TALE):
            raise Refused("This installation is not empty. A backup is restored into an empty one only.")
        rows.empty(everything)
        main, apart = strongbox.read(file), strongbox.read(keys)
        erased = _fitting(next(main), file) + _fitting(next(apart), keys) + erasures.listed()
        count = rows.load(main) + rows.load(_still_there(apart))
        rows.reset_counters(everything)
        vault.forget()
        again = erasures.replay(erased)
    erasures.append_missing()
    return count, again


def _fitting(head: dict[str, Any], file: Path) -> list[dict[str, str]]:
    """The list of erasures in a backup; refused where its rows have another shape than this database."""
    if head["version"] != rows.version():
        raise Refused(f"{file} was made by another version of Candour. Restore it with that one, then upgrade.")
    listed: list[dict[str, str]] = head["erasures"]
    return listed


def _still_there(lines: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Of a later keys backup, only the index rows whose person the main backup knows."""
    known = set(apps.get_model("identity.Person")._base_manager.values_list("pk", flat=True))
    place: int | None = None
    for line in lines:
        if "table" in line:
            place = line["columns"].index("person_id") if "person_id" in line["columns"] else None
        elif place is not None and line["row"][place] not in known:
            continue
        yield line
