"""Sealed values: unreadable where they stand, bound to their row, gone with their key."""

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldError
from django.db import connection
from django.utils.timezone import now

from candour.kernel import vault
from candour.people.tests.factories import AT, partnership
from candour.trail.models import Chain, Detail, Entry

pytestmark = pytest.mark.django_db


def detail(owner, body, seq=1):
    chain, _ = Chain.objects.get_or_create(name="test")
    entry = Entry.objects.create(chain=chain, seq=seq, at=now(), verb="v", object_label="a.B", object_id="x")
    return Detail.objects.create(entry=entry, owner_id=owner, body=body)


def raw(row):
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM trail_detail WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


def test_a_sealed_value_reads_back_and_stands_unreadable():
    row = detail(partnership().pk, {"said": "Ingrid Quillfeather"})
    assert "Quillfeather" not in raw(row)
    assert Detail.objects.get(pk=row.pk).body == {"said": "Ingrid Quillfeather"}


def test_saving_an_unopened_row_leaves_the_seal_as_it_was():
    row = detail(partnership().pk, {"a": 1})
    before = raw(row)
    Detail.objects.get(pk=row.pk).save()
    assert raw(row) == before


def test_destroying_the_key_erases():
    made = partnership()
    row = detail(made.pk, {"a": 1})
    vault.destroy_key(made.pk, AT)
    assert Detail.objects.get(pk=row.pk).body is None
    with pytest.raises(vault.Erased):
        vault.seal(made.pk, b"more", "x")


def test_a_sealed_text_moved_to_another_row_does_not_open():
    made = partnership()
    first, second = detail(made.pk, {"a": 1}), detail(made.pk, {"a": 2}, seq=2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trail_detail SET body = %s WHERE id = %s", [raw(first), second.pk])
    with pytest.raises(InvalidTag):
        assert Detail.objects.get(pk=second.pk).body


def test_the_database_cannot_look_inside():
    with pytest.raises(FieldError, match="sealed"):
        Detail.objects.filter(body="x")
    with pytest.raises(TypeError, match="sealed"):
        Detail.objects.update(body="x")


def test_the_keys_of_a_page_come_in_one_query(django_assert_num_queries):
    for number, name in enumerate(("Alder", "Birch", "Cedar")):
        detail(partnership(name).pk, {"n": number}, seq=number + 1)
    vault.forget()
    with django_assert_num_queries(2):
        assert [row.body["n"] for row in Detail.objects.order_by("entry__seq")] == [0, 1, 2]


def test_rewrapping_keeps_everything_readable(settings):
    row = detail(partnership().pk, {"a": 1})
    old = settings.CANDOUR_KEYS
    settings.CANDOUR_KEYS = old | {"field": [old["index"][0], *old["field"]]}
    assert vault.rewrap_keys() == 1
    settings.CANDOUR_KEYS = old | {"field": old["index"]}
    vault.forget()
    assert Detail.objects.get(pk=row.pk).body == {"a": 1}
