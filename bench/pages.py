"""Pages and saves, measured over a served installation beside bare Django."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli

from bench import saving, serving
from bench.serving import ROOT, Client, Times
from bench.table import Line, ms, s

EIGHT = 8


def installation(folder: Path, name: str) -> dict[str, str]:
    """The environment of a fresh installation, prepared as an operator prepares one."""
    keys = folder / "keys.json"
    candour = [sys.executable, "-m", "candour.config.cli"]
    if not keys.exists():
        subprocess.run([*candour, "keys", keys], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    env = {
        "CANDOUR_DATA": str(folder / name),
        "CANDOUR_MODE": "production",
        "CANDOUR_BEHIND_TLS": "0",
        "CANDOUR_KEYS_FILE": str(keys),
        "CANDOUR_DATABASE": "",
    }
    subprocess.run([*candour, "prepare"], cwd=ROOT, env=os.environ | env, check=True, stdout=subprocess.DEVNULL)
    return env


def copy_of(env: dict[str, str], name: str) -> dict[str, str]:
    """The same installation once more, to be changed freely."""
    old = Path(env["CANDOUR_DATA"])
    shutil.copytree(old, old.with_name(name))
    return env | {"CANDOUR_DATA": str(old.with_name(name))}


class Floor:
    """What bare Django does on this machine, in this run."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        many = 50 if quick else 300
        with serving.bare({"BENCH_DATA": str(folder)}) as server:
            self.start = server.started
            clients = [Client(server.port) for _ in range(EIGHT)]
            serving.closed_loop(clients, serving.page("/login/"), 20)
            self.login = serving.closed_loop(clients, serving.page("/login/"), many)
            self.rows = {
                count: serving.closed_loop(clients[:1], serving.page(f"/rows/{count}/"), 30)
                for count in (8, 50, 60, 80)
            }
            self.save = serving.closed_loop(clients[:1], self._write, many)
            self.saves = serving.closed_loop(clients, self._write, many)
            for client in clients:
                client.close()

    @staticmethod
    def _write(client: Client, number: int) -> bool:
        return client.ask("POST", "/save/", {"value": "Partly", "note": "words " * 20})[0] == 200


def first_page(env: dict[str, str], floor: Floor, *, quick: bool) -> Iterator[Line]:
    """From nothing running to the first page, and that page under load; what a first view weighs."""
    with serving.candour(env) as server:
        yield Line("Start-up to the first page", s(server.started), s(floor.start), server.started / floor.start,
                   "2 s", server.started <= 2)  # fmt: skip
        clients = [Client(server.port) for _ in range(EIGHT)]
        page = serving.page("/account/login/")
        serving.closed_loop(clients, page, 20)
        login = serving.closed_loop(clients, page, 50 if quick else 300)
        share = login.rate / floor.login.rate
        yield Line("Login page, 8 at once", f"{login.rate:.0f} a second", f"{floor.login.rate:.0f} a second", share,
                   "0.40 of the floor", share >= 0.4 and not login.failed)  # fmt: skip
        weight = weigh(clients[0], "/account/login/")
        yield Line(
            "First view", f"{weight:.0f} KB compressed", promise="100 KB, nothing from elsewhere", met=weight <= 100
        )
        for client in clients:
            client.close()


def weigh(client: Client, path: str) -> float:
    """What a browser that has nothing yet takes for a page, in KB."""
    body = client.ask("GET", path)[1]
    total = len(body)
    for link in set(re.findall(rb'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2|svg|png|ico))"', body)):
        status, file = client.ask("GET", link.decode())
        total += len(brotli.compress(file)) if status == 200 else 0
    return total / 1024


def opening(env: dict[str, str], floor: Floor, *, quick: bool) -> Iterator[Line]:
    """A return of sixty questions, opened: its sections, then one of them."""
    stage = saving.staged(env, "returns", EIGHT, 0)
    each = 10 if quick else 40
    with serving.candour(env) as server, saving.auditors(server.port, stage) as auditors:
        for what, path in (("Open a 60-question return", ""), ("Open one of its sections", "section/s0/")):

            def ask(auditor: saving.Auditor, number: int, path: str = path) -> bool:
                return auditor.client.ask("GET", f"/returns/{auditor.ret}/{path}")[0] == 200

            bare = floor.rows[8 if path else 60].middle
            serving.closed_loop(auditors, ask, 3)
            one, eight = serving.closed_loop(auditors[:1], ask, each), serving.closed_loop(auditors, ask, each)
            yield timed(f"{what}, alone", one, bare, 0.04)
            yield timed(f"{what}, 8 at once", eight, bare, 0.2)


def timed(what: str, times: Times, floor: float, most: float) -> Line:
    """A median beside its promise."""
    met = times.middle <= most and not times.failed
    return Line(
        what, f"{ms(times.middle)} (95 in 100: {ms(times.p95)})", ms(floor), times.middle / floor, ms(most), met
    )


