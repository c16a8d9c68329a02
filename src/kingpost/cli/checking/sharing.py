"""Work on many things that is shared out among processes, where that is faster."""

import multiprocessing
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from functools import partial
from multiprocessing.connection import Connection
from threading import active_count
from typing import Any, Generic, TypeVar

from kingpost.cli.checking.packing import packed

T = TypeVar("T")
R = TypeVar("R")
V = TypeVar("V")

PROCESSES_MAX = 8
# A number in the queue; so many fit into a pipe whatever its size is.
_NUMBER = struct.Struct("<H")
_QUEUED_MAX = 2048


def shared_out(do: Callable[[T], R], every: Sequence[T]) -> Iterable[R]:
    """Return what is done with each thing, in their order, as `map` does.

    Each process takes the next thing when it is ready with one, so put the longest first. Another
    process has this one's memory as it is, so nothing but results is handed over. What such a
    process does not hand back, because it failed or was ended, is done here: an error is raised as
    if there were only one process.
    """
    processes = _processes(len(every))
    if processes == 1:
        return map(do, every)
    results: dict[int, R] = {}
    for first in range(0, len(every), _QUEUED_MAX):
        part = range(first, min(first + _QUEUED_MAX, len(every)))
        results.update(_shared(do, every, part, processes))
    return (results[number] if number in results else do(one) for number, one in enumerate(every))


class Beside(Generic[R]):
    """Shares out what it is asked to do; the first time, something else is done beside it.

    It comes behind the first thing, which so falls to this process: what that leaves in memory is
    there when the next is shared out.

    found: what came of that, once it is done.
    """

    def __init__(self, also: Callable[[], R]) -> None:
        self._also = also
        self.found: R | None = None

    def __call__(self, do: Callable[[T], V], every: Sequence[T], /) -> Iterable[V]:
        """Do the same with each thing, as `shared_out` does."""
        if self.found is not None:
            return shared_out(do, every)
        works: list[Callable[[], Any]] = [partial(do, one) for one in every]
        works.insert(1, self._also)
        found = list(shared_out(lambda work: work(), works))
        self.found = found.pop(1)
        return found


def _shared(
    do: Callable[[T], R], every: Sequence[T], part: range, processes: int
) -> Iterator[tuple[int, R]]:
    """Yield the results of a part of the things, as far as they were handed back."""
    queue, given = os.pipe()
    os.write(given, b"".join(_NUMBER.pack(number - part.start) for number in part))
    os.close(given)

    def work() -> Iterator[tuple[int, R]]:
        return ((number, do(every[number])) for number in _taken(queue, part.start))

    helpers: list[_Helper] = []
    try:
        helpers += [_Helper(work) for _ in range(processes - 1)]
        yield from work()
        for helper in helpers:
            yield from map(pickle.loads, helper.done())
    finally:
        os.close(queue)
        for helper in helpers:
            helper.end()


def _taken(queue: int, start: int) -> Iterator[int]:
    """Take one number after the other, each of which one process gets."""
    while number := os.read(queue, _NUMBER.size):
        yield start + _NUMBER.unpack(number)[0]


def _processes(count: int) -> int:
    """Return among how many processes to share so many things out."""
    # Elsewhere a fork is not safe; and it takes no other thread along, whatever that holds.
    if sys.platform != "linux" or active_count() > 1:
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), PROCESSES_MAX, count))


class _Helper:
    """A process that works along."""

    def __init__(self, work: Callable[[], Iterator[object]]) -> None:
        context = multiprocessing.get_context("fork")
        self._results, given = context.Pipe(duplex=False)
        self._process = context.Process(target=_hand_over, args=(work, given), daemon=True)
        self._process.start()
        given.close()

    def done(self) -> list[bytes]:
        """Return what it did, each packed; nothing, when it hands nothing back."""
        try:
            return self._results.recv()
        except (EOFError, OSError):
            return []

    def end(self) -> None:
        """End the process, whether it is ready or not."""
        self._results.close()
        self._process.kill()
        self._process.join()


def _hand_over(work: Callable[[], Iterator[object]], given: Connection) -> None:
    """Do a share and hand the results over; a failure is met again by who does it instead.

    Each is packed before the next is begun, so that nobody waits for this at the end.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with closing(given), suppress(Exception):
        given.send([packed(result) for result in work()])
