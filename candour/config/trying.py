"""The demonstration: made once, then served with its worker. Django is loaded only to make it, so that it starts fast."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from candour.kernel.errors import Refused

ROOT = Path(__file__).resolve().parents[2]
STARTING = 120.0
STOPPING = 15.0


def demo(options: argparse.Namespace) -> int:
    """Serve the demonstration with its worker; the first start makes its database, later ones only serve."""
    if os.environ.setdefault("CANDOUR_MODE", "demo") != "demo":
        raise Refused("The demonstration runs only where CANDOUR_MODE is demo.")
    os.environ.setdefault("CANDOUR_URL", f"http://127.0.0.1:{options.port}")
    return together(options.port, made())


def made() -> list[dict[str, str]]:
    """The people of the demonstration, which is made first where it is not there or is of another version."""
    stamp = Path(os.environ.get("CANDOUR_DATA", ROOT / "var")) / "demonstration.json"
    version = fingerprint()
    with suppress(OSError, ValueError, KeyError):
        said: dict[str, Any] = json.loads(stamp.read_text(encoding="utf-8"))
        if said["version"] == version:
            people: list[dict[str, str]] = said["people"]
            return people
    people = make()
    stamp.write_text(json.dumps({"version": version, "people": people}), encoding="utf-8")
    return people


def fingerprint() -> str:
    """What a demonstration's database was made for: the migrations and the demonstration's own files."""
    found = sha256()
    for file in sorted([*ROOT.glob("candour/*/migrations/*.py"), *ROOT.glob("candour/demo/**/*.*")]):
        if "__pycache__" not in file.parts:
            found.update(file.read_bytes())
    return found.hexdigest()


def make() -> list[dict[str, str]]:
    """Bring the tables up to date and make the invented partnership, once: what somebody has since done in it stays."""
    import_module("candour.config.cli").loaded("demo")
    running, django = import_module("candour.config.running"), import_module("django.db")
    running.migrate()
    print("Making the demonstration partnership …", flush=True)
    import_module("candour.demo.load").load()
    listed = import_module("candour.members.queries").listed_personas()
    django.connection.close()
    return [{"name": person["name"], "says": person["says"]} for person in listed]


def together(port: int, people: list[dict[str, str]]) -> int:
    """Run server and worker until one of them ends or somebody stops both."""
    address = f"http://127.0.0.1:{port}/"
    here = [sys.executable, "-m", "candour.config.cli"]
    # In their own session, so that Ctrl-C reaches them once, from here.
    children = [
        subprocess.Popen([*here, *command], start_new_session=True)
        for command in (["serve", "--port", str(port)], ["work"])
    ]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if not answers(address, children[0]):
            print(f"The pages did not come up on {address}; is something else on that port?", file=sys.stderr)
            return 1
        welcome(address, people)
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0
    finally:
        stop(children)


def answers(address: str, server: "subprocess.Popen[bytes]") -> bool:
    """Wait until the first page is there."""
    until = time.monotonic() + STARTING
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.05)
    return False


def welcome(address: str, people: list[dict[str, str]]) -> None:
    """Say where the demonstration is and whom to be."""
    print(f"\nCandour is at {address}   (Ctrl-C stops it)\n")
    if people:
        print("Sign in as one of these, with one click on the sign-in page:\n")
        for person in people:
            print(f"  {person['name']:<22} {person['says']}")
    print(flush=True)


def stop(children: "list[subprocess.Popen[bytes]]") -> None:
    """End what was started here, gently first."""
    for child in children:
        with suppress(ProcessLookupError):
            child.terminate()
    for child in children:
        try:
            child.wait(STOPPING)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
