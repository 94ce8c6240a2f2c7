"""Auditors at work: each saves answers of their own return one after the other, as the page does by itself."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.serving import ROOT, Client

Question = tuple[str, str, str]


def staged(env: dict[str, str], *what: object) -> dict[str, Any]:
    """What `bench.stage` built or read in the database that the environment names."""
    command = [sys.executable, "-m", "bench.stage", *map(str, what)]
    place = os.environ | {"DJANGO_SETTINGS_MODULE": "candour.config.settings"} | env
    made = subprocess.run(command, cwd=ROOT, env=place, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(made.stdout)
    return found


@dataclass
class Auditor:
    """One auditor's page: it knows which version of each answer it shows, and what was acknowledged."""

    client: Client
    ret: str
    questions: list[Question]
    seen: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    sent: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.turn = itertools.count()

    def save(self, *_: object) -> bool:
        """Save the next answer; good where the server acknowledged it."""
        number = next(self.turn)
        section, key, kind = self.questions[number % len(self.questions)]
        words = f"{number}: the record of the day does not say why." * 4
        said = ("yes", "partly", "no")[number // len(self.questions) % 3] if kind != "text" else words
        self.sent.setdefault(key, []).append(said)
        form = {f"q.{key}": said, f"q.{key}.seen": str(self.seen.get(key, 0))}
        status, body = self.client.ask(
            "POST", f"/returns/{self.ret}/section/{section}/", form, Accept="application/json"
        )
        if status != 200:
            return False
        self.seen |= json.loads(body)["versions"]
        self.acknowledged.setdefault(key, []).append(said)
        return True


@contextmanager
def auditors(port: int, stage: dict[str, Any]) -> Iterator[list[Auditor]]:
    """The auditors of a stage, each with a connection of their own."""
    found = [
        Auditor(Client(port, one["cookies"]), one["ret"], [tuple(each) for each in one["questions"]])
        for one in stage["clients"]
    ]
    try:
        yield found
    finally:
        for auditor in found:
            auditor.client.close()
