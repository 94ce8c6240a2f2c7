"""See to the two programs that the tests need from the machine: Chromium and PostgreSQL."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser() -> str | None:
    """Where a Chromium is, if the machine has one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def postgres_bin() -> Path | None:
    """The folder of the newest PostgreSQL server programs, if the machine has them."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    homes = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(homes, key=lambda file: int(file.parts[-3]) if file.parts[-3].isdigit() else 0)
    return newest[-1].parent if newest else None


def missing() -> list[str]:
    """The Debian packages that would supply what is not there."""
    return [package for package, found in (("chromium", browser()), ("postgresql", postgres_bin())) if not found]


def main() -> None:
    """Install what is missing where we may, else say what to install."""
    wanted = missing()
    if not wanted:
        return
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        sys.exit(
            f"The tests need {' and '.join(wanted)}, which this machine does not have. Install "
            f"{'it' if len(wanted) == 1 else 'them'} (on Debian: apt-get install {' '.join(wanted)}) and try again."
        )
    print(f"Setting up: {' and '.join(wanted)}", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        [apt, "update", "-qq"],
        [apt, "install", "-y", "-qq", "--no-install-recommends", *wanted],
    ):
        subprocess.run(command, env=quiet, check=True, stdout=subprocess.DEVNULL)
    if still := missing():
        sys.exit(f"Installed, but not found: {' and '.join(still)}.")


if __name__ == "__main__":
    main()
