"""The agency's board member hears of what is long late; the coordinator sees it coming and can hold it back."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from candour.appraisal import actions, jobs, queries
from candour.appraisal.tests import factories as returns
from candour.focus import actions as focus
from candour.focus.models import Audit, Milestone
from candour.identity.tests.factories import CANARIES
from candour.involvement import actions as involvement
from candour.involvement.models import Ask
from candour.involvement.tests import factories as stage
from candour.kernel.errors import Refused
from candour.notices.models import Message
from candour.people.models import Membership
from candour.people.tests.factories import AT, sign_in, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
BOARD = "board@police.example.org"
DUE = date(2026, 11, 20)


@pytest.fixture
def w():
    made = world()
    Membership.objects.filter(agency=made.police.agency).update(board_name="Dame Ottilie", board_email=BOARD)
    return made


@pytest.fixture
def audit(w):
    """The police owe two answers since Friday; the other services have answered."""
    made = stage.asked(w)
    for name, short in (("social_care", "sc"), ("health_visiting", "hv"), ("acute", "acute"), ("gp", "gp"),
                        ("school", "school")):  # fmt: skip
        ask = Ask.objects.filter(audit=made, service=w.services[name]).first()
        if ask:
            involvement.not_known_for_the_rest(ask=ask, by=w.users[f"contact_{short}"], at=AT)
    Ask.objects.update(due_on=DUE)
    return Audit.objects.get(pk=made.pk)


def morning(day: int, month: int = 11) -> None:
    at = datetime(2026, month, day, 7, 30, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        jobs.escalate(at)


def written() -> list[str]:
    return [one.key[-1] for one in Message.objects.filter(to_address=BOARD).order_by("queued_at")]


def test_the_board_member_hears_after_three_and_five_working_days_and_once_each(w, audit):
    morning(24)
    assert written() == []
    morning(25)
    morning(25)
    morning(26)
    assert written() == ["3"]
    morning(27)
    morning(30)
    assert written() == ["3", "5"]
    letter = Message.objects.filter(to_address=BOARD).first()
    assert "Child abuse team: 2 answers, due on Friday 20 November" in letter.body
    assert not [word for word in (*CANARIES, "Case 1") if word in letter.body + letter.subject]
    assert Entry.objects.filter(verb="wrote to a board member").count() == 2


def test_whoever_has_answered_is_not_written_about(w, audit):
    ask = stage.ask_of(audit, w.police)
    involvement.not_known_for_the_rest(ask=ask, by=w.contact_police, at=AT)
    morning(25)
    assert written() == []


def test_returns_that_are_out_are_told_of_and_those_in_are_not(w):
    audit = returns.audit(w)
    Milestone.objects.update_or_create(
        audit=audit, kind="returns", defaults={"partnership": w.partnership, "due_on": DUE}
    )
    returns.known(w, audit, w.police)
    returns.submitted(w, audit, w.health_visiting)
    assert [str(row) for one in queries.late([audit], AT.date()) for row in one.owed] == ["Child abuse team: 1 return"]
    morning(25)
    assert written() == ["3"]


def test_what_is_held_back_does_not_go_and_goes_once_let_go(w, audit):
    focus.pause_escalation(audit=audit, paused=True, by=w.coordinator, at=AT)
    morning(25)
    morning(27)
    assert actions.escalate(audit=audit, on=date(2026, 11, 27), at=AT) == 0
    assert written() == []
    focus.pause_escalation(audit=audit, paused=False, by=w.coordinator, at=AT)
    morning(30)
    assert written() == ["5"], "one message, not those that were held back as well"


def test_school_holidays_are_quiet(w, audit):
    w.partnership.school_holidays = [["2026-11-25", "2026-11-29"]]
    w.partnership.save()
    morning(25)
    morning(27)
    assert written() == []
    morning(1, 12)
    assert written() == ["3"]


def test_the_days_are_the_audits_own(w, audit, client):
    sign_in(client, w.coordinator)
    url = f"/audits/{audit.pk}/focus/reminders/"
    assert 'value="5, 1"' in client.get(url).content.decode()
    assert "numbers from 1 to 60" in client.post(url, {"before": "x"}).content.decode()
    assert client.post(url, {"before": "3", "after": "2, 4", "escalate": "1"}).status_code == 302
    audit.refresh_from_db()
    assert (audit.remind_on, audit.escalate_on) == ([-3, 2, 4], [1])
    with pytest.raises(Refused, match="only after the due date"):
        focus.set_reminders(audit=audit, remind_on=[], escalate_on=[-1], by=w.coordinator, at=AT)
    morning(23)
    assert written() == ["1"]


def test_the_coordinator_reads_it_first_and_holds_it_back(w, audit, client):
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC), tick=False):
        sign_in(client, w.coordinator)
        told = [task for task in queries.tasks(w.coordinator, date(2026, 11, 24)) if "late" in task.title]
        assert [task.due for task in told] == [date(2026, 11, 25)]
        assert not queries.tasks(w.contact_police, date(2026, 11, 24))
        page = client.get(told[0].url).content.decode()
        assert "Wednesday 25 November" in page
        assert "Dear Dame Ottilie" in page
        done = client.post(f"/audits/{audit.pk}/late/pause/", {"what": "pause"}, follow=True).content.decode()
        assert "Held back since" in done
        assert not [task for task in queries.tasks(w.coordinator, date(2026, 11, 24)) if "late" in task.title]
        client.post(f"/audits/{audit.pk}/late/pause/", {"what": "go"})
        assert Audit.objects.get().escalation_paused_at is None


def test_an_agency_without_a_board_member_is_shown_and_named_on_its_page(w, audit, client):
    Membership.objects.update(board_name="", board_email="")
    morning(25)
    assert not Message.objects.filter(key__startswith="escalation").exists()
    with time_machine.travel(datetime(2026, 11, 25, 9, tzinfo=UTC), tick=False):
        sign_in(client, w.coordinator)
        assert "no board member is named" in client.get(f"/audits/{audit.pk}/late/").content.decode()
        url = f"/people/agencies/{w.police.agency_id}/board/?in={w.partnership.slug}"
        assert "Give both" in client.post(url, {"name": "Dame Ottilie"}).content.decode()
        assert client.post(url, {"name": "Dame Ottilie", "email": BOARD}).status_code == 302
        assert BOARD in client.get(f"/people/agencies/{w.police.agency_id}/?in={w.partnership.slug}").content.decode()


@pytest.mark.parametrize("agencies", [1, 3])
def test_the_page_asks_the_same_however_many_are_late(w, audit, client, agencies, django_assert_num_queries):
    for ask in list(Ask.objects.filter(audit=audit).exclude(service=w.police))[: agencies - 1]:
        ask.audit.involvements.filter(service=ask.service).delete()
    with time_machine.travel(datetime(2026, 11, 25, 9, tzinfo=UTC), tick=False):
        sign_in(client, w.coordinator)
        client.get(f"/audits/{audit.pk}/late/")
        with django_assert_num_queries(12):
            client.get(f"/audits/{audit.pk}/late/")
