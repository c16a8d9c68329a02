"""Stop when asked to, at a moment that suits."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stop_when_asked() -> Generator[threading.Event]:
    """Lend an event that an interruption sets; the work in hand is finished first."""
    stop = threading.Event()

    def stop_now(_: int, __: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, stop_now) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
