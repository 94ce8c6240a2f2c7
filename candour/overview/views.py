"""The work list, an audit's page, the executive's page, the trail; and two pages for everybody."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from candour.access.guard import Request, attempt, needs, public
from candour.access.policy import Can, allows
from candour.appraisal import actions as returns
from candour.focus import queries as focus
from candour.focus.models import Audit
from candour.kernel.clock import now, today
from candour.overview import audits, history, practice, queries, steps, underway, worklist
from candour.overview.executive import figures
from candour.overview.forms import TrailFilter
from candour.people.models import Partnership
from candour.sampling import queries as sampling
from candour.trail import actions as record
from candour.trail import queries as chains
from candour.ui.paper import pdf_response

TASKS_PER_PAGE = 50


@needs(Can.SEE_WORK)
def work(request: Request) -> HttpResponse:
    """What needs this person now, by day."""
    day, several = today(), queries.ties(request.user).partnerships > 1
    tasks = worklist.in_order(queries.tasks(request.user, day))
    page = Paginator(tasks, TASKS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "several": several,
        "opening": worklist.opening(tasks, day),
        "coordinates": allows(request.user, Can.START_AUDIT),
        "under_way": underway.under_way(request.user),
        "stretches": worklist.stretches(page.object_list, day, name_partnerships=several),
    }
    return render(request, "overview/work.html", context)


@needs(Can.SEE_EXECUTIVE)
def executive(request: Request) -> HttpResponse:
    """One page for those who answer for the partnership."""
    return render(request, "overview/executive.html", figures(request.user, today()))


@needs(Can.SEE_PRACTICE)
def our_practice(request: Request) -> HttpResponse:
    """What a service's own returns say over the audits."""
    found = practice.of(request.user, request.GET.get("service", ""))
    if found is None:
        raise Http404
    actions = [(action, practice.told(action)) for action in found.actions]
    return render(request, "overview/practice.html", {"found": found, "actions": actions})


@require_POST
@needs(Can.SEE_PRACTICE)
def practice_pdf(request: Request) -> HttpResponse:
    """The same for the service's board, as PDF."""
    found, at = practice.of(request.user, request.POST.get("service", "")), now()
    if found is None:
        raise Http404
    if not attempt(request, returns.take_overview, rets=found.returns, by=request.user, at=at):
        return redirect("overview:our_practice")
    return pdf_response(practice.printed(found, at), f"our-practice-{today(at).isoformat()}.pdf")


@needs(Can.SEE_AUDIT, of=Audit)
def audit(request: Request, audit: Audit) -> HttpResponse:
    """One audit: its seven steps, the one next act, and what of its cases concerns this person."""
    told, runs = steps.stages(audit), audits.runs(request.user, audit)
    context = {
        "audit": audit,
        "steps": steps.shown(told, request.user, audit, figures=audits.reads_figures(request.user, audit)),
        "next": steps.next_act(told) if allows(request.user, Can.EDIT_AUDIT, audit) else None,
        "cases": audits.case_lines(audit, request.user) if runs else [],
        "own": audits.own_lines(audit, request.user),
        "runs": runs,
        "dates": focus.timetable(audit),
        "draw_note": sampling.sampling_note(audit) if allows(request.user, Can.SEE_DRAW, audit) else "",
        "sources": list(audit.sources.order_by("position", "pk")),
    }
    return render(request, "overview/audit.html", context)


@needs(Can.SEE_TRAIL)
def trail(request: Request) -> HttpResponse:
    """What was done, by whom, on what."""
    partnerships, user = history.readable(request.user), request.user
    people, verbs = history.actors(user), history.verbs(user)
    form = TrailFilter(request.GET, partnerships=partnerships, people=people, verbs=verbs)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = history.page_of(user, wanted, request.GET.get("page", "1"))
    context = {
        "form": form,
        "page": page,
        "lines": history.lines(page.object_list, people),
        "records": history.records(partnerships),
        "key": chains.signing_key(),
        "of": wanted.get("of"),
    }
    return render(request, "overview/trail.html", context)


@require_POST
@needs(Can.SEE_TRAIL, of=Partnership)
def export(request: Request, partnership: Partnership) -> HttpResponse | StreamingHttpResponse:
    """The partnership's trail as `candour verify-trail` reads it."""
    taken = attempt(request, record.take_export, partnership=partnership, by=request.user, at=now())
    chain = chains.chain_of(partnership.pk) if taken else None
    if chain is None:
        return redirect("overview:trail")
    name = f"trail-{partnership.slug}-{today().isoformat()}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(chains.export(chain), content_type="application/jsonl", headers=headers)


@needs(Can.SEE_TRAIL, of=Partnership)
def checkpoints(request: Request, partnership: Partnership) -> HttpResponse:
    """The newest signed checkpoint of the partnership's trail, to hold an export against."""
    chain = chains.chain_of(partnership.pk)
    last = chains.last_checkpoint(chain) if chain else None
    if last is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="checkpoint-{partnership.slug}-{last.length}.txt"'}
    return HttpResponse(last.text, content_type="text/plain; charset=utf-8", headers=headers)


@public
def help_page(request: Request) -> HttpResponse:
    """How to use Candour, in one page."""
    return render(request, "overview/help.html")


@public
def accessibility(request: Request) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "overview/accessibility.html")
