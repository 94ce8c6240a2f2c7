"""What one service's returns say over the audits: its own grades, its own words, and what came of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from candour.access.scope import visible
from candour.access.viewer import viewer_of
from candour.appraisal.flow import State
from candour.appraisal.models import Answer, Point, PointKind, Return
from candour.impact.models import Action
from candour.kernel.clock import local
from candour.people.models import Role, Service
from candour.tools.document import DOMAINS, GRADES
from candour.tools.queries import document_of
from candour.ui.paper import mark, print_pdf
from candour.ui.tones import grade_look

if TYPE_CHECKING:
    from candour.focus.models import Audit
    from candour.people.models import User

TEMPLATE = Path(__file__).with_name("practice.typ")
FEW = 10
HEADINGS = {
    PointKind.GOOD: "What we praised",
    PointKind.DEVELOP: "What we want to develop",
    PointKind.RECOMMEND: "What we recommended to ourselves",
}
COLOURS = {
    "outstanding": "#0b5345",
    "good": "#1b6692",
    "requires-improvement": "#7a5000",
    "inadequate": "#8c1d18",
}
LABEL, STEP, ROW = 190, 30, 34


@dataclass(frozen=True)
class Cell:
    """The grades that a service gave itself in one domain of one audit, one for each return, the best first; whether
    the version of the tool that the audit has asks for one at all."""

    grades: tuple[str, ...]
    asked: bool = True

    @property
    def words(self) -> str:
        """The grades in words, with how many returns said so."""
        counts = Counter(self.grades)
        return ", ".join(f"{counts[key]} {label}" for key, label in GRADES.items() if counts[key]) or (
            "–" if self.asked else "Not asked"
        )


@dataclass(frozen=True)
class Line:
    """One domain over the audits."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Said:
    """What the service wrote in one line, and the points of its returns that say so, the newest first."""

    text: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Practice:
    """Everything on a service's own page."""

    service: Service
    services: list[Service]
    returns: list[Return]
    audits: list[Audit]
    lines: list[Line]
    said: list[tuple[str, list[Said]]]
    actions: list[Action]

    @property
    def how_few(self) -> str:
        """How many returns this rests on, and what that is worth."""
        returns, audits = len(self.returns), len(self.audits)
        told = f"{returns} return{'' if returns == 1 else 's'} in {audits} audit{'' if audits == 1 else 's'}"
        few = " That is few: one child more could turn the picture, so read the words before the grades."
        return f"From {told}.{few if returns < FEW else ''}"

    @property
    def picture(self) -> SafeString:
        """One mark for each return, by domain and audit."""
        return drawing(self.lines, [audit.code for audit in self.audits])


def services_of(user: User) -> list[Service]:
    """The services that a person answers for."""
    ids = viewer_of(user).services_as(Role.CONTACT)
    return list(Service.objects.filter(pk__in=ids).select_related("agency").order_by("agency__name", "name", "pk"))


def of(user: User, wanted: str = "") -> Practice | None:
    """What the returns of one of a person's services say; None where the service is not theirs."""
    services = services_of(user)
    service = next((one for one in services if not wanted or one.pk == wanted), None)
    if service is None:
        return None
    homes = [home for home, served in viewer_of(user).served(Role.CONTACT).items() if service.pk in served]
    rows = visible(Return.objects.with_names(), user).select_related("partnership")
    rows = rows.filter(service=service, partnership__in=homes, state=State.SUBMITTED)
    returns = list(rows.order_by("audit__starts_on", "audit__code", "case__number", "pk"))
    audits = list({ret.audit_id: ret.audit for ret in returns}.values())
    actions = visible(Action, user).filter(agency=service.agency_id, partnership__in=homes)
    return Practice(
        service,
        services,
        returns,
        audits,
        _lines(returns, audits),
        _said(returns, user),
        list(actions.select_related("recommendation__audit", "owner").order_by("due_on", "pk")),
    )


def _lines(returns: list[Return], audits: list[Audit], **narrowed: bool) -> list[Line]:
    given: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows = Answer.objects.filter(ret__in=returns, **narrowed).exclude(grade="").order_by("domain")
    for audit, domain, grade in rows.values_list("ret__audit", "domain", "grade"):
        given[domain, audit].append(grade)
    order, scale = list(DOMAINS), list(GRADES)
    asked = {a.pk: document_of(a.tool_id).domains() if a.tool_id and a.graded else () for a in audits}
    found = sorted({domain for domain, _ in given}, key=lambda d: (order.index(d) if d in order else len(order), d))

    def place(grade: str) -> int:
        return scale.index(grade) if grade in scale else len(scale)

    return [
        Line(
            DOMAINS.get(domain, domain.replace("-", " ").capitalize()),
            tuple(Cell(tuple(sorted(given[domain, a.pk], key=place)), domain in asked[a.pk]) for a in audits),
        )
        for domain in found
    ]


