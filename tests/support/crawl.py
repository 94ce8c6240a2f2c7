"""Walk through the product as one person: every page that a page offers, until there are no more."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

from django.db import connection
from django.test import Client

LINK = re.compile(rb"""<(?:a|link|iframe|object|source|img|script)\b[^>]*?\s(?:href|src|data)=["']([^"']+)["']""")
TOKEN = re.compile(rb"""(csrfmiddlewaretoken"\s+value=|"X-CSRFToken":\s*|nonce=)"[^"]*\"""")
SKIP = re.compile(r"^/static/|/logout/")
CATALOGUE = re.compile(r"^/tools/[a-z0-9]{10,}/")  # each page of each tool for each kind: a few stand for the rest


@dataclass
class Walk:
    """What one person was shown: pages by address, without what differs at every request."""

    pages: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def wrong(self) -> dict[str, int]:
        """Addresses that were offered and did not open."""
        return {url: status for url, status in self.statuses.items() if status >= 400}


def links(page: bytes, base: str) -> Iterable[str]:
    """The addresses on this site that a page offers."""
    for found in LINK.findall(page):
        url = urldefrag(urljoin(base, unescape(found.decode()))).url
        parts = urlsplit(url)
        if not parts.netloc and parts.scheme == "" and parts.path.startswith("/") and not SKIP.search(parts.path):
            yield url


def body(response: object) -> bytes:
    """A response's bytes, streamed or not."""
    streamed = getattr(response, "streaming", False)
    return b"".join(response) if streamed else response.content  # type: ignore[attr-defined, call-overload]


def walk(client: Client, start: Iterable[str] = ("/",), most: int = 600) -> Walk:
    """Open every page reachable from `start`, asking for nothing but what is offered (GET only)."""
    seen, waiting, result = set(start), list(start), Walk()
    while waiting and len(result.pages) < most:
        url = waiting.pop(0)
        response = client.get(url)
        content = TOKEN.sub(rb"\1", body(response))
        result.statuses[url] = response.status_code
        result.pages[url] = content
        result.headers[url] = str(response.headers)
        onward = [response.headers["Location"]] if response.status_code in (301, 302) else []
        if "text/html" in response.headers.get("Content-Type", ""):
            onward += links(content, url)
        for found in onward:
            if found.startswith("/") and found not in seen and not _read_enough(found, seen):
                seen.add(found)
                waiting.append(found)
    return result


def _read_enough(url: str, seen: set[str]) -> bool:
    path = urlsplit(url).path
    page = CATALOGUE.sub("/tools/*/", path)
    return page != path and sum(1 for one in seen if CATALOGUE.sub("/tools/*/", urlsplit(one).path) == page) >= 2


def everything_stored() -> Iterable[tuple[str, str]]:
    """Every value in the database as text, with the table that holds it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield table, "\n".join(_text(value) for value in row)


def _text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)
