"""What a browser sends: not too much of it, and nothing that no text may hold."""

import re
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import FormData, Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES_MAX = 1_000_000
TOO_LARGE = "What you sent is larger than 1 MB. Nothing was changed. Send less at once."

# Control characters but the tabulator and the ends of lines, and halves of characters.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def cleaned(text: str) -> str:
    """Return a text without what the database could not keep."""
    return _NO_TEXT.sub("", text)


async def read_form(request: Request) -> FormData:
    """Return the form that was sent, its names and texts cleaned."""
    form = await request.form()
    return FormData(
        [
            (cleaned(name), cleaned(value) if isinstance(value, str) else value)
            for name, value in form.multi_items()
        ]
    )


class Clean:
    """Cleans every address, and refuses a body that is too large.

    The size is judged by what the body says of itself, and by what really comes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on. Raises HTTPException for a body that is too large."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        if length.isdecimal() and int(length[:20]) > BODY_BYTES_MAX:
            raise _too_large()
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > BODY_BYTES_MAX:
                raise _too_large()
            return message

        scope["path"] = cleaned(scope["path"])
        scope["query_string"] = _clean_query(scope["query_string"])
        await self.app(scope, receive_counted, send)


def _clean_query(query: bytes) -> bytes:
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    clean = [(cleaned(name), cleaned(value)) for name, value in pairs]
    return query if clean == pairs else urlencode(clean).encode("ascii")


def _too_large() -> HTTPException:
    return HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
