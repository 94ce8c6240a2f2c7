"""An installation of its own for each fault, with a database that a killed server may be found to have left."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from bench.serving import ROOT


@pytest.fixture
def place(tmp_path) -> Iterator[dict[str, str]]:
    """The environment of an empty installation, on the kind of database that the tests run on."""
    env = {"CANDOUR_DATA": str(tmp_path / "data"), "CANDOUR_MODE": "demo", "CANDOUR_DATABASE": ""}
    env["DJANGO_SETTINGS_MODULE"] = "candour.config.settings"
    server = os.environ.get("CANDOUR_DATABASE", "")
    name = f"fault_{secrets.token_hex(6)}"
    if server.startswith("postgresql://"):
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        env["CANDOUR_DATABASE"] = urlsplit(server)._replace(path=f"/{name}").geturl()
    prepare = [sys.executable, "-m", "candour.config.cli", "prepare"]
    subprocess.run(prepare, cwd=ROOT, env=os.environ | env, check=True, stdout=subprocess.DEVNULL)
    yield env
    if server.startswith("postgresql://"):
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
