"""The house holds together: import contracts and the walks, each also shown to fail on a planted breach."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import architecture
from tests.architecture import (
    CHECKS,
    ROOT,
    STEPS,
    actions_out_of_shape,
    code_naming_later_pages,
    decisions_out_of_order,
    inline_code_in_pages,
    long_files,
    long_views,
    state_set_by_hand,
    unfinished_words,
    views_touching_tables,
)
from tests.architecture import templates_naming_later_pages as naming_later


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_tree_holds(check):
    assert list(check(ROOT)) == []


def test_no_table_points_to_a_later_step():
    assert list(architecture.upward_relations(architecture.model_relations())) == []


def test_a_relation_to_a_later_step_is_found():
    planted = [
        ("focus", "focus.Audit.briefing", "learning"),
        ("learning", "learning.Briefing.audit", "focus"),
    ]
    assert list(architecture.upward_relations(planted)) == [
        "focus.Audit.briefing points to learning, which comes later."
    ]


def test_every_relation_is_looked_at():
    assert ("focus", "focus.Audit.partnership", "people") in list(architecture.model_relations())


FOCUS = "candour/focus/"
PAGE = FOCUS + "templates/focus/show.html"
PLANTED_FILES = [
    (naming_later, PAGE, '{% url "impact:show" 1 %}'),
    (naming_later, "candour/ui/templates/ui/x.html", '{% include "focus/_x.html" %}'),
    (naming_later, "candour/tools/templates/t.html", '{% extends "learning/x.html" %}'),
    (code_naming_later_pages, FOCUS + "views.py", 'def f(r):\n    return redirect("impact:show")\n'),
    (code_naming_later_pages, FOCUS + "queries.py", 'URL = reverse("overview:audit", args=[1])\n'),
    (state_set_by_hand, FOCUS + "actions.py", "def f(x):\n    x.state = 1\n"),
    (state_set_by_hand, FOCUS + "actions.py", "def f(x):\n    a, x.state = 1, 2\n"),
    (state_set_by_hand, FOCUS + "actions.py", "def f(x):\n    x.update(state=1)\n"),
    (state_set_by_hand, FOCUS + "actions.py", 'def f(x):\n    setattr(x, "state", 1)\n'),
    (views_touching_tables, FOCUS + "views.py", "def f(r):\n    return Audit.objects.all()\n"),
    (views_touching_tables, FOCUS + "views.py", "def f(r, x):\n    x.save()\n"),
    (views_touching_tables, FOCUS + "views.py", "def f(r, x):\n    x.delete()\n"),
    (views_touching_tables, FOCUS + "views/show.py", "def f(r, x):\n    x.save()\n"),
    (long_views, FOCUS + "views.py", "def f(r):\n" + "    r()\n" * 16),
    (actions_out_of_shape, FOCUS + "actions.py", "@act\ndef f(x, *, by, at):\n    x()\n"),
    (actions_out_of_shape, FOCUS + "actions/__init__.py", "def f(*, x, by, at):\n    x()\n"),
    (actions_out_of_shape, FOCUS + "actions/ask.py", "def f(*, x, by, at):\n    x()\n"),
    (actions_out_of_shape, FOCUS + "actions.py", "def f(*, x, by, at):\n    x()\n"),
    (actions_out_of_shape, FOCUS + "actions.py", "@act\ndef f(*, x, by):\n    x()\n"),
    (inline_code_in_pages, PAGE, '<p style="color:red">x</p>'),
    (inline_code_in_pages, PAGE, "<script>alert(1)</script>"),
    (inline_code_in_pages, PAGE, '<a onclick="x()">x</a>'),
    (long_files, FOCUS + "queries.py", "x = 1\n" * 401),
    (unfinished_words, FOCUS + "queries.py", "# TO" + "DO: later\n"),
    (decisions_out_of_order, "docs/adr/0001-second.md", "# 0001 Second\n"),
    (decisions_out_of_order, "docs/adr/0002-second.md", "# 0003 Second\n"),
    (decisions_out_of_order, "docs/adr/second.md", "# 0002 Second\n"),
]


@pytest.fixture
def small_tree(tmp_path):
    """A house with nothing wrong in it: each step with a README, one decision."""
    for step in STEPS:
        folder = tmp_path / "candour" / step
        folder.mkdir(parents=True)
        (folder / "README.md").write_text("Receives a. Decides b. Hands on c.")
    decisions = tmp_path / "docs" / "adr"
    decisions.mkdir(parents=True)
    (decisions / "0001-first.md").write_text("# 0001 First\n")
    return tmp_path


@pytest.mark.parametrize(("check", "name", "text"), PLANTED_FILES)
def test_a_planted_breach_is_found(small_tree, check, name, text):
    assert list(check(small_tree)) == []
    file = small_tree / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    assert len(list(check(small_tree))) == 1


def test_a_step_without_a_readme_is_found(small_tree):
    (small_tree / "candour" / "focus" / "README.md").unlink()
    assert len(list(architecture.steps_without_a_page_of_their_own(small_tree))) == 3


PLANTED_IMPORTS = [
    ("The process runs one way", "candour/focus/queries.py", "from candour.impact import queries"),
    ("The process runs one way", "candour/kernel/clock.py", "from candour.people import models"),
    ("The process runs one way", "candour/stray/__init__.py", ""),
    ("Inside a step", "candour/focus/models.py", "from candour.focus import actions"),
    ("Inside a step", "candour/impact/utils.py", ""),
    ("Only views and actions act", "candour/impact/queries.py", "from candour.focus import actions"),
    ("Only addresses name views", "candour/impact/actions.py", "from candour.focus import views"),
    ("Only views show forms", "candour/impact/actions.py", "from candour.focus import forms"),
    ("Rules read no tables", "candour/focus/flow.py", "from candour.people import models"),
    ("Rules read no tables", "candour/access/policy.py", "from candour.people import models"),
]


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Hold the import contracts against a tree."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(
        command,
        cwd=tree,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tree)},
    )


@pytest.fixture(scope="session")
def copied_tree(tmp_path_factory):
    """The product's modules and contracts, without templates, tests and migrations."""
    tree = tmp_path_factory.mktemp("house")
    leave = shutil.ignore_patterns("tests", "migrations", "templates", "static", "__pycache__", "fonts", "*.md")
    shutil.copytree(ROOT / "candour", tree / "candour", ignore=leave)
    for name in ("tests", "migrations"):
        for folder in (ROOT / "candour").glob(f"*/{name}"):
            (tree / "candour" / folder.parent.name / name).mkdir()
            (tree / "candour" / folder.parent.name / name / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


def test_the_import_contracts_hold(copied_tree):
    found = lint_imports(copied_tree)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(("contract", "name", "line"), PLANTED_IMPORTS)
def test_a_planted_import_breaks_its_contract(copied_tree, contract, name, line):
    file = copied_tree / name
    before = file.read_text() if file.exists() else None
    file.parent.mkdir(exist_ok=True)
    file.write_text((before or "") + "\n" + line + "\n")
    try:
        found = lint_imports(copied_tree)
    finally:
        if before is None:
            file.unlink()
            if name == "candour/stray/__init__.py":
                shutil.rmtree(file.parent)
        else:
            file.write_text(before)
    assert found.returncode != 0
    assert f"{contract} BROKEN" in found.stdout
