"""Services that a screening or an answer names, and those that knew a child for a part of the period."""

from datetime import date

import pytest
import time_machine

from candour.involvement import actions, queries
from candour.involvement.actions import Given, Looked
from candour.involvement.models import AskedCase, Involvement, Known, Outcome
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import LATER, ask_of
from candour.involvement.tests.test_pages import get, where
from candour.people.models import ServiceKind
from candour.people.tests.factories import AT, service, sign_in, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(LATER, tick=False):
        yield


def test_who_is_named_is_asked_from_the_grid_with_where_the_mention_comes_from(client):
    w = world()
    audit = stage.screening(w, 2)
    one, two = queries.cases_of(audit)
    looked = {one.pk: Looked(Outcome.CLEAR, others="An earlier school in Larchfield"), two.pk: Looked(Outcome.CLEAR)}
    actions.screen(ask=ask_of(audit, w.police), looked=looked, by=w.contact_police, at=AT)
    clear = {case.pk: Looked(Outcome.CLEAR) for case in (one, two)}
    actions.screen(ask=ask_of(audit, w.social_care), looked=clear, by=w.contact_sc, at=AT)
    actions.ask_services(audit=audit, by=w.coordinator, at=AT)
    given = {two.pk: Given(Known.KNOWN, others="School nurse also involved")}
    actions.answer(ask=ask_of(audit, w.health_visiting), given=given, by=w.contact_hv, at=AT)
    told = [(mention.case.number, str(mention.by), mention.said) for mention in queries.mentions(audit)]
    assert told == [
        (1, "Child abuse team", "An earlier school in Larchfield"),
        (2, "Health visiting", "School nurse also involved"),
    ]
    nurse = service("Mere Community Trust", "School nursing", ServiceKind.HEALTH_VISITING, w.partnership)
    sign_in(client, w.coordinator)
    page = get(client, "grid", audit)
    link = f"{where('add_service', audit)}?case={two.pk}&amp;by={w.health_visiting.pk}"
    assert link in page
    form = client.get(link.replace("&amp;", "&")).content.decode()
    assert 'value="Named by Health visiting"' in form
    data = {"service": nurse.pk, "cases": [two.pk], "mention": "Named by Health visiting"}
    client.post(where("add_service", audit), data | {"mentioned_by": w.health_visiting.pk})
    assert AskedCase.objects.get(ask__service=nurse).mentioned_by == w.health_visiting
    assert [mention.asked for mention in queries.mentions(audit)] == [[], ["School nursing"]]


def test_a_correction_keeps_who_was_named_before(client):
    w = world()
    audit = stage.asked(w, 1)
    ask, case = ask_of(audit, w.gp), queries.cases_of(audit).get()
    sign_in(client, w.contact_gp)
    row = {f"{case.pk}-answer": "known", f"{case.pk}-others": "Housing", f"{case.pk}-version": "0"}
    client.post(where("answer", ask), row)
    client.post(where("answer", ask), row | {f"{case.pk}-others": "", f"{case.pk}-version": "1"})
    page = get(client, "show", Involvement.objects.get())
    assert "also: Housing" in page
    assert queries.mentions(audit) == []


def test_two_schools_are_each_asked_about_their_own_part_of_the_period(client):
    w = world()
    audit = stage.asked(w, 1)
    case = queries.cases_of(audit).get()
    earlier = service("Larchfield Primary School", "Larchfield Primary School", ServiceKind.SCHOOL, w.partnership)
    sign_in(client, w.coordinator)
    days = {
        "from_on_day": "1",
        "from_on_month": "4",
        "from_on_year": "2026",
        "until_on_day": "22",
        "until_on_month": "7",
    }
    data = {"service": earlier.pk, "cases": [case.pk], "mention": "The school before the move", **days}
    wrong = client.post(where("add_service", audit), data | {"until_on_year": "2025"}).content.decode()
    assert "Give a last day that is not before the first" in wrong
    client.post(where("add_service", audit), data | {"until_on_year": "2026"})
    row = AskedCase.objects.get(ask__service=earlier)
    assert (row.from_on, row.until_on) == (date(2026, 4, 1), date(2026, 7, 22))
    sign_in(client, w.contact_school)
    assert "You are asked about" not in get(client, "answer", ask_of(audit, w.school))
    contact = w.users["contact_school"]
    stage.grant_contact(contact, earlier)
    page = get(sign_in(client, type(contact).objects.get(pk=contact.pk)), "answer", row.ask)
    assert "You are asked about 1 April 2026 to 22 July 2026 only." in page
