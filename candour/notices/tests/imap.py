"""A mailbox of forty lines, which notes what is asked of it."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Box:
    """Mails by their numbers, and every command that came."""

    def __init__(self, mails: dict[int, bytes], validity: int = 7) -> None:
        self.mails, self.validity, self.commands, self.password = mails, validity, [], "se cret"
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"imap://candour%40example.org:se%20cret@127.0.0.1:{self.socket.getsockname()[1]}/Returned"

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client:
                self.talk(client)

    def talk(self, client: socket.socket) -> None:
        client.sendall(b"* OK here\r\n")
        for line in client.makefile("rb"):
            tag, _, command = line.decode().strip().partition(" ")
            self.commands.append(command)
            for answer in self.answers(command):
                client.sendall(answer + b"\r\n")
            if command.startswith("LOGIN") and self.password not in command:
                client.sendall(f"{tag} NO [AUTHENTICATIONFAILED] wrong\r\n".encode())
            else:
                client.sendall(f"{tag} OK done\r\n".encode())

    def answers(self, command: str) -> Iterator[bytes]:
        if command == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1"
        elif command.startswith("EXAMINE"):
            yield b"* %d EXISTS" % len(self.mails)
            yield b"* OK [UIDVALIDITY %d] valid" % self.validity
        elif command.startswith("UID SEARCH"):
            after = int((re.search(r"UID (\d+):", command) or ["", "0"])[1])
            found = [uid for uid, mail in self.mails.items() if b"multipart/report" in mail[:200]]
            found = [uid for uid in found if uid >= after] or found[-1:]  # n:* always finds the last one
            yield b"* SEARCH " + b" ".join(b"%d" % uid for uid in found)
        elif command.startswith("UID FETCH"):
            uid = int(command.split()[2])
            mail = self.mails[uid][:131072]
            yield b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n" % (uid, len(mail)) + mail + b")"
        elif command == "LOGOUT":
            yield b"* BYE"


@contextmanager
def mailbox(mails: dict[int, bytes], validity: int = 7) -> Iterator[Box]:
    """Run the mailbox for a test."""
    box = Box(mails, validity)
    thread = threading.Thread(target=box.serve, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        box.socket.shutdown(socket.SHUT_RDWR)
        box.socket.close()
        thread.join(5)
