"""Check that no tracked file holds a package registry's address or a path of somebody's machine."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
    )
)
OPTIONS = tuple("--" + name for name in ("index-" + "url", "extra-index-" + "url", "find-" + "links"))
PATHS = re.compile(r"(?<![\w.\-])/(?:w[o]rk|f[a]rm|h[o]me|r[o]ot|U[s]ers)/")


def faults(name: str, text: str) -> list[str]:
    """One sentence for each address or path in a file."""
    found = [f"{name} holds a package registry's address." for host in HOSTS if host in text]
    found += [f"{name} holds the option {option}." for option in OPTIONS if option in text]
    found += [f"{name} holds a path of a machine: {match[0]}" for match in [PATHS.search(text)] if match]
    return found


def main() -> int:
    """Look through every tracked text file."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    found: list[str] = []
    for name in filter(None, listed.stdout.split("\0")):
        file = ROOT / name
        if not file.is_file():
            continue
        data = file.read_bytes()
        if b"\0" not in data:
            found += faults(name, data.decode("utf-8", "replace"))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
