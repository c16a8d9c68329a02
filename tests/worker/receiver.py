"""Other systems for the tests: real servers on the loopback address, each with its manners."""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

Manner: TypeAlias = tuple[int, Any] | str


@dataclass
class Receiver:
    """A system that keeps what it is asked and answers what the test has laid down, in order.

    manners: each a status with a body, or a word; the last goes on for good.
    asked:   of each request, its path, its headers and its body.
    effects: the keys under which something was done.
    """

    manners: list[Manner]
    asked: list[tuple[str, dict[str, str], str]] = field(
        default_factory=list[tuple[str, dict[str, str], str]]
    )
    effects: set[str] = field(default_factory=set[str])
    url: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def keys(self) -> set[str]:
        return {headers["Idempotency-Key"] for _, headers, _ in self.asked}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, receiver: Receiver) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.receiver = receiver


class _Handler(BaseHTTPRequestHandler):
    @property
    def receiver(self) -> Receiver:
        assert isinstance(self.server, _Server)
        return self.server.receiver

    def do_POST(self) -> None:
        receiver = self.receiver
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        receiver.asked.append((self.path, dict(self.headers.items()), body))
        receiver.effects.add(self.headers["Idempotency-Key"])
        manner = receiver.manners[0]
        if len(receiver.manners) > 1:
            receiver.manners.pop(0)
        try:
            self._answer(manner)
        except OSError:
            return

    def _answer(self, manner: Manner) -> None:
        if isinstance(manner, tuple):
            status, answer = manner
            self._head(status, "application/json")
            text = answer if isinstance(answer, str) else json.dumps(answer)
            self.wfile.write(text.encode())
        elif manner in {"silence", "drip", "break", "flood"}:
            {"silence": self._wait, "drip": self._drip, "break": self._break, "flood": self._flood}[
                manner
            ]()
        else:
            self._head(302, "text/plain", manner)

    def _wait(self) -> None:
        self.receiver.over.wait(30)

    def _break(self) -> None:
        self.connection.close()

    def _flood(self) -> None:
        self._head(200, "application/json")
        for _ in range(200):
            self.wfile.write(b" " * 100_000)

    def _drip(self) -> None:
        self._head(200, "application/json")
        while not self.receiver.over.wait(0.05):
            self.wfile.write(b" ")
            self.wfile.flush()

    def _head(self, status: int, kind: str, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if location:
            self.send_header("Location", location)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@contextmanager
def receiving(*manners: Manner) -> Generator[Receiver]:
    receiver = Receiver(list(manners))
    server = _Server(receiver)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
