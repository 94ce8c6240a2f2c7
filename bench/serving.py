"""Servers to measure, each in processes of its own, and closed-loop clients that measure them."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import TypeVar
from urllib.parse import urlencode

C = TypeVar("C")
ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Server:
    """A running server, and how long it took from its start to its first page."""

    port: int
    process: "subprocess.Popen[bytes]"
    started: float = 0.0

    def kill(self) -> None:
        """End it as a power cut would."""
        os.killpg(self.process.pid, 9)
        self.process.wait()


def start(command: list[str], port: int, env: dict[str, str], page: str, patience: float = 60) -> Server:
    """Start a server and wait for its first page."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | env, start_new_session=True)
    until = begun + patience
    while time.perf_counter() < until and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
            connection.request("GET", page)
            status = connection.getresponse().status
            connection.close()
        except OSError:
            time.sleep(0.01)
            continue
        if status < 500:
            return Server(port, process, time.perf_counter() - begun)
        break
    process.kill()
    raise RuntimeError(f"{' '.join(command)} did not serve {page}.")


@contextmanager
def running(command: list[str], port: int, env: dict[str, str], page: str) -> Iterator[Server]:
    """A server for the length of a block."""
    server = start(command, port, env, page)
    try:
        yield server
    finally:
        server.process.terminate()
        try:
            server.process.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()


def candour(env: dict[str, str], page: str = "/account/login/"):
    """Candour as `candour serve` runs it: two processes, four threads each."""
    port = free_port()
    command = [sys.executable, "-m", "candour.config.cli", "serve", "--port", str(port)]
    return running(command, port, env, page)


def bare(env: dict[str, str]):
    """Bare Django under the same server with the same processes and threads."""
    subprocess.run([sys.executable, "-m", "bench.bare"], cwd=ROOT, env=os.environ | env, check=True)
    port = free_port()
    code = (
        "from granian import Granian; from granian.constants import Interfaces; "
        f"Granian('bench.bare:application', port={port}, interface=Interfaces.WSGI, workers=2, blocking_threads=4, "
        "log_level='warning').serve()"
    )
    return running([sys.executable, "-c", code], port, env, "/start/")


@dataclass
class Client:
    """One person's browser, as far as the server can tell: a connection that stays, and a session."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, bytes]:
        """One request; returns status and body."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        body = None
        if form is not None:
            sent |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": next((value for name, value in self.cookies.items() if name.endswith("csrftoken")), ""),
            }
            body = urlencode(form)
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


@dataclass
class Times:
    """How long each of many requests took, in seconds, and how many failed."""

    taken: list[float] = field(default_factory=list)
    failed: int = 0
    wall: float = 0.0

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.taken)

    @property
    def p95(self) -> float:
        """What 95 in 100 stayed under."""
        return quantiles(self.taken, n=20)[18] if len(self.taken) > 1 else self.taken[0]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.taken) / self.wall


def closed_loop(clients: list[C], one: Callable[[C, int], bool], each: int) -> Times:
    """Each client asks, waits for the answer and asks again, so many times; all of them at once."""
    times, lock = Times(), threading.Lock()

    def run(client: C) -> None:
        taken, failed = [], 0
        for number in range(each):
            begun = time.perf_counter()
            try:
                good = one(client, number)
            except (OSError, http.client.HTTPException):
                good = False  # the server hung up; the next request connects again
            taken.append(time.perf_counter() - begun)
            failed += not good
        with lock:
            times.taken += taken
            times.failed += failed

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.wall = time.perf_counter() - begun
    return times


def page(path: str) -> Callable[[Client, int], bool]:
    """Ask for a page; good where it is there."""
    return lambda client, number: client.ask("GET", path)[0] == 200
