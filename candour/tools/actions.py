"""What a coordinator does with a partnership's own tools: copy, write, publish, throw away."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from candour.access.policy import Can, demand
from candour.kernel.errors import Refused, Stale
from candour.people.models import Partnership, User
from candour.tools import editing, queries
from candour.tools.documents import parse
from candour.tools.format import faults
from candour.tools.models import FROZEN, Tool, ToolVersion, fingerprint
from candour.trail.act import act, record

MEANWHILE = "Somebody changed this meanwhile. Your text and theirs are both below; save again what should stand."
TAKEN = "Your partnership already has a tool with the short name “{code}”. Choose another."


@act
def copy_tool(
    *, version: ToolVersion, partnership: Partnership, code: str, name: str, by: User, at: datetime
) -> ToolVersion:
    """Begin a tool of the partnership's own as a copy of one that it can see."""
    demand(by, Can.COPY_TOOL, version)
    document = editing.normal(version.document) | {"code": code, "name": name, "number": 1}
    return _begin(partnership, document, by, at, {"copied from": version.pk})


@act
def import_tool(*, text: str, partnership: Partnership, by: User, at: datetime) -> ToolVersion:
    """Begin a tool, or the next version of one that the partnership has, from a written document."""
    document = editing.normal(parse(text))
    demand(by, Can.WRITE_TOOL, partnership)
    tool = Tool.objects.select_for_update().filter(partnership=partnership, code=document["code"]).first()
    if tool is None:
        return _begin(partnership, document | {"number": 1}, by, at, {"imported": True})
    return _next(tool, document, by, at, {"imported": True})


@act
def write_next(*, version: ToolVersion, by: User, at: datetime) -> ToolVersion:
    """Begin the next version of a tool as it stands; the published ones stay as they are."""
    demand(by, Can.WRITE_TOOL, version)
    tool = Tool.objects.select_for_update().get(pk=version.tool_id)
    return _next(tool, editing.normal(version.document), by, at, {})


def _begin(
    partnership: Partnership, document: dict[str, Any], by: User, at: datetime, detail: dict[str, Any]
) -> ToolVersion:
    demand(by, Can.WRITE_TOOL, partnership)
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    if Tool.objects.filter(partnership=partnership, code=document["code"]).exists():
        raise Refused(TAKEN.format(code=document["code"]))
    tool = Tool.objects.create(partnership=partnership, code=document["code"], name=document["name"])
    return _draft(tool, document, by, at, detail)


def _next(tool: Tool, document: dict[str, Any], by: User, at: datetime, detail: dict[str, Any]) -> ToolVersion:
    if tool.versions.filter(published_at__isnull=True).exists():
        raise Refused("A new version of this tool is already being written. Publish it or throw it away first.")
    number = 1 + max(tool.versions.values_list("number", flat=True), default=0)
    return _draft(tool, document | {"number": number}, by, at, detail)


def _draft(tool: Tool, document: dict[str, Any], by: User, at: datetime, detail: dict[str, Any]) -> ToolVersion:
    draft = ToolVersion.objects.create(tool=tool, number=document["number"], document=document)
    record("begin tool version", on=draft, by=by, at=at, detail={"code": tool.code, "number": draft.number, **detail})
    return draft


def _held(version: ToolVersion, by: User) -> ToolVersion:
    """The draft, locked and as it stands now."""
    demand(by, Can.WRITE_TOOL, version)
    held = ToolVersion.objects.select_for_update(of=("self",)).select_related("tool").get(pk=version.pk)
    if held.published_at:
        raise Refused(FROZEN)
    return held


def _fresh(part: Mapping[str, Any], seen: str) -> None:
    """Refuse to write over what somebody else wrote since the page was opened."""
    if fingerprint(dict(part)) != seen:
        raise Stale(MEANWHILE, theirs=part)


def _keep(held: ToolVersion, document: dict[str, Any]) -> ToolVersion:
    held.document = document
    held.save(update_fields=["document", "digest"])
    return held


