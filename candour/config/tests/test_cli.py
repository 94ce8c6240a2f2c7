"""The command line: what it prints, and with which status it ends."""

import json

import pytest

from candour.config import cli

COHORT = b"all\tCASE-0001\nall\tCASE-0002\nall\tCASE-0003\n"


@pytest.fixture
def three_files(tmp_path):
    """A cohort of three, one place, and dice."""
    (tmp_path / "cohort.tsv").write_bytes(COHORT)
    (tmp_path / "plan.tsv").write_bytes(b"all\t1\t2\n")
    (tmp_path / "source.txt").write_bytes(b"dice:12345678901234567890\n")
    return [str(tmp_path / name) for name in ("cohort.tsv", "plan.tsv", "source.txt")]


def test_a_draw_is_printed_as_the_check_prints_it(three_files, capsys):
    assert cli.main(["draw", *three_files]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[:3] for line in lines] == [
        ["all", "sample", "1"],
        ["all", "reserve", "2"],
        ["all", "reserve", "3"],
    ]


def test_what_stands_in_the_way_is_one_sentence(three_files, capsys, tmp_path):
    (tmp_path / "plan.tsv").write_bytes(b"all\t9\t0\n")
    assert cli.main(["draw", *three_files]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert said.err.endswith(".\n")


def test_a_missing_file_is_named(capsys, tmp_path):
    missing = str(tmp_path / "none.zip")
    assert cli.main(["verify-draw", missing]) == 1
    assert capsys.readouterr().err == f"{missing}: No such file or directory.\n"


@pytest.mark.parametrize("asked", [[], ["nonsense"], ["draw"], ["tool"], ["serve", "--port", "x"]])
def test_asked_wrongly_is_two(asked, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(asked)
    assert ended.value.code == 2
    assert "usage: candour" in capsys.readouterr().err


def test_keys_are_made_once_and_for_their_owner_only(tmp_path, capsys):
    file = tmp_path / "keys.json"
    assert cli.main(["keys", str(file)]) == 0
    made = json.loads(file.read_text())
    assert sorted(made) == ["field", "index", "session", "signing"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert cli.main(["keys", str(file)]) == 1
    assert json.loads(file.read_text()) == made
