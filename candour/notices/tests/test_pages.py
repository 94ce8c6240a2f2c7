"""The coordinator sees what is queued, sent and failed, and never a link that lets somebody else in."""

from typing import Any

import pytest
from django.test import Client

from candour.notices import actions
from candour.notices.models import Message
from candour.people.tests import factories
from candour.people.tests.factories import AT

pytestmark = pytest.mark.django_db


def post(key: str, **extra: Any) -> Message:
    words = {"to": "ruth@example.org", "subject": f"Subject {key}", "body": f"Body of {key}"}
    return actions.post(key=key, at=AT, **{**words, **extra})


@pytest.fixture
def w(settings):
    settings.MODE = "test"
    return factories.world()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_a_fixed_number_of_questions(w, client: Client, rows: int, django_assert_num_queries) -> None:
    for number in range(rows):
        post(str(number), to=w.chair, partnership=w.partnership)
    factories.sign_in(client, w.coordinator)
    client.get("/messages/")
    with django_assert_num_queries(7):
        assert f"Subject {rows - 1}" in client.get("/messages/").content.decode()


def test_each_state_has_its_list(w, client: Client) -> None:
    post("waiting", partnership=w.partnership)
    post("again", partnership=w.partnership)
    post("gone", partnership=w.partnership)
    post("lost", partnership=w.partnership)
    Message.objects.filter(key="again").update(error="451 later")
    Message.objects.filter(key="gone").update(sent_at=AT)
    Message.objects.filter(key="lost").update(failed_at=AT, error="550 nobody here")
    factories.sign_in(client, w.coordinator)
    for state, key in {"queued": "waiting", "deferred": "again", "sent": "gone", "failed": "lost"}.items():
        page = client.get(f"/messages/?state={state}").content.decode()
        shown = [name for name in ("waiting", "again", "gone", "lost") if f"Subject {name}" in page]
        assert shown == [key]
    assert "Subject gone" in client.get("/messages/?state=nonsense").content.decode()


def test_other_partnerships_and_other_roles_see_none(w, client: Client) -> None:
    other = factories.other_world()
    message = post("theirs", partnership=other.partnership)
    own_account = post("account", private=True)
    factories.sign_in(client, w.coordinator)
    assert "Subject theirs" not in client.get("/messages/").content.decode()
    for row in (message, own_account):
        assert client.get(f"/messages/{row.pk}/").status_code == 404
        assert client.post(f"/messages/{row.pk}/resend/").status_code == 404
    factories.sign_in(client, w.chair)
    assert client.get("/messages/").status_code == 403


def test_a_link_that_lets_somebody_in_is_shown_to_nobody_but_in_the_demonstration(w, client: Client, settings) -> None:
    secret = post("secret", private=True, partnership=w.partnership)
    plain = post("plain", partnership=w.partnership)
    factories.sign_in(client, w.coordinator)
    assert "Body of secret" not in client.get(f"/messages/{secret.pk}/").content.decode()
    assert "Body of plain" in client.get(f"/messages/{plain.pk}/").content.decode()
    settings.MODE = "demo"
    page = client.get(f"/messages/{secret.pk}/").content.decode()
    assert "Body of secret" in page
    assert "What would have been sent" in page
    assert "nothing leaves this machine" in client.get("/messages/").content.decode()


def test_a_link_in_a_message_is_one_for_its_receiver_alone(w, client: Client, settings) -> None:
    settings.MODE = "demo"
    theirs = post("theirs", to=w.contact_gp, path="/asks/abc/", partnership=w.partnership)
    mine = post("mine", to=w.coordinator, path="/audits/abc/", partnership=w.partnership)
    bare = post("bare", to=w.contact_gp, partnership=w.partnership)
    factories.sign_in(client, w.coordinator)
    page = client.get(f"/messages/{theirs.pk}/").content.decode()
    assert f"{settings.BASE_URL}/asks/abc/" in page
    assert 'href="' + settings.BASE_URL not in page
    assert "The link opens for its receiver only." in page
    page = client.get(f"/messages/{mine.pk}/").content.decode()
    assert f'href="{settings.BASE_URL}/audits/abc/"' in page
    assert "its receiver only" not in page
    assert "its receiver only" not in client.get(f"/messages/{bare.pk}/").content.decode()


def test_a_failed_message_is_sent_again_from_its_page(w, client: Client) -> None:
    message = post("lost", partnership=w.partnership)
    Message.objects.update(failed_at=AT, error="550 5.1.1 nobody here")
    factories.sign_in(client, w.coordinator)
    assert "550 5.1.1 nobody here" in client.get(f"/messages/{message.pk}/").content.decode()
    assert client.get(f"/messages/{message.pk}/resend/").status_code == 405
    page = client.post(f"/messages/{message.pk}/resend/", follow=True).content.decode()
    assert "in the queue again" in page
    page = client.post(f"/messages/{message.pk}/resend/", follow=True).content.decode()
    assert "has not failed" in page
    Message.objects.update(failed_at=AT, error="550")
    for back, to in (("/audits/x/", "/audits/x/"), ("//evil.example.org/", ""), ("nowhere", "")):
        assert client.post(f"/messages/{message.pk}/resend/", {"next": back}).headers["Location"] == (
            to or f"/messages/{message.pk}/"
        )
