"""Statements worded once. Django words a query anew each time, which takes far longer than the database takes to answer
the small ones that every request asks; what depends on nothing but plain values is worded once in a process."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Statement = tuple[str, tuple[Any, ...]]


@lru_cache(maxsize=4096)
def statement(make: Callable[..., QuerySet[Any]], *values: Hashable) -> Statement | None:
    """How a query is worded that follows from these values alone; None where it can find nothing."""
    try:
        return make(*values).query.sql_with_params()
    except EmptyResultSet:
        return None


def rows(make: Callable[..., QuerySet[Any]], *values: Hashable) -> list[tuple[Any, ...]]:
    """What such a query finds, as the database gives it: ask it for text and numbers only."""
    worded = statement(make, *values)
    if worded is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*worded)
        return cursor.fetchall()