def _said(returns: list[Return], user: User) -> list[tuple[str, list[Said]]]:
    rows = visible(Point, user).filter(ret__in=returns).select_related("case", "ret__audit")
    points = list(rows.order_by("-ret__audit__starts_on", "ret__audit__code", "case__number", "section", "position"))
    return [(heading, _together(point for point in points if point.kind == kind)) for kind, heading in HEADINGS.items()]


def _together(points: Iterable[Point]) -> list[Said]:
    """The same words once, however many returns say them."""
    found: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        found[" ".join(point.text.split()).casefold()].append(point)
    return [Said(same[0].text, tuple(same)) for same in found.values()]


def drawing(lines: Iterable[Line], codes: list[str]) -> SafeString:
    """One mark for each return: letters say the grade, a shade only repeats it."""
    rows = list(lines)
    wide = [max([3, *(len(line.cells[place].grades) for line in rows)]) * STEP + 16 for place in range(len(codes))]
    left = [LABEL + sum(wide[:place]) for place in range(len(codes))]
    width, height = LABEL + sum(wide), ROW * (len(rows) + 1)
    heads = format_html_join("", '<text x="{}" y="20" font-weight="600">{}</text>', zip(left, codes, strict=True))
    labels = format_html_join(
        "",
        '<text x="0" y="{}">{}</text>',
        ((ROW * place + 20, line.label) for place, line in enumerate(rows, 1)),
    )
    marks = format_html_join(
        "",
        '<rect x="{}" y="{}" width="26" height="22" rx="2" fill="{}" stroke="{}"/>'
        '<text x="{}" y="{}" fill="{}" text-anchor="middle" font-weight="600">{}</text>',
        (
            _mark(left[column] + STEP * number, ROW * row, grade)
            for row, line in enumerate(rows, 1)
            for column, cell in enumerate(line.cells)
            for number, grade in enumerate(cell.grades)
        ),
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="img" '
        'aria-label="The grades of each return, by domain and audit; the table below says the same" '
        'font-family="Source Sans Pro, sans-serif" font-size="14" fill="#12201f">{}{}{}</svg>',
        width,
        height,
        width,
        height,
        heads,
        labels,
        marks,
    )


def _mark(x: int, y: int, grade: str) -> tuple[Any, ...]:
    colour = COLOURS.get(grade)
    fill, ink = (colour, "#ffffff") if colour else ("#ffffff", "#4f5a59")
    return x, y + 4, fill, colour or "#4f5a59", x + 13, y + 20, ink, grade_look(grade).letters


def printed(found: Practice, at: datetime) -> bytes:
    """The page for the service's board, as PDF/UA; what was meant for coordinator and chair alone is left out."""
    said = [
        (heading, _together(point for one in lines for point in one.points if not point.private))
        for heading, lines in found.said
    ]
    home = found.returns[-1].partnership
    lines = _lines(found.returns, found.audits, private=False)
    document = {
        "title": f"Our practice: {found.service}",
        "lead": "What our own returns to multi-agency case audits say, over the audits.",
        "about": f"{found.service.agency} · {local(at):%-d %B %Y} · {found.how_few}",
        "partnership": str(found.service.agency),
        "keywords": ["multi-agency case audit", "own practice"],
        "mark": mark(home.short_name),
        "picture": str(drawing(lines, [audit.code for audit in found.audits])) if lines else "",
        "head": ["Domain", *(audit.code for audit in found.audits)],
        "rows": [[line.label, *(cell.words for cell in line.cells)] for line in lines],
        "said": [
            {
                "heading": heading,
                "points": [f"{one.text} ({_where(one)})" for one in lines],
            }
            for heading, lines in said
        ],
        "actions": [
            [told(action), action.get_state_display(), f"{action.due_on:%-d %B %Y}"] for action in found.actions
        ],
        "foot": [
            "Each grade is the service’s own, as it stood when its return was submitted.",
            "It names no child, but it rests on a few cases: keep it where such papers are kept.",
        ],
    }
    return print_pdf(TEMPLATE, document, at=at)


def _where(said: Said) -> str:
    """The audits and cases in whose returns something was said."""
    return "; ".join(dict.fromkeys(f"{point.ret.audit.code}, {point.case}" for point in said.points))


def told(action: Action) -> str:
    """An action in words that may be read: the cleared recommendation, or the step agreed."""
    return action.step or action.recommendation.text or "An action not yet published"
