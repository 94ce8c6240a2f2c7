"""`make bench`: every promise of speed beside what was measured, and beside bare Django in the same run."""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import pages
from bench.crowd import crowded, reminded
from bench.pages import Floor, alone
from bench.table import HEAD, Line, ms, s
from candour.tools.tests import hostile


def documents() -> Iterator[Line]:
    """What needs no server."""
    found = alone("draw")
    yield Line("Draw from 1,000,000", s(found["seconds"]), s(found["floor"]), found["seconds"] / found["floor"], "5 s",
               found["seconds"] <= 5)  # fmt: skip
    found = alone("briefing")
    yield Line("Briefing as PDF, the first of a process", ms(found["seconds"]), ms(found["floor"]),
               found["seconds"] / found["floor"], "0.5 s", found["seconds"] <= 0.5)  # fmt: skip


def lists(folder: Path) -> Iterator[Line]:
    """Long case lists read into children, without a database, each beside the bare reader of such files."""
    for what, name, bare in (
        ("A 200,000-row list as a workbook, read into children", "list.xlsx", "cells"),
        ("The same as CSV", "list.csv", "lines"),
        ("A census of 100,000 children as XML", "census.xml", "elements"),
    ):
        file = folder / name
        if not file.exists():
            alone("make", file)
        floor, found = alone(bare, file)["seconds"], alone("understood", file)
        taken, memory = found["seconds"], found["mb"]
        yield Line(what, f"{s(taken)}, {memory:.0f} MB", s(floor), taken / floor, "10 s, 400 MB",
                   taken <= 10 and memory <= 400)  # fmt: skip


def forms() -> Iterator[Line]:
    """A thousand Word files that are damaged or made to do harm, each read to its end, beside a form that is whole."""
    began, count = time.perf_counter(), 20
    for _ in range(count):
        hostile.outcome(hostile.FORM)
    floor, found = (time.perf_counter() - began) / count, hostile.measured(1_000)
    taken, memory, asked = found["slowest"], found["peak"], found["connections"]
    yield Line("1,000 damaged and hostile Word forms, the slowest", f"{s(taken)}, {memory:.0f} MB", ms(floor),
               taken / floor, f"{hostile.MOST_MEMORY} MB", memory <= hostile.MOST_MEMORY and not asked)  # fmt: skip


def measures(folder: Path, *, quick: bool) -> dict[str, Callable[[], Iterator[Line]]]:
    """Every group of measurements by the name under which it can be asked for alone."""
    floor: list[Floor] = []

    def bare() -> Floor:
        if not floor:
            floor.append(Floor(folder, quick=quick))
        return floor[0]

    def fresh(name: str) -> dict[str, str]:
        return pages.installation(folder, name)

    return {
        "start": lambda: pages.first_page(fresh("start"), bare(), quick=quick),
        "open": lambda: pages.opening(fresh("open"), bare(), quick=quick),
        "save": lambda: pages.saves(fresh("save"), folder, bare(), quick=quick),
        "board": lambda: pages.board(fresh("board"), bare()),
        "grid": lambda: pages.grid(fresh("grid"), bare()),
        "work": lambda: pages.work_list(fresh("work"), bare()),
        "remind": reminded,
        "list": lambda: pages.reading(fresh("list"), folder),
        "readers": lambda: lists(folder),
        "documents": documents,
        "forms": forms,
        "crowd": crowded,
    }


def main() -> None:
    """Measure, printing each line as it is known."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: an order of magnitude, not a measurement")
    groups_named = "start, open, save, board, grid, work, remind, list, readers, documents, forms, crowd"
    parser.add_argument("only", nargs="*", help=groups_named)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="candour-bench-") as name:
        groups = measures(Path(name), quick=asked.quick)
        load = os.getloadavg()[0]
        print(f"{os.cpu_count()} cores, load {load:.1f} before the start. SQLite, 2 processes of 4 threads.\n")
        print(HEAD, flush=True)
        for group in asked.only or groups:
            for line in groups[group]():
                print(line, flush=True)


if __name__ == "__main__":
    main()
