"""Somebody is away: who may say so, who may stand in, and that it gives nobody anything to see."""

from datetime import date, timedelta
from functools import partial

import pytest
import time_machine

from candour.access.scope import visible
from candour.kernel.errors import Refused
from candour.members import actions, jobs, queries
from candour.notices import absences
from candour.notices.models import Message
from candour.people.models import Absence, Grant, Role
from candour.people.tests.factories import AT, grant, joined, other_world, sign_in, user, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
DAY = AT.date()
FRIDAY = DAY + timedelta(days=4)


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def w():
    made = world()
    joined(made, "pat", "pat example", Role.AUDITOR, made.police, service=made.police)
    return made


def gone(person, deputy=None, by=None, **more):
    facts = {"starts_on": DAY, "ends_on": FRIDAY, **more}
    return actions.go_away(person=person, deputy=deputy, by=by or person, at=AT, **facts)


def days(first, last, deputy=""):
    return {f"{name}_{part}": str(getattr(on, part)) for name, on in (("starts_on", first), ("ends_on", last))
            for part in ("day", "month", "year")} | {"deputy": deputy}  # fmt: skip


def test_somebody_says_that_they_are_away_and_calls_it_off(w, client):
    page = sign_in(client, w.auditor_police).get("/account/away/").content.decode()
    assert "No days away are written down" in page
    assert "Pat Example" in page
    client.post("/account/away/", days(DAY, FRIDAY, w.pat.pk))
    row = Absence.objects.get()
    assert (row.user, row.deputy, row.said_by, row.ends_on) == (w.auditor_police, w.pat, w.auditor_police, FRIDAY)
    page = client.get("/account/away/").content.decode()
    assert "From 23 November until 27 November 2026." in page
    assert "Pat Example stands in" in page
    letter = Message.objects.get(to_user=w.pat)
    assert letter.subject == "You stand in for Auditor Police"
    client.post("/account/away/", {"off": row.pk})
    assert not Absence.objects.exists()
    assert Message.objects.filter(to_user=w.pat).count() == 2
    assert list(Entry.objects.filter(verb__startswith="said").order_by("seq").values_list("verb", flat=True)) == [
        "said to be away",
        "said not to be away",
    ]


@pytest.mark.parametrize("who", ["coordinator", "contact_police"])
def test_the_coordinator_and_the_agencys_contact_say_it_for_their_people(w, client, who):
    url = f"/people/{w.auditor_police.pk}/away/"
    sign_in(client, w.users[who]).post(url, days(DAY, FRIDAY, w.pat.pk))
    assert "Pat Example stands in" in client.get(f"/people/{w.auditor_police.pk}/").content.decode()
    assert Message.objects.get(to_user=w.auditor_police).subject == "You are marked as away"
    assert Entry.objects.filter(verb="said to be away", chain__partnership=w.partnership).count() == 1
    client.post(url, {"off": Absence.objects.get().pk})
    assert not Absence.objects.exists()


def test_who_stands_in_is_named_later(w, client):
    row = gone(w.auditor_police)
    url = f"/people/{w.auditor_police.pk}/away/"
    assert "Nobody stands in" in sign_in(client, w.coordinator).get(url).content.decode()
    client.post(url, {f"{row.pk}-deputy": w.pat.pk})
    assert "Pat Example stands in" in client.get(url).content.decode()
    assert Message.objects.get(to_user=w.pat).subject == "You stand in for Auditor Police"
    assert Entry.objects.filter(verb="said who stands in", chain__partnership=w.partnership).count() == 1
    client.post(url, {f"{row.pk}-deputy": w.pat.pk})
    assert Message.objects.filter(to_user=w.pat).count() == 1
    client.post(url, {f"{row.pk}-deputy": w.auditor_gp.pk})
    assert Absence.objects.get().deputy == w.pat, "only whoever is in the list"
    with pytest.raises(Refused, match="same role"):
        actions.name_stand_in(absence=row, deputy=w.auditor_gp, by=w.auditor_police, at=AT)
    with pytest.raises(Refused, match="themselves"):
        actions.name_stand_in(absence=row, deputy=None, by=w.pat, at=AT)


def test_whoever_stood_in_before_is_told(w):
    kim = user("kim example")
    held = grant(kim, Role.AUDITOR, agency=w.police.agency)
    row = gone(w.auditor_police, w.pat)
    actions.name_stand_in(absence=row, deputy=kim, by=w.auditor_police, at=AT)
    first, told = Message.objects.filter(to_user=w.pat).order_by("queued_at", "subject")
    assert (first.subject, told.subject) == (
        "You stand in for Auditor Police",
        "You stand in no more for Auditor Police",
    )
    assert "from 23 November until 27 November 2026" in told.body
    assert "Kim" not in told.body
    assert Message.objects.get(to_user=kim).subject == "You stand in for Auditor Police"
    Grant.objects.filter(pk=held.pk).update(withdrawn_at=AT, withdrawn_by=w.coordinator)
    actions.name_stand_in(absence=row, deputy=None, by=w.auditor_police, at=AT + timedelta(minutes=1))
    assert Message.objects.filter(to_user=kim).count() == 1, "whoever has left hears no more of who is away"


def test_an_absence_that_is_called_off_twice_is_refused_with_a_sentence(w):
    row = gone(w.auditor_police, w.pat)
    actions.call_off(absence=row, by=w.auditor_police, at=AT)
    told = Message.objects.count()
    for again in (actions.call_off, partial(actions.name_stand_in, deputy=None)):
        with pytest.raises(Refused, match="called off already"):
            again(absence=row, by=w.auditor_police, at=AT)
    assert Message.objects.count() == told


