"""Pages for people who have signed in; everybody else goes to the door."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kingpost.queries.people import may_see_case
from kingpost.web.pages.casework.news import DONE_COOKIE
from kingpost.web.pages.frame import View, look
from kingpost.web.pages.keys import is_ours
from kingpost.web.pages.problems import denied, refused
from kingpost.web.serving.arriving import read_form
from kingpost.web.serving.visitor import visitor_of

SEE_OTHER = 303
_PAGES_MAX = 100_000

Endpoint = Callable[[Request], Awaitable[Response]]


def page(build: Callable[[View], Response], *, to_come: bool = False) -> Endpoint:
    """Return the endpoint of a page that only reads.

    to_come: it may be for somebody who holds no post yet, and denies others by itself.
    """

    async def endpoint(request: Request) -> Response:
        response = await run_in_threadpool(_answer, request, build, to_come=to_come)
        if DONE_COOKIE in request.cookies:
            # What was done is told once.
            response.delete_cookie(DONE_COOKIE, path="/", httponly=True, samesite="lax")
        return response

    return endpoint


def act(do: Callable[[View, FormData], Response], *, to_come: bool = False) -> Endpoint:
    """Return the endpoint of a form that is sent.

    to_come: it may be for somebody who holds no post.
    """

    async def endpoint(request: Request) -> Response:
        form = await read_form(request)
        return await run_in_threadpool(
            _answer, request, lambda view: _do(view, form, do), to_come=to_come
        )

    return endpoint


def query_of(view: View) -> Mapping[str, str]:
    """Return the query of the address: the first value of each name, cut to a sane length."""
    return {name: value[:200] for name, value in view.request.query_params.items()}


def page_number(view: View, name: str = "page") -> int:
    """Return the number of the page that the address asks for; 1 for anything that is none."""
    text = view.request.query_params.get(name, "1")
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(_PAGES_MAX))
    return max(1, min(int(text), _PAGES_MAX)) if is_number else 1


def _do(view: View, form: FormData, do: Callable[[View, FormData], Response]) -> Response:
    if is_ours(form.get("key", "")):
        why = "The key of this form is Kingpost’s own. Open the page again, and send its form."
        return refused(view, why, back="/", status=422)
    return do(view, form)


def _answer(
    request: Request, build: Callable[[View], Response], *, to_come: bool = False
) -> Response:
    visitor = visitor_of(request)
    if visitor is None:
        there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        go_on = f"?next={quote(there)}" if request.method == "GET" and there != "/" else ""
        return RedirectResponse(f"/sign-in{go_on}", SEE_OTHER)
    view = look(request, visitor)
    if not to_come and not may_see_case(view.reader, view.program):
        return denied(view)
    return build(view)
