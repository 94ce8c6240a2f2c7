"""The trail against a thousand forgeries of each kind, as a stranger holding checkpoints would check it."""

import base64
import json
import random

import pytest

from candour.trail import verify
from candour.trail.checkpoints import note, public_key
from candour.trail.leaf import START, leaf_of

LENGTH = 200
FORGERIES = 1000


def chained(bodies):
    rows, previous = [], START
    for seq, body in enumerate(bodies, 1):
        row = {**body, "seq": seq, "previous": previous}
        row["leaf"] = previous = leaf_of({name: row[name] for name in verify.FIELDS})
        rows.append(row)
    return rows


def bodies():
    return [
        {
            "time": f"2026-11-23T09:{n // 60:02}:{n % 60:02}.000000Z",
            "actor": "0" * 16,
            "verb": f"did {n}",
            "object": f"a.B:{n}",
            "detail": f"{n:064x}",
        }
        for n in range(LENGTH)
    ]


def checkpoint(rows, length):
    return verify.read_note(note("candour/test", length, rows[length - 1]["leaf"]))


@pytest.fixture(scope="module")
def trail():
    rows = chained(bodies())
    return rows, [checkpoint(rows, length) for length in (50, 100, 150, LENGTH)]


def found(rows, notes):
    return verify.verify([json.dumps(row) for row in rows], notes)


def test_an_honest_trail_holds(trail):
    rows, notes = trail
    assert verify.verify([json.dumps(row) for row in rows], notes, public_key()) == []


def test_an_altered_row_is_named(trail):
    rows, notes = trail
    chance = random.Random(1)
    for _ in range(FORGERIES):
        at = chance.randrange(LENGTH)
        name = chance.choice(["time", "actor", "verb", "object", "detail"])
        forged = [*rows[:at], {**rows[at], name: rows[at][name] + "x"}, *rows[at + 1 :]]
        assert found(forged, notes)[0].startswith(f"Row {at + 1} was altered")


def test_a_removed_row_is_named(trail):
    rows, notes = trail
    chance = random.Random(2)
    for _ in range(FORGERIES):
        at = chance.randrange(LENGTH - 1)
        assert found(rows[:at] + rows[at + 1 :], notes)[0].startswith(f"Row {at + 1} is missing")


def test_swapped_rows_are_named(trail):
    rows, notes = trail
    chance = random.Random(3)
    for _ in range(FORGERIES):
        first, second = sorted(chance.sample(range(LENGTH), 2))
        forged = rows.copy()
        forged[first], forged[second] = rows[second], rows[first]
        assert found(forged, notes)[0].startswith(f"Row {first + 1} is missing or out of place")


def test_a_cut_end_is_counted(trail):
    rows, notes = trail
    chance = random.Random(4)
    for _ in range(FORGERIES):
        left = chance.randrange(LENGTH)
        reached = next(n.length for n in notes if n.length > left)
        assert found(rows[:left], notes) == [
            f"Rows {left + 1} to {reached} are missing: a checkpoint counted {reached}."
        ]


def test_a_rebuilt_chain_is_found_to_the_interval(trail):
    rows, notes = trail
    chance = random.Random(5)
    for _ in range(FORGERIES):
        at = chance.randrange(LENGTH)
        kept = [{name: row[name] for name in verify.FIELDS} for row in rows]
        kept[at] = {**kept[at], "verb": "did nothing"}
        end = next(n.length for n in notes if n.length > at)
        (said,) = found(chained(kept), notes)
        assert said.startswith(f"Rows {end - 49} to {end} were written anew")


def test_a_forged_checkpoint_is_refused(trail):
    rows, notes = trail
    other = base64.b64decode("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    said = verify.verify([json.dumps(row) for row in rows], notes[:1], other)
    assert said == ["The checkpoint at row 50 is not signed by this key."]


def test_the_signature_check_knows_the_standards_own_vector():
    """RFC 8032, section 7.1, test 2."""
    key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert verify.signed_by(key, b"\x72", signature)
    assert not verify.signed_by(key, b"\x73", signature)


@pytest.mark.parametrize("content", ["", "one\ntwo", "a\nb\nc\n\n— x y\n", "a\n1\n!!\n\n— x AAAA\n"])
def test_what_is_no_checkpoint_is_refused(content):
    with pytest.raises(ValueError):  # noqa: PT011 - any fault of reading
        verify.read_note(content)


def test_the_command_tells_what_it_could_not_know(tmp_path, capsys, trail):
    rows, _ = trail
    file = tmp_path / "trail.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert verify.main([str(file)]) == 0
    assert "under no checkpoint" in capsys.readouterr().out
    file.write_text("not a trail\n")
    assert verify.main([str(file)]) == 1
    assert verify.main([]) == 2
    assert verify.main([str(tmp_path / "missing")]) == 2
