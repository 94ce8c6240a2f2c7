"""A hundred and fifty partnerships with ten years of audits each, on PostgreSQL: the same pages before and after.

One partnership is built by the real actions; the others are its rows once more, each under an id of its own that is
made of the row's id and the partnership's number. `python setup/postgres.py python -m bench.crowd` prints, as JSON,
the median of each page with one partnership and with all of them.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import serving
from bench.pages import installation
from bench.saving import staged
from bench.serving import ROOT, Client
from bench.table import Line, ms, s

PARTNERSHIPS, YEARS, AUDITS_A_YEAR, CASES, SERVICES = 150, 10, 2, 8, 6
ROUNDS = 15


def crowded() -> Iterator[Line]:
    """Every page of one partnership, alone and among a hundred and fifty."""
    command = [sys.executable, "setup/postgres.py", sys.executable, "-m", "bench.crowd"]
    made = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    for what, (alone, among) in json.loads(made.stdout).items():
        yield Line(f"{what}, among {PARTNERSHIPS} partnerships of {YEARS} years", ms(among), ms(alone), among / alone,
                   "1.3 times that of one partnership", among <= 1.3 * alone)  # fmt: skip


def reminded() -> Iterator[Line]:
    """The morning's reminders where a hundred and fifty partnerships are late with everything, by one worker."""
    command = [sys.executable, "setup/postgres.py", sys.executable, "-m", "bench.crowd", "remind"]
    made = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found = json.loads(made.stdout)
    what = f"The day's reminders of {PARTNERSHIPS} partnerships, {found['told']} of {found['people']} people told"
    yield Line(what, s(found["seconds"]), s(found["floor"]), found["seconds"] / found["floor"],
               "15 min, before work begins", found["seconds"] <= 900)  # fmt: skip


def asked(env: dict[str, str], stage: dict[str, Any]) -> dict[str, float]:
    """The median time of each page, in seconds."""
    found = {}
    with serving.candour(env) as server:
        client = Client(server.port, stage["cookies"])
        for what, path in stage["pages"].items():
            serving.closed_loop([client], serving.page(path), 4)
            times = serving.closed_loop([client], serving.page(path), ROUNDS)
            if times.failed:
                raise RuntimeError(f"{what}: {path} did not open.")
            found[what] = times.middle
        client.close()
    return found


def prepared(folder: Path) -> dict[str, str]:
    """An installation on the PostgreSQL that this process was started with, its tables made."""
    env = installation(folder, "crowd") | {"CANDOUR_DATABASE": os.environ["CANDOUR_DATABASE"]}
    candour = [sys.executable, "-m", "candour.config.cli", "prepare"]
    subprocess.run(candour, cwd=ROOT, env=os.environ | env, check=True, stdout=subprocess.DEVNULL)
    return env


def main() -> None:
    """Measure with one partnership, let the others join, and measure again; or remind everybody."""
    with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
        env = prepared(Path(folder))
        if sys.argv[1:] == ["remind"]:
            json.dump(staged(env, "remind", PARTNERSHIPS), sys.stdout)
            return
        stage = staged(env, "partnership", YEARS * AUDITS_A_YEAR, CASES, SERVICES)
        one = asked(env, stage)
        staged(env, "crowd", PARTNERSHIPS)
        many = asked(env, stage)
    json.dump({what: [one[what], many[what]] for what in one}, sys.stdout)


if __name__ == "__main__":
    main()
