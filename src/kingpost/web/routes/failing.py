"""What answers when a page cannot: an address that is not there, or a failure."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kingpost.engine.away import OperationalError, is_away, is_full, within
from kingpost.web.pages.frame import frame, look
from kingpost.web.pages.problems import HOME
from kingpost.web.pieces import Act
from kingpost.web.presenters import ProblemPage
from kingpost.web.serving.answer import render
from kingpost.web.serving.visitor import own_path, visitor_of

_log = logging.getLogger(__name__)
_DOOR = Act("Sign in", "/sign-in", primary=True)
_RETRY_SECONDS = "5"
_REQUEST_SECONDS_MAX = 28.0
_FULL = ProblemPage(
    "No room left",
    "The disk of the database is full. Nothing of what you sent was recorded.",
    "Tell whoever runs Kingpost to make room; then send it once more.",
    (HOME,),
)


async def _on_http(request: Request, error: Exception) -> Response:
    """Answer an address that is not there, and other requests that cannot be served."""
    assert isinstance(error, HTTPException), "registered for this class"
    is_missing = error.status_code == HTTPStatus.NOT_FOUND
    shown = ProblemPage(
        "Not found" if is_missing else "That cannot be done",
        "There is no page at this address." if is_missing else error.detail,
        "Go back to your work.",
        (HOME,),
        icon="search",
    )
    return await _problem(request, shown, error.status_code)


async def _on_error(request: Request, error: Exception) -> Response:
    """Answer a failure of ours, with a reference that stands in the log as well."""
    if isinstance(error, OperationalError) and is_away(error):
        _log.warning("the database is away at %s: %s", request.url.path, error)
        return _away(request)
    if isinstance(error, OperationalError) and is_full(error):
        _log.error("the disk of the database is full at %s: %s", request.url.path, error)
        return await _problem(request, _FULL, HTTPStatus.INSUFFICIENT_STORAGE)
    reference = secrets.token_hex(4)
    _log.error("failure %s at %s", reference, request.url.path, exc_info=error)
    shown = ProblemPage(
        "Something failed here",
        "The fault is ours. What you sent was carried out whole, or not at all.",
        "Go back and look; then try once more.",
        (HOME,),
        reference=reference,
    )
    return await _problem(request, shown, HTTPStatus.INTERNAL_SERVER_ERROR)


async def _problem(request: Request, shown: ProblemPage, status: int) -> Response:
    """Return a problem in the visitor's frame; without one for a stranger, or if none is to be had.

    Nobody is sent elsewhere: what fails here may fail there, and so in a circle.
    """
    try:
        return await run_in_threadpool(_framed, request, shown, status)
    except OperationalError:
        return _away(request)
    except Exception:  # noqa: BLE001 - whatever failed, it is answered
        _log.exception("the page of a problem at %s has no frame", request.url.path)
        return render(request, "problem.html", shown, shell=None, status=status)


def _framed(request: Request, shown: ProblemPage, status: int) -> Response:
    visitor = visitor_of(request)
    if visitor is None:
        bare = replace(shown, next="Sign in, or go back.", acts=(_DOOR,))
        return render(request, "problem.html", bare, shell=None, status=status)
    shell = frame(look(request, visitor), shown.title, "")
    return render(request, "problem.html", shown, shell=shell, status=status)


def _away(request: Request) -> Response:
    """Answer while the database is away, without asking it for anything."""
    is_read = request.method in {"GET", "HEAD"}
    query = f"?{request.url.query}" if request.url.query else ""
    again = own_path(request.url.path + query) if is_read else "/"
    shown = ProblemPage(
        "Not just now",
        "Kingpost cannot reach its database. What was recorded before is safe.",
        "Try again in a moment. If it stays so, tell whoever runs Kingpost.",
        (Act("Try again", again, primary=True),),
        icon="clock",
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE
    response = render(request, "problem.html", shown, shell=None, status=status)
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def problem_handlers() -> Mapping[Any, Any]:
    """Return what answers when a page cannot."""
    return {HTTPException: _on_http}


class Catch:
    """Answers a failure of ours inside the guard, so that even that answer carries its headers.

    While the database is known to be away, it answers at once: nobody waits for a connection. A
    request that finds it silent has its answer within half a minute.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer for it when it fails before anything was sent."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        if request.app.state.changes.is_away and not request.url.path.startswith("/static/"):
            await _away(request)(scope, receive, send)
            return
        has_begun = False

        async def send_noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            # For all that one request asks of the database; else each answer could take its time.
            with within(_REQUEST_SECONDS_MAX):
                await self.app(scope, receive, send_noted)
        except Exception as error:
            if has_begun:
                raise
            answer = _on_http if isinstance(error, HTTPException) else _on_error
            response = await answer(request, error)
            await response(scope, receive, send)
