"""Who completes a return, who shares in it and who checks it; and a return wanted of a service that owes none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from candour.access.policy import Can, demand
from candour.involvement import queries
from candour.involvement.actions.answering import RowsRefused
from candour.involvement.actions.posting import returns_day
from candour.involvement.models import Ask, Involvement, Known, Sharer, marked
from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.notices import absences
from candour.notices import actions as notices
from candour.people.models import Role, User
from candour.trail.act import act, record

NAMED, SHARES, UNNAMED = "named", "shares", "unnamed"


Heard = dict[tuple[str, User], list[Involvement]]
"""Who hears what, of which returns."""
WORDS = {
    NAMED: (
        (
            "you complete a return",
            "You have been named to complete your service’s return about {cases}. You need not do it in one go.",
        ),
        (
            "you complete {many} returns",
            "You have been named to complete your service’s returns about {cases}. You need not do them in one go.",
        ),
    ),
    SHARES: (
        (
            "you share in a return",
            "You have been named to complete your service’s return about {cases}. You write it together with {first}. "
            "Before it opens you say what is true of you and this child.",
        ),
        (
            "you share in {many} returns",
            "You have been named to complete your service’s returns about {cases}, each together with its auditor. "
            "Before one opens you say what is true of you and that child.",
        ),
    ),
    UNNAMED: (
        (
            "you are no longer named for a return",
            "You are no longer named for your service’s return about {cases}, so it opens to you no more. What you wrote "
            "in it stays. There is nothing that you need do.",
        ),
        (
            "you are no longer named for {many} returns",
            "You are no longer named for your service’s returns about {cases}, so they open to you no more. What you wrote "
            "in them stays. There is nothing that you need do.",
        ),
    ),
}
"""Subject and text of what somebody hears, of one return and of several."""


@dataclass(frozen=True)
class Named:
    """Who completes the return of one case, who checks it or that there is nobody independent to, and who writes it
    together with whoever completes it; `seen` is the mark of who was named when that was chosen, if a page showed it."""

    auditor: User | None = None
    authoriser: User | None = None
    no_authoriser: bool = False
    sharers: Sequence[User] = ()
    seen: str | None = None

    @property
    def others(self) -> dict[str, User]:
        """Who shares in it, by id; whoever completes it does not share it with themselves."""
        return {one.pk: one for one in self.sharers if one.pk != _pk(self.auditor)}

    @property
    def mark(self) -> str:
        """Who is named by it."""
        return marked(_pk(self.auditor), _pk(self.authoriser), self.no_authoriser, self.others)

    def late(self, row: Involvement) -> bool:
        """Whether others have been named since, and not the same."""
        return self.seen is not None and row.mark not in (self.seen, self.mark)


@act
def name_people(*, ask: Ask, named: Mapping[str, Named], by: User, at: datetime) -> int:
    """Name auditor, sharers and authoriser for several cases of a service, all or none; naming others keeps the draft,
    and whoever is named no more has it no more. What was left as it was seen stays as it is now."""
    demand(by, Can.NAME_AUDITOR, ask)
    ask = Ask.objects.select_for_update(of=("self",)).select_related("audit", "service", "partnership").get(pk=ask.pk)
    day = today(at)
    auditors = {user.pk for user in queries.people_of([ask.service], Role.AUDITOR, day)[ask.service_id]}
    authorisers = {user.pk for user in queries.people_of([ask.service], Role.AUTHORISER, day)[ask.service_id]}
    answers = queries.answers_to(ask)
    prefetch_related_objects(list(answers.values()), "sharers")
    bars = queries.bars(answers.values())
    if not named.keys() <= answers.keys():
        raise Refused("One of these cases has no answer yet. Load the page again.")
    chosen = [(answers[case_id], names) for case_id, names in named.items() if names.mark != names.seen]
    if late := {row.case_id: _now(row) for row, names in chosen if names.late(row)}:
        raise RowsRefused(late)
    heard: Heard = {}
    changed = 0
    for row, names in sorted(chosen, key=lambda one: one[0].case.number):
        _check(row, names, auditors, authorisers)
        _check_bars(row, names, bars[row.pk])
        changed += _name(row, names, auditors, heard, by, at)
    if changed:
        _tell(ask, heard, at)
    return changed


@act
def want_return(*, involvement: Involvement, wanted: bool, by: User, at: datetime) -> Involvement:
    """Ask a service for a return although it did not know the child in the period, or no longer."""
    demand(by, Can.ASK_SERVICE, involvement)
    row = Involvement.objects.select_for_update().get(pk=involvement.pk)
    if row.answer == Known.KNOWN:
        raise Refused("This service knew the child in the period: its return is owed anyway.")
    if row.return_wanted != wanted:
        row.return_wanted = wanted
        row.save(update_fields=["return_wanted"])
        verb = "asked for a return" if wanted else "no longer asks for a return"
        record(verb, on=row, by=by, at=at, key=row.case_id)
    return row


@act
def stop_sharing(*, case_id: str, person: User, by: User, at: datetime) -> None:
    """Take somebody out of every return on a case in which they share, such as whoever is connected to the family."""
    for one in Sharer.objects.select_for_update().filter(involvement__case=case_id, user=person).order_by("pk"):
        one.delete()
        row = Involvement.objects.get(pk=one.involvement_id)
        record("no longer shares a return", on=row, by=by, at=at, detail={"person": person.pk}, key=case_id)


def _check(row: Involvement, names: Named, auditors: set[str], authorisers: set[str]) -> None:
    auditor, authoriser, others = names.auditor, names.authoriser, names.others
    if auditor and auditor.pk != row.auditor_id and auditor.pk not in auditors:
        raise Refused(f"{row.case}: choose an auditor who holds that role in your service.")
    if authoriser and authoriser.pk != row.authoriser_id and authoriser.pk not in authorisers:
        raise Refused(f"{row.case}: choose an authoriser who holds that role in your service.")
    if authoriser and authoriser.pk in {_pk(auditor), *others}:
        raise Refused(f"{row.case}: whoever completes the return does not check it too.")
    if authoriser and names.no_authoriser:
        raise Refused(f"{row.case}: name an authoriser, or say that there is none; not both.")
    if others and not auditor:
        raise Refused(f"{row.case}: say first who completes the return, then who shares in writing it.")
    if others and auditor and auditor.pk not in auditors:
        raise Refused(f"{row.case}: {auditor} was called in for it alone, or has left, and shares it with nobody.")
    if others.keys() - auditors - row.sharer_ids:
        raise Refused(f"{row.case}: only an auditor of your service can share in writing the return.")


def _now(row: Involvement) -> str:
    """What to say of a case for which others have been named meanwhile."""
    sharing = [str(person) for person in row.sharing]
    shared = f"{' and '.join(sharing)} share{'' if sharing[1:] else 's'} in it, " if sharing else ""
    checks = row.authoriser or ("nobody independent" if row.no_authoriser else "nobody yet")
    who = f"{row.auditor or 'nobody yet'} completes it, {shared}{checks} checks it"
    return f"This was changed meanwhile. Now {who}. Look at that; saving again puts what you chose in its place."


def _check_bars(row: Involvement, names: Named, bars: queries.Bars) -> None:
    joining = [person for pk, person in names.others.items() if pk not in row.sharer_ids]
    if joining and bars.given:
        raise Refused(f"{row.case}: the return is in, so nobody else comes to write it.")
    new = [names.auditor] if names.auditor and names.auditor.pk != row.auditor_id else []
    for person in (*new, *joining):
        demand_open(row, person, bars)
    if names.authoriser and names.authoriser.pk != row.authoriser_id:
        demand_fresh_eyes(row, names.authoriser, bars)


def demand_open(row: Involvement, person: User, bars: queries.Bars) -> None:
    """Refuse somebody to whom the case is closed."""
    if person.pk in bars.closed_to:
        raise Refused(f"{row.case} is closed to {person}, as they have declared. Name somebody else.")


def demand_fresh_eyes(row: Involvement, person: User, bars: queries.Bars) -> None:
    """Refuse as authoriser whoever has written in the return, or to whom the case is closed."""
    demand_open(row, person, bars)
    if person.pk in bars.written_by:
        raise Refused(f"{row.case}: {person} has written in this return, so somebody else checks it.")


def _name(row: Involvement, names: Named, auditors: set[str], heard: Heard, by: User, at: datetime) -> int:
    if row.mark == names.mark:
        return 0
    was, before, shared = row.auditor_id, row.writers, row.sharer_ids
    auditor, authoriser = _pk(names.auditor), _pk(names.authoriser)
    row.auditor, row.authoriser, row.no_authoriser = names.auditor, names.authoriser, names.no_authoriser
    row.save(update_fields=["auditor", "authoriser", "no_authoriser"])
    _share(row, names, by, at)
    detail = {"auditor": auditor or "", "authoriser": authoriser or "", "none": names.no_authoriser}
    detail["sharers"] = sorted(names.others)
    record("named auditor and authoriser", on=row, by=by, at=at, detail=detail, key=row.case_id)
    joined = [(SHARES, one) for pk, one in names.others.items() if pk not in shared]
    new = [(NAMED, names.auditor)] if names.auditor and auditor != was else []
    left = [(UNNAMED, one) for one in before if one.pk in auditors - {auditor, *names.others}]
    for what, person in (*new, *joined, *left):
        if person.pk != by.pk:
            heard.setdefault((what, person), []).append(row)
    return 1


def _share(row: Involvement, names: Named, by: User, at: datetime) -> None:
    Sharer.objects.filter(involvement=row).exclude(user__in=names.others).delete()
    for pk in names.others.keys() - row.sharer_ids:
        Sharer.objects.create(partnership_id=row.partnership_id, involvement=row, user_id=pk, named_by=by, named_at=at)


def _tell(ask: Ask, heard: Heard, at: datetime) -> None:
    """Write once to each who is named anew or no more, however many returns it is about, with the day by which they are
    wanted.

    For whom somebody stands in, the day comes into the calendar with the morning's round: their message goes to another.
    """
    duty = (Role.AUDITOR, ask.service_id)
    named = {person.pk: person for what, person in heard if what != UNNAMED}
    gone = absences.away(named, today(at))
    there = [person for pk, person in named.items() if not (pk in gone and gone[pk].stands_in(duty))]
    days = returns_day(ask.audit, there, at)
    for (what, person), rows in heard.items():
        subject, body = WORDS[what][len(rows) > 1]
        said = {"cases": _and([str(row.case) for row in rows]), "many": len(rows), "first": rows[0].auditor}
        notices.post(
            key=f"{what}:{ask.pk}:{at:%Y%m%dT%H%M%S}:{person.pk}",
            to=person,
            subject=f"{ask.partnership.short_name}: {subject.format(**said)}, audit {ask.audit.code}",
            body=body.format(**said),
            path=queries.return_page(rows[0]) if what != UNNAMED and len(rows) == 1 else "/",
            partnership=ask.partnership,
            calendar=days.pop(person.pk, "") if what != UNNAMED else "",
            duty=duty if what != UNNAMED else None,
            at=at,
        )


def _and(words: list[str]) -> str:
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]])


def _pk(user: User | None) -> str | None:
    return user.pk if user else None
