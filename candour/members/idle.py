"""A session that nobody uses ends. It is written down when it was last used, but every few minutes only."""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

USED = "used"
EVERY = 300


def too_long(session: SessionBase) -> bool:
    """Whether nobody has used this session for longer than it may lie idle; if not, note that it is in use."""
    at, used = int(time.time()), session.get(USED)
    if used is not None and at - used > settings.SESSION_IDLE_SECONDS:
        return True
    if used is None or at - used > EVERY:
        session[USED] = at
    return False
