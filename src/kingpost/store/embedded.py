"""The embedded server: PostgreSQL as a child of the first process that needs it.

Beside the cluster lie three small files. `lock` is held by the server's own processes and by
nobody else, so who gets it knows that no server is alive; a process number is never trusted.
`endpoint` names the folder of the socket and is written when the server is ready. `server.log` is
what the server has to say.
"""

import fcntl
import logging
import os
import shutil
import socket
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg.conninfo import make_conninfo

from kingpost.store.postgres.account import (
    Account,
    choose_account,
    choose_cluster,
    hand_over,
    make_private,
)
from kingpost.store.postgres.binaries import Binaries, find_binaries, within_reach
from kingpost.store.postgres.child import Child
from kingpost.store.postgres.cluster import (
    answers,
    arguments_of,
    make_cluster,
    provide,
    read_major,
)
from kingpost.store.postgres.errors import EmbeddedServerError

_START_SECONDS_MAX = 600.0  # Recovery after a crash reads up to two gigabytes of log.
_POLL_SECONDS = 0.005
_SOCKET_PATH_BYTES_MAX = 107

_logger = logging.getLogger(__name__)


class EmbeddedServer:
    """A PostgreSQL server that lives in a folder and listens on no network.

    folder:  made when it is missing; holds the data of one organisation.
    durable: False gives up safety against a crash of the machine; for tests alone.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.absolute()
        self._durable = durable
        self._socket_folder: Path | None = None
        self._child: Child | None = None
        self._unless = threading.Event()
        self.notice: str | None = None

    def start(self, *, unless: threading.Event | None = None) -> Self:
        """Start the server, or join the one that another process has started.

        Safe to call again: when that process has ended, and its server with it, this one takes
        over; when ours was killed, it is started anew.

        unless: waits no longer once this is set by another thread.
        Raises: EmbeddedServerError, with the last words of the server.
        """
        self._unless = unless or threading.Event()
        if self._child is not None and self._child.has_ended():
            self._child = None
        cluster = choose_cluster(self._folder)
        deadline = time.monotonic() + _START_SECONDS_MAX
        while not self._joins(cluster):
            lock = _take_lock(cluster.with_name("lock"))
            if lock is not None:
                try:
                    self._start_child(cluster, lock)
                finally:
                    # From here on the server's processes alone hold the lock.
                    os.close(lock)
                break
            if time.monotonic() > deadline or self._unless.is_set():
                raise EmbeddedServerError(f"a server holds `{cluster}` and does not answer")
            time.sleep(_POLL_SECONDS)
        return self

    def stop(self) -> None:
        """Stop the server if this process started it, and wait until it has ended."""
        if self._child is None:
            return
        cluster = choose_cluster(self._folder)
        # First, since another process may take over as soon as the server has ended.
        _endpoint_of(cluster).unlink(missing_ok=True)
        self._child.stop()
        self._child = None
        if self._socket_folder is not None and self._socket_folder.parent != cluster.parent:
            shutil.rmtree(self._socket_folder, ignore_errors=True)

    def is_alive(self) -> bool:
        """Tell whether a server runs, ours or of another process, or is about to."""
        if self._child is not None:
            return not self._child.has_ended()
        lock = _take_lock(choose_cluster(self._folder).with_name("lock"), fcntl.LOCK_SH)
        if lock is None:
            return True
        os.close(lock)
        return False

    @property
    def is_ours(self) -> bool:
        """Tell whether this process started the server, so that it ends with this process."""
        return self._child is not None

    def url(self, database: str = "kingpost", user: str = "kingpost_owner") -> str:
        """Return how psycopg connects to a database of the server, once it is started."""
        if self._socket_folder is None:
            raise EmbeddedServerError("the server has not been started")
        return make_conninfo(host=str(self._socket_folder), port=5432, dbname=database, user=user)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _joins(self, cluster: Path) -> bool:
        """Join a server that is ready, if there is one."""
        self._socket_folder = _read_endpoint(cluster)
        return self._socket_folder is not None and answers(self.url())

    def _start_child(self, cluster: Path, lock: int) -> None:
        """Prepare everything and run the server. The caller holds the lock."""
        _forget_former(cluster)
        account = choose_account(cluster)
        binaries = self._choose_binaries(cluster, account)
        if not cluster.exists():
            make_cluster(cluster, binaries, account, durable=self._durable)
        _link(self._folder / "cluster", cluster)
        hand_over(cluster, account)
        self._socket_folder = _choose_socket_folder(cluster, account)
        program = str(binaries.program("postgres"))
        arguments = arguments_of(cluster, self._socket_folder, durable=self._durable)
        self._child = Child([program, *arguments], account, lock, cluster.with_name("server.log"))
        self._child.start()
        self._wait_until_ready(self._child)
        _write_endpoint(cluster, self._socket_folder)

    def _choose_binaries(self, cluster: Path, account: Account | None) -> Binaries:
        found = find_binaries(read_major(cluster))
        self.notice = found.notice()
        if self.notice:
            _logger.warning("%s", self.notice)
        return within_reach(found, account, cluster.parent)

    def _wait_until_ready(self, child: Child) -> None:
        """Wait for the first answer, then make what is missing inside."""
        superuser = self.url("postgres", "postgres")
        deadline = time.monotonic() + _START_SECONDS_MAX
        while not answers(superuser):
            if child.has_ended() or time.monotonic() > deadline or self._unless.is_set():
                child.stop()
                self._child = None
                raise EmbeddedServerError(f"the server did not start: {child.last_words()}")
            time.sleep(_POLL_SECONDS)
        with psycopg.connect(superuser, autocommit=True) as connection:
            provide(connection)


def _take_lock(path: Path, kind: int = fcntl.LOCK_EX) -> int | None:
    """Take the lock and return its descriptor, or None when a server holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _endpoint_of(cluster: Path) -> Path:
    return cluster.with_name("endpoint")


