"""What a device needs that writes a return without connection: a page that says what waits, and the words back."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from candour.access.guard import Request, needs, public
from candour.access.policy import Can
from candour.appraisal import queries
from candour.appraisal.models import Return


@public
def offline(request: HttpRequest) -> HttpResponse:
    """The page that a device keeps and shows where there is no connection; the same for everybody."""
    return render(request, "appraisal/offline.html")


@public
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows that page; it stands here because a browser lets it serve only what is beside it."""
    return render(request, "appraisal/worker.js", content_type="text/javascript")


@require_POST
@needs(Can.WRITE_RETURN, of=Return)
def waiting(request: Request, ret: Return) -> JsonResponse:
    """Open what this person's device kept of this return, once there is a connection again."""
    found = queries.opened_waiting(ret, request.user, request.POST.get("sealed", ""))
    return JsonResponse({"waiting": found}, status=200 if found is not None else 422)
