"""Run a command beside a throw-away PostgreSQL: `python setup/postgres.py pytest -q`.

The cluster lives in a temporary folder, listens on a socket there only, writes nothing through to the
disk and goes when the command ends. PostgreSQL refuses to run as root, so then it runs as `postgres`.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from system import postgres_bin

SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def server_user() -> dict[str, object]:
    """Who the server runs as: ourselves, or `postgres` where we are root."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        sys.exit("PostgreSQL does not run as root and this machine has no user named postgres.")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@contextmanager
def cluster() -> Iterator[str]:
    """A running cluster; yields the address of its database."""
    binaries = postgres_bin()
    if binaries is None:
        sys.exit("This needs PostgreSQL's server programs (on Debian: apt-get install postgresql).")
    who = server_user()
    folder = Path(tempfile.mkdtemp(prefix="candour-pg-", dir="/tmp"))
    data = folder / "data"
    try:
        if "user" in who:
            os.chown(folder, who["user"], who["group"])
        run = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL, **who}
        initdb = f"{binaries}/initdb -D {data} -U candour -A trust -E UTF8 --locale=C.UTF-8 -N"
        subprocess.run(initdb.split(), **run)
        options = " ".join(f"-c {setting}" for setting in SETTINGS)
        options += f" -c listen_addresses='' -c unix_socket_directories='{folder}'"
        log = folder / "log"
        subprocess.run([binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"], **run)
        try:
            yield f"postgresql://candour@/postgres?host={folder}"
        finally:
            stop = f"{binaries}/pg_ctl -D {data} -m immediate stop"
            subprocess.run(stop.split(), **(run | {"check": False}))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run the command given, with CANDOUR_DATABASE naming the cluster."""
    if len(sys.argv) < 2:
        sys.exit("usage: python setup/postgres.py COMMAND [ARGUMENT…]")
    with cluster() as address:
        return subprocess.run(sys.argv[1:], env=os.environ | {"CANDOUR_DATABASE": address}).returncode


if __name__ == "__main__":
    sys.exit(main())