@act
def save_head(*, version: ToolVersion, parts: Mapping[str, Any], seen: str, by: User, at: datetime) -> ToolVersion:
    """Change title, opening paragraph or time."""
    held = _held(version, by)
    _fresh({part: held.document.get(part) for part in editing.HEAD}, seen)
    return _keep(held, editing.with_head(held.document, parts))


@act
def save_section(*, version: ToolVersion, key: str, parts: Mapping[str, Any], seen: str, by: User, at: datetime) -> str:
    """Change a section, or add one; its key."""
    held = _held(version, by)
    if key:
        _fresh(editing.told(editing.section(held.document, key)), seen)
    document, key = editing.with_section(held.document, key, parts)
    _keep(held, document)
    return key


@act
def save_question(
    *, version: ToolVersion, key: str, parts: Mapping[str, Any], seen: str, by: User, at: datetime
) -> str:
    """Change a question, or add one; its key. What was once answered keeps its type, and its answers their words."""
    held = _held(version, by)
    if key:
        was = editing.question(held.document, key)
        _fresh(was, seen)
        if key in queries.answered(held) and was["type"] != parts["type"]:
            raise Refused("This question has been asked before, so its type of answer stays. Write a new one instead.")
    document, key = editing.with_question(held.document, key, parts)
    _keep(held, document)
    return key


@act
def save_when(
    *, version: ToolVersion, what: str, key: str, when: Mapping[str, Any] | None, seen: str, by: User, at: datetime
) -> ToolVersion:
    """Ask a question or a section only when an earlier question was answered so, or always."""
    held = _held(version, by)
    _fresh(queries.held(held, what, key).get("when") or {}, seen)
    return _keep(held, editing.with_when(held.document, what, key, when))


@act
def save_kind(
    *, version: ToolVersion, kind: str, asked: Collection[str], seen: str, by: User, at: datetime
) -> ToolVersion:
    """Choose which of the questions for everybody a kind of service is asked."""
    held = _held(version, by)
    _fresh({"asked": sorted(queries.kind_of(held, kind)["asked"])}, seen)
    shared = [key for section in held.document["sections"] for key in editing.keys_of(section)]
    if kind == queries.BRIEF:
        return _keep(held, editing.with_brief(held.document, asked))
    return _keep(held, editing.with_kind(held.document, kind, [key for key in shared if key not in asked]))


@act
def move_part(
    *, version: ToolVersion, what: str, key: str, option: str, by_places: int, by: User, at: datetime
) -> None:
    """Move a section, a question or an answer one place up or down."""
    held = _held(version, by)
    if what == "option":
        _keep(held, editing.option_moved(held.document, key, option, by_places))
    else:
        _keep(held, editing.moved(held.document, what, key, by_places))


@act
def take_out(*, version: ToolVersion, what: str, key: str, by: User, at: datetime) -> None:
    """Take a section or a question out; a question that was once asked is only asked no more."""
    held = _held(version, by)
    if what == "section" and len(held.document["sections"]) == 1:
        raise Refused("A tool needs at least one section.")
    _keep(held, editing.without(held.document, what, key, queries.answered(held)))


@act
def ask_again(*, version: ToolVersion, key: str, by: User, at: datetime) -> None:
    """Ask a question again that was asked no more."""
    held = _held(version, by)
    _keep(held, editing.asked_again(held.document, key))


@act
def publish_version(*, version: ToolVersion, by: User, at: datetime) -> ToolVersion:
    """Freeze a version: audits may use it from now on, and it never changes again."""
    held = _held(version, by)
    if found := faults(held.document):
        raise Refused(f"It cannot be published yet: {found[0]}")
    held.published_at, held.published_by = at, by
    held.save()
    Tool.objects.filter(pk=held.tool_id).update(name=held.document["name"])
    record("publish tool version", on=held, by=by, at=at, detail={"number": held.number, "digest": held.digest})
    return held


@act
def throw_away(*, version: ToolVersion, by: User, at: datetime) -> None:
    """Throw away a version that was never published; a tool without any other goes with it."""
    held = _held(version, by)
    tool = held.tool
    record("throw away tool version", on=held, by=by, at=at, detail={"number": held.number})
    held.delete()
    if not tool.versions.exists():
        tool.delete()
