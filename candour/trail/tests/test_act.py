"""One transaction, its entries last; a state moves in one place."""

import pytest

from candour.kernel import vault
from candour.kernel.errors import Refused
from candour.people.models import Partnership
from candour.people.tests.factories import AT, partnership, user
from candour.trail import queries, verify
from candour.trail.act import act, record
from candour.trail.checkpoints import take
from candour.trail.models import Chain, Detail, Entry

pytestmark = pytest.mark.django_db


@act
def rename(*, of, to, by, at, fail=False):
    of.website = to
    of.save()
    record("renamed", on=of, by=by, at=at, detail={"to": to, "on": at.date()})
    if fail:
        raise Refused("No.")


@act
def rename_twice(*, of, by, at):
    rename(of=of, to="https://one.example.org", by=by, at=at)
    with pytest.raises(Refused):
        rename(of=of, to="https://two.example.org", by=by, at=at, fail=True)


def test_an_act_is_on_the_record_of_its_partnership():
    home, person = partnership(), user("Ruth Okafor")
    rename(of=home, to="https://a.example.org", by=person, at=AT)
    entry = Entry.objects.get()
    assert (entry.chain.partnership, entry.actor, entry.verb, entry.seq) == (home, person.pk, "renamed", 1)
    assert entry.detail.body["detail"] == {"to": "https://a.example.org", "on": "2026-11-23"}


def test_what_is_refused_leaves_neither_change_nor_entry():
    home = partnership()
    with pytest.raises(Refused):
        rename(of=home, to="https://a.example.org", by=None, at=AT, fail=True)
    assert not Entry.objects.exists()
    assert Partnership.objects.get().website == ""


def test_a_refusal_within_an_act_takes_only_its_own_away():
    home = partnership()
    rename_twice(of=home, by=None, at=AT)
    assert Entry.objects.count() == 1
    assert Partnership.objects.get().website == "https://one.example.org"


def test_nothing_is_recorded_outside_an_act():
    with pytest.raises(RuntimeError, match="off the record"):
        record("renamed", on=partnership(), by=None, at=AT)


def test_what_belongs_to_no_partnership_stands_on_the_installations_chain():
    person = user("Ruth Okafor")

    @act
    def join(*, by, at):
        record("signed in", on=by, by=by, at=at)

    join(by=person, at=AT)
    assert Entry.objects.get().chain == queries.chain_of(None)


def test_erasing_a_detail_leaves_the_chain_whole():
    home = partnership()
    for site in ("https://a.example.org", "https://b.example.org"):
        rename(of=home, to=site, by=None, at=AT)
    vault.destroy_key(home.pk, AT)
    assert [row.body for row in Detail.objects.all()] == [None, None]
    chain = Chain.objects.get()
    assert verify.verify(list(queries.export(chain)), [verify.read_note(take(chain, reason="daily", at=AT).text)]) == []


def test_an_export_altered_in_the_database_is_found():
    home = partnership()
    for number in range(5):
        rename(of=home, to=f"https://{number}.example.org", by=None, at=AT)
    Entry.objects.filter(seq=3).update(verb="did nothing")
    assert verify.verify(list(queries.export(Chain.objects.get()))) == [
        "Row 3 was altered: its contents do not give its leaf."
    ]
