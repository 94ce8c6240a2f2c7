"""Backup and restore: whole, encrypted, refusing to overwrite, and the erased stay erased."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core.management import call_command

from candour.config import backup, cli, rows, strongbox
from candour.identity import actions as identity
from candour.identity import erasures
from candour.identity.models import IndexEntry, Person, Subject
from candour.kernel.errors import Refused
from candour.kernel.fields import ERASED
from candour.kernel.models import Key
from candour.people.models import User
from candour.people.tests.factories import world
from candour.trail.models import Chain, Detail, Entry

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MONTH = timedelta(days=30)
CANARY = "Zephyrine"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_list_of_erasures(settings, tmp_path):
    settings.CANDOUR_ERASURES = tmp_path / "outside" / "erasures.jsonl"


@pytest.fixture
def place():
    """A partnership with the file of one child."""
    w = world()
    subject = identity.add_subject(partnership=w.partnership, label="Case 1", by=w.coordinator, at=AT)
    identity.add_person(
        subject=subject,
        relation="child",
        values={"given_names": CANARY, "family_name": "Ashdown", "nhs_number": "9434765919"},
        by=w.coordinator,
        at=AT,
    )
    return w


def contents():
    """Every row of an installation, as text that does not say under which key something is sealed."""
    both = [*rows.models(apart=False), *rows.models(apart=True)]
    return list(rows.dump(both))


def wipe():
    """What a fresh machine would have: migrated tables with nothing in them."""
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=False)


def test_what_is_restored_is_what_was_there(place, tmp_path):
    before = contents()
    made, _ = backup.save(tmp_path / "b", keep=MONTH)
    wipe()
    count, again = backup.load(tmp_path / "b", tmp_path / "b.keys")
    assert contents() == before
    assert made < count
    assert again == 0
    assert Person.objects.get().given_names == CANARY
    assert Detail.objects.order_by("entry__seq").first().body["detail"] == {}
    assert Chain.objects.get().length == Entry.objects.count() > 1


def test_a_backup_holds_no_key_and_no_plain_word(place, tmp_path):
    backup.save(tmp_path / "b", keep=MONTH)
    held = [line["table"] for line in strongbox.read(tmp_path / "b") if "table" in line]
    assert "identity.Person" in held
    assert "kernel.Key" not in held
    assert "identity.IndexEntry" not in held
    apart = [line["table"] for line in strongbox.read(tmp_path / "b.keys") if "table" in line]
    assert apart == ["kernel.Key", "identity.IndexEntry"]
    for name in ("b", "b.keys"):
        assert CANARY.encode() not in (tmp_path / name).read_bytes()
        assert b"example.org" not in (tmp_path / name).read_bytes()
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_the_erased_stay_erased(place, tmp_path):
    backup.save(tmp_path / "b", keep=MONTH)
    subject = Subject.objects.get()
    identity.erase_subject(subject=subject, reason="Retention", by=place.coordinator, at=AT)
    assert len(erasures.listed()) == 1
    wipe()
    _, again = backup.load(tmp_path / "b", tmp_path / "b.keys")
    assert again == 1
    person = Person.objects.get()
    assert person.given_names == ERASED
    assert person.erased_at == AT
    assert Subject.objects.get().erased_at == AT
    assert not IndexEntry.objects.exists()
    assert Key.objects.get(owner=person.pk).wrapped == ""


def test_the_erased_stay_erased_though_the_list_was_lost_with_the_machine(place, tmp_path, settings):
    backup.save(tmp_path / "old", keep=MONTH)
    identity.erase_subject(subject=Subject.objects.get(), reason="Retention", by=None, at=AT)
    backup.save(tmp_path / "new", keep=MONTH)
    settings.CANDOUR_ERASURES.unlink()
    wipe()
    backup.load(tmp_path / "old", tmp_path / "new.keys")
    assert Person.objects.get().given_names == ERASED
    assert len(erasures.listed()) == 1


def test_a_later_keys_backup_serves_an_older_backup(place, tmp_path):
    backup.save(tmp_path / "b", keep=MONTH)
    subject = identity.add_subject(partnership=place.partnership, label="Case 2", by=place.coordinator, at=AT)
    values = {"given_names": "Later", "family_name": "Child", "nhs_number": "9434765870"}
    identity.add_person(subject=subject, relation="child", values=values, by=place.coordinator, at=AT)
    backup.save(tmp_path / "c", keep=MONTH)
    wipe()
    backup.load(tmp_path / "b", tmp_path / "c.keys")
    assert [person.given_names for person in Person.objects.order_by("pk")] == [CANARY]
    assert set(IndexEntry.objects.values_list("person__subject__label", flat=True)) == {"Case 1"}


def test_an_older_keys_backup_is_refused(place, tmp_path):
    backup.save(tmp_path / "b", keep=MONTH)
    backup.save(tmp_path / "c", keep=MONTH)
    wipe()
    with pytest.raises(Refused, match="older than the backup"):
        backup.load(tmp_path / "c", tmp_path / "b.keys")


def test_nothing_is_ever_overwritten(place, tmp_path):
    backup.save(tmp_path / "b", keep=MONTH)
    before = (tmp_path / "b").read_bytes()
    with pytest.raises(Refused, match="never overwrites"):
        backup.save(tmp_path / "b", keep=MONTH)
    assert (tmp_path / "b").read_bytes() == before
    with pytest.raises(Refused, match="not empty"):
        backup.load(tmp_path / "b", tmp_path / "b.keys")


def test_a_restore_that_fails_leaves_nothing(place, tmp_path):
    backup.save(tmp_path / "b", keep=MONTH)
    whole = (tmp_path / "b.keys").read_bytes()
    (tmp_path / "b.keys").write_bytes(whole[:-1])
    wipe()
    with pytest.raises(Refused, match="cut short"):
        backup.load(tmp_path / "b", tmp_path / "b.keys")
    assert not User.objects.exists()


@pytest.mark.parametrize(("at", "said"), [(0, "not a backup"), (-3, "altered"), (200, "cut short|altered")])
def test_an_altered_backup_is_refused(place, tmp_path, at, said):
    backup.save(tmp_path / "b", keep=MONTH)
    altered = bytearray((tmp_path / "b").read_bytes())
    altered[at] ^= 1
    (tmp_path / "b").write_bytes(altered)
    wipe()
    with pytest.raises(Refused, match=said):
        backup.load(tmp_path / "b", tmp_path / "b.keys")


def test_a_backup_needs_the_installations_keys(place, tmp_path, settings):
    backup.save(tmp_path / "b", keep=MONTH)
    settings.CANDOUR_KEYS = settings.CANDOUR_KEYS | {"field": [settings.CANDOUR_KEYS["index"][0]]}
    wipe()
    with pytest.raises(Refused, match="other keys"):
        backup.load(tmp_path / "b", tmp_path / "b.keys")


def test_another_version_is_refused(place, tmp_path, monkeypatch):
    backup.save(tmp_path / "b", keep=MONTH)
    wipe()
    monkeypatch.setattr(rows, "version", lambda: ["people.0002_later"])
    with pytest.raises(Refused, match="another version"):
        backup.load(tmp_path / "b", tmp_path / "b.keys")


def test_keys_backups_go_after_their_time_and_nothing_else_does(place, tmp_path):
    backup.save(tmp_path / "b", keep=MONTH)
    (tmp_path / "mine.keys").write_text("not a backup")
    assert backup.prune(tmp_path, MONTH) == 0
    assert backup.prune(tmp_path, timedelta(0)) == 1
    assert (tmp_path / "b").exists()
    assert (tmp_path / "mine.keys").exists()


def test_the_commands(place, tmp_path, capsys):
    file = str(tmp_path / "b")
    assert cli.main(["backup", file]) == 0
    wipe()
    assert cli.main(["restore", file]) == 0
    assert "Restored" in capsys.readouterr().out
    assert cli.main(["restore", file]) == 1
    assert "not empty" in capsys.readouterr().err
    assert cli.main(["restore", str(tmp_path / "c")]) == 1
    assert "There is no keys backup" in capsys.readouterr().err


def test_every_table_is_in_one_of_the_two_or_said_to_be_made_again():
    kept = {model for part in (True, False) for model in rows.models(apart=part)}
    left = {model._meta.app_label for model in apps.get_models() if model not in kept}
    assert left <= rows.MADE_AGAIN
