"""The shelf of audit tools, and the documents on it."""

from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Q

from candour.access.scope import visible
from candour.tools.document import Document, Section, read
from candour.tools.models import ToolVersion

if TYPE_CHECKING:
    from candour.people.models import Partnership, User

CORE = "core"
VIEWS = "views"


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


def offered(partnership: "Partnership") -> list[ToolVersion]:
    """The newest published version of each tool that a partnership may use for an audit, the core tool first."""
    return sorted((row for row in _newest(partnership) if row.use != VIEWS), key=_after_core)


def questionnaires(partnership: "Partnership") -> dict[str, ToolVersion]:
    """The newest voluntary questionnaires by their code (`views-child`, `views-parent`, `views-practitioner`): a
    partnership's own copy stands in the place of the one that comes with Candour."""
    rows = [row for row in _newest(partnership) if row.use == VIEWS]
    return {row.tool.code: row for row in sorted(rows, key=lambda row: (row.tool.code, bool(row.partnership_id)))}


def _newest(partnership: "Partnership") -> list[ToolVersion]:
    rows = ToolVersion.objects.published().filter(Q(tool__partnership__isnull=True) | Q(tool__partnership=partnership))
    newest: dict[str, ToolVersion] = {}
    for version in rows.select_related("tool").order_by("tool__name", "tool_id", "number"):
        newest[version.tool_id] = version
    return list(newest.values())


def shelf(user: "User") -> list[ToolVersion]:
    """Every published version that a person may look at: the core tool, then by name, the newest of each first."""
    rows = visible(ToolVersion, user).filter(published_at__isnull=False)
    return sorted(rows.select_related("tool").order_by("tool__name", "tool_id", "-number").distinct(), key=_after_core)


def newest(code: str) -> ToolVersion:
    """The newest published version of a shipped tool."""
    rows = ToolVersion.objects.published().filter(tool__code=code, tool__partnership__isnull=True)
    return rows.select_related("tool").order_by("-number")[:1].get()
