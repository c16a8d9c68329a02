"""Other commands of this program, run beside the demo and ended with it."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable
from threading import Event

from kingpost.cli.options import HOST
from kingpost.store.postgres import launch

Child = subprocess.Popen[bytes]

_END_SECONDS_MAX = 10
_START_SECONDS_MAX = 120
_POLL_SECONDS = 0.1
_PROGRAM = "from kingpost.cli import main; main()"


def start_child(command: str, *arguments: str) -> Child:
    """Run a command of ours as a child, which the kernel interrupts when this process dies."""
    # `-P`: a file of the working folder must not be taken for a module of Python.
    program = [sys.executable, "-P", "-c", _PROGRAM, command, *arguments]
    launcher = [sys.executable, "-I", "-S", launch.__file__, str(os.getpid()), "-1", "-1"]
    # Our own program with our own arguments. In a session of its own, since Control-C in the
    # terminal is for us: we end the children in order.
    return subprocess.Popen([*launcher, *program], start_new_session=True)  # noqa: S603


def wait_for(child: Child, stop: Event) -> int | None:
    """Wait until a child has ended, and return its status; None when we are to stop first."""
    while child.poll() is None and not stop.is_set():
        stop.wait(_POLL_SECONDS)
    return child.returncode


def wait_for_pages(child: Child, port: int, stop: Event) -> bool:
    """Wait until the pages and the database behind them answer; False when they never do."""
    deadline = time.monotonic() + _START_SECONDS_MAX
    while child.poll() is None and not stop.is_set() and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/api/v1/health", timeout=5):
                return True
        except OSError:
            stop.wait(_POLL_SECONDS)
    return False


def end_children(children: Iterable[Child]) -> None:
    """End the processes that were started here, and no other."""
    alive = [child for child in children if child.poll() is None]
    for child in reversed(alive):
        child.terminate()
    for child in alive:
        try:
            child.wait(timeout=_END_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
