"""The recommendations and the briefing as they are being written, checked and read."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from candour.focus import queries as focus
from candour.focus.flow import CasesFrom, MilestoneKind
from candour.focus.models import Audit
from candour.kernel.clock import local, today
from candour.kernel.fields import ERASED
from candour.learning import paper
from candour.learning.disclosure import Kind
from candour.learning.flow import ASK, State
from candour.learning.models import Briefing, Flag, Publication, Recommendation, Theme
from candour.learning.queries.picking import domain_label, themes
from candour.people.models import Agency, Membership, Role, User
from candour.sampling import queries as sampling
from candour.tools.document import DOMAINS

NEVER_KEPT = frozenset({Kind.NHS, Kind.UPN, Kind.BIRTH})
WORDS = re.findall(
    "[a-z]+",
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty",
)


def recommendations(audit: Audit) -> QuerySet[Recommendation]:
    """The recommendations of an audit in their order, with the agencies that they concern."""
    rows = Recommendation.objects.filter(audit=audit).select_related("theme", "audit", "echoes__audit")
    return rows.prefetch_related("agencies").order_by("position", "pk")


def cleared(audit: Audit) -> QuerySet[Recommendation]:
    """The recommendations whose words have been cleared: the only ones that others act on."""
    return recommendations(audit).exclude(text="")


def agencies_for(audit: Audit) -> QuerySet[Agency]:
    """The agencies that a recommendation of this audit can concern."""
    members = Membership.objects.on(today()).filter(partnership=audit.partnership_id).values("agency")
    return Agency.objects.filter(pk__in=members).order_by("name", "pk")


def earlier(audit: Audit) -> list[Recommendation]:
    """What this partnership recommended in its other audits, the latest first."""
    rows = Recommendation.objects.filter(partnership=audit.partnership_id).exclude(audit=audit).exclude(text="")
    return list(rows.select_related("audit").order_by("-made_at", "pk")[:400])


def said_before(text: str, others: Iterable[Recommendation], most: int = 3) -> list[Recommendation]:
    """Earlier recommendations that share their weighty words with this one."""
    here = _weighty(text)
    scored = [(len(here & _weighty(r.text)) / (len(here | _weighty(r.text)) or 1), r) for r in others]
    near = sorted((pair for pair in scored if pair[0] >= 0.2), key=lambda pair: (-pair[0], pair[1].pk))
    return [recommendation for _, recommendation in near[:most]]


def _weighty(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]{4,}", text.lower())} - _LIGHT


_LIGHT = {
    word[:6]
    for word in re.findall(
        "[a-z]+",
        "with that this from have they them their when what where should every each child children families family"
        " services service agencies agency ensure make sure will been being about into than more",
    )
}


def like(recommendation: Recommendation) -> list[Recommendation]:
    """Earlier recommendations in like words."""
    return said_before(recommendation.wording, earlier(recommendation.audit))


def around_recommendation(audit: Audit, text: str) -> dict[str, Any]:
    """What a recommendation can be tied to: agencies, themes, and what was said before in like words."""
    echoes = said_before(text, earlier(audit)) if text else []
    return {"agencies": agencies_for(audit), "themes": themes(audit), "echoes": echoes}


def written(row: Recommendation) -> dict[str, Any]:
    """A recommendation as its form shows it."""
    text = row.text if row.draft in ("", ERASED) else row.draft
    agencies = [agency.pk for agency in row.agencies.all()]
    return {"text": text, "agencies": agencies, "due_on": row.due_on, "theme": row.theme_id, "echoes": row.echoes_id}


def subjects_of(audit: Audit) -> list[Any]:
    """The files of identities of every child of an audit, of those replaced too: their names were shown as well."""
    return [case.subject for case in audit.cases.exclude(subject=None).select_related("subject").order_by("number")]


def briefing_of(audit: Audit) -> Briefing | None:
    """The briefing of an audit, where somebody has begun it."""
    return Briefing.objects.filter(audit=audit).select_related("audit__partnership", "written_by", "cleared_by").first()


def drafted(audit: Audit) -> list[tuple[str, str]]:
    """The recommendations as they are being written: (id, words)."""
    return [(r.pk, r.text if r.draft in ("", ERASED) else r.draft) for r in recommendations(audit)]


def proposal(audit: Audit) -> dict[str, Any]:
    """What a new briefing begins with: what the audit and its themes already say."""
    rows = themes(audit)
    told: dict[str, list[str]] = defaultdict(list)
    for theme in rows:
        told[theme.bearing].append(f"- {theme.title}" + (f": {theme.note}" if theme.note else ""))
    sources = [source.evidence for source in audit.sources.order_by("position", "pk")]
    partnership = audit.partnership
    contacts = [
        f"Worried about a child? Children’s social care: {partnership.front_door_phone}"
        if partnership.front_door_phone
        else "",
        f"Out of hours: {partnership.out_of_hours_phone}" if partnership.out_of_hours_phone else "",
        f"In an emergency, the police: {partnership.police_phone}" if partnership.police_phone else "",
        f"When professionals disagree, our escalation policy: {partnership.escalation_url}"
        if partnership.escalation_url
        else "",
    ]
    return {
        "title": audit.title,
        "lead": "",
        "why": "\n\n".join(filter(None, [audit.summary, *sources])),
        "method": method(audit),
        "works": "\n".join(told[Theme.Bearing.WORKS]),
        "needs_work": "\n".join(told[Theme.Bearing.NEEDS_WORK]),
        "voice": "",
        "messages": {},
        "questions": "",
        "contacts": "\n".join(filter(None, contacts)),
    }


def period(audit: Audit) -> str:
    """The review period in months, as a reader wants it."""
    first, last = audit.review_from, audit.review_to
    start = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
    return f"{start} to {last:%B %Y}" if (first.year, first.month) != (last.year, last.month) else f"{last:%B %Y}"


def count_words(number: int, noun: str, plural: str) -> str:
    """A number as a briefing writes it: in words up to twenty."""
    said = WORDS[number] if number < len(WORDS) else str(number)
    return f"{said} {noun if number == 1 else plural}"


def method(audit: Audit) -> str:
    """How we looked, in three sentences: the children, the records, the talk."""
    services = focus.expected_services(audit).count()
    children = count_words(sampling.cases(audit).count(), "child", "children")
    return (
        f"{chosen(audit)} {count_words(services, 'service', 'services').capitalize()} read what they hold on those "
        f"{children} for {period(audit)}, each by itself, and then talked about every child together."
    )


def chosen(audit: Audit) -> str:
    """How many children there were and how they were chosen, said so that nobody can take one for the other."""
    drawn = list(sampling.cases(audit).values_list("random", flat=True))
    children = count_words(len(drawn), "child", "children").capitalize()
    if audit.cases_from == CasesFrom.GIVEN or not any(drawn):
        return f"{children}: the cases were given to us, not chosen by us, and do not stand for all children."
    if not all(drawn):
        return (
            f"{children}: some were chosen at random, some were given to us, and those do not stand for all children."
        )
    draw = sampling.standing_draw(audit)
    out_of = f" out of {sum(sampling.counts(draw.commitment).values()):,}" if draw else ""
    return f"{children}, chosen at random{out_of} by a method that anyone can check."


def season(day: date) -> str:
    """A day as the season a reader can remember."""
    name = ("winter", "spring", "summer", "autumn")[day.month % 12 // 3]
    return f"{name} {day.year}" if day.month != 12 else f"winter {day.year} to {day.year + 1}"


def foot(audit: Audit) -> list[str]:
    """What stands under every briefing: how many children and how chosen, who checked it, what follows."""
    said = [f"Based on {chosen(audit)[0].lower()}{chosen(audit)[1:]}"]
    said.append("Two people read this page, before it was published, for anything that could point to a child.")
    if follows := focus.due_on(audit, MilestoneKind.SENSE_CHECK):
        said.append(f"A sense check of whether this is in practice follows in {season(follows)}.")
    return said


def document(briefing: Briefing, at: datetime) -> dict[str, Any]:
    """The briefing as page and PDF show it."""
    audit = briefing.audit
    body = briefing.body or {}
    words = dict(drafted(audit))
    rows = [
        (words[r.pk], _leads(r), f"{r.due_on:%B %Y}" if r.due_on else "To be agreed") for r in recommendations(audit)
    ]
    stamp = f"{local(at):%B %Y}" if briefing.state != State.DRAFT else "Draft, not for sharing"
    return paper.compose(
        body=body,
        partnership=audit.partnership.name,
        short_name=audit.partnership.short_name,
        about=[f"Multi-agency audit {audit.code}", period(audit), stamp],
        domains={code: domain_label(code) for code in (body.get("messages") or {})},
        actions=rows,
        foot=foot(audit),
    )


def _leads(recommendation: Recommendation) -> str:
    names = [agency.name for agency in recommendation.agencies.all()]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names) or "The partnership"


@dataclass(frozen=True)
class Seen:
    """A place that the check found, as the page shows it: the words before, the words themselves, the words after."""

    flag: Flag
    label: str
    before: str
    words: str
    after: str

    @property
    def may_keep(self) -> bool:
        """Whether it may stay with a reason; what points to one person may not."""
        return self.flag.kind not in NEVER_KEPT

    @property
    def href(self) -> str:
        """Where it can be changed."""
        head, _, rest = self.flag.place.partition(".")
        if head == "recommendation":
            return reverse("learning:recommendation", args=[rest])
        name = f"message_{rest}" if head == "messages" else head
        return f"{reverse('learning:edit', args=[self.flag.briefing_id])}#id_{name}"


def place_label(place: str, numbers: dict[str, int]) -> str:
    """Where in the briefing a text stands, in words."""
    head, _, rest = place.partition(".")
    if head == "messages":
        return f"{paper.LABELS['messages']}: {domain_label(rest)}"
    if head == "recommendation":
        return f"Recommendation {numbers.get(rest, '')}".strip()
    return paper.LABELS.get(head, head)


def flags_in_context(briefing: Briefing, reach: int = 90) -> list[Seen]:
    """What the last check found, each in its sentence; what has been changed since is no longer shown."""
    rows = drafted(briefing.audit)
    numbers = {pk: number for number, (pk, _) in enumerate(rows, start=1)}
    texts = paper.places(briefing.body or {}, rows)
    flags = (
        briefing.flags.exclude(outcome=Flag.Outcome.CHANGED)
        .select_related("settled_by")
        .order_by("place", "start", "pk")
    )
    order = {place: number for number, place in enumerate(texts)}
    shown = []
    for flag in sorted(flags, key=lambda f: (order.get(f.place, 99), f.start, f.pk)):
        text = texts.get(flag.place, "")
        before, after = text[max(0, flag.start - reach) : flag.start], text[flag.end : flag.end + reach]
        if flag.start > reach:
            before = "… " + before.partition(" ")[2]
        if flag.end + reach < len(text):
            after = after.rpartition(" ")[0] + " …"
        shown.append(Seen(flag, place_label(flag.place, numbers), before, text[flag.start : flag.end], after))
    return shown


def changed_flags(briefing: Briefing) -> int:
    """How many places that the check once found have been changed since."""
    return briefing.flags.filter(outcome=Flag.Outcome.CHANGED).count()


def any_kept(briefing: Briefing) -> bool:
    """Whether a passage stands although the check found it."""
    return briefing.flags.filter(outcome=Flag.Outcome.KEPT).exists()


def second_people(briefing: Briefing, on: date) -> list[User]:
    """Those who are second person in the partnership and wrote no word of this briefing."""
    people = User.objects.holding(Role.SECOND, partnership=briefing.partnership_id, on=on)
    return list(people.exclude(pk__in=briefing.writers))


def clearance_address(briefing: Briefing) -> str:
    """Where a briefing is read and cleared."""
    return reverse("learning:clearance", args=[briefing.pk])


def flag_of(briefing: Briefing, pk: str) -> Flag:
    """One place that the check found in this briefing."""
    return get_object_or_404(Flag.objects.select_related("briefing"), briefing=briefing, pk=pk)


def domains(briefing: Briefing) -> list[tuple[str, str]]:
    """The domains that a briefing can have messages for: the house's, and those of its own themes."""
    own = (
        briefing.audit.themes.exclude(domain__in=DOMAINS).values_list("domain", flat=True).distinct().order_by("domain")
    )
    told = [*DOMAINS, *own, *((briefing.body or {}).get("messages") or {})]
    return [(code, domain_label(code)) for code in dict.fromkeys(told)]


