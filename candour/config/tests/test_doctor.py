"""What the doctor finds, each fault planted in an installation that is otherwise well."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django_q.models import Schedule

from candour.config import cli, doctor
from candour.identity import actions as identity
from candour.kernel.clock import now
from candour.kernel.models import Key
from candour.notices.models import Message
from candour.notices.tests.imap import mailbox
from candour.people.tests.factories import world
from candour.trail.models import Chain, Entry

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def place(settings, tmp_path):
    """An installation with a partnership and one entry in its trail, set up as for real data."""
    settings.PRODUCTION = True
    settings.BASE_URL = "https://candour.northmere.example"
    settings.ALLOWED_HOSTS = ["candour.northmere.example"]
    settings.DEFAULT_FROM_EMAIL = "Candour <audits@northmere.example>"
    settings.CANDOUR_ERASURES = tmp_path / "erasures.jsonl"
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles.json").touch()
    Schedule.objects.update(next_run=now() + timedelta(minutes=1))
    w = world()
    identity.add_subject(partnership=w.partnership, label="Case 1", by=w.coordinator, at=AT)
    return w


def test_nothing_is_wrong(place, capsys):
    assert cli.main(["doctor"]) == 0
    assert capsys.readouterr().out == "Nothing is wrong that Candour can see.\n"


def worker_away(place, settings):
    Schedule.objects.update(next_run=now() - timedelta(hours=1))


def no_schedule(place, settings):
    Schedule.objects.all().delete()


def message_failed(place, settings):
    Message.objects.create(
        key="k",
        to_address="a@b.example",
        queued_at=now(),
        next_try_at=now(),
        failed_at=now(),
        error="550 no",
        subject="s",
    )


def mail_in_trouble(place, settings):
    Message.objects.create(
        key="k", to_address="a@b.example", queued_at=now(), next_try_at=now(), error="Connection refused", subject="s"
    )


def trail_cut(place, settings):
    Chain.objects.update(length=9)


def trail_broken(place, settings):
    identity.add_subject(partnership=place.partnership, label="Case 2", by=place.coordinator, at=AT)
    Entry.objects.filter(seq=1).update(leaf="0" * 64)


def wrong_keys(place, settings):
    settings.CANDOUR_KEYS = settings.CANDOUR_KEYS | {"field": [settings.CANDOUR_KEYS["index"][0]]}


def erased_elsewhere(place, settings):
    line = {"owner": Key.objects.first().owner, "at": AT.isoformat()}
    settings.CANDOUR_ERASURES.write_text(json.dumps(line) + "\n")


def erasure_unlisted(place, settings):
    Key.objects.update(wrapped="", destroyed_at=AT)


def no_static_files(place, settings):
    (settings.STATIC_ROOT / "staticfiles.json").unlink()


def no_encryption(place, settings):
    settings.BASE_URL = "http://candour.northmere.example"


def no_hosts(place, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]


def nobody_writes(place, settings):
    settings.DEFAULT_FROM_EMAIL = "Candour <candour@example.org>"


FAULTS = [
    (worker_away, "The worker is not running"),
    (no_schedule, "no schedule"),
    (message_failed, "given up in the last seven days: 1"),
    (mail_in_trouble, "Connection refused"),
    (trail_cut, "does not end where it should"),
    (trail_broken, "is broken"),
    (wrong_keys, "the wrong keys file"),
    (erased_elsewhere, "still has a key here"),
    (erasure_unlisted, "lacks erasures"),
    (no_static_files, "static files are not in place"),
    (no_encryption, "Give the https address"),
    (no_hosts, "CANDOUR_HOSTS is not set"),
    (nobody_writes, "CANDOUR_FROM is not set"),
]


@pytest.mark.parametrize(("plant", "said"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_each_fault_is_one_sentence(place, settings, plant, said):
    plant(place, settings)
    (sentence,) = doctor.found()
    assert said in sentence
    assert sentence.endswith(".")


def test_a_mailbox_that_cannot_be_read_is_told(settings):
    settings.MAILBOX = ""
    assert list(doctor.mailbox_wrong()) == []
    with mailbox({}) as box:
        settings.MAILBOX = box.url
        assert list(doctor.mailbox_wrong()) == []
        settings.MAILBOX = box.url.replace("se%20cret", "hunter2")
        (said,) = doctor.mailbox_wrong()
    assert "AUTHENTICATIONFAILED" in said
    assert "hunter2" not in said
    settings.MAILBOX = box.url
    (said,) = doctor.mailbox_wrong()
    assert said.startswith("The mailbox for delivery notices cannot be read: ")
