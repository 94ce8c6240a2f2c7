"""The pages of the audit tools: the shelf, a tool as a service would meet it, and the editor of one's own."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, by_and_at, needs
from candour.access.policy import Can, allows
from candour.kernel.clock import now
from candour.kernel.errors import Refused, Stale
from candour.people.models import ServiceKind
from candour.tools import actions, editing, queries, values
from candour.tools.compare import changes
from candour.tools.documents import Faulty, dump, ordered
from candour.tools.forms import (
    BringInForm,
    CopyForm,
    HeadForm,
    KindForm,
    QuestionForm,
    SectionForm,
    TryForm,
    WhenForm,
)
from candour.tools.models import ToolVersion

KINDS = [*ServiceKind.choices, (queries.BRIEF, queries.BRIEF_LABEL)]


def _crumbs(version: ToolVersion, here: str = "") -> list[tuple[str, str]]:
    name, shelf = version.document["name"], ("Audit tools", reverse("tools:shelf"))
    if version.published_at or not here:
        return [shelf, (name, version.get_absolute_url() if here else "")]
    return [shelf, (name, reverse("tools:edit", args=[version.pk])), (here, "")]


def _saved(request: Request, form: Any, action: Any, **arguments: Any) -> Any:
    """What the action returned, or None: then the form says why, and shows another's text beside one's own."""
    try:
        return action(by=request.user, at=now(), **arguments)
    except Stale as stale:
        form.beside(stale.theirs)
        form.add_error(None, str(stale))
    except Faulty as faulty:
        for fault in str(faulty).splitlines():
            form.add_error(None, fault)
    except Refused as refused:
        form.add_error(None, str(refused))
    return None


def _editor(version: ToolVersion, where: str = "") -> HttpResponse:
    if version.published_at:
        return redirect(version)
    return redirect(reverse("tools:edit", args=[version.pk]) + (f"#{where}" if where else ""))


def _part(request: Request, version: ToolVersion, page: str, heading: str, form: Any, **more: Any) -> HttpResponse:
    context = {"version": version, "crumbs": _crumbs(version, heading), "heading": heading, "form": form, **more}
    return render(request, f"tools/{page}.html", context)


def _kind(request: Request) -> tuple[str, dict[str, Any]]:
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(KINDS) else str(ServiceKind.SOCIAL_CARE)
    return kind, {"kind": "" if kind == queries.BRIEF else kind, "brief": kind == queries.BRIEF}


@needs(Can.SEE_TOOL)
def shelf(request: Request) -> HttpResponse:
    """The audit tools that this person's partnerships may use."""
    rows = queries.shelf(request.user)
    context: dict[str, Any] = {"versions": [row for row in rows if row.use != queries.VIEWS]}
    context |= {"voluntary": [row for row in rows if row.use == queries.VIEWS]}
    context |= {"drafts": queries.drafts(request.user), "may_write": allows(request.user, Can.WRITE_TOOL)}
    return render(request, "tools/shelf.html", context)


@needs(Can.SEE_TOOL, of=ToolVersion)
def show(request: Request, version: ToolVersion) -> HttpResponse:
    """A tool as one kind of service would see it."""
    kind, asked = _kind(request)
    document = queries.read_of(version)
    context = {"crumbs": _crumbs(version), "version": version, "document": document, "kind": kind}
    context |= {"kind_label": dict(KINDS)[kind], "reading": queries.reading_of(version)}
    context |= {"sections": document.sections(**asked), "length": document.length(**asked)}
    context["lengths"] = [(k, label, document.length(k, brief=k == queries.BRIEF)) for k, label in KINDS]
    context |= {"may_copy": allows(request.user, Can.COPY_TOOL, version)}
    context |= {"may_write": allows(request.user, Can.WRITE_TOOL, version)}
    context |= {"draft": queries.open_draft(version) if context["may_write"] else None}
    context |= {"measured": queries.measured(version, request.user)}
    return render(request, "tools/show.html", context)


