"""Writing, checking, clearing, publishing and withdrawing a briefing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.text import slugify

from candour.access.policy import Can, demand
from candour.focus.models import Audit
from candour.identity import actions as identity
from candour.kernel import vault
from candour.kernel.clock import today
from candour.kernel.errors import Refused, Stale
from candour.learning import disclosure, paper, queries
from candour.learning.actions.themes import LOCKED
from candour.learning.disclosure import Found, Identity, Setting
from candour.learning.flow import ASK, CLEAR, PUBLISH, REWRITE, SEND_BACK, TAKE_BACK, WITHDRAW, State
from candour.learning.models import Briefing, Flag, Publication
from candour.notices import actions as notices
from candour.people.models import User
from candour.sampling import queries as sampling
from candour.trail.act import act, record
from candour.trail.make import make

CONTACTS = frozenset({"contacts"})


@act
def start_briefing(*, audit: Audit, by: User, at: datetime) -> Briefing:
    """Begin the briefing from what the audit and its themes already say."""
    demand(by, Can.WRITE_LEARNING, audit)
    if Briefing.objects.filter(audit=audit).exists():
        raise Refused("The briefing of this audit has been begun already.")
    briefing = Briefing.objects.create(
        partnership_id=audit.partnership_id,
        audit=audit,
        body=queries.proposal(audit),
        written_by=by,
        written_at=at,
        writers=[by.pk],
    )
    record("began the briefing", on=briefing, by=by, at=at)
    return briefing


@act
def save_briefing(*, briefing: Briefing, body: Mapping[str, Any], version: int, by: User, at: datetime) -> Briefing:
    """Keep what was written; a page that somebody else has overtaken is refused, and both texts are shown."""
    demand(by, Can.WRITE_LEARNING, briefing)
    held = Briefing.objects.select_for_update().get(pk=briefing.pk)
    if held.state != State.DRAFT:
        raise Refused(LOCKED)
    if held.body == dict(body):
        return held
    if held.version != version:
        raise Stale(
            "Somebody else has changed this briefing meanwhile. Both texts are below: "
            "take over what you need, and save again.",
            theirs=held,
        )
    held.body, held.version = dict(body), held.version + 1
    held.written_at = at
    held.writers = sorted({*held.writers, by.pk})
    held.save(update_fields=["body", "version", "written_at", "writers"])
    return held


def _read_held(*, briefing: Briefing, by: User, at: datetime) -> list[Identity]:
    subjects = queries.subjects_of(briefing.audit)
    rows = identity.read_for_disclosure_check(partnership=briefing.partnership, subjects=subjects, by=by, at=at)
    persons: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        persons.setdefault(row.person_id, {}).setdefault(row.field, []).append(row.value)
    return [_identity(values) for values in persons.values()]


def _identity(values: Mapping[str, list[str]]) -> Identity:
    def of(*names: str) -> tuple[str, ...]:
        return tuple(value for name in names for value in values.get(name, ()) if value)

    name = " ".join(of("given_names", "family_name"))
    also = [part.strip() for part in ",".join(of("also_known_as")).replace(";", ",").split(",") if part.strip()]
    home = ", ".join(of("address", "postcode"))
    return Identity(
        names=tuple(filter(None, [name, *also])),
        born=tuple(date.fromisoformat(day) for day in of("born_on", "expected_on")),
        addresses=(home,) if home else (),
        numbers=of("nhs_number", "upn", "council_number"),
        schools=of("school", "gp_practice"),
    )


@act
def check_disclosure(*, briefing: Briefing, by: User, at: datetime) -> Briefing:
    """Look through the briefing for personal detail: a recorded act of the system that keeps positions only."""
    demand(by, Can.WRITE_LEARNING, briefing)
    briefing = Briefing.objects.select_for_update(of=("self",)).select_related("audit").get(pk=briefing.pk)
    held = tuple(_read_held(briefing=briefing, by=by, at=at))
    texts = paper.places(briefing.body or {}, queries.drafted(briefing.audit))
    setting = Setting(
        today=today(at),
        held=held,
        children=sampling.cases(briefing.audit).count() or None,
        contact_places=CONTACTS,
    )
    found = [(flag, _mark(briefing, flag, texts)) for flag in disclosure.check(texts, setting)]
    return _keep_findings(briefing=briefing, found=found, by=by, at=at)


def _mark(briefing: Briefing, flag: Found, texts: Mapping[str, str]) -> str:
    words = texts[flag.place][flag.start : flag.end].casefold()
    return vault.keyed_index("disclosure", f"{briefing.pk}:{flag.kind}:{words}")


def _keep_findings(*, briefing: Briefing, found: list[tuple[Found, str]], by: User, at: datetime) -> Briefing:
    held = briefing
    standing: dict[tuple[str, str, str], list[Flag]] = {}
    for row in held.flags.exclude(outcome=Flag.Outcome.CHANGED).order_by("start", "pk"):
        standing.setdefault((row.place, row.kind, row.mark), []).append(row)
    for flag, mark in found:
        same = standing.get((flag.place, flag.kind, mark))
        row = same.pop(0) if same else Flag(briefing=held, partnership_id=held.partnership_id, found_at=at)
        row.audit_id, row.version, row.mark = held.audit_id, held.version, mark
        row.place, row.start, row.end, row.kind, row.why = flag.place, flag.start, flag.end, flag.kind, flag.why
        row.save()
    for row in (row for rows in standing.values() for row in rows):
        row.outcome, row.settled_by, row.settled_at = Flag.Outcome.CHANGED, by, at
        row.save()
    held.checked_version, held.checked_at = held.version, at
    held.save(update_fields=["checked_version", "checked_at"])
    detail = {"for": by.pk, "version": held.version, "found": len(found), "open": held.open_flags}
    record("checked a briefing for personal detail", on=held, by=None, at=at, detail=detail)
    return held


@act
def keep_flag(*, flag: Flag, because: str, by: User, at: datetime) -> Flag:
    """Leave a passage that the check found as it is, with the reason on record."""
    demand(by, Can.WRITE_LEARNING, flag)
    if flag.briefing.state != State.DRAFT:
        raise Refused(LOCKED)
    if flag.kind in queries.NEVER_KEPT:
        raise Refused("This points to one person and cannot be kept. Change the passage.")
    if len(because.strip()) < 5:
        raise Refused("Say why this passage can stay.")
    flag.outcome, flag.because = Flag.Outcome.KEPT, because.strip()
    flag.settled_by, flag.settled_at = by, at
    flag.save()
    record("kept a passage", on=flag, by=by, at=at, detail={"kind": flag.kind}, key=flag.audit_id)
    return flag


@act
def reopen_flag(*, flag: Flag, by: User, at: datetime) -> Flag:
    """Look at a kept passage once more."""
    demand(by, Can.WRITE_LEARNING, flag)
    flag.outcome, flag.because, flag.settled_by, flag.settled_at = Flag.Outcome.OPEN, "", None, None
    flag.save()
    return flag


@act
def ask_clearance(*, briefing: Briefing, by: User, at: datetime) -> Briefing:
    """Hand the briefing to a second person, who is told that it waits."""
    briefing = make(ASK, briefing, by=by, at=at)
    for person in queries.second_people(briefing, today(at)):
        notices.post(
            key=f"briefing:{briefing.pk}:{briefing.version}:{person.pk}",
            to=person,
            subject=f"{briefing.partnership.short_name}: a briefing waits to be cleared",
            body="What was learnt from an audit has been written up. Somebody who did not write it has to read it "
            "before it is published.",
            path=queries.clearance_address(briefing),
            partnership=briefing.partnership,
            at=at,
        )
    return briefing


@act
def take_back(*, briefing: Briefing, by: User, at: datetime) -> Briefing:
    """Take the briefing back to change it; whatever clearance it had is gone."""
    briefing = make(TAKE_BACK, briefing, by=by, at=at)
    return _uncleared(briefing)


@act
def send_back(*, briefing: Briefing, because: str, by: User, at: datetime) -> Briefing:
    """Give the briefing back to its writer with what has to change."""
    if not because.strip():
        raise Refused("Say what has to change.")
    briefing = make(SEND_BACK, briefing, by=by, at=at)
    briefing.sent_back_because = because.strip()
    briefing.save(update_fields=["sent_back_because"])
    return briefing


def _uncleared(briefing: Briefing) -> Briefing:
    briefing.cleared_by, briefing.cleared_at = None, None
    briefing.save(update_fields=["cleared_by", "cleared_at"])
    return briefing


@act
def clear_briefing(*, briefing: Briefing, by: User, at: datetime) -> Briefing:
    """Clear the briefing as somebody who did not write it: from now on its recommendations stand in plain words."""
    demand(by, Can.CLEAR_BRIEFING, briefing)
    held = Briefing.objects.select_for_update().get(pk=briefing.pk)
    held.cleared_by, held.cleared_at, held.sent_back_because = by, at, ""
    held.save(update_fields=["cleared_by", "cleared_at", "sent_back_because"])
    briefing = make(CLEAR, held, by=by, at=at, detail={"version": held.version})
    words = dict(queries.drafted(briefing.audit))
    for recommendation in queries.recommendations(briefing.audit):
        recommendation.text = words[recommendation.pk]
        recommendation.save(update_fields=["text"])
    return briefing


@act
def publish_briefing(*, briefing: Briefing, by: User, at: datetime) -> Publication:
    """Publish the cleared briefing: its words and its PDF are frozen."""
    briefing = make(PUBLISH, briefing, by=by, at=at, detail={"version": briefing.version})
    document = queries.document(briefing, at)
    pdf = paper.print_pdf(document, at=at)
    publication = Publication.objects.create(
        partnership_id=briefing.partnership_id,
        briefing=briefing,
        slug=_slug(briefing, document["title"]),
        title=document["title"],
        summary=document["lead"],
        document=document,
        plain=paper.plain(document),
        pdf=pdf,
        pdf_pages=paper.pages(pdf),
        published_at=at,
        published_by=by,
    )
    record(
        "published a briefing",
        on=publication,
        by=by,
        at=at,
        detail={"slug": publication.slug, "pages": publication.pdf_pages},
    )
    return publication


def _slug(briefing: Briefing, title: str) -> str:
    stem = slugify(f"{briefing.partnership.slug} {briefing.audit.code} {title}")[:72].rstrip("-")
    taken = set(Publication.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for n in range(1, 10_000) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken)


@act
def withdraw_briefing(*, briefing: Briefing, because: str, by: User, at: datetime) -> Briefing:
    """Take a briefing out of the public library; its address then says that, and why."""
    if not because.strip():
        raise Refused("Say why the briefing is withdrawn. The reason stands on its public page.")
    briefing = make(WITHDRAW, briefing, by=by, at=at)
    for publication in briefing.publications.filter(withdrawn_at__isnull=True):
        publication.withdrawn_at, publication.withdrawn_by = at, by
        publication.withdrawn_because = because.strip()
        publication.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
        record("withdrew a briefing", on=publication, by=by, at=at)
    return briefing


@act
def rewrite_briefing(*, briefing: Briefing, by: User, at: datetime) -> Briefing:
    """Take a withdrawn briefing up again as a draft."""
    return _uncleared(make(REWRITE, briefing, by=by, at=at))
