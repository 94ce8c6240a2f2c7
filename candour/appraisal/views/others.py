"""What stands beside a return: brothers and sisters whom it covers, and what earlier audits said to this service."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from candour.access.guard import Request, attempt, needs
from candour.access.policy import Can
from candour.appraisal import actions, queries
from candour.appraisal.forms import OthersForm
from candour.appraisal.models import Return
from candour.appraisal.views.declaring import once_declared
from candour.kernel.clock import now
from candour.ui.forms import posted


@needs(Can.WRITE_RETURN, of=Return)
@once_declared
def others(request: Request, ret: Return) -> HttpResponse:
    """Say which other children a return covers; each question then has room for what differs for them."""
    initial = {"others": ret.also_covers, "seen": ret.also_covers}
    form = OthersForm(posted(request), initial=initial)
    if form.is_valid():
        said = {"ret": ret, **form.cleaned_data}
        if attempt(request, actions.cover_others, **said, by=request.user, at=now()):
            return redirect("appraisal:show", pk=ret.pk)
        form.seen_now("seen", ret.also_covers)
    return render(request, "appraisal/others.html", {"ret": ret, "form": form, "crumbs": _way_to(ret)})


@needs(Can.WRITE_RETURN, of=Return)
@once_declared
def said_before(request: Request, ret: Return) -> HttpResponse:
    """What earlier audits said to this service, to be read beside its return: of one section where it is named."""
    section = queries.section_of(ret, request.GET.get("section", ""))
    said = queries.said_before(ret, request.user, section.domain if section else "")
    context = {"ret": ret, "said": said, "section": section, "crumbs": _way_to(ret)}
    return render(request, "appraisal/before.html", context)


def _way_to(ret: Return) -> list[tuple[str, str]]:
    return [("Your returns", reverse("appraisal:returns")), (str(ret.case), reverse("appraisal:show", args=[ret.pk]))]
