"""The event stream: which topics changed, and nothing else."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kingpost.engine.away import OperationalError
from kingpost.web.serving.visitor import visitor_of

POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
_DIGITS_MAX = 20


class Changes:
    """Knows the last position of the history; one poll a process serves every stream.

    is_away: the database could not be reached when it was last asked.
    """

    def __init__(self) -> None:
        self.position = 0
        self.is_away = False
        self._changed = asyncio.Condition()

    async def watch(self, read: Callable[[], int]) -> None:
        """Poll for ever; a database that is away is asked again."""
        while True:
            with suppress(Exception):
                await self._look(read)
            await asyncio.sleep(POLL_SECONDS)

    async def _look(self, read: Callable[[], int]) -> None:
        try:
            position = await run_in_threadpool(read)
        except OperationalError:
            self.is_away = True
            raise
        self.is_away = False
        if position != self.position:
            async with self._changed:
                self.position = position
                self._changed.notify_all()

    async def next(self, seen: int) -> int:
        """Return the position as soon as it is another than `seen`, or after a heartbeat's time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT_SECONDS), self._changed:
                await self._changed.wait_for(lambda: self.position != seen)
        return self.position


async def live(request: Request) -> Response:
    """Stream one line for each change of the history, and a heartbeat."""
    if await run_in_threadpool(visitor_of, request) is None:
        return Response(status_code=401)
    changes: Changes = request.app.state.changes
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    seen = _seen(request, changes.position)
    lines = _lines(changes, seen)
    return StreamingResponse(lines, headers=headers, media_type="text/event-stream")


def _seen(request: Request, position: int) -> int:
    """Return what the page has seen: it may have been built before something changed."""
    text = request.headers.get("last-event-id") or request.query_params.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS_MAX else position


async def _lines(changes: Changes, seen: int) -> AsyncGenerator[str]:
    yield f"retry: 2000\nid: {seen}\ndata: hello\n\n"
    while True:
        position = await changes.next(seen)
        if position == seen:
            yield ": still here\n\n"
        else:
            seen = position
            yield f"event: change\nid: {seen}\ndata: history\n\n"
