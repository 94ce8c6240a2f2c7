"""The grid: what it counts, what it shows when narrowed, and what is taken away of it."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from candour.involvement import actions, queries
from candour.involvement.models import Involvement, Known
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import LATER, ask_of
from candour.involvement.tests.test_pages import where
from candour.notices.models import Message
from candour.people.models import Agency, User
from candour.people.tests.factories import AT, sign_in, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(LATER, tick=False):
        yield


RETURNS = {}


@queries.register_returns
def returns_of_this_test(audit):
    """What a later step says of the returns: here what a test has put down."""
    return RETURNS


@pytest.fixture(autouse=True)
def no_return_begun():
    RETURNS.clear()
    yield
    RETURNS.clear()


def returns_of(w, audit):
    """Three cases that the police know: one return is in, one is void, one is not begun; gives the day they are due."""
    stage.known(w, audit, w.police, w.contact_police)
    first, second, _ = Involvement.objects.filter(service=w.police).order_by("case__number")
    RETURNS[first.pk] = queries.Standing("in", given=True)
    RETURNS[second.pk] = queries.Standing("void", wanted=False)
    return queries.grid(audit, AT.date()).returns_due


def test_a_return_made_void_is_owed_no_more_and_a_nil_return_never_was():
    w = world()
    audit = stage.asked(w, 3)
    due = returns_of(w, audit)
    actions.not_known_for_the_rest(ask=ask_of(audit, w.gp), by=w.contact_gp, at=AT)
    made = queries.grid(audit, due)
    assert (made.answered, made.asked) == (6, 18)
    assert (made.given, made.owed, made.unnamed) == (1, 2, 2)
    line = next(line for line in made.lines if line.ask.service_id == w.police.pk)
    assert [cell.ret for cell in line.cells] == ["in", "void", "not begun"]
    assert [cell.late for cell in line.cells] == [False, False, False]
    after = queries.grid(audit, due + timedelta(days=1))
    line = next(line for line in after.lines if line.ask.service_id == w.police.pk)
    assert [cell.late for cell in line.cells] == [False, False, True]


@pytest.mark.parametrize(
    ("show", "services"),
    [
        ("answers", {"acute", "gp", "health_visiting", "school", "social_care"}),
        ("late", set()),
        ("returns", {"police"}),
        ("unnamed", {"police"}),
        ("phone", {"school"}),
        ("undelivered", {"acute"}),
        ("", {"acute", "gp", "health_visiting", "police", "school", "social_care"}),
        ("nonsense", {"acute", "gp", "health_visiting", "police", "school", "social_care"}),
    ],
)
def test_the_grid_is_narrowed_to_what_is_wanted(show, services):
    w = world()
    audit = stage.asked(w, 3)
    due = returns_of(w, audit)
    one = queries.cases_of(audit).first()
    given = {one.pk: actions.Given(Known.RESTRICTED)}
    actions.answer(ask=ask_of(audit, w.school), given=given, by=w.contact_school, at=AT)
    Message.objects.filter(to_user=w.contact_acute).update(failed_at=AT, error="550 no such mailbox")
    shown = queries.grid(audit, due).shown(show)
    assert {line.ask.service_id for line in shown} == {w.services[name].pk for name in services}


def test_what_is_late_is_found_after_its_day():
    w = world()
    audit = stage.asked(w, 1)
    late = queries.grid(audit, ask_of(audit, w.gp).due_on + timedelta(days=1)).shown("late")
    assert len(late) == 6


def test_a_narrowed_grid_says_so_and_reminds_only_what_it_shows(client):
    w = world()
    audit = stage.asked(w, 1)
    Message.objects.filter(to_user=w.contact_acute).update(failed_at=AT, error="550 no such mailbox")
    sign_in(client, w.coordinator)
    page = client.get(where("grid", audit), {"show": "undelivered"}).content.decode()
    assert "1 of 6 services are shown" in page
    assert "not delivered" in page
    assert "Northmere Police" not in page.split("<tbody>")[1].split("</tbody>")[0]
    page = client.get(where("grid", audit), {"show": "returns"}).content.decode()
    assert "None of the 6 services is of this kind." in page
    client.post(where("remind", audit), {"shown": [ask_of(audit, w.acute).pk]})
    assert {row.to_user for row in Message.objects.filter(key__contains=":remind:")} == {w.contact_acute}


def test_an_address_that_fails_is_told_at_its_service_and_written_to_again_once_corrected(client):
    w = world()
    audit = stage.asked(w, 1)
    stage.known(w, audit, w.police, w.contact_police)
    row = Involvement.objects.get(service=w.police)
    named = {row.case_id: actions.Named(w.auditor_police)}
    actions.name_people(ask=ask_of(audit, w.police), named=named, by=w.contact_police, at=AT)
    Message.objects.filter(to_user=w.contact_police).update(sent_at=AT)
    Message.objects.filter(to_user=w.auditor_police).update(failed_at=AT, error="550 5.1.1 <nobody> here")
    said = f"Could not be delivered to {w.auditor_police.email}: 550 5.1.1 <nobody> here"
    line = queries.grid(audit, AT.date()).shown("undelivered")[0]
    assert (line.ask.service, line.message_tone, [one.undelivered for one in line.failing]) == (w.police, "", [said])
    taken = sign_in(client, w.coordinator).post(where("export_grid", audit)).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(taken))
    assert said in next(row for row in rows.get_sheet_by_index(0).to_python() if row[1] == "Child abuse team")[5]
    page = client.get(where("grid", audit)).content.decode()
    assert "550 5.1.1 &lt;nobody&gt; here" in page
    assert f"/people/{w.auditor_police.pk}/?in=northmere" in page
    assert "Could not be delivered" in client.get(f"/people/{w.auditor_police.pk}/").content.decode()
    User.objects.filter(pk=w.auditor_police.pk).update(email="new@example.org")
    assert "Their address is now new@example.org" in client.get(where("grid", audit)).content.decode()
    assert "has been changed since" in client.get(f"/people/{w.auditor_police.pk}/").content.decode()
    again = f"/messages/{line.failing[0].again}/resend/"
    assert again in page
    assert client.post(again, {"next": where("grid", audit)}).headers["Location"] == where("grid", audit)
    assert "Could not be delivered" not in client.get(where("grid", audit)).content.decode()
    assert Message.objects.get(to_user=w.auditor_police).to_address == "new@example.org"


def test_somebody_called_in_is_called_in_at_another_address(client):
    w = world()
    audit = stage.asked(w, 1)
    User.objects.filter(pk=w.contact_gp.pk).update(mail_to="gone@example.org")
    Message.objects.filter(to_user=w.contact_gp).update(failed_at=AT, error="550", partnership=None)
    page = sign_in(client, w.coordinator).get(where("grid", audit)).content.decode()
    assert where("once", ask_of(audit, w.gp)) in page
    assert "/resend/" not in page
    assert "Only they can" not in client.get(f"/people/{w.contact_gp.pk}/").content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_the_grid_asks_no_more_questions_for_more_addresses_that_fail(client, many, django_assert_num_queries):
    w = world()
    audit = stage.asked(w, 1)
    people = [w.contact_gp, w.contact_acute, w.contact_police][:many]
    Message.objects.filter(to_user__in=people).update(failed_at=AT, error="550 5.1.1 nobody here")
    sign_in(client, w.coordinator)
    with django_assert_num_queries(20):
        assert client.get(where("grid", audit)).content.decode().count("Send it again") == many


def test_a_message_that_failed_is_told_although_the_list_was_opened(client):
    w = world()
    audit = stage.asked(w, 1)
    ask = ask_of(audit, w.gp)
    sign_in(client, w.contact_gp).post(where("open", ask), {"purpose": "match"})
    Message.objects.filter(to_user=w.contact_gp).update(failed_at=AT, error="552 mailbox full")
    line = queries.grid(audit, AT.date()).shown("undelivered")[0]
    assert line.message == "opened 23 Nov; last message not delivered 23 Nov"


def test_the_file_that_is_taken_away_runs_nothing_and_names_no_child(client):
    w = world()
    Agency.objects.filter(pk=w.gp.agency_id).update(name='=HYPERLINK("http://example.org")')
    audit = stage.asked(w, 3)
    returns_of(w, audit)
    sign_in(client, w.coordinator)
    answer = client.post(where("export_grid", audit))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="involvement-2026-03.xlsx"'
    parts = zipfile.ZipFile(io.BytesIO(answer.content))
    sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    everything = "".join(parts.read(name).decode() for name in parts.namelist())
    assert not [canary for canary in stage.identities.CANARIES if canary in everything]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[1][0].startswith("3 of 18 answers are in. 1 of 2 returns are in.")
    police = next(row for row in rows if row[1] == "Child abuse team")
    assert police[2:4] + police[6:8] == [3, 3, 2, 1]
    assert police[9:] == [
        "Known; to be named; return in",
        "Known; return void",
        "Known; to be named; return not begun; late",
    ]
    assert Entry.objects.filter(verb="exported the grid").count() == 1
    assert client.get(where("export_grid", audit)).status_code == 405
