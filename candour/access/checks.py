"""Candour does not start with a route that says not what it needs, nor with a verb that no rule decides."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error, register
from django.urls import get_resolver

from candour.access.guard import Need
from candour.access.policy import POLICY, Can


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every route with its pattern, third parties' included."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, here)
        else:
            yield here, pattern


@register()
def every_route_declares(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A route without a declared need."""
    return [
        Error(
            f"The route /{route} does not say what it needs.",
            hint="Put @needs(Can.…) or @public on its view (candour/access/guard.py).",
            id="access.E001",
        )
        for route, pattern in routes()
        if not isinstance(getattr(pattern.callback, "need", None), Need)
    ]


@register()
def every_verb_is_decided(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A verb that the policy does not write."""
    return [Error(f"No rule decides who may {can.value}.", id="access.E002") for can in Can if can not in POLICY]