def saves(env: dict[str, str], folder: Path, floor: Floor, *, quick: bool) -> Iterator[Line]:
    """Answers saved: alone, eight at once, at a hundred and at ten thousand answers, and while a list is read."""
    total, few = (800, 40) if quick else (10_000, 200)
    crowded = copy_of(env, "crowded")
    stage = saving.staged(env, "returns", EIGHT, 100)
    with serving.candour(env) as server, saving.auditors(server.port, stage) as auditors:
        serving.closed_loop(auditors, saving.Auditor.save, 5)
        alone = serving.closed_loop(auditors[:1], saving.Auditor.save, few)
        yield timed("Save an answer, alone, at 100 answers", alone, floor.save.middle, 0.02)
        quiet = serving.closed_loop(auditors, saving.Auditor.save, total // EIGHT)
        yield eight(f"{total:,} saves, 8 at once, at 100 answers", quiet, floor, 0.15)
    stage = saving.staged(crowded, "returns", EIGHT, 10_000)
    with serving.candour(crowded) as server, saving.auditors(server.port, stage) as auditors:
        serving.closed_loop(auditors, saving.Auditor.save, 5)
        full = serving.closed_loop(auditors[:1], saving.Auditor.save, few)
        more = full.middle / alone.middle
        yield Line("Save an answer, alone, at 10,000 answers", ms(full.middle), ms(alone.middle), more,
                   "1.2 times that at 100", more <= 1.2 and not full.failed)  # fmt: skip
        yield from while_reading(crowded, auditors, folder, few)


def eight(what: str, times: Times, floor: Floor, most: float) -> Line:
    """Many saves of eight people beside their promise: how long at most, and no failure."""
    met = times.p95 <= most and not times.failed
    told = f"{ms(times.middle)} (95 in 100: {ms(times.p95)}), {times.failed} failed"
    return Line(
        what, told, ms(floor.saves.middle), times.middle / floor.saves.middle, f"95 in 100: {ms(most)}, none fails", met
    )


def while_reading(env: dict[str, str], auditors: list[saving.Auditor], folder: Path, few: int) -> Iterator[Line]:
    """Saves while the worker reads a list of two hundred thousand rows, and how long the worker takes."""
    file = folder / "list.xlsx"
    alone("make", file)
    given = saving.staged(env, "give-list", file)["list"]
    for auditor in auditors:
        auditor.client.close()  # a server hangs up on whoever was silent for so long; the next save connects again
    before = serving.closed_loop(auditors, saving.Auditor.save, few)
    during, done = Times(), threading.Event()
    found: dict[str, Any] = {}

    def read() -> None:
        found.update(saving.staged(env, "read-list", given))
        done.set()

    reader = threading.Thread(target=read)
    reader.start()
    while not done.is_set():
        part = serving.closed_loop(auditors, saving.Auditor.save, 5)
        during.taken += part.taken
        during.failed += part.failed
    reader.join()
    ratio = during.p95 / before.p95
    told = f"{ms(during.middle)} (95 in 100: {ms(during.p95)}), {during.failed} of {len(during.taken)} failed"
    yield Line("Saves, 8 at once, while a list of 200,000 is read", told, f"95 in 100: {ms(before.p95)}", ratio,
               "twice that at most, none fails", ratio <= 2 and not during.failed)  # fmt: skip


def reading(env: dict[str, str], folder: Path) -> Iterator[Line]:
    """A list of two hundred thousand rows, read by the worker with nothing else to do."""
    saving.staged(env, "returns", 1, 0)
    file = folder / "list.xlsx"
    alone("make", file)
    floor = alone("cells", file)["seconds"]
    given = saving.staged(env, "give-list", file)["list"]
    found = saving.staged(env, "read-list", given)
    taken = found["seconds"]
    if found["state"] != "read":
        raise RuntimeError(f"The list was not read: it is {found['state']}.")
    yield Line("Read a 200,000-row case list, in the worker", f"{s(taken)}, {found['mb']:.0f} MB", s(floor), taken / floor,
               "10 s, 400 MB", taken <= 10 and found["mb"] <= 400)  # fmt: skip


def board(env: dict[str, str], floor: Floor) -> Iterator[Line]:
    """The discussion board of one case among eight, with ten services."""
    stage = saving.staged(env, "board")
    with serving.candour(env) as server:
        client = Client(server.port, stage["cookies"])
        for what, path in (
            ("Discussion of 8 cases", f"/audits/{stage['audit']}/discussion/"),
            ("Discussion board, a case with 10 services", f"/cases/{stage['case']}/discussion/"),
        ):
            serving.closed_loop([client], serving.page(path), 3)
            yield timed(what, serving.closed_loop([client], serving.page(path), 30), floor.rows[80].middle, 0.15)
        client.close()


def grid(env: dict[str, str], floor: Floor) -> Iterator[Line]:
    """Who knows these children: twenty cases by forty services, every one answered."""
    stage = saving.staged(env, "grid", 20, 40)
    path = f"/audits/{stage['audit']}/involvement/"
    with serving.candour(env) as server:
        client = Client(server.port, stage["cookies"])
        serving.closed_loop([client], serving.page(path), 3)
        found = serving.closed_loop([client], serving.page(path), 20)
        yield timed("Grid of 20 children and 40 services", found, floor.rows[80].middle, 0.25)
        client.close()


def work_list(env: dict[str, str], floor: Floor) -> Iterator[Line]:
    """The first page after sign-in of somebody with ten thousand things to do."""
    stage = saving.staged(env, "work", 10_000)
    with serving.candour(env) as server:
        client = Client(server.port, stage["cookies"])
        serving.closed_loop([client], serving.page("/"), 2)
        yield timed(
            "Work list of 10,000", serving.closed_loop([client], serving.page("/"), 15), floor.rows[50].middle, 0.15
        )
        client.close()


def alone(*what: object) -> dict[str, Any]:
    """One measure that needs no server, in a process of its own."""
    import json  # noqa: PLC0415

    command = [sys.executable, "-m", "bench.alone", *map(str, what)]
    made = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(made.stdout)
    return found
