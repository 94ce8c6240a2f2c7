from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from candour.concerns import actions as concerns
from candour.concerns.models import Concern
from candour.focus.models import Audit
from candour.identity import actions as identity
from candour.identity.models import Person
from candour.involvement.models import Visit
from candour.kernel import vault
from candour.kernel.errors import Refused
from candour.notices.actions import post, post_text
from candour.notices.models import Message
from candour.people.models import User
from candour.people.tests.factories import AT, sign_in, world
from candour.retention import actions, jobs, queries
from candour.retention.models import Hold, Kind
from candour.sampling import jobs as sampling
from candour.sampling.models import CaseList
from candour.trail.models import Entry
from tests.access.rows import furnish
from tests.support.crawl import walk

pytestmark = pytest.mark.django_db
HEAD = "Imogen Thistlewood"
CLOSED = datetime(2026, 8, 31, 12, 0, tzinfo=UTC)
MONTHS = {Kind.IDENTITIES: 6, Kind.TEXT: 36, Kind.REPORT: 84, Kind.CONCERNS: 84, Kind.VISITS: 6}


@pytest.fixture
def here():
    """An audit closed at the end of August, its list to be purged in December, two concerns about its case closed."""
    found = furnish(world(), "closed")
    w, case = found.world, found.rows["sampling.Case"]
    practice = concerns.raise_practice(
        case=case, route="employer", owner=w.contact_police, text="Late", by=w.contact_hv, at=AT
    )
    for concern, owner in ((Concern.objects.get(kind="unsafe"), w.concerns), (practice, w.contact_police)):
        concerns.acknowledge(concern=concern, by=owner, at=AT)
        concerns.close(concern=concern, note="Done.", by=owner, at=AT)
    Audit.objects.update(closed_at=CLOSED)
    CaseList.objects.update(purge_on=date(2026, 12, 1))
    Visit.objects.update(ended_at=CLOSED + timedelta(days=20), ended="returned")
    User.objects.filter(visits__isnull=False).update(name=HEAD, mail_to="head@eastfield.example.org")
    return found


def kept(here):
    return {(one.kind, one.pk) for one in queries.schedule(here.world.partnership)}


def night(day):
    """What the worker does in one night."""
    at = datetime(day.year, day.month, day.day, 3, 15, tzinfo=UTC)
    for _ in range(2):
        sampling.purge_lists(at)
        jobs.remove_due(at)


def test_the_list_of_what_goes_when_is_what_goes(here):
    told = queries.schedule(here.world.partnership)
    assert {(one.kind, one.on) for one in told} == {
        (Kind.LISTS, date(2026, 12, 1)),
        (Kind.IDENTITIES, date(2027, 2, 28)),
        (Kind.TEXT, date(2029, 8, 31)),
        (Kind.REPORT, date(2033, 8, 31)),
        (Kind.CONCERNS, date(2033, 11, 23)),
        (Kind.VISITS, date(2027, 3, 20)),
    }
    for day in sorted({one.on for one in told}):
        night(day - timedelta(days=1))
        assert kept(here) == {(one.kind, one.pk) for one in told if one.on >= day}, day
        night(day)
        assert kept(here) == {(one.kind, one.pk) for one in told if one.on > day}, day
    vault.forget()
    assert {person.given_names for person in Person.objects.all()} == {"[erased]"}
    assert {concern.text for concern in Concern.objects.all()} == {"[erased]"}
    verbs = list(Entry.objects.filter(verb__startswith="removed").order_by("seq").values_list("verb", flat=True))
    assert verbs == [
        "removed who was called in for one case",
        "removed the text of a case",
        "removed the text of an audit",
        *["removed what was due"] * 2,
    ]


def test_nothing_of_an_open_audit_or_concern_has_a_day(here):
    Audit.objects.update(closed_at=None)
    Concern.objects.update(closed_at=None)
    assert {
        one.on for one in queries.schedule(here.world.partnership) if one.kind not in (Kind.LISTS, Kind.VISITS)
    } == {None}


