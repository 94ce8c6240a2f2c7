"""What pages and jobs ask of the outbox."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from candour.notices.models import Feed, Message, Round, State
from candour.people.models import Grant, Membership, User

CATCH_UP = timedelta(days=10)


def people_with_a_role(on: date, after: str, most: int) -> list[User]:
    """The next active people, by id, who hold a grant on a day."""
    held = Grant.objects.in_force(on).filter(user=OuterRef("pk"))
    return list(User.objects.filter(Exists(held), is_active=True, pk__gt=after).order_by("pk")[:most])


def feed_of(user: User) -> Feed | None:
    """The private calendar of a person, where they have asked for one."""
    return Feed.objects.filter(user=user).first()


def last_round(before: date) -> date:
    """The day of the last round that reached everybody; what it did not tell, the next tells, ten days back at most."""
    done = Round.objects.filter(day__lt=before, done_at__isnull=False).order_by("-day").first()
    return max(done.day, before - CATCH_UP) if done else before - timedelta(days=1)


def still_concerns(message: Message, on: date) -> bool:
    """Whether the person a message is for still has a role in its partnership."""
    grants = Grant.objects.in_force(on).filter(user=message.to_user, user__is_active=True)
    members = Membership.objects.on(on).filter(partnership=message.partnership).values("agency")
    return grants.filter(Q(partnership=message.partnership) | Q(agency__in=members)).exists()


_waiting = Q(sent_at__isnull=True, failed_at__isnull=True)
STANDING = {
    State.QUEUED: _waiting & Q(error="", handed_at__isnull=True),
    State.HANDED: _waiting & Q(handed_at__isnull=False),
    State.DEFERRED: _waiting & ~Q(error="") & Q(handed_at__isnull=True),
    State.SENT: Q(sent_at__isnull=False),
    State.FAILED: Q(failed_at__isnull=False),
}


def counts(messages: QuerySet[Message]) -> dict[str, int]:
    """How many messages stand where."""
    return messages.aggregate(**{str(state): Count("pk", filter=rule) for state, rule in STANDING.items()})


def with_key(start: str) -> list[tuple[str, str, datetime]]:
    """The messages whose keys begin so, oldest first: key, where it stands, since when."""
    found = Message.objects.filter(key__startswith=start).order_by("queued_at", "id")
    return [(one.key, str(one.state), one.sent_at or one.failed_at or one.queued_at) for one in found]


def failing(people: Iterable[User], since: datetime) -> dict[str, str]:
    """The people whose address did not take the last message that was tried, by id, with the server's words."""
    tried = Q(sent_at__isnull=False) | Q(failed_at__isnull=False)
    rows = Message.objects.filter(tried, to_user__in=[one.pk for one in people], queued_at__gte=since)
    last = {one.to_user_id: one for one in rows.order_by("queued_at", "id")}
    return {pk: one.error for pk, one in last.items() if pk and one.failed_at}


def standing(messages: QuerySet[Message], state: str) -> QuerySet[Message]:
    """The messages in one state, or all of them, newest first."""
    if state in STANDING:
        messages = messages.filter(STANDING[State(state)])
    return messages.select_related("to_user", "partnership").order_by("-queued_at", "id")
