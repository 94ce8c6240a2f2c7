"""What happens by itself: a concern that nobody takes up in time rises, and none stays with somebody who has left."""

from datetime import datetime

from candour.concerns import actions, queries


def rise_overdue(at: datetime) -> None:
    """Take every concern that nobody took up in time to the next person; safe to run twice."""
    for concern in queries.overdue(at):
        actions.rise(concern=concern, by=None, at=at)


def give_back(at: datetime) -> None:
    """Give every concern about practice whose owner has left back to whoever raised it; safe to run twice."""
    for concern in queries.left_behind(at):
        actions.give_back(concern=concern, at=at)
