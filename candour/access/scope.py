"""Which rows exist for a person. A model without a scope has none."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from candour.access.rows import SCOPES
from candour.access.viewer import Viewer, viewer_of
from candour.kernel.ids import LENGTH
from candour.kernel.wording import statement

M = TypeVar("M", bound=Model)


def visible(rows: type[M] | QuerySet[M], user: Any) -> QuerySet[M]:
    """The rows that a person may know of; lists and details both begin here."""
    return _scoped(rows if isinstance(rows, QuerySet) else rows._default_manager.all(), viewer_of(user))


def _scoped(rows: QuerySet[M], viewer: Viewer) -> QuerySet[M]:
    scope = SCOPES.get(rows.model._meta.label)
    if scope is None or viewer.user_id is None:
        return rows.none()
    return rows.filter(scope(viewer))


WANTED = "*" * LENGTH
"""What a remembered statement holds where the id of the wanted row goes; no id looks like it."""


def seen(of: type[M], user: Any, pk: str) -> M | None:
    """One row by its id, where the person may know of it: a scope follows from their ties, so it is worded once."""
    worded = statement(_one, of, viewer_of(user))
    if worded is None:
        return None
    sql, params = worded
    found = of._default_manager.raw(sql, [pk if value == WANTED else value for value in params])
    return next(iter(found), None)


def _one(of: type[Model], viewer: Viewer) -> QuerySet[Model]:
    return _scoped(of._default_manager.filter(pk=WANTED).order_by("pk"), viewer)[:1]
