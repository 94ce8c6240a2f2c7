"""The draw: its published vector, its own check, the public package, and every file it refuses."""

import contextlib
import io
import json
import random
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from consistent_sampler import sampler
from hypothesis import given, settings
from hypothesis import strategies as st

from candour.sampling import draw as d

VECTOR = (
    [("A-neglect", f"CASE-{n:04d}") for n in range(1, 10)]
    + [("B-exploitation", f"CASE-{n:04d}") for n in range(10, 17)]
    + [("C-physical", f"CASE-{n:04d}") for n in range(17, 21)]
)
COHORT = d.write_cohort(VECTOR)
PLAN = d.write_plan([d.Group("A-neglect", 3, 2), d.Group("B-exploitation", 2, 2), d.Group("C-physical", 1, 1)])
SOURCE = "dice:04638512907734021586"
AT = datetime(2026, 10, 2, 9, 0, tzinfo=UTC)

# The check as published, word for word: what a stranger would run.
PUBLISHED = (Path(__file__).parents[3] / "docs" / "reference" / "draw.md").read_text(encoding="utf-8")
CHECK = PUBLISHED.split("```python\n")[1].split("```")[0]


def test_the_vector():
    assert d.fingerprint(COHORT) == "da756e4a3483a96e062d0fb4758b9095163d180829b3eb782ac53a68508a4a24"
    assert d.fingerprint(PLAN) == "1b82b3e9653cc2d061020762a780e73663029c57296623b3901cf4f0c34efe0e"
    assert d.key_of(COHORT, PLAN, SOURCE) == "db0199b84e25aba701011c2c7c6a72f1f3b34bd9f82638958046b969ce967f77"
    a, b, c = d.draw(COHORT, PLAN, SOURCE)
    assert [ref[-4:] for ref in a.sample + a.reserves] == ["0004", "0005", "0009", "0003", "0007"]
    assert ([ref[-4:] for ref in b.sample], [ref[-4:] for ref in b.reserves]) == (["0014", "0016"], ["0015", "0011"])
    assert (c.sample, c.reserves) == (("CASE-0018",), ("CASE-0017",))


def test_it_prints_what_the_published_check_prints(tmp_path):
    for name, content in (("cohort.tsv", COHORT), ("plan.tsv", PLAN), ("source.txt", f"{SOURCE}\n".encode())):
        (tmp_path / name).write_bytes(content)
    check = subprocess.run([sys.executable, "-c", CHECK], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert d.print_draw(d.draw(COHORT, PLAN, SOURCE)) == check.stdout


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text("ABCXYZ0189-", min_size=4, max_size=9), st.sampled_from(["one", "Two", "3-"]), min_size=1, max_size=60
    ),
    st.integers(0, 10**30 - 1),
    st.data(),
)
def test_the_public_package_gives_the_same_order(refs, thrown, data):
    cohort = d.write_cohort((stratum, ref) for ref, stratum in refs.items())
    sizes = {stratum: len(members) for stratum, members in d.read_cohort(cohort).items()}
    places = {stratum: data.draw(st.integers(0, min(size, 4))) for stratum, size in sizes.items()}
    places[min(sizes)] = max(places[min(sizes)], 1)
    plan = d.write_plan(d.Group(stratum, places[stratum], size - places[stratum]) for stratum, size in sizes.items())
    source = f"dice:{thrown:040d}"
    for order in d.draw(cohort, plan, source):
        members = [ref for ref, stratum in refs.items() if stratum == order.stratum]
        assert list(order.refs) == list(sampler(members, d.method.seed(cohort, plan, source), output="id"))


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 300), min_size=1), st.data(), st.booleans())
def test_places_always_add_up_and_never_exceed_a_group(sizes, data, equal):
    places = data.draw(st.integers(0, sum(sizes.values())))
    shares = d.share_out(places, sizes, equal=equal)
    assert sum(shares.values()) == places
    assert all(shares[name] <= size for name, size in sizes.items())
    if not equal and places:
        total = sum(sizes.values())
        assert all(abs(shares[name] - places * size / total) < 1 for name, size in sizes.items())