@pytest.mark.parametrize("whole", [True, False])
def test_a_legal_hold_keeps_it_until_it_is_lifted(here, whole):
    w, case = here.world, here.rows["sampling.Case"]
    one = None if whole else case
    held = actions.hold(audit=case.audit, case=one, why="Ordered by the court", by=w.coordinator, at=AT)
    before = kept(here)
    night(date(2040, 1, 1))
    assert kept(here) == before
    with pytest.raises(Refused, match="legal hold"):
        identity.erase_subject(subject=case.subject, reason="Asked", by=w.coordinator, at=AT)
    actions.lift(hold=held, by=w.coordinator, at=AT)
    with pytest.raises(Refused, match="already"):
        actions.lift(hold=held, by=w.coordinator, at=AT)
    night(date(2040, 1, 2))
    assert kept(here) == set()


def test_a_hold_set_in_the_last_moment_is_heeded(here):
    w, case = here.world, here.rows["sampling.Case"]
    at = datetime(2040, 1, 1, tzinfo=UTC)
    seen = queries.due(w.partnership, at.date())
    actions.hold(audit=case.audit, case=None, why="Inquiry", by=w.coordinator, at=AT)
    before = kept(here)
    for one in seen:
        actions.remove(due=one, partnership=w.partnership, by=None, at=at)
    assert kept(here) == before


def test_the_partnership_sets_the_times_and_names_go_first(here, client):
    w = here.world
    sign_in(client, w.coordinator)
    where = reverse("retention:periods", args=[w.partnership.pk])
    said = {kind.value: str(months) for kind, months in MONTHS.items()}
    warned = client.post(where, said | {"identities": "3"}).content.decode()
    assert "of your records would be removed within two weeks" in warned
    assert queries.periods(w.partnership) == dict(MONTHS)
    page = client.post(where, said | {"identities": "3", "sure": "yes"}, follow=True).content.decode()
    assert "30 November 2026" in page
    wrong = client.post(where, said | {"identities": "40"}).content.decode()
    assert "cannot be kept longer than what was written" in wrong
    assert "Kept" not in wrong[: wrong.index("<main")]


def test_the_page_lists_the_days_sets_a_hold_and_tells_nothing_of_practice(here, client):
    w, case = here.world, here.rows["sampling.Case"]
    sign_in(client, w.coordinator)
    page = client.get(reverse("retention:kept"), follow=True).content.decode()
    for words in ("28 February 2027", "Identities of the children and families: case 1", "1 December 2026"):
        assert words in page
    assert page.count("Concerns: case 1") == 1
    assert [line.count for line in queries.lines(w.partnership) if line.kind == Kind.CONCERNS] == [1]
    where = reverse("retention:hold", args=[w.partnership.pk])
    assert "Answer “What must be kept?”" in client.post(where, {"what": "", "why": "Inquiry"}).content.decode()
    page = client.post(where, {"what": case.pk, "why": "Inquiry of the court"}, follow=True).content.decode()
    assert "Inquiry of the court" in page
    assert page.count("Held") == len({line.kind for line in queries.lines(w.partnership)})
    page = client.post(
        reverse("retention:lift", args=[Hold.objects.get(lifted_at=None).pk]), follow=True
    ).content.decode()
    assert "Held" not in page


def test_the_coordinator_is_told_two_weeks_ahead(here):
    w = here.world
    assert queries.tasks(w.coordinator, date(2027, 2, 13)) == []
    (task,) = queries.tasks(w.coordinator, date(2027, 2, 14))
    assert (task.title, task.due) == ("1 record is removed on 28 February 2027", date(2027, 2, 28))
    assert queries.tasks(w.coordinator, date(2027, 2, 28)) == []
    assert queries.tasks(w.chair, date(2027, 2, 20)) == []


def test_who_was_called_in_for_one_case_is_forgotten_after_the_visit(here):
    visit = Visit.objects.get()
    post(key="visit", to=visit.user, subject="Please complete one return", body=f"Dear {HEAD},", at=AT)
    for whose in (visit.pk, "another"):
        key, number = f"visit-code:{whose}:1", "07700 900123"
        post_text(key=key, number=number, label="Code", body="Your code is 123456.", private=True, at=AT)
    night(date(2027, 3, 19))
    assert User.objects.get(pk=visit.user_id).name == HEAD
    night(date(2027, 3, 20))
    gone = User.objects.get(pk=visit.user_id)
    assert (gone.name, gone.mail_to, gone.is_active) == ("Somebody called in once", "", False)
    assert not Message.objects.filter(to_user=gone).exists()
    assert [one.key for one in Message.objects.filter(channel="text")] == ["visit-code:another:1"]
    assert HEAD not in str([row.detail.body for row in Entry.objects.select_related("detail")])


