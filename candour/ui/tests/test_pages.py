"""The base page, the gallery and the pages that stand where another could not."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from candour.ui import views


@pytest.fixture
def gallery(client):
    return client.get("/gallery/").content.decode()


def test_the_gallery_shows_every_component(gallery):
    for name in ("ui_button", "ui_grade", "ui_steps", "ui_bars", "ui_errors", "govuk-date-input", "cd-empty"):
        assert name in gallery


def test_no_page_needs_an_inline_style_or_script(gallery):
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", gallery)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", gallery))


def test_the_gallery_has_each_id_once(gallery):
    ids = re.findall(r'\sid="([^"]+)"', gallery)
    assert len(ids) == len(set(ids))


def test_every_description_and_label_leads_to_something(gallery):
    ids = set(re.findall(r'\sid="([^"]+)"', gallery))
    for words in re.findall(r'\s(?:for|aria-describedby|aria-labelledby)="([^"]+)"', gallery):
        assert set(words.split()) <= ids


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/gallery/", 200)])
def test_pages_answer(client, path, status):
    assert client.get(path).status_code == status


def test_each_refusal_says_what_to_do():
    request = RequestFactory().get("/")
    assert "Nothing was changed" in views.bad_request(request).content.decode()
    assert "ask your partnership's audit coordinator" in views.forbidden(request).content.decode()
    assert "none that is open to you" in views.not_found(request).content.decode()
    assert "phone first" in views.failed(request).content.decode()


def test_a_stale_page_gives_back_what_was_typed_but_no_password():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/gallery/", {"reason": "Seen the same day.", "password": "correct horse battery"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Seen the same day." in page
    assert "correct horse" not in page


def test_the_first_view_is_small():
    page = render_to_string("ui/base.html", {})
    files = [*re.findall(r'(?:src|href)="/static/([^"]+)"', page), "vendor/govuk-frontend.min.js"]
    if finders.find("vendor/govuk-frontend.min.css") is None:
        pytest.skip("the stylesheet is fetched by set-up")
    weight = sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in files)
    assert weight < 100_000


def contrast(a: str, b: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["ink", "soft", "brand", "deep", "amber", "red", "blue", "grey"])
def test_every_colour_of_words_can_be_read(name):
    with open(finders.find("ui/candour.css"), encoding="utf-8") as file:
        colours = dict(re.findall(r"--cd-(\w+): (#[0-9a-f]{6});", file.read()))
    assert contrast(colours[name], "#ffffff") >= 4.5
    assert contrast(colours[name], colours["tint"]) >= 4.5
