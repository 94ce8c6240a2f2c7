"""Good practice of a return that is to be passed on."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from candour.access.guard import Request, attempt, by_and_at, needs
from candour.access.policy import Can
from candour.appraisal import actions, queries
from candour.appraisal.models import Return
from candour.appraisal.views.declaring import once_declared
from candour.appraisal.views.returns import _about


@needs(Can.CELEBRATE, of=Return)
@once_declared
def celebrate(request: Request, ret: Return) -> HttpResponse:
    """The good practice of a return, to be marked, and its author's leave."""
    if request.method == "POST":
        _marked(request, ret)
        return redirect("appraisal:celebrate", pk=ret.pk)
    context = _about(request, ret, lines=queries.good_practice(ret, request.user))
    context["crumbs"] = [*context["crumbs"], ("Good practice", "")]
    return render(request, "appraisal/celebrate.html", context)


def _marked(request: Request, ret: Return) -> None:
    what, pk = request.POST.get("what", "").partition(":")[::2]
    told: dict[str, Any] = {"ret": ret, "pk": pk, **by_and_at(request)}
    if what in ("agree", "refuse"):
        attempt(request, actions.give_leave, agreed=what == "agree", **told)
    elif what == "unmark":
        attempt(request, actions.celebrate_no_more, **told)
    else:
        attempt(request, actions.celebrate, **told)
