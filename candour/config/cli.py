"""The `candour` command. Exit status: 0 done or whole, 1 not, 2 asked wrongly."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

Command = Callable[[argparse.Namespace], int]


def loaded(mode: str) -> None:
    """Load Django; an operator's command means production unless the environment says otherwise."""
    os.environ.setdefault("CANDOUR_MODE", mode)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "candour.config.settings")
    gc.disable()  # what is loaded now stays: looking through it for rubbish takes a tenth of the start
    import_module("django").setup()
    gc.freeze()
    gc.enable()


def within(module: str, function: str) -> Command:
    """A command that stands in another module, fetched only when it is asked for."""

    def run(options: argparse.Namespace) -> int:
        loaded("production")
        found: Command = getattr(import_module(module), function)
        return found(options)

    return run


def alone(module: str, function: str) -> Command:
    """A command that reads files only and needs no installation: neither settings nor keys nor database."""

    def run(options: argparse.Namespace) -> int:
        found: Command = getattr(import_module(module), function)
        return found(options)

    return run


def parser() -> argparse.ArgumentParser:
    """Every sub-command with its arguments."""
    top = argparse.ArgumentParser(prog="candour", description="Multi-agency case audits.")
    subs = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, does: str, run: Command) -> argparse.ArgumentParser:
        made = subs.add_parser(name, help=does, description=does)
        made.set_defaults(run=run)
        return made

    running = "candour.config.running"
    made = command("serve", "Serve the pages.", within(running, "serve"))
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--port", type=int, default=8000)
    made.add_argument("--workers", type=int, default=2, help="processes (2)")
    made.add_argument("--threads", type=int, default=4, help="threads in each process (4)")
    command("work", "Send messages, run jobs and the daily upkeep.", within(running, "work"))
    command("prepare", "Bring the database and the static files up to date.", within(running, "prepare"))
    made = command(
        "demo", "Serve the demonstration partnership, with its worker.", alone("candour.config.trying", "demo")
    )
    made.add_argument("--port", type=int, default=8000)

    made = command("keys", "Make an installation's keys file.", alone("candour.config.keys", "make"))
    made.add_argument("file", type=Path, metavar="FILE")
    made = command(
        "backup", "Back the installation up, whole and encrypted.", within("candour.config.backup", "backup")
    )
    made.add_argument("file", type=Path, metavar="FILE")
    made.add_argument("--keep-keys", type=int, default=30, metavar="DAYS", help="how long keys backups stay (30)")
    made = command(
        "restore", "Restore a backup into an empty installation.", within("candour.config.backup", "restore")
    )
    made.add_argument("file", type=Path, metavar="FILE")
    made.add_argument("--keys", type=Path, metavar="FILE", help="the keys backup (FILE.keys)")
    made = command("partnership", "Begin a partnership and invite its first coordinator.",
                   within("candour.config.founding", "partnership"))  # fmt: skip
    made.add_argument("name", metavar="NAME", help="such as “Northmere Safeguarding Children Partnership”")
    made.add_argument("--short", required=True, metavar="NAME", help="the name in subjects and addresses")
    made.add_argument("--coordinator", required=True, metavar="NAME")
    made.add_argument("--email", required=True, metavar="ADDRESS")
    command("doctor", "Say what is wrong with this installation.", within("candour.config.doctor", "doctor"))

    files = "candour.config.files"
    made = command("frame", "Read case lists as the upload would, and say what they hold.", alone(files, "frame"))
    made.add_argument("files", nargs="+", type=Path, metavar="FILE")
    made.add_argument("--json", action="store_true")
    made = command("draw", "Draw from a cohort, a plan and a source.", alone(files, "draw"))
    made.add_argument("cohort", type=Path, metavar="COHORT")
    made.add_argument("plan", type=Path, metavar="PLAN")
    made.add_argument("source", type=Path, metavar="SOURCE")
    made = command("verify-draw", "Run the draw of a receipt again.", alone(files, "verify_draw"))
    made.add_argument("receipt", type=Path, metavar="RECEIPT.zip")
    made = command("verify-trail", "Verify an exported trail against its checkpoints.", alone(files, "verify_trail"))
    made.add_argument("file", metavar="FILE")
    made.add_argument("checkpoints", nargs="*", metavar="CHECKPOINT")
    made.add_argument("--key", metavar="BASE64", help="the installation's public key")
    tools(subs)
    return top


def tools(subs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The two commands about audit tools in Word."""
    does = "Write a blank Word return, or read a filled one."
    verbs = subs.add_parser("tool", help=does, description=does).add_subparsers(metavar="VERB", required=True)
    export = verbs.add_parser("export", help="Write a blank Word return.")
    export.add_argument("tool", metavar="TOOL", help="a tool's code")
    export.add_argument("--agency", required=True, metavar="KIND", help="the kind of service, such as police")
    export.add_argument("--docx", required=True, type=Path, metavar="FILE")
    export.set_defaults(run=alone("candour.config.files", "export_tool"))
    read = verbs.add_parser("read", help="Say what a filled Word return holds.")
    read.add_argument("file", type=Path, metavar="FILE.docx")
    read.add_argument("--json", action="store_true")
    read.set_defaults(run=alone("candour.config.files", "read_tool"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; what stands in the way is said in one sentence."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}." if error.filename else f"{error}.", file=sys.stderr)
        return 1
    except Exception as error:
        if not says_it_all(error):
            raise
        print(error, file=sys.stderr)
        return 1


def says_it_all(error: Exception) -> bool:
    """Whether an error's text is a sentence for the person, so that a traceback would only be in the way."""
    return type(error).__name__ in {"Refused", "Unfit", "Unreadable", "ImproperlyConfigured"}


if __name__ == "__main__":
    sys.exit(main())
