"""Every address of the pages, in one table."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kingpost.web.pages.frame import frame, look
from kingpost.web.pages.problems import HOME
from kingpost.web.presenters import ProblemPage
from kingpost.web.routes import acts, gallery, organisation, overviews, sessions, work
from kingpost.web.routes.live import live
from kingpost.web.routes.signed import act, page
from kingpost.web.serving.answer import render
from kingpost.web.serving.visitor import visitor_of

_log = logging.getLogger(__name__)
_NOT_FOUND = 404


async def _home(_: Request) -> Response:
    return RedirectResponse("/work", 303)


async def _static(request: Request) -> Response:
    return await request.app.state.assets.serve(request)


def _post(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    return Route(path, endpoint, methods=["POST"])


ROUTES = (
    Route("/", _home),
    Route("/static/{name}", _static),
    Route("/live", live),
    Route("/sign-in", sessions.show_sign_in),
    _post("/sign-in", sessions.sign_in),
    _post("/sign-in/try", sessions.try_account),
    _post("/sign-out", sessions.sign_out),
    _post("/seat", sessions.choose_seat),
    _post("/theme", sessions.choose_theme),
    Route("/work", page(work.worklist)),
    Route("/tasks/{task:uuid}", page(work.open_work)),
    _post("/tasks/{task:uuid}/complete", act(acts.complete)),
    _post("/tasks/{task:uuid}/record", act(acts.record)),
    _post("/tasks/{task:uuid}/decide", act(acts.decide)),
    _post("/tasks/{task:uuid}/assign", act(acts.assign)),
    _post("/tasks/{task:uuid}/raise", act(acts.raise_exception)),
    _post("/tasks/{task:uuid}/resolve", act(acts.resolve)),
    _post("/tasks/{task:uuid}/deliver", act(acts.deliver)),
    Route("/cases", page(work.cases)),
    Route("/cases/{number}", page(work.case)),
    Route("/cases/{number}/{tab}", page(work.case)),
    Route("/start", page(work.start)),
    Route("/start/{workflow}", page(work.start)),
    _post("/start/{workflow}", act(acts.start_case)),
    Route("/processes", page(overviews.processes)),
    Route("/processes/{workflow}", page(overviews.process)),
    Route("/objectives", page(overviews.objectives)),
    Route("/measures/{metric}", page(overviews.measure)),
    Route("/obligations", page(overviews.obligations)),
    Route("/obligations/{obligation}", page(overviews.obligation)),
    Route("/org", page(organisation.organisation)),
    Route("/org/posts/{post}", page(organisation.post)),
    _post("/org/appointments", act(organisation.make_appointment)),
    _post("/org/appointments/{appointment:uuid}/end", act(organisation.end)),
    Route("/people/{person}", page(organisation.person)),
    Route("/gallery", page(gallery.gallery)),
    Route("/gallery/{name}", page(gallery.sample)),
)


async def _on_http(request: Request, error: Exception) -> Response:
    """Answer an address that is not there."""
    assert isinstance(error, HTTPException), "registered for this class"
    text = "There is no page at this address." if error.status_code == _NOT_FOUND else error.detail
    shown = ProblemPage(
        "Not found" if error.status_code == _NOT_FOUND else "That cannot be done",
        text,
        "Go back to your work.",
        (HOME,),
        icon="search",
    )
    return await _problem(request, shown, error.status_code)


async def _on_error(request: Request, error: Exception) -> Response:
    """Answer a failure of ours, with a reference that stands in the log as well."""
    reference = secrets.token_hex(4)
    _log.error("failure %s at %s", reference, request.url.path, exc_info=error)
    shown = ProblemPage(
        "Something failed here",
        "The fault is ours. What you sent was carried out whole, or not at all.",
        "Go back and look; then try once more.",
        (HOME,),
        reference=reference,
    )
    try:
        return await _problem(request, shown, 500)
    except Exception:  # noqa: BLE001 - whatever failed, it is answered
        # Not even the frame of the page can be read: the database is away, perhaps.
        _log.exception("failure %s has no page", reference)
        text = f"Something failed here. The fault is ours. Reference {reference}."
        return PlainTextResponse(text, 500)


async def _problem(request: Request, shown: ProblemPage, status: int) -> Response:
    def answer() -> Response:
        visitor = visitor_of(request)
        if visitor is None:
            return RedirectResponse("/sign-in", 303)
        shell = frame(look(request, visitor), shown.title, "")
        return render(request, "problem.html", shown, shell=shell, status=status)

    return await run_in_threadpool(answer)


def problem_handlers() -> Mapping[Any, Any]:
    """Return what answers when a page cannot."""
    return {HTTPException: _on_http}


class Catch:
    """Answers a failure of ours inside the guard, so that even that answer carries its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer for it when it fails before anything was sent."""
        has_begun = False

        async def send_noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        except Exception as error:
            if has_begun or scope["type"] != "http":
                raise
            request = Request(scope, receive)
            response = await _on_error(request, error)
            await response(scope, receive, send)
