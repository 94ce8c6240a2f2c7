"""One line of what was measured: the time, its ratio to the floor of the same run, the promise, and whether it was met."""

from dataclasses import dataclass

HEAD = "| What | Measured | Floor, in the same run | Ratio | Promise | Met |\n|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Line:
    """One measurement beside its promise; `met` is None where nothing was promised."""

    what: str
    measured: str
    floor: str = "–"
    ratio: float | None = None
    promise: str = "–"
    met: bool | None = None

    def __str__(self) -> str:
        ratio = "–" if self.ratio is None else f"{self.ratio:.1f}" if self.ratio >= 1 else f"{self.ratio:.2f}"
        verdict = {True: "yes", False: "**no**", None: "–"}[self.met]
        return f"| {self.what} | {self.measured} | {self.floor} | {ratio} | {self.promise} | {verdict} |"


def ms(seconds: float) -> str:
    """A short time in words."""
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"


def s(seconds: float) -> str:
    """A longer time in words."""
    return f"{seconds:.1f} s"
