"""The shelf of audit tools, and the documents on it."""

import json
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.http import Http404

from candour.access.scope import visible
from candour.access.viewer import viewer_of
from candour.kernel.errors import Refused
from candour.people.models import Partnership
from candour.people.roles import ServiceKind
from candour.tools import editing, readability
from candour.tools.compare import changes
from candour.tools.document import Document, Section, read
from candour.tools.documents import ordered
from candour.tools.format import FORMAT, MOST, MOST_BRIEF, faults
from candour.tools.models import ToolVersion

if TYPE_CHECKING:
    from candour.people.models import User

Said = Callable[[ToolVersion, "User"], str]
_measured: list[Said] = []

CORE = "core"
VIEWS = "views"
BRIEF = "brief"
BRIEF_LABEL = "Any service after a brief contact"


@lru_cache(maxsize=64)
def _frozen(version_id: str) -> Document:
    return read(ToolVersion.objects.published().get(pk=version_id).document)


def _after_core(version: ToolVersion) -> bool:
    return version.tool.code != CORE or version.tool.partnership_id is not None


def document_of(version_id: str) -> Document:
    """What a published version asks. It never changes, so that a process reads it once."""
    return _frozen(version_id)


@lru_cache(maxsize=512)
def asked(version_id: str, kind: str, *, brief: bool, graded: bool) -> tuple[Section, ...]:
    """The sections that a published version asks of a kind of service, put together once in a process."""
    return _frozen(version_id).sections(kind, brief=brief, graded=graded)


def offered(partnership: Partnership) -> list[ToolVersion]:
    """The newest published version of each tool that a partnership may use for an audit, the core tool first."""
    return sorted((row for row in _newest(partnership) if row.use != VIEWS), key=_after_core)


def questionnaires(partnership: Partnership) -> dict[str, ToolVersion]:
    """The newest voluntary questionnaires by their code (`views-child`, `views-parent`, `views-practitioner`): a
    partnership's own copy stands in the place of the one that comes with Candour."""
    rows = [row for row in _newest(partnership) if row.use == VIEWS]
    return {row.tool.code: row for row in sorted(rows, key=lambda row: (row.tool.code, bool(row.partnership_id)))}


def _newest(partnership: Partnership) -> list[ToolVersion]:
    rows = ToolVersion.objects.published().filter(Q(tool__partnership__isnull=True) | Q(tool__partnership=partnership))
    newest: dict[str, ToolVersion] = {}
    for version in rows.select_related("tool").order_by("tool__name", "tool_id", "number"):
        newest[version.tool_id] = version
    return list(newest.values())


def shelf(user: "User") -> list[ToolVersion]:
    """Every published version that a person may look at: the core tool, then by name, the newest of each first."""
    rows = visible(ToolVersion, user).filter(published_at__isnull=False)
    return sorted(rows.select_related("tool").order_by("tool__name", "tool_id", "-number").distinct(), key=_after_core)


def drafts(user: "User") -> list[ToolVersion]:
    """The versions that are still being written, where this person may know of them."""
    rows = visible(ToolVersion, user).filter(published_at__isnull=True)
    return list(rows.select_related("tool__partnership").order_by("tool__name", "tool_id", "-number").distinct())


def read_of(version: ToolVersion) -> Document:
    """What a version asks, be it published or still being written."""
    return document_of(version.pk) if version.published_at else read(version.document)


def own_partnerships(user: "User") -> QuerySet[Partnership]:
    """The partnerships whose tools a person may write."""
    return Partnership.objects.filter(pk__in=viewer_of(user).coordinates).order_by("name", "pk")


def answered(version: ToolVersion) -> frozenset[str]:
    """The keys of the questions that an earlier published version asked: there may be answers to them."""
    rows = version.tool.versions.filter(published_at__isnull=False, number__lt=version.number)
    return frozenset(question["key"] for row in rows for question in editing.questions(row.document))


def before(version: ToolVersion) -> ToolVersion | None:
    """The published version that this one follows."""
    rows = version.tool.versions.filter(published_at__isnull=False, number__lt=version.number)
    return rows.select_related("tool").order_by("-number").first()


def siblings(version: ToolVersion, user: "User") -> list[ToolVersion]:
    """The other versions with which a person may compare this one: its own tool's, then those of its code."""
    rows = visible(ToolVersion, user).filter(tool__code=version.tool.code).exclude(pk=version.pk).distinct()
    own = version.tool_id
    return sorted(rows.select_related("tool"), key=lambda row: (row.tool_id != own, -row.number))


def open_draft(version: ToolVersion) -> ToolVersion | None:
    """The version of the same tool that is being written."""
    return version.tool.versions.filter(published_at__isnull=True).first()


def register_measured(function: Said) -> Said:
    """Have a later step tell in a sentence how long people took with a published version of a tool."""
    if function not in _measured:
        _measured.append(function)
    return function