def test_ties_go_to_the_group_whose_name_comes_first():
    assert d.share_out(1, {"b": 5, "a": 5}) == {"b": 0, "a": 1}
    assert d.share_out(8, {"cin": 3, "cp": 100}, equal=True) == {"cin": 3, "cp": 5}
    with pytest.raises(d.Unfit, match="9 places are too many"):
        d.share_out(9, {"a": 8})


def test_bits():
    assert d.bits_needed({"all": 214}, [d.Group("all", 8, 206)]) == pytest.approx(46.4, abs=0.05)
    assert d.dice_needed(46.4) == 14
    with pytest.raises(d.Unfit, match=r"carries 43.2 bits; this plan needs at least 46.4, that is 14 digits"):
        d.check_bits(d.read_source("dice:" + "1" * 13), 46.4)
    d.check_bits(d.read_source("dice:" + "1" * 14), 46.4)
    d.check_bits(d.read_source("drand-quicknet:1:" + "0" * 64), 400)  # more than the key holds cannot be asked for
    assert d.bits_needed({"all": 4}, [d.Group("all", 5, 0)]) == 0
    assert d.bits_needed({"all": 20000}, [d.Group("all", 10000, 0)]) == pytest.approx(19992.8, abs=1)


def test_the_beacon_clock():
    assert d.round_at(datetime.fromtimestamp(1692803367, tz=UTC)) == 1
    assert d.round_time(1) == datetime.fromtimestamp(1692803367, tz=UTC)
    assert d.round_at(d.round_time(32784613)) == 32784613
    assert d.round_at(d.round_time(32784613) - timedelta(seconds=1)) == 32784612


def test_one_changed_byte_changes_the_key():
    changed = COHORT.replace(b"CASE-0001", b"CASE-0000")
    assert d.key_of(changed, PLAN, SOURCE) != d.key_of(COHORT, PLAN, SOURCE)


@pytest.mark.parametrize(
    ("cohort", "sentence"),
    [
        (b"", "cohort.tsv is empty"),
        (b"all\tCASE-1", "Line 1 of cohort.tsv"),
        (b"all\tCASE-1\r\n", "Line 1 of cohort.tsv"),
        (b"\xef\xbb\xbfall\tCASE-1\n", "Line 1 of cohort.tsv"),
        (b"all\tCASE-1\n\n", "Line 2 of cohort.tsv"),
        (b"all\tcase-1\n", "Line 1 of cohort.tsv"),
        (b"all\tCASE-2\nall\tCASE-1\n", "not sorted"),
        (b"all\tCASE-1\nall\tCASE-1\n", "stands twice"),
        (b"a\tCASE-1\nb\tCASE-1\n", "more than one group"),
    ],
)
def test_a_list_that_is_not_in_its_form_is_refused(cohort, sentence):
    with pytest.raises(d.Unfit, match=sentence):
        d.draw(cohort, b"all\t1\t0\n", SOURCE)


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (b"", "plan.tsv is empty"),
        (b"all\t1\t1", "last line does not end"),
        (b"all\t01\t1\n", "Line 1 of plan.tsv"),
        (b"all\t-1\t1\n", "Line 1 of plan.tsv"),
        (b"\xff\n", "plain ASCII"),
        (b"b\t1\t0\na\t1\t0\n", "not sorted"),
        (b"other\t1\t0\n", "not have the same groups"),
        (b"all\t2\t2\n", "has 3 children, too few for 2 places and 2 reserves"),
        (b"all\t0\t3\n", "no place"),
    ],
)
def test_a_plan_that_is_not_in_its_form_is_refused(plan, sentence):
    with pytest.raises(d.Unfit, match=sentence):
        d.draw(b"all\tCASE-1\nall\tCASE-2\nall\tCASE-3\n", plan, SOURCE)


@pytest.mark.parametrize(
    "source",
    ["dice:", "dice:12a", "drand-quicknet:0:" + "0" * 64, "drand-quicknet:5:" + "A" * 64, "coin:1", "dice:1\n\n"],
)
def test_a_source_that_is_not_in_its_form_is_refused(source):
    with pytest.raises(d.Unfit, match="not in one of its two forms"):
        d.read_source(source)


