"""The three commands that read lists and draws: what they print and how they exit."""

import json

import pytest

from candour.config import files
from candour.config.cli import main
from candour.sampling.tests import files as f
from candour.sampling.tests.test_draw import COHORT, PLAN, SOURCE, receipt
from candour.tools import document, word
from candour.tools.documents import documents


def test_frame_prints_what_was_understood(tmp_path, capsys):
    (tmp_path / "list.csv").write_bytes(f.text([f.LIST_6, f.need(1), f.need("")]))
    assert main(["frame", "--json", str(tmp_path / "list.csv")]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "kind": "annex-a",
        "rows_read": 2,
        "rows_used": 1,
        "rows_refused": 1,
        "refusals": [
            {
                "file": "list.csv",
                "sheet": None,
                "row": 3,
                "column": "Child Unique ID",
                "reason": "The child's number is blank.",
            }
        ],
        "children": 1,
        "areas": {"Child in need": 1},
        "warnings": [],
    }
    assert main(["frame", str(tmp_path / "list.csv")]) == 0
    assert "Refused: list.csv, row 3, Child Unique ID: The child's number is blank." in capsys.readouterr().out


def test_frame_says_why_a_file_cannot_be_used(tmp_path, capsys):
    (tmp_path / "list.xlsx").write_bytes(b"%PDF-1.7")
    assert main(["frame", str(tmp_path / "list.xlsx"), "--json"]) == 1
    assert "This is a PDF" in json.loads(capsys.readouterr().out)["error"]
    assert main(["frame", str(tmp_path / "none.xlsx")]) == 1
    with pytest.raises(SystemExit) as stopped:
        main(["frame"])
    assert stopped.value.code == 2


def test_draw_and_verify(tmp_path, capsys):
    for name, content in (("c", COHORT), ("p", PLAN), ("s", f"{SOURCE}\n".encode()), ("r.zip", receipt())):
        (tmp_path / name).write_bytes(content)
    assert main(["draw", *(str(tmp_path / name) for name in "cps")]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "A-neglect sample 1 CASE-0004"
    assert main(["verify-draw", str(tmp_path / "r.zip")]) == 0
    assert "Drawing again gives the same result: 6 of 20" in capsys.readouterr().out
    assert main(["verify-draw", str(tmp_path / "c")]) == 1
    assert capsys.readouterr().err == "This is not a receipt: it cannot be opened as a zip file, or it is damaged.\n"


def test_a_blank_word_return_is_written_and_read_again(tmp_path, capsys) -> None:
    path = tmp_path / "return.docx"
    assert main(["tool", "export", "core", "--agency", "gp", "--docx", str(path)]) == 0
    assert main(["tool", "read", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"tool": "core", "version": 1, "agency": "gp", "case": "", "answers": {}, "warnings": []}
    assert main(["tool", "read", str(path)]) == 0
    assert capsys.readouterr().out == "core version 1, gp, case not named\n"


def test_a_word_return_of_an_earlier_version_is_read(tmp_path, capsys, monkeypatch) -> None:
    path = tmp_path / "return.docx"
    before = documents()[0] | {"number": 7}
    path.write_bytes(word.write(document.read(before), "police", case="3"))
    assert main(["tool", "read", str(path)]) == 1
    assert "version 7, which is not known here" in capsys.readouterr().err
    monkeypatch.setattr(files, "earlier", lambda: (before,))
    assert main(["tool", "read", str(path)]) == 0
    assert capsys.readouterr().out == "core version 7, police, case 3\n"


def test_what_is_no_word_return_is_said_in_a_sentence(tmp_path, capsys) -> None:
    path = tmp_path / "other.docx"
    path.write_bytes(b"%PDF-1.7")
    for arguments, sentence in (
        (["tool", "read", str(path)], "damaged, or no Word document"),
        (["tool", "read", str(tmp_path / "none.docx")], "could not be read: No such file"),
        (["tool", "export", "kore", "--agency", "gp", "--docx", str(path)], "There is no tool “kore”"),
        (["tool", "export", "core", "--agency", "zoo", "--docx", str(path)], "is no kind of service"),
        (["tool", "export", "core", "--agency", "gp", "--docx", str(tmp_path)], "could not be written"),
    ):
        assert main(arguments) == 1
        assert sentence in capsys.readouterr().err


def test_frame_reads_a_folder_and_says_what_is_not_there(tmp_path, capsys):
    (tmp_path / "notes.md").write_text("about these files")
    (tmp_path / "a.csv").write_text("Child ID,DOB\n1,2015-01-01\n")
    (tmp_path / "b.CSV").write_text("Child ID,DOB\n2,2015-01-01\n")
    assert main(["frame", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["children"] == 2
    assert main(["frame", str(tmp_path / "none.xlsx"), "--json"]) == 1
    assert "No such file" in json.loads(capsys.readouterr().out)["error"]
