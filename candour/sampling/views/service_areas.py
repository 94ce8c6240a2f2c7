"""Pages about a partnership's service areas."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from candour.access.guard import attempt, needs
from candour.access.policy import Can
from candour.kernel.clock import now
from candour.people.models import Partnership
from candour.sampling import actions, queries
from candour.sampling.forms import AreaForm
from candour.ui.forms import posted


@needs(Can.KEEP_AREAS, of=Partnership)
def areas(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The service areas in the order in which they apply."""
    context = {"partnership": partnership, "areas": queries.own_areas(partnership.pk)}
    return render(request, "sampling/areas.html", context)


@needs(Can.KEEP_AREAS, of=Partnership)
def area(request: HttpRequest, partnership: Partnership, code: str = "") -> HttpResponse:
    """Change one service area, or add one."""
    initial = queries.area_page(partnership.pk, code)
    if initial is None:
        raise Http404
    form = AreaForm(posted(request), initial=initial)
    if form.is_valid():
        given = {"partnership": partnership, "code": code, **form.cleaned_data}
        words = "Saved. Lists that are read from now on go by it."
        if attempt(request, actions.keep_area, success=words, **given, by=request.user, at=now()):
            return redirect("sampling:areas", partnership.pk)
    context = {"partnership": partnership, "form": form, "code": code, "name": initial["name"]}
    return render(request, "sampling/area.html", context)