def receipt():
    salt = bytes(32)
    binding = d.write_binding(salt, ((ref, ref.encode()) for _, ref in VECTOR))
    announced = {"kind": "dice", "thrown_by": "the scrutineer", "when": "2 October 2026"}
    commitment = d.write_commitment(
        cohort=COHORT, plan=PLAN, binding=binding, announced=announced, reasons=["moved"], at=AT
    )
    return d.write_receipt(cohort=COHORT, plan=PLAN, binding=binding, source=SOURCE, commitment=commitment)


def unzip(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)


def rezip(content, **changed):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if (now := changed.get(name.split(".")[0], old.read(name))) is not None:
                new.writestr(name, now)
    return out.getvalue()


def test_a_receipt_verifies_here_and_offline(tmp_path):
    assert d.verify_receipt(receipt())[-1] == f"Key {d.key_of(COHORT, PLAN, SOURCE)}"
    unzip(receipt(), tmp_path)
    ran = subprocess.run([sys.executable, "-I", "verify.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, d.print_draw(d.draw(COHORT, PLAN, SOURCE)))
    assert "NO" not in ran.stderr


def test_the_offline_script_finds_what_was_exchanged(tmp_path):
    unzip(rezip(receipt(), result=b"all\tsample\t1\tCASE-0001\n"), tmp_path)
    ran = subprocess.run([sys.executable, "-I", "verify.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "NO  the result is the one drawn here" in ran.stderr


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"cohort": COHORT.replace(b"0001", b"0000")}, "cohort.tsv is not the file"),
        ({"plan": PLAN.replace(b"3\t2", b"3\t3")}, "plan.tsv is not the file"),
        ({"binding": b"CASE-0001\t" + b"0" * 64 + b"\n"}, "binding.tsv is not the file"),
        ({"result": b""}, "another result"),
        ({"source": b"dice:04638512907734021587\n"}, "another result"),
        ({"source": b"drand-quicknet:9:" + b"0" * 64}, "not come from the source that was announced"),
        ({"source": None}, "source.txt is missing"),
        ({"commitment": b"{}"}, "commitment.json is not whole"),
        ({"commitment": b"[" * 100000}, "commitment.json is not whole"),
    ],
)
def test_a_receipt_that_was_tampered_with_is_refused(changed, sentence):
    with pytest.raises(d.Unfit, match=sentence):
        d.verify_receipt(rezip(receipt(), **changed))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("method", "coin", "another method"),
        ("counts", {"A-neglect": 9}, "counts that were fixed"),
        ("source", 1, "announced"),
    ],
)
def test_a_commitment_that_disagrees_is_refused(field, value, sentence):
    said = json.loads(zipfile.ZipFile(io.BytesIO(receipt())).read("commitment.json"))
    with pytest.raises(d.Unfit, match=sentence):
        d.verify_receipt(rezip(receipt(), commitment=json.dumps(said | {field: value}).encode()))


def test_a_binding_must_have_the_references_of_the_list():
    for binding, sentence in (
        (b"CASE-0001\t" + b"0" * 64 + b"\n", "exactly the references"),
        (b"x\n", "Line 1 of binding"),
    ):
        said = json.loads(zipfile.ZipFile(io.BytesIO(receipt())).read("commitment.json"))
        said["binding"] = d.fingerprint(binding)
        with pytest.raises(d.Unfit, match=sentence):
            d.verify_receipt(rezip(receipt(), binding=binding, commitment=json.dumps(said).encode()))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 7))
def test_a_damaged_receipt_never_ends_in_a_traceback(where, bit):
    content = bytearray(receipt())
    content[where % len(content)] ^= 1 << bit
    with contextlib.suppress(d.Unfit):
        d.verify_receipt(bytes(content))


def test_what_is_no_zip_is_refused():
    with pytest.raises(d.Unfit, match="cannot be opened as a zip"):
        d.verify_receipt(b"%PDF-1.7")


def test_refs_are_random_and_in_their_form():
    refs = {d.new_ref() for _ in range(1000)}
    assert len(refs) == 1000
    random.seed(1)
    assert d.read_cohort(d.write_cohort(("all", ref) for ref in refs))["all"] == sorted(refs)
    assert len(d.new_salt()) == 32
