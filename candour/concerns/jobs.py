"""What happens by itself: a concern that nobody takes up in time rises."""

from datetime import datetime

from candour.concerns import actions, queries


def rise_overdue(at: datetime) -> None:
    """Take every concern that nobody took up in time to the next person; safe to run twice."""
    for concern in queries.overdue(at):
        actions.rise(concern=concern, by=None, at=at)
