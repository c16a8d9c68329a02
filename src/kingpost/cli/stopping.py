"""Stop when asked to, at a moment that suits."""

import signal
import threading
from types import FrameType


def stop_when_asked() -> threading.Event:
    """Return an event that an interruption sets; the work in hand is finished first."""
    stop = threading.Event()

    def stop_now(_: int, __: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop_now)
    return stop
