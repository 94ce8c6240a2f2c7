"""A mail server of twenty lines that can misbehave."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Post:
    """What the server was given, and how it is to behave: ok, refuse, busy, hang or drop after DATA."""

    def __init__(self, mood: str) -> None:
        self.mood, self.letters, self.calls = mood, [], 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.done = threading.Event()

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client:
                self.calls += 1
                self.talk(client)

    def talk(self, client: socket.socket) -> None:
        lines = client.makefile("rb")
        if self.mood == "hang":
            self.done.wait(30)
            return
        say = lambda words: client.sendall(words.encode() + b"\r\n")  # noqa: E731
        say("220 here")
        for line in lines:
            word = line.split()[0].upper() if line.split() else b""
            if word == b"RCPT" and self.mood in ("refuse", "busy"):
                say("550 5.1.1 No such person" if self.mood == "refuse" else "451 4.7.1 Try later")
            elif word == b"DATA":
                say("354 go on")
                letter = b"".join(iter(lines.readline, b".\r\n"))
                self.letters.append(letter.decode())
                if self.mood == "drop":
                    return
                say("250 taken")
            elif word == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


@contextmanager
def mail_server(mood: str = "ok") -> Iterator[Post]:
    """Run the server for a test."""
    post = Post(mood)
    thread = threading.Thread(target=post.serve, daemon=True)
    thread.start()
    try:
        yield post
    finally:
        post.done.set()
        post.socket.shutdown(socket.SHUT_RDWR)
        post.socket.close()
        thread.join(5)
