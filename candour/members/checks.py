"""What must never be true of an installation in use."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register()
def nobody_is_listed_in_production(app_configs: Any, **kwargs: Any) -> list[Error]:
    """The demonstration's way in, without a password, exists in the demonstration only."""
    if settings.MODE == "demo" or not (settings.CANDOUR_PERSONAS or "candour.demo" in settings.INSTALLED_APPS):
        return []
    return [
        Error(
            "People can sign in here by one click, without a password.",
            hint="Only CANDOUR_MODE=demo may name CANDOUR_PERSONAS or install candour.demo.",
            id="members.E001",
        )
    ]
