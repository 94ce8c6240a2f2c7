"""The pages of the audit tools: the shelf, and one tool as a service would meet it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from candour.access.guard import Request, needs
from candour.access.policy import Can
from candour.people.models import ServiceKind
from candour.tools import queries
from candour.tools.models import ToolVersion

BRIEF = "brief"
BRIEF_LABEL = "Any service after a brief contact"


@needs(Can.SEE_TOOL)
def shelf(request: Request) -> HttpResponse:
    """The audit tools that this person's partnerships may use."""
    return render(request, "tools/shelf.html", {"versions": queries.shelf(request.user)})


@needs(Can.SEE_TOOL, of=ToolVersion)
def show(request: Request, version: ToolVersion) -> HttpResponse:
    """A tool as one kind of service would see it."""
    kinds = [*ServiceKind.choices, (BRIEF, BRIEF_LABEL)]
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(kinds) else ServiceKind.SOCIAL_CARE
    document = queries.document_of(version.pk)
    asked: dict[str, Any] = {"kind": "" if kind == BRIEF else kind, "brief": kind == BRIEF}
    context = {
        "crumbs": [("Audit tools", reverse("tools:shelf")), (document.name, "")],
        "version": version,
        "document": document,
        "kind": kind,
    }
    context["kind_label"] = dict(kinds)[kind]
    context |= {"sections": document.sections(**asked), "length": document.length(**asked)}
    context["lengths"] = [(k, label, document.length(k, brief=k == BRIEF)) for k, label in kinds]
    return render(request, "tools/show.html", context)
