"""A wire to the database that can be cut before a statement gets there, or before its answer does.

In place of a cut, which both sides are told, it may freeze: both wait, and hear nothing. It lies
between the program and the server and knows of their protocol only where a statement ends and where
its answer does, so it stops every statement alike, also the COMMIT that no code shows.
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
    """Passes statements on, and cuts or freezes at the one that it was armed for.

    seen: statements since it was armed. fired: whether that has been done.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._at, self._after, self._freezes = 0, False, False
        self.seen, self.fired = 0, False
        self._thawed = threading.Event()
        self._thawed.set()

    def arm(self, at: int, *, after: bool, freezes: bool = False) -> None:
        """Cut at the statement of this number from now on.

        after: when the server has done it. freezes: hold the connection in place of cutting it.
        """
        with self._lock:
            self._at, self._after, self._freezes = at, after, freezes
            self.seen, self.fired = 0, False

    def freeze(self) -> None:
        """Carry nothing more on any connection, also on new ones, until it thaws."""
        self._thawed.clear()

    def thaw(self) -> None:
        """Carry on."""
        self._thawed.set()

    def disarm(self) -> bool:
        """Cut no more; tell whether it has cut."""
        with self._lock:
            self._at = 0
            return self.fired

    def carry(self, client: socket.socket) -> None:
        """Carry one connection until either side ends it, or it is cut."""
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError, EOFError):
            self._thawed.wait()
            server.connect(self._server)
            length = _exactly(client, 4)
            server.sendall(length + _exactly(client, int.from_bytes(length) - 4))
            client.sendall(_until(server, _ANSWERED))
            while True:
                statement = _until(client, _ENDS)
                self._thawed.wait()
                cuts = self._counts()
                if cuts and not self._after:
                    return self._end(client)
                server.sendall(statement)
                answer = _until(server, _ANSWERED)
                if cuts:
                    return self._end(client)
                client.sendall(answer)

    def _end(self, client: socket.socket) -> None:
        """Leave both sides; when frozen, only once the client has given up."""
        if self._freezes:
            while client.recv(1):
                pass

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
