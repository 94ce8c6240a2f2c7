"""What pages and jobs ask of the outbox."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from candour.notices.models import Feed, Message, Round, State
from candour.people.models import Grant, Membership, Partnership, User

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


def still_concerns(user: User, partnership: Partnership, on: date) -> bool:
    """Whether a person that a message is for still has a role in its partnership."""
    grants = Grant.objects.in_force(on).filter(user=user, user__is_active=True)
    members = Membership.objects.on(on).filter(partnership=partnership).values("agency")
    return grants.filter(Q(partnership=partnership) | Q(agency__in=members)).exists()


FAILED = Q(failed_at__isnull=False)
_waiting = Q(sent_at__isnull=True, failed_at__isnull=True)
STANDING = {
    State.QUEUED: _waiting & Q(error="", handed_at__isnull=True),
    State.HANDED: _waiting & Q(handed_at__isnull=False),
    State.DEFERRED: _waiting & ~Q(error="") & Q(handed_at__isnull=True),
    State.SENT: Q(sent_at__isnull=False, error=""),
    State.DELAYED: Q(sent_at__isnull=False) & ~Q(error=""),
    State.FAILED: FAILED,
}


def counts(messages: QuerySet[Message]) -> dict[str, int]:
    """How many messages stand where."""
    return messages.aggregate(**{str(state): Count("pk", filter=rule) for state, rule in STANDING.items()})


def with_key(start: str) -> list[tuple[str, str, datetime]]:
    """The messages whose keys begin so, oldest first: key, where it stands, since when."""
    found = Message.objects.filter(key__startswith=start).order_by("queued_at", "id")
    return [(one.key, str(one.state), one.sent_at or one.failed_at or one.queued_at) for one in found]


def failing(people: Iterable[str], partnership: str, since: datetime) -> dict[str, Message]:
    """By person, the last message that was tried, where their address did not take it: from this partnership, or a
    daily reminder. `again` is the newest failed one of this partnership that can be sent again."""
    tried = Message.objects.filter(to_user=OuterRef("pk"), queued_at__gte=since)
    tried = tried.filter(Q(partnership=partnership) | Q(partnership=None), Q(sent_at__isnull=False) | FAILED)
    last = tried.order_by(Coalesce("sent_at", "failed_at").desc(), "-queued_at", "id").values("pk")[:1]
    of = User.objects.filter(pk__in=set(people)).annotate(last=Subquery(last)).values("last")
    own = Message.objects.filter(FAILED, to_user=OuterRef("to_user"), partnership=partnership, queued_at__gte=since)
    again = own.exclude(body="").order_by("-queued_at", "id").values("pk")[:1]
    rows = Message.objects.filter(FAILED, pk__in=of).select_related("to_user").annotate(again=Subquery(again))
    return {one.to_user_id: one for one in rows.order_by("to_user__name", "pk") if one.to_user_id}


def standing(messages: QuerySet[Message], state: str) -> QuerySet[Message]:
    """The messages in one state, or all of them, newest first."""
    if state in STANDING:
        messages = messages.filter(STANDING[State(state)])
    return messages.select_related("to_user", "partnership").order_by("-queued_at", "id")
