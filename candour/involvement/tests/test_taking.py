"""The encrypted list for a service whose records stand on another network."""

import io
import re
from datetime import timedelta

import msoffcrypto
import pytest
import time_machine
from msoffcrypto.exceptions import InvalidKeyError
from python_calamine import CalamineWorkbook

from candour.identity import actions as identity
from candour.identity.models import Reveal
from candour.identity.tests.factories import CANARIES
from candour.involvement import queries
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import LATER, ask_of
from candour.involvement.tests.test_pages import canaries_in, get, where
from candour.notices.models import Message
from candour.people.models import User
from candour.people.tests.factories import sign_in, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(LATER, tick=False) as going:
        yield going


def rows_of(content, password):
    """What stands in an encrypted list, for whoever knows its password."""
    plain = io.BytesIO()
    locked = msoffcrypto.OfficeFile(io.BytesIO(content))
    locked.load_key(password=password, verify_password=True)
    locked.decrypt(plain)
    plain.seek(0)
    return CalamineWorkbook.from_filelike(plain).get_sheet_by_index(0).to_python()


def shown(client, ask):
    """The password, and what proves that it was shown, from the page."""
    page = client.post(where("take_list", ask), {"way": "shown"}).content.decode()
    return re.search(r'id="password">([^<]+)<', page)[1], re.search(r'name="seal" value="([^"]+)"', page)[1]


def test_the_list_is_encrypted_and_its_password_is_not_in_it(client, clock):
    w = world()
    ask = ask_of(stage.asked(w, 2), w.police)
    sign_in(client, w.contact_police)
    assert "Our records stand on another network" in get(client, "answer", ask)
    password, seal = shown(client, ask)
    assert re.fullmatch(r"([a-z2-9]{4}-){4}[a-z2-9]{4}", password)
    assert not Reveal.objects.exists()
    answer = client.post(where("take_list", ask), {"seal": seal})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="children-2026-03.xlsx"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert not [one for one in (*CANARIES, password) if one.encode() in answer.content]
    rows = rows_of(answer.content, password)
    assert [(row[0], row[1]) for row in rows[3:]] == [
        ("Case 1", "Child"), ("Case 1", "Parent"), ("Case 2", "Child"), ("Case 2", "Parent"),
    ]  # fmt: skip
    assert "Zebedee Quillon" in rows[3]
    assert "NHS number" not in rows[2]
    assert rows[2][-4:] == ["Known? (for you to note)", "First contact", "Last contact", "Team"]
    with pytest.raises(InvalidKeyError):
        rows_of(answer.content, "another-password")
    assert Reveal.objects.filter(by=w.contact_police, purpose="match").count() == 2
    assert Entry.objects.filter(verb="took an encrypted list").count() == 1


def test_the_password_goes_by_text_message_where_there_is_a_mobile(client, clock):
    w = world()
    User.objects.filter(pk=w.contact_police.pk).update(phone="07700 900123")
    ask = ask_of(stage.screening(w, 1), w.police)
    sign_in(client, User.objects.get(pk=w.contact_police.pk))
    assert "ends in 123" in get(client, "take_list", ask)
    answer = client.post(where("take_list", ask), {"way": "text"})
    message = Message.objects.get(channel="text")
    assert (message.to_address, message.private) == ("+447700900123", True)
    password = message.body.split()[-1]
    assert rows_of(answer.content, password)[3][0] == "Case 1"
    assert not [one for one in CANARIES if one in message.body + message.subject]
    assert Reveal.objects.filter(purpose="screen").count() == 1


def test_no_list_without_a_password_shown_lately_to_the_same_person(client, clock):
    w = world()
    audit = stage.asked(w, 1)
    police, gp = ask_of(audit, w.police), ask_of(audit, w.gp)
    sign_in(client, w.contact_police)
    _, seal = shown(client, police)
    sign_in(client, w.contact_gp)
    assert "shown too long ago" in client.post(where("take_list", gp), {"seal": seal}, follow=True).content.decode()
    sign_in(client, w.contact_police)
    clock.shift(timedelta(minutes=16))
    assert "shown too long ago" in client.post(where("take_list", police), {"seal": seal}, follow=True).content.decode()
    _, seal = shown(client, police)
    for case in queries.cases_of(audit):
        identity.close_openings(subject=case.subject, by=w.coordinator, at=LATER)
    page = client.post(where("take_list", police), {"seal": seal}, follow=True)
    assert "This list is closed" in page.content.decode()
    assert canaries_in(page) == []
    assert "there is nothing to take" in get(client, "take_list", police)
    assert not Reveal.objects.exists()
