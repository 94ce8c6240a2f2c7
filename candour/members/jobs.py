"""The daily upkeep of accounts."""

from datetime import datetime, timedelta

from candour.kernel.clock import today
from candour.members import actions, kept, queries
from candour.members.models import KeptPost
from candour.people.models import Absence


def forget_kept_posts(at: datetime) -> None:
    """Delete what was kept for longer than a week."""
    KeptPost.objects.filter(kept_at__lt=at - timedelta(days=kept.DAYS)).delete()


def forget_absences(at: datetime) -> None:
    """Delete absences three months after they ended."""
    Absence.objects.filter(ends_on__lt=today(at) - timedelta(days=92)).delete()


def end_leavers_sessions(at: datetime) -> None:
    """Sign out those whose last role has come to its end."""
    for person in queries.people_without_a_role(today(at)):
        actions.end_sessions(person=person, at=at)
