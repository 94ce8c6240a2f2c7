"""By whose hands a return was written: who wrote in it, who wrote which points, and who cannot be named for it."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Min

from candour.appraisal.models import Answer, Connection, Point, Return, Revision
from candour.appraisal.queries.reading import sections_of
from candour.involvement.models import Involvement
from candour.involvement.queries import Bars
from candour.people.models import User


def wrote(ret: Return) -> list[User]:
    """Who has written in a return, the first one first; who is to, where nobody has."""
    rows = Revision.objects.filter(answer__ret=ret, aside=False).order_by().values("by").annotate(first=Min("at"))
    order = {row["by"]: (row["first"], row["by"]) for row in rows}
    people = User.objects.filter(pk__in=order)
    return sorted(people, key=lambda person: order[person.pk]) or ret.writers


def has_written(ret: Return, user: User) -> bool:
    """Whether a person has written in a return, so that they do not check it."""
    return Revision.objects.filter(answer__ret=ret, by=user).exists()


def authors(ret: Return) -> dict[tuple[str, str], User]:
    """Who wrote each list of points last, by section and kind, as far as they still write the return."""
    places = {q.key: (q.section, q.points) for section in sections_of(ret) for q in section.questions if q.points}
    writers = {person.pk for person in ret.writers}
    rows = Answer.objects.filter(ret=ret, question__in=places, by__in=writers).select_related("by")
    return {places[row.question]: row.by for row in rows.order_by("question")}


def author_of(point: Point, ret: Return) -> User | None:
    """Who is asked whether a line may be passed on: its writer; the auditor, where they no longer write the return."""
    return authors(ret).get((point.section, point.kind), ret.auditor)


def bars(answers: Iterable[Involvement]) -> dict[str, Bars]:
    """By answer, to whom its case is closed, who has written in its return, and whether that is in."""
    rows = {row.pk: row for row in answers}
    closed: dict[str, set[str]] = defaultdict(set)
    shut = Connection.objects.filter(case__in={row.case_id for row in rows.values()})
    for case_id, user_id in shut.order_by("pk").values_list("case_id", "user_id"):
        closed[case_id].add(user_id)
    written: dict[str, set[str]] = defaultdict(set)
    hands = Revision.objects.filter(answer__ret__involvement__in=rows).order_by()
    for pk, user_id in hands.values_list("answer__ret__involvement", "by").distinct():
        written[pk].add(user_id)
    given = set(Return.objects.submitted().filter(involvement__in=rows).values_list("involvement_id", flat=True))
    return {
        pk: Bars(frozenset(closed[row.case_id]), frozenset(written[pk]), given=pk in given) for pk, row in rows.items()
    }
