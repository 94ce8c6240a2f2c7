"""Every route, every method, everybody, at every phase: what policy.csv says, which is written by hand.

A row of the table is a verb, the kind of row that it is about (empty where a page is about none) and the phases in
which the row holds. A cell says what that person gets: `yes`, `no` (403: they know of it, and may not) or `-` (404: to
them it does not exist). A pair of verb and kind that some route needs and no row decides is a failure, as is a blank.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from candour.access.checks import routes
from candour.access.guard import Need, PolicyMiddleware
from candour.config import urls
from candour.kernel.ids import new_id
from candour.people.tests.factories import other_world, sign_in, world
from tests.access.rows import PHASES, Furnished, furnish
from tests.support.crawl import TOKEN

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("policy.csv")
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
ANSWERS = {"yes": 204, "no": 403, "-": 404}
SAMPLES = {"slug": "some-page", "int": "1", "str": "recognition", "id": "0" * 16, "uuid": "0" * 36}


@cache
def table() -> dict[tuple[str, str, str], dict[str, str]]:
    """The table by verb, kind and phase."""
    found = {}
    with TABLE.open(newline="") as file:
        for row in csv.DictReader(file):
            verb, kind, phases = row.pop("verb"), row.pop("on"), row.pop("phases")
            for phase in PHASES if phases == "any" else phases.split():
                assert (verb, kind, phase) not in found, f"{verb} on {kind or 'nothing'} stands twice for {phase}."
                found[verb, kind, phase] = row
    return found


def guarded() -> Iterator[tuple[str, Any, Need]]:
    """Every route that is not open to all."""
    for route, pattern in routes():
        if pattern.callback.need.can is not None:
            yield route, pattern, pattern.callback.need


def pair(need: Need) -> tuple[str, str]:
    """What decides a route: its verb, and the kind of row that it loads."""
    return str(need.can.name), need.of._meta.label if need.of else ""


def address(route: str, thing: Any) -> str:
    """A route as an address about a thing."""

    def filled(part: re.Match[str]) -> str:
        kind, name = part.group(1) or "str", part.group(2)
        return (thing.pk if thing else new_id()) if (kind, name) == ("id", "pk") else SAMPLES[kind]

    return "/" + PART.sub(filled, route)


@pytest.fixture
def open_doors(monkeypatch, settings):
    """Behind each door nothing happens, and before a shut one nothing is said: only the door is tried."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"  # ten thousand times through a door
    for status in (403, 404):
        monkeypatch.setattr(urls, f"handler{status}", partial(shut, status))
    for _, pattern, _ in guarded():
        if door := own_door(pattern.callback):
            cell = door.__closure__[door.__code__.co_freevars.index("view")]
            monkeypatch.setattr(cell, "cell_contents", lambda *args, **kwargs: HttpResponse(status=204))
    decide = PolicyMiddleware.process_view

    def third_party(self, request, view, args, kwargs):
        refused = decide(self, request, view, args, kwargs)
        return refused if refused or own_door(view) else HttpResponse(status=204)

    monkeypatch.setattr(PolicyMiddleware, "process_view", third_party)


def shut(status: int, request: Any, exception: Exception) -> HttpResponse:
    return HttpResponse(status=status)


def own_door(view: Any) -> Any:
    """The guard's own wrapper within a view, if it stands behind one: third parties' views do not."""
    while view is not None:
        if {"of", "view"} <= set(getattr(getattr(view, "__code__", None), "co_freevars", ())):
            return view
        view = getattr(view, "__wrapped__", None)
    return None


def tried(client: Client, url: str) -> int:
    """What a person gets at an address, by the first method that it takes."""
    answer = client.get(url)
    return (client.post(url) if answer.status_code == 405 else answer).status_code


def by_every_method(client: Client, url: str) -> set[int]:
    """What a person gets at an address, by every method that it takes."""
    return {client.get(url).status_code, client.post(url).status_code} - {405}


def everybody(here: Furnished, foreign: Furnished) -> Iterator[tuple[str, Client]]:
    yield from ((name, sign_in(Client(), person)) for name, person in here.people.items())
    yield "foreign", sign_in(Client(), foreign.people["coordinator"])


def wrong_at(doors: list[tuple[str, Any, Need]], phase: str, attempt: Any) -> list[str]:
    """Where an answer is not the written one."""
    here, foreign = furnish(world(), phase), furnish(other_world(), phase)
    wrong = []
    for name, client in everybody(here, foreign):
        for route, _, need in doors:
            verb, kind = pair(need)
            if kind and kind not in here.rows:
                continue
            url = address(route, here.rows.get(kind))
            expected, got = table().get((verb, kind, phase), {}).get(name, ""), attempt(client, url)
            if got not in (ANSWERS.get(expected), {ANSWERS.get(expected)}):
                wrong.append(f"{verb},{kind},{phase}: {name} is written {expected or 'nothing'}, got {got} at {url}")
    return wrong


def test_every_door_answers_as_it_is_written_whatever_the_method(open_doors):
    assert wrong_at(list(guarded()), "released", by_every_method) == []


@pytest.mark.parametrize("phase", [phase for phase in PHASES if phase != "released"])
def test_one_door_of_each_kind_answers_as_it_is_written_at_every_phase(phase, open_doors):
    doors = {pair(need): (route, pattern, need) for route, pattern, need in guarded()}
    assert wrong_at(list(doors.values()), phase, tried) == []


def test_nobody_comes_in_without_signing_in(open_doors):
    here = furnish(world(), "closed")
    for route, _, need in guarded():
        url = address(route, here.rows.get(pair(need)[1]))
        for answer in (Client().get(url), Client().post(url)):
            assert answer.status_code in (302, 405), url
            assert answer.status_code == 405 or answer.url.startswith("/account/login/"), url


def test_a_foreign_thing_answers_exactly_like_a_missing_one():
    here, foreign = furnish(world(), "closed"), furnish(other_world(), "closed")
    client = sign_in(Client(), here.people["coordinator"])
    for route, _, need in guarded():
        thing = foreign.rows.get(pair(need)[1])
        if thing is None or need.of is None or pair(need)[1] == "tools.ToolVersion":
            continue
        for ask in (client.get, client.post):
            there, missing = ask(address(route, thing)), ask(address(route, None))
            if there.status_code != 405:
                assert there.status_code == missing.status_code == 404, route
                assert TOKEN.sub(b"", there.content) == TOKEN.sub(b"", missing.content), route


def test_every_route_is_decided_and_every_row_is_used():
    needed = {pair(need) for _, _, need in guarded()}
    written = {(verb, kind) for verb, kind, _ in table()}
    assert written == needed


def test_every_cell_is_filled():
    for key, row in table().items():
        assert all(cell in ANSWERS for cell in row.values()), f"{key} has a cell that is not yes, no or -."


def test_the_table_can_fail(open_doors, monkeypatch):
    """Were a rule loosened, the table would say so."""
    from candour.access import policy  # noqa: PLC0415 - only this test changes it

    here = furnish(world(), "asked")
    client = sign_in(Client(), here.people["executive"])
    assert tried(client, "/audits/new/") == 403
    monkeypatch.setitem(policy.POLICY, policy.Can.START_AUDIT, policy.anybody)
    assert tried(client, "/audits/new/") == 204
