"""A stand-in for GOV.UK Notify's API, as its documentation describes it, that can misbehave."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import jwt

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"candour-{SERVICE}-{SECRET}"


class StandIn(ThreadingHTTPServer):
    """What it was given, in what state it says that each is, and how it answers: ok, lost, busy, wrong or down."""

    def __init__(self) -> None:
        self.mood, self.taken, self.tokens = "ok", [], []
        self.odd = b""  # what stands on the wire instead of an answer
        self.gone = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    def settle(self, status: str) -> None:
        for one in self.taken:
            one["status"] = status


class Handler(BaseHTTPRequestHandler):
    server: StandIn

    def answer(self, code: int, body: dict[str, Any]) -> None:
        said = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def refuse(self, code: int, message: str) -> None:
        self.answer(code, {"status_code": code, "errors": [{"error": "Error", "message": message}]})

    def known(self) -> bool:
        token = self.headers["Authorization"].removeprefix("Bearer ")
        self.server.tokens.append(jwt.decode(token, SECRET, ["HS256"], options={"verify_iat": False}))
        return self.server.tokens[-1]["iss"] == SERVICE

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.mood == "down":
            return self.refuse(503, "Come back later")
        if self.server.mood == "busy":
            return self.refuse(429, "Exceeded rate limit")
        if self.server.mood == "wrong" or not self.known():
            return self.refuse(400, "Not a valid phone number")
        one = {**body, "id": str(uuid4()), "status": "created", "kind": self.path.rsplit("/", 1)[1]}
        self.server.taken.append(one)
        if self.server.odd:
            self.wfile.write(self.server.odd)
        if self.server.odd or self.server.mood == "lost":
            self.server.gone.wait(5)
            return None
        return self.answer(201, {"id": one["id"], "reference": body["reference"]})

    def do_GET(self) -> None:
        self.known()
        url = urlsplit(self.path)
        if url.query:
            wanted = parse_qs(url.query)["reference"][0]
            return self.answer(200, {"notifications": [one for one in self.server.taken if one["reference"] == wanted]})
        found = [one for one in self.server.taken if one["id"] == url.path.rsplit("/", 1)[1]]
        return self.answer(200, found[0]) if found else self.refuse(404, "No result found")

    def log_message(self, *_: Any) -> None:
        return None


@contextmanager
def notify() -> Iterator[StandIn]:
    """Run the stand-in for a test."""
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.gone.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
