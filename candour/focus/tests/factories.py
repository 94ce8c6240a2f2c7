"""Audits to test with, made by the real actions."""

from __future__ import annotations

from datetime import date
from typing import Any

from candour.focus import actions
from candour.focus.flow import SourceKind
from candour.focus.models import Audit
from candour.people.tests.factories import AT, World
from candour.tools.models import Tool, ToolVersion

PERIOD = {"review_from": date(2026, 4, 1), "review_to": date(2026, 9, 30), "starts_on": date(2026, 9, 14)}
DECIDED = {"decided_by": "Quality assurance group", "decided_on": date(2026, 9, 14)}
WHO = "Children under 10 with an injury as the reason for contact"


def tool_version() -> ToolVersion:
    """A published audit tool: the one that is shipped, where there is one."""
    shipped = ToolVersion.objects.filter(published_at__isnull=False, tool__code="core").order_by("-number").first()
    if shipped:
        return shipped
    tool = Tool.objects.create(code="core-for-tests", name="Core tool")
    return ToolVersion.objects.create(tool=tool, number=1, document={"sections": []}, published_at=AT)


def planned(w: World, code: str = "2026-03", **more: Any) -> Audit:
    """An audit as it stands when it has just been started."""
    wanted = {"title": "How well do we respond to physical abuse?", "who": WHO, **PERIOD, **more}
    return actions.open_audit(partnership=w.partnership, code=code, by=w.coordinator, at=AT, **wanted)


def ready(w: World, code: str = "2026-03", **more: Any) -> Audit:
    """An audit that only waits to be decided on; all services of the world are expected."""
    audit = planned(w, code, **more)
    acting = {"audit": audit, "by": w.coordinator, "at": AT}
    actions.set_sources(evidence={SourceKind.PRACTICE_REVIEW: "Two local rapid reviews."}, **acting)
    actions.set_services(services=list(w.services.values()), keep=False, **acting)
    actions.set_tool(tool=tool_version(), graded=True, lawful_basis="Children Act 2004", **acting)
    return Audit.objects.get(pk=audit.pk)


def under_way(w: World, code: str = "2026-03", **more: Any) -> Audit:
    """An audit that has been decided on."""
    return actions.begin_audit(audit=ready(w, code, **more), by=w.coordinator, at=AT, **DECIDED)
