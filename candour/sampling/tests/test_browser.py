"""The second step in Chromium: checking a receipt where it stands, and the whole step without JavaScript."""

import base64
import json
import random

import pytest
from playwright.sync_api import expect

from candour.sampling import draw
from candour.sampling.tests.test_draw import COHORT, receipt, rezip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def given(name, content):
    return {"name": name, "mimeType": "application/zip", "buffer": content}


def check(page, content):
    page.get_by_label("The receipt").set_input_files(given("draw.zip", content))
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("button", name="Check it")).to_be_enabled()
    expect(page.get_by_role("status")).to_be_focused()
    return page.get_by_role("status").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_receipt_is_checked_in_the_browser_and_sent_nowhere(page, accessible, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/verify/", wait_until="networkidle")
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    assert check(page, receipt()) == "This draw checks out: 6 of 20, and drawing again gives the same."
    for words in ("20 children in 3 groups", "A-neglect 1: CASE-0004", "Key db0199b84e25"):
        assert words in page.locator("main").inner_text()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0

    said = check(page, rezip(receipt(), cohort=COHORT.replace(b"0001", b"0000")))
    assert "does not agree" in said
    expect(page.get_by_text("It was changed after it was fixed").first).to_be_visible()
    page.get_by_label("The fingerprint that you were sent").fill("0" * 64)
    assert "does not agree" in check(page, receipt())
    expect(page.get_by_text("this is not what was fixed then")).to_be_visible()
    assert "cannot be opened as a zip" in check(page, b"%PDF-1.7")
    accessible(page)
    assert asked == []
    blocked = page.evaluate("fetch('/verify/').then(() => 'sent', () => 'refused')")
    assert blocked == "refused"


def test_the_browser_and_the_shell_agree_on_every_damaged_receipt(page):
    said = json.loads(draw.read_receipt(receipt())["commitment.json"])
    changes = [
        {"plan": b"A-neglect\t3\t3\n"}, {"result": b""}, {"source": b"dice:04638512907734021587\n"},
        {"source": b"dice:12\n"},
        {"source": b"drand-quicknet:9:" + b"0" * 64}, {"source": None}, {"commitment": b"{}"}, {"binding": b"x\n"},
        {"commitment": json.dumps(said | {"counts": {"A-neglect": 9}}).encode()},
        {"commitment": json.dumps(said | {"method": "coin"}).encode()}, {"cohort": COHORT[:-1]}, {"cohort": COHORT + b"\n"},
    ]  # fmt: skip
    tried = [receipt(), *(rezip(receipt(), **change) for change in changes)]
    dice = random.Random(7)
    for _ in range(60):
        bits = bytearray(receipt())
        bits[dice.randrange(len(bits))] ^= 1 << dice.randrange(8)
        tried.append(bytes(bits))
    page.goto("/verify/")
    found = page.evaluate(
        """async (all) => {
          const { Unfit, check } = await import("/static/sampling/receipt.js");
          const answers = [];
          for (const one of all) {
            const bytes = Uint8Array.from(atob(one), (c) => c.charCodeAt(0));
            const steps = { mailed: "", told() {}, progress() {} };
            answers.push(await check(bytes, steps).then((got) => got.good, (e) => e instanceof Unfit ? false : String(e)));
          }
          return answers;
        }""",
        [base64.b64encode(one).decode() for one in tried],
    )
    assert [(at, one) for at, one in enumerate(found) if one not in (True, False)] == []
    assert [at for at, one in enumerate(tried) if found[at] != fit(one)] == []
    assert found[0] is True
    assert sum(found[: len(changes) + 1]) == 1


def fit(content):
    try:
        return bool(draw.verify_receipt(content))
    except draw.Unfit:
        return False


def test_without_javascript_the_page_says_how_the_receipt_checks_itself(page_without_script):
    page_without_script.goto("/verify/")
    assert "python3 verify.py" in page_without_script.locator("main").inner_text()
    assert not page_without_script.get_by_role("button", name="Check it").is_visible()