@needs(Can.SEE_TOOL, of=ToolVersion)
def export(request: Request, version: ToolVersion) -> HttpResponse:
    """A tool as a written document, which `bring in` reads."""
    name = f"{version.document['code']}-{version.number}"
    if request.GET.get("as") == "json":
        made = HttpResponse(queries.as_json(version), content_type="application/json")
        made["Content-Disposition"] = f'attachment; filename="{name}.json"'
        return made
    made = HttpResponse(dump(ordered(version.document)), content_type="application/yaml; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return made


@needs(Can.SEE_TOOL, of=ToolVersion)
def compare(request: Request, version: ToolVersion) -> HttpResponse:
    """What changed from one version to another."""
    others = queries.siblings(version, request.user)
    wanted = request.GET.get("with", "")
    earlier = next((row for row in others if row.pk == wanted), None) or queries.before(version)
    other = earlier or next(iter(others), None)
    found = changes(other.document, version.document) if other else []
    heading = "What changed"
    context = {"version": version, "crumbs": [*_crumbs(version, heading)[:2], (heading, "")], "heading": heading}
    return render(request, "tools/compare.html", context | {"others": others, "other": other, "changes": found})


@needs(Can.SEE_TOOL, of=ToolVersion)
def try_out(request: Request, version: ToolVersion) -> HttpResponse:
    """A return to fill in and see what is asked; nothing of it is kept."""
    kind, asked = _kind(request)
    sections = queries.read_of(version).sections(**asked)
    form = TryForm(request.POST or None, sections=sections)
    questions = [question for section in sections for question in section.questions]
    open_to = values.asked(questions, form.answers)
    rows = [
        (section, [form[key] for q in section.questions if q.key in open_to for key in form.keys_of(q)])
        for section in sections
    ]
    more = {"kind": kind, "kinds": KINDS, "kind_label": dict(KINDS)[kind], "rows": rows, "asked": len(open_to)}
    more |= {"crumbs": [*_crumbs(version, "Try it")[:2], ("Try it", "")], "waiting": len(questions) - len(open_to)}
    return _part(request, version, "try_out", "Try it", form, **more)


@needs(Can.COPY_TOOL, of=ToolVersion)
def copy(request: Request, version: ToolVersion) -> HttpResponse:
    """Begin a tool of one's own as a copy."""
    own = "" if version.use == queries.VIEWS else ", our own"
    initial = {"name": f"{version.document['name']}{own}", "code": version.document["code"]}
    form = CopyForm(request.POST or None, partnerships=queries.own_partnerships(request.user), initial=initial)
    if form.is_valid():
        told = {"code": form.cleaned_data["code"], "name": form.cleaned_data["name"], "partnership": form.partnership}
        if draft := _saved(request, form, actions.copy_tool, version=version, **told):
            return _editor(draft)
    crumbs = [*_crumbs(version, "Copy")[:2], ("Copy", "")]
    return _part(request, version, "copy", "Copy this tool", form, crumbs=crumbs)


@needs(Can.WRITE_TOOL)
def bring_in(request: Request) -> HttpResponse:
    """Begin a tool from a written document."""
    form = BringInForm(request.POST or None, request.FILES or None, partnerships=queries.own_partnerships(request.user))
    if form.is_valid():
        told = {"text": form.cleaned_data["document"], "partnership": form.partnership}
        if draft := _saved(request, form, actions.import_tool, **told):
            return _editor(draft)
    crumbs = [("Audit tools", reverse("tools:shelf")), ("Bring in a tool", "")]
    return render(request, "tools/bring_in.html", {"form": form, "crumbs": crumbs})


@require_POST
@needs(Can.WRITE_TOOL, of=ToolVersion)
def next_version(request: Request, version: ToolVersion) -> HttpResponse:
    """Begin the next version of a tool of one's own."""
    draft = attempt(request, actions.write_next, version=version, by=request.user, at=now())
    return _editor(draft) if draft else redirect(version)


@needs(Can.WRITE_TOOL, of=ToolVersion)
def edit(request: Request, version: ToolVersion) -> HttpResponse:
    """A version being written: its parts, how long it is for whom, how it reads, what is still wrong."""
    if version.published_at:
        return redirect(version)
    context = {"crumbs": _crumbs(version, "Write"), "version": version, **queries.state_of(version)}
    context["measured"] = queries.measured(context["earlier"], request.user)
    return render(request, "tools/edit.html", context)


@needs(Can.WRITE_TOOL, of=ToolVersion)
def head(request: Request, version: ToolVersion) -> HttpResponse:
    """Title, opening paragraph and time."""
    form = HeadForm(request.POST or None, part={part: version.document.get(part) for part in editing.HEAD})
    if form.is_valid():
        told = {part: form.cleaned_data[part] for part in editing.HEAD}
        if _saved(request, form, actions.save_head, version=version, parts=told, seen=form.cleaned_data["seen"]):
            return _editor(version)
    return _part(request, version, "head", "Title and time", form)


@needs(Can.WRITE_TOOL, of=ToolVersion)
def section(request: Request, version: ToolVersion, key: str = "") -> HttpResponse:
    """A section's title, guidance and grade; or a new section."""
    form = SectionForm(request.POST or None, part=queries.section_of(version, key))
    if form.is_valid():
        told = {"key": key, "parts": form.parts, "seen": form.cleaned_data["seen"]}
        if found := _saved(request, form, actions.save_section, version=version, **told):
            return _editor(version, f"s-{found}")
    return _part(request, version, "section", "Section" if key else "New section", form)


@needs(Can.WRITE_TOOL, of=ToolVersion)
def question(request: Request, version: ToolVersion, key: str = "") -> HttpResponse:
    """A question and its answers; or a new question."""
    part = queries.question_of(version, key, request.GET.get("section", ""))
    choices = [(one["key"], one["title"]) for one in version.document["sections"]]
    answered = key in queries.answered(version)
    form = QuestionForm(request.POST or None, part=part, sections=choices, answered=answered)
    if form.is_valid():
        told = {"key": key, "parts": form.parts, "seen": form.cleaned_data["seen"]}
        if found := _saved(request, form, actions.save_question, version=version, **told):
            return _editor(version, f"q-{found}")
    more = {"key": key, "answered": answered, "options": queries.options_of(part)}
    return _part(request, version, "question", "Question" if key else "New question", form, **more)


@needs(Can.WRITE_TOOL, of=ToolVersion)
def when(request: Request, version: ToolVersion, what: str, key: str) -> HttpResponse:
    """Ask a question or a section only when an earlier question was answered so."""
    held, gates = queries.condition_of(version, what, key)
    gate = next(
        (g for g in gates if g["key"] == (request.GET.get("by") or (held.get("when") or {}).get("question"))), None
    )
    form = WhenForm(request.POST or None, answers=editing.answers(gate) if gate else {}, seen=held.get("when") or {})
    always = request.method == "POST" and "always" in request.POST
    if always or (gate and form.is_valid()):
        told = None if always else {"question": gate["key"], "is": form.cleaned_data["among"]}  # type: ignore[index]
        sent = {"what": what, "key": key, "when": told, "seen": request.POST.get("seen", "")}
        if _saved(request, form, actions.save_when, version=version, **sent):
            return _editor(version, f"{what[0]}-{key}")
    return _part(request, version, "when", "Ask it only when", form, what=what, held=held, gates=gates, gate=gate)


@needs(Can.WRITE_TOOL, of=ToolVersion)
def kind(request: Request, version: ToolVersion, kind: str) -> HttpResponse:
    """What one kind of service is asked of the questions for everybody."""
    if kind not in dict(KINDS):
        raise Http404
    form = KindForm(request.POST or None, **queries.kind_of(version, kind))
    if form.is_valid():
        told = {"kind": kind, "asked": form.asked, "seen": form.cleaned_data["seen"]}
        if _saved(request, form, actions.save_kind, version=version, **told):
            return _editor(version, "lengths")
    added = queries.added_for(version, kind)
    return _part(request, version, "kind", str(dict(KINDS)[kind]), form, kind=kind, added=added)


@require_POST
@needs(Can.WRITE_TOOL, of=ToolVersion)
def move(request: Request, version: ToolVersion) -> HttpResponse:
    """Move a section, a question or an answer one place up or down."""
    what, key, option, by = (request.POST.get("move", "").split(":") + [""] * 4)[:4]
    told: dict[str, Any] = {"what": what, "key": key, "option": option, "by_places": -1 if by == "up" else 1}
    attempt(request, actions.move_part, version=version, by=request.user, at=now(), **told)
    if what == "option":
        return redirect("tools:question", pk=version.pk, key=key)
    return _editor(version, f"{what[:1]}-{key}")


@needs(Can.WRITE_TOOL, of=ToolVersion)
def remove(request: Request, version: ToolVersion, what: str, key: str) -> HttpResponse:
    """Take a section or a question out, once asked whether."""
    if request.method == "POST":
        attempt(request, actions.take_out, version=version, what=what, key=key, by=request.user, at=now())
        return _editor(version)
    held = queries.held(version, what, key)
    more = {"held": held, "what": what, "answered": key in queries.answered(version)}
    return _part(request, version, "remove", "Take it out", None, **more)


@require_POST
@needs(Can.WRITE_TOOL, of=ToolVersion)
def restore(request: Request, version: ToolVersion, key: str) -> HttpResponse:
    """Ask a question again that was asked no more."""
    attempt(request, actions.ask_again, version=version, key=key, by=request.user, at=now())
    return _editor(version, f"q-{key}")


@needs(Can.WRITE_TOOL, of=ToolVersion)
def publish(request: Request, version: ToolVersion) -> HttpResponse:
    """Look once more at what changes, and publish it."""
    if request.method == "POST":
        told = {"version": version, **by_and_at(request)}
        done = attempt(request, actions.publish_version, success="Published. Audits may use it from now on.", **told)
        return redirect(done) if done else _editor(version)
    return _part(request, version, "publish", "Publish", None, **queries.state_of(version))


@needs(Can.WRITE_TOOL, of=ToolVersion)
def throw_away(request: Request, version: ToolVersion) -> HttpResponse:
    """Throw a draft away, once asked whether."""
    if request.method == "POST":
        told = {"version": version, **by_and_at(request)}
        attempt(request, actions.throw_away, success="The draft is thrown away.", **told)
        return redirect("tools:shelf")
    return _part(request, version, "throw_away", "Throw it away", None)