def asked(briefing: Briefing) -> dict[str, Any]:
    """What the editor's form begins with."""
    return {"domains": domains(briefing), "body": briefing.body or {}, "initial": {"version": briefing.version}}


def beside(theirs: Briefing, mine: dict[str, Any]) -> list[tuple[str, str]]:
    """The parts that somebody else has written otherwise, with their words."""
    rows = paper.places(theirs.body or {}, [])
    own = paper.places(mine, [])
    return [(place_label(place, {}), words) for place, words in rows.items() if own.get(place, "") != words]


def editing(briefing: Briefing, at: datetime) -> dict[str, Any]:
    """The page on which a briefing is written or read for clearance."""
    crumbs_here = crumbs(briefing.audit, "show", briefing)
    return {
        "briefing": briefing,
        "audit": briefing.audit,
        "document": document(briefing, at),
        "rows": recommendations(briefing.audit),
        "sampled": sampling.sampling_note(briefing.audit),
        "missing": briefing.missing,
        "crumbs": crumbs_here,
    }


def obstacle(briefing: Briefing, user: User) -> str:
    """Why the briefing cannot go to the second person yet, for its writer."""
    return ASK.why_not(briefing.state, user, briefing) if briefing.state == State.DRAFT else ""


def latest(briefing: Briefing) -> Publication | None:
    """The last publication of a briefing, withdrawn or not."""
    return briefing.publications.defer("pdf", "document").order_by("-published_at", "pk").first()


CRUMBS = {
    "show": "Learning",
    "board": "Themes",
    "recommendations": "Recommendations",
}


def crumbs(audit: Audit, *names: str | Briefing) -> list[tuple[str, str]]:
    """The way to a page of this audit's learning."""
    rows = [("Audits", reverse("focus:audits")), (audit.code, audit.get_absolute_url())]
    for name in names:
        if isinstance(name, Briefing):
            rows.append(("Briefing", reverse("learning:briefing", args=[name.pk])))
        else:
            rows.append((CRUMBS[name], reverse(f"learning:{name}", args=[audit.pk])))
    return rows
