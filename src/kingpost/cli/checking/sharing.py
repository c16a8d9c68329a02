"""Work on many things that is shared out among processes, where that is faster."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

# Below this many things a process of its own costs more than it gains.
SHARE_MIN = 25
PROCESSES_MAX = 8


def shared_out(do: Callable[[T], R], every: Sequence[T]) -> Iterable[R]:
    """Return what is done with each thing, in their order, as `map` does.

    Each other process has this one's memory as it is, so nothing but results is handed over. What
    such a process does not hand back, because it failed or was ended, is done here: an error is
    raised as if there were only one process.
    """
    processes = _processes(len(every))
    if processes == 1:
        return map(do, every)
    shares = [every[first::processes] for first in range(processes)]
    helpers = [_Helper(do, share) for share in shares[1:]]
    try:
        done = [[do(one) for one in shares[0]], *(helper.done() for helper in helpers)]
    finally:
        for helper in helpers:
            helper.end()
    return _in_order(done, len(every))


def _processes(count: int) -> int:
    """Return among how many processes to share so many things out."""
    # Elsewhere a fork is not safe; and it takes no other thread along, whatever that holds.
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), PROCESSES_MAX, count // SHARE_MIN))


def _in_order(done: Sequence[Sequence[R]], count: int) -> Iterator[R]:
    return (done[number % len(done)][number // len(done)] for number in range(count))


class _Helper(Generic[R]):
    """A process that does a share."""

    def __init__(self, do: Callable[[T], R], share: Sequence[T]) -> None:
        def work() -> list[R]:
            return [do(one) for one in share]

        self._work = work
        context = multiprocessing.get_context("fork")
        self._results, given = context.Pipe(duplex=False)
        self._process = context.Process(target=_hand_over, args=(work, given), daemon=True)
        self._process.start()
        given.close()

    def done(self) -> list[R]:
        """Return the results of the share."""
        try:
            return self._results.recv()
        except (EOFError, OSError):
            return self._work()

    def end(self) -> None:
        """End the process, whether it is ready or not."""
        self._results.close()
        self._process.kill()
        self._process.join()


def _hand_over(work: Callable[[], list[object]], given: Connection) -> None:
    """Do a share and hand the results over; a failure is met again by who does it instead."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with closing(given), suppress(Exception):
        given.send(work())