def test_who_raised_a_concern_stays_named_as_long_as_it_is_kept_and_the_list_does_not_tell_of_it(here):
    w, visit = here.world, Visit.objects.select_related("user").get()
    before = listed(w, date(2026, 10, 1))
    assert before == [date(2027, 3, 20)]
    Concern.objects.filter(kind="practice").update(raised_by=visit.user, closed_at=datetime(2026, 9, 10, tzinfo=UTC))
    assert listed(w, date(2026, 10, 1)) == before
    for day in (date(2027, 3, 20), date(2033, 9, 9)):
        night(day)
        assert User.objects.get(pk=visit.user_id).name == HEAD, day
        assert listed(w, day) == [], "as it would be had they been forgotten"
    night(date(2033, 9, 10))
    assert User.objects.get(pk=visit.user_id).name == "Somebody called in once"
    assert {one.kind for one in queries.schedule(w.partnership)} == {Kind.CONCERNS}


def listed(w, day):
    """The days on which, as the coordinator reads on a day, those called in for one case are forgotten."""
    with time_machine.travel(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), tick=False):
        return [line.on for line in queries.lines(w.partnership) if line.kind == Kind.VISITS]


def test_a_visit_that_nobody_ended_counts_from_its_last_day(here):
    Visit.objects.update(ended_at=None, ended="", until=date(2026, 10, 5))
    (one,) = [one for one in queries.schedule(here.world.partnership) if one.kind == Kind.VISITS]
    assert one.on == date(2027, 4, 5)
    night(one.on)
    assert Visit.objects.get().ended == "closed"


def test_the_coordinator_hears_that_a_hold_keeps_a_list_past_its_day(here):
    w, case = here.world, here.rows["sampling.Case"]
    assert queries.tasks(w.coordinator, date(2026, 12, 3)) == []
    held = actions.hold(audit=case.audit, case=None, why="Inquiry", by=w.coordinator, at=AT)
    assert queries.tasks(w.coordinator, date(2026, 11, 16)) == []
    for day in (date(2026, 11, 17), date(2026, 12, 3), date(2026, 12, 14)):
        night(day)
        (task,) = queries.tasks(w.coordinator, day)
        assert task.title == f"A legal hold keeps the case list of {case.audit.code} past its day"
        assert "It was to go on 1 December 2026." in task.note
        assert task.due is None, "nothing is to be done, so nobody is reminded"
    assert queries.tasks(w.coordinator, date(2026, 12, 15)) == []
    assert queries.tasks(w.scrutineer, date(2026, 12, 3)) == []
    actions.lift(hold=held, by=w.coordinator, at=AT)
    night(date(2026, 12, 14))
    assert CaseList.objects.get(purged_at__isnull=False)


def test_new_times_read_what_is_kept_once(here, django_assert_num_queries):
    months = MONTHS | {Kind.IDENTITIES: 3}
    with django_assert_num_queries(7):
        assert queries.sudden(here.world.partnership, months, date(2026, 11, 27)) == 1


@pytest.mark.parametrize("audits", [1, 3])
def test_queries_of_the_list(here, client, audits, django_assert_num_queries):
    one = Audit.objects.get()
    for number in range(1, audits):
        Audit.objects.create(
            partnership=one.partnership,
            code=f"2026-1{number}",
            title="Another",
            who="Children",
            review_from=one.review_from,
            review_to=one.review_to,
            starts_on=one.starts_on,
            opened_at=AT,
        )
    sign_in(client, here.world.coordinator)
    where = reverse("retention:show", args=[here.world.partnership.pk])
    with django_assert_num_queries(12):
        assert "What will be removed when" in client.get(where).content.decode()


def test_every_page_opens_when_everything_has_been_removed(here):
    night(date(2040, 1, 1))
    found = walk(sign_in(Client(), here.world.coordinator))
    assert found.wrong() == {}
    assert any("[erased]" in page.decode(errors="replace") for page in found.pages.values())
