"""Who can receive a concern about practice, and what its record says of that."""

import pytest
from django.urls import reverse

from candour.concerns import actions, queries
from candour.concerns.tests.test_concerns import case_of, practice
from candour.kernel.errors import Refused
from candour.people.tests.factories import AT, sign_in, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


def close_to(person, case, service):
    """Somebody has declared a connection to the family of a case."""
    case.connections.create(partnership=case.partnership, user=person, service=service, at=AT)


def test_nobody_to_whom_the_case_is_closed_receives_a_concern_about_it(client):
    w = world()
    case = case_of(w)
    assert practice(w, case, owner=w.contact_hv).owner == w.contact_hv
    close_to(w.contact_hv, case, w.health_visiting)
    with pytest.raises(Refused, match="Choose who receives"):
        practice(w, case, owner=w.contact_hv)
    held = practice(w, case, by=w.chair)
    with pytest.raises(Refused, match="Choose who receives"):
        actions.pass_on(concern=held, owner=w.contact_hv, reason="Theirs.", by=w.contact_police, at=AT)
    said = {"route": "employer", "text": "Visits were not made.", "reason": "It is theirs.", "owner": w.contact_hv.pk}
    for person, where in (
        (w.chair, reverse("concerns:practice", args=[case.pk])),
        (w.contact_police, reverse("concerns:pass_on", args=[held.pk])),
    ):
        page = sign_in(client, person).get(where).text
        assert w.concerns.pk in page
        assert w.contact_hv.pk not in page
        page = client.post(where, said).text
        assert "There is a problem" in page
        assert said["text" if person == w.chair else "reason"] in page


def test_the_record_of_passing_a_concern_on_says_to_whom_and_only_its_readers_see_it(client):
    w = world()
    held = practice(w, case_of(w), by=w.chair)
    there = actions.pass_on(concern=held, owner=w.contact_hv, reason="Theirs.", by=w.contact_police, at=AT)
    actions.pass_on(concern=there, owner=w.concerns, reason="Not ours.", by=w.contact_hv, at=AT)
    assert [(act.who, act.did, act.whom) for act in queries.history(held)] == [
        ("Chair", "raised a concern about practice", ""),
        ("Contact Police", "pass on", "Contact Hv"),
        ("Contact Hv", "pass on", "Concerns"),
    ]
    where = reverse("concerns:show", args=[held.pk])
    assert "Contact Police: pass on to Contact Hv" in sign_in(client, w.concerns).get(where).text
    assert "Contact Hv" not in sign_in(client, w.chair).get(where).text
    last = Entry.objects.select_related("detail").get(object_id=held.pk, seq=Entry.objects.count())
    assert last.detail.owner_id == held.pk
    assert last.detail.body["detail"]["to"] == "open"
    page = sign_in(client, w.coordinator).get("/trail/").text
    assert "Concerns" not in page[page.index("<main") : page.index("</main")]
