"""Make the pictures of docs/pictures again, from a demonstration served for the purpose."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from system import browser

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PORT = 8190
ADDRESS = f"http://127.0.0.1:{PORT}"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@contextmanager
def served() -> Iterator[None]:
    """The demonstration, made afresh in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="candour-pictures-") as folder:
        env = os.environ | {"CANDOUR_DATA": folder, "CANDOUR_MODE": "demo"}
        command = [sys.executable, "-m", "candour.config.cli", "demo", "--port", str(PORT)]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        try:
            wait(process)
            yield
        finally:
            process.terminate()
            process.wait(30)


def wait(process: "subprocess.Popen[bytes]") -> None:
    """Wait until the sign-in page is there."""
    while process.poll() is None:
        try:
            urllib.request.urlopen(f"{ADDRESS}/account/login/", timeout=5).close()
            return
        except urllib.error.URLError:
            time.sleep(0.2)
    sys.exit("The demonstration did not start.")


def signed_in(chromium: Browser, name: str) -> Page:
    """A page of somebody who signed in with one click."""
    page = chromium.new_context(base_url=ADDRESS, viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/account/login/")
    page.get_by_role("button", name=name).click()
    return page


def take(page: Page, name: str) -> None:
    """One picture of what is on the screen."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


def main() -> None:
    """An audit, and a published briefing."""
    PICTURES.mkdir(exist_ok=True)
    with served(), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        coordinator = signed_in(chromium, "Ruth Okafor")
        coordinator.goto("/audits/")
        coordinator.locator("main a[href^='/audits/']", has_text="2026").first.click()
        take(coordinator, "audit")
        public = chromium.new_context(base_url=ADDRESS, viewport={"width": 1280, "height": 900}).new_page()
        public.goto("/learning/")
        public.locator("main a[href^='/learning/']").first.click()
        take(public, "briefing")
        chromium.close()


if __name__ == "__main__":
    main()
