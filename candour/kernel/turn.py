"""Who writes next. SQLite lets one write at a time; the others ask again at growing intervals, and some wait very long.

Whoever waits here stands in a line that the system keeps, over all threads and processes of an installation.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class _Line(threading.local):
    """The open file through which this thread stands in line."""

    file: int | None = None
    path = ""


_line = _Line()


@contextmanager
def taken() -> Iterator[None]:
    """Begin when nobody else acts. PostgreSQL sees to that by itself; within a transaction the turn is taken already."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or connection.in_atomic_block or "memory" in name:
        yield
        return
    held = _file(f"{name}.turn")
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(held, fcntl.LOCK_UN)


def _file(path: str) -> int:
    if _line.file is None or _line.path != path:
        _line.file, _line.path = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), path
    return _line.file
