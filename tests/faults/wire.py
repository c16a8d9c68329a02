"""A wire to the database that can be cut before a statement gets there, or before its answer does.

It lies between the program and the server and knows of their protocol only where a statement ends
and where its answer does, so it cuts every statement alike, also the COMMIT that no code shows.
"""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_SOCKET = ".s.PGSQL.5432"
# What ends a statement on its way there (a query, or a batch of its parts), and its answer.
_ENDS = b"QS"
_ANSWERED = b"Z"


class Wire:
    """Passes statements on, and cuts the one that it was armed for.

    seen: statements since it was armed. fired: whether the cut has been made.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._at, self._after = 0, False
        self.seen, self.fired = 0, False

    def arm(self, at: int, *, after: bool) -> None:
        """Cut at the statement of this number from now on. after: when the server has done it."""
        with self._lock:
            self._at, self._after, self.seen, self.fired = at, after, 0, False

    def disarm(self) -> bool:
        """Cut no more; tell whether it has cut."""
        with self._lock:
            self._at = 0
            return self.fired

    def carry(self, client: socket.socket) -> None:
        """Carry one connection until either side ends it, or it is cut."""
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError, EOFError):
            server.connect(self._server)
            length = _exactly(client, 4)
            server.sendall(length + _exactly(client, int.from_bytes(length) - 4))
            client.sendall(_until(server, _ANSWERED))
            while True:
                statement = _until(client, _ENDS)
                cuts = self._counts()
                if cuts and not self._after:
                    return
                server.sendall(statement)
                answer = _until(server, _ANSWERED)
                if cuts:
                    return
                client.sendall(answer)

    def _counts(self) -> bool:
        with self._lock:
            self.seen += 1
            cuts = self.seen == self._at
            self.fired = self.fired or cuts
            return cuts


@contextmanager
def wire_to(url: str) -> Generator[tuple[Wire, str]]:
    """Lay a wire to a server; yield it, and how to connect through it."""
    parts = conninfo_to_dict(url)
    wire = Wire(str(Path(str(parts["host"])) / _SOCKET))
    with TemporaryDirectory(prefix="kingpost-wire-") as folder, socket.socket(socket.AF_UNIX) as at:
        at.bind(str(Path(folder) / _SOCKET))
        at.listen(64)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = at.accept()
                    threading.Thread(target=wire.carry, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield wire, make_conninfo(url, host=folder)
        at.shutdown(socket.SHUT_RDWR)


def _until(end: socket.socket, kinds: bytes) -> bytes:
    """Read messages up to one of these kinds; each has a letter, its length, and what it says."""
    read = b""
    while True:
        head = _exactly(end, 5)
        read += head + _exactly(end, int.from_bytes(head[1:]) - 4)
        if head[:1] in kinds and head[:1]:
            return read


def _exactly(end: socket.socket, count: int) -> bytes:
    read = b""
    while len(read) < count:
        more = end.recv(count - len(read))
        if not more:
            raise EOFError
        read += more
    return read
