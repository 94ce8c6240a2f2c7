"""Every row of an installation as plain lines and back, the same on SQLite and PostgreSQL; what is sealed stays so."""

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from candour.kernel import vault
from candour.kernel.fields import Sealed

BATCH = 500
MADE_AGAIN = {"auth", "contenttypes", "sessions", "usersessions", "django_q"}
"""Apps whose rows are made by migrating, by signing in, or by the worker."""
KEPT_APART = {"kernel.Key", "identity.IndexEntry"}
"""What the main backup must not hold, so that what is erased stays erased."""


def models(*, apart: bool) -> list[type[Model]]:
    """The tables that a backup holds: all but those kept apart, or only those."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.app_label not in MADE_AGAIN
        and (model._meta.label in KEPT_APART) == apart
    ]


def columns(model: type[Model]) -> list[str]:
    """The names under which a model's own columns are read and set."""
    return [field.attname for field in model._meta.concrete_fields]


@contextmanager
def snapshot() -> Iterator[None]:
    """One moment of the database: what others write meanwhile is not seen, and nobody waits."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def dump(of: Iterable[type[Model]]) -> Iterator[dict[str, Any]]:
    """The rows of these tables, as lines: first the table with its columns, then row by row."""
    for model in of:
        names = columns(model)
        yield {"table": model._meta.label, "columns": names}
        rows = model._base_manager.order_by("pk").values_list(*names)
        for row in rows.iterator(chunk_size=BATCH):
            yield {"row": [pack(value) for value in row]}
    vault.forget()


def load(lines: Iterable[dict[str, Any]]) -> int:
    """Put the rows back where they were; returns how many. Runs inside the caller's transaction."""
    count, model, names = 0, None, []
    for is_row, group in groupby(lines, key=lambda line: "row" in line):
        if not is_row:
            last = list(group)[-1]
            model, names = apps.get_model(last["table"]), last["columns"]
            continue
        assert model is not None  # noqa: S101 - a row never comes before its table
        rows = (dict(zip(names, map(unpack, line["row"]), strict=True)) for line in group)
        while batch := list(islice(rows, BATCH)):
            insert(model, batch)
            count += len(batch)
    return count


def insert(model: type[Model], rows: list[dict[str, Any]]) -> None:
    """Insert rows exactly as they are, with no field setting its own time."""
    own_time = [field for field in model._meta.concrete_fields if getattr(field, "auto_now", False)]
    own_time += [field for field in model._meta.concrete_fields if getattr(field, "auto_now_add", False)]
    before = [(field, field.auto_now, field.auto_now_add) for field in own_time]  # type: ignore[attr-defined]
    for field in own_time:
        field.auto_now = field.auto_now_add = False  # type: ignore[attr-defined]
    try:
        model._base_manager.bulk_create([model(**row) for row in rows])
    finally:
        for field, now, add in before:
            field.auto_now, field.auto_now_add = now, add  # type: ignore[attr-defined]


def empty(of: Iterable[type[Model]]) -> None:
    """Take out what migrating put in, since the backup brings its own."""
    for model in of:
        queryset = model._base_manager.all()
        queryset._raw_delete(queryset.db)


def reset_counters(of: list[type[Model]]) -> None:
    """Have the database count on from the highest number restored."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), of):
            cursor.execute(statement)


def version() -> list[str]:
    """The migrations that this database has been through, which say how its rows are shaped."""
    done = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in done)


def pack(value: Any) -> Any:
    """A value as JSON can hold it, told apart by a short mark where JSON has no such kind."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sealed):
        return ["sealed", value.raw]
    if isinstance(value, list | dict):
        return ["json", value]
    if isinstance(value, bytes | memoryview):
        return ["bytes", base64.b64encode(bytes(value)).decode()]
    for mark, (kind, _) in MARKS.items():
        if type(value) is kind:
            return [mark, value.isoformat() if hasattr(value, "isoformat") else str(value)]
    raise TypeError(f"A backup cannot hold a {type(value).__name__}.")


MARKS: dict[str, tuple[type, Any]] = {
    "instant": (datetime, datetime.fromisoformat),
    "date": (date, date.fromisoformat),
    "time": (time, time.fromisoformat),
    "decimal": (Decimal, Decimal),
    "uuid": (UUID, UUID),
}


def unpack(value: Any) -> Any:
    """The value that `pack` put away."""
    if not isinstance(value, list):
        return value
    mark, held = value
    if mark == "sealed":
        return Sealed(held)
    if mark == "bytes":
        return base64.b64decode(held)
    return held if mark == "json" else MARKS[mark][1](held)
