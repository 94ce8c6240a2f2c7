"""The trail as a page shows it: narrowed, paged, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef

from candour.access.scope import visible
from candour.access.viewer import viewer_of
from candour.kernel.clock import LONDON
from candour.overview.queries import partnerships_of
from candour.people.models import Partnership, Role, User
from candour.trail.models import Chain, Checkpoint, Entry

if TYPE_CHECKING:
    from django.db.models import QuerySet

PER_PAGE = 50
READERS = (Role.COORDINATOR, Role.SCRUTINEER)
# What a detail may say on the page; anything else in it stays sealed in the export's hash.
TOLD = ("from", "to", "reason", "purpose", "number", "role", "until", "code", "kind", "count", "entries")


@dataclass(frozen=True)
class Line:
    """One act as the page shows it."""

    seq: int
    at: datetime
    who: str
    verb: str
    thing: str
    object_id: str
    told: str


def readable(user: User) -> list[Partnership]:
    """The partnerships whose trail a person may read."""
    ids = viewer_of(user).partnerships_as(*READERS)
    return [partnership for partnership in partnerships_of(user) if partnership.pk in ids]


def verbs(user: User) -> list[str]:
    """Every verb that stands in the trails a person may read."""
    return list(visible(Entry, user).order_by("verb").values_list("verb", flat=True).distinct())


def actors(user: User) -> list[User]:
    """Everybody who has acted in the trails that a person may read."""
    ids = visible(Entry, user).order_by().values("actor").distinct()
    return list(User.objects.filter(pk__in=ids).order_by("name", "pk"))


def narrowed(user: User, wanted: dict[str, Any]) -> QuerySet[Entry]:
    """The entries that a person may read and asked for, the newest first."""
    rows = visible(Entry, user)
    plain = {"partnership": "chain__partnership", "who": "actor", "verb": "verb", "of": "object_id"}
    rows = rows.filter(**{plain[name]: value for name, value in wanted.items() if name in plain and value})
    if first := wanted.get("since"):
        rows = rows.filter(at__gte=_midnight(first))
    if last := wanted.get("until"):
        rows = rows.filter(at__lt=_midnight(last + timedelta(days=1)))
    return rows.order_by("-at", "-seq", "pk")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)


def page_of(user: User, wanted: dict[str, Any], number: str) -> Page[Entry]:
    """One page of the trail."""
    return Paginator(narrowed(user, wanted).select_related("detail"), PER_PAGE).get_page(number)


def lines(entries: Iterable[Entry], people: Iterable[User]) -> list[Line]:
    """Entries in words, their actors named."""
    names = {user.pk: str(user) for user in people}
    return [
        Line(
            entry.seq,
            entry.at,
            names.get(entry.actor, "Candour" if not entry.actor else "a person since removed"),
            entry.verb,
            thing(entry.object_label),
            entry.object_id,
            told(entry),
        )
        for entry in entries
    ]


def thing(label: str) -> str:
    """What kind of thing an entry is about, in words."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except LookupError:
        return label.rpartition(".")[2].lower()


def told(entry: Entry) -> str:
    """What an entry's detail adds, as far as a page may say it."""
    body = getattr(getattr(entry, "detail", None), "body", None)
    detail = body.get("detail", {}) if isinstance(body, dict) else {}
    return " · ".join(f"{name} {_plain(detail[name])}" for name in TOLD if detail.get(name) not in (None, "", [], {}))


def _plain(value: Any) -> str:
    """A value as people read it: an instant or a date in words, a list with commas."""
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    try:
        day = datetime.fromisoformat(str(value)) if len(str(value)) >= 10 else None
    except ValueError:
        day = None
    return f"{day.day} {day:%B %Y}" if day else str(value)


@dataclass(frozen=True)
class Record:
    """A partnership's trail as a whole: how long it is, and whether a checkpoint of it has been signed."""

    partnership: Partnership
    length: int
    signed: bool


def records(partnerships: Iterable[Partnership]) -> list[Record]:
    """Each partnership with its trail, as far as one has begun."""
    rows = Chain.objects.filter(partnership__in=[p.pk for p in partnerships])
    rows = rows.annotate(signed=Exists(Checkpoint.objects.filter(chain=OuterRef("pk"))))
    found = {chain.partnership_id: chain for chain in rows}
    return [
        Record(partnership, chain.length if chain else 0, bool(chain and chain.signed))
        for partnership in partnerships
        for chain in [found.get(partnership.pk)]
    ]
