"""How a partnership begins on an installation: by whoever runs the machine, once."""

import argparse

from django.conf import settings

from candour.kernel.clock import now
from candour.members import actions


def partnership(options: argparse.Namespace) -> int:
    """Begin a partnership, invite its first coordinator, and print the link, should mail not go out yet."""
    made, path = actions.found_partnership(
        name=options.name,
        short_name=options.short,
        coordinator=options.coordinator,
        email=options.email,
        at=now(),
    )
    print(f"{made} has begun. An invitation is on its way to {options.email}; it is this link, for two weeks:")
    print(f"{settings.BASE_URL}{path}")
    return 0
