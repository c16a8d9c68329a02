"""The server as a child process, with a thread that lives as long as it does."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from kingpost.store.postgres import launch
from kingpost.store.postgres.account import ENVIRONMENT, Account

_STOP_SECONDS_MAX = 30.0
_LOG_BYTES_MAX = 10_000_000


class Child:
    """One run of the server.

    The kernel counts the *thread* that made a process as its parent: were it to end, the server
    would end too. So a thread of its own starts the server and waits for it.

    lock: a descriptor that the server's processes inherit, and so hold while one of them lives.
    log:  where the server's words are appended.
    """

    def __init__(self, command: list[str], account: Account | None, lock: int, log: Path) -> None:
        self._command = command
        self._account = account or Account(-1, -1)
        self._lock = lock
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._live, name="embedded server", daemon=True)

    def start(self) -> None:
        """Start the server; return when its process exists."""
        self._thread.start()
        self._started.wait()

    def has_ended(self) -> bool:
        """Tell whether the server has ended, by itself or by our wish."""
        return not self._thread.is_alive()

    def last_words(self) -> str:
        """Return the end of the log."""
        lines = self._log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-8:])

    def stop(self) -> None:
        """End the server: politely, and when it does not answer, at once."""
        for wish in (signal.SIGINT, signal.SIGQUIT):
            if self._process is not None and not self.has_ended():
                self._process.send_signal(wish)
            self._thread.join(_STOP_SECONDS_MAX)

    def _live(self) -> None:
        try:
            with _open_log(self._log) as log:
                self._process = self._run(log.fileno())
        finally:
            self._started.set()
        self._process.wait()

    def _run(self, log: int) -> subprocess.Popen[bytes]:
        who = [str(os.getpid()), str(self._account.user), str(self._account.group)]
        launcher = [sys.executable, "-I", "-S", launch.__file__]
        return subprocess.Popen(  # noqa: S603 - the program is one that we have found.
            [*launcher, *who, *self._command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=ENVIRONMENT,
            pass_fds=(self._lock,),
            # Control-C in the terminal is for us; the server ends when we have ended our work.
            start_new_session=True,
        )


def _open_log(path: Path) -> BinaryIO:
    """Open the log for appending, having put a long one aside."""
    if path.exists() and path.stat().st_size > _LOG_BYTES_MAX:
        path.rename(path.with_suffix(".log.1"))
    return path.open("ab")