def measured(version: ToolVersion | None, user: "User") -> str:
    """How long people took with a version, as far as this person may know it."""
    if version is None or version.published_at is None or version.use == VIEWS:
        return ""
    return " ".join(filter(None, (function(version, user) for function in _measured)))


def state_of(version: ToolVersion) -> dict[str, Any]:
    """How a draft stands: its sections, how long it is for each kind of service, how it reads, what is wrong."""
    document, raw = read(version.document), version.document
    kinds = [(str(kind), str(label), False) for kind, label in ServiceKind.choices]
    lengths = [
        (kind, label, document.length(kind, brief=brief), MOST_BRIEF if brief else MOST.get(kind, MOST[""]))
        for kind, label, brief in [*kinds, (BRIEF, BRIEF_LABEL, True)]
    ]
    earlier = before(version)
    return {
        "sections": [(section, _outline(raw, section)) for section in raw["sections"]],
        "lengths": lengths,
        "reading": readability.of_tool(raw),
        "faults": faults(raw),
        "changes": changes(earlier.document, raw) if earlier else [],
        "earlier": earlier,
    }


def _outline(raw: dict[str, Any], section: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [{**asked, "kind": ""} for asked in section.get("questions") or ()]
    for kind, label in ServiceKind.choices:
        added = ((raw.get("variants") or {}).get(kind) or {}).get("add") or ()
        rows += [{**asked, "kind": label} for asked in added if asked["section"] == section["key"]]
    return [
        {**row, "age": readability.reading(readability.texts(row)).age, "when": bool(row.get("when"))} for row in rows
    ]


def newest(code: str) -> ToolVersion:
    """The newest published version of a shipped tool."""
    rows = ToolVersion.objects.published().filter(tool__code=code, tool__partnership__isnull=True)
    return rows.select_related("tool").order_by("-number")[:1].get()


# A part of a draft, as the editor shows it


def held(version: ToolVersion, what: str, key: str) -> dict[str, Any]:
    """A section or a question of a draft; what is in no tool is on no page."""
    if what not in ("section", "question"):
        raise Http404
    try:
        return editing.section(version.document, key) if what == "section" else editing.question(version.document, key)
    except Refused:
        raise Http404 from None


def section_of(version: ToolVersion, key: str) -> dict[str, Any]:
    """What a section says of itself; nothing yet for a new one."""
    return editing.told(held(version, "section", key)) if key else {}


def question_of(version: ToolVersion, key: str, section: str) -> dict[str, Any]:
    """A question, or the beginning of a new one in a section."""
    return held(version, "question", key) if key else {"section": section, "type": "yes-partly-no", "only": ""}


def options_of(part: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers that a question offers, which can be put in another order."""
    return [option for option in part.get("options") or () if not option.get("retired")]


def condition_of(version: ToolVersion, what: str, key: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A part of a draft, and the questions before it whose answers can decide whether it is asked."""
    part, document = held(version, what, key), read(version.document)
    before_it: list[str] = []
    for section in document.whole:
        if what == "section" and section.key == key:
            break
        keys = [question.key for question in section.questions]
        before_it += keys[: keys.index(key)] if what == "question" and key in keys else keys
        if key in keys:
            break
    asked = {question["key"]: question for question in editing.questions(version.document)}
    gates = [asked[one] for one in before_it if one in asked and not asked[one].get("retired")]
    return part, [gate for gate in gates if editing.answers(gate)]


def kind_of(version: ToolVersion, kind: str) -> dict[str, Any]:
    """The questions for everybody, section by section, and which of them a kind of service is asked."""
    raw = version.document
    words = {question.key: question.prompt for section in read(raw).whole for question in section.questions}
    sections = [
        (one["key"], one["title"], [(key, words[key]) for key in editing.keys_of(one)]) for one in raw["sections"]
    ]
    shared = {key for _, _, choices in sections for key, _ in choices}
    if kind == BRIEF:
        return {"sections": sections, "asked": shared & set(raw.get("brief", {}).get("keep") or ())}
    return {"sections": sections, "asked": shared - set((raw.get("variants") or {}).get(kind, {}).get("drop") or ())}


def added_for(version: ToolVersion, kind: str) -> list[dict[str, Any]]:
    """The questions that only this kind of service is asked."""
    return list(((version.document.get("variants") or {}).get(kind) or {}).get("add") or ())


def reading_of(version: ToolVersion) -> readability.Reading:
    """How hard a version is to read."""
    return readability.of_tool(version.document)


def as_json(version: ToolVersion) -> str:
    """A version as JSON, its parts in the order in which one writes them."""
    return json.dumps(ordered({"format": FORMAT, **version.document}), ensure_ascii=False, indent=1) + "\n"