def _read_endpoint(cluster: Path) -> Path | None:
    """Return the folder of the socket, unless it is gone or has become somebody else's."""
    try:
        folder = Path(_endpoint_of(cluster).read_text())
        # In a folder for temporary files a stranger might wait for us with a server of his own.
        return folder if folder.stat().st_uid == cluster.stat().st_uid else None
    except FileNotFoundError:
        return None


def _write_endpoint(cluster: Path, socket_folder: Path) -> None:
    draft = cluster.with_name("endpoint-unfinished")
    draft.write_text(str(socket_folder))
    draft.rename(_endpoint_of(cluster))


def _forget_former(cluster: Path) -> None:
    """Remove what a server that was killed left behind. The caller holds the lock."""
    _endpoint_of(cluster).unlink(missing_ok=True)
    pid_file = cluster / "postmaster.pid"
    if pid_file.exists():
        # The number in it may belong to an unrelated process by now, and the server would then
        # refuse to start. Since we hold the lock, only a server run by hand could be alive.
        if _someone_listens(pid_file.read_text().splitlines()):
            raise EmbeddedServerError(f"another server already runs on `{cluster}`")
        pid_file.unlink()


def _someone_listens(pid_lines: list[str]) -> bool:
    """Tell whether the server that wrote the file accepts connections.

    pid_lines: number, folder, start, port, folder of the socket, as PostgreSQL writes them.
    """
    if len(pid_lines) < 5 or not pid_lines[4]:  # noqa: PLR2004 - the fifth line is the folder.
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        return client.connect_ex(f"{pid_lines[4]}/.s.PGSQL.{pid_lines[3]}") == 0


def _link(asked: Path, cluster: Path) -> None:
    """Leave a link where the cluster was asked for, when it had to go elsewhere."""
    if asked.resolve() != cluster:
        asked.symlink_to(cluster)


def _choose_socket_folder(cluster: Path, account: Account | None) -> Path:
    """Return a private folder for the socket, whose path is short enough for the kernel.

    It is the one of the server before, when that was killed: connections look for it there.
    """
    near = cluster.with_name("socket")
    if near.is_symlink():
        far = near.readlink()
        if _take_again(far, cluster.stat().st_uid):
            make_private(far, account)
            return far
        near.unlink()
    path_bytes = len(os.fsencode(near / ".s.PGSQL.5432"))
    # A comma would separate two hosts.
    if path_bytes <= _SOCKET_PATH_BYTES_MAX and "," not in str(near):
        make_private(near, account)
        _empty(near)
        return near
    far = Path(tempfile.mkdtemp(prefix="kingpost-"))
    make_private(far, account)
    near.symlink_to(far)
    return far


def _take_again(far: Path, user: int) -> bool:
    """Take a folder as it was before; False when a stranger has made one of that name."""
    try:
        far.mkdir(mode=0o700)
    except FileExistsError:
        if far.is_symlink() or not far.is_dir() or far.stat().st_uid != user:
            return False
    _empty(far)
    return True


def _empty(socket_folder: Path) -> None:
    """Remove what a killed server left: its number there may be an unrelated process's by now."""
    for left in socket_folder.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)
