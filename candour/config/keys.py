"""The installation's own keys, under which all data keys stand: made once, kept away from the backups."""

import argparse
import base64
import json
import os

NAMES = ("session", "field", "index", "signing")


def fresh() -> dict[str, list[str]]:
    """A new set of named keys, newest first in each list, 32 bytes in base64."""
    return {name: [base64.b64encode(os.urandom(32)).decode()] for name in NAMES}


def make(options: argparse.Namespace) -> int:
    """Write a keys file that only its owner reads; one that exists is never touched."""
    handle = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(fresh(), file, indent=1)
    print(f"Made {options.file}. Name it in CANDOUR_KEYS_FILE, and keep a copy where no backup goes.")
    return 0
