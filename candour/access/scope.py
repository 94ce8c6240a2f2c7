"""Which rows exist for a person. A model without a scope has none."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from candour.access.rows import SCOPES
from candour.access.viewer import viewer_of

M = TypeVar("M", bound=Model)


def visible(rows: type[M] | QuerySet[M], user: Any) -> QuerySet[M]:
    """The rows that a person may know of; lists and details both begin here."""
    queryset: QuerySet[M] = rows if isinstance(rows, QuerySet) else rows._default_manager.all()
    scope = SCOPES.get(queryset.model._meta.label)
    viewer = viewer_of(user)
    if scope is None or viewer.user_id is None:
        return queryset.none()
    return queryset.filter(scope(viewer))
