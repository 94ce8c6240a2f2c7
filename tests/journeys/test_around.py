"""What stands around the steps, in Chromium at both widths: the calendar, the digest, a declaration, a concern's way."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from candour.appraisal import actions as appraisal
from candour.appraisal.models import Connection, Return
from candour.appraisal.tests import factories as make
from candour.concerns.models import Concern
from candour.kernel.tasks import Task
from candour.notices import digest
from candour.notices.models import Message
from candour.people.tests.factories import AT, world
from candour.retention.models import Hold
from tests.access.rows import furnish
from tests.journeys.driver import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def letter(w) -> Message:
    """The reminder of one day for somebody of whom forty things are wanted, in five partnerships."""
    homes = [f"{name} Safeguarding Children Partnership" for name in ("North", "South", "East", "West", "Northmere")]
    day = AT.date()
    tasks = [
        Task("x", "/", due=day + timedelta(days=number % 23 - 9), partnership=homes[number % 5]) for number in range(40)
    ]
    said = digest.compose("Ruth", tasks, day)
    assert said is not None
    about = {"partnership": w.partnership, "to_user": w.contact_hv, "to_address": w.contact_hv.email}
    return Message.objects.create(
        key="digest",
        subject=said.subject,
        body=f"{said.body}\nhttp://127.0.0.1:8000/",
        queued_at=AT,
        next_try_at=AT,
        **about,
    )


def test_a_calendar_of_ones_own_and_forty_things_on_one_screen(page, live_server, fits):
    w, person = world(), Person(page, live_server.url, fits)
    person.is_(w.coordinator, "/account/").follows("Look at your calendar’s address").presses("Make my address")
    person.holds()
    address = page.locator(".cd-panel strong").inner_text()
    path = address[address.index("/calendar/") :]
    fetched = page.request.get(live_server.url + path)
    assert fetched.status == 200
    assert "BEGIN:VCALENDAR" in fetched.text()
    person.presses("Make a new address").sees("the old one opens nothing")
    assert page.request.get(live_server.url + path).status == 404

    person.goes(f"/messages/{letter(w).pk}/").sees(
        "For safety this message does not", "Northmere Safeguarding Children Partnership: 7"
    )
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        box = page.locator(".cd-panel").bounding_box()
        assert box is not None
        assert box["height"] < 900


def test_whoever_checks_declares_before_a_return_opens(page, live_server, fits):
    w = world()
    ret = make.answer(make.draft(w, make.audit(w), w.health_visiting))
    appraisal.hand_over(ret=ret, by=ret.auditor, at=make.AT)
    person = Person(page, live_server.url, fits).is_(w.authoriser_hv, f"/returns/{ret.pk}/authorise/")
    person.sees("Before this return opens to you").sees_nowhere("As the record of 3 March shows.")
    person.presses("Go on").sees("Say which of these is true").holds()
    person.chooses(independence="connected").presses("Go on").sees("This case is now closed to you")
    assert page.goto(f"{live_server.url}/returns/{ret.pk}/authorise/").status == 404
    assert Connection.objects.get().user == w.authoriser_hv
    assert Return.objects.get().state == "with-authoriser"


def test_a_concern_goes_its_way_and_a_hold_is_lifted(page, live_server, fits):
    here = furnish(world(), "closed")
    w, case = here.world, here.rows["sampling.Case"]
    person = Person(page, live_server.url, fits).is_(w.auditor_hv, f"/cases/{case.pk}/concern/practice/")
    person.presses("Pass it on").sees("There is a problem").holds()
    person.chooses(route="employer", owner=w.contact_hv.pk).writes(text="A worker shouted at a child.")
    person.presses("Pass it on").sees("you see whether it is open or closed").sees_nowhere("shouted")
    practice = Concern.objects.exclude(kind="unsafe").get()
    person.is_(w.contact_hv, f"/concerns/{practice.pk}/").sees("A worker shouted at a child.").presses("Take it up")
    person.writes(note="Spoken with, and supervised.").presses("Close it").sees("Spoken with, and supervised.").holds()
    person.is_(w.coordinator, f"/retention/{w.partnership.pk}/hold/").presses("Keep it").sees("There is a problem")
    person.holds()
    page.get_by_label("What must be kept?").select_option(label="Case 1, audit 2026-03")
    person.writes(why="Ordered by the court").presses("Keep it").presses("Lift")
    expect(page.get_by_text("Ordered by the court")).to_have_count(0)
    assert Hold.objects.filter(lifted_at=None).count() == 0
