"""A network between the program and its database: slow, in small pieces, and sometimes broken.

It carries TCP connections of its own to the socket of the server. Unlike the wire, which knows of
statements, it knows nothing of what it carries, and breaks wherever it is.
"""

import random  # noqa: TID251 - with a seed, so that it can be had again
import socket
import struct
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_PIECE_BYTES_MAX = 4096
# What is lost is sent again after so many times the longest way.
_AGAIN = 4


class Break(StrEnum):
    """How a connection breaks: both sides are told, only one half of it is closed, or nobody is."""

    RESET = "reset"
    HALF_CLOSED = "half-closed"
    SILENT = "silent"


@dataclass
class Network:
    """Carries bytes. What it does may be changed while it does it.

    way:    for how many seconds a piece is on its way at most; each takes its own.
    losing: the share of pieces that are lost and sent again. breaking: at which one breaks.
    broken: how often one did. connections: how many were made.
    """

    server: str
    seed: int = 7
    way: float = 0.0
    losing: float = 0.0
    breaking: float = 0.0
    how: Break = Break.RESET
    broken: int = 0
    connections: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def heal(self) -> None:
        """Carry everything at once from now on."""
        self.way = self.losing = self.breaking = 0.0

    def carry(self, client: socket.socket) -> None:
        """Carry one connection until it ends or breaks."""
        with self._lock:
            self.connections += 1
            chances = [random.Random(f"{self.seed}/{self.connections}/{side}") for side in "up"]
        server = socket.socket(socket.AF_UNIX)
        with client, server, suppress(OSError):
            server.connect(self.server)
            up = threading.Thread(target=self._one_way, args=(client, server, client, chances[0]))
            up.start()
            self._one_way(server, client, client, chances[1])
            up.join()

    def _one_way(
        self,
        source: socket.socket,
        target: socket.socket,
        client: socket.socket,
        chance: random.Random,
    ) -> None:
        with suppress(OSError):
            while piece := source.recv(chance.randint(1, _PIECE_BYTES_MAX)):
                time.sleep(chance.uniform(0, self.way))
                if chance.random() < self.losing:
                    time.sleep(_AGAIN * self.way)
                if chance.random() < self.breaking:
                    self._break(source, target, client)
                    return
                target.sendall(piece)
        # Who has said all is heard to the end, and the other side is told.
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def _break(self, source: socket.socket, target: socket.socket, client: socket.socket) -> None:
        with self._lock:
            self.broken += 1
        match self.how:
            case Break.RESET:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                # This wakes whoever reads them; once both are closed the client is told.
                for end in (source, target):
                    end.shutdown(socket.SHUT_RD)
                client.close()
            case Break.HALF_CLOSED:
                target.shutdown(socket.SHUT_WR)
                while source.recv(_PIECE_BYTES_MAX):
                    pass
            case Break.SILENT:
                while source.recv(_PIECE_BYTES_MAX):
                    pass


@contextmanager
def network_to(url: str) -> Generator[tuple[Network, str]]:
    """Lay a network to a server; yield it, and how to connect through it."""
    parts = conninfo_to_dict(url)
    network = Network(str(Path(str(parts["host"])) / f".s.PGSQL.{parts.get('port') or 5432}"))
    with socket.create_server(("127.0.0.1", 0), backlog=64) as at:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = at.accept()
                    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    threading.Thread(target=network.carry, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield network, make_conninfo(url, host="127.0.0.1", port=at.getsockname()[1])
        at.shutdown(socket.SHUT_RDWR)
