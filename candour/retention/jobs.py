"""What happens by itself every night: what is due is removed."""

import logging
from datetime import datetime

from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.people.models import Partnership
from candour.retention import actions, queries
from candour.retention.models import Kind

log = logging.getLogger(__name__)


def remove_due(at: datetime) -> None:
    """Remove everything whose day has come, one thing at a time; safe to stop anywhere and to run twice.

    Case lists are removed by the step that keeps them, on the day that each bears.
    """
    for partnership in Partnership.objects.order_by("pk"):
        for one in queries.due(partnership, today(at)):
            if one.kind == Kind.LISTS:
                continue
            try:
                actions.remove(due=one, partnership=partnership, by=None, at=at)
            except Refused as refused:
                log.warning("%s %s was not removed: %s", one.kind, one.pk, refused)