def test_nobody_else_says_it(w, client):
    other = other_world()
    url = f"/people/{w.auditor_police.pk}/away/"
    for person, status in ((w.chair, 403), (w.pat, 403), (w.contact_gp, 404), (other.coordinator, 404)):
        assert sign_in(client, person).post(url, days(DAY, FRIDAY)).status_code == status
    for person, home in ((w.contact_gp, w.partnership), (other.coordinator, other.partnership), (w.pat, None)):
        with pytest.raises(Refused, match="themselves"):
            gone(w.auditor_police, by=person, partnership=home)
    row = gone(w.auditor_police)
    sign_in(client, w.pat).post("/account/away/", {"off": row.pk})
    assert Absence.objects.exists(), "an absence of somebody else is none of theirs"


def test_days_and_people_are_checked(w):
    for first, last in ((DAY, DAY - timedelta(days=1)), (date(2026, 11, 1), date(2026, 11, 2))):
        with pytest.raises(Refused, match="last day away"):
            gone(w.pat, starts_on=first, ends_on=last)
    with pytest.raises(Refused, match="same role"):
        gone(w.pat, w.auditor_gp)
    with pytest.raises(Refused, match="same role"):
        gone(w.pat, w.pat)
    with pytest.raises(Refused, match="Only contacts"):
        gone(w.chair)
    gone(w.pat)
    with pytest.raises(Refused, match="already"):
        gone(w.pat, starts_on=FRIDAY, ends_on=FRIDAY + timedelta(days=3))


def test_whoever_has_no_such_role_is_told(w, client):
    page = sign_in(client, w.chair).get("/account/away/").content.decode()
    assert "you are none of these" in page
    assert "Add days away" not in page
    page = sign_in(client, w.contact_gp).get("/account/away/").content.decode()
    assert "nobody can stand in yet" in page
    page = client.post("/account/away/", days(FRIDAY, DAY)).content.decode()
    assert "cannot be before the first" in page
    assert "There is a problem" in client.post("/account/away/", days(DAY, FRIDAY, w.pat.pk)).content.decode()


def test_whoever_stands_in_holds_the_role_on_the_day_and_is_there_themselves(w):
    duty = (Role.AUDITOR, w.police.pk)
    gone(w.auditor_police, w.pat)

    def stands_in():
        one = absences.away([w.auditor_police.pk], DAY)[w.auditor_police.pk]
        return one.stands_in(duty), one.says(w.police.pk, {Role.AUDITOR})

    assert stands_in() == (w.pat, "Auditor Police is away until 27 November: Pat Example stands in")
    alone = (None, "Auditor Police is away until 27 November: nobody stands in")
    other = gone(w.pat)
    assert stands_in() == alone
    actions.call_off(absence=other, by=w.pat, at=AT)
    held = Grant.objects.get(user=w.pat)
    Grant.objects.filter(pk=held.pk).update(withdrawn_at=AT, withdrawn_by=w.coordinator)
    assert stands_in() == alone
    assert queries.absences_of(w.auditor_police, w.auditor_police, DAY)[0][1] == "Nobody here stands in"
    Grant.objects.filter(pk=held.pk).update(withdrawn_at=None, withdrawn_by=None, role=Role.CONTACT)
    assert stands_in() == alone, "another role at the same service is not enough"
    assert absences.away([w.auditor_police.pk], FRIDAY + timedelta(days=1)) == {}


def test_a_colleague_in_another_agency_is_not_told_to_the_coordinator(w):
    other = other_world()
    grant(w.auditor_police, Role.AUDITOR, agency=other.gp.agency)
    seen = queries.stand_ins(w.auditor_police, w.coordinator, DAY)
    assert seen == [w.pat]
    assert set(queries.stand_ins(w.auditor_police, w.auditor_police, DAY)) == {w.pat, other.auditor_gp}
    gone(w.auditor_police, other.auditor_gp)
    assert queries.absences_of(w.auditor_police, w.coordinator, DAY)[0][1] == "Nobody here stands in"


def test_an_absence_long_over_is_forgotten(w):
    gone(w.pat)
    jobs.forget_absences(AT + timedelta(days=95))
    assert Absence.objects.exists()
    jobs.forget_absences(AT + timedelta(days=97))
    assert not Absence.objects.exists()


def test_whoever_has_left_an_agency_is_away_to_nobody_there(w):
    row = gone(w.pat)
    lookers = (w.coordinator, w.contact_police)
    assert [visible(Absence, one).count() for one in lookers] == [1, 1]
    held = Grant.objects.filter(user=w.pat)
    held.update(ends_on=DAY)
    assert [visible(Absence, one).count() for one in lookers] == [1, 1], "on the last day they are still there"
    held.update(ends_on=DAY - timedelta(days=1))
    assert [visible(Absence, one).count() for one in lookers] == [0, 0]
    held.update(ends_on=None, withdrawn_at=AT, withdrawn_by=w.coordinator)
    assert [visible(Absence, one).count() for one in lookers] == [0, 0]
    assert visible(Absence, w.pat).get() == row, "oneself sees it all the same"


@pytest.mark.parametrize("many", [1, 3])
def test_who_is_away_takes_a_fixed_number_of_questions(w, many, django_assert_num_queries):
    people = [w.auditor_police, w.auditor_gp, w.auditor_acute][:many]
    for person in people:
        gone(person, w.pat if person == w.auditor_police else None)
    with django_assert_num_queries(4):
        assert len(absences.away([one.pk for one in people], DAY)) == many


def test_what_is_wrong_with_the_days_is_said_once(client, w):
    page = sign_in(client, w.pat).post("/account/away/", days(DAY, FRIDAY, w.pat.pk)).content.decode()
    assert page.count("There is a problem") == 1
