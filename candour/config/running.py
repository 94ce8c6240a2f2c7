"""Serving, working and getting ready: what runs an installation."""

import argparse
from importlib import import_module

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from candour.identity import erasures
from candour.kernel.errors import Refused


def prepare(options: argparse.Namespace) -> int:
    """Bring tables, static files and the list of erasures up to date; safe to run again at any time."""
    migrate()
    erasures.append_missing()
    erasures.replay(erasures.listed())
    if settings.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)
    print("The installation is up to date.")
    return 0


def migrate() -> None:
    """Bring the tables up to date."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def behind() -> bool:
    """Whether the database lacks a migration that this version knows."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def serve(options: argparse.Namespace) -> int:
    """Serve the pages until told to stop; refused while the tables are behind this version."""
    if settings.PRODUCTION and behind():
        raise Refused("The database is behind this version of Candour. Run `candour prepare` first.")
    from granian import Granian  # noqa: PLC0415 - only the server needs it
    from granian.constants import Interfaces  # noqa: PLC0415

    # Loaded once, here, and shared by the processes that granian forks; what is wrong is said once too.
    import_module("candour.config.wsgi")
    connection.close()

    Granian(
        "candour.config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=options.threads,
        log_enabled=True,
        log_level="warning",  # type: ignore[arg-type]
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()
    return 0


def work(options: argparse.Namespace) -> int:
    """Run the worker until told to stop."""
    if settings.PRODUCTION and behind():
        raise Refused("The database is behind this version of Candour. Run `candour prepare` first.")
    connection.close()
    call_command("qcluster", verbosity=0)
    return 0
