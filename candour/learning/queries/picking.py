"""The passages that can be picked from returns and discussion, and the themes that they are picked for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from candour.appraisal import queries as appraisal
from candour.appraisal.flow import State as ReturnState
from candour.appraisal.models import PointKind
from candour.discussion import queries as discussion
from candour.focus.models import Audit
from candour.learning.models import Finding, Theme
from candour.sampling import queries as sampling
from candour.tools.document import DOMAINS

KINDS = {**{kind.value: str(kind.label) for kind in PointKind}, "conclusion": "Conclusion of the discussion"}
TONES = {"good": "teal", "develop": "amber", "recommend": "blue", "conclusion": "grey"}


@dataclass(frozen=True)
class Passage:
    """Something that a return or the discussion said, which can be picked for a theme."""

    key: str
    kind: str
    case: Any
    service: Any
    domain: str
    text: str
    grade: str = ""
    picked: list[str] = field(default_factory=list)
    celebrated: bool = False

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]

    @property
    def tone(self) -> str:
        return TONES[self.kind]

    @property
    def domain_label(self) -> str:
        return domain_label(self.domain)

    @property
    def who(self) -> str:
        """Whose words they are: a service's, or the room's."""
        return str(self.service) if self.service else "The discussion"


def domain_label(code: str) -> str:
    """A domain's name; one of a partnership's own is its own name."""
    return DOMAINS.get(code, code.replace("-", " ").capitalize())


def passages(audit: Audit, told: Iterable["ToldTheme"] | None = None) -> list[Passage]:
    """The points of the returns that are in and the conclusions of the discussion, by domain and case."""
    picked: dict[str, list[str]] = defaultdict(list)
    for theme in told_themes(audit) if told is None else told:
        for finding in theme.theme.findings.all():
            picked[finding.point_id or finding.conclusion_id or ""].append(theme.theme.title)
    found = [
        Passage(f"point:{p.pk}", p.kind, p.case, p.service, p.domain, p.text, "", picked.get(p.pk, []), p.celebrated)
        for p in appraisal.points(audit)
        if not p.private
    ]
    found += [
        Passage(f"conclusion:{c.pk}", "conclusion", c.case, None, c.domain, c.reason, c.grade, picked.get(c.pk, []))
        for c in discussion.conclusions(audit)
        if c.reason
    ]
    order = {code: place for place, code in enumerate(DOMAINS)}
    found.sort(key=lambda p: (order.get(p.domain, 99), p.case.number, p.kind == "conclusion", p.who, p.key))
    return found


def choices(found: Iterable[Passage]) -> dict[str, Any]:
    """What the passages can be narrowed by: each once, in order."""
    rows = list(found)
    services = {p.service.pk: str(p.service) for p in rows if p.service}
    cases = {str(p.case.number): str(p.case) for p in rows}
    return {
        "kinds": {kind: label for kind, label in KINDS.items() if any(p.kind == kind for p in rows)},
        "domains": list({p.domain: p.domain_label for p in rows}.items()),
        "services": sorted(services.items(), key=lambda pair: pair[1]),
        "cases": sorted(cases.items(), key=lambda pair: int(pair[0])),
    }


def narrowed(found: Iterable[Passage], narrow: Mapping[str, Any]) -> list[Passage]:
    """The passages of one kind, domain, service or case, with some words, or not yet in a theme."""
    return [passage for passage in found if _fits(passage, narrow)]


def _fits(passage: Passage, narrow: Mapping[str, Any]) -> bool:
    wanted = {
        "kind": passage.kind,
        "domain": passage.domain,
        "service": passage.service.pk if passage.service else "",
        "case": str(passage.case.number),
    }
    if any(narrow.get(name) and narrow[name] != value for name, value in wanted.items()):
        return False
    if narrow.get("left") and passage.picked:
        return False
    return str(narrow.get("words") or "").casefold() in passage.text.casefold()


def themes(audit: Audit) -> list[Theme]:
    """The themes of an audit with their findings, each with what it came from."""
    sources = ("case", "point__service", "point__case", "point__ret", "conclusion__case")
    findings = Finding.objects.select_related(*sources).order_by("picked_at", "case__number", "pk")
    rows = Theme.objects.filter(audit=audit).order_by("position", "pk")
    return list(rows.prefetch_related(Prefetch("findings", queryset=findings)))


def first_words(audit: Audit, keys: Iterable[str]) -> tuple[str, str]:
    """What a theme made of these passages is about, and its domain: as the first of them has it."""
    wanted = set(keys)
    first = next((p for p in passages(audit) if p.key in wanted), None)
    if first is None:
        return Theme.Bearing.NEEDS_WORK, "overall"
    good = first.kind == "good" or first.grade in ("outstanding", "good")
    return (Theme.Bearing.WORKS if good else Theme.Bearing.NEEDS_WORK), first.domain


def spread(theme: Theme) -> str:
    """How widely a theme was seen: cases and services."""
    findings = list(theme.findings.all())
    cases = {f.case_id for f in findings if f.case_id}
    services = {f.point.service_id for f in findings if f.point}
    if not findings:
        return "nothing picked yet"
    told = [f"{len(cases)} {'case' if len(cases) == 1 else 'cases'}"] if cases else []
    told += [f"{len(services)} {'service' if len(services) == 1 else 'services'}"] if services else []
    return ", ".join(told) or f"{len(findings)} of your own"


@dataclass(frozen=True)
class ToldFinding:
    """A finding as the page shows it: its words, whose they are, and where it came from."""

    finding: Finding
    words: str
    own: bool
    source: str
    source_words: str
    case: str
    who: str


@dataclass(frozen=True)
class ToldTheme:
    """A theme with its findings and how widely it was seen."""

    theme: Theme
    spread: str
    domain: str
    findings: list[ToldFinding]


def told(finding: Finding) -> ToldFinding:
    """A finding with what it came from."""
    point, conclusion = finding.point, finding.conclusion
    words = conclusion.reason if conclusion else ""
    if point and not (point.private or point.ret.state == ReturnState.VOID):  # else it was taken back since
        words = point.text
    who = str(point.service) if point else "The discussion" if conclusion else "Noted here"
    kind = KINDS[point.kind] if point else KINDS["conclusion"] if conclusion else ""
    case = str(finding.case) if finding.case_id else ""
    return ToldFinding(finding, finding.wording or words, bool(finding.wording), kind, words, case, who)


def told_theme(theme: Theme) -> ToldTheme:
    """One theme with its findings."""
    return _told_theme(next(row for row in themes(theme.audit) if row.pk == theme.pk))


def theme_as_typed(theme: Theme) -> dict[str, str]:
    """A theme as its form shows it."""
    return {"title": theme.title, "bearing": theme.bearing, "domain": theme.domain, "note": theme.note}


def told_themes(audit: Audit) -> list[ToldTheme]:
    """The themes of an audit as the board shows them."""
    return [_told_theme(theme) for theme in themes(audit)]


def _told_theme(theme: Theme) -> ToldTheme:
    return ToldTheme(theme, spread(theme), domain_label(theme.domain), [told(f) for f in theme.findings.all()])


@dataclass(frozen=True)
class CaseLine:
    """One case in the restricted report: what the room concluded, domain by domain."""

    case: Any
    conclusions: list[tuple[str, Any]]


def report(audit: Audit) -> dict[str, Any]:
    """What the restricted report says: cases under their numbers with conclusions, and the themes with findings."""
    rows: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for conclusion in discussion.conclusions(audit):
        rows[conclusion.case_id].append((domain_label(conclusion.domain), conclusion))
    lines = [CaseLine(case, rows[case.pk]) for case in sampling.cases(audit)]
    held = appraisal.returns_in(audit)
    return {
        "lines": lines,
        "themes": told_themes(audit),
        "sampled": sampling.sampling_note(audit),
        "returns": held.count(),
        "services": held.values("service").distinct().count(),
    }
