"""A watch over the embedded server: when it was killed, somebody starts it again."""

import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager

from kingpost.store.embedded import EmbeddedServer
from kingpost.store.postgres.errors import EmbeddedServerError

_LOOK_SECONDS = 0.25
# Who only joined waits longer: the owner starts it again, or another one is starting just now.
_GUEST_SECONDS = 3.0
_AFTER_FAILURE_SECONDS = 5.0

_logger = logging.getLogger(__name__)


@contextmanager
def kept_running(server: EmbeddedServer) -> Generator[EmbeddedServer]:
    """Start the server again whenever it has ended without our wish, until the block is left.

    It comes back at the same socket, so that pools of connections find it. When the process that
    owned it is gone, one of those that had joined becomes its owner.

    server: started.
    """
    left = threading.Event()
    watch = threading.Thread(target=_watch, args=(server, left), name="watch", daemon=True)
    watch.start()
    try:
        yield server
    finally:
        left.set()
        watch.join()


def _watch(server: EmbeddedServer, left: threading.Event) -> None:
    while not left.wait(_LOOK_SECONDS):
        if server.is_alive():
            continue
        if not server.is_ours and (left.wait(_GUEST_SECONDS) or server.is_alive()):
            continue
        _logger.warning("the embedded database has ended without our wish: starting it again")
        try:
            server.start(unless=left)
        except (EmbeddedServerError, OSError) as error:
            if not left.is_set():
                _logger.warning("the embedded database cannot be started again: %s", error)
            left.wait(_AFTER_FAILURE_SECONDS)
